"""Which documented answers of an operation the tests of a file expect, and which nobody does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pe4king_core.improvement.expectation import expectation
from pe4king_core.model.fact import STATUS, Equals, InRange, Literal, OneOf
from pe4king_core.model.operation import Operation
from pe4king_core.model.source import TestCall, TestFunction

Understood = tuple[TestFunction, Mapping[str, Operation]]
"""A test, and the operations that its calls mean, by the ids of the calls."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One documented answer; `status` as the document writes it (`201`, `4XX`, `default`).

    `tests` are the tests that expect it, in the order of the file.
    """

    operation: Operation
    status: str
    description: str
    tests: tuple[str, ...] = ()


def scenarios(
    operations: Sequence[Operation], tests: Sequence[Understood], source: str
) -> tuple[Scenario, ...]:
    """Every documented answer of `operations` with those of `tests`, parts of `source`, for it."""
    expecting: dict[tuple[str, str], dict[str, None]] = {}
    for test, meant in tests:
        for call in test.calls:
            operation = meant.get(call.id)
            if operation is None or call.setup:
                continue
            for status in _statuses(test, call, operation, source):
                response = operation.response_for(status)
                if response is not None:
                    key = (operation.key, response.status)
                    expecting.setdefault(key, {}).setdefault(test.name)
    found: dict[tuple[str, str], Scenario] = {}
    for operation in operations:
        for response in operation.responses.values():
            key = (operation.key, response.status)
            names = tuple(expecting.get(key, ()))
            found.setdefault(key, Scenario(operation, response.status, response.description, names))
    return tuple(found.values())


def _statuses(
    test: TestFunction, call: TestCall, operation: Operation, source: str
) -> tuple[int, ...]:
    """All statuses that `test` expects of `call`: one for each row of a table."""
    for item in test.assertions:
        if item.call != call.id or item.subject != STATUS or item.opaque:
            continue
        match item.check:
            case Equals(Literal(int() as status)):
                return (status,)
            case OneOf(values) if test.parametrized:
                return tuple(value for value in values if isinstance(value, int))
            case InRange() | OneOf():
                break
    expected = expectation(test, call, operation, source).status
    return () if expected is None else (expected,)
