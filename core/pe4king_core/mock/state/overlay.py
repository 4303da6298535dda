"""What is known of a thing laid over a made-up answer; the answer stays valid.

A known member goes in where the answer has one of that name and the value fits there; what does
not fit is left as it was made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pe4king_core.generation.wording import words_of
from pe4king_core.mock.state.shapes import is_array, items_of, required_in, stated
from pe4king_core.model.json import Json
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_SECRET = frozenset(
    {"password", "passwd", "passphrase", "secret", "token", "credential", "credentials", "pin"}
    | {"cvv", "cvc", "пароль"}
)
_MOST_MEMBERS = 60
"""Members tried one by one where all of them together do not fit."""
_DEPTH = 12


class _Nothing:
    """No value fits."""


_NOTHING: Final = _Nothing()


def is_secret(name: str) -> bool:
    """Whether a member is one that servers never tell again."""
    return not _SECRET.isdisjoint(words_of(name))


def told(value: Json, schema: Schema | None, depth: int = _DEPTH) -> Json:
    """What was sent, without what is write-only, read-only or secret."""
    if isinstance(value, list | tuple):
        inner = items_of(schema) if schema is not None else None
        return [told(each, inner, depth - 1) for each in value] if depth > 0 else list(value)
    if not isinstance(value, Mapping):
        return value
    members = stated(schema) if schema is not None else {}
    return {
        name: told(member, next(iter(members.get(name, ())), None), depth - 1)
        for name, member in value.items()
        if depth > 0
        and not is_secret(name)
        and not any(each.write_only or each.read_only for each in members.get(name, ()))
    }


def fits(value: Json, schema: Schema) -> bool:
    """Whether an answer with `value` may be given."""
    return validity(value, schema, direction=Direction.RESPONSE) is Validity.VALID


def laid_over(
    base: Json,
    schema: Schema,
    members: Mapping[str, Json],
    said: frozenset[str] = frozenset(),
) -> Json:
    """`base`, valid against `schema`, with the `members` that fit; what is `said` to be able to
    have a value and has none is left out or null, if it may be."""
    if not isinstance(base, Mapping):
        return base
    known = stated(schema)
    free = not known and schema.additional_allowed
    changes: dict[str, Json] = {}
    for name, new in members.items():
        if name in known or name in base or free:
            found = _fitted(new, known.get(name, ()), base.get(name), _DEPTH)
            if not isinstance(found, _Nothing) and (name not in base or found != base[name]):
                changes[name] = found
    needed = required_in(schema)
    without = [name for name in base if name in said and name not in members]
    for name in without:
        if name in needed and all(each.nullable for each in known.get(name, ())):
            changes[name] = None
    gone = [name for name in without if name not in needed]
    return _valid(base, schema, changes, gone)


def _valid(
    base: Mapping[str, Json], schema: Schema, changes: Mapping[str, Json], gone: list[str]
) -> Json:
    """All changes together, else as many of them as stay valid, one after the other."""
    if not changes and not gone:
        return base
    whole = {**{n: v for n, v in base.items() if n not in gone}, **changes}
    found = validity(whole, schema, direction=Direction.RESPONSE)
    if found is Validity.VALID:
        return whole
    before = validity(base, schema, direction=Direction.RESPONSE)
    allowed = {Validity.VALID, before} - {Validity.INVALID}
    if found in allowed:
        return whole
    if len(changes) + len(gone) > _MOST_MEMBERS:
        return base
    made = dict(base)
    for name in (*changes, *gone):
        tried = {n: v for n, v in made.items() if n != name}
        if name in changes:
            tried = {**made, name: changes[name]}
        if validity(tried, schema, direction=Direction.RESPONSE) in allowed:
            made = tried
    return made


def _fitted(new: Json, schemas: tuple[Schema, ...], old: Json, depth: int) -> Json | _Nothing:
    """`new` as a value of all or any of `schemas`; merged into `old` where it is a part of it."""
    if any(each.write_only for each in schemas) or depth <= 0:
        return _NOTHING
    if not schemas or any(_may_be(new, each) for each in schemas):
        return new
    schema = schemas[0]
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        return _fitted_object(new, schema, old, depth)
    if isinstance(new, list) and isinstance(old, list | tuple) and old and is_array(schema):
        inner = items_of(schema)
        parts = [
            _fitted(each, (inner,) if inner is not None else (), old[at % len(old)], depth - 1)
            for at, each in enumerate(new)
        ]
        kept = [each for each in parts if not isinstance(each, _Nothing)]
        return kept if len(kept) == len(new) else _NOTHING
    return _NOTHING


def _fitted_object(
    new: Mapping[str, Json], schema: Schema, old: Mapping[str, Json], depth: int
) -> Json:
    known = stated(schema)
    changes: dict[str, Json] = {}
    for name, member in new.items():
        if name in known or name in old:
            found = _fitted(member, known.get(name, ()), old.get(name), depth - 1)
            if not isinstance(found, _Nothing):
                changes[name] = found
    return _valid(old, schema, changes, [])


def _may_be(value: Json, schema: Schema) -> bool:
    return validity(value, schema, direction=Direction.RESPONSE) is not Validity.INVALID
