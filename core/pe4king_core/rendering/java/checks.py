"""Checks as Hamcrest matchers.

`matchers` says what a value must satisfy with matchers that are exact for every JSON value and
never throw; `Follow` is what can only be asked once they hold. Numbers compare as doubles,
because REST Assured parses 1 as Integer and 1.5 as Float or BigDecimal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

from pe4king_core.model.fact import (
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
    MultipleOf,
    NotNull,
    OneOf,
    OnlyMembers,
    ResponseValue,
    Sorted,
    Unique,
)
from pe4king_core.model.json import EACH, Json, split
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.rendering.java import gpath
from pe4king_core.rendering.java.conditions import are_distinct, are_in_order, compared, is_multiple
from pe4king_core.rendering.java.earlier import earlier
from pe4king_core.rendering.java.gpath import NeedsGroovy
from pe4king_core.rendering.java.terms import (
    CLASSES,
    INT,
    Unsayable,
    bounds_of,
    classes_of,
    comparisons,
    expression_of,
    inside,
    type_of,
    whole_bounds,
)
from pe4king_core.rendering.java.text import literal_string, number

_EXACT_DOUBLE = 2**53
"""Integers up to here are exact as doubles."""


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


def claims(checks: Sequence[Check], responses: Mapping[str, str]) -> Claims:
    """`checks` for a value that is not null. Raises NeedsGroovy or Unsayable.

    `responses` names the variables that hold the answers of earlier calls; under "call pointer"
    it may hold the expression for one value.
    """
    if len(checks) == 1 and isinstance(checks[0], HasType):
        return _of_type(checks[0].types)
    only = type_of(checks)
    collected = _Collected()
    for check in checks:
        if isinstance(check, Equals) and isinstance(check.operand, ResponseValue):
            follow = _earlier(check.operand, only, responses)
            if follow.method:
                collected.follows.append(follow)
            else:
                collected.ordered.append(follow.matcher)
        else:
            _claim(check, only, collected)
    matchers = list(dict.fromkeys((*collected.specific, *collected.ordered)))
    matchers[:0] = _type_claim(checks, collected)
    return Claims(tuple(matchers) or ("notNullValue()",), tuple(collected.follows))


@lru_cache(maxsize=256)
def _of_type(types: frozenset[JsonType]) -> Claims:
    """What is said of most values: their type and nothing else."""
    return Claims((type_matcher(types, Bounds()),))


def _earlier(operand: ResponseValue, only: JsonType | None, known: Mapping[str, str]) -> Follow:
    """Equality with an earlier answer; decimals compare as numbers, so that 9.90 is 9.9."""
    said = known.get(f"{operand.call} {operand.pointer}")
    if said is not None:
        return Follow(JsonType.STRING, matcher=f"equalTo({said})")
    if operand.call not in known or EACH in split(operand.pointer):
        raise Unsayable("a comparison with another answer", "сравнение с другим ответом")
    if not operand.pointer and not operand.header:
        raise Unsayable("a comparison with a whole answer", "сравнение со всем ответом")
    if only is JsonType.NUMBER and not operand.header:
        value = f"{earlier(operand, known, '<Number>')}.doubleValue()"
        return Follow(JsonType.NUMBER, "toDouble()", f"equalTo({value})")
    return Follow(JsonType.STRING, matcher=f"equalTo({earlier(operand, known)})")


def earlier_value(operand: ResponseValue, known: Mapping[str, str]) -> str:
    """The expression for a value of an earlier answer, or for what was sent, as an object."""
    said = known.get(f"{operand.call} {operand.pointer}")
    if said is not None:
        return said
    if operand.call not in known:
        raise Unsayable("a comparison with another answer", "сравнение с другим ответом")
    return earlier(operand, known, "<Object>")


@dataclass(slots=True)
class _Collected:
    specific: list[str] = field(default_factory=list)
    """Matchers that only values of the right type satisfy."""
    ordered: list[str] = field(default_factory=list)
    """Matchers that need a value of the type that `_type_claim` states."""
    follows: list[Follow] = field(default_factory=list)


def _claim(  # noqa: PLR0912 - one arm a check
    check: Check, only: JsonType | None, collected: _Collected
) -> None:
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
            test = partial(is_multiple, check, only is JsonType.INTEGER)
            collected.follows.append(Follow(JsonType.NUMBER, test=test))
        case Unique():
            collected.follows.append(Follow(JsonType.ARRAY, test=are_distinct))
        case OnlyMembers(names):
            shown = ", ".join(map(literal_string, names))
            follow = Follow(JsonType.OBJECT, "keySet()", f"everyItem(oneOf({shown}))")
            collected.follows.append(follow)
        case Sorted():
            collected.follows.append(Follow(JsonType.ARRAY, test=partial(are_in_order, check)))
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


def _type_claim(checks: Sequence[Check], collected: _Collected) -> list[str]:
    """Matchers of the type, as far as it is stated or needed and not implied."""
    needed = {follow.kind for follow in collected.follows}
    if any(isinstance(check, InRange) for check in checks):
        needed.add(JsonType.NUMBER)
    stated = [check.types for check in checks if isinstance(check, HasType)]
    found: list[str] = []
    if stated:
        types = frozenset.intersection(*stated)
        implied = {JsonType.NUMBER if kind is JsonType.INTEGER else kind for kind in types}
        needed -= implied if len(implied) == 1 else set()
        if not collected.specific:
            found.append(type_matcher(types, bounds_of(checks)))
    elif any(matcher.startswith(("hasSize(", "hasItem(")) for matcher in collected.specific):
        needed.discard(JsonType.ARRAY)
    return [*found, *(f"instanceOf({CLASSES[kind]}.class)" for kind in sorted(needed))]


@lru_cache(maxsize=256)
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
    return [f"matchesPattern({literal_string(expression_of(check))})"]


def _count_matcher(bounds: Bounds) -> str:
    low, high = whole_bounds(bounds)
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
    if only is JsonType.INTEGER and inside(bounds, INT) and all(map(gpath.whole, ends)):
        collected.ordered += order_matchers(bounds, lambda end: str(int(end)))
    elif only is JsonType.INTEGER or any(abs(end) >= _EXACT_DOUBLE for end in ends):
        for sign, shown in comparisons(bounds):
            test = partial(compared, sign=sign, shown=shown)
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
    elif only is JsonType.INTEGER and all(INT[0] <= value <= INT[1] for value in numbers):
        shown = ", ".join(str(int(value)) for value in numbers if gpath.whole(value))
        collected.specific.append(f"oneOf({shown})")
    else:
        _number_claim(numbers, collected)
