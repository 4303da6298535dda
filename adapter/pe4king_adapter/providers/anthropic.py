"""Anthropic's Messages; one version of the API is pinned, newer ones refuse a temperature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_adapter.profile import EXTRA_BODY, Option, Profile, brand
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools

PROFILE = Profile(
    "anthropic",
    brand("Anthropic"),
    endpoint="https://api.anthropic.com/v1",
    mount="/v1",
    absent=frozenset({"seed"}),
    options=(
        Option(
            "api_version",
            Message("Version of the API.", "Версия API."),
            default="2023-06-01",
        ),
        EXTRA_BODY,
    ),
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider
    from pe4king_adapter.wire.anthropic import AnthropicCodec

    version = PROFILE.text_option(config.options, "api_version")
    return HttpProvider(config, PROFILE, AnthropicCodec(version=version), tools)
