"""Oracle depth: how much of an answer a test looks at (SPEC section 2)."""

from __future__ import annotations

from pe4king_core.model.case import Depth
from pe4king_core.model.fact import (
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    MultipleOf,
    OneOf,
    Sorted,
    SubjectKind,
    Unique,
)
from pe4king_core.model.json import EACH, split
from pe4king_core.model.source import TestAssertion, TestFunction

_SHAPES = (HasType, HasFormat, Matches, InRange, HasLength, HasSize, MultipleOf, OneOf)
_NESTED = 2
"""A place with so many names in its pointer is inside something."""


def oracle_depth(test: TestFunction) -> Depth:
    """The deepest that one of the test's assertions goes; L0 where it has none."""
    return max(map(assertion_depth, test.assertions), default=Depth.L0_NONE)


def assertion_depth(assertion: TestAssertion) -> Depth:
    """How deep one assertion goes. One that we cannot read counts as a look at the status."""
    subject, check = assertion.subject, assertion.check
    if subject is None or subject.kind is SubjectKind.STATUS:
        return Depth.L1_STATUS
    if isinstance(check, Sorted | Unique) or (
        isinstance(check, Equals) and not isinstance(check.operand, Literal)
    ):
        return Depth.L6_RULES
    if subject.kind is not SubjectKind.BODY or not subject.name:
        return Depth.L2_BODY
    if isinstance(check, _SHAPES):
        return Depth.L5_TYPES
    names = [name for name in split(subject.name) if name != EACH]
    return Depth.L4_NESTED if len(names) >= _NESTED else Depth.L3_FIELDS
