"""A proposal: whatever is offered to the user, from whichever source, in one shape."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pe4king_core.model.fact import AssertionFact, CaseFact
from pe4king_core.model.message import Message
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import Evidence


class Origin(StrEnum):
    """Who thought of it."""

    RULES = "rules"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class FileEdit:
    """Edits of one file, or (`create`) the whole text of a new one as a single insertion at 0.

    `uri` names the file; `base` is the text that the edits refer to, so that whoever applies
    them can see whether the file changed meanwhile. `relies_on` are the parts of `base` that
    the edits were made for: where one of them changed, the edits mean nothing any more.
    """

    uri: str
    edits: tuple[Edit, ...]
    base: str = ""
    create: bool = False
    relies_on: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a test or an operation is about, in sentences, and as comment text for the source."""

    title: Message
    markdown: Message
    comment: Message
    """Plain sentences without markup, ready for a docstring or Javadoc."""


@dataclass(frozen=True, slots=True)
class Item:
    """One part of a proposal with its origin and reason; what a review lists."""

    label: Message
    origin: Origin
    fact: AssertionFact | CaseFact | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Edits, where they came from, and their evidence.

    No edits is a valid proposal: `notes` then say why nothing needs to change. `message` is
    the one plain sentence that tells the user what happened, a failed provider included.
    """

    title: Message
    message: Message
    edits: tuple[FileEdit, ...] = ()
    items: tuple[Item, ...] = ()
    evidence: Evidence = Evidence()
    notes: tuple[Message, ...] = ()
    explanation: Explanation | None = None

    @property
    def origins(self) -> frozenset[Origin]:
        """Every origin that contributed an item."""
        return frozenset(item.origin for item in self.items)
