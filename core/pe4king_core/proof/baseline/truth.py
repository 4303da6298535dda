"""Whether a claim about an answer is true of one answer, as far as that can be told here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pe4king_core.mock.exchange import Answer
from pe4king_core.mock.handled import Handled
from pe4king_core.model.fact import (
    AssertionFact,
    Check,
    Conforms,
    Contains,
    CountOf,
    Equals,
    HasFormat,
    Literal,
    Operand,
    Presence,
    RequestValue,
    ResponseValue,
    Sorted,
    SubjectKind,
    SumOf,
)
from pe4king_core.model.json import EACH, Json, has, lookup, pointer_of, split
from pe4king_core.model.source import TestAssertion
from pe4king_core.openapi.schema.formats import NUMBER_RANGES, has_format
from pe4king_core.testcode.implication import satisfies

_NO_JSON = "\0no JSON"
_Way = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as tests see it; `sent` is the request's body."""

    status: int
    answer: Answer
    body: Json
    sent: Json = None

    @property
    def has_json(self) -> bool:
        """Whether its body could be read."""
        return self.body != _NO_JSON


def told(handled: Handled) -> Told:
    """The answer of `handled`."""
    try:
        body: Json = json.loads(handled.answer.body)
    except ValueError:  # no JSON, or not even text
        body = _NO_JSON
    request = handled.request
    return Told(handled.answer.status, handled.answer, body, request.body if request else None)


def fact_of(assertion: TestAssertion) -> AssertionFact | None:
    """What an assertion says; None where that is not understood, or depends on other things."""
    subject, call = assertion.subject, assertion.call
    if subject is None or call is None or assertion.opaque:
        return None
    return AssertionFact(
        call,
        subject,
        assertion.check,
        assertion.presence,
        assertion.nullable,
        assertion.guards,
        assertion.conditions,
        assertion.when,
    )


def is_false(fact: AssertionFact, answer: Told) -> bool:
    """Whether `fact` surely does not hold for `answer`; what cannot be told is not."""
    if fact.when is not None and fact.when != answer.status:
        return False
    match fact.subject.kind:
        case SubjectKind.STATUS:
            return fact.check is not None and not _satisfied(answer.status, fact.check, answer)
        case SubjectKind.BODY:
            return not answer.has_json or _false_in_body(fact, answer)
        case SubjectKind.HEADER:
            return _false_of_text(fact, answer.answer.header(fact.subject.name), answer)
    return _false_of_text(fact, plain_type(answer.answer), answer)


def plain_type(answer: Answer) -> str | None:
    """The media type without its parameters."""
    found = answer.header("content-type")
    return None if found is None else found.partition(";")[0].strip().lower()


def _false_of_text(fact: AssertionFact, found: str | None, answer: Told) -> bool:
    if found is None:
        return fact.presence is Presence.REQUIRED
    if fact.presence is Presence.ABSENT:
        return True
    if fact.check is None:
        return False
    return not any(_satisfied(each, fact.check, answer) for each in _read(found))


def _read(text: str) -> Iterator[Json]:
    """What a header's text may be taken for."""
    yield text
    try:
        value = json.loads(text)
    except ValueError:
        return
    if isinstance(value, bool | int | float):
        yield value


def _false_in_body(fact: AssertionFact, answer: Told) -> bool:
    return any(_false_at(fact, answer, way) for way in _ways(answer.body, split(fact.subject.name)))


def _false_at(fact: AssertionFact, answer: Told, way: _Way) -> bool:
    """`way` is one concrete place of the fact's subject."""
    pointer = pointer_of(way)
    if _is_excused(fact, answer, way):
        return False
    if not has(answer.body, pointer):
        return fact.presence is Presence.REQUIRED and has(answer.body, pointer_of(way[:-1]))
    if fact.presence is Presence.ABSENT:
        return True
    value = lookup(answer.body, pointer)
    if fact.check is None or (value is None and fact.nullable):
        return False
    return not _satisfied(value, fact.check, answer)


