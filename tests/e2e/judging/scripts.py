"""What a server must answer so that a generated test comes to the call under test."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from pe4king_core.generation.requests.requests import valid_request
from pe4king_core.mock.exchange import Answer
from pe4king_core.model.case import Request, TestCase
from pe4king_core.model.fact import ResponseValue
from pe4king_core.model.json import lookup, split
from pe4king_core.model.operation import Operation

_JSON = ("Content-Type", "application/json")


def answers_before(case: TestCase) -> tuple[Answer, ...]:
    """An answer for each of the calls that `case` makes first."""
    bodies: dict[str, Any] = {step.call: {} for step in case.given}
    headers: dict[str, list[tuple[str, str]]] = {step.call: [_JSON] for step in case.given}
    later = [(step.operation, step.request) for step in case.given]
    for operation, request in [*later, (case.operation, case.request)]:
        for value, sample in _taken(operation, request):
            if value.call not in bodies:
                continue
            if value.header:
                headers[value.call].append((value.header, f"/{quote(str(sample), safe='')}"))
            else:
                path = split(value.pointer)
                bodies[value.call] = _with(bodies[value.call], path, sample)
    return tuple(
        Answer(
            step.status,
            tuple(headers[step.call]),
            b"" if step.status == 204 else json.dumps(bodies[step.call]).encode(),
        )
        for step in case.given
    )


def _taken(operation: Operation, request: Request) -> Iterator[tuple[ResponseValue, Any]]:
    """The values that `request` takes from earlier answers, each with one that would do."""
    valid = valid_request(operation)
    for name in ("path_parameters", "query", "headers", "cookies"):
        samples: Mapping[str, Any] = getattr(valid, name)
        for key, value in getattr(request, name).items():
            if isinstance(value, ResponseValue):
                yield value, samples.get(key, "1")
    if request.body is not None:
        for pointer, value in request.body.taken.items():
            if isinstance(value, ResponseValue):
                yield value, lookup(request.body.value, pointer)


def _with(body: Any, path: tuple[str, ...], value: Any) -> Any:
    if not path:
        return value
    head, *rest = path
    if head.isdigit():
        return [_with({}, tuple(rest), value)]
    made = dict(body) if isinstance(body, dict) else {}
    made[head] = _with(made.get(head, {}), tuple(rest), value)
    return made
