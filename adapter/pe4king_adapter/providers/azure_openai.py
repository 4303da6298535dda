"""Azure OpenAI: the v1 address, or the classic one of deployments where `api_version` is set."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_adapter.profile import EXTRA_BODY, Option, Profile, brand
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools
    from pe4king_adapter.wire import Codec

PROFILE = Profile(
    "azure-openai",
    brand("Azure OpenAI"),
    root="/openai/v1",
    options=(
        Option(
            "api_version",
            Message(
                "Version of the classic API, such as 2024-10-21; empty: the v1 API.",
                "Версия классического API, например 2024-10-21; пусто: API v1.",
            ),
        ),
        Option(
            "deployment",
            Message("The deployment; `model` where empty.", "Развёртывание; если пусто, `model`."),
        ),
        Option(
            "auth",
            Message("What the key is.", "Чем является ключ."),
            default="api-key",
            choices=("api-key", "bearer"),
        ),
        EXTRA_BODY,
    ),
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider

    version = PROFILE.text_option(config.options, "api_version")
    deployment = PROFILE.text_option(config.options, "deployment") or config.model
    path = config.endpoint.path.removesuffix("/v1").removesuffix("/openai")
    profile = replace(PROFILE, root="", mount="" if version else "/openai/v1")
    endpoint = replace(config.endpoint, path=path)
    deployed = replace(config, endpoint=endpoint, model=deployment)
    return HttpProvider(deployed, profile, _codec(config, version), tools)


def _codec(config: LlmProviderConfig, version: str) -> Codec:
    from pe4king_adapter.wire.failure_tables import OPENAI
    from pe4king_adapter.wire.openai_chat import OpenAiChatCodec

    bearer = PROFILE.text_option(config.options, "auth") == "bearer"
    header, prefix = ("authorization", "Bearer ") if bearer else ("api-key", "")
    newer = {"max_tokens": "max_completion_tokens"}
    if not version:
        return OpenAiChatCodec(failures=OPENAI, key_header=header, key_prefix=prefix, renamed=newer)
    return OpenAiChatCodec(
        failures=OPENAI,
        key_header=header,
        key_prefix=prefix,
        renamed=newer,
        path="/openai/deployments/{model}/chat/completions",
        query=f"api-version={version}",
        models_path="/openai/models",
    )
