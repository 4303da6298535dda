"""`pe4king ask PROMPT`: one question to the configured model, the answer as it arrives."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

from pe4king_core.daemon_threads import leave_threads_behind
from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_server.cli.output import Output
from pe4king_server.cli.providers import nothing_configured, setup_here
from pe4king_server.cli.stdin import read_stdin

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pe4king_adapter.config import LlmProviderConfig, LlmSetup
    from pe4king_adapter.provider import LlmProvider, LlmResponse, Prompt, StreamPart


def ask_command(options: argparse.Namespace, output: Output) -> int:
    """Print the answer; who gave it and what it took goes to standard error."""
    setup = setup_here()
    configs = _chosen(setup, options.profile, output)
    if not configs:
        raise nothing_configured(setup)
    for chosen in setup.led_by_workspace(configs):
        output.note(chosen)
    response = asyncio.run(_ask(configs, _prompt(options), options, output))
    if response.profile not in ("", configs[0].name):
        output.note(_passed_over(configs[0].name))
    output.note(_summary(response, configs[0]))
    return 0


def _chosen(setup: LlmSetup, profile: str, output: Output) -> tuple[LlmProviderConfig, ...]:
    if setup.off:
        return ()
    if profile:
        named = setup.profile(profile)
        if named.config is None and named.error is not None:
            raise named.error
        return (named.config,) if named.config else ()
    configs = setup.chain("ask")
    if configs:
        for error in setup.problems("ask"):
            output.problem(error)
    return configs


def _prompt(options: argparse.Namespace) -> Prompt:
    from pe4king_adapter.provider import ChatMessage, Prompt, Role

    text = read_stdin() if options.prompt == "-" else options.prompt
    # What the terminal could not decode is no text that a server takes.
    text = text.encode("utf-8", "replace").decode()
    if not text.strip():
        raise UserError(
            Message("The question is empty.", "Вопрос пуст."),
            next_step=Message(
                "Write it as an argument, or `-` and send it to standard input.",
                "Передайте его параметром или укажите `-` и подайте на стандартный ввод.",
            ),
            code="no-prompt",
        )
    user = ChatMessage(Role.USER, text)
    return Prompt((ChatMessage(Role.SYSTEM, options.system), user) if options.system else (user,))


async def _ask(
    configs: tuple[LlmProviderConfig, ...],
    prompt: Prompt,
    options: argparse.Namespace,
    output: Output,
) -> LlmResponse:
    from pe4king_adapter.chain import provider_chain

    leave_threads_behind()
    provider = provider_chain(configs)
    try:
        if options.no_stream:
            response = await provider.complete(prompt)
            output.piece(response.text)
        else:
            response = await _streamed(provider, prompt, output)
    finally:
        await provider.close()
    if not response.text.endswith("\n"):
        output.piece("\n")
    return response


async def _streamed(provider: LlmProvider, prompt: Prompt, output: Output) -> LlmResponse:
    from pe4king_adapter.provider import LlmResponse

    response, shown = LlmResponse(""), False
    parts = cast("AsyncGenerator[StreamPart]", provider.stream(prompt))
    try:
        async with aclosing(parts):
            async for part in parts:
                shown = shown or bool(part.text)
                output.piece(part.text)
                response = part.response or response
    except (UserError, asyncio.CancelledError):
        if shown:
            output.piece("\n")  # what comes next stands on a line of its own
        raise
    return response


def _passed_over(name: str) -> Message:
    return Message(
        f"{name} did not answer; `pe4king providers test {name}` says why.",
        f"{name} не ответил; причину покажет `pe4king providers test {name}`.",
    )


def _summary(response: LlmResponse, first: LlmProviderConfig) -> Message:
    name, model = response.profile or first.name, response.model or first.model
    usage = response.usage
    sent, got = usage.prompt_tokens, usage.completion_tokens
    start = f"{name}, {model}"
    seconds = f"{response.seconds:.1f}"
    if sent is None or got is None:
        return Message(f"{start}: {seconds} s", f"{start}: {seconds} с")
    return Message(
        f"{start}: {sent} + {got} tokens, {seconds} s",
        f"{start}: токенов {sent} + {got}, {seconds} с",
    )
