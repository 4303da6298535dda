"""Findings of a load: what to say of each fault, and where.

Codes are stable and start with `doc-`. A fault in another file is reported at the nearest place
of the document itself.
"""

from __future__ import annotations

from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.message import Message
from pe4king_core.model.text import Span
from pe4king_core.openapi.positions import Finder
from pe4king_core.openapi.raw import Place
from pe4king_core.openapi.reading import line_span

MAX_FINDINGS = 1_000
"""More than anybody reads; a hostile document stops here."""


class Report:
    """Collects findings; `near` is the place in the document that is being read."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self._found: list[Finding] = []
        self._seen: set[tuple[str, str, str]] = set()
        self.near = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings in the order of the text."""
        return tuple(sorted(self._found, key=lambda finding: finding.span))

    @property
    def count(self) -> int:
        """How many findings there are by now; with `since` the later ones."""
        return len(self._found)

    def since(self, count: int) -> tuple[Finding, ...]:
        """The findings made after there were `count`."""
        return tuple(self._found[count:])

    def add(
        self,
        code: str,
        place: Place | str,
        message: Message,
        severity: Severity = Severity.WARNING,
        span: Span | None = None,
    ) -> None:
        """Reports `code` at `place` (or at `span`); the same thing is reported once."""
        pointer = place if isinstance(place, str) else place.pointer
        key = (code, pointer, message.en)
        if key in self._seen or len(self._found) >= MAX_FINDINGS:
            return
        self._seen.add(key)
        foreign = not isinstance(place, str) and bool(place.source.prefix)
        where = span or self.span_of(self.near if foreign else pointer)
        self._found.append(Finding(code, severity, message, where, pointer))

    def span_of(self, pointer: str) -> Span:
        """The key that `pointer` names, or its nearest ancestor's; the first line at worst."""
        key = self.finder.find(pointer)
        if key is not None:
            return key.span
        return line_span(self.finder.index.text, 1)
