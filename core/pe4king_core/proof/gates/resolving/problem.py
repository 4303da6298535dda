"""One name that leads nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from pe4king_core.model.message import Message
from pe4king_core.model.text import Span


@dataclass(frozen=True, slots=True)
class Problem:
    """`key` says what is wrong in one word, to compare with what was wrong before."""

    key: str
    reason: Message
    span: Span | None = None


def nearest(name: str, names: Iterable[str]) -> Message:
    """`; did you mean …?` where something similar is there."""
    found = difflib.get_close_matches(name, sorted(names), 1, 0.75)
    if not found:
        return Message("", "")
    return Message(f"; there is {found[0]}", f"; есть {found[0]}")
