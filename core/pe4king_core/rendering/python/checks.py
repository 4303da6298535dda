"""One check as conditions in Python, given the expression of its subject."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

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
    OnlyMembers,
    Operand,
    Presence,
    RequestValue,
    ResponseValue,
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
from pe4king_core.rendering.python.conditions import (
    Condition,
    Relation,
    any_of,
    compared,
    equal_constant,
    interval,
    member,
    one_of,
    only_keys,
    pattern,
    room_at,
    something,
)
from pe4king_core.rendering.python.text import literal, string

Conditions = list[Condition]
TEXT = frozenset({JsonType.STRING})
Taken: TypeAlias = "Mapping[RequestValue | ResponseValue, str]"
"""Expressions for values that were sent or answered elsewhere in the test."""
_NOTHING: Taken = MappingProxyType({})


class Unsayable(Exception):
    """A check that cannot be written in this language with certainty."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.en)
        self.message = message


def _unsayable(what: str, russian: str) -> Unsayable:
    return Unsayable(
        Message(en=f"cannot be written as Python: {what}", ru=f"не записать на Python: {russian}")
    )


def response_conditions(fact: AssertionFact, response: str) -> Conditions:
    """Status and content type of the variable `response` (httpx and requests alike)."""
    check = fact.check
    if fact.subject.kind is SubjectKind.STATUS:
        subject = f"{response}.status_code"
        if isinstance(check, InRange):
            bounds = check.bounds
            if (bounds.low, bounds.high) == (400, 499):
                return [interval(subject, "400", "500", ("<=", "<"))]
        return _comparison(fact, subject, response, None)
    if isinstance(check, Equals) and isinstance(check.operand, Literal):
        return [_media_type(response, literal(check.operand.value))]
    if isinstance(check, OneOf):
        choices = ", ".join(literal(value) for value in check.values)
        return [_media_type(response, f"({choices})")]
    raise _unsayable("this check of the content type", "эта проверка типа содержимого")


def _media_type(response: str, start: str) -> Condition:
    return Condition(f'{response}.headers.get("content-type", "").startswith({start})')


_HEADER_TYPES = {
    JsonType.INTEGER: r"-?\d+",
    JsonType.NUMBER: r"-?\d+(\.\d+)?([eE][+-]?\d+)?",
    JsonType.BOOLEAN: r"true|false",
}


def header_present(fact: AssertionFact, response: str) -> Condition:
    """The header is there, or is not where the fact says so; names ignore case."""
    absent = fact.presence is Presence.ABSENT
    return member(string(fact.subject.name), f"{response}.headers", absent=absent, needs=set())


def header_conditions(fact: AssertionFact, response: str, indent: int) -> Conditions:
    """The value of a header that is there: text on the wire, numbers are told by their look."""
    subject = f"{response}.headers[{string(fact.subject.name)}]"
    check = fact.check
    if isinstance(check, HasType):
        only = check.types - {JsonType.NULL}
        look = _HEADER_TYPES.get(next(iter(only))) if len(only) == 1 else None
        return [pattern("fullmatch", look, subject, indent)] if look is not None else []
    if isinstance(check, InRange):
        return _comparison(fact, f"float({subject})", response, None, indent)
    return _comparison(fact, subject, response, None, indent) if check is not None else []


def body_conditions(
    fact: AssertionFact,
    subject: str,
    body: str,
    request: str | None,
    indent: int,
    taken: Taken = _NOTHING,
) -> Conditions:
    """The check of a body fact on the expression `subject`; none for presence alone.

    `indent` is where the line will start; it decides when a call is written over several lines.
    """
    if fact.check is None:
        return []
    return _comparison(fact, subject, body, request, indent, taken)


def format_constant(name: str, subject: str) -> Condition:
    """`subject` has the format `name`, whose pattern is the constant of `constant_name`."""
    text = f"{constant_name(name)}.fullmatch({subject})"
    return Condition(text, Relation.FULLMATCH, subject, FORMATS[name], frozenset({"re"}))


def constant_name(format_name: str) -> str:
    """The module-level name of a format's pattern: `date-time` is `DATE_TIME`."""
    return format_name.upper().replace("-", "_")


def _comparison(  # noqa: PLR0912 - one arm a check
    fact: AssertionFact,
    subject: str,
    body: str,
    request: str | None,
    indent: int = 4,
    taken: Taken = _NOTHING,
) -> Conditions:
    match fact.check:
        case Equals(operand):
            return [_equals(subject, operand, body, request, taken)]
        case OneOf(values):
            return [_membership(subject, values, indent)]
        case HasType(types):
            return [type_condition(subject, types)]
        case HasFormat(name):
            return [_format(subject, name, indent)]
        case Matches(expression):
            translated = python_pattern(expression)
            if translated is None:
                raise _unsayable(f"the pattern {expression}", f"шаблон {expression}")
            return [pattern("search", _plain_pattern(translated), subject, indent)]
        case InRange(bounds):
            return [_interval(subject, bounds)]
        case MultipleOf(factor):
            return [_multiple(subject, factor)]
        case HasLength(bounds) | HasSize(bounds):
            return [_interval(f"len({subject})", bounds)]
        case Contains(operand, at, absent):
            value, needs = _operand(operand, body, request, taken)
            items = f"[item.get({string(at)}) for item in {subject}]" if at else subject
            return [member(value, items, absent=absent, needs=needs)]
        case Unique():
            name = "entry" if "entry" not in subject else "entry_"
            return [Condition(f"all({subject}.count({name}) == 1 for {name} in {subject})")]
        case Sorted(pointer, descending):
            return [_ordered(subject, pointer, descending=descending)]
        case OnlyMembers(names):
            return [only_keys([string(name) for name in names], subject, room_at(indent))]
        case NotNull():
            return [something(subject)]
        case Conforms() | None:
            raise _unsayable("a whole schema", "схема целиком")
    raise _unsayable("this check", "эта проверка")


