"""Operations of a document: path items, their methods and everything below.

Each operation is read on its own, and its findings are collected on their own, so that a
document can be read in any order and in parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import RLock

from pe4king_core.model.finding import Finding
from pe4king_core.model.lazy import LazySequence
from pe4king_core.model.operation import (
    Callback,
    LazyOperations,
    Operation,
    OperationEntry,
    SecurityRequirement,
    Server,
)
from pe4king_core.model.record import record
from pe4king_core.model.text import Span
from pe4king_core.openapi.findings.report import Report
from pe4king_core.openapi.parts.about import external_docs_of
from pe4king_core.openapi.parts.access import SecurityReader
from pe4king_core.openapi.parts.callbacks import callbacks_of
from pe4king_core.openapi.parts.content import ContentReader
from pe4king_core.openapi.parts.context import Notes, Reading
from pe4king_core.openapi.parts.identifiers import OperationIds
from pe4king_core.openapi.parts.items import (
    members_of,
    method_at,
    methods_of,
    parts_of,
    report_items,
    text_of_item,
)
from pe4king_core.openapi.parts.parameters import ParameterReader
from pe4king_core.openapi.parts.servers import servers_of
from pe4king_core.openapi.raw import Place, Raw, key_text, text_of

Spans = tuple[Span, Span]
"""The operation's text and its method key."""

_NOWHERE = (Span(0, 0), Span(0, 0))
_MAX_CALLBACK_OPERATIONS = 200


@record(frozen=True, slots=True)
class PartReaders:
    """The readers of an operation's parts, which differ between Swagger 2.0 and OpenAPI 3."""

    parameters: ParameterReader
    content: ContentReader
    security: SecurityReader
    servers: Callable[[Reading, Place], tuple[Server, ...]] = servers_of


@record(frozen=True, slots=True)
class _Outer:
    """Where an operation stands: the key and value of its path item, and its method."""

    path: str
    item: Place
    method: str
    webhook: bool = False
    callback: bool = False


class OperationFindings(LazySequence[Finding]):
    """The findings of one operation, of its callbacks, and of all that it uses."""

    __slots__ = ("_callbacks", "_pointer", "_reachable", "_tell")

    def __init__(
        self,
        make_report: Callable[[], Report],
        tell: Callable[[Report], None],
        pointer: str,
        callbacks: Sequence[Callback],
        reachable: Callable[[], Iterable[Finding]],
    ) -> None:
        super().__init__(lambda: self._look(make_report()))
        self._tell = tell
        self._reachable = reachable
        self._pointer = pointer
        self._callbacks = callbacks

    def tell(self, report: Report) -> None:
        """Tells `report` the findings, so that a document tells those of all operations."""
        self._tell(report)
        near = report.near
        waiting = list(self._callbacks)
        seen = {self._pointer}
        for callback in waiting:
            operations = callback.operations
            entries = operations.entries if isinstance(operations, LazyOperations) else ()
            for number, entry in enumerate(entries):
                if len(seen) > _MAX_CALLBACK_OPERATIONS:
                    return
                if entry.pointer in seen:
                    continue
                seen.add(entry.pointer)
                operation = operations[number]
                if isinstance(operation.findings, OperationFindings):
                    report.near = near
                    operation.findings._tell(report)
                waiting += operation.callbacks

    def _look(self, report: Report) -> tuple[Finding, ...]:
        self.tell(report)
        for finding in self._reachable():
            report.include(finding)
        return report.findings


