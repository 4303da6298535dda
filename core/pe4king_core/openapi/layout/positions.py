"""JSON pointer to range and offset to pointer, whether or not the document can be read.

Nothing is read that is not asked for: a step of a pointer looks through the one collection that
it enters, which is then remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pe4king_core.model.json import join, split
from pe4king_core.model.text import Span
from pe4king_core.openapi.layout.blocks import Kind, node
from pe4king_core.openapi.layout.keys import (
    Key,
    children,
    end_of,
    members_of_root,
    root,
    with_line_feeds,
)
from pe4king_core.openapi.layout.marks import MAX_DEPTH, line_start
from pe4king_core.openapi.layout.members import FoundMembers, Members

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""Method keys of a path item; `query` since OpenAPI 3.2."""

_MAX_REMEMBERED = 200_000
"""Members that are remembered, of all collections together."""


@dataclass(frozen=True, slots=True)
class IndexedOperation:
    """One operation as it stands in the text; `method` is upper case."""

    method: str
    path: str
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True)
class IndexedPath:
    """One key of `paths`."""

    path: str
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True)
class OperationIndex:
    """All operations and path items in the order of the text; a repeated key stands twice."""

    text: str = field(repr=False)
    operations: tuple[IndexedOperation, ...]
    paths: tuple[IndexedPath, ...]
    sections: Mapping[str, Key] = field(repr=False)
    """The top-level keys."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a pointer led to: `pointer` is the part of it that exists, `key` stands there."""

    pointer: str
    key: Key
    exact: bool


