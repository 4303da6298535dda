"""OpenAI: chat completions, or the Responses API where `api` says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_adapter.profile import EXTRA_BODY, Option, Profile, brand
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools
    from pe4king_adapter.wire import Codec

PROFILE = Profile(
    "openai",
    brand("OpenAI"),
    endpoint="https://api.openai.com/v1",
    root="/v1",
    options=(
        Option(
            "api",
            Message("Which of its protocols to use.", "Какой из протоколов использовать."),
            default="chat",
            choices=("chat", "responses"),
        ),
        Option(
            "organization",
            Message("The organization that is charged.", "Организация, на которую идёт счёт."),
        ),
        Option("project", Message("The project that is charged.", "Проект, на который идёт счёт.")),
        EXTRA_BODY,
    ),
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider

    return HttpProvider(config, PROFILE, _codec(config), tools)


def _codec(config: LlmProviderConfig) -> Codec:
    from pe4king_adapter.wire.failure_tables import OPENAI
    from pe4king_adapter.wire.openai_chat import OpenAiChatCodec
    from pe4king_adapter.wire.openai_responses import ResponsesCodec

    named = {
        "openai-organization": PROFILE.text_option(config.options, "organization"),
        "openai-project": PROFILE.text_option(config.options, "project"),
    }
    headers = {name: value for name, value in named.items() if value}
    if PROFILE.text_option(config.options, "api") == "responses":
        return ResponsesCodec(failures=OPENAI, headers=headers)
    newer = {"max_tokens": "max_completion_tokens"}
    return OpenAiChatCodec(failures=OPENAI, headers=headers, renamed=newer)
