"""A mutant as data: one fault of a server, where it is, and what it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pe4king_core.model.json import Json


class MutantKind(StrEnum):
    """What a mutant breaks."""

    CONTRACT = "contract"
    """The document: an independent validator rejects what it answers."""
    LAW = "law"
    """Behaviour that the document does not state; every answer alone is valid."""


class Law(StrEnum):
    """What tests may expect of an API though its document does not say so."""

    ECHO = "echo"
    """What was sent is in the answer."""
    CREATED_THEN_READ = "created-then-read"
    UPDATED_THEN_READ = "updated-then-read"
    GONE_AFTER_DELETE = "gone-after-delete"
    COUNT = "count"
    """A count is the number of what it counts."""
    ORDER = "order"
    """A list has one order, and the one that was asked for."""
    FILTER = "filter"
    """A filter leaves only what matches."""
    LISTED = "listed"
    """What exists is in the list."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One seeded fault.

    `operation` is a key (`GET /books`), `place` the pointer into the document of what is broken,
    `status` the documented response ("200", "4XX", "default"), `subject` a JSON pointer into the
    body ("*" is each item), a header's name, or a parameter (`query limit`); `value` is what the
    operator needs.
    """

    name: str
    kind: MutantKind
    operator: str
    operation: str
    place: str = ""
    status: str = ""
    subject: str = ""
    law: Law | None = None
    value: Json = None