class OperationReader:
    """Reads the operations of one document, one by one or all of them; safe in threads."""

    def __init__(
        self,
        reading: Reading,
        parts: PartReaders,
        servers: tuple[Server, ...],
    ) -> None:
        self._reading = reading
        self._parts = parts
        self._servers = servers
        source = reading.references.root
        self._root = Place(source, source.prefix, source.data)
        self._ids = OperationIds(reading, self._root)
        self._odd_keys: dict[str, Raw] | None = None
        self._lock = RLock()
        reading.operations_named = self._ids.named

    def items(self, root: Place) -> Iterator[tuple[str, Place]]:
        """Paths as written and the places of their path items, in the order of the document."""
        return members_of(self._reading, root.get("paths"))

    def methods(self, item: Place) -> Iterator[tuple[str, Place]]:
        """Methods in upper case and the places of their operations."""
        return methods_of(self._reading, item)

    def read(self, root: Place) -> Iterator[Operation]:
        """The operations under `paths` in the order of the document; reports what is broken."""
        self.report_frame(root)
        yield from self.operations(root)

    def report_frame(self, root: Place) -> None:
        """Reports what is wrong with paths and webhooks apart from their operations."""
        report_items(self._reading, root.get("paths"), "paths")
        if self._reading.version >= (3, 1):
            report_items(self._reading, root.get("webhooks"), "webhooks")

    def operations(self, root: Place) -> LazyOperations:
        """The operations under `paths`, each read when asked for."""
        return self._lazy(
            (_Outer(path, member, method), place)
            for path, member in self.items(root)
            for method, place in self.methods(member)
        )

    def webhooks(self, root: Place) -> LazyOperations:
        """The operations under `webhooks` (OpenAPI 3.1), each read when asked for."""
        stated = root.get("webhooks") if self._reading.version >= (3, 1) else None
        return self._lazy(
            (_Outer(name, member, method, webhook=True), place)
            for name, member in members_of(self._reading, stated)
            for method, place in self.methods(member)
        )

    def operation(self, path: str, method: str, spans: Spans | None = None) -> Operation | None:
        """The operation at `path` (as written, or with its `/` added); None where there is none.

        `spans` are its text and its method key where the caller knows them.
        """
        paths = self._reading.quiet_mapping(self._root.get("paths"))
        member = None if paths is None else paths.get(path) or self._odd_item(paths, path)
        if member is None:
            return None
        written = key_of(member.pointer)
        return self._found(written, member, method, spans, webhook=False)

    def webhook(self, name: str, method: str, spans: Spans | None = None) -> Operation | None:
        """The operation `method` of the webhook `name`; None where there is none."""
        stated = self._root.get("webhooks") if self._reading.version >= (3, 1) else None
        webhooks = self._reading.quiet_mapping(stated)
        member = None if webhooks is None else webhooks.get(name)
        return None if member is None else self._found(name, member, method, spans, webhook=True)

    def _found(
        self, path: str, member: Place, method: str, spans: Spans | None, *, webhook: bool
    ) -> Operation | None:
        place = method_at(self._reading, member, method)
        target = self._reading.quiet_mapping(place)
        if place is None or target is None:
            return None
        outer = _Outer(path, member, method, webhook=webhook)
        return self._operation(target, outer, spans or self._spans_of(outer, place))

    def _odd_item(self, paths: Place, path: str) -> Place | None:
        """The path item whose key is no text, or lacks the `/` that `path` has."""
        raw = paths.value if isinstance(paths.value, dict) else {}
        with self._lock:
            if self._odd_keys is None:
                odd = [key for key in raw if not isinstance(key, str) or key[:1] != "/"]
                self._odd_keys = {key_text(key): key for key in odd}
                self._odd_keys |= {f"/{key_text(key)}": key for key in odd}
        if path not in self._odd_keys:
            return None
        key = self._odd_keys[path]
        value = raw[key]
        return None if value is None else paths.child(key_text(key), value)

    def _lazy(self, stated: Iterator[tuple[_Outer, Place]]) -> LazyOperations:
        known: dict[OperationEntry, tuple[_Outer, Place]] = {}
        for outer, place in stated:
            target = self._reading.quiet_mapping(place)
            if target is not None:
                span, name_span = self._spans_of(outer, place)
                path = self._path(outer)
                entry = OperationEntry(outer.method, path, target.pointer, span, name_span)
                known.setdefault(entry, (outer, target))

        def make(entry: OperationEntry) -> Operation:
            outer, target = known[entry]
            return self._operation(target, outer, (entry.span, entry.name_span))

        return LazyOperations(known, make)

    def _path(self, outer: _Outer) -> str:
        free = outer.webhook or outer.callback or outer.path.startswith("/")
        return outer.path if free else f"/{outer.path}"

    def _operation(self, place: Place, outer: _Outer, spans: Spans) -> Operation:
        raw = place.value if isinstance(place.value, dict) else {}
        templated = not (outer.webhook or outer.callback)
        # Of the parts of a path item the first counts most, and of holders the last.
        holders = tuple(reversed(parts_of(self._reading, outer.item)))
        with self._reading.notes() as notes:
            tags = place.get("tags")
            security = self._parts.security.requirements(place)
            callbacks = callbacks_of(self._reading, place, self._of_callback)
            return Operation(
                method=outer.method,
                path=self._path(outer),
                pointer=place.pointer,
                operation_id=text_of(raw.get("operationId")) or None,
                summary=text_of(raw.get("summary")),
                description=text_of(raw.get("description")),
                tags=tuple(text_of(tag.value) for tag in tags.elements() if text_of(tag.value))
                if tags
                else (),
                deprecated=raw.get("deprecated") is True,
                parameters=self._parts.parameters.of_operation(
                    outer.path if templated else None, holders, place
                ),
                request_body=self._parts.content.request_body(holders, place),
                responses=self._parts.content.responses(place),
                security=self._default_security() if security is None else security,
                servers=self._servers_of(place, holders, templated=templated),
                span=spans[0],
                name_span=spans[1],
                findings=self._findings(place, outer, notes, callbacks),
                callbacks=callbacks,
                webhook=outer.path if outer.webhook else None,
                external_docs=external_docs_of(place),
                path_summary=text_of_item(self._reading, outer.item, "summary"),
                path_description=text_of_item(self._reading, outer.item, "description"),
            )

    def _default_security(self) -> tuple[SecurityRequirement, ...]:
        def read() -> tuple[SecurityRequirement, ...]:
            return self._parts.security.requirements(self._root) or ()

        return self._reading.shared(("security",), read)

    def _servers_of(
        self, place: Place, holders: tuple[Place, ...], *, templated: bool
    ) -> tuple[Server, ...]:
        """The nearest servers; those of the document hold for paths only."""
        for holder in (place, *reversed(holders)):
            found = self._parts.servers(self._reading, holder)
            if found:
                return found
        return self._servers if templated else ()

    def _of_callback(self, expression: str, item: Place) -> LazyOperations:
        """The operations under `expression`; a callback that many operations share has one."""
        key = ("callback", expression, item.pointer)
        return self._reading.shared(
            key,
            lambda: self._lazy(
                (_Outer(expression, item, method, callback=True), place)
                for method, place in self.methods(item)
            ),
        )

    def _findings(
        self,
        place: Place,
        outer: _Outer,
        notes: Notes,
        callbacks: Sequence[Callback],
    ) -> OperationFindings:
        def tell(report: Report) -> None:
            # Faults of other files are shown where the document refers to them.
            if not place.source.prefix:
                report.near = place.pointer
            elif not outer.item.source.prefix:
                report.near = outer.item.pointer
            notes.tell(report)
            self._ids.report_repeated(report, outer.path, outer.method, place)

        def reachable() -> Iterable[Finding]:
            look = self._reading.reachable
            near = place if not place.source.prefix else outer.item
            return () if look is None else look(place, "" if near.source.prefix else near.pointer)

        return OperationFindings(
            self._reading.fresh_report, tell, place.pointer, callbacks, reachable
        )

    def _spans_of(self, outer: _Outer, place: Place) -> Spans:
        """The operation's own text; that of its path item where it stands in another file."""
        positions = self._reading.report.finder.positions
        for at in (place, outer.item):
            found = None if at.source.prefix else positions.find(at.pointer)
            if found is not None and found.exact:
                return found.key.region, found.key.span
        return _NOWHERE


def key_of(pointer: str) -> str:
    """The last token of a JSON pointer, unescaped."""
    return pointer.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")
