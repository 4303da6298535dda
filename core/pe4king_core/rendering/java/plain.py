"""Facts as assertions of JUnit, TestNG, AssertJ or Hamcrest on a variable of the test.

Only what such an assertion says exactly, whatever JSON the server sends: values are read as
`Object`, never converted (`getString` would make a text of a number). All other facts are `left`
for REST Assured's own links, the facts of one place always together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pe4king_core.model.fact import (
    AssertionFact,
    Check,
    Contains,
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    NotNull,
    OneOf,
    Presence,
    ResponseValue,
    SubjectKind,
)
from pe4king_core.model.json import EACH, Json, split
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.rendering.java import gpath
from pe4king_core.rendering.java.terms import (
    INT,
    Unsayable,
    bounds_of,
    classes_of,
    expression_of,
    inside,
    type_of,
    whole_bounds,
)
from pe4king_core.rendering.java.text import literal_string, number
from pe4king_core.testcode.implication import satisfies

_STRINGS = re.compile(r'"(?:\\.|[^"\\])*"')
_TYPES = re.compile(r"(?<![.\w])(?:InstanceOfAssertFactories|List|Map|BigInteger)\b")
FACTORIES = "org.assertj.core.api.InstanceOfAssertFactories"


@dataclass(frozen=True, slots=True)
class Wording:
    """The library, and the test's words for its methods and for the parts of the answer.

    `receiver` stands before assert methods (`Assertions.`, `softly.`); `response` is empty where
    only the body is visible; `body` gives the expression of a GPath as `Object`.
    """

    library: str
    receiver: str
    starter: str
    response: str
    body: Callable[[str], str]
    status: str = "statusCode"
    instance_method: bool = False
    """`assertInstanceOf` (JUnit 5.8) is in use."""
    responses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlainCode:
    """Statements without `;`, the assert methods and classes they use, and what they do not say."""

    statements: tuple[str, ...]
    methods: frozenset[str]
    types: frozenset[str]
    left: tuple[AssertionFact, ...]


class _Elsewhere(Exception):
    """Not sayable in this library; a chain says it."""


def render_plain(facts: Sequence[AssertionFact], wording: Wording) -> PlainCode:
    """Statements for those of `facts` that the library says exactly."""
    places: dict[tuple[str, str], list[AssertionFact]] = {}
    for fact in facts:
        places.setdefault((fact.subject.kind, fact.subject.name), []).append(fact)
    statements: list[str] = []
    left: list[AssertionFact] = []
    for stated in places.values():
        try:
            statements += _place(stated, wording)
        except (_Elsewhere, Unsayable):
            left += stated
    code = tuple(dict.fromkeys(statements))
    methods = {each.removeprefix(wording.receiver).partition("(")[0] for each in code}
    bare = "\n".join(_STRINGS.sub('""', text) for text in code)
    types = set(_TYPES.findall(bare))
    in_order = tuple(fact for fact in facts if fact in left)
    return PlainCode(code, frozenset(methods), frozenset(types), in_order)


def _place(stated: Sequence[AssertionFact], wording: Wording) -> list[str]:
    """The statements for all facts of one place. Raises _Elsewhere."""
    first = stated[0]
    kind = first.subject.kind
    say = _Assertj(wording) if wording.library == "assertj" else _Asserts(wording)
    if any(fact.guards or fact.conditions or fact.nullable for fact in stated):
        raise _Elsewhere
    if kind is not SubjectKind.BODY and not wording.response:
        raise _Elsewhere
    if kind is SubjectKind.STATUS:
        value = f"{wording.response}.{wording.status}()"
        return [text for fact in stated for text in say.status(value, fact.check)]
    if kind is SubjectKind.HEADER:
        value = f"{wording.response}.header({literal_string(first.subject.name)})"
        return [text for fact in stated for text in _header(say, value, fact)]
    if kind is not SubjectKind.BODY or any(f.presence is not Presence.REQUIRED for f in stated):
        raise _Elsewhere
    return say.body(_value(first, wording), _needed(stated))


def _value(fact: AssertionFact, wording: Wording) -> str:
    """The expression of the fact's place."""
    tokens = split(fact.subject.name)
    if not tokens or EACH in tokens:
        raise _Elsewhere
    path = ""
    for token in tokens:
        path = gpath.member(path, token)
    if not gpath.survives(path):
        raise _Elsewhere
    return wording.body(literal_string(path))


