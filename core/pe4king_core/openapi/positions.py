"""Where the operations of a document stand, whether or not the rest of it can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from pe4king_core.model.json import join, split
from pe4king_core.model.text import Span
from pe4king_core.openapi.keys import Key, children, members_of_root

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""Method keys of a path item; `query` since OpenAPI 3.2."""


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


class Finder:
    """Finds the keys that pointers name; what was looked through once is remembered."""

    def __init__(self, index: OperationIndex) -> None:
        self.index = index
        self._members: dict[str, dict[str, Key]] = {}

    def find(self, pointer: str) -> Key | None:
        """The key that `pointer` names, or its deepest ancestor that can be found."""
        tokens = split(pointer)
        found = self.index.sections.get(tokens[0]) if tokens else None
        above = ""
        for token, following in pairwise(tokens):
            above = join(above, token)
            deeper = None if found is None else self._below(above, found).get(following)
            if deeper is None:
                return found
            found = deeper
        return found

    def _below(self, pointer: str, key: Key) -> dict[str, Key]:
        if pointer not in self._members:
            members = children(self.index.text, key.value)
            self._members[pointer] = {member.name: member for member in members}
        return self._members[pointer]


def index(text: str) -> tuple[IndexedOperation, ...]:
    """The operations under `paths`, found without reading the document."""
    return index_of(text).operations


def index_of(text: str) -> OperationIndex:
    """The index of `text`; works on any text and never raises."""
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    sections = {key.name: key for key in members_of_root(text)}
    operations: list[IndexedOperation] = []
    paths: list[IndexedPath] = []
    for item in children(text, sections["paths"].value) if "paths" in sections else ():
        paths.append(IndexedPath(item.name, item.region, item.span))
        operations += (
            IndexedOperation(key.name.upper(), item.name, key.region, key.span)
            for key in children(text, item.value)
            if key.name in METHODS
        )
    return OperationIndex(text, tuple(operations), tuple(paths), sections)
