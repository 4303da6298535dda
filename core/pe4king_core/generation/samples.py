"""Sample values for schemas: documented examples where they are valid, else values that look
like the real thing. The same schema gives the same value every time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from pe4king_core.generation.places import stated_types, tags_of
from pe4king_core.generation.scalars import numbers, strings
from pe4king_core.generation.unnamed import other_names, required_beside, schema_of
from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction, Validity, same, validity

_DEPTH = 12
_DEEPEST = 36
_BUDGET = 2_000
_MAX_ITEMS = 1_000
_MAX_WEIGHT = 4_000
"""How many values an array may hold, those inside of its items as well."""
_MAX_TRIES = 80
"""Candidates looked at for one place: patterns with a length need the most."""


def sample(schema: Schema | None, name: str = "") -> Json:
    """A value for `schema` in a request; `name` is the property's or parameter's name.

    The value is as good as the schema can be understood; callers that must be sure ask
    `validity`. Read-only properties and recursive optional ones are left out.
    """
    if schema is None:
        return "sample"
    return _Sampler().value(schema, _At(name)).value


@dataclass(frozen=True, slots=True)
class _At:
    """The name of the place and the schemas it lies in."""

    name: str
    above: tuple[Schema, ...] = ()

    def inside(self, schema: Schema, name: str = "") -> _At:
        return _At(name, (*self.above, schema))


@dataclass(frozen=True, slots=True)
class _Made:
    value: Json
    valid: bool = True


_OF_OTHER_MEMBERS = frozenset({"additionalProperties", "items", "contentSchema"})
"""Subschemas that say nothing of an object with no other properties than the named ones."""


class _Sampler:
    """Makes one value; what it may spend is shared by all its parts, so hostile schemas end."""

    def __init__(self) -> None:
        self._budget = _BUDGET

    def value(self, schema: Schema, at: _At) -> _Made:
        """The first candidate that is not known to be invalid, else the first of all."""
        self._budget -= 1
        if len(at.above) > _DEEPEST or self._budget < -_BUDGET:
            return _Made(None, valid=False)
        simple = self._simple(schema, at)
        if simple is not None:
            return _Made(simple)
        first: list[Json] = []
        for candidate in islice(self._candidates(schema, at), _MAX_TRIES):
            if validity(candidate, schema, direction=Direction.REQUEST) is not Validity.INVALID:
                return _Made(candidate)
            first = first or [candidate]
        return _Made(first[0] if first else None, valid=False)

    def _simple(self, schema: Schema, at: _At) -> dict[str, Json] | None:
        """An object that is valid because its members are; None where more has to be looked at."""
        if (
            stated_types(schema) - {JsonType.NULL} != {JsonType.OBJECT}
            or schema.examples
            or schema.enum is not None
            or schema.branches
            or schema.conjuncts
            or schema.property_count.limited
            or schema.pattern_properties
            or schema.dependent_required
            or schema.dependent_schemas
            or not schema.others.keys() <= _OF_OTHER_MEMBERS
            or not schema.required <= schema.properties.keys()
        ):
            return None
        inside = at.inside(schema)
        value: dict[str, Json] = {}
        for name, child in schema.properties.items():
            if not self._is_wanted(name, schema, inside):
                continue
            made = self.value(child, replace(inside, name=name))
            if made.valid:
                value[name] = made.value
            elif name in schema.required:
                return None
        return value

    def _is_wanted(self, name: str, schema: Schema, inside: _At) -> bool:
        child = schema.properties[name]
        if child.read_only or child.never:
            return False
        extra = _recursive(child, inside.above) or self._is_too_much(inside)
        return name in schema.required or not extra

    def _candidates(self, schema: Schema, at: _At) -> Iterator[Json]:
        for example in schema.examples:
            yield _without_read_only(example, schema)
        if schema.enum is not None:
            yield from sorted(schema.enum, key=lambda value: value is None)
            return
        if schema.branches:
            yield from self._of_branches(schema, at)
        if "if" in schema.others:
            yield from self._of_conditions(schema, at)
        for kind in _kinds(schema):
            yield from self._typed(schema, kind, at)
        for conjunct in schema.conjuncts.values():
            yield self.value(conjunct, at.inside(schema, at.name)).value
        if schema.nullable:
            yield None

    def _typed(self, schema: Schema, kind: JsonType, at: _At) -> Iterator[Json]:
        if kind is JsonType.OBJECT:
            yield from self._objects(schema, at)
        elif kind is JsonType.ARRAY:
            yield from self._arrays(schema, at)
        elif kind in (JsonType.INTEGER, JsonType.NUMBER):
            yield from numbers(schema, integer=kind is JsonType.INTEGER)
        elif kind is JsonType.BOOLEAN:
            yield from (True, False)
        elif kind is JsonType.STRING:
            yield from strings(schema, at.name)
        else:
            yield None

    def _of_branches(self, schema: Schema, at: _At) -> Iterator[Json]:
        """Each branch that is not recursive, with the properties beside it and its tag."""
        if _is_plain_object(schema):
            yield from self._objects(schema, at)
        branches = [branch for branch in schema.branches.values() if branch not in at.above]
        for branch in sorted(branches, key=lambda branch: branch.only_type is None):
            value = self.value(branch, at.inside(schema, at.name)).value
            if not isinstance(value, Mapping):
                if JsonType.OBJECT not in stated_types(schema):
                    yield value
                continue
            tags = tags_of(schema, branch)
            if tags and schema.discriminator is not None:
                value = {**value, schema.discriminator.property_name: tags[0]}
            if schema.properties:
                yield {**self._members(schema, at, optional=True), **value}
                yield {**self._members(schema, at, optional=False), **value}
            yield value

    def _of_conditions(self, schema: Schema, at: _At) -> Iterator[Json]:
        """What `then` wants where `if` holds, then what `else` wants; with the rest of objects."""
        inside = at.inside(schema, at.name)
        for way in (("if", "then"), ("then",), ("else",)):
            stated = [schema.others[keyword] for keyword in way if keyword in schema.others]
            parts = [
                self.value(_typed_as(part, schema), inside).value
                for part in stated
                if part not in at.above
            ]
            if parts and all(isinstance(part, Mapping) for part in parts):
                for optional in (True, False):
                    value = self._members(schema, at, optional=optional)
                    for part in parts:
                        value |= part if isinstance(part, Mapping) else {}
                    yield value
            yield from (part for part in parts if not isinstance(part, Mapping))

    def _objects(self, schema: Schema, at: _At) -> Iterator[Json]:
        members = self._members(schema, at, optional=True)
        yield members
        fewest = self._members(schema, at, optional=False)
        yield fewest
        low = int(schema.property_count.low or 0)
        if len(members) < low <= _MAX_ITEMS:
            yield self._filled(schema, members, low, at)
            yield self._filled(schema, fewest, low, at)

    def _filled(self, schema: Schema, members: dict[str, Json], low: int, at: _At) -> Json:
        """`members` with others, up to `low`."""
        inside = at.inside(schema)
        filled = dict(members)
        for name in islice(other_names(schema), 2 * low + _MAX_TRIES):
            if len(filled) >= low:
                break
            if name not in filled and name not in schema.properties:
                filled[name] = self._unnamed(schema, name, inside)
        return filled

    def _unnamed(self, schema: Schema, name: str, inside: _At) -> Json:
        """A value for a property that `schema` may not name."""
        stated = schema_of(schema, name)
        return "sample" if stated is None else self.value(stated, replace(inside, name=name)).value

    def _members(self, schema: Schema, at: _At, *, optional: bool) -> dict[str, Json]:
        inside = at.inside(schema)
        value: dict[str, Json] = {}
        for conjunct in schema.conjuncts.values():
            part = self.value(conjunct, inside).value
            value |= part if isinstance(part, Mapping) else {}
        for name, child in schema.properties.items():
            required = name in schema.required
            if not (required or optional) or not self._is_wanted(name, schema, inside):
                continue
            made = self.value(child, replace(inside, name=name))
            if made.valid or required:
                value[name] = made.value
        for trigger, dependent in schema.dependent_schemas.items():
            there = trigger in value or trigger in schema.required
            if there and dependent not in at.above:
                part = self.value(dependent, inside).value
                value = {**part, **value} if isinstance(part, Mapping) else value
        for name in sorted(required_beside(schema, value) - value.keys()):
            stated = schema.properties.get(name)
            if stated is None or not (name in schema.required or stated.read_only):
                value[name] = self._unnamed(schema, name, inside)
        return value

    def _is_too_much(self, at: _At) -> bool:
        return len(at.above) > _DEPTH or self._budget < 0

    def _arrays(self, schema: Schema, at: _At) -> Iterator[Json]:
        low = min(int(schema.size.low or 0), _MAX_ITEMS)
        items = schema.others.get("items")
        inside = at.inside(schema, at.name.rstrip("s"))
        if schema.prefix_items or "contains" in schema.others:
            yield from self._tuples(schema, low, inside)
        if items is None:
            yield [f"sample {number}" if number else "sample" for number in range(low)]
            return
        if low == 0 and (items in at.above or self._is_too_much(inside)):
            yield []
            return
        first = self.value(items, inside)
        if (low == 0 and not first.valid) or low * _weight(first.value, _MAX_WEIGHT) > _MAX_WEIGHT:
            yield []
            return
        count = max(low, 1) if schema.size.high is None or schema.size.high >= 1 else 0
        if schema.unique_items and count > 1:
            yield self._distinct(items, count, inside)
        yield [first.value] * count

    def _tuples(self, schema: Schema, low: int, inside: _At) -> Iterator[Json]:
        """The first items by their own schemas, then what `contains` looks for, then the rest."""
        items, wanted = schema.others.get("items"), schema.others.get("contains")
        head = [
            self.value(stated, inside).value
            for stated in islice(schema.prefix_items.values(), _MAX_ITEMS)
            if stated not in inside.above
        ]
        found: list[Json] = []
        if wanted is not None and wanted not in inside.above:
            count = min(int(schema.contains_count.low or 0), _MAX_ITEMS)
            typed = wanted if items is None else _typed_as(wanted, items)
            found = [self.value(typed, inside).value] * max(count, 1)
        missing = max(low - len(head) - len(found), 0)
        last = self.value(items, inside).value if items is not None and missing else "sample"
        weight = _weight([last, found[:1]], _MAX_WEIGHT) * (missing + len(found))
        if weight <= _MAX_WEIGHT:
            yield [*head, *found, *[last] * missing]
            yield [*found, *head[len(found) :], *[last] * missing]
        yield head
        yield head[:low]

    def _distinct(self, items: Schema, count: int, at: _At) -> list[Json]:
        found: list[Json] = []
        for candidate in islice(self._many(items, at), 4 * count + _MAX_TRIES):
            if any(same(candidate, other) for other in found):
                continue
            if validity(candidate, items, direction=Direction.REQUEST) is not Validity.INVALID:
                found.append(candidate)
            if len(found) == count:
                break
        return found

    def _many(self, items: Schema, at: _At) -> Iterator[Json]:
        """Candidates for one item, then variations of the first: other endings, other numbers."""
        candidates = list(islice(self._candidates(items, at), _MAX_TRIES))
        yield from candidates
        for number in range(1, _MAX_ITEMS + 1):
            for value in candidates[:1]:
                yield from _variations(value, number)


def _weight(value: Json, most: int) -> int:
    """How many values `value` holds, counted up to `most`."""
    waiting, count = [value], 0
    while waiting and count <= most:
        found = waiting.pop()
        count += 1
        if isinstance(found, Mapping):
            waiting += found.values()
        elif isinstance(found, list | tuple):
            waiting += found
    return count


def _variations(value: Json, number: int) -> Iterator[Json]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + number, value - number)
    elif isinstance(value, str):
        ending = str(number)
        yield from (value[: -len(ending)] + ending, value + ending)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            for other in _variations(member, number):
                yield {**value, name: other}


def _kinds(schema: Schema) -> list[JsonType]:
    """The types to try, the most telling first."""
    kinds = schema.types
    if not kinds:
        implied = JsonType.OBJECT if schema.properties or schema.required else JsonType.STRING
        if not schema.properties and (
            schema.prefix_items or not schema.others.keys().isdisjoint(("items", "contains"))
        ):
            implied = JsonType.ARRAY
        return [implied, *(kind for kind in _ORDER if kind is not implied)]
    return [kind for kind in _ORDER if kind in kinds]


_ORDER = (
    JsonType.OBJECT,
    JsonType.ARRAY,
    JsonType.STRING,
    JsonType.INTEGER,
    JsonType.BOOLEAN,
    JsonType.NUMBER,
    JsonType.NULL,
)


def _typed_as(part: Schema, whole: Schema) -> Schema:
    """`part`, which holds together with `whole`, with the types that only `whole` states."""
    if part.types or not whole.types or part.never:
        return part
    return replace(part, types=whole.types, pointer=f"{part.pointer}&{whole.pointer}")


def _is_plain_object(schema: Schema) -> bool:
    return bool(schema.properties) and not schema.exclusive_branches and not schema.discriminator


def _without_read_only(value: Json, schema: Schema) -> Json:
    """An example of a whole resource without what only answers have."""
    if not isinstance(value, Mapping):
        return value
    known = schema.properties
    return {
        name: member
        for name, member in value.items()
        if name not in known or not known[name].read_only
    }


def _recursive(schema: Schema, above: tuple[Schema, ...]) -> bool:
    if schema in above or (schema.items is not None and schema.items in above):
        return True
    return bool(schema.branches) and all(branch in above for branch in schema.branches.values())
