"""What stands at a place of an answer, and what is certain about it, whichever branch is taken.

A value valid against a schema is valid against one of its alternatives: the schema itself, its
conjuncts and one branch of every choice, all of which hold together. What is true of every
alternative is promised by the document; anything else is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice, product

from pe4king_core.model.json import EACH, Json, join, split
from pe4king_core.model.record import record
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.intersections import common_types

_MAX_ALTERNATIVES = 64
_NO_TYPES = frozenset[JsonType]()
_ONLY_OBJECT = frozenset({JsonType.OBJECT})
_OBJECT = frozenset({JsonType.OBJECT, JsonType.NULL})
_NULL = Schema(pointer="null", types=frozenset({JsonType.NULL}))
_ANYTHING = Schema(pointer="anything")
_NOTHING = Schema(pointer="nothing", never=True)

Chosen = Mapping[str, tuple[Json, ...]]
"""Values of discriminators (by property name) that are known to be there."""


@record(frozen=True, slots=True)
class Alternative:
    """Schemas that hold together; `required` says whether the place is there at all."""

    schemas: tuple[Schema, ...]
    required: bool = True

    @property
    def never(self) -> bool:
        """Whether nothing may stand here."""
        return any(schema.never for schema in self.schemas) or self._types == frozenset()

    @property
    def nullable(self) -> bool:
        """Whether null is valid here."""
        return all(schema.nullable for schema in self.schemas)

    @property
    def only_null(self) -> bool:
        """Whether nothing but null is valid here."""
        return self._types == _NULL.types

    @property
    def types(self) -> frozenset[JsonType]:
        """The types that a value other than null can have; empty where it is not said."""
        return (self._types or frozenset()) - {JsonType.NULL}

    @property
    def is_object(self) -> bool:
        """Whether every value but null is an object."""
        return self.types == {JsonType.OBJECT}

    @property
    def _types(self) -> frozenset[JsonType] | None:
        types: frozenset[JsonType] | None = None
        for schema in self.schemas:
            types = common_types(types, stated_types(schema) or None)
        return types


def stated_types(schema: Schema) -> frozenset[JsonType]:
    """The types of `schema`; documents that state `properties` and no type mean an object."""
    return schema.types or (_OBJECT if schema.properties else frozenset())


def alternatives(
    schema: Schema, chosen: Chosen | None = None, *, required: bool = True
) -> tuple[Alternative, ...]:
    """The alternatives of `schema`; `chosen` leaves out branches with other discriminators."""
    found = list(islice(_expanded(schema, chosen or {}, ()), _MAX_ALTERNATIVES + 1))
    if len(found) > _MAX_ALTERNATIVES:
        found = [(schema,)]
    made = [Alternative(schemas, required) for schemas in found]
    possible = tuple(alternative for alternative in made if not alternative.never)
    if chosen and schema.nullable and not any(found.nullable for found in possible):
        # Null has no discriminator, but a test must not look for one in it.
        possible = (*possible, Alternative((_NULL,), required))
    return possible or (Alternative((schema,), required),)


def _expanded(
    schema: Schema, chosen: Chosen, above: tuple[Schema, ...]
) -> Iterator[tuple[Schema, ...]]:
    if schema in above or len(above) > _MAX_ALTERNATIVES:
        yield ()
        return
    inside = (*above, schema)
    parts: list[Iterable[tuple[Schema, ...]]] = [
        list(islice(_expanded(part, chosen, inside), _MAX_ALTERNATIVES + 1))
        for part in schema.conjuncts.values()
    ]
    if schema.branches:
        parts.append(
            [
                (*_tagged(schema, branch), *expanded)
                for branch in _chosen_branches(schema, chosen)
                for expanded in islice(_expanded(branch, chosen, inside), _MAX_ALTERNATIVES + 1)
            ]
        )
    for together in product(*parts):
        yield tuple(dict.fromkeys((schema, *(s for part in together for s in part))))


def tags_of(schema: Schema, branch: Schema) -> tuple[str, ...]:
    """The discriminator values that mean `branch`; none where the document does not say."""
    if schema.discriminator is None:
        return ()
    mapping = schema.discriminator.mapping
    found = (value for value, pointer in mapping.items() if pointer == branch.pointer)
    named = tuple(value for value in found if not _is_position(value, branch))
    return _stated_tags(branch.properties.get(schema.discriminator.property_name), named)


def _stated_tags(member: Schema | None, named: tuple[str, ...]) -> tuple[str, ...]:
    """`named`, but what the branch itself says of the discriminator where that is another value:
    documents leave the mapping out and do not mean the names of their schemas."""
    if member is None or member.enum is None or any(each in member.enum for each in named):
        return named
    return tuple(each for each in member.enum if isinstance(each, str)) if named else ()


def _is_position(value: str, branch: Schema) -> bool:
    """Whether `value` is no name but the number of a branch that stands in its choice."""
    way = split(branch.pointer)
    return way[-1:] == (value,) and way[-2:-1] in (("oneOf",), ("anyOf",))


def _tagged(schema: Schema, branch: Schema) -> tuple[Schema, ...]:
    """What the discriminator says of `branch`, as a schema."""
    tags = tags_of(schema, branch)
    if not tags or schema.discriminator is None:
        return ()
    at = join(branch.pointer, "discriminator")
    properties = {schema.discriminator.property_name: Schema(at, enum=tags)}
    return (Schema(at, types=frozenset(JsonType), properties=properties),)


def _chosen_branches(schema: Schema, chosen: Chosen) -> Iterable[Schema]:
    tag = schema.discriminator
    values = chosen.get(tag.property_name) if tag is not None else None
    branches = tuple(schema.branches.values())
    if values is None:
        return branches
    named = [(branch, tags_of(schema, branch)) for branch in branches]
    known = {text for _, tags in named for text in tags}
    if not all(value in known for value in values):
        return branches
    return tuple(branch for branch, tags in named if any(text in values for text in tags))


def certain_types(schema: Schema) -> frozenset[JsonType]:
    """The types of every value but null, whichever branch is taken; empty where any may be."""
    if not schema.branches and not schema.conjuncts:
        return _NO_TYPES if schema.never else _not_null(stated_types(schema))
    found: set[JsonType] = set()
    for item in alternatives(schema):
        if item.only_null or item.never:
            continue
        if not item.types:
            return _NO_TYPES
        found |= item.types
    return frozenset(found)


@cache
def _not_null(types: frozenset[JsonType]) -> frozenset[JsonType]:
    return types - _NULL.types


def is_object(schema: Schema) -> bool:
    """Whether every value of `schema` but null is an object, and there is one."""
    return certain_types(schema) == _ONLY_OBJECT


def child(
    place: Iterable[Alternative], token: str, chosen: Chosen | None = None
) -> tuple[Alternative, ...]:
    """The place that `token` leads to from `place`; empty where the document knows of none.

    An alternative in which anything may stand there adds one that promises nothing.
    """
    found: list[Alternative] = []
    known = False
    for alternative in place:
        known |= _mentions(alternative, token)
        if alternative.only_null or alternative.never:
            found.append(Alternative((_NOTHING,)))
            continue
        schemas, required = _inner(alternative, token)
        if _NOTHING in schemas:
            found.append(Alternative(schemas, required))
        else:
            found += _together(schemas, chosen, required=required)
    return tuple(found) if known else ()


def _mentions(alternative: Alternative, token: str) -> bool:
    if token == EACH or token.isdecimal():
        return any(schema.items is not None for schema in alternative.schemas)
    return any(token in schema.properties for schema in alternative.schemas)


def _together(
    schemas: tuple[Schema, ...], chosen: Chosen | None, *, required: bool
) -> Iterator[Alternative]:
    """Every way to take one alternative of each of `schemas`, which all hold."""
    options = [alternatives(schema, chosen) for schema in schemas]
    if math.prod(len(option) for option in options) > _MAX_ALTERNATIVES:
        yield Alternative((*schemas, *_typed(schemas)), required)
        return
    for parts in product(*options):
        together = dict.fromkeys(schema for part in parts for schema in part.schemas)
        yield Alternative(tuple(together) or (_ANYTHING,), required)


def _typed(schemas: tuple[Schema, ...]) -> Iterator[Schema]:
    """What is certain of the types, where there are too many alternatives to look at each."""
    for schema in schemas:
        types = certain_types(schema)
        if types and schema.branches:
            null = _NULL.types if schema.nullable else _NO_TYPES
            yield Schema(join(schema.pointer, "types"), types=types | null)


def _inner(alternative: Alternative, token: str) -> tuple[tuple[Schema, ...], bool]:
    """The schemas of what `token` leads to, all of which hold there, and if it must be there."""
    schemas = alternative.schemas
    if token == EACH or token.isdecimal():
        if alternative.types != {JsonType.ARRAY}:
            return (), False
        low = max(schema.size.low or 0 for schema in schemas)
        there = token == EACH or int(token) < low
        return tuple(schema.items for schema in schemas if schema.items is not None), there
    if not alternative.is_object:
        return (), False
    must = any(
        token in schema.required
        and not (token in schema.properties and schema.properties[token].write_only)
        for schema in schemas
    )
    if any(not s.additional_allowed and token not in s.properties for s in schemas):
        return (_NOTHING,), must
    stated = tuple(schema.properties[token] for schema in schemas if token in schema.properties)
    return (*stated, *_others(schemas, token)) if stated else (), must


def _others(schemas: Iterable[Schema], token: str) -> Iterator[Schema]:
    """What `additionalProperties` of schemas that do not name `token` say of it."""
    for schema in schemas:
        if token not in schema.properties and schema.additional is not None:
            yield schema.additional
