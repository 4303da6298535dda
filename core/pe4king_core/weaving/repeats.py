"""A request of a test as it can be made once more, in a test of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pe4king_core.model.fact import STATUS, AssertionFact, Contains, CountOf, Equals, Literal, SumOf
from pe4king_core.model.source import TestCall, TestFile, TestFunction
from pe4king_core.testcode.syntax import indentation
from pe4king_core.weaving.refusals import expected_status

_LINE = re.compile(r"\r\n|\n|\r")
_HARMLESS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Repeat:
    """`expression` makes the request; `definitions` are statements that must stand in front.

    Both are as their author wrote them, further lines counted from the first column. `before` and
    `behind` stand around the new test's name: `async def `, `(client):`.
    """

    expression: str
    definitions: tuple[str, ...]
    before: str
    behind: str
    waits: bool = False
    """The request is awaited."""


def changes_nothing(test: TestFunction) -> bool:
    """Whether all requests of the test itself only read, so that one of them can be repeated."""
    return all(call.setup or call.method in _HARMLESS for call in test.calls)


def certain_status(
    test: TestFunction, call: TestCall, facts: Sequence[AssertionFact]
) -> int | None:
    """The one status with which the test certainly expects `call` to be answered."""
    about = [each for each in test.assertions if each.call == call.id]
    statuses = [each for each in about if each.subject == STATUS]
    if any(each.conditional or each.check is None for each in statuses):
        return None
    return expected_status(test, call, facts)


def speaks_of_itself(fact: AssertionFact) -> bool:
    """Whether `fact` compares the answer with nothing but what is written in it."""
    match fact.check:
        case Equals(operand) | Contains(operand):
            return isinstance(operand, Literal | SumOf | CountOf)
    return True


def moved_left(file: TestFile, text: str, offset: int) -> str:
    """`text`, which begins at `offset`, with its further lines counted from the first column."""
    indent = indentation(file.text, offset)
    return "\n".join(line.removeprefix(indent) for line in _LINE.split(text))
