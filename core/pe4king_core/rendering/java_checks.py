"""Checks as Hamcrest matchers and as Groovy conditions.

Hamcrest first: `matchers` says what a value must satisfy with matchers that are exact for every
JSON value and never throw; `Follow` is what can only be asked once they hold (numbers compare as
doubles, because REST Assured parses 1 as Integer and 1.5 as Float). Where that is not enough,
`conditions` says the same as Groovy conditions on an expression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pe4king_core.model.fact import (
    Check,
    Conforms,
    Contains,
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
    ResponseValue,
    Sorted,
    Unique,
)
from pe4king_core.model.json import EACH, Json, split
from pe4king_core.model.message import Message
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.rendering import java_gpath as gpath
from pe4king_core.rendering.java_gpath import NeedsGroovy
from pe4king_core.rendering.java_patterns import java_pattern
from pe4king_core.rendering.java_text import literal_string, number
from pe4king_core.rendering.patterns import FORMATS

_EXACT_DOUBLE = 2**53
_INT = (-(2**31), 2**31 - 1)
_LONG = (-(2**63), 2**63 - 1)


class Unsayable(Exception):
    """A check that has no exact counterpart."""

    def __init__(self, english: str, russian: str) -> None:
        super().__init__(english)
        self.message = Message(
            en=f"cannot be written with REST Assured: {english}",
            ru=f"нельзя записать на REST Assured: {russian}",
        )


@dataclass(frozen=True, slots=True)
class Follow:
    """Asked of a value whose matchers hold, which are at least those of `kind`.

    Either `method` is called on it and `matcher` holds for the result, or the Groovy condition
    `test` of the value's expression is true.
    """

    kind: JsonType
    method: str = ""
    matcher: str = ""
    test: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """Matchers that must all hold, and what is asked after them."""

    matchers: tuple[str, ...]
    follows: tuple[Follow, ...] = ()


def accepts_null(check: Check | None) -> bool:
    """Whether null itself satisfies `check`."""
    match check:
        case HasType(types):
            return JsonType.NULL in types
        case OneOf(values):
            return None in values
        case Equals(Literal(None)):
            return True
    return False


def type_of(checks: Sequence[Check]) -> JsonType | None:
    """The one type that `checks` leave beside null, where there is one."""
    for check in checks:
        if isinstance(check, HasType):
            types = check.types - {JsonType.NULL}
            if JsonType.NUMBER in types:
                types -= {JsonType.INTEGER}
            if len(types) == 1:
                return next(iter(types))
    return None


def claims(checks: Sequence[Check], responses: Mapping[str, str]) -> Claims:
    """`checks` for a value that is not null. Raises NeedsGroovy or Unsayable.

    `responses` names the variables that hold the answers of earlier calls.
    """
    only = type_of(checks)
    collected = _Collected()
    for check in checks:
        if isinstance(check, Equals) and isinstance(check.operand, ResponseValue):
            collected.ordered.append(_earlier(check.operand, responses))
        else:
            _claim(check, only, collected)
    matchers = list(dict.fromkeys((*collected.specific, *collected.ordered)))
    if not collected.specific:
        matchers[:0] = _type_claim(checks, collected.follows)
    return Claims(tuple(matchers) or ("notNullValue()",), tuple(collected.follows))


def _earlier(operand: ResponseValue, responses: Mapping[str, str]) -> str:
    tokens = split(operand.pointer)
    if operand.call not in responses or EACH in tokens or not tokens:
        raise Unsayable("a comparison with another answer", "сравнение с другим ответом")
    path = ""
    for token in tokens:
        path = gpath.member(path, token)
    return f"equalTo({responses[operand.call]}.path({literal_string(path)}))"


@dataclass(slots=True)
class _Collected:
    specific: list[str] = field(default_factory=list)
    """Matchers that only values of the right type satisfy."""
    ordered: list[str] = field(default_factory=list)
    """Matchers that need a value of the type that `_type_claim` states."""
    follows: list[Follow] = field(default_factory=list)


def _claim(check: Check, only: JsonType | None, collected: _Collected) -> None:
    match check:
        case HasType() | NotNull():
            return
        case HasFormat() | Matches() | HasLength():
            collected.specific += string_matchers(check)
        case HasSize(bounds):
            collected.specific.append(f"hasSize({_count_matcher(bounds)})")
        case InRange(bounds):
            _range_claim(bounds, only, collected)
        case MultipleOf():
            test = partial(_multiple, check, only is JsonType.INTEGER)
            collected.follows.append(Follow(JsonType.NUMBER, test=test))
        case Unique():
            collected.follows.append(Follow(JsonType.ARRAY, test=_distinct))
        case Sorted():
            collected.follows.append(Follow(JsonType.ARRAY, test=partial(_in_order, check)))
        case Contains(Literal(str() | bool() as value)) if only is JsonType.ARRAY:
            collected.specific.append(f"hasItem({_java(value)})")
        case Contains(Literal(str() as value)) if only is JsonType.STRING:
            collected.specific.append(f"containsString({literal_string(value)})")
        case Equals(Literal(value)):
            _equal_claim(value, only, collected)
        case OneOf(values):
            _choice_claim(values, only, collected)
        case _:
            raise NeedsGroovy


def _type_claim(checks: Sequence[Check], follows: Sequence[Follow]) -> list[str]:
    """The matcher of the type, stated or needed by what follows."""
    types = [check.types for check in checks if isinstance(check, HasType)]
    if types:
        return [type_matcher(frozenset.intersection(*types), _bounds(checks))]
    numbers = any(isinstance(check, InRange) for check in checks)
    kinds = {follow.kind for follow in follows} | ({JsonType.NUMBER} if numbers else set())
    return [f"instanceOf({_CLASSES[kind]}.class)" for kind in sorted(kinds)]


def _bounds(checks: Sequence[Check]) -> Bounds:
    return next((check.bounds for check in checks if isinstance(check, InRange)), Bounds())


_CLASSES = {
    JsonType.STRING: "String",
    JsonType.NUMBER: "Number",
    JsonType.BOOLEAN: "Boolean",
    JsonType.ARRAY: "List",
    JsonType.OBJECT: "Map",
}


def integer_classes(bounds: Bounds) -> list[str]:
    """The classes that an integer inside `bounds` can have after parsing."""
    if _inside(bounds, _INT):
        return ["Integer"]
    return ["Integer", "Long"] if _inside(bounds, _LONG) else ["Integer", "Long", "BigInteger"]


def _inside(bounds: Bounds, limits: tuple[int, int]) -> bool:
    low, high = bounds.low, bounds.high
    return low is not None and high is not None and limits[0] <= low and high <= limits[1]


def classes_of(types: frozenset[JsonType], bounds: Bounds) -> list[str]:
    """The Java classes of values of `types`, null left out."""
    wanted = types - {JsonType.INTEGER} if JsonType.NUMBER in types else types
    found: list[str] = []
    for kind in JsonType:
        if kind in wanted and kind is not JsonType.NULL:
            integers = kind is JsonType.INTEGER
            found += integer_classes(bounds) if integers else [_CLASSES[kind]]
    return found


def type_matcher(types: frozenset[JsonType], bounds: Bounds) -> str:
    """The matcher for values of one of `types` that are not null."""
    classes = classes_of(types, bounds)
    if not classes:
        return "nullValue()"
    if len(classes) == 1:
        return f"instanceOf({classes[0]}.class)"
    return f"anyOf({', '.join(f'isA({name}.class)' for name in classes)})"


def string_matchers(check: HasFormat | Matches | HasLength) -> list[str]:
    """The matchers for a string check; they turn everything but strings away."""
    if isinstance(check, HasLength) and (check.bounds.low, check.bounds.high) == (1, None):
        return ["instanceOf(String.class)", "not(emptyString())"]
    return [f"matchesPattern({literal_string(_expression(check))})"]


def _expression(check: HasFormat | Matches | HasLength) -> str:
    """The full-match Java expression of a string check; lengths count code points."""
    if isinstance(check, HasLength):
        low, high = _whole_bounds(check.bounds)
        if low == high:
            return f"(?s).{{{low}}}"
        return f"(?s).{{{low},{'' if high is None else high}}}"
    if isinstance(check, HasFormat):
        if check.name not in FORMATS:
            raise Unsayable(f"the format {check.name}", f"формат {check.name}")
        return FORMATS[check.name]
    translated = java_pattern(check.pattern)
    if translated is None:
        raise Unsayable(f"the pattern {check.pattern}", f"шаблон {check.pattern}")
    return translated


def _whole_bounds(bounds: Bounds) -> tuple[int, int | None]:
    """Inclusive bounds of a count, never below zero."""
    low = 0
    if bounds.low is not None:
        low = max(0, -int(-bounds.low // 1))
        low += bounds.exclusive_low and low == bounds.low
    high = None
    if bounds.high is not None:
        high = int(bounds.high // 1)
        high -= bounds.exclusive_high and high == bounds.high
    if high is not None and high < low:
        raise Unsayable("bounds that nothing satisfies", "границы, которым ничто не соответствует")
    return low, high


def _count_matcher(bounds: Bounds) -> str:
    low, high = _whole_bounds(bounds)
    if low == high:
        return str(low)
    parts = [f"greaterThanOrEqualTo({low})"] * (low > 0 or high is None)
    parts += [f"lessThanOrEqualTo({high})"] * (high is not None)
    return all_of(parts)


def all_of(matchers: Sequence[str]) -> str:
    """One matcher for several."""
    return matchers[0] if len(matchers) == 1 else f"allOf({', '.join(matchers)})"


def or_null(matcher: str) -> str:
    """`matcher`, or null."""
    if matcher == "nullValue()":
        return matcher
    options = matcher[len("anyOf(") : -1] if matcher.startswith("anyOf(") else matcher
    return f"anyOf(nullValue(), {options})"


def _range_claim(bounds: Bounds, only: JsonType | None, collected: _Collected) -> None:
    ends = [end for end in (bounds.low, bounds.high) if end is not None]
    if only is JsonType.INTEGER and _inside(bounds, _INT) and all(map(gpath.whole, ends)):
        collected.ordered += order_matchers(bounds, lambda end: str(int(end)))
    elif only is JsonType.INTEGER or any(abs(end) >= _EXACT_DOUBLE for end in ends):
        for sign, shown in comparisons(bounds):
            test = partial(_compared, sign=sign, shown=shown)
            collected.follows.append(Follow(JsonType.NUMBER, test=test))
    elif ends:
        matcher = all_of(order_matchers(bounds, lambda end: repr(float(end))))
        collected.follows.append(Follow(JsonType.NUMBER, "toDouble()", matcher))


def order_matchers(bounds: Bounds, shown: Callable[[int | float], str]) -> list[str]:
    """Matchers for both ends of `bounds`, each end written by `shown`."""
    found: list[str] = []
    if bounds.low is not None:
        name = "greaterThan" if bounds.exclusive_low else "greaterThanOrEqualTo"
        found.append(f"{name}({shown(bounds.low)})")
    if bounds.high is not None:
        name = "lessThan" if bounds.exclusive_high else "lessThanOrEqualTo"
        found.append(f"{name}({shown(bounds.high)})")
    return found


def comparisons(bounds: Bounds) -> list[tuple[str, str]]:
    """Groovy operators and numbers for both ends of `bounds`."""
    found: list[tuple[str, str]] = []
    if bounds.low is not None:
        found.append((">" if bounds.exclusive_low else ">=", gpath.number(bounds.low)))
    if bounds.high is not None:
        found.append(("<" if bounds.exclusive_high else "<=", gpath.number(bounds.high)))
    return found


def _java(value: str | bool) -> str:
    return literal_string(value) if isinstance(value, str) else str(value).lower()


def _equal_claim(value: Json, only: JsonType | None, collected: _Collected) -> None:
    specific = collected.specific
    if value is None:
        specific.append("nullValue()")
    elif isinstance(value, str | bool):
        specific.append(f"equalTo({_java(value)})")
    elif isinstance(value, int | float):
        if only is JsonType.INTEGER and gpath.whole(value):
            specific.append(f"equalTo({number(int(value))})")
        else:
            _number_claim([value], collected)
    elif not value:
        specific.append("anEmptyMap()" if isinstance(value, Mapping) else "empty()")
    elif not isinstance(value, Mapping) and all(isinstance(item, str | bool) for item in value):
        items = ", ".join(_java(item) for item in value if isinstance(item, str | bool))
        specific.append(f"equalTo(List.of({items}))")
    else:
        raise NeedsGroovy


def _number_claim(values: Sequence[int | float], collected: _Collected) -> None:
    if any(abs(value) >= _EXACT_DOUBLE for value in values):
        raise NeedsGroovy
    shown = ", ".join(repr(float(value)) for value in values)
    matcher = f"equalTo({shown})" if len(values) == 1 else f"oneOf({shown})"
    collected.follows.append(Follow(JsonType.NUMBER, "toDouble()", matcher))


def _choice_claim(values: Sequence[Json], only: JsonType | None, collected: _Collected) -> None:
    if len(values) == 1:
        _equal_claim(values[0], only, collected)
        return
    texts = [value for value in values if isinstance(value, str)]
    numbers = [
        value for value in values if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    if values and len(texts) == len(values):
        shown = ", ".join(literal_string(value) for value in texts)
        collected.specific.append(f"oneOf({shown})")
    elif not numbers or len(numbers) != len(values):
        raise NeedsGroovy
    elif only is JsonType.INTEGER and all(_INT[0] <= value <= _INT[1] for value in numbers):
        shown = ", ".join(str(int(value)) for value in numbers if gpath.whole(value))
        collected.specific.append(f"oneOf({shown})")
    else:
        _number_claim(numbers, collected)


def _multiple(check: MultipleOf, integer: bool, value: str) -> str:
    exact = value if integer and gpath.whole(check.factor) else f"{value}.toBigDecimal()"
    return f"{exact} % {gpath.number(check.factor)} == 0"


def _distinct(value: str) -> str:
    return f"{value}.with {{ all -> all.every {{ one -> all.count {{ it == one }} == 1 }} }}"


def _in_order(check: Sorted, value: str) -> str:
    items = value + "".join(f"*.{gpath.key(token)}" for token in split(check.pointer))
    sign = ">=" if check.descending else "<="
    pairs = f"{items}.findAll {{ it != null }}.collate(2, 1, false)"
    return f"{pairs}.every {{ it[0] {sign} it[1] }}"


def conditions(checks: Sequence[Check], value: str, *, quoted: bool = False) -> list[str]:
    """`checks` as Groovy conditions on the expression `value`, to be joined by `&&`.

    They never throw, whatever JSON the value is; null satisfies none of them. `quoted` writes
    regular expressions in single quotes, which REST Assured never rewrites.
    """
    bounds = _bounds(checks)
    found: list[str] = []
    for check in checks:
        found += _conditions(check, value, bounds, quoted=quoted)
    return list(dict.fromkeys(found))


def _conditions(check: Check, value: str, bounds: Bounds, *, quoted: bool) -> list[str]:
    match check:
        case HasType(types):
            return [_type_condition(types, bounds, value)]
        case HasFormat() | Matches() | HasLength():
            expression = _expression(check)
            shown = (None if quoted else gpath.slashy(expression)) or gpath.text(expression)
            return [f"{value} instanceof String", f"{value} ==~ {shown}"]
        case InRange(limits):
            tests = [_compared(value, sign, shown) for sign, shown in comparisons(limits)]
            return [f"{value} instanceof Number", *tests]
        case HasSize(limits):
            return [f"{value} instanceof List", *_size_tests(limits, f"{value}.size()")]
        case MultipleOf():
            return [f"{value} instanceof Number", _multiple(check, False, value)]
        case Unique():
            return [f"{value} instanceof List", _distinct(value)]
        case Sorted():
            return [f"{value} instanceof List", _in_order(check, value)]
        case Equals(Literal(wanted)):
            return equality(wanted, value)
        case OneOf(values):
            return [_membership(values, value)]
        case Contains(Literal(wanted)):
            return [_containment(wanted, value)]
        case NotNull():
            return [f"{value} != null"]
        case Conforms():
            raise Unsayable("a whole schema", "схема целиком")
    raise Unsayable("a comparison with another value", "сравнение с другим значением")


def _compared(value: str, sign: str, shown: str) -> str:
    """Decimals compare as doubles: a Float 19.99 is not 19.99 as BigDecimal."""
    return f"{value}.toDouble() {sign} {shown}" if "." in shown else f"{value} {sign} {shown}"


def _size_tests(bounds: Bounds, size: str) -> list[str]:
    low, high = _whole_bounds(bounds)
    if low == high:
        return [f"{size} == {low}"]
    return [f"{size} >= {low}"] * (low > 0) + [f"{size} <= {high}"] * (high is not None)


def _type_condition(types: frozenset[JsonType], bounds: Bounds, value: str) -> str:
    classes = classes_of(types, bounds)
    if not classes:
        return f"{value} == null"
    if len(classes) == 1:
        return f"{value} instanceof {classes[0]}"
    if set(classes) <= {"Integer", "Long", "BigInteger"}:
        return f"{value}.getClass() in [{', '.join(classes)}]"
    return f"({' || '.join(f'{value} instanceof {name}' for name in classes)})"


def equality(wanted: Json, value: str) -> list[str]:
    """Conditions for equality with a literal; Groovy alone would take 49 and "1" as equal."""
    if wanted is None or isinstance(wanted, bool):
        return [f"{value} == {gpath.literal(wanted)}"]
    if isinstance(wanted, str):
        shown = gpath.text(wanted)
        return [f"{shown}.equals({value})" if len(wanted) == 1 else f"{value} == {shown}"]
    if isinstance(wanted, int | float):
        return [f"{value} instanceof Number", _compared(value, "==", gpath.number(wanted))]
    shown_value = gpath.literal(wanted)
    if shown_value is None:
        raise Unsayable("a structure with decimals", "структура с дробными числами")
    kind = "Map" if isinstance(wanted, Mapping) else "List"
    return [f"{value} instanceof {kind}", f"{value} == {shown_value}"]


def _membership(values: Sequence[Json], value: str) -> str:
    known = [wanted for wanted in values if wanted is not None]
    if not known:
        raise Unsayable("a choice of nothing", "выбор из пустого набора")
    if all(isinstance(wanted, str) for wanted in known):
        return f"{value} in {gpath.literal(known)}"
    options = [equality(wanted, value) for wanted in known]
    shown = [tests[0] if len(tests) == 1 else f"({' && '.join(tests)})" for tests in options]
    return f"({' || '.join(shown)})" if len(shown) > 1 else shown[0]


def _containment(wanted: Json, value: str) -> str:
    item = " && ".join(equality(wanted, "it"))
    inside = f"({value} instanceof List && {value}.any {{ {item} }})"
    if isinstance(wanted, str):
        return (
            f"({value} instanceof List && {value}.contains({gpath.text(wanted)})"
            f" || {value} instanceof String && {value}.contains({gpath.text(wanted)}))"
        )
    return inside
