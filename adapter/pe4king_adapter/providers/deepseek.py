"""DeepSeek; it has JSON answers, but no schema for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_adapter.profile import EXTRA_BODY, Profile, brand

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools

PROFILE = Profile(
    "deepseek",
    brand("DeepSeek"),
    endpoint="https://api.deepseek.com/v1",
    model="deepseek-chat",
    root="/v1",
    options=(EXTRA_BODY,),
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider
    from pe4king_adapter.wire.failure_tables import OPENAI
    from pe4king_adapter.wire.openai_chat import OpenAiChatCodec, SchemaMeans

    return HttpProvider(
        config, PROFILE, OpenAiChatCodec(failures=OPENAI, schema=SchemaMeans.JSON_OBJECT), tools
    )
