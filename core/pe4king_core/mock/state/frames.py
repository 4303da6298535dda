"""Where answers have the thing they are about, and a thing laid into such an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pe4king_core.generation.wording import words_of
from pe4king_core.mock.state.keys import typed
from pe4king_core.mock.state.overlay import laid_over
from pe4king_core.mock.state.places import Place, Role
from pe4king_core.mock.state.shapes import id_at, id_like, member_at, put_at, stated, thing_at
from pe4king_core.mock.state.store import Thing
from pe4king_core.model.json import Json, join, lookup, split
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity


@dataclass(frozen=True, slots=True)
class Frame:
    """The `pointer` of the thing in an answer, what its schema says of it, and of its id."""

    whole: Schema
    pointer: str
    schema: Schema | None
    members: Mapping[str, tuple[Schema, ...]]
    id_name: str

    @property
    def id_schema(self) -> Schema | None:
        """What the id looks like."""
        return next(iter(self.members.get(self.id_name, ())), None)

    def found_in(self, value: Json) -> Mapping[str, Json] | None:
        """The thing in an answer; None where it is no object."""
        inner = lookup(value, self.pointer)
        return inner if isinstance(inner, Mapping) and self.schema is not None else None

    def laid(self, value: Json, thing: Thing, outer: Mapping[str, Json]) -> Json:
        """`value`, an answer, with what is known of `thing`; `outer`: what its path says."""
        inner = self.found_in(value)
        if inner is None or self.schema is None:
            return value
        said = thing.said - {self.id_name}
        members = {**thing.members, **outer}
        if self.id_name and thing.key is not None:
            members[self.id_name] = typed(thing.key, self.id_schema)
        new = laid_over(inner, self.schema, members, said)
        return self.put(value, new)

    def put(self, value: Json, new: Json) -> Json:
        """`value` with `new` as the thing, if that is as valid as `value` is."""
        made = put_at(value, self.pointer, new)
        if not self.pointer or made == value:
            return made
        before = validity(value, self.whole, direction=Direction.RESPONSE)
        after = validity(made, self.whole, direction=Direction.RESPONSE)
        return made if after in {Validity.VALID, before} - {Validity.INVALID} else value


class Frames:
    """The frames of one document, each looked for once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Frame] = {}

    def of(self, place: Place, operation: Operation, schema: Schema) -> Frame:
        """The frame of the answer of `operation` whose schema is `schema`."""
        key = (operation.key, schema.pointer)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = _frame(place, operation, schema)
        return found


def _frame(place: Place, operation: Operation, schema: Schema) -> Frame:
    status = 201 if place.role is Role.CREATE and "201" in operation.responses else 200
    at = id_at(operation, status, place.kind.parameter) if not place.single else None
    way = split(at) if at else ()
    pointer = join("", *way[:-1]) if way else thing_at(schema, place.kind.resource)
    inner = member_at(schema, pointer)
    members = stated(inner) if inner is not None else {}
    wanted = words_of(place.kind.parameter.name)
    named = [name for name in members if words_of(name) == wanted]
    name = next(iter(named), "") or id_like(members, place.kind.resource)
    name = way[-1] if way and way[-1] in members else name
    return Frame(schema, pointer, inner, members, name)