def _needed(stated: Sequence[AssertionFact]) -> list[Check]:
    """The checks of a place without those that others imply. Presence alone is said elsewhere."""
    checks = [fact.check for fact in stated if fact.check is not None]
    telling: list[Check] = [check for check in checks if not isinstance(check, NotNull)]
    if not checks:
        raise _Elsewhere
    values = [value for check in telling for value in _literal(check)]
    if not values:
        return telling or checks[:1]
    rest = [check for check in telling if not _literal(check)]
    if not all(satisfies(value, check) for value in values for check in rest):
        raise _Elsewhere
    return [check for check in telling if isinstance(check, HasType) or check not in rest]


def _literal(check: Check) -> tuple[Json, ...]:
    """The value that the check asks for, if it is one."""
    match check:
        case Equals(Literal(value)):
            return (value,)
    return ()


def _header(say: _Asserts | _Assertj, value: str, fact: AssertionFact) -> list[str]:
    if fact.presence is Presence.ABSENT:
        return say.null(value)
    if fact.presence is not Presence.REQUIRED:
        raise _Elsewhere
    match fact.check:
        case None | NotNull():
            return say.not_null(value)
        case Equals(Literal(str() as text)):
            return say.equal(value, literal_string(text))
        case Equals(Literal(bool() as flag)):
            return say.equal(value, literal_string(str(flag).lower()))
        case Equals(Literal(int() as whole)):
            return say.equal(value, literal_string(str(whole)))
        case HasFormat() | Matches() | HasLength():
            return say.header_matches(value, expression_of(fact.check))
    raise _Elsewhere


def _statuses(check: Check | None) -> list[int]:
    values: Sequence[Json] = ()
    match check:
        case Equals(Literal(value)):
            values = (value,)
        case OneOf(values):
            pass
    return [value for value in values if isinstance(value, int)] if values else []


