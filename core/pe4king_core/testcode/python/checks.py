"""Assertions that libraries make: unittest, pytest_check, assertpy, jsonschema, Hamcrest."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.model.fact import HasType, Matches, NotNull
from pe4king_core.testcode.claims import Claim, Claims, claim
from pe4king_core.testcode.formats import ecma
from pe4king_core.testcode.logic import negation
from pe4king_core.testcode.python.arguments import latest_call, part_of
from pe4king_core.testcode.python.comparing import compared, true_of
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.hamcrest import MATCHERS, matched
from pe4king_core.testcode.python.objects import Arguments, Fluent, Matcher
from pe4king_core.testcode.values import (
    Items,
    Known,
    Measure,
    Measured,
    Part,
    TypeNames,
    Unknown,
    Value,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_UNITTEST = {
    "assertEqual": "==", "assertEquals": "==", "assertIs": "==", "assertDictEqual": "==",
    "assertListEqual": "==", "assertTupleEqual": "==", "assertSetEqual": "==",
    "assertMultiLineEqual": "==", "assertSequenceEqual": "==", "assertNotEqual": "!=",
    "assertIsNot": "!=", "assertIn": "in", "assertNotIn": "not in", "assertGreater": ">",
    "assertGreaterEqual": ">=", "assertLess": "<", "assertLessEqual": "<=",
}  # fmt: skip
_CHECK = {
    "equal": "==", "not_equal": "!=", "is_": "==", "is_not": "!=", "is_in": "in",
    "is_not_in": "not in", "greater": ">", "greater_equal": ">=", "less": "<", "less_equal": "<=",
    "eq": "==", "ne": "!=",
}  # fmt: skip
_CHECKED = {
    "is_true": "assertTrue", "is_false": "assertFalse", "is_none": "assertIsNone",
    "is_not_none": "assertIsNotNone", "is_instance": "assertIsInstance", "between": "between",
    "between_equal": "between_equal",
}  # fmt: skip
_ASSERTING = re.compile(
    r"(?:assert|expect|should|verify|validate|check|ensure)(?=_|[A-Z]|$)|(?:equal|is_true|is_in)$"
)
_SCHEMA = frozenset(
    {"jsonschema.validate", "jsonschema.validators.validate", "fastjsonschema.validate"}
)


def is_assertion(name: str) -> bool:
    """Whether a function called `name` asserts something."""
    return bool(_ASSERTING.match(name))


def library_assertion(frame: Frame, name: str, arguments: Arguments, node: Node) -> Value | None:
    """The assertion that the library function `name` makes; None where it is none."""
    module, _, last = name.rpartition(".")
    if name in _SCHEMA:
        return _schema(frame, arguments, node)
    if module == "self" and (last in _UNITTEST or last.startswith("assert")):
        return _claimed(frame, node, unittest_claims(last, arguments), "unittest", arguments)
    if name.startswith("pytest_check."):
        sign = _CHECK.get(last)
        values = arguments.values
        if sign is not None and len(values) > 1:
            claims = compared(values[0], sign, values[1])
        elif last in _CHECKED:
            claims = unittest_claims(_CHECKED[last], arguments)
        else:
            return None
        return _claimed(frame, node, claims, "pytest-check", arguments, soft="check")
    if name.startswith("hamcrest."):
        return _hamcrest(frame, last, arguments, node)
    if name in ("assertpy.assert_that", "assertpy.assertpy.assert_that"):
        return Fluent(arguments.value(0))
    return None


def _schema(frame: Frame, arguments: Arguments, node: Node) -> Value:
    part = part_of(arguments.value(0, "instance"))
    claims = (Claim(part.call, part.subject),) if isinstance(part, Part) else ()
    return _claimed(frame, node, claims, "jsonschema", arguments)


def _hamcrest(frame: Frame, name: str, arguments: Arguments, node: Node) -> Value | None:
    if name in MATCHERS:
        named = tuple((key, each.value) for key, each in arguments.named.items())
        return Matcher(name, tuple(arguments.values), named)
    if name != "assert_that" or not arguments.positional:
        return None
    values = arguments.values
    if len(values) > 1 and isinstance(values[1], Matcher):
        claims = matched(values[0], values[1])
    else:
        claims = true_of(values[0])
    return _claimed(frame, node, claims, "pyhamcrest", arguments)


def _claimed(
    frame: Frame,
    node: Node,
    claims: Claims,
    library: str,
    arguments: Arguments,
    *,
    soft: str = "",
) -> Value:
    call = latest_call(frame, arguments)
    if not frame.silent:
        frame.recorder.claim(frame.source.span(node), claims, call, library=library, soft=soft)
    return Unknown(call)


def unittest_claims(name: str, arguments: Arguments) -> Claims:
    """The claims of an assert method of unittest."""
    values = arguments.values
    if not values:
        return ()
    if name == "assertTrue":
        return true_of(values[0])
    if name == "assertFalse":
        return negation(true_of(values[0]))
    if len(values) >= 2 and name in _UNITTEST:
        return compared(values[0], _UNITTEST[name], values[1])
    if name == "assertAlmostEqual" and len(values) == 2 and not arguments.named:
        return compared(values[0], "==", values[1])
    if name == "between_equal" and len(values) > 2:
        return (*compared(values[0], ">=", values[1]), *compared(values[0], "<=", values[2]))
    first = part_of(values[0])
    second = part_of(values[1]) if len(values) > 1 else None
    if name == "assertCountEqual" and isinstance(first, Measured):
        return compared(first, "==", values[1]) if first.measure is Measure.KEYS else ()
    if name == "between" and len(values) > 2:
        return _between(arguments)
    return _one_part(name, first, second)


def _between(arguments: Arguments) -> Claims:
    """`between(x, low, high, ge=False, le=False)`: without the ends, unless told so."""
    value, low, high = arguments.values[:3]
    flags = [arguments.argument(at, name) for at, name in ((4, "ge"), (5, "le"))]
    known = [None if each is None else plain(each.value) for each in flags]
    if any(each not in (None, Known(True), Known(False)) for each in known):
        return tuple(replace(each, check=None) for each in compared(value, ">=", low))
    signs = [
        sign if each == Known(True) else sign[:1]
        for sign, each in zip((">=", "<="), known, strict=True)
    ]
    return (*compared(value, signs[0], low), *compared(value, signs[1], high))


def _one_part(name: str, first: Value, second: Value | None) -> Claims:
    if not isinstance(first, Part):
        return compared(first, "==", Known(None)) if name == "assertIsNone" else ()
    match name:
        case "assertIsNone":
            return compared(first, "==", Known(None))
        case "assertIsNotNone":
            return (claim(first, NotNull()),)
        case "assertIsInstance":
            return (claim(first, type_check(second)),)
        case "assertRegex" if isinstance(second, Known) and isinstance(second.value, str):
            return (claim(first, Matches(ecma(second.value))),)
    return (claim(first, None),)


def type_check(value: Value | None) -> HasType | None:
    """The JSON types of a class or a tuple of classes."""
    members = value.members if isinstance(value, Items) else (value,)
    names = [each.types for each in members if isinstance(each, TypeNames)]
    if not names or len(names) != len(members):
        return None
    return HasType(frozenset().union(*names))
