"""vLLM on a machine of the user."""

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
    "vllm",
    brand("vLLM"),
    endpoint="http://127.0.0.1:8000/v1",
    needs_key=False,
    local=True,
    root="/v1",
    lists_every_model=True,
    options=(EXTRA_BODY,),
    advice={
        Problem.CONTEXT_LENGTH: Message(
            "Start the server with a longer `--max-model-len`, or ask about less at once.",
            "Запустите сервер с большим `--max-model-len` или спросите о меньшем.",
        )
    },
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider
    from pe4king_adapter.wire.failure_tables import GENERIC
    from pe4king_adapter.wire.openai_chat import OpenAiChatCodec

    return HttpProvider(config, PROFILE, OpenAiChatCodec(failures=GENERIC), tools)
