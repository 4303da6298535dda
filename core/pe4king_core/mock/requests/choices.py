"""Choices of which a value says itself which branch it is, so that it may fit others as well.

With `oneOf` a value that fits two branches is invalid. Every server takes it all the same where
the value names its branch by the discriminator and fits that one. A branch that the document states
twice counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from pe4king_core.model.json import split
from pe4king_core.model.record import replace
from pe4king_core.model.schema import Discriminator, Schema, SchemaMap

_DEEPEST = 5
_STRICTLY = "strictly"
_Known = dict[int, tuple[Schema, Schema]]


def relaxed(schema: Schema) -> Schema:
    """`schema` with such choices taken so; made as far as it is looked at."""
    return _relaxed(schema, {})


def _relaxed(schema: Schema, known: _Known) -> Schema:
    found = known.get(id(schema))
    if found is None:
        found = known[id(schema)] = (schema, _made(schema, known))
    return found[1]


def _made(schema: Schema, known: _Known) -> Schema:
    made = replace(
        schema,
        properties=_members(schema.properties, known),
        pattern_properties=_members(schema.pattern_properties, known),
        dependent_schemas=_members(schema.dependent_schemas, known),
        prefix_items=_members(schema.prefix_items, known),
        branches=_members(_once(schema), known),
        conjuncts=_members(schema.conjuncts, known),
        others=_members(schema.others, known),
    )
    named = dict(_named(schema, known)) if schema.exclusive_branches else {}
    if not named:
        return made
    exclusive = Schema(schema.pointer, branches=made.branches, exclusive_branches=True)
    choice = {**named, _STRICTLY: exclusive}
    return replace(made, branches=choice, exclusive_branches=False)


def _members(members: Mapping[str, Schema], known: _Known) -> Mapping[str, Schema]:
    if not members:
        return members
    makers: dict[str, Callable[[], Schema]] = {
        name: partial(_member, members, name, known) for name in members
    }
    return SchemaMap(makers)


def _member(members: Mapping[str, Schema], name: str, known: _Known) -> Schema:
    return _relaxed(members[name], known)


def _once(schema: Schema) -> Mapping[str, Schema]:
    """The branches, each of them once."""
    if not schema.exclusive_branches:
        return schema.branches
    found: dict[Schema, str] = {}
    for pointer, branch in schema.branches.items():
        found.setdefault(branch, pointer)
    return {pointer: branch for branch, pointer in found.items()}


def _named(schema: Schema, known: _Known) -> Iterator[tuple[str, Schema]]:
    """The branches that a value can name, each as what a value that names it has to fit."""
    stated = schema.discriminator
    for pointer, branch in schema.branches.items():
        told = stated or _inherited(branch, 0)
        if told is None:
            continue
        names = {value for value, to in told.mapping.items() if stated is None or to == pointer}
        # The name of its schema names a branch as well, beside what a mapping says.
        *_, holder, own = ("", "", *split(pointer))
        if holder in ("schemas", "definitions") and own not in told.mapping:
            names.add(own)
        if names:
            name = Schema(pointer, enum=tuple(sorted(names)))
            naming = Schema(
                pointer,
                properties={told.property_name: name},
                required=frozenset({told.property_name}),
            )
            both = {"branch": _relaxed(branch, known), "name": naming}
            yield pointer, Schema(pointer, conjuncts=both)


def _inherited(branch: Schema, depth: int) -> Discriminator | None:
    """The discriminator that a branch has, or has inherited."""
    if branch.discriminator is not None:
        return branch.discriminator
    parts = branch.conjuncts.values() if depth < _DEEPEST else ()
    found = (_inherited(part, depth + 1) for part in parts)
    return next((each for each in found if each is not None), None)
