"""Where a fact is asserted in Python: the blocks around it and the expression of its subject."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pe4king_core.model.fact import AssertionFact, Condition
from pe4king_core.model.json import EACH, join, split
from pe4king_core.rendering.python.text import WIDTH, identifier, literal, singular, string

_LONGEST_NAME = 24
_LONGEST_PLACE = 44
_VARIABLE = re.compile(r"for (?P<item>\w+) in |(?P<value>\w+) = ")
_REST = 46
"""Columns that an assertion needs beside its subject."""


class Place(NamedTuple):
    """The blocks around an assertion, and expressions for its subject and the subject's parent.

    A block is the header of an `if` or `for`, or a statement that names a deep value.
    """

    blocks: tuple[str, ...]
    parent: str | None
    key: str
    subject: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a walk to a place has to know."""

    body: str
    taken: Container[str]
    items: Mapping[str, str]
    """Names for the items of an array, by the array's pointer."""
    indent: int
    naming: bool
    """Whether deep values get variables."""


@dataclass(frozen=True, slots=True)
class Either:
    """What is in one of two sets of names, the larger of which is not copied for that."""

    first: Container[str]
    second: Container[str]

    def __contains__(self, name: object) -> bool:
        return name in self.first or name in self.second


@lru_cache(4096)
def depth_of(blocks: tuple[str, ...]) -> int:
    """How many levels deeper than their surroundings the lines inside of `blocks` stand."""
    return sum([block.endswith(":") for block in blocks])


def place_of(fact: AssertionFact, around: Surroundings) -> Place:
    """Walk the subject's pointer and open a block for every guard, item and condition."""
    walk = _Walk(around, around.body, list(fact.conditions))
    tokens = split(fact.subject.name)
    pointer = ""
    for depth, token in enumerate(tokens):
        if fact.guards:
            walk.guard(pointer, fact.guards)
        if walk.conditions:
            walk.conditions_below(tokens[:depth])
        walk.step(pointer, token)
        pointer = join(pointer, token)
    return Place(tuple(walk.blocks), walk.parent, walk.key, walk.expression)


def named_value(place: Place, blocks: tuple[str, ...], around: Surroundings) -> str:
    """A statement that gives the subject of `place` a name; "" where it is short enough."""
    width = len(place.subject)
    if not around.naming or width <= _LONGEST_NAME or width <= _room(around.indent, blocks):
        return ""
    return naming_of(place, around)


def naming_of(place: Place, around: Surroundings) -> str:
    """A statement that gives the subject of `place` a name."""
    used = {part.strip("[]") for part in (place.parent or "").split("[")}
    # What stands around is read again behind this statement: its variables stay as they are.
    taken = Either(around.taken, used | _variables_of(place.blocks))
    return f"{_name(place.key, taken)} = {place.subject}"


@lru_cache(4096)
def _variables_of(blocks: tuple[str, ...]) -> frozenset[str]:
    """The variables that `blocks` make."""
    found = (_VARIABLE.match(block) for block in blocks)
    return frozenset(each["item"] or each["value"] for each in found if each is not None)


@dataclass(slots=True)
class _Walk:
    around: Surroundings
    expression: str
    conditions: list[Condition]
    named: set[str] = field(default_factory=set)
    """The variables of the blocks."""
    blocks: list[str] = field(default_factory=list)
    parent: str | None = None
    key: str = ""

    def guard(self, pointer: str, guards: tuple[str, ...]) -> None:
        """A block for the value walked to, where it may be absent or null."""
        if pointer not in guards:
            return
        there = self.expression
        if self.parent is not None:
            there = f"{self.parent}.get({string(self.key)})"
        self.blocks.append(f"if {there} is not None:")

    def conditions_below(self, tokens: tuple[str, ...]) -> None:
        """Blocks for the conditions on members of the value walked to."""
        for condition in list(self.conditions):
            where = split(condition.pointer)
            if where[:-1] == tokens:
                self.conditions.remove(condition)
                value = f"{self.expression}.get({string(where[-1])})"
                listed = [literal(each) for each in condition.values]
                several = f"in ({', '.join(listed)})"
                test = f"== {listed[0]}" if len(listed) == 1 else several
                self.blocks.append(f"if {value} {test}:")

    def step(self, pointer: str, token: str) -> None:
        """One token deeper: a member, or every item."""
        around = self.around
        # No room is smaller than a name, so the room need not be known for a short expression.
        long = around.naming and len(self.expression) > _LONGEST_NAME - 14
        if long and len(self.expression) > _room(around.indent, tuple(self.blocks)) - 14:
            name = _name(self.key, Either(around.taken, self.named))
            self.blocks.append(f"{name} = {self.expression}")
            self.named.add(name)
            self.expression = name
        if token == EACH:
            item = around.items.get(pointer) or singular(
                identifier(self.key[:_LONGEST_NAME] or "items")
            )
            item = identifier(item, Either(around.taken, self.named))
            self.named.add(item)
            self.blocks.append(f"for {item} in {self.expression}:")
            self.expression, self.parent, self.key = item, None, ""
        else:
            self.parent, self.key = self.expression, token
            inner = token if token.isdecimal() else string(token)
            self.expression = f"{self.expression}[{inner}]"


def _name(key: str, taken: Container[str]) -> str:
    return identifier(shortened(identifier(key)), taken)


def shortened(name: str) -> str:
    """`name` without the words that make it long."""
    if len(name) <= _LONGEST_NAME:
        return name
    return name[:_LONGEST_NAME].rpartition("_")[0].strip("_") or name[:_LONGEST_NAME]


def _room(indent: int, blocks: tuple[str, ...]) -> int:
    room = WIDTH - indent - 4 * depth_of(blocks) - _REST
    return max(_LONGEST_NAME, min(_LONGEST_PLACE, room))
