"""Google's Gemini; the key travels in a header, because addresses get logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_adapter.profile import EXTRA_BODY, Profile, brand

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools

PROFILE = Profile(
    "gemini",
    brand("Google Gemini"),
    endpoint="https://generativelanguage.googleapis.com/v1beta",
    mount="/v1beta",
    options=(EXTRA_BODY,),
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider
    from pe4king_adapter.wire.gemini import GeminiCodec

    return HttpProvider(config, PROFILE, GeminiCodec(), tools)
