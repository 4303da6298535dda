"""What the parts of the sampler share: where a value stands, what was made for it, who makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from pe4king_core.generation.wording import words_of
from pe4king_core.model.json import Json
from pe4king_core.model.record import record
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction

_WRAPPERS = frozenset(
    {"data", "attributes", "item", "payload", "body", "request", "spec", "object", "value", "input"}
)
"""Names of places that say nothing of what stands there."""


def by_turns(values: tuple[Json, ...], turn: int) -> tuple[Json, ...]:
    """All `values`, beginning with the one whose turn it is."""
    start = turn % len(values) if values else 0
    return (*values[start:], *values[:start])


@record(frozen=True, slots=True)
class At:
    """The name of the place, whose it is, the schemas it lies in.

    `level` counts the optional places on the way; `path` is only kept where values take turns.
    `number` counts the items before those it lies in.
    """

    name: str = ""
    owner: str = ""
    above: tuple[Schema, ...] = ()
    level: int = 0
    terse: bool = False
    path: str = ""
    number: int = 0

    def same_place(self, schema: Schema) -> At:
        """The same place, seen from a part of `schema`."""
        above = (*self.above, schema)
        return At(self.name, self.owner, above, self.level, self.terse, self.path, self.number)

    def member(self, schema: Schema, name: str, *, optional: bool = False) -> At:
        """The property `name` of `schema`, which stands here."""
        wraps = not self.name or words_of(self.name)[-1:] in _WRAPPED
        if wraps and self.name.endswith("item"):  # of an order, say; not just a list of orders
            wraps = words_of(schema.pointer.rpartition("/")[2])[-1:] != ("item",)
        owner = self.owner if wraps else self.name
        above = (*self.above, schema)
        path = f"{self.path}/{name}"
        return At(name, owner, above, self.level + optional, self.terse, path, self.number)

    def item(self, schema: Schema, number: int = 0) -> At:
        """The item with this number of the array that `schema` says stands here."""
        name = " ".join(words_of(self.name, singular=True))
        above = (*self.above, schema)
        path = f"{self.path}/0"
        return At(name, self.owner, above, self.level, self.terse, path, self.number + number)


_WRAPPED = frozenset((name,) for name in _WRAPPERS)


@record(frozen=True, slots=True)
class Made:
    """A value, and whether it is not known to be invalid."""

    value: Json
    valid: bool = True


class Maker(Protocol):
    """Who makes values for the parts of a value."""

    @property
    def direction(self) -> Direction:
        """Which way the values travel."""

    def value(self, schema: Schema, at: At) -> Made:
        """The best value for `schema`."""

    def candidates(self, schema: Schema, at: At) -> Iterator[Json]:
        """Values to choose from, the best first."""

    def is_too_much(self, at: At) -> bool:
        """Whether optional parts should be left out from here on."""

    def usual_count(self, inside: At, /) -> int:
        """How many items an array has where the document leaves it open."""


def is_left_out(schema: Schema, direction: Direction) -> bool:
    """Whether a member is missing on its way: read-only ones in requests, write-only ones back."""
    return schema.write_only if direction is Direction.RESPONSE else schema.read_only


def one_way(value: Json, schema: Schema, direction: Direction) -> Json:
    """An example of a whole resource without what only travels the other way."""
    if not isinstance(value, Mapping):
        return value
    known = schema.properties
    return {
        name: member
        for name, member in value.items()
        if name not in known or not is_left_out(known[name], direction)
    }


_ORDER = (
    JsonType.OBJECT,
    JsonType.ARRAY,
    JsonType.STRING,
    JsonType.INTEGER,
    JsonType.BOOLEAN,
    JsonType.NUMBER,
    JsonType.NULL,
)


def kinds(schema: Schema) -> list[JsonType]:
    """The types to try, the most telling first."""
    stated = schema.types
    if not stated:
        implied = JsonType.OBJECT if schema.properties or schema.required else JsonType.STRING
        if not schema.properties and (
            schema.prefix_items or not schema.others.keys().isdisjoint(("items", "contains"))
        ):
            implied = JsonType.ARRAY
        return [implied, *(kind for kind in _ORDER if kind is not implied)]
    return [kind for kind in _ORDER if kind in stated]
