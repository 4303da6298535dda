"""Makes the error for a problem: its class, its texts with the call's data, what is known of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pe4king_adapter.errors import LlmError
from pe4king_adapter.problem_codes import Problem
from pe4king_adapter.problem_texts import DESCRIPTIONS
from pe4king_core.model.message import Message

__all__ = ["Context", "Problem", "llm_error"]

_MINUTES_FROM = 120.0
"""Longer waits are told in minutes."""


@dataclass(frozen=True, slots=True)
class Context:
    """Which call failed: the provider's type, the endpoint's origin, the model.

    `advice` has next steps that fit this provider better than the general ones.
    """

    provider: str = ""
    where: str = ""
    model: str = ""
    advice: Mapping[Problem, Message] = field(default_factory=dict)


def llm_error(
    problem: Problem,
    context: Context = Context(),
    *,
    status: int | None = None,
    retry_after: float | None = None,
    request_id: str = "",
    parameter: str = "",
    retry: bool | None = None,
    detail: Sequence[str] = (),
) -> LlmError:
    """The error for `problem`.

    `retry` is what the server said about asking again, if it did; `detail` are names that the
    user may know, such as the fields of an answer that has no text.
    """
    about = DESCRIPTIONS[problem]
    return about.error(
        _detailed(_filled(about.message, context), ", ".join(detail)),
        next_step=_after(
            retry_after, _filled(context.advice.get(problem, about.next_step), context)
        ),
        code=problem,
        retryable=about.retryable if retry is None else retry,
        retry_after=retry_after,
        status=status,
        provider=context.provider,
        request_id=request_id,
        parameter=parameter,
    )


def _detailed(message: Message, detail: str) -> Message:
    if not detail:
        return message
    return Message(f"{message.en} Seen: {detail}.", f"{message.ru} Есть: {detail}.")


def _after(seconds: float | None, step: Message) -> Message:
    """`step`, and for how long the server wants to be left alone."""
    if seconds is None or seconds < 1:
        return step
    minutes = seconds >= _MINUTES_FROM
    count = math.ceil(seconds / 60) if minutes else math.ceil(seconds)
    en, ru = ("min", "мин") if minutes else ("s", "с")
    return Message(
        f"It asks to wait for {count} {en}. {step.en}",
        f"Сервер просит подождать {count} {ru}. {step.ru}",
    )


def _filled(message: Message, context: Context) -> Message:
    where = Message(context.where or "the provider", context.where or "провайдер")
    model = context.model[:100]
    return Message(
        _capital(message.en.format(where=where.en, model=model)),
        _capital(message.ru.format(where=where.ru, model=model)),
    )


def _capital(text: str) -> str:
    return text if text.startswith("http") else text[:1].upper() + text[1:]
