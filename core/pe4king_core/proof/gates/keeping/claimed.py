"""What an assertion says as a fact about the answer of another test's call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    Check,
    Contains,
    Equals,
    Operand,
    Presence,
    RequestValue,
    ResponseValue,
)
from pe4king_core.model.source import TestAssertion

_PRESENCE = re.compile(
    r"\bin\b|has_?[kK]ey|containsKey|contains|is_not_none|notNull|not_none|has_entr|assertIn"
    r"|assertNotIn|headers?\("
)
"""How an assertion looks that asks for nothing but presence."""


def is_understood(assertion: TestAssertion) -> bool:
    """Whether what the assertion says is all that it asks for."""
    if assertion.subject is None or assertion.call is None or assertion.opaque:
        return False
    if assertion.check is not None or assertion.presence is Presence.ABSENT:
        return True
    asks_presence = assertion.presence is Presence.REQUIRED
    return asks_presence and bool(_PRESENCE.search(assertion.text)) and not assertion.via


def fact_of(assertion: TestAssertion, calls: Mapping[str, str]) -> AssertionFact | None:
    """The assertion as a fact of the call that `calls` leads to; None where there is none."""
    call = calls.get(assertion.call or "")
    if call is None or assertion.subject is None:
        return None
    return AssertionFact(
        call=call,
        subject=assertion.subject,
        check=_moved(assertion.check, calls),
        presence=assertion.presence,
        nullable=assertion.nullable,
        guards=assertion.guards,
        conditions=assertion.conditions,
        when=assertion.when,
        basis=Basis.DOCUMENT,
    )


def _moved(check: Check | None, calls: Mapping[str, str]) -> Check | None:
    match check:
        case Equals(operand) | Contains(operand):
            return replace(check, operand=_operand(operand, calls))
    return check


def _operand(operand: Operand, calls: Mapping[str, str]) -> Operand:
    match operand:
        case RequestValue() | ResponseValue() if operand.call:
            return replace(operand, call=calls.get(operand.call, ""))
    return operand
