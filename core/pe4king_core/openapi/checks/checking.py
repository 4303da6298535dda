"""The full check of a document: every object against the grammar, every schema for its faults.

The document is cut into parts: each operation, each component, what `$ref` leads to elsewhere.
A part is walked through once, when it is first asked for. Parts refer to each other, in circles
too; `checking_reach` finds what an operation reaches.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from threading import RLock

from pe4king_core.model.finding import Finding
from pe4king_core.openapi.checks.checking_document import document_faults
from pe4king_core.openapi.checks.checking_reach import Reach
from pe4king_core.openapi.checks.checking_walk import Part, Walk
from pe4king_core.openapi.checks.elements import kind_of
from pe4king_core.openapi.checks.grammar import ElementKind
from pe4king_core.openapi.findings.faults import MAX_ALIKE, Fault
from pe4king_core.openapi.findings.report import Report
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.raw import Place

MAX_OBJECTS = 1_000_000
"""How many objects are looked at in one document and the files it refers to."""

MAX_REACHED = 200
"""How many findings are told of one element; the most severe ones first."""

_CERTAIN = {
    kind: kind
    for kind in (
        ElementKind.PATH_ITEM,
        ElementKind.OPERATION,
        ElementKind.PARAMETER,
        ElementKind.REQUEST_BODY,
        ElementKind.MEDIA_TYPE,
        ElementKind.RESPONSE,
        ElementKind.HEADER,
        ElementKind.EXAMPLE,
        ElementKind.LINK,
        ElementKind.CALLBACK,
        ElementKind.SCHEMA,
        ElementKind.SECURITY_SCHEME,
    )
} | {ElementKind.PROPERTY: ElementKind.SCHEMA}
"""What stands at a place whose pointer alone tells it."""


class Checker:
    """Checks one document; safe in several threads. `document` tells `report` its findings.

    `broken` are the findings of parts that could not be read, by the pointers of the parts.
    """

    def __init__(
        self,
        reading: Reading,
        report: Report | None = None,
        *,
        broken: Mapping[str, Sequence[Finding]] | None = None,
        unused: bool = False,
    ) -> None:
        self._reading = reading
        self._report = report or reading.report
        self._report.naming = reading.references.elsewhere
        self._unused = unused
        self._broken = broken or {}
        self._lock = RLock()
        self._parts: dict[str, Part] = {}
        self._walk = Walk(reading, self._part_of, MAX_OBJECTS)
        self._reach = Reach(self._walked, self._finding, MAX_REACHED)
        self._findings: dict[Fault, Finding] = {}
        self._alike: Counter[tuple[str, str]] = Counter()

    def document(self, root: Place) -> None:
        """Reports every finding of the whole document, and of the other files it uses."""
        with self._lock:
            start = self._part_of(root, ElementKind.DOCUMENT, "")
            parts: dict[Part, None] = {start: None}
            waiting = deque(parts)
            while waiting:
                part = self._walked(waiting.popleft())
                self._tell(part)
                for other in (*part.inner, *part.targets):
                    if other not in parts:
                        parts[other] = None
                        waiting.append(other)
            for fault in document_faults(root, parts, unused=self._unused):
                self._report.include(self._finding(fault, start))
            if self._walk.budget <= 0:
                self._report.incomplete()

    def reachable(
        self, place: Place, kind: ElementKind = ElementKind.OPERATION, near: str = ""
    ) -> tuple[Finding, ...]:
        """The findings of the element at `place` and of all that it uses through `$ref`.

        At most `MAX_REACHED`, the most severe first. `kind` is what stands there, `near` the
        pointer in the document itself at which it is shown where `place` is in another file.
        """
        with self._lock:
            part = self._part_of(place, kind, near)
            return self._reach.findings(part)

    def _part_of(self, place: Place, kind: ElementKind, near: str) -> Part:
        part = self._parts.get(place.pointer)
        if part is None:
            if not place.source.prefix and place.pointer:
                stated = kind_of(place.pointer, self._reading.specification)
                kind = _CERTAIN.get(stated, kind)
                near = place.pointer
            part = self._parts[place.pointer] = Part(place, kind, near)
            for finding in self._broken.get(place.pointer, ()):
                fault = Fault(finding.code, finding.pointer, finding.message, finding.severity)
                part.faults.kept.append(fault)
                self._findings[fault] = finding
        return part

    def _walked(self, part: Part) -> Part:
        if not part.walked:
            self._walk.walk(part)
            if part.kind is ElementKind.OPERATION:
                self._add_path_item(part)
        return part

    def _add_path_item(self, part: Part) -> None:
        """Parameters and servers of a path item hold for its operations."""
        outer = _path_item(part.place)
        if outer is not None and isinstance(outer.value, dict):
            part.targets.append(self._part_of(outer, ElementKind.PATH_ITEM, part.near))

    def _tell(self, part: Part) -> None:
        for fault in part.faults.kept:
            self._alike[fault.code, fault.about] += 1
            if self._alike[fault.code, fault.about] > MAX_ALIKE:
                self._report.leave_out(fault.code, 1)
            else:
                self._report.include(self._finding(fault, part))
        for code, count in part.faults.left_out.items():
            self._report.leave_out(code, count)

    def _finding(self, fault: Fault, part: Part) -> Finding:
        finding = self._findings.get(fault)
        if finding is None:
            finding = self._report.finding(fault, part.place, part.near)
            self._findings[fault] = finding
        return finding


def _path_item(operation: Place) -> Place | None:
    """The mapping that holds the operation."""
    pointer = operation.pointer.removeprefix(operation.source.prefix)
    tokens = pointer.split("/")[1:-1]
    if len(tokens) > 1 and tokens[-1] == "additionalOperations":
        tokens.pop()
    found = Place(operation.source, operation.source.prefix, operation.source.data)
    for token in tokens:
        inner = found.get(token.replace("~1", "/").replace("~0", "~"))
        if inner is None:
            return None
        found = inner
    return found
