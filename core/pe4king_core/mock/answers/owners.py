"""What an answer is about, as far as the document's names tell: `book` for `BookPage`."""

from __future__ import annotations

from pe4king_core.generation.wording import words_of
from pe4king_core.model.json import split
from pe4king_core.model.operation import MediaType
from pe4king_core.model.schema import Schema

_WRAPPERS = frozenset(
    {"page", "list", "response", "result", "collection", "envelope", "wrapper", "out", "output"}
    | {"dto", "schema", "model", "array", "paginated", "paged", "get", "answer", "body", "data"}
    | {"full", "simple", "minimal", "read", "public", "detail"}
)
_NO_THING = frozenset({"api", "search", "list", "all", "find", "get", "query"})
_COMPONENTS = ("schemas", "definitions")


def owner_of(media: MediaType) -> str:
    """By the component of the value or of its items, else by the last fixed part of the path."""
    for schema in (media.schema, media.schema and media.schema.items, media.item_schema):
        words = _component(schema) if schema is not None else ()
        if words:
            return " ".join(words)
    way = split(media.pointer.partition("#")[2] or media.pointer)
    path = way[1] if len(way) > 1 and way[0] == "paths" else ""
    parts = [part for part in path.split("?")[0].split("/") if part and "{" not in part]
    things = [words_of(part, singular=True) for part in parts if part not in _NO_THING]
    return " ".join(things[-1]) if things else ""


def _component(schema: Schema) -> tuple[str, ...]:
    way = split(schema.pointer.partition("&")[0])
    if way[-2:-1] not in tuple((each,) for each in _COMPONENTS):
        return ()
    words = [word for word in words_of(way[-1]) if word not in _WRAPPERS]
    return words_of(" ".join(words), singular=True)
