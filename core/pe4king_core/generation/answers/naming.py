"""Which schemas a document gives names to, and what those are."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import unquote

from pe4king_core.model.json import split
from pe4king_core.model.schema import Schema

_NULL = "|null"
_ROOMS = ("/components/schemas", "/definitions", "/$defs")


def named_place(schema: Schema) -> str:
    """The place of the named schema that `schema` is, null aside; empty where it has no name."""
    own = schema.pointer.removesuffix(_NULL)
    if name_of(own):
        return own
    return schema.wraps if schema.wraps and name_of(schema.wraps) else ""


@lru_cache(maxsize=8192)
def name_of(pointer: str) -> str:
    """The name of the schema at `pointer`; empty where it has none.

    Files that are one schema have its name, members of other files theirs.
    """
    if "&" in pointer or "|" in pointer:
        return ""
    if pointer.startswith("/"):
        room, _, name = pointer.rpartition("/")
        return split(f"/{name}")[0] if room in _ROOMS else ""
    file, _, fragment = pointer.partition("#")
    way = split(fragment)
    if not way:
        return unquote(file.rpartition("/")[2]).partition(".")[0]
    return way[-1] if len(way) == 1 or fragment.rpartition("/")[0] in _ROOMS else ""
