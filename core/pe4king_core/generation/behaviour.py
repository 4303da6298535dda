"""Behaviour that documents do not state but most servers have: what was sent comes back, what was
made can be read, what was changed stays changed, what was deleted is gone.

Each is a test of its own with `Basis.LAW`, so that the tests of the contract rest on the document
alone. Nothing is compared that a server may well write in another way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pe4king_core.generation.answers.echoes import Kept, echo_fields, kept_fields, sent_schema
from pe4king_core.generation.answers.statuses import echoed_statuses
from pe4king_core.generation.flows.api_map import parameter_of, template_of
from pe4king_core.generation.flows.flow import UNDER_TEST, Flow, aimed
from pe4king_core.generation.flows.flows import Flows
from pe4king_core.generation.lists import list_behaviours
from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.generation.resources.identity import id_place, json_answer, resource_of
from pe4king_core.generation.shown import Behaviour
from pe4king_core.model.case import Request, Step
from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    Check,
    Contains,
    EarlierValue,
    Equals,
    Presence,
    RequestValue,
    ResponseValue,
    body,
)
from pe4king_core.model.json import Json, join, lookup, split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.openapi.schema.values import Validity, validity

ECHO = "echo"
CREATE_THEN_READ = "create-then-read"
UPDATE_THEN_READ = "update-then-read"
GONE_AFTER_DELETE = "gone-after-delete"
_CHANGING = ("PUT", "PATCH")
_MOST_FIELDS = 12
"""Some fields tell whether something came back; more only make the test long."""


def behaviours(operation: Operation, request: Request, flows: Flows) -> Iterator[Behaviour]:
    """The behaviours that calls of `operation` show; `request` is its valid one."""
    if operation.method in ("POST", *_CHANGING):
        yield from _echo(operation, request, flows.to(operation))
    if operation.method != "GET":
        return
    flow, status = flows.to(operation), _read_status(operation)
    if status is not None:
        yield from list_behaviours(operation, request, status, flows)
    if flow is None or flow.item is None:
        return
    if status is not None:
        yield from _created(operation, request, flow, status)
        for method in _CHANGING:
            yield from _updated(operation, request, flows, flow, method, status)
    if "404" in operation.responses:
        yield from _gone(operation, request, flows, flow)


def _echo(operation: Operation, request: Request, flow: Flow | None) -> Iterator[Behaviour]:
    statuses = echoed_statuses(operation)
    if not statuses:
        return
    when = statuses[0] if len(statuses) == 1 else None
    fields = echo_fields(operation, statuses[0], asked_json="Accept" in request.headers)
    facts = _compared(fields, request, when, "", ECHO)
    if facts:
        title = Message("returns what was sent", "возвращает то, что было отправлено")
        steps = flow.steps if flow is not None else ()
        yield Behaviour(ECHO, title, aimed(request, flow), statuses, steps, facts, Worth.ECHO)


def _created(
    operation: Operation, request: Request, flow: Flow, status: int
) -> Iterator[Behaviour]:
    made, item = flow.steps[-1], flow.item
    same = tuple(_same_id(operation, status, item))
    compared = [fact.check for fact in same]
    sent = _sent_before(operation, status, made, CREATE_THEN_READ)
    facts = (*same, *(fact for fact in sent if fact.check not in compared))
    if not facts:
        return
    thing = _thing(operation)
    title = Message(f"returns the created {thing}", f"возвращает созданный ресурс ({thing})")
    yield Behaviour(
        CREATE_THEN_READ,
        title,
        aimed(request, flow),
        (status,),
        flow.steps,
        facts,
        Worth.CREATE_THEN_READ,
    )


def _updated(
    operation: Operation, request: Request, flows: Flows, flow: Flow, method: str, status: int
) -> Iterator[Behaviour]:
    change = flows.at(method, operation)
    made = flow.steps[-1].operation is change
    way = flow if made else flows.to(change) if change is not None else None
    if change is None or way is None or way.item is None:
        return
    known = {step.call for step in flow.steps}
    if way.steps[: len(flow.steps)] != flow.steps:
        return
    other = flows.sending.other_request(change)
    if flows.sending.moves(change, other):
        return
    sent = aimed(other, way)
    step = flows.step(change, sent, again=change.key in known)
    facts = _sent_before(operation, status, step, UPDATE_THEN_READ) if step is not None else ()
    if step is None or not facts:
        return
    thing = _thing(operation)
    what = Message(
        f"returns the {thing} as changed by {method}",
        f"возвращает ресурс ({thing}), изменённый {method}",
    )
    yield Behaviour(
        UPDATE_THEN_READ,
        what,
        aimed(request, flow),
        (status,),
        (*way.steps, step),
        facts,
        Worth.UPDATE_THEN_READ,
        change.operation_id or change.key,
    )


def _gone(operation: Operation, request: Request, flows: Flows, flow: Flow) -> Iterator[Behaviour]:
    delete = flows.at("DELETE", operation)
    way = flows.to(delete) if delete is not None else None
    if delete is None or way is None or way.item is None or way.steps != flow.steps:
        return
    step = flows.step(delete, aimed(flows.sending.request(delete), way))
    if step is None:
        return
    thing = _thing(operation)
    title = Message(
        f"answers 404 for the deleted {thing}", f"отвечает 404 на удалённый ресурс ({thing})"
    )
    yield Behaviour(
        GONE_AFTER_DELETE,
        title,
        aimed(request, flow),
        (404,),
        (*way.steps, step),
        (),
        Worth.GONE_AFTER_DELETE,
    )


def _read_status(operation: Operation) -> int | None:
    """The one success of a read; 304 answers only callers that know the resource already."""
    codes = [code for code in operation.responses if code[:1] == "2"]
    return int(codes[0]) if len(codes) == 1 and codes[0].isdecimal() else None


def _thing(operation: Operation) -> str:
    """What is read, in words: `/books/{bookId}` is a `book`."""
    return " ".join(resource_of(operation.route)) or "resource"


def _same_id(
    operation: Operation, status: int, item: EarlierValue | None
) -> Iterator[AssertionFact]:
    """The id that the creating answer had is the one that is read."""
    parameter = parameter_of(operation, template_of(operation.route.rstrip("/").split("/")[-1]))
    place = id_place(operation, status, parameter)
    if place is None or place.header or item is None:
        return
    if isinstance(item, ResponseValue):
        same = not item.header
    else:
        same = split(place.pointer)[-1] == (item.parameter or split(item.pointer)[-1])
    if not same:
        return
    yield AssertionFact(
        UNDER_TEST,
        body(place.pointer),
        Equals(item),
        presence=Presence.REQUIRED if place.sure else Presence.IF_PRESENT,
        when=status,
        basis=Basis.LAW,
        reason=Message("the id is the created one", "идентификатор тот же, что при создании"),
        law=CREATE_THEN_READ,
    )


def _sent_before(
    operation: Operation, status: int, step: Step, law: str
) -> tuple[AssertionFact, ...]:
    """What `step` sent is what `operation` answers with."""
    sent, answered = sent_schema(step.operation), json_answer(operation, status)
    if sent is None or answered is None:
        return ()
    return _compared(kept_fields(sent, answered), step.request, status, step.call, law)


def _compared(
    fields: Iterable[Kept], request: Request, status: int | None, call: str, law: str
) -> tuple[AssertionFact, ...]:
    """The fields of `fields` that `request` has sent, those that surely come back first."""
    sent = request.body
    if sent is None or sent.raw is not None:
        return ()
    value = sent.value
    placed = [field.in_only_items(lambda at: _size(lookup(value, at))) for field in fields]
    known = [field for field in placed if field is not None and _is_comparable(field, value)]
    known.sort(key=lambda field: not (field.asked or field.required))
    facts = (_kept_facts(field, value, status, call, law) for field in known[:_MOST_FIELDS])
    return tuple(fact for found in facts for fact in found)


def _size(value: Json) -> int:
    return len(value) if isinstance(value, list | tuple) else 0


def _is_comparable(field: Kept, value: Json) -> bool:
    sent = lookup(value, field.sent)
    known = sent is not None and field.comes_back_as(sent)
    return known and validity(sent, field.answered_schema) is not Validity.INVALID


def _kept_facts(
    field: Kept, value: Json, status: int | None, call: str, law: str
) -> Iterator[AssertionFact]:
    """The value is the same; of a list in no order, each item is there."""
    items = lookup(value, field.sent) if field.is_list and not field.is_ordered else None
    if isinstance(items, list | tuple) and len(items) > 1:
        for index in range(len(items)):
            at = RequestValue(join(field.sent, str(index)), call)
            yield _kept_fact(field, Contains(at), status, law)
    else:
        yield _kept_fact(field, Equals(RequestValue(field.sent, call)), status, law)


def _kept_fact(field: Kept, check: Check, status: int | None, law: str) -> AssertionFact:
    name = split(field.sent)[-1]
    return AssertionFact(
        UNDER_TEST,
        body(field.answered),
        check,
        presence=Presence.REQUIRED if field.required else Presence.IF_PRESENT,
        guards=field.guards,
        when=status,
        basis=Basis.LAW,
        source=field.answered_schema.pointer,
        reason=Message(
            f"{name} is sent and comes back", f"{name} отправляется и возвращается обратно"
        ),
        law=law,
    )