def _constant(value: Json, only: JsonType | None) -> str:
    """A literal whose `equals` is JSON equality. Raises _Elsewhere."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return literal_string(value)
    whole = isinstance(value, int) and only is JsonType.INTEGER
    if whole and isinstance(value, int) and -(2**63) <= value < 2**63:
        return number(value)
    raise _Elsewhere


def _earlier(operand: ResponseValue, wording: Wording) -> str:
    tokens = split(operand.pointer)
    name = wording.responses.get(operand.call)
    if name is None or EACH in tokens or not tokens:
        raise _Elsewhere
    path = ""
    for token in tokens:
        path = gpath.member(path, token)
    return f"{name}.<Object>path({literal_string(path)})"


def _classes(check: HasType, checks: Sequence[Check]) -> str:
    classes = classes_of(check.types - {JsonType.NULL}, bounds_of(checks))
    if len(classes) != 1 or JsonType.NULL in check.types:
        raise _Elsewhere
    return classes[0]


@dataclass(frozen=True, slots=True)
class _Asserts:
    """JUnit and TestNG: `assertEquals(expected, actual)`, in TestNG the other way round."""

    wording: Wording

    def equal(self, value: str, wanted: str) -> list[str]:
        is_testng = self.wording.library == "testng"
        both = f"{value}, {wanted}" if is_testng else f"{wanted}, {value}"
        return [self._call("assertEquals", both)]

    def not_null(self, value: str) -> list[str]:
        return [self._call("assertNotNull", value)]

    def null(self, value: str) -> list[str]:
        return [self._call("assertNull", value)]

    def header_matches(self, _value: str, _expression: str) -> list[str]:
        raise _Elsewhere  # `value.matches(...)` would end in a NullPointerException

    def status(self, value: str, check: Check | None) -> list[str]:
        found = _statuses(check)
        if len(found) == 1:
            return self.equal(value, str(found[0]))
        if found:
            listed = ", ".join(map(str, found))
            return [self._call("assertTrue", f"List.of({listed}).contains({value})")]
        raise _Elsewhere

    def body(self, value: str, checks: Sequence[Check]) -> list[str]:
        only = type_of(checks)
        found: list[str] = []
        equals = [check for check in checks if isinstance(check, Equals)]
        for check in equals or checks:
            match check:
                case Equals(Literal(wanted)) if wanted is not None:
                    found += self.equal(value, _constant(wanted, only))
                case Equals(ResponseValue() as operand):
                    found += self.equal(value, _earlier(operand, self.wording))
                case HasType():
                    found.append(self._instance(value, _classes(check, checks)))
                case NotNull():
                    found += self.not_null(value)
                case _:
                    raise _Elsewhere
        return found

    def _instance(self, value: str, name: str) -> str:
        if self.wording.instance_method:
            return self._call("assertInstanceOf", f"{name}.class, {value}")
        return self._call("assertTrue", f"{value} instanceof {name}")

    def _call(self, name: str, arguments: str) -> str:
        return f"{self.wording.receiver}{name}({arguments})"


@dataclass(frozen=True, slots=True)
class _Assertj:
    """`assertThat(actual).isEqualTo(expected)`."""

    wording: Wording

    def equal(self, value: str, wanted: str) -> list[str]:
        return [self._that(value, f".isEqualTo({wanted})")]

    def not_null(self, value: str) -> list[str]:
        return [self._that(value, ".isNotNull()")]

    def null(self, value: str) -> list[str]:
        return [self._that(value, ".isNull()")]

    def header_matches(self, value: str, expression: str) -> list[str]:
        return [self._that(value, f".matches({literal_string(expression)})")]

    def status(self, value: str, check: Check | None) -> list[str]:
        found = _statuses(check)
        if len(found) == 1:
            return self.equal(value, str(found[0]))
        if found:
            return [self._that(value, f".isIn({', '.join(map(str, found))})")]
        if isinstance(check, InRange):
            return [self._that(value, _ordered(check.bounds))]
        raise _Elsewhere

    def body(self, value: str, checks: Sequence[Check]) -> list[str]:
        only = type_of(checks)
        equals = [check for check in checks if isinstance(check, Equals)]
        stated = equals or checks
        links: list[str] = []
        for check in sorted(stated, key=lambda each: not isinstance(each, HasType)):
            links += [x for x in self._links(check, checks, only) if x not in links]
        return [self._that(value, "".join(links))]

    def _links(self, check: Check, checks: Sequence[Check], only: JsonType | None) -> list[str]:
        text = [".isInstanceOf(String.class)", ".asString()"]
        items = [".asInstanceOf(InstanceOfAssertFactories.LIST)"]
        match check:
            case Equals(Literal(wanted)) if wanted is not None:
                return [f".isEqualTo({_constant(wanted, only)})"]
            case Equals(ResponseValue() as operand):
                return [f".isEqualTo({_earlier(operand, self.wording)})"]
            case NotNull():
                return [".isNotNull()"]
            case HasType():
                return [f".isInstanceOf({_classes(check, checks)}.class)"]
            case OneOf(values) if None not in values and values:
                return [f".isIn({', '.join(_constant(value, only) for value in values)})"]
            case HasLength(Bounds(low=1, high=None)):
                return [*text, ".isNotEmpty()"]
            case HasFormat() | Matches() | HasLength():
                return [*text, f".matches({literal_string(expression_of(check))})"]
            case HasSize(bounds):
                return [*items, _size(bounds)]
            case Contains(Literal(str() as value)) if only is JsonType.ARRAY:
                return [*items, f".contains({literal_string(value)})"]
            case Contains(Literal(str() as value)) if only is JsonType.STRING:
                return [*text, f".contains({literal_string(value)})"]
            case InRange(bounds) if only is JsonType.INTEGER and inside(bounds, INT):
                return [".asInstanceOf(InstanceOfAssertFactories.INTEGER)", _ordered(bounds)]
        raise _Elsewhere

    def _that(self, value: str, links: str) -> str:
        return f"{self.wording.receiver}{self.wording.starter}({value}){links}"


def _ordered(bounds: Bounds) -> str:
    """The comparisons of AssertJ for whole ends. Raises _Elsewhere."""
    ends = [end for end in (bounds.low, bounds.high) if end is not None]
    if not ends or not all(gpath.whole(end) for end in ends):
        raise _Elsewhere
    both = len(ends) == 2 and not bounds.exclusive_low and not bounds.exclusive_high
    if both:
        return f".isBetween({int(ends[0])}, {int(ends[1])})"
    found = ""
    if bounds.low is not None:
        name = "isGreaterThan" if bounds.exclusive_low else "isGreaterThanOrEqualTo"
        found += f".{name}({int(bounds.low)})"
    if bounds.high is not None:
        name = "isLessThan" if bounds.exclusive_high else "isLessThanOrEqualTo"
        found += f".{name}({int(bounds.high)})"
    return found


def _size(bounds: Bounds) -> str:
    low, high = whole_bounds(bounds)
    if low == high:
        return f".hasSize({low})" if low else ".isEmpty()"
    if high is None:
        return f".hasSizeGreaterThanOrEqualTo({low})" if low != 1 else ".isNotEmpty()"
    return f".hasSizeBetween({low}, {high})" if low else f".hasSizeLessThanOrEqualTo({high})"
