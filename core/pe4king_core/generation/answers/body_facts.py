"""Facts of a JSON value: a walk over one schema, up to the places that other named ones describe.

Nothing here may fail on a conforming answer: optional fields are checked if present, null where
it is allowed, each item of an array, each branch under its discriminator.
"""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

from pe4king_core.generation.answers.members import Member, members, tag_facts
from pe4king_core.generation.answers.naming import named_place
from pe4king_core.generation.answers.redundancy import without_implied
from pe4king_core.generation.answers.where import Where, own_facts
from pe4king_core.generation.places import alternatives, is_object
from pe4king_core.model.case import Depth
from pe4king_core.model.fact import AssertionFact, Condition, HasType
from pe4king_core.model.record import record, replace
from pe4king_core.model.schema import Schema

MAX_OWN_FACTS = 60
"""How much of one schema a test looks at, the outermost places first."""
_MAX_LEVEL = 5
_MAX_TOKENS = 10


@record(frozen=True, slots=True)
class Reference:
    """A place that a named schema describes; `facts` is what is said without looking inside."""

    schema: Schema
    where: Where
    nullable: bool
    facts: tuple[AssertionFact, ...]


Found: TypeAlias = AssertionFact | Reference
_Spot: TypeAlias = tuple[str, tuple[Condition, ...]]
_Order: TypeAlias = tuple[int, ...]
"""Sorts places as a reader meets them in the document."""
_Reached: TypeAlias = tuple[Schema, Where, tuple[Schema, ...], _Order]
"""A place that the walk has come to: what stands there, and the schemas that it lies in."""


def walk(schema: Schema, depth: Depth, *, nullable: bool, source: str = "") -> tuple[Found, ...]:
    """What `schema` itself says of its values, in the document's order.

    With `nullable`, null is one of them where the schema allows it; without, null is left out.
    `source` is the place of the schema where its view has another one.
    """
    if schema.never:
        return ()
    return _Walk(depth, source or schema.pointer).over(schema, nullable and schema.nullable)


class _Walk:
    def __init__(self, depth: Depth, source: str) -> None:
        self._depth = depth
        self._source = source
        self._facts: list[tuple[_Order, AssertionFact]] = []
        self._references: list[tuple[_Order, Reference]] = []

    def over(self, schema: Schema, nullable: bool) -> tuple[Found, ...]:
        root = named_place(schema)
        level = self._visit((schema, Where(), (), ()), nullable=nullable)
        while level:
            # What several schemas describe together is not what one of them names.
            shared = _met_twice(level)
            inner: list[_Reached] = []
            for reached in level:
                if len(self._facts) + len(self._references) >= MAX_OWN_FACTS:
                    break
                here, where, above, _ = reached
                if self._refers(here, where) and (where.pointer, where.conditions) not in shared:
                    self._refer(reached, again=named_place(here) == root)
                elif _is_leaf(here) or here in above:
                    self._add_own(reached)
                else:
                    inner += self._visit(reached, nullable=here.nullable)
            level = inner
        found: list[tuple[_Order, Found]] = []
        found += without_implied(self._facts[:MAX_OWN_FACTS])
        found += self._references
        return tuple(item for _, item in sorted(found, key=lambda item: item[0]))

    def _refers(self, schema: Schema, where: Where) -> bool:
        """Whether a named object stands here whose inside is wanted."""
        if where.level > 0 and self._depth < Depth.L4_NESTED:
            return False
        return bool(named_place(schema)) and is_object(schema)

    def _refer(self, reached: _Reached, *, again: bool) -> None:
        """Takes up a reference; of what refers to itself (`again`) the inside is known already."""
        if again:
            self._add_own(reached)
            return
        schema, where, _, order = reached
        nullable = schema.nullable
        facts = own_facts(schema, where, self._depth, nullable=nullable)
        self._references.append((order, Reference(schema, where, nullable, tuple(facts))))

    def _add_own(self, reached: _Reached) -> None:
        """Takes up what is said of the value as a whole."""
        schema, where, _, order = reached
        for fact in own_facts(schema, where, self._depth, nullable=schema.nullable):
            self._facts.append((order, fact))

    def _visit(self, reached: _Reached, *, nullable: bool) -> list[_Reached]:
        """Takes up the facts of one place; gives the places right inside it, in their order."""
        schema, where, above, order = reached
        found: list[Member] = []
        parts = _together(schema)
        if not parts:
            facts = own_facts(schema, where, self._depth, nullable=nullable)
            self._facts += [(order, fact) for fact in facts]
        for part in parts:
            facts = own_facts(part, where, self._depth, nullable=nullable)
            if part is not schema:
                # The type that all parts together allow is told by the whole.
                facts = [fact for fact in facts if not isinstance(fact.check, HasType | None)]
            facts += tag_facts(part, where, nullable=nullable)
            self._facts += [(order, self._sourced(fact, schema)) for fact in facts]
            found += members(part, where, self._depth, nullable=nullable)
        inside = (*above, *parts)
        return [
            (child, place, inside, (*order, number))
            for number, (child, place) in enumerate(found)
            if self._is_wanted(child, place)
        ]

    def _is_wanted(self, schema: Schema, where: Where) -> bool:
        if schema.never or where.level > _MAX_LEVEL or where.tokens > _MAX_TOKENS:
            return False
        return where.level <= 1 or self._depth >= Depth.L4_NESTED

    def _sourced(self, fact: AssertionFact, schema: Schema) -> AssertionFact:
        is_root = fact.source == schema.pointer and not fact.subject.name
        return replace(fact, source=self._source) if is_root else fact


def _is_leaf(schema: Schema) -> bool:
    """Whether nothing is said of what lies inside the value: most values are such."""
    return not (schema.properties or schema.others or schema.branches or schema.conjuncts)


def _met_twice(level: list[_Reached]) -> set[_Spot]:
    """The places of `level` that more than one schema describes."""
    if len({where.pointer for _, where, _, _ in level}) == len(level):
        return set()
    met = Counter((where.pointer, where.conditions) for _, where, _, _ in level)
    return {spot for spot, count in met.items() if count > 1}


def _together(schema: Schema) -> list[Schema]:
    """`schema` and its conjuncts, which describe the same value; none where that is too much to
    tell, or they contradict each other.
    """
    if not schema.conjuncts:
        return [schema]
    if alternatives(schema)[0].schemas == (schema,):
        return []
    found: dict[Schema, None] = {}
    waiting = [schema]
    while waiting:
        each = waiting.pop(0)
        if each not in found and not each.never:
            found[each] = None
            waiting += each.conjuncts.values()
    return list(found)
