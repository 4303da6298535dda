"""`pe4king providers test`: does each profile answer, which models has it, what does it say."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pe4king_core.daemon_threads import leave_threads_behind
from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_server.cli.inspect_json import print_json
from pe4king_server.cli.output import Output, one_line

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig, LlmSetup, NamedProfile
    from pe4king_adapter.provider import LlmProvider

_QUESTION = "Answer with the single word: ready"
_MOST_TOKENS = 200
"""Models that think need some before the first word."""
_SHOWN_MODELS = 8
_ANY = "default"
"""The name for a server that runs one model, whatever it is called."""
_READY = Message("ready", "готов")
_REACHABLE = Message("reachable", "доступен")


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of testing one profile."""

    profile: NamedProfile
    seconds: float = 0.0
    models: tuple[str, ...] | None = None
    answer: str | None = None
    error: UserError | None = None

    @property
    def proved(self) -> bool:
        """Whether the model itself was seen: in the list that the key opened, or answering."""
        config = self.profile.config
        listed = config is not None and _lists(self.models or (), config.model)
        return listed or self.answer is not None


async def test_profiles(
    setup: LlmSetup,
    profiles: Sequence[NamedProfile],
    options: argparse.Namespace,
    output: Output,
) -> int:
    """Test all at once and tell of them in their order; 1 where one does not answer."""
    from pe4king_server.cli.providers import nothing_configured

    if setup.off or not profiles:
        raise nothing_configured(setup)
    leave_threads_behind()
    found = await asyncio.gather(*(_tested(profile, ask=options.ask) for profile in profiles))
    if options.json:
        print_json({"profiles": [_json(tested, output.language) for tested in found]})
    else:
        for tested in found:
            _print(tested, output)
    return 1 if any(tested.error is not None for tested in found) else 0


async def _tested(profile: NamedProfile, *, ask: bool) -> Tested:
    if profile.config is None:
        return Tested(profile, error=profile.error)
    from pe4king_adapter.registry import create_provider

    started = time.monotonic()
    try:
        provider = create_provider(profile.config)
    except UserError as error:
        return Tested(profile, error=error)
    try:
        available = await provider.is_available()
        seconds = time.monotonic() - started
        if not available:
            return Tested(profile, seconds, error=available.error)
        models = await _models(provider)
        answer = await _answer(provider, profile.config) if ask else None
    except UserError as error:
        return Tested(profile, time.monotonic() - started, error=error)
    finally:
        await provider.close()
    return Tested(profile, seconds, models, answer)


async def _models(provider: LlmProvider) -> tuple[str, ...] | None:
    """The models; None where the provider has no list of them."""
    from pe4king_adapter.errors import LlmError

    try:
        return await provider.list_models()
    except LlmError:
        return None


async def _answer(provider: LlmProvider, config: LlmProviderConfig) -> str:
    from pe4king_adapter.provider import ChatMessage, CompletionOptions, Prompt, Role

    prompt = Prompt((ChatMessage(Role.USER, _QUESTION),))
    most = min(config.max_tokens or _MOST_TOKENS, _MOST_TOKENS)
    return (await provider.complete(prompt, CompletionOptions(max_tokens=most))).text


def _print(tested: Tested, output: Output) -> None:
    name, config = tested.profile.name, tested.profile.config
    if tested.error is not None or config is None:
        told = Message(f"{name}: cannot be used", f"{name}: использовать нельзя")
        output.say(told, "bold red")
        if tested.error is not None:
            output.line(f"  {tested.error.text(output.language)}")
        return
    origin, seconds = config.endpoint.origin, f"{tested.seconds:.1f}"
    state = _READY if tested.proved else _REACHABLE
    output.say(
        Message(
            f"{name}: {state.en} ({origin}, {seconds} s)",
            f"{name}: {state.ru} ({origin}, {seconds} с)",
        ),
        "bold green" if tested.proved else "bold yellow",
    )
    output.say(_models_told(config.model, tested.models))
    if not tested.proved:
        ask = f"`pe4king providers test {name} --ask`"
        output.say(
            Message(
                f"  Whether it answers with this address, key and model: {ask}",
                f"  Ответит ли он с этими адресом, ключом и моделью: {ask}",
            )
        )
    if tested.answer is not None:
        answer = one_line(tested.answer.strip())[:200]
        output.say(Message(f"  It answers: {answer}", f"  Ответ модели: {answer}"))


def _models_told(model: str, models: tuple[str, ...] | None) -> Message:
    if not models:
        return Message(
            f"  Model {model}; it does not list its models.",
            f"  Модель {model}; списка моделей провайдер не даёт.",
        )
    if _lists(models, model):
        return Message(
            f"  Model {model}, one of {len(models)}.", f"  Модель {model}, всего их {len(models)}."
        )
    shown = one_line(", ".join(models[:_SHOWN_MODELS]))
    more = " ..." if len(models) > _SHOWN_MODELS else ""
    return Message(
        f"  Model {model} is not in its list: {shown}{more}",
        f"  Модели {model} нет в списке: {shown}{more}",
    )


def _lists(models: Sequence[str], model: str) -> bool:
    """Whether `model` is one of `models`, whose names may say more; `default` is any."""
    name = model.removeprefix("models/")
    return name in models or f"{name}:latest" in models or (bool(models) and name == _ANY)


def _json(tested: Tested, language: str) -> dict[str, Any]:
    error = tested.error
    return {
        "name": tested.profile.name,
        "ready": error is None,
        "proved": tested.proved,
        "seconds": round(tested.seconds, 3),
        "models": list(tested.models) if tested.models is not None else None,
        "answer": tested.answer,
        "error": {"code": error.code, "text": error.text(language)} if error else None,
    }
