"""The places of a valid body: each field and item, what is stated of it, and what decides there.

A constraint that is reached through properties, items and allOf alone holds in every valid body:
breaking it breaks the body, so nothing else has to be looked at. What is reached through a
branch of oneOf or anyOf is judged from the choice on, and what has to stay valid is judged from
the outermost schema that says more than which fields and items there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pe4king_core.generation.variations.schema_memo import SchemaMemo
from pe4king_core.model.json import Json, join
from pe4king_core.model.record import record
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_MAX_DEPTH = 3
_MAX_CONJUNCTS = 40


@record(frozen=True, slots=True)
class Anchor:
    """Where a judgement of changes begins: the value at `pointer` against `schema`."""

    schema: Schema
    value: Json
    pointer: str


@record(frozen=True, slots=True)
class BodyPlace:
    """One place. `name` is what titles call it; `level` counts the objects around it.

    An item is `required` where the array may not be shorter. `choice` is set where `schemas`
    hold in one branch only, `rules` where a change that is valid here may still be invalid
    further out.
    """

    name: str
    schemas: tuple[Schema, ...]
    pointer: str
    value: Json = None
    present: bool = True
    required: bool = True
    is_item: bool = False
    level: int = 0
    choice: Anchor | None = None
    rules: Anchor | None = None


@record(frozen=True, slots=True)
class CheckedBody:
    """A body, whether it is valid, and its places: the whole, then outer ones before inner ones.

    A schema that stands at several places is entered at the first of them.
    """

    schema: Schema
    value: Json
    verdict: Validity
    places: tuple[BodyPlace, ...]


def checked_body(schema: Schema, value: Json, memo: SchemaMemo) -> CheckedBody:
    """Looks at the body `value`; asked again for the same one, `memo` has it."""
    known = memo.body
    if known is not None and known.value is value and known.schema is schema:
        return known
    verdict = validity(value, schema, direction=Direction.REQUEST)
    places = () if verdict is Validity.INVALID else tuple(_places(schema, value, memo))
    memo.body = CheckedBody(schema, value, verdict, places)
    return memo.body


def _places(schema: Schema, value: Json, memo: SchemaMemo) -> Iterator[BodyPlace]:
    whole = BodyPlace("body", (schema,), "", value)
    yield whole
    yield from _inside(whole, _Walk(memo, set()), 0)


@record(frozen=True, slots=True)
class _Walk:
    memo: SchemaMemo
    entered: set[str]


def _inside(place: BodyPlace, walk: _Walk, depth: int) -> Iterator[BodyPlace]:
    if depth > _MAX_DEPTH or not isinstance(place.value, Mapping | list | tuple):
        return
    key = place.schemas[0].pointer
    if key in walk.entered:
        return
    walk.entered.add(key)
    fields = list(_fields(place, walk.memo))
    yield from fields
    for field in fields:
        if field.present:
            yield from _inside(field, walk, depth + 1)


def _fields(place: BodyPlace, memo: SchemaMemo) -> Iterator[BodyPlace]:
    stated = list(_stated(place))
    rules = place.rules
    if rules is None and not all(memo.is_plain(schema) for schema in place.schemas):
        rules = Anchor(place.schemas[0], place.value, place.pointer)
    if isinstance(place.value, Mapping):
        names = dict.fromkeys(name for schema, _ in stated for name in schema.properties)
        for name in names:
            yield _field(name, place, place.value, stated, rules)
    else:
        yield from _item(place, stated, rules)


_Stated = tuple[Schema, Anchor | None]


def _stated(place: BodyPlace) -> Iterator[_Stated]:
    """What holds together at `place`: certainly, then in the branch that its value is of."""
    waiting = [(schema, place.choice) for schema in place.schemas]
    for schema, choice in waiting:
        yield schema, choice
        if len(waiting) > _MAX_CONJUNCTS:
            continue
        waiting += [(part, choice) for part in schema.conjuncts.values()]
        branch = _branch_of(place.value, schema)
        if branch is not None:
            waiting.append((branch, choice or Anchor(schema, place.value, place.pointer)))


def _branch_of(value: Json, schema: Schema) -> Schema | None:
    for branch in schema.branches.values():
        if validity(value, branch, direction=Direction.REQUEST) is Validity.VALID:
            return branch
    return None


def _field(
    name: str,
    place: BodyPlace,
    members: Mapping[str, Json],
    stated: list[_Stated],
    rules: Anchor | None,
) -> BodyPlace:
    found = [item for item in stated if name in item[0].properties]
    certain = [item for item in found if item[1] is None]
    used = certain or found
    return BodyPlace(
        name,
        tuple(schema.properties[name] for schema, _ in used),
        _below(place.pointer, name),
        members.get(name),
        name in members,
        any(name in schema.required for schema, choice in stated if certain == [] or not choice),
        level=place.level + (place.pointer != ""),
        choice=None if certain else found[0][1],
        rules=rules,
    )


def _item(place: BodyPlace, stated: list[_Stated], rules: Anchor | None) -> Iterator[BodyPlace]:
    found = [(schema, choice) for schema, choice in stated if schema.items is not None]
    items = place.value
    if not found or not isinstance(items, list | tuple) or not items:
        return
    certain = [item for item in found if item[1] is None]
    used = certain or found
    low = max(int(schema.size.low or 0) for schema, choice in stated if not choice or not certain)
    yield BodyPlace(
        "item" if place.pointer == "" else f"{place.name} item",
        tuple(schema.items for schema, _ in used if schema.items is not None),
        _below(place.pointer, "0"),
        items[0],
        is_item=True,
        required=len(items) <= low,
        level=place.level,
        choice=None if certain else found[0][1],
        rules=rules,
    )


def _below(pointer: str, name: str) -> str:
    return join(pointer, name) if "/" in name or "~" in name else f"{pointer}/{name}"
