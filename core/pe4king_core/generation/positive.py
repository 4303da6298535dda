"""Positive cases: the valid request of an operation and all that the document promises of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pe4king_core.generation.assertions import response_facts
from pe4king_core.generation.names import case_name, operation_name
from pe4king_core.generation.requests import valid_request
from pe4king_core.model.case import Depth, Request, Step, TestCase
from pe4king_core.model.fact import CaseKind, ResponseValue
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Link, Operation, ParameterIn

_ANY_SUCCESS = (200, 201, 202, 204)
_BODY_EXPRESSION = "$response.body#"


@dataclass(frozen=True, slots=True)
class Flow:
    """A documented way to `operation`: call `source` first and take values from its answer."""

    source: Operation
    status: int
    values: Mapping[str, str]
    """Parameter of the target -> pointer into the source's answer."""


def find_flows(operations: Sequence[Operation]) -> dict[str, Flow]:
    """For every operation key the first link that leads to it and fills its path parameters.

    Sources that need path parameters of their own are left out: their own data may not exist.
    """
    by_id = {op.operation_id: op for op in operations if op.operation_id}
    by_reference = {f"#{op.pointer}": op for op in operations}
    flows: dict[str, Flow] = {}
    for source in operations:
        if "{" in source.path or source.method != "POST":
            continue
        for status in source.success_statuses:
            response = source.response_for(status)
            for link in response.links if response is not None else ():
                target = by_id.get(link.operation_id or "") or by_reference.get(
                    link.operation_ref or ""
                )
                values = _link_values(link)
                if target is not None and values is not None and _fills(target, values):
                    flows.setdefault(target.key, Flow(source, status, values))
    return flows


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


def positive_case(operation: Operation, flow: Flow | None, depth: Depth) -> TestCase:
    """The positive case of `operation`; with `flow`, on a resource that it creates first."""
    statuses = operation.success_statuses or _ANY_SUCCESS
    request = valid_request(operation)
    given: tuple[Step, ...] = ()
    call = "C1"
    if flow is not None:
        call = "C2"
        given, request = on_created(request, flow)
    assertions = response_facts(operation, statuses[0], call=call, depth=depth)
    if len(statuses) > 1:
        assertions = ()
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
        statuses=tuple(statuses),
        given=given,
        base=request,
        assertions=assertions,
        law="link" if flow is not None else "",
    )


def on_created(request: Request, flow: Flow) -> tuple[tuple[Step, ...], Request]:
    """The step that creates the resource (call "C1"), and `request` aimed at it."""
    step = Step("C1", flow.source, valid_request(flow.source), flow.status)
    taken = {name: ResponseValue("C1", pointer) for name, pointer in flow.values.items()}
    path = {name: taken.get(name, value) for name, value in request.path_parameters.items()}
    return (step,), replace(request, path_parameters=path)


def _title(operation: Operation) -> str:
    return operation.summary.strip().rstrip(".") or operation.key
