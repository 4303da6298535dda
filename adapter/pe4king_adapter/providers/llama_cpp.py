"""llama.cpp's server; it runs one model, whatever name is asked for.

Its list of models is public, so the key is tried elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_adapter.problems import Problem
from pe4king_adapter.profile import EXTRA_BODY, Profile, brand
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools

PROFILE = Profile(
    "llama-cpp",
    brand("llama.cpp"),
    endpoint="http://127.0.0.1:8080/v1",
    model="default",
    needs_key=False,
    local=True,
    root="/v1",
    options=(EXTRA_BODY,),
    advice={
        Problem.CONTEXT_LENGTH: Message(
            "Start the server with a longer context (`-c 32768`), or ask about less at once.",
            "Запустите сервер с большим контекстом (`-c 32768`) или спросите о меньшем.",
        )
    },
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider
    from pe4king_adapter.wire.failure_tables import GENERIC
    from pe4king_adapter.wire.openai_chat import OpenAiChatCodec

    codec = OpenAiChatCodec(failures=GENERIC, probe_path="/props")
    return HttpProvider(config, PROFILE, codec, tools)