def _is_excused(fact: AssertionFact, answer: Told, way: _Way) -> bool:
    for guard in fact.guards:
        place = pointer_of(_same_items(split(guard), split(fact.subject.name), way))
        if lookup(answer.body, place) is None:
            return True
    return any(
        lookup(
            answer.body,
            pointer_of(_same_items(split(each.pointer), split(fact.subject.name), way)),
            _NO_JSON,
        )
        not in each.values
        for each in fact.conditions
    )


def _same_items(tokens: Sequence[str], pattern: Sequence[str], way: _Way) -> Iterator[str]:
    """`tokens` with the numbers of `way` where both mean the same item."""
    for index, token in enumerate(tokens):
        same = token == EACH and index < len(way) and pattern[index] == EACH
        yield way[index] if same else token


def _ways(value: Json, tokens: Sequence[str], done: _Way = ()) -> Iterator[_Way]:
    """The concrete places that `tokens` mean, those included whose last member is missing."""
    if not tokens:
        yield done
        return
    token, rest = tokens[0], tokens[1:]
    if token == EACH and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _ways(item, rest, (*done, str(index)))
    elif not rest:
        yield (*done, token)
    elif isinstance(value, Mapping) and token in value:
        yield from _ways(value[token], rest, (*done, token))
    elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
        yield from _ways(value[int(token)], rest, (*done, token))


def _satisfied(value: Json, check: Check, answer: Told) -> bool:
    """Whether a value passes; True where that cannot be told."""
    if isinstance(check, Equals | Contains):
        known = _value(check.operand, answer)
        if known is None:
            return True
        return satisfies(_as_counted(value, check.operand), type(check)(known))
    if isinstance(check, Sorted):
        return not isinstance(value, list) or _is_sorted(value, check)
    if isinstance(check, HasFormat):
        kind = int | float if check.name in NUMBER_RANGES else str
        return isinstance(value, kind) and has_format(value, check.name)
    return isinstance(check, Conforms) or satisfies(value, check)


def _as_counted(value: Json, operand: Operand) -> Json:
    """A total as it is compared: no more than the longest page that may be counted."""
    most = operand.most if isinstance(operand, CountOf) else None
    is_total = most is not None and isinstance(value, int | float) and not isinstance(value, bool)
    return min(value, most) if is_total else value  # type: ignore[type-var]  # both are numbers


def _is_sorted(items: Sequence[Json], check: Sorted) -> bool:
    ordered = in_order(items, check.pointer, descending=check.descending)
    return ordered is None or ordered == [*items]


def in_order(items: Sequence[Json], pointer: str, *, descending: bool) -> list[Json] | None:
    """`items` ordered by what is at `pointer` in each; None where that has no order."""
    keys = [lookup(each, pointer) for each in items]
    if not any(all(isinstance(key, kind) for key in keys) for kind in (str, int | float)):
        return None

    def key(item: Json) -> Any:
        return lookup(item, pointer)

    return sorted(items, key=key, reverse=descending)


def _value(operand: Operand, answer: Told) -> Literal | None:
    match operand:
        case Literal():
            return operand
        case RequestValue(pointer, "", "") if has(answer.sent, pointer):
            return Literal(lookup(answer.sent, pointer))
        case CountOf(pointer):
            found = lookup(answer.body, pointer)
            return Literal(len(found)) if isinstance(found, list) else None
        case SumOf(pointer):
            return _sum(answer.body, pointer)
        case ResponseValue():
            return None
    return None


def _sum(body: Json, pointer: str) -> Literal | None:
    found = [lookup(body, pointer_of(way)) for way in _ways(body, split(pointer))]
    numbers = [each for each in found if isinstance(each, int | float)]
    return Literal(sum(numbers)) if len(numbers) == len(found) else None
