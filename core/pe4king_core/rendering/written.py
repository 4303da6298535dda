"""A file of tests as it is handed on: its text and what is told of its cases, without the cases.

Light enough to be kept for a whole document, and to be sent from one process to another.
"""

from __future__ import annotations

from dataclasses import dataclass

from pe4king_core.model.case import NotProvable, TestCase
from pe4king_core.model.fact import Basis, CaseKind
from pe4king_core.model.message import Message
from pe4king_core.rendering.format import RenderedFile


@dataclass(frozen=True, slots=True)
class CaseOutline:
    """What is told of a case; its request and assertions are not."""

    id: str
    name: str
    operation: str
    kind: CaseKind
    behaviour: bool
    """Whether it rests on a law, not on the document alone."""
    value: int
    title: Message

    @classmethod
    def of(cls, case: TestCase, name: str = "") -> CaseOutline:
        """The outline of `case`, by the name that its test has in a format if that is known."""
        return cls(
            case.id,
            name or case.name,
            case.operation.key,
            case.kind,
            case.basis is Basis.LAW,
            case.value,
            case.title,
        )


@dataclass(frozen=True, slots=True)
class WrittenTests:
    """One file, made of the model with this number; a model without cases has no file."""

    number: int
    group: str
    file: RenderedFile | None
    cases: tuple[CaseOutline, ...] = ()
    not_provable: tuple[NotProvable, ...] = ()
    over_budget: int = 0
    without_client: int = 0
    """Cases left out because no client of the user's sends what they need."""
    parses: bool = False
    """Whether the text was seen to be free of syntax errors."""
