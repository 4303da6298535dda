"""Ids that the client chooses, which several calls of a test need, in no language yet."""

from __future__ import annotations

from collections.abc import Iterable

from pe4king_core.generation.requests.bodies import resource_of
from pe4king_core.generation.wording import singular_of
from pe4king_core.model.case import Request, Step, TestCase
from pe4king_core.model.fact import EarlierValue, RequestValue
from pe4king_core.model.json import split
from pe4king_core.model.operation import Operation
from pe4king_core.model.record import replace

_SAY_LITTLE = frozenset(
    {"id", "uuid", "guid", "name", "key", "slug", "code", "title", "identifier"}
)


def earlier_values(request: Request) -> list[EarlierValue]:
    """What `request` takes from earlier calls."""
    parts = (request.path_parameters, request.query, request.headers, request.cookies)
    found = [value for part in parts for value in part.values() if isinstance(value, EarlierValue)]
    return [*found, *(request.body.taken.values() if request.body is not None else ())]


def chosen_in(case: TestCase) -> list[RequestValue]:
    """What calls of `case` take from what others send, in the order in which they do."""
    cleaned = [*(step.clean_up for step in case.given), case.clean_up]
    requests = [step.request for step in case.given] + [case.request]
    requests += [each.request for each in cleaned if each is not None]
    found = [value for request in requests for value in earlier_values(request)]
    return list(dict.fromkeys(value for value in found if isinstance(value, RequestValue)))


def new_text(request: Request, value: RequestValue) -> str:
    """The text with new digits in every run that `request` sends at `value`."""
    if value.parameter:
        return request.unique[value.parameter]
    return request.body.unique[value.pointer] if request.body is not None else ""


def with_variables(request: Request, values: Iterable[RequestValue]) -> Request:
    """`request` that takes what it sends at `values` from variables, as later calls do."""
    path, unique, body = dict(request.path_parameters), dict(request.unique), request.body
    for value in values:
        if value.parameter:
            path[value.parameter] = value
            unique.pop(value.parameter, None)
        elif body is not None:
            rest = {at: text for at, text in body.unique.items() if at != value.pointer}
            body = replace(body, unique=rest, taken={**body.taken, value.pointer: value})
    return replace(request, path_parameters=path, unique=unique, body=body)


def name_of(value: RequestValue, operation: Operation) -> str:
    """What the variable of `value` is called: `bucket_id`, `username`."""
    name = value.parameter or split(value.pointer)[-1]
    thing = resource_of(operation)
    return f"{thing} {name}" if name.lower() in _SAY_LITTLE and thing else name


def made_by(step: Step) -> str:
    """What `step` makes, in words: `book`; "" for an action such as `/books/{id}/publish`."""
    literal = [part for part in step.operation.route.split("/") if part and "{" not in part]
    last = literal[-1] if literal else ""
    action = step.request.method == "POST" and last == singular_of(last)
    if action and step.clean_up is None and resource_of(step.operation) in ("", last.lower()):
        return ""
    return resource_of(step.operation)
