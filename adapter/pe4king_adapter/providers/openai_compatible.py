"""Any server with OpenAI's chat completions that has no profile of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_adapter.profile import EXTRA_BODY, Profile
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools

PROFILE = Profile(
    "openai-compatible",
    Message("OpenAI-compatible server", "Сервер, совместимый с OpenAI"),
    needs_key=False,
    options=(EXTRA_BODY,),
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider
    from pe4king_adapter.wire.openai_chat import OpenAiChatCodec

    return HttpProvider(config, PROFILE, OpenAiChatCodec(), tools)
