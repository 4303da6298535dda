"""One check as lines of Python, given the expression of its subject."""

from __future__ import annotations

import re
from collections.abc import Callable

from pe4king_core.model.fact import (
    AssertionFact,
    Conforms,
    Contains,
    CountOf,
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    MultipleOf,
    NotNull,
    OneOf,
    Operand,
    Presence,
    RequestValue,
    Sorted,
    SubjectKind,
    SumOf,
    Unique,
)
from pe4king_core.model.json import EACH, Json, split
from pe4king_core.model.message import Message
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.openapi.schema.patterns import python_pattern
from pe4king_core.rendering.patterns import FORMATS
from pe4king_core.rendering.python_text import WIDTH, call, literal, raw_string, string

Lines = tuple[list[str], set[str]]


class Unsayable(Exception):
    """A check that cannot be written in this language with certainty."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.en)
        self.message = message


def _unsayable(what: str, russian: str) -> Unsayable:
    return Unsayable(
        Message(en=f"cannot be written as Python: {what}", ru=f"не записать на Python: {russian}")
    )


def response_lines(fact: AssertionFact, response: str) -> Lines:
    """Status and content type of the variable `response` (httpx and requests alike)."""
    check = fact.check
    if fact.subject.kind is SubjectKind.STATUS:
        subject = f"{response}.status_code"
        if isinstance(check, InRange):
            bounds = check.bounds
            if (bounds.low, bounds.high) == (400, 499):
                return [f"assert 400 <= {subject} < 500"], set()
        return _comparison(fact, subject, response, None)
    if isinstance(check, Equals) and isinstance(check.operand, Literal):
        value = check.operand.value
        line = f'assert {response}.headers.get("content-type", "").startswith({literal(value)})'
        return [line], set()
    if isinstance(check, OneOf):
        choices = ", ".join(literal(value) for value in check.values)
        line = f'assert {response}.headers.get("content-type", "").startswith(({choices}))'
        return [line], set()
    raise _unsayable("this check of the content type", "эта проверка типа содержимого")


_HEADER_TYPES = {
    JsonType.INTEGER: r"-?\d+",
    JsonType.NUMBER: r"-?\d+(\.\d+)?([eE][+-]?\d+)?",
    JsonType.BOOLEAN: r"true|false",
}


def header_lines(fact: AssertionFact, response: str) -> Lines:
    """A response header: values are text on the wire, numbers are told by their look."""
    name = string(fact.subject.name)
    subject = f"{response}.headers[{name}]"
    if fact.presence is Presence.ABSENT:
        return [f"assert {name} not in {response}.headers"], set()
    lines: list[str] = []
    imports: set[str] = set()
    check = fact.check
    if isinstance(check, HasType):
        only = check.types - {JsonType.NULL}
        pattern = _HEADER_TYPES.get(next(iter(only))) if len(only) == 1 else None
        if pattern is not None:
            lines, imports = [f"assert re.fullmatch({raw_string(pattern)}, {subject})"], {"re"}
    elif isinstance(check, InRange):
        lines, imports = _comparison(fact, f"float({subject})", response, None)
    elif check is not None:
        lines, imports = _comparison(fact, subject, response, None)
    present = f"{name} in {response}.headers"
    if fact.presence is Presence.IF_PRESENT:
        return ([f"if {present}:", *(f"    {line}" for line in lines)] if lines else []), imports
    return [f"assert {present}", *lines], imports


def check_lines(
    fact: AssertionFact, subject: str, body: str, request: str | None, indent: int
) -> Lines:
    """The assertion of a body fact on the expression `subject`; none for presence alone.

    `indent` is where the line will start; it decides when a call is written over several lines.
    """
    if fact.check is None:
        return [], set()
    return _comparison(fact, subject, body, request, indent)


def _comparison(  # noqa: PLR0912 - one arm a check
    fact: AssertionFact, subject: str, body: str, request: str | None, indent: int = 4
) -> Lines:
    match fact.check:
        case Equals(operand):
            return _equals(subject, operand, body, request)
        case OneOf(values):
            return [_membership(subject, values, indent)], set()
        case HasType(types):
            return [f"assert {_type_test(subject, types)}"], set()
        case HasFormat(name):
            return _format(subject, name, indent)
        case Matches(pattern):
            translated = python_pattern(pattern)
            if translated is None:
                raise _unsayable(f"the pattern {pattern}", f"шаблон {pattern}")
            return [_pattern_call("search", _plain_pattern(translated), subject, indent)], {"re"}
        case InRange(bounds):
            return [f"assert {_interval(subject, bounds)}"], set()
        case MultipleOf(factor):
            return _multiple(subject, factor)
        case HasLength(bounds) | HasSize(bounds):
            return [f"assert {_interval(f'len({subject})', bounds)}"], set()
        case Contains(operand):
            value, imports = _operand(operand, body, request)
            return [f"assert {value} in {subject}"], imports
        case Unique():
            name = "entry" if "entry" not in subject else "entry_"
            return [f"assert all({subject}.count({name}) == 1 for {name} in {subject})"], set()
        case Sorted(pointer, descending):
            return [_ordered(subject, pointer, descending=descending)], set()
        case NotNull():
            return [f"assert {subject} is not None"], set()
        case Conforms() | None:
            raise _unsayable("a whole schema", "схема целиком")
    raise _unsayable("this check", "эта проверка")


def _equals(subject: str, operand: Operand, body: str, request: str | None) -> Lines:
    if isinstance(operand, Literal) and (operand.value is None or isinstance(operand.value, bool)):
        return [f"assert {subject} is {literal(operand.value)}"], set()
    value, imports = _operand(operand, body, request)
    line = f"assert {subject} == {value}"
    return [line], imports


def _operand(operand: Operand, body: str, request: str | None) -> tuple[str, set[str]]:
    match operand:
        case Literal(value):
            return literal(value), set()
        case RequestValue(pointer) if request is not None:
            return request + _access(pointer), set()
        case CountOf(pointer):
            return f"len({body}{_access(pointer)})", set()
        case SumOf(pointer):
            tokens = split(pointer)
            if tokens.count(EACH) == 1 and tokens[-1] != EACH:
                array, _, rest = pointer.partition(f"/{EACH}")
                total = f"sum(item{_access(rest)} for item in {body}{_access(array)})"
                return f"pytest.approx({total})", {"pytest"}
    raise _unsayable("this comparison", "это сравнение")


def _access(pointer: str) -> str:
    return "".join(
        f"[{token}]" if token.isdecimal() else f"[{string(token)}]" for token in split(pointer)
    )


def _membership(subject: str, values: tuple[Json, ...], indent: int) -> str:
    if len(values) == 1:
        return f"assert {subject} == {literal(values[0])}"
    flat = f"assert {subject} in ({', '.join(literal(value) for value in values)})"
    if indent + len(flat) <= WIDTH:
        return flat
    items = "".join(f"    {literal(value)},\n" for value in values)
    return f"assert {subject} in (\n{items})"


def _number(subject: str) -> str:
    return f"type({subject}) in (int, float)"


_TYPE_TESTS: dict[JsonType, Callable[[str], str]] = {
    JsonType.STRING: "isinstance({}, str)".format,
    JsonType.INTEGER: "type({}) is int".format,
    JsonType.NUMBER: _number,
    JsonType.BOOLEAN: "isinstance({}, bool)".format,
    JsonType.ARRAY: "isinstance({}, list)".format,
    JsonType.OBJECT: "isinstance({}, dict)".format,
    JsonType.NULL: "{} is None".format,
}


def _type_test(subject: str, types: frozenset[JsonType]) -> str:
    if JsonType.NUMBER in types:
        types -= {JsonType.INTEGER}
    return " or ".join(_TYPE_TESTS[kind](subject) for kind in JsonType if kind in types)


def _format(subject: str, name: str, indent: int) -> Lines:
    pattern = FORMATS.get(name)
    if pattern is None:
        raise _unsayable(f"the format {name}", f"формат {name}")
    return [_pattern_call("fullmatch", pattern, subject, indent)], {"re"}


def _pattern_call(function: str, pattern: str, subject: str, indent: int) -> str:
    return "assert " + call(
        f"re.{function}", [raw_string(pattern), subject], indent=0, reserve=indent + len("assert ")
    )


def _plain_pattern(pattern: str) -> str:
    """`pattern` without the ASCII flag where it makes no difference."""
    unflagged = pattern.removeprefix("(?a)")
    return pattern if re.search(r"\\[dDwWsSbB]", unflagged) else unflagged


def _interval(subject: str, bounds: Bounds) -> str:
    low_sign = "<" if bounds.exclusive_low else "<="
    high_sign = "<" if bounds.exclusive_high else "<="
    if bounds.low is not None and bounds.low == bounds.high:
        return f"{subject} == {literal(bounds.low)}"
    if bounds.low is not None and bounds.high is not None:
        return f"{literal(bounds.low)} {low_sign} {subject} {high_sign} {literal(bounds.high)}"
    if bounds.low is not None:
        return f"{subject} {low_sign.replace('<', '>')} {literal(bounds.low)}"
    return f"{subject} {high_sign} {literal(bounds.high)}"


def _multiple(subject: str, factor: int | float) -> Lines:
    if isinstance(factor, int):
        return [f"assert {subject} % {factor} == 0"], set()
    return (
        [f'assert Decimal(str({subject})) % Decimal("{factor}") == 0'],
        {"decimal.Decimal"},
    )


def _ordered(subject: str, pointer: str, *, descending: bool) -> str:
    value = f"item{_access(pointer)}"
    present = value[: value.rfind("[")] + f".get({value[value.rfind('[') + 1 : -1]})"
    values = f"[{value} for item in {subject} if {present} is not None]" if pointer else subject
    reverse = ", reverse=True" if descending else ""
    return f"assert {values} == sorted({values}{reverse})"
