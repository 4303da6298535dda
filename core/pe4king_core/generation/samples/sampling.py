"""What the parts of the sampler share: where a value stands, what was made for it, who makes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from pe4king_core.generation.wording import words_of
from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType, Schema

_WRAPPERS = frozenset(
    {"data", "attributes", "item", "payload", "body", "request", "spec", "object", "value", "input"}
)
"""Names of places that say nothing of what stands there."""


def by_turns(values: tuple[Json, ...], turn: int) -> tuple[Json, ...]:
    """All `values`, beginning with the one whose turn it is."""
    start = turn % len(values) if values else 0
    return (*values[start:], *values[:start])


@dataclass(frozen=True, slots=True)
class At:
    """The name of the place, whose it is, the schemas it lies in.

    `level` counts the optional places on the way; `path` is only kept where values take turns.
    """

    name: str = ""
    owner: str = ""
    above: tuple[Schema, ...] = ()
    level: int = 0
    terse: bool = False
    path: str = ""

    def same_place(self, schema: Schema) -> At:
        """The same place, seen from a part of `schema`."""
        return At(self.name, self.owner, (*self.above, schema), self.level, self.terse, self.path)

    def member(self, schema: Schema, name: str, *, optional: bool = False) -> At:
        """The property `name` of `schema`, which stands here."""
        wraps = not self.name or words_of(self.name)[-1:] in _WRAPPED
        owner = self.owner if wraps else self.name
        above = (*self.above, schema)
        return At(name, owner, above, self.level + optional, self.terse, f"{self.path}/{name}")

    def item(self, schema: Schema) -> At:
        """An item of the array that `schema` says stands here."""
        name = " ".join(words_of(self.name, singular=True))
        above = (*self.above, schema)
        return At(name, self.owner, above, self.level, self.terse, f"{self.path}/0")


_WRAPPED = frozenset((name,) for name in _WRAPPERS)


@dataclass(frozen=True, slots=True)
class Made:
    """A value, and whether it is not known to be invalid."""

    value: Json
    valid: bool = True


class Maker(Protocol):
    """Who makes values for the parts of a value."""

    def value(self, schema: Schema, at: At) -> Made:
        """The best value for `schema`."""

    def candidates(self, schema: Schema, at: At) -> Iterator[Json]:
        """Values to choose from, the best first."""

    def is_too_much(self, at: At) -> bool:
        """Whether optional parts should be left out from here on."""


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
