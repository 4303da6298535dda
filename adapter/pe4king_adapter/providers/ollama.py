"""Ollama on a machine of the user; without `num_ctx` it would cut long prompts silently."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_adapter.problems import Problem
from pe4king_adapter.profile import EXTRA_BODY, Option, Profile, brand
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools

PROFILE = Profile(
    "ollama",
    brand("Ollama"),
    endpoint="http://127.0.0.1:11434",
    needs_key=False,
    local=True,
    lists_every_model=True,
    options=(
        Option(
            "num_ctx",
            Message("Tokens that the model reads at most.", "Сколько токенов читает модель."),
            default=32768,
        ),
        EXTRA_BODY,
    ),
    advice={
        Problem.REFUSED: Message(
            "Start it with `ollama serve`, or correct the endpoint in the settings.",
            "Запустите его командой `ollama serve` или исправьте адрес в настройках.",
        ),
        Problem.MODEL_UNKNOWN: Message(
            "Download it with `ollama pull {model}`, or correct `model` in the settings.",
            "Скачайте её командой `ollama pull {model}` или исправьте `model` в настройках.",
        ),
        Problem.CONTEXT_LENGTH: Message(
            "Raise `num_ctx` in the profile as far as the model allows, or ask about less at once.",
            "Увеличьте `num_ctx` в профиле, насколько позволяет модель, или спросите о меньшем.",
        ),
    },
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`; its endpoint is often given as the one of another protocol."""
    from pe4king_adapter.http_provider import HttpProvider
    from pe4king_adapter.wire.ollama import OllamaCodec

    path = config.endpoint.path.removesuffix("/v1").removesuffix("/api")
    native = replace(config, endpoint=replace(config.endpoint, path=path))
    codec = OllamaCodec(num_ctx=PROFILE.number_option(config.options, "num_ctx"))
    return HttpProvider(native, PROFILE, codec, tools)
