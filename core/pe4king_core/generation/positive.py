"""Positive cases: the valid request of an operation and all that the document promises of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pe4king_core.generation.assertions import asked_as_json, body_schema, shared_facts
from pe4king_core.generation.names import case_name, operation_name
from pe4king_core.generation.places import alternatives, child
from pe4king_core.generation.proving import certainly_invalid
from pe4king_core.generation.requests import valid_request
from pe4king_core.model.case import Depth, Request, Step, TestCase
from pe4king_core.model.fact import CaseKind, ResponseValue
from pe4king_core.model.json import split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Link, Operation, ParameterIn

_ANY_SUCCESS = (200, 201, 202, 203, 204, 206, 207)
_BODY_EXPRESSION = "$response.body#"


@dataclass(frozen=True, slots=True)
class Flow:
    """A way to an operation: call `source` first and take values from its answer."""

    source: Operation
    status: int
    values: Mapping[str, str]
    """Parameter of the target -> pointer into the source's answer."""
    request: Request
    """The valid request of `source`."""
    law: str = "link"
    """`link`: the document says so. `create-then-use`: its paths and schemas do."""


def find_flows(operations: Sequence[Operation]) -> dict[str, Flow]:
    """For every operation key the first link that leads to it and fills its path parameters.

    Sources that need path parameters of their own are left out: their own data may not exist.
    """
    by_id = {op.operation_id: op for op in operations if op.operation_id}
    by_reference = {f"#{op.pointer}": op for op in operations}
    flows: dict[str, Flow] = {}
    for source in operations:
        statuses = expected_statuses(source)
        if "{" in source.path or source.method != "POST" or len(statuses) > 1:
            continue
        response = source.response_for(statuses[0])
        if response is None or not response.links:
            continue
        request = valid_request(source)
        if certainly_invalid(request, source):
            continue
        for link in response.links:
            target = by_id.get(link.operation_id or "") or by_reference.get(
                link.operation_ref or ""
            )
            values = _link_values(link)
            if target is None or values is None or not _fills(target, values):
                continue
            if all(_promised(source, statuses[0], pointer) for pointer in values.values()):
                flows.setdefault(target.key, Flow(source, statuses[0], values, request))
    collections = {op.path: op for op in operations if op.method == "POST"}
    for target in operations:
        obvious = None if target.key in flows else _obvious_flow(target, collections)
        if obvious is not None:
            flows[target.key] = obvious
    return flows


def _obvious_flow(target: Operation, collections: Mapping[str, Operation]) -> Flow | None:
    """POST to the collection that `target`'s item is in, whose answer surely has the item's id."""
    collection, opening, rest = target.path.partition("/{")
    name, _, tail = rest.partition("}")
    if not opening or "{" in tail or tail[:1] not in ("", "/"):
        return None
    source = collections.get(collection)
    if source is None:
        return None
    statuses = expected_statuses(source)
    if len(statuses) > 1:
        return None
    request = valid_request(source)
    for pointer in (f"/{name}", "/id", f"/data/{name}", "/data/id"):
        if _surely_has(source, statuses[0], pointer) and not certainly_invalid(request, source):
            return Flow(source, statuses[0], {name: pointer}, request, "create-then-use")
    return None


def _surely_has(source: Operation, status: int, pointer: str) -> bool:
    """Whether every answer of `source` has a value at `pointer` that is not null."""
    schema = body_schema(source, status)
    if schema is None:
        return False
    place = alternatives(schema)
    for token in split(pointer):
        if not all(found.required and not found.nullable for found in place):
            return False
        place = child(place, token)
    return bool(place) and all(found.required and not found.nullable for found in place)


def _promised(source: Operation, status: int, pointer: str) -> bool:
    """Whether no answer of `source` may lack a value at `pointer`; the link itself promises what
    the schema does not speak of."""
    schema = body_schema(source, status)
    if schema is None:
        return False
    place, tokens = alternatives(schema), split(pointer)
    while place and all(found.required and not found.nullable for found in place):
        if not tokens:
            return True
        place, tokens = child(place, tokens[0]), tokens[1:]
    return not place


def _link_values(link: Link) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for name, expression in link.parameters.items():
        if not isinstance(expression, str) or not expression.startswith(_BODY_EXPRESSION):
            return None
        values[name.rsplit(".", 1)[-1]] = expression.removeprefix(_BODY_EXPRESSION)
    return values or None


def _fills(target: Operation, values: Mapping[str, str]) -> bool:
    path = {item.name for item in target.parameters if item.location is ParameterIn.PATH}
    return bool(path) and path <= values.keys()


def positive_case(
    operation: Operation, flow: Flow | None, depth: Depth, valid: Request | None = None
) -> TestCase:
    """The positive case of `operation`; with `flow`, on a resource that it creates first."""
    statuses = expected_statuses(operation)
    request = valid or valid_request(operation)
    given: tuple[Step, ...] = ()
    call = "C1"
    if flow is not None:
        call = "C2"
        given, request = on_created(request, flow)
    stated = asked_as_json(operation) if "Accept" in request.headers else operation
    assertions = shared_facts(stated, statuses, call=call, depth=depth)
    shown = " or ".join(str(status) for status in statuses[:2]) if len(statuses) < 3 else "success"
    russian = shown.replace(" or ", " или ").replace("success", "успешный")
    title = Message(
        en=f"{_title(operation)} returns {shown}", ru=f"{_title(operation)}: ответ {russian}"
    )
    return TestCase(
        id=f"{operation_name(operation)}.positive",
        name=case_name(operation, f"returns {shown}"),
        kind=CaseKind.POSITIVE,
        operation=operation,
        title=title,
        call=call,
        request=request,
        statuses=statuses,
        given=given,
        base=request,
        assertions=assertions,
        law=flow.law if flow is not None else "",
    )


def expected_statuses(operation: Operation) -> tuple[int, ...]:
    """What a valid request may be answered with: documented 2xx, else documented 1xx and 3xx.

    A range (`2XX`, `default`) allows every common success.
    """
    exact = [int(key) for key in operation.responses if key.isdecimal() and int(key) < 400]
    success = [code for code in exact if 200 <= code < 300]
    if any(key.upper() == "2XX" for key in operation.responses):
        return tuple(dict.fromkeys((*success, *_ANY_SUCCESS)))
    if success or (exact and "default" not in operation.responses):
        return tuple(success or exact)
    return _ANY_SUCCESS


def on_created(request: Request, flow: Flow) -> tuple[tuple[Step, ...], Request]:
    """The step that creates the resource (call "C1"), and `request` aimed at it."""
    step = Step("C1", flow.source, flow.request, flow.status)
    taken = {name: ResponseValue("C1", pointer) for name, pointer in flow.values.items()}
    path = {name: taken.get(name, value) for name, value in request.path_parameters.items()}
    return (step,), replace(request, path_parameters=path)


def _title(operation: Operation) -> str:
    return operation.summary.strip().rstrip(".") or operation.key
