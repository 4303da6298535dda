"""Operations of a document: path items, their methods and everything below."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation, SecurityRequirement, Server
from pe4king_core.model.text import Span
from pe4king_core.openapi.access import SecurityReader, servers_of
from pe4king_core.openapi.content import ContentReader, Reading
from pe4king_core.openapi.parameters import ParameterReader
from pe4king_core.openapi.positions import METHODS, OperationIndex
from pe4king_core.openapi.raw import Place, text_of

_METHOD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")

Spans = tuple[Span, Span]


@dataclass(frozen=True, slots=True)
class PartReaders:
    """The readers of an operation's parts, which differ between Swagger 2.0 and OpenAPI 3."""

    parameters: ParameterReader
    content: ContentReader
    security: SecurityReader


@dataclass(frozen=True, slots=True)
class _Outer:
    """What surrounds an operation and holds for it unless it says otherwise."""

    path: str
    method: str
    item: Place
    servers: tuple[Server, ...]
    security: tuple[SecurityRequirement, ...]


class OperationReader:
    """Reads all operations of one document."""

    def __init__(
        self,
        reading: Reading,
        index: OperationIndex,
        parts: PartReaders,
        servers: tuple[Server, ...],
    ) -> None:
        self._reading = reading
        self._content = parts.content
        self._parameters = parts.parameters
        self._security = parts.security
        self._servers = servers
        self._spans = {
            (found.path, found.method): (found.span, found.name_span) for found in index.operations
        }
        self._path_spans = {found.path: (found.span, found.name_span) for found in index.paths}
        self._ids: set[str] = set()

    def read(self, root: Place) -> Iterator[Operation]:
        """The operations under `paths` in the order of the document."""
        default = self._security.requirements(root) or ()
        paths = self._reading.mapping(root.get("paths"), "`paths`")
        for path, member in paths.members() if paths else ():
            if path.startswith("x-"):
                continue
            self._reading.report.near = member.pointer
            if not path.startswith("/"):
                self._no_slash(path, member)
            if member.value is not None:
                yield from self._item(path, member, default)

    def _item(
        self, path: str, member: Place, default: tuple[SecurityRequirement, ...]
    ) -> Iterator[Operation]:
        item = self._reading.mapping(member, f"`{path}`")
        if item is None:
            return
        servers = servers_of(self._reading, item) or self._servers
        for method, place in self._methods(item):
            pointer = member.child(method.lower(), None).pointer
            local = item.pointer == member.pointer
            self._reading.report.near = pointer if local else member.pointer
            count = self._reading.report.count
            target = self._reading.mapping(place, f"{method} {path}")
            if target is not None:
                spans = self._place_of(path, method, place, local)
                outer = _Outer(path, method, item, servers, default)
                yield self._operation(target, outer, spans, count)

    def _methods(self, item: Place) -> Iterator[tuple[str, Place]]:
        is_32 = not self._reading.specification.startswith(("2", "3.0", "3.1"))
        for name, place in item.members():
            if name in METHODS and (name != "query" or is_32):
                yield name.upper(), place
        more = item.get("additionalOperations") if is_32 else None
        for name, place in more.members() if more else ():
            if _METHOD_NAME.fullmatch(name):
                yield name, place

    def _operation(self, place: Place, outer: _Outer, spans: Spans, count: int) -> Operation:
        raw = place.value if isinstance(place.value, dict) else {}
        security = self._security.requirements(place)
        tags = place.get("tags")
        return Operation(
            method=outer.method,
            path=outer.path if outer.path.startswith("/") else f"/{outer.path}",
            pointer=place.pointer,
            operation_id=self._operation_id(place),
            summary=text_of(raw.get("summary")),
            description=text_of(raw.get("description")),
            tags=tuple(text_of(tag.value) for tag in tags.elements() if text_of(tag.value))
            if tags
            else (),
            deprecated=raw.get("deprecated") is True,
            parameters=self._parameters.of_operation(outer.path, outer.item, place),
            request_body=self._content.request_body(outer.item, place),
            responses=self._content.responses(place),
            security=outer.security if security is None else security,
            servers=servers_of(self._reading, place) or outer.servers,
            span=spans[0],
            name_span=spans[1],
            findings=self._reading.report.since(count),
        )

    def _operation_id(self, place: Place) -> str | None:
        raw = place.value if isinstance(place.value, dict) else {}
        name = text_of(raw.get("operationId"))
        if not name:
            return None
        if name in self._ids:
            self._reading.report.add(
                "doc-operation-id-duplicate",
                place,
                Message(
                    f"The operationId `{name}` is used more than once. Give each its own.",
                    f"operationId `{name}` встречается несколько раз. Он должен быть уникальным.",
                ),
            )
        self._ids.add(name)
        return name

    def _place_of(self, path: str, method: str, place: Place, local: bool) -> Spans:
        """The operation's own text; that of its path item where it stands in another file."""
        found = self._spans.get((path, method))
        if local and found is not None:
            return found
        nowhere = (Span(0, 0), Span(0, 0))
        if not place.source.prefix:
            key = self._reading.report.finder.find(place.pointer)
            if key is not None and key.name == place.pointer.rsplit("/", 1)[-1]:
                return key.region, key.span
        return self._path_spans.get(path, nowhere)

    def _no_slash(self, path: str, member: Place) -> None:
        self._reading.report.add(
            "doc-path-slash",
            member,
            Message(
                f"The path `{path}` must start with `/`; it is read as `/{path}`.",
                f"Путь `{path}` должен начинаться с `/`; читаем его как `/{path}`.",
            ),
            Severity.ERROR,
        )
