"""Checks as Groovy conditions on an expression, for what matchers cannot say exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    OnlyMembers,
    Sorted,
    Unique,
)
from pe4king_core.model.json import Json, split
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.rendering.java import gpath
from pe4king_core.rendering.java.terms import (
    Unsayable,
    bounds_of,
    classes_of,
    comparisons,
    expression_of,
    whole_bounds,
)


def conditions(checks: Sequence[Check], value: str, *, quoted: bool = False) -> list[str]:
    """`checks` as Groovy conditions on the expression `value`, to be joined by `&&`.

    They never throw, whatever JSON the value is; null satisfies none of them. `quoted` writes
    regular expressions in single quotes, which REST Assured never rewrites.
    """
    bounds = bounds_of(checks)
    found: list[str] = []
    for check in checks:
        found += _conditions(check, value, bounds, quoted=quoted)
    return list(dict.fromkeys(found))


def _conditions(  # noqa: PLR0912 - one arm a check
    check: Check, value: str, bounds: Bounds, *, quoted: bool
) -> list[str]:
    match check:
        case HasType(types):
            return [_type_condition(types, bounds, value)]
        case HasFormat() | Matches() | HasLength():
            expression = expression_of(check)
            shown = (None if quoted else gpath.slashy(expression)) or gpath.text(expression)
            return [f"{value} instanceof String", f"{value} ==~ {shown}"]
        case InRange(limits):
            tests = [compared(value, sign, shown) for sign, shown in comparisons(limits)]
            return [f"{value} instanceof Number", *tests]
        case HasSize(limits):
            return [f"{value} instanceof List", *_size_tests(limits, f"{value}.size()")]
        case MultipleOf():
            return [f"{value} instanceof Number", is_multiple(check, False, value)]
        case Unique():
            return [f"{value} instanceof List", are_distinct(value)]
        case Sorted():
            return [f"{value} instanceof List", are_in_order(check, value)]
        case OnlyMembers(names):
            keys = f"{gpath.literal(names)}.containsAll({value}.keySet())"
            return [f"{value} instanceof Map", keys]
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


def is_multiple(check: MultipleOf, integer: bool, value: str) -> str:
    """Whether the number `value` is a multiple; decimals are counted exactly."""
    exact = value if integer and gpath.whole(check.factor) else f"{value}.toBigDecimal()"
    return f"{exact} % {gpath.number(check.factor)} == 0"


def are_distinct(value: str) -> str:
    """Whether no two items of the list `value` are equal; 1 and 1.0 are."""
    return f"{value}.with {{ all -> all.every {{ one -> all.count {{ it == one }} == 1 }} }}"


def are_in_order(check: Sorted, value: str) -> str:
    """Whether the items of the list `value` are ordered; nulls are passed over."""
    items = value + "".join(f"*.{gpath.key(token)}" for token in split(check.pointer))
    sign = ">=" if check.descending else "<="
    pairs = f"{items}.findAll {{ it != null }}.collate(2, 1, false)"
    return f"{pairs}.every {{ it[0] {sign} it[1] }}"


def compared(value: str, sign: str, shown: str) -> str:
    """Decimals compare as doubles: a Float 19.99 is not 19.99 as BigDecimal."""
    return f"{value}.toDouble() {sign} {shown}" if "." in shown else f"{value} {sign} {shown}"


def _size_tests(bounds: Bounds, size: str) -> list[str]:
    low, high = whole_bounds(bounds)
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
        return [f"{value} instanceof Number", compared(value, "==", gpath.number(wanted))]
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
