"""Which objects only wrap what an answer is about: pages of a list, `{data: ...}`."""

from __future__ import annotations

from pe4king_core.generation.answers.naming import name_of, named_place
from pe4king_core.generation.places import is_object
from pe4king_core.model.schema import JsonType, Schema

_WRAPPING = frozenset(
    {
        *("data", "items", "results", "result", "content", "contents", "entries", "records"),
        *("list", "values", "value", "elements", "rows", "objects", "hits", "payload", "resources"),
        *("response", "collection", "members", "nodes", "docs", "documents", "_embedded"),
    }
)
_IDENTIFYING = frozenset({"id", "_id", "uuid", "guid", "key", "slug"})


def is_envelope(schema: Schema) -> bool:
    """Whether objects of `schema` have no identity and one member that has all the content."""
    if not _IDENTIFYING.isdisjoint(schema.properties):
        return False
    return any(_wraps(name, schema.properties[name]) for name in schema.properties)


def _wraps(name: str, member: Schema) -> bool:
    inner = member.items if member.only_type is JsonType.ARRAY else member
    if inner is None or not named_place(inner) or not is_object(inner):
        return False
    if name in _WRAPPING:
        return True
    kind = name_of(named_place(inner)).casefold()
    called = name.casefold().replace("_", "").replace("-", "")
    return inner is not member and called in (f"{kind}s", f"{kind}es", f"{kind[:-1]}ies")
