"""One behaviour of an API, as it is found and before it is a case."""

from __future__ import annotations

from dataclasses import dataclass

from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.model.case import Request, Step
from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.message import Message


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One behaviour: the request that shows it, what comes before, and what must follow."""

    law: str
    title: Message
    request: Request
    statuses: tuple[int, ...]
    given: tuple[Step, ...]
    facts: tuple[AssertionFact, ...]
    worth: Worth
    detail: str = ""
    """What tells it from others of the same law: the key of the operation that changes."""
