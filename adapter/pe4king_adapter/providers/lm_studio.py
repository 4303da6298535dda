"""LM Studio; it loads a model at the first call, which may take long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_adapter.problems import Problem
from pe4king_adapter.profile import EXTRA_BODY, Profile, brand
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools

_START = Message(
    "Start the server in LM Studio (Developer, Start server), or correct the endpoint.",
    "Запустите сервер в LM Studio (Developer, Start server) или исправьте адрес.",
)
_LONGER = Message(
    "Load the model with a longer context in LM Studio, or ask about less at once.",
    "Загрузите модель в LM Studio с большим контекстом или спросите о меньшем.",
)
PROFILE = Profile(
    "lm-studio",
    brand("LM Studio"),
    endpoint="http://127.0.0.1:1234/v1",
    needs_key=False,
    local=True,
    root="/v1",
    advice={Problem.REFUSED: _START, Problem.CONTEXT_LENGTH: _LONGER},
    options=(EXTRA_BODY,),
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider
    from pe4king_adapter.wire.failure_tables import GENERIC
    from pe4king_adapter.wire.openai_chat import OpenAiChatCodec

    return HttpProvider(config, PROFILE, OpenAiChatCodec(failures=GENERIC), tools)
