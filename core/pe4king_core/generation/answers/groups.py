"""What a test should check of an answer: facts, and groups of facts about named schemas.

One `AnswerFacts` serves one run over a document: what it has worked out for a schema serves every
answer with it. How deep a group looks is its level: the fields of its schema, and groups one
level below it for the fields that other named schemas describe; at level 0 just their types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from pe4king_core.generation.answers.answers import (
    common_schema,
    content_type_facts,
    forms,
    has_body,
    header_facts,
)
from pe4king_core.generation.answers.body_facts import Found, Reference, walk
from pe4king_core.generation.answers.envelopes import is_envelope
from pe4king_core.generation.answers.naming import name_of, named_place
from pe4king_core.generation.answers.shared import common_facts
from pe4king_core.generation.places import is_object
from pe4king_core.model.case import Depth, FactGroup, PlacedGroup
from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.grouping import placed_fact, placed_inside
from pe4king_core.model.operation import Operation, Response
from pe4king_core.model.record import record
from pe4king_core.model.schema import Schema

MAX_FACTS = 120
"""How many facts one group or body may state, nested groups included."""
_LEVELS = 2
"""The level of a resource; what wraps one looks a level deeper, so that lists of a resource and
the resource itself are checked alike."""

Stated: TypeAlias = AssertionFact | PlacedGroup


@record(frozen=True, slots=True)
class Checked:
    """What a test checks of one answer: facts of their own, and groups at their places."""

    assertions: tuple[AssertionFact, ...] = ()
    groups: tuple[PlacedGroup, ...] = ()


@record(frozen=True, slots=True)
class _Answer:
    """What is stated of one documented answer, about call "" and in the document's order."""

    response: Response
    outside: tuple[AssertionFact, ...]
    body: tuple[Stated, ...] = ()


