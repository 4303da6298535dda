"""Findings of a load: what to say of each fault, and where.

Codes are stable and start with `doc-`; `docs/findings.md` explains them. A fault in another file
names the file and the line, and is shown at the nearest place of the document itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Protocol

from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.message import Message
from pe4king_core.model.text import Span
from pe4king_core.openapi.findings.faults import Fault
from pe4king_core.openapi.layout.positions import Finder
from pe4king_core.openapi.parsing.reading import line_span
from pe4king_core.openapi.raw import Place, Source

MAX_FINDINGS = 1_000
"""More than anybody reads; a hostile document stops here."""

MAX_PER_CODE = 100
"""How many findings of one code are shown; the rest are counted."""

_ONE_PER_PLACE = frozenset({"doc-not-a-mapping", "doc-not-a-list"})
"""Told by several readers in different words."""

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFORMATION: 2}


class Naming(Protocol):
    """Says in which other file, and on which line, a place stands (`elsewhere.Elsewhere`)."""

    def of_place(self, place: Place, message: Message) -> Message:
        """`message` with the file and the line of `place` in front."""

    def name_of(self, source: Source) -> str:
        """What the file of `source` is called."""


class Report:
    """Collects findings; `near` is the place in the document that is being read.

    `naming`, where it is set, names the files of faults that stand in another one.
    """

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.near = ""
        self.naming: Naming | None = None
        self.told: set[object] = set()
        """The notes (`context.Notes`) that this report has got already."""
        self._found: list[Finding] = []
        self._seen: set[tuple[str, str, str]] = set()
        self._per_code: defaultdict[str, int] = defaultdict(int)
        self._left_out: defaultdict[str, int] = defaultdict(int)
        self._incomplete = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings in the order of the text; `doc-more` ends them where some are left out."""
        shown = self._found
        left_out = Counter(self._left_out)
        if len(shown) > MAX_FINDINGS:
            ranked = sorted(shown, key=lambda finding: _ORDER[finding.severity])
            shown = ranked[:MAX_FINDINGS]
            left_out.update(finding.code for finding in ranked[MAX_FINDINGS:])
        ordered = sorted(shown, key=lambda finding: (finding.span.start, finding.span.end))
        closing = [self._more(left_out)] if left_out else []
        closing += [self._stopped()] if self._incomplete else []
        return (*ordered, *closing)

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
        if not self._is_new(code, pointer, message):
            return
        if not isinstance(place, str) and place.source.prefix:
            message = self._named(place, message)
            where = span or self.span_of(self.near)
        else:
            where = span or self.span_of(pointer)
        self._found.append(Finding(code, severity, message, where, pointer))

    def include(self, finding: Finding) -> None:
        """Takes a finding that is made already; the same thing is reported once."""
        if self._is_new(finding.code, finding.pointer, finding.message):
            self._found.append(finding)

    def leave_out(self, code: str, count: int) -> None:
        """Counts findings of `code` that were not made because there are too many."""
        self._left_out[code] += count

    def incomplete(self) -> None:
        """Notes that the document was too large to be looked at as a whole."""
        self._incomplete = True

    def finding(self, fault: Fault, place: Place, near: str) -> Finding:
        """The finding for `fault` at `place`; in another file it is shown at `near`."""
        message = fault.message
        if place.source.prefix:
            message = self._named(replace(place, pointer=fault.pointer), message)
            span = self.span_of(near)
        else:
            span = self.span_of(fault.pointer, value=fault.on_value)
        return Finding(fault.code, fault.severity, message, span, fault.pointer)

    def span_of(self, pointer: str, *, value: bool = False) -> Span:
        """The key that `pointer` names, or its nearest ancestor's; the first line at worst.

        With `value`, the value instead where it stands on one line.
        """
        if value:
            whole = self.finder.positions.value_span(pointer)
            text = self.finder.text
            if whole and whole.start < whole.end and "\n" not in text[whole.start : whole.end]:
                return whole
        key = self.finder.find(pointer)
        if key is not None:
            return key.span
        return line_span(self.finder.text, 1)

    def _is_new(self, code: str, pointer: str, message: Message) -> bool:
        """Whether this is not told yet and still to be shown."""
        key = (code, pointer, "" if code in _ONE_PER_PLACE else message.en)
        if key in self._seen:
            return False
        if self._per_code[code] >= MAX_PER_CODE:
            self._left_out[code] += 1
            return False
        self._seen.add(key)
        self._per_code[code] += 1
        return True

    def _named(self, place: Place, message: Message) -> Message:
        if self.naming is None or message.en.startswith(f"{self.naming.name_of(place.source)}, "):
            return message
        return self.naming.of_place(place, message)

    def _more(self, left_out: Counter[str]) -> Finding:
        listed = ", ".join(f"{code}: {count:,}" for code, count in left_out.most_common(8))
        total = left_out.total()
        return Finding(
            "doc-more",
            Severity.INFORMATION,
            Message(
                f"{total:,} more findings are left out ({listed}).",
                f"Ещё {total:,} замечаний не показано ({listed}).",
            ),
            line_span(self.finder.text, 1),
        )

    def _stopped(self) -> Finding:
        return Finding(
            "doc-check-incomplete",
            Severity.INFORMATION,
            Message(
                "The document is too large to be checked completely.",
                "Документ слишком велик, он проверен не полностью.",
            ),
            line_span(self.finder.text, 1),
        )
