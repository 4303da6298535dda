"""Schemas that say nothing but the name of another one: `allOf: [{$ref: ...}]` with a title."""

from __future__ import annotations

from pe4king_core.openapi.raw import Raw
from pe4king_core.openapi.schema.expansion import COMPOSITION, Expansion

_SAYS_NOTHING = frozenset(
    {
        *("title", "description", "summary", "default", "example", "examples", "deprecated"),
        *("readOnly", "writeOnly", "nullable", "xml", "externalDocs", "$comment", "$schema"),
    }
)
"""Keywords that say nothing of values but whether null is one."""


def wrapped(expansion: Expansion) -> str:
    """The place of the only schema that the first one of `expansion` refers to, null aside.

    Empty where there is none, or the first one says something of values itself.
    """
    leaves = expansion.leaves
    if len(leaves) < 2 or leaves[0].part.alone or not isinstance(leaves[0].raw, dict):
        return ""
    holding = leaves[0].part.place.pointer
    if any(group.holder.pointer == holding for group in expansion.groups):
        return ""
    stated = [name for name in leaves[0].raw if not _is_idle(name)]
    if len(stated) != 1 or stated[0] not in COMPOSITION:
        return ""
    parts = leaves[0].raw[stated[0]]
    # Of a choice that is no group, null is the other part.
    single = not isinstance(parts, list) or len(parts) == 1 or stated[0] != "allOf"
    return leaves[1].part.place.pointer if single else ""


def _is_idle(name: Raw) -> bool:
    return name in _SAYS_NOTHING or (isinstance(name, str) and name.startswith("x-"))
