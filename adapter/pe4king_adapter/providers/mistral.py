"""Mistral, which calls the seed by another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_adapter.profile import EXTRA_BODY, Profile, brand

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools

PROFILE = Profile(
    "mistral",
    brand("Mistral"),
    endpoint="https://api.mistral.ai/v1",
    model="codestral-latest",
    root="/v1",
    options=(EXTRA_BODY,),
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider
    from pe4king_adapter.wire.failure_tables import OPENAI
    from pe4king_adapter.wire.openai_chat import OpenAiChatCodec

    return HttpProvider(
        config, PROFILE, OpenAiChatCodec(failures=OPENAI, renamed={"seed": "random_seed"}), tools
    )