class AnswerFacts:
    """Facts of answers, each schema looked at once."""

    def __init__(self) -> None:
        self._walks: dict[tuple[str, Depth, bool], tuple[Found, ...]] = {}
        self._reaches: dict[tuple[str, Depth, int], int] = {}
        self._groups: dict[str, FactGroup] = {}
        self._ordered: dict[str, tuple[Stated, ...]] = {}
        self._answers: dict[tuple[int, bool, bool, Depth], _Answer] = {}
        self._checked: dict[tuple[object, ...], Checked] = {}

    def of(
        self,
        operation: Operation,
        statuses: Sequence[int],
        *,
        call: str,
        depth: Depth,
        asked_json: bool = False,
    ) -> Checked:
        """What holds whichever of `statuses` `operation` answers with, the status left out.

        `asked_json`: the request asks for JSON, so that is the form of the answer.
        """
        answers = [
            self._answer(operation, status, depth, asked_json=asked_json) for status in statuses
        ]
        key = (tuple(statuses), call, *map(id, answers))
        checked = self._checked.get(key)
        if checked is None:
            checked = self._checked[key] = self._shared(answers, statuses, call)
        return checked

    def flat(
        self,
        operation: Operation,
        status: int,
        *,
        call: str,
        depth: Depth,
        asked_json: bool = False,
    ) -> tuple[AssertionFact, ...]:
        """The same for one status with every group written out, in the document's order."""
        answer = self._answer(operation, status, depth, asked_json=asked_json)
        facts = (*answer.outside, *self._written_out(answer.body))
        return tuple(_told(fact, call, status) for fact in facts)

    def _shared(self, answers: Sequence[_Answer], statuses: Sequence[int], call: str) -> Checked:
        if not answers:
            return Checked()
        when = statuses[0] if len(statuses) == 1 else None
        first = answers[0]
        if all(answer.body == first.body for answer in answers):
            own, groups = _apart(first.body)
            bodies = [own for _ in answers]
        else:
            groups = ()
            bodies = [tuple(self._written_out(answer.body)) for answer in answers]
        stated = [(*answer.outside, *body) for answer, body in zip(answers, bodies, strict=True)]
        return Checked(tuple(_told(fact, call, when) for fact in common_facts(stated)), groups)

    def _answer(
        self, operation: Operation, status: int, depth: Depth, *, asked_json: bool
    ) -> _Answer:
        response = operation.response_for(status)
        if response is None or depth < Depth.L2_BODY:
            return _NOTHING
        may_have_body = has_body(operation, status)
        key = (id(response), may_have_body, asked_json, depth)
        answer = self._answers.get(key)
        if answer is None:
            content = forms(response, asked_json=asked_json) if may_have_body else ()
            outside = content_type_facts(response, content)
            if depth >= Depth.L3_FIELDS:
                outside += header_facts(response, depth)
            schema = common_schema(content)
            body = () if schema is None else tuple(self._body(schema, depth))
            # The answer holds the response, so that no other one can get its id.
            answer = self._answers[key] = _Answer(response, tuple(outside), body)
        return answer

    def _body(self, schema: Schema, depth: Depth) -> Iterable[Stated]:
        if not named_place(schema) or not is_object(schema):
            return self._placed(self._walk(schema, depth, nullable=True), depth, _LEVELS + 1)
        level = _LEVELS + 1 if is_envelope(schema) else _LEVELS
        group = self._group(schema, depth, level)
        return [PlacedGroup("", group, nullable=schema.nullable)]

    def _group(self, schema: Schema, depth: Depth, level: int) -> FactGroup:
        """The facts of a named object up to `level`, or up to where nothing more is stated."""
        place = named_place(schema)
        level = self._reach(schema, depth, level)
        key = f"{place} {level} {depth.value}"
        group = self._groups.get(key)
        if group is None:
            found = self._walk(schema, depth, nullable=False)
            ordered = tuple(self._placed(found, depth, level))
            facts, groups = _apart(ordered)
            shallow = self._group(schema, depth, level - 1) if level else None
            if shallow is not None and shallow.groups == groups:
                group = shallow
            else:
                size = len(facts) + sum(placed.group.size for placed in groups)
                group = FactGroup(name_of(place), key, facts, groups, size)
                self._ordered[key] = ordered
            self._groups[key] = group
        return group

    def _reach(self, schema: Schema, depth: Depth, level: int) -> int:
        """How many levels below `schema` there are, no more than `level`."""
        if level == 0:
            return 0
        key = (named_place(schema), depth, level)
        reach = self._reaches.get(key)
        if reach is None:
            found = self._walk(schema, depth, nullable=False)
            inner = [item.schema for item in found if isinstance(item, Reference)]
            below = (self._reach(each, depth, level - 1) for each in inner)
            reach = self._reaches[key] = max((1 + each for each in below), default=0)
        return reach

    def _walk(self, schema: Schema, depth: Depth, *, nullable: bool) -> tuple[Found, ...]:
        source = schema.pointer if nullable else named_place(schema)
        key = (source, depth, nullable)
        found = self._walks.get(key)
        if found is None:
            found = self._walks[key] = walk(schema, depth, nullable=nullable, source=source)
        return found

    def _placed(self, found: Sequence[Found], depth: Depth, level: int) -> Iterator[Stated]:
        """`found` with groups below `level` for the references, as many as there is room for."""
        groups = self._chosen(found, depth, level)
        for number, item in enumerate(found):
            if not isinstance(item, Reference):
                yield item
            elif number in groups:
                where = item.where
                yield PlacedGroup(
                    where.pointer,
                    groups[number],
                    where.presence,
                    item.nullable,
                    where.guards,
                    where.conditions,
                )
            else:
                yield from item.facts

    def _chosen(self, found: Sequence[Found], depth: Depth, level: int) -> dict[int, FactGroup]:
        """Which references get which group: first a shallow one each, then deeper ones, the
        outermost references first, while there is room.
        """
        room = MAX_FACTS - len(found)
        chosen: dict[int, FactGroup] = {}
        references = [(n, item) for n, item in enumerate(found) if isinstance(item, Reference)]
        references.sort(key=lambda each: each[1].where.tokens)
        for below in range(level):
            for number, item in references:
                group = self._group(item.schema, depth, below)
                known = chosen.get(number)
                more = group.size - (known.size if known is not None else 0)
                if more <= room:
                    chosen[number] = group
                    room -= more
        return chosen

    def _written_out(self, stated: Iterable[Stated]) -> Iterator[AssertionFact]:
        for item in stated:
            if isinstance(item, AssertionFact):
                yield item
                continue
            for inner in self._ordered[item.group.key]:
                if isinstance(inner, AssertionFact):
                    yield placed_fact(inner, item)
                else:
                    yield from self._written_out([placed_inside(inner, item)])


_NOTHING = _Answer(Response("", "", {}, {}, ""), ())


def _apart(stated: Iterable[Stated]) -> tuple[tuple[AssertionFact, ...], tuple[PlacedGroup, ...]]:
    items = tuple(stated)
    return (
        tuple(item for item in items if isinstance(item, AssertionFact)),
        tuple(item for item in items if isinstance(item, PlacedGroup)),
    )


def _told(fact: AssertionFact, call: str, when: int | None) -> AssertionFact:
    """`fact` as one about the answer of `call`."""
    return AssertionFact(
        call,
        fact.subject,
        fact.check,
        fact.presence,
        fact.nullable,
        fact.guards,
        fact.conditions,
        when,
        fact.basis,
        fact.source,
        fact.reason,
        fact.law,
    )
