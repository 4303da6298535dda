"""What every reader of a part of the document needs: references, schema views, findings.

Findings are not made at once: while an operation or a shared component is read, a `Notes` keeps
what is to be told, and the `Report` is made of it when somebody asks for the findings.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar, cast

from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.message import Message
from pe4king_core.model.schema import Schema
from pe4king_core.model.text import Span
from pe4king_core.openapi.findings.report import MAX_FINDINGS, Report
from pe4king_core.openapi.raw import Place, text_of
from pe4king_core.openapi.refs.references import References, Unresolved
from pe4king_core.openapi.schema.schemas import SchemaViews

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Described = TypeVar("Described", bound=DataclassInstance)

T = TypeVar("T")
Note = Callable[[Report], None]
"""Something to tell a report when findings are asked for."""

_VERSION = re.compile(r"(\d{1,3})(?:\.(\d{1,3}))?")
_MAX_CHAIN = 20


class Notes(Report):
    """A report that only remembers what to tell."""

    def __init__(self, outer: Report) -> None:
        super().__init__(outer.finder)
        self.near = outer.near
        self.notes: list[Note] = []

    def add(
        self,
        code: str,
        place: Place | str,
        message: Message,
        severity: Severity = Severity.WARNING,
        span: Span | None = None,
    ) -> None:
        """Remembers the finding."""
        self.later(lambda report: report.add(code, place, message, severity, span))

    def later(self, note: Note) -> None:
        """Remembers `note`."""
        if len(self.notes) < MAX_FINDINGS:
            self.notes.append(note)

    def tell(self, report: Report) -> None:
        """Tells `report` everything; a second time nothing."""
        if self in report.told:
            return
        report.told.add(self)
        for note in self.notes:
            note(report)


@dataclass(frozen=True, slots=True)
class KnownOperation:
    """An operation that is not read: its place, and the parts of its path item."""

    path: str
    method: str
    items: tuple[Place, ...]
    place: Place


class Reading:
    """The state that all readers of one document share; safe in several threads."""

    def __init__(
        self, references: References, views: SchemaViews, report: Report, specification: str
    ) -> None:
        self.references = references
        self.views = views
        self.specification = specification
        found = _VERSION.match(specification)
        self.version = (int(found[1]), int(found[2] or 0)) if found else (3, 0)
        self.operations_named: Callable[[str], Sequence[KnownOperation]] | None = None
        """Finds operations by operationId; set by the reader of operations."""
        self.reachable: Callable[[Place, str], Iterable[Finding]] | None = None
        """What is wrong with an operation and all that it uses; set by the loader."""
        self._report = report
        self._current = threading.local()
        self._chains: dict[str, tuple[Place, ...]] = {}
        self._shared: dict[Hashable, tuple[object, Notes]] = {}

    @property
    def report(self) -> Report:
        """Where findings of what is being read go: the document's report, or notes."""
        return cast(Report, getattr(self._current, "report", self._report))

    def fresh_report(self) -> Report:
        """An empty report for a part of the document."""
        made = Report(self._report.finder)
        made.naming = self._report.naming
        return made

    @contextmanager
    def notes(self) -> Iterator[Notes]:
        """Notes that get what is found inside the block (in this thread)."""
        outer = self.report
        made = Notes(outer)
        self._current.report = made
        try:
            yield made
        finally:
            self._current.report = outer

    def shared(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for `key`; its findings are told to each who asks."""
        found = self._shared.get(key)
        if found is None:
            # As in `notes`, without what a context manager costs: there are thousands of parts.
            outer = self.report
            notes = self._current.report = Notes(outer)
            try:
                found = self._shared[key] = (make(), notes)
            finally:
                self._current.report = outer
        if found[1].notes:
            self.later(found[1].tell)
        return cast(T, found[0])

    def later(self, note: Note) -> None:
        """Has `note` called when findings are asked for; at once outside of a reading."""
        report = self.report
        if isinstance(report, Notes):
            report.later(note)
        else:
            note(report)

    def check_later(self, check: Note) -> None:
        """Has `check` made once, when findings are first asked for, and its findings told."""
        made: list[Notes] = []

        def note(report: Report) -> None:
            if not made:
                notes = Notes(report)
                check(notes)
                made.append(notes)
            made[0].tell(report)

        self.later(note)

    def target(self, place: Place) -> Place | None:
        """`place` with references followed; None, with a finding, where they lead nowhere."""
        found = self.references.follow(place)
        if not isinstance(found, Unresolved):
            return found
        self.report.add(found.code, place, found.message, Severity.ERROR)
        return None

    def mapping(self, place: Place | None, what: str) -> Place | None:
        """`place` with references followed; None, with a finding, where it is no mapping."""
        if place is None or (isinstance(place.value, dict) and "$ref" not in place.value):
            return place
        found = self.target(place)
        if found is None or isinstance(found.value, dict):
            return found
        self.report.add(
            "doc-not-a-mapping",
            place,
            Message(
                f"{what} must be a mapping of keys and values; it is left out.",
                f"{what}: здесь нужен объект с ключами и значениями; элемент пропущен.",
            ),
            Severity.ERROR,
        )
        return None

    def quiet_mapping(self, place: Place | None) -> Place | None:
        """As `mapping`, but what is wrong is told by somebody else."""
        if place is None or (isinstance(place.value, dict) and "$ref" not in place.value):
            return place
        found = self.references.follow(place)
        return found if isinstance(found, Place) and isinstance(found.value, dict) else None

    def chain(self, place: Place) -> tuple[Place, ...]:
        """`place` and each target of its chain of `$ref`; ends where one leads nowhere."""
        if not isinstance(place.value, dict) or "$ref" not in place.value:
            return (place,)
        known = self._chains.get(place.pointer)
        if known is None:
            known = self._chains[place.pointer] = self._chain(place)
        return known

    def _chain(self, place: Place) -> tuple[Place, ...]:
        found = [place]
        seen = {place.pointer}
        while isinstance(place.value, dict) and isinstance(ref := place.value.get("$ref"), str):
            target = self.references.resolve(place, ref)
            if isinstance(target, Unresolved) or target.pointer in seen or len(seen) > _MAX_CHAIN:
                break
            seen.add(target.pointer)
            found.append(target)
            place = target
        return tuple(found)

    def schema(self, place: Place | None) -> Schema | None:
        """The view of the schema at `place`, or None where there is none."""
        if place is None:
            return None
        if isinstance(place.value, dict | bool):
            return self.views.view(place)
        self.mapping(place, "`schema`")
        return None

    def described(self, place: Place, made: Described) -> Described:
        """`made` with the `summary` and `description` beside the `$ref` at `place` (3.1)."""
        raw = place.value if isinstance(place.value, dict) else {}
        if self.version < (3, 1) or "$ref" not in raw:
            return made
        texts = {name: text_of(raw.get(name)) for name in ("summary", "description")}
        own = {name: text for name, text in texts.items() if text and hasattr(made, name)}
        return replace(made, **own) if own else made

    def warn(
        self, code: str, place: Place, en: str, ru: str, severity: Severity = Severity.WARNING
    ) -> None:
        """Reports `code` at `place`."""
        self.report.add(code, place, Message(en, ru), severity)