def _equals(
    subject: str, operand: Operand, body: str, request: str | None, taken: Taken
) -> Condition:
    if isinstance(operand, Literal) and (operand.value is None or isinstance(operand.value, bool)):
        return equal_constant(subject, literal(operand.value))
    value, needs = _operand(operand, body, request, taken)
    if isinstance(operand, CountOf) and operand.most is not None:
        subject = f"min({subject}, {operand.most})"
    return compared(subject, Relation.EQUAL, value, needs)


def _operand(
    operand: Operand, body: str, request: str | None, taken: Taken
) -> tuple[str, set[str]]:
    match operand:
        case Literal(value):
            return literal(value), set()
        case RequestValue() | ResponseValue() if operand in taken:
            return taken[operand], set()
        case RequestValue(pointer, "") if request is not None:
            return request + access(pointer), set()
        case CountOf(pointer):
            return f"len({body}{access(pointer)})", set()
        case SumOf(pointer):
            tokens = split(pointer)
            if tokens.count(EACH) == 1 and tokens[-1] != EACH:
                array, _, rest = pointer.partition(f"/{EACH}")
                total = f"sum(item{access(rest)} for item in {body}{access(array)})"
                return f"pytest.approx({total})", {"pytest"}
    raise _unsayable("this comparison", "это сравнение")


def access(pointer: str) -> str:
    """The subscripts that lead to `pointer` from a value."""
    return "".join(
        f"[{token}]" if token.isdecimal() else f"[{string(token)}]" for token in split(pointer)
    )


def _membership(subject: str, values: tuple[Json, ...], indent: int) -> Condition:
    if len(values) == 1:
        return compared(subject, Relation.EQUAL, literal(values[0]))
    return one_of(subject, [literal(value) for value in values], room_at(indent))


def _class_test(name: str) -> Callable[[str], Condition]:
    return lambda subject: Condition(
        f"isinstance({subject}, {name})", Relation.INSTANCE, subject, name
    )


def _integer(subject: str) -> Condition:
    return Condition(f"type({subject}) is int", Relation.TYPE, subject, "int")


def _number(subject: str) -> Condition:
    both = "(int, float)"
    return Condition(f"type({subject}) in {both}", Relation.TYPES, subject, both)


_TYPE_TESTS: dict[JsonType, Callable[[str], Condition]] = {
    JsonType.STRING: _class_test("str"),
    JsonType.INTEGER: _integer,
    JsonType.NUMBER: _number,
    JsonType.BOOLEAN: _class_test("bool"),
    JsonType.ARRAY: _class_test("list"),
    JsonType.OBJECT: _class_test("dict"),
    JsonType.NULL: lambda subject: equal_constant(subject, "None"),
}


_IN_ORDER = tuple(JsonType)


def type_condition(subject: str, types: frozenset[JsonType]) -> Condition:
    """`subject` is of one of the JSON types."""
    if JsonType.NUMBER in types:
        types -= {JsonType.INTEGER}
    tests = [_TYPE_TESTS[kind](subject) for kind in _IN_ORDER if kind in types]
    classes = [test.right for test in tests if test.relation is Relation.INSTANCE]
    if len(classes) > 1:
        both = Condition(f"isinstance({subject}, ({', '.join(classes)}))")
        tests = [test for test in tests if test.relation is not Relation.INSTANCE]
        tests.insert(0, both)
    return any_of(tests)


def _format(subject: str, name: str, indent: int) -> Condition:
    expression = FORMATS.get(name)
    if expression is None:
        raise _unsayable(f"the format {name}", f"формат {name}")
    return pattern("fullmatch", expression, subject, indent)


def _plain_pattern(expression: str) -> str:
    """`expression` without the ASCII flag where it makes no difference."""
    unflagged = expression.removeprefix("(?a)")
    return expression if re.search(r"\\[dDwWsSbB]", unflagged) else unflagged


def _interval(subject: str, bounds: Bounds) -> Condition:
    if bounds.low is not None and bounds.low == bounds.high:
        return compared(subject, Relation.EQUAL, literal(bounds.low))
    signs = ("<" if bounds.exclusive_low else "<=", "<" if bounds.exclusive_high else "<=")
    low = None if bounds.low is None else literal(bounds.low)
    high = None if bounds.high is None else literal(bounds.high)
    return interval(subject, low, high, signs)


def _multiple(subject: str, factor: int | float) -> Condition:
    if isinstance(factor, int):
        return compared(f"{subject} % {factor}", Relation.EQUAL, "0")
    rest = f'Decimal(str({subject})) % Decimal("{factor}")'
    return Condition(f"{rest} == 0", imports=frozenset({"decimal.Decimal"}))


def _ordered(subject: str, pointer: str, *, descending: bool) -> Condition:
    value = f"item{access(pointer)}"
    present = value[: value.rfind("[")] + f".get({value[value.rfind('[') + 1 : -1]})"
    values = f"[{value} for item in {subject} if {present} is not None]" if pointer else subject
    reverse = ", reverse=True" if descending else ""
    return compared(values, Relation.EQUAL, f"sorted({values}{reverse})")
