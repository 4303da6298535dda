"""What a reader found, in short lines that a test can write down."""

from __future__ import annotations

import json
from collections.abc import Mapping

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
from pe4king_core.model.json import Json
from pe4king_core.model.schema import Bounds
from pe4king_core.model.source import BodyKind, TestAssertion, TestCall


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
        case OnlyMembers(names):
            return f"only {' '.join(names)}"
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
        case CountOf(pointer, most):
            return f"count {pointer}" + ("" if most is None else f" up to {most}")
        case SumOf(pointer):
            return f"sum {pointer}"


def _bounds(bounds: Bounds) -> str:
    low = "" if bounds.low is None else bounds.low
    high = "" if bounds.high is None else bounds.high
    opening = "(" if bounds.exclusive_low else "["
    return f"{opening}{low}, {high}{')' if bounds.exclusive_high else ']'}"


def noted_call(found: TestCall) -> str:
    """The call as the labels of the corpus write it: `POST /v1/books json setup`."""
    if found.unresolved is not None or not found.method or not found.path:
        return "? ?" + (" setup" if found.setup else "")
    words = [found.method, found.path]
    if found.parts.body in (BodyKind.JSON, BodyKind.FORM, BodyKind.MULTIPART):
        words.append(str(found.parts.body))
    return " ".join([*words, "setup"] if found.setup else words)


def noted_assertion(found: TestAssertion, numbers: Mapping[str, str]) -> str:
    """What the labels write behind the call's number: `body(/title) == "Dune" null ok`.

    `numbers` are the names of calls, for values taken from another answer.
    """
    if found.subject is None or found.opaque:
        return "?"
    subject = found.subject
    words = [f"body({subject.name})" if subject.kind is SubjectKind.BODY else str(subject)]
    if found.check is not None:
        words.append(_noted_check(found.check, numbers))
    if found.presence is not Presence.REQUIRED:
        words.append("absent" if found.presence is Presence.ABSENT else "if present")
    if found.nullable:
        words.append("null ok")
    if found.when is not None:
        words.append(f"when {found.when}")
    words += [f"where {each.pointer} in {_json(list(each.values))}" for each in found.conditions]
    words += [f"guard {guard}" for guard in found.guards]
    return " ".join(words)


def _noted_check(check: Check, numbers: Mapping[str, str]) -> str:
    match check:
        case Equals(operand):
            return f"== {_noted_operand(operand, numbers)}"
        case Contains(operand):
            return f"contains {_noted_operand(operand, numbers)}"
        case OneOf(values):
            return f"in {_json(list(values))}"
        case InRange(bounds):
            return f"range {_noted_bounds(bounds)}"
        case HasLength(bounds):
            return f"length {_noted_bounds(bounds)}"
        case HasSize(bounds):
            return f"size {_noted_bounds(bounds)}"
        case MultipleOf(factor):
            return f"multiple of {factor}"
        case Sorted(pointer, descending):
            return f"sorted{f' by {pointer}' if pointer else ''}{' desc' if descending else ''}"
    return _check(check)


def _noted_operand(operand: Operand, numbers: Mapping[str, str]) -> str:
    match operand:
        case Literal(value):
            return _json(value)
        case RequestValue(pointer):
            return f"request({pointer})"
        case ResponseValue(call, pointer):
            return f"response({numbers.get(call, '?')} {pointer})"
        case CountOf(pointer, None):
            return f"count({pointer})"
        case CountOf(pointer, most):
            return f"count({pointer} {most})"
        case SumOf(pointer):
            return f"sum({pointer})"


def _noted_bounds(bounds: Bounds) -> str:
    low = "" if bounds.low is None else bounds.low
    high = "" if bounds.high is None else bounds.high
    opening = "(" if bounds.exclusive_low and low != "" else ""
    return f"{opening}{low}..{high}{')' if bounds.exclusive_high and high != '' else ''}"


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
