"""Qwen by Alibaba Cloud Model Studio (DashScope); key and region of the endpoint must match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_adapter.profile import EXTRA_BODY, Profile, brand

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools

PROFILE = Profile(
    "qwen",
    brand("Qwen (DashScope)"),
    endpoint="https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    model="qwen3-coder-480b-a35b-instruct",
    root="/compatible-mode/v1",
    options=(EXTRA_BODY,),
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider
    from pe4king_adapter.wire.failure_tables import DASHSCOPE
    from pe4king_adapter.wire.openai_chat import OpenAiChatCodec, SchemaMeans

    return HttpProvider(
        config, PROFILE, OpenAiChatCodec(failures=DASHSCOPE, schema=SchemaMeans.JSON_OBJECT), tools
    )