class Positions:
    """The places of one text. Works on any text and never raises.

    `known` gives the members of a collection where the caller has them already, and None where it
    has not; `whole` the range of the document, which takes a look at the whole text otherwise, as
    it takes to find out whether there are `lone_returns`.
    """

    def __init__(
        self,
        text: str,
        known: Callable[[str], Members | None] | None = None,
        whole: Callable[[], Span] | None = None,
        *,
        lone_returns: bool = True,
    ) -> None:
        self._source = text
        self._known = known
        self._whole = whole
        self._lone_returns = lone_returns
        self._remembered: dict[Span | None, Members] = {}
        self._values: dict[Span, Span] = {}
        self._count = 0

    @cached_property
    def _text(self) -> str:
        return with_line_feeds(self._source) if self._lone_returns else self._source

    @cached_property
    def _root(self) -> Span:
        return root(self._text) if self._whole is None else self._whole()

    @property
    def text(self) -> str:
        """The text; lone carriage returns are line feeds in it."""
        return self._text

    def find(self, pointer: str) -> Found | None:
        """The member that `pointer` names or its deepest existing ancestor; None for the root."""
        found: Found | None = None
        above: str = ""
        value: Span | None = None
        for token in split(pointer):
            member = self._members(above, value).by_name.get(token)
            if member is None:
                return None if found is None else Found(above, found.key, exact=False)
            above, value = join(above, token), member.value
            found = Found(above, member, exact=True)
        return found

    def key_span(self, pointer: str) -> Span | None:
        """The key with its quotes; of an item its scalar or first line. None for the root."""
        found = self.find(pointer)
        return found.key.span if found is not None and found.exact else None

    def value_span(self, pointer: str) -> Span | None:
        """Exactly the value, with its anchor and tag; empty where nothing is written."""
        if not pointer:
            return self._value(pointer, self._root)
        found = self.find(pointer)
        return self._value_of(pointer, found.key) if found is not None and found.exact else None

    def region(self, pointer: str) -> Span | None:
        """The lines of the member, or the member alone where others stand on its lines."""
        if not pointer:
            return self._root
        found = self.find(pointer)
        return found.key.region if found is not None and found.exact else None

    def children(self, pointer: str) -> Mapping[str, Key]:
        """The members of the collection at `pointer` by name; empty where there is none."""
        value = self._range(pointer) if pointer else None
        return {} if pointer and value is None else self._members(pointer, value).by_name

    def at(self, offset: int) -> str:
        """The pointer of the innermost element at `offset`; "" is the document.

        The rest of a line belongs to the member that it tells of, a blank line to the collection
        around it: after the last member to the deepest one that could go on in that column.
        """
        pointer: str = ""
        value: Span | None = None
        if not self._root.contains(offset):
            return pointer
        for _ in range(MAX_DEPTH):
            member = self._members(pointer, value).before(offset)
            if member is None:
                break
            inner = join(pointer, member.name)
            if not self._holds(inner, member, offset):
                break
            pointer, value = inner, member.value
        return pointer

    def _range(self, pointer: str) -> Span | None:
        if not pointer:
            return self._root
        found = self.find(pointer)
        return found.key.value if found is not None and found.exact else None

    def _members(self, pointer: str, value: Span | None) -> Members:
        """The members at `pointer`, whose value is at `value`; None is the whole document."""
        members = self._remembered.get(value)
        if members is None:
            known = self._known(pointer) if self._known is not None else None
            if known is None:
                place = self._root if value is None else value
                known = FoundMembers(tuple(children(self._text, place)))
            members = known
            if self._count > _MAX_REMEMBERED:
                self._remembered.clear()
                self._count = 0
            self._count += len(members) + 1
            self._remembered[value] = members
        return members

    def _value_of(self, pointer: str, key: Key) -> Span:
        return key.value if key.exact else self._value(pointer, key.value)

    def _value(self, pointer: str, value: Span) -> Span:
        known = self._values.get(value)
        if known is None:
            if len(self._values) > _MAX_REMEMBERED:
                self._values.clear()
            known = self._values[value] = self._read_value(pointer, value)
        return known

    def _read_value(self, pointer: str, value: Span) -> Span:
        first = node(self._text, value)
        start = first.start
        for _ in range(MAX_DEPTH):
            if first.kind not in (Kind.MAPPING, Kind.SEQUENCE):
                break
            last = self._members(pointer, value if pointer else None).last
            if last is None:
                break
            if last.exact:
                return Span(start, last.value.end)
            pointer, value = join(pointer, last.name), last.value
            first = node(self._text, value)
        return Span(start, max(start, end_of(self._text, first, value.end)))

    def _holds(self, pointer: str, member: Key, offset: int) -> bool:
        """Whether `offset`, which lies before the next member, belongs to `member`."""
        if offset <= member.span.end or offset < member.value.start:
            return True
        value = self._value_of(pointer, member)
        if offset <= value.end or member.exact:
            return offset <= value.end
        if self._text.find("\n", value.end, offset) < 0:
            return True
        line = line_start(self._text, offset)
        end = self._text.find("\n", offset)
        if self._text[line : end if end >= 0 else len(self._text)].strip():
            return False
        first = node(self._text, member.value)
        begin = member.span.start
        if self._text[member.value.start - 1] == "-":
            begin = member.value.start - 1
        deeper = offset - line > begin - line_start(self._text, begin)
        return deeper and first.kind not in (Kind.SCALAR, Kind.FLOW)


class Finder:
    """Finds the keys that pointers name."""

    def __init__(self, positions: Positions) -> None:
        self.positions = positions

    @property
    def text(self) -> str:
        """The text in which is searched."""
        return self.positions.text

    def find(self, pointer: str) -> Key | None:
        """The key that `pointer` names, or its deepest ancestor that can be found."""
        found = self.positions.find(pointer)
        return found.key if found else None


def index(text: str) -> tuple[IndexedOperation, ...]:
    """The operations under `paths`, found without reading the document."""
    return index_of(text).operations


def index_of(text: str) -> OperationIndex:
    """The index of `text`; works on any text and never raises."""
    text = with_line_feeds(text)
    sections = {key.name: key for key in members_of_root(text)}
    operations: list[IndexedOperation] = []
    paths: list[IndexedPath] = []
    for item in children(text, sections["paths"].value) if "paths" in sections else ():
        paths.append(IndexedPath(item.name, item.region, item.span))
        operations += _operations(text, item)
    return OperationIndex(text, tuple(operations), tuple(paths), sections)


def _operations(text: str, item: Key) -> Iterator[IndexedOperation]:
    for key in children(text, item.value):
        if key.name in METHODS:
            yield IndexedOperation(key.name.upper(), item.name, key.region, key.span)
        elif key.name == "additionalOperations":
            for other in children(text, key.value):
                yield IndexedOperation(other.name.upper(), item.name, other.region, other.span)
