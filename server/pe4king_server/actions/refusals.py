"""What was not written, and why, as notes of a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pe4king_core.improvement.ranking import ranked
from pe4king_core.improvement.wording import fact_words
from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.message import Message

_SHOWN = 3


def refusal_notes(refused: Iterable[tuple[AssertionFact, Message]]) -> tuple[Message, ...]:
    """One note a reason, with the most valuable of the checks that it kept out."""
    kept_out: dict[Message, list[AssertionFact]] = {}
    for fact, reason in refused:
        kept_out.setdefault(reason, []).append(fact)
    return tuple(_note(reason, ranked(facts)) for reason, facts in kept_out.items())


def _note(reason: Message, facts: Sequence[AssertionFact]) -> Message:
    shown = [fact_words(fact) for fact in facts[:_SHOWN]]
    rest = len(facts) - len(shown)
    more, more_ru = (f"; {rest} more", f"; ещё {rest}") if rest else ("", "")
    return Message(
        f"{reason.en} Not added: {'; '.join(each.en for each in shown)}{more}.",
        f"{reason.ru} Не добавлено: {'; '.join(each.ru for each in shown)}{more_ru}.",
    )
