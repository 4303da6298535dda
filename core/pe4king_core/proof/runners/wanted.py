"""Which of the tests that a runner found are wanted, and which of those wanted it did not find."""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.model.message import Message
from pe4king_core.proof.running import Choice, TestItem

_MOST = 5
"""So many rows are named where another one was asked for."""


def wanted(
    found: Sequence[TestItem], choices: Sequence[Choice]
) -> tuple[list[TestItem], list[Message]]:
    """Those of `found` that some choice means (all without one), and what is missing."""
    if not choices:
        return list(found), []
    chosen = [item for item in found if any(each.means(item) for each in choices)]
    missing = [each for each in choices if not any(each.means(item) for item in found)]
    return chosen, [_missing(each, found) for each in missing if each.rows]


def _missing(choice: Choice, found: Sequence[TestItem]) -> Message:
    """A row that the test does not have; what else is not there was told before the run."""
    rows = [item.row for item in found if item.name == choice.name and item.row]
    known = ", ".join(rows[:_MOST]) + (", …" if len(rows) > _MOST else "")
    has = Message(f" It has {known}.", f" Есть {known}.") if rows else Message("", "")
    return Message(
        f"{choice.name} has no row {choice.rows[0]}.{has.en}",
        f"У {choice.name} нет строки {choice.rows[0]}.{has.ru}",
    )
