"""Behaviour that documents do not state but most servers have: facts with `Basis.LAW`.

Proposed only where somebody asks for business rules (depth L6), each with the name of its law.
"""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.generation.answers.echoes import echo_fields
from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    Equals,
    Presence,
    RequestValue,
    body,
)
from pe4king_core.model.json import split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.source import TestCall

ECHO = "echo"
_CHANGING = frozenset({"POST", "PUT", "PATCH"})


def law_facts(call: TestCall, operation: Operation, status: int) -> tuple[AssertionFact, ...]:
    """What `call` may expect of its answer with `status` by the laws that we know."""
    if operation.method not in _CHANGING or not 200 <= status < 300:
        return ()
    return tuple(_echoes(call, operation, status))


def _echoes(call: TestCall, operation: Operation, status: int) -> Iterator[AssertionFact]:
    """What `call` is known to send at the top of its body comes back as it was."""
    for kept in echo_fields(operation, status):
        way = split(kept.sent)
        if len(way) > 1 or way[0] not in call.parts.body_names:
            continue
        yield AssertionFact(
            call.id,
            body(kept.answered),
            Equals(RequestValue(kept.sent)),
            presence=Presence.REQUIRED if kept.required else Presence.IF_PRESENT,
            when=status,
            basis=Basis.LAW,
            source=kept.answered_schema.pointer,
            reason=Message(
                f"{way[0]} is sent and comes back", f"{way[0]} отправляется и возвращается обратно"
            ),
            law=ECHO,
        )
