"""One flow: the calls before an operation, and what its request takes from their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from pe4king_core.generation.flows.api_map import templates_of
from pe4king_core.generation.flows.linking import LinkedValues
from pe4king_core.model.case import Request, RequestArgument, Step
from pe4king_core.model.fact import Basis, EarlierValue, ResponseValue
from pe4king_core.model.operation import Operation
from pe4king_core.model.record import record, replace

LINK = "link"
CREATE_THEN_USE = "create-then-use"
LIST_THEN_USE = "list-then-use"
UNDER_TEST = "C1"
"""The id of the call under test; steps have the keys of their operations."""


@record(frozen=True, slots=True)
class Flow:
    """What is called before an operation, and what its request takes from the answers."""

    steps: tuple[Step, ...]
    path: Mapping[str, RequestArgument] = field(default_factory=dict)
    query: Mapping[str, RequestArgument] = field(default_factory=dict)
    headers: Mapping[str, RequestArgument] = field(default_factory=dict)
    body: Mapping[str, EarlierValue] = field(default_factory=dict)
    """Fields of the JSON body, by pointer."""
    law: str = CREATE_THEN_USE
    sure: bool = True
    """Whether no path parameter, here and in the steps, is left to a made-up value."""
    promised: bool = True
    """Whether the document promises every value that is taken; else tests on it show behaviour."""
    item: EarlierValue | None = None
    """The id of the resource at the operation's own path, which the last step makes."""

    @property
    def basis(self) -> Basis:
        """What a test rests on that needs this flow."""
        return Basis.DOCUMENT if self.promised else Basis.LAW


@record(frozen=True, slots=True)
class Creation:
    """How a resource is made: by the last of `steps`, which has its id at `value`."""

    steps: tuple[Step, ...]
    value: EarlierValue
    sure: bool
    promised: bool


def aimed(request: Request, flow: Flow | None) -> Request:
    """`request` at what the steps of `flow` made."""
    if flow is None:
        return request
    body = request.body
    if body is not None and flow.body and body.raw is None:
        unique = {at: text for at, text in body.unique.items() if at not in flow.body}
        body = replace(body, taken=flow.body, unique=unique)
    path = {name: flow.path.get(name, v) for name, v in request.path_parameters.items()}
    return replace(
        request,
        path_parameters=path,
        query={**request.query, **flow.query} if flow.query else request.query,
        headers={**request.headers, **flow.headers} if flow.headers else request.headers,
        body=body,
        unique={n: text for n, text in request.unique.items() if n not in flow.path},
    )


def linked_flow(
    operation: Operation, steps: tuple[Step, ...], values: LinkedValues, before: Flow | None
) -> Flow:
    """The flow to `operation` by a link of the last of `steps`."""
    names = templates_of(operation.route)
    last = values.path.get(names[-1]) if names else None
    own = isinstance(last, EarlierValue) and last.call == steps[-1].call
    ends = operation.route.rstrip("/").endswith("}")
    item = last if own and ends and isinstance(last, EarlierValue) else None
    taken = (*values.path.values(), *values.query.values(), *values.headers.values())
    promised = all(value.sure for value in taken if isinstance(value, ResponseValue))
    return Flow(
        steps,
        values.path,
        values.query,
        values.headers,
        law=LINK,
        promised=promised and (before is None or before.promised),
        item=item,
    )


def flow_from(
    created: Creation, operation: Operation, item: str, *, own: bool, chosen: int = 0
) -> Flow:
    """The flow to `operation` at or under the path `item`: the parameters of the item's path by
    their position, those behind it as they are. `own`: the steps have made what is there. The
    last `chosen` of the parameters may be anything."""
    maker = created.steps[-1]
    outer = [maker.request.path_parameters.get(n) for n in templates_of(maker.operation.route)]
    inner = templates_of(item)
    path: dict[str, RequestArgument] = dict(zip(inner, outer, strict=False))
    path[inner[-1]] = created.value
    rest = len(templates_of(operation.route)) - len(inner)
    ends = item == operation.route.rstrip("/")
    return Flow(
        created.steps,
        path,
        law=CREATE_THEN_USE if own else LIST_THEN_USE,
        sure=created.sure and rest <= chosen,
        promised=created.promised,
        item=created.value if own and ends else None,
    )


def flow_beside(created: Creation, operation: Operation) -> Flow:
    """The flow to `operation` at the very path that the last of the steps was sent to."""
    maker = created.steps[-1]
    outer = [maker.request.path_parameters.get(n) for n in templates_of(maker.operation.route)]
    path: dict[str, RequestArgument] = dict(zip(templates_of(operation.route), outer, strict=False))
    return Flow(created.steps, path, sure=created.sure, promised=created.promised)
