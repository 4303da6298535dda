"""Behaviour that documents do not state but most servers have: facts with `Basis.LAW`.

Proposed only where somebody asks for business rules (depth L6), each with the name of its law.
"""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.generation.assertions import body_schema
from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    Equals,
    Presence,
    RequestValue,
    body,
)
from pe4king_core.model.json import join
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.model.source import TestCall

ECHO = "echo"
_CHANGING = frozenset({"POST", "PUT", "PATCH"})
_SCALARS = frozenset({JsonType.STRING, JsonType.INTEGER, JsonType.NUMBER, JsonType.BOOLEAN})
_RESPELT = frozenset({"date-time", "time", "uri", "email", "password"})
"""Formats whose values servers like to write in another way, or not to give away."""


def law_facts(call: TestCall, operation: Operation, status: int) -> tuple[AssertionFact, ...]:
    """What `call` may expect of its answer with `status` by the laws that we know."""
    if operation.method not in _CHANGING or not 200 <= status < 300:
        return ()
    return tuple(_echoes(call, operation, status))


def _echoes(call: TestCall, operation: Operation, status: int) -> Iterator[AssertionFact]:
    """A field that was sent comes back as it was: its name and type are in both bodies."""
    sent = operation.request_body.json if operation.request_body is not None else None
    answered = body_schema(operation, status)
    if sent is None or sent.schema is None or answered is None:
        return
    for name in call.parts.body_names:
        mine, theirs = sent.schema.properties.get(name), answered.properties.get(name)
        if mine is None or theirs is None or not _comes_back(mine, theirs):
            continue
        required = name in answered.required
        yield AssertionFact(
            call.id,
            body(join("", name)),
            Equals(RequestValue(join("", name))),
            presence=Presence.REQUIRED if required else Presence.IF_PRESENT,
            when=status,
            basis=Basis.LAW,
            source=theirs.pointer,
            reason=Message(
                f"{name} is sent and comes back", f"{name} отправляется и возвращается обратно"
            ),
            law=ECHO,
        )


def _comes_back(sent: Schema, answered: Schema) -> bool:
    """Whether a value of the one can only be kept as the other: the same single plain type."""
    kind = sent.only_type
    if kind not in _SCALARS or answered.only_type is not kind:
        return False
    if _RESPELT & {sent.format, answered.format}:
        return False
    return not (sent.read_only or sent.write_only or answered.write_only or answered.read_only)
