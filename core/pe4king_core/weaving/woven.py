"""The result of weaving: insertions, the facts they add, and the facts that were refused."""

from __future__ import annotations

from dataclasses import dataclass

from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.message import Message
from pe4king_core.model.text import Edit


@dataclass(frozen=True, slots=True)
class Woven:
    """`edits` are insertions into the file's text; every fact is either added or refused."""

    edits: tuple[Edit, ...] = ()
    added: tuple[AssertionFact, ...] = ()
    refused: tuple[tuple[AssertionFact, Message], ...] = ()
    siblings: tuple[str, ...] = ()
    """Names of the tests beside it that hold some of what was added, new ones or written on."""


@dataclass(frozen=True, slots=True)
class WovenCall:
    """The same for the facts of one call; imports are put in once for all calls."""

    edits: tuple[Edit, ...] = ()
    imports: frozenset[str] = frozenset()
    refused: tuple[tuple[AssertionFact, Message], ...] = ()
