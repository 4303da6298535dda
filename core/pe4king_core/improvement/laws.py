"""Behaviour that documents do not state but most servers have: facts with `Basis.LAW`.

Proposed only where somebody asks for business rules (depth L6), each with the name of its law.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pe4king_core.generation.answers.echoes import Kept, echo_fields
from pe4king_core.generation.asking import filter_of, is_limit, order_of, query_of
from pe4king_core.generation.lists import FILTER, LIMIT, ORDER, Listing, list_in
from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    ChangeIn,
    Check,
    Contains,
    Equals,
    HasSize,
    Presence,
    RequestValue,
    Sorted,
    body,
)
from pe4king_core.model.json import EACH, Json, join, split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation, Parameter
from pe4king_core.model.record import replace
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.model.source import TestCall, TestFunction

ECHO = "echo"
_CHANGING = frozenset({"POST", "PUT", "PATCH"})
_NULL = "null"


def law_facts(
    test: TestFunction, call: TestCall, operation: Operation, status: int
) -> tuple[AssertionFact, ...]:
    """What `call` of `test` may expect of its answer with `status` by the laws that we know."""
    if not 200 <= status < 300:
        return ()
    if operation.method == "GET":
        return tuple(_of_list(test, call, operation, status))
    if operation.method not in _CHANGING:
        return ()
    return tuple(_echoes(test, call, operation, status))


def _echoes(
    test: TestFunction, call: TestCall, operation: Operation, status: int
) -> Iterator[AssertionFact]:
    """What `call` is known to send in its body comes back as it was."""
    sent = _sent(test, call, ChangeIn.BODY)
    for kept in echo_fields(operation, status):
        placed = kept.in_only_items(lambda at: _items(at, sent))
        if placed is not None:
            yield from (_echo(placed, check, call, status) for check in _checks(placed, call, sent))


def _echo(kept: Kept, check: Check, call: TestCall, status: int) -> AssertionFact:
    name = split(kept.sent)[-1]
    return AssertionFact(
        call.id,
        body(kept.answered),
        check,
        presence=Presence.REQUIRED if kept.required else Presence.IF_PRESENT,
        guards=kept.guards,
        when=status,
        basis=Basis.LAW,
        source=kept.answered_schema.pointer,
        reason=Message(
            f"{name} is sent and comes back", f"{name} отправляется и возвращается обратно"
        ),
        law=ECHO,
    )


def _sent(test: TestFunction, call: TestCall, where: ChangeIn) -> Mapping[str, str]:
    """What `call` carries, as JSON by its place; "" where it is not known, or not the same in
    every row of the test's table."""
    found: dict[str, str] = {}
    for part in test.sent:
        if part.call == call.id and part.where is where:
            found[part.name] = "" if part.name in found else part.text
    return found


def _items(at: str, sent: Mapping[str, str]) -> int:
    """How many items of the list at `at` are known to be sent."""
    return len({each.removeprefix(f"{at}/").split("/")[0] for each in _below(at, sent)})


def _below(above: str, sent: Mapping[str, str]) -> list[str]:
    return [at for at in sent if at.startswith(f"{above}/")]


def _checks(kept: Kept, call: TestCall, sent: Mapping[str, str]) -> Iterator[Check]:
    """What is known to be sent at `kept` is the same; of a list in no order, each item is there."""
    if kept.is_list:
        items = _below(kept.sent, sent)
        if len(items) == 1 or (items and kept.is_ordered):
            yield Equals(RequestValue(kept.sent))
        else:
            yield from (Contains(RequestValue(at)) for at in items)
        return
    way, text = split(kept.sent), sent.get(kept.sent)
    named = len(way) == 1 and way[0] in call.parts.body_names
    if (text is None and not named) or text == _NULL:
        return
    if kept.sent_schema.format != "email" or (text and kept.comes_back_as(json.loads(text))):
        yield Equals(RequestValue(kept.sent))


def _of_list(
    test: TestFunction, call: TestCall, operation: Operation, status: int
) -> Iterator[AssertionFact]:
    """The list holds what the query asks for."""
    asked = {name: text for name, text in _sent(test, call, ChangeIn.QUERY).items() if text}
    place = list_in(operation, status) if asked else None
    if place is None:
        return
    for parameter in query_of(operation):
        text = asked.get(parameter.name)
        if text is not None:
            yield from _of_query(parameter, _value(text, parameter), place, call, status)


def _value(text: str, parameter: Parameter) -> Json:
    """What a query parameter says; numbers are often written as texts."""
    value: Json = json.loads(text)
    schema = parameter.schema
    kinds = (JsonType.INTEGER, JsonType.NUMBER)
    numeric = schema is not None and schema.only_type in kinds
    if numeric and isinstance(value, str) and value.isdecimal():
        return int(value)
    return value


def _of_query(
    parameter: Parameter, value: Json, place: Listing, call: TestCall, status: int
) -> Iterator[AssertionFact]:
    name = parameter.name
    filtered = filter_of(parameter, place.members, value)
    ordered = order_of(parameter, place.members, value)
    base = AssertionFact(
        call.id,
        body(place.pointer),
        when=status,
        basis=Basis.LAW,
        source=place.answer.pointer,
    )
    if filtered is not None:
        yield replace(
            base,
            subject=body(join(place.pointer, EACH, filtered.member)),
            check=filtered.check,
            presence=place.presence(filtered.member),
            reason=Message(f"{name} leaves only such items", f"{name} оставляет только такие"),
            law=FILTER,
        )
    elif ordered is not None:
        check: Check = Sorted(join("", ordered.member), ordered.descending)
        reason = Message(f"sorted by {ordered.member}", f"сортировка: {ordered.member}")
        yield replace(base, check=check, reason=reason, law=ORDER)
    elif is_limit(parameter) and isinstance(value, int) and value > 0:
        check = HasSize(Bounds(high=value))
        reason = Message(f"{name} is the most items", f"{name} — наибольшее число элементов")
        yield replace(base, check=check, reason=reason, law=LIMIT)
