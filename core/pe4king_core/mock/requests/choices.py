"""Choices of which a value says itself which branch it is, so that it may fit others as well.

With `oneOf` a value that fits two branches is invalid. Where a discriminator names the branch, or
the document states a branch twice, every server takes the value all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from pe4king_core.model.record import replace
from pe4king_core.model.schema import Schema, SchemaMap

_DEEPEST = 5
_Known = dict[int, tuple[Schema, Schema]]


def relaxed(schema: Schema) -> Schema:
    """`schema` with such choices as `anyOf`; made as far as it is looked at."""
    return _relaxed(schema, {})


def _relaxed(schema: Schema, known: _Known) -> Schema:
    found = known.get(id(schema))
    if found is None:
        found = known[id(schema)] = (schema, _made(schema, known))
    return found[1]


def _made(schema: Schema, known: _Known) -> Schema:
    return replace(
        schema,
        exclusive_branches=schema.exclusive_branches and not _says_which(schema),
        properties=_members(schema.properties, known),
        pattern_properties=_members(schema.pattern_properties, known),
        dependent_schemas=_members(schema.dependent_schemas, known),
        prefix_items=_members(schema.prefix_items, known),
        branches=_members(schema.branches, known),
        conjuncts=_members(schema.conjuncts, known),
        others=_members(schema.others, known),
    )


def _members(members: Mapping[str, Schema], known: _Known) -> Mapping[str, Schema]:
    if not members:
        return members
    makers: dict[str, Callable[[], Schema]] = {
        name: partial(_member, members, name, known) for name in members
    }
    return SchemaMap(makers)


def _member(members: Mapping[str, Schema], name: str, known: _Known) -> Schema:
    return _relaxed(members[name], known)


def _says_which(schema: Schema) -> bool:
    branches = tuple(schema.branches.values())
    if schema.discriminator is not None or len(set(branches)) < len(branches):
        return True
    return all(_is_discriminated(branch, 0) for branch in branches)


def _is_discriminated(branch: Schema, depth: int) -> bool:
    """Whether it has a discriminator, or has inherited one."""
    if branch.discriminator is not None:
        return True
    parts = branch.conjuncts.values() if depth < _DEEPEST else ()
    return any(_is_discriminated(part, depth + 1) for part in parts)
