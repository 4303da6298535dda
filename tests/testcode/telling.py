"""What a reader found, in short lines that a test can write down."""

from __future__ import annotations

from pe4king_core.model.fact import (
    Check,
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
    ResponseValue,
    Sorted,
    SumOf,
    Unique,
)
from pe4king_core.model.schema import Bounds
from pe4king_core.model.source import TestAssertion, TestCall


def call(found: TestCall) -> str:
    """`POST /books/{} response json`, with `?` behind what is not resolved."""
    words = [found.method or "?", found.path or "?", found.style]
    if found.response:
        words.append(f"as {found.response}")
    if found.sent_json:
        words.append("json")
    return " ".join(words) + (" ?" if found.blocked else "")


def assertion(found: TestAssertion) -> str:
    """`C1 body(/id) == 5`, `C1 body(/x) if present type string`, `C1 ?`."""
    if found.subject is None:
        return f"{found.call or '-'} ?"
    words = [found.call or "-", str(found.subject)]
    if found.presence is not Presence.REQUIRED:
        words.append(found.presence.replace("_", " "))
    if found.check is not None:
        words.append(_check(found.check))
    if found.conditional:
        words += _conditions(found)
    return " ".join(words)


def _conditions(found: TestAssertion) -> list[str]:
    words = [f"guard {guard}" for guard in found.guards]
    words += [f"where {each.pointer} in {list(each.values)}" for each in found.conditions]
    if found.when is not None:
        words.append(f"when {found.when}")
    if found.nullable:
        words.append("or null")
    if found.opaque:
        words.append("perhaps")
    return words


def _check(check: Check) -> str:  # noqa: PLR0912 - one arm a check
    match check:
        case Equals(operand):
            return f"== {_operand(operand)}"
        case OneOf(values):
            return f"in {list(values)}"
        case HasType(types):
            return "type " + "|".join(sorted(types))
        case HasFormat(name):
            return f"format {name}"
        case Matches(pattern):
            return f"matches {pattern}"
        case InRange(bounds):
            return f"range {_bounds(bounds)}"
        case HasLength(bounds):
            return f"length {_bounds(bounds)}"
        case HasSize(bounds):
            return f"size {_bounds(bounds)}"
        case MultipleOf(factor):
            return f"multiple {factor}"
        case Contains(operand):
            return f"contains {_operand(operand)}"
        case Unique():
            return "unique"
        case Sorted(pointer, descending):
            return f"sorted {pointer}{' descending' if descending else ''}".strip()
        case NotNull():
            return "not null"
    return "conforms"


def _operand(operand: Operand) -> str:
    match operand:
        case Literal(value):
            return repr(value)
        case RequestValue(pointer):
            return f"sent {pointer}"
        case ResponseValue(call, pointer):
            return f"{call}{pointer}"
        case CountOf(pointer):
            return f"count {pointer}"
        case SumOf(pointer):
            return f"sum {pointer}"


def _bounds(bounds: Bounds) -> str:
    low = "" if bounds.low is None else bounds.low
    high = "" if bounds.high is None else bounds.high
    opening = "(" if bounds.exclusive_low else "["
    return f"{opening}{low}, {high}{')' if bounds.exclusive_high else ']'}"
