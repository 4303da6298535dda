"""YandexGPT: its own protocol, or the OpenAI-like one where `api` says so."""

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
    "yandexgpt",
    brand("YandexGPT"),
    endpoint="https://llm.api.cloud.yandex.net",
    model="yandexgpt/latest",
    absent=frozenset({"seed", "stop"}),
    options=(
        Option(
            "folder_id",
            Message("The folder that is charged.", "Каталог, на который идёт счёт."),
            required=True,
        ),
        Option(
            "api",
            Message("Which of its protocols to use.", "Какой из протоколов использовать."),
            default="native",
            choices=("native", "openai"),
        ),
        Option(
            "auth",
            Message("What the key is.", "Чем является ключ."),
            default="api-key",
            choices=("api-key", "iam"),
        ),
        EXTRA_BODY,
    ),
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider

    folder = PROFILE.text_option(config.options, "folder_id")
    iam = PROFILE.text_option(config.options, "auth") == "iam"
    prefix = "Bearer " if iam else "Api-Key "
    path = config.endpoint.path.removesuffix("/v1").removesuffix("/foundationModels")
    based = replace(config, endpoint=replace(config.endpoint, path=path))
    if PROFILE.text_option(config.options, "api") == "native":
        return HttpProvider(based, PROFILE, _native(folder, prefix), tools)
    whole = config.model if "://" in config.model else f"gpt://{folder}/{config.model}"
    profile = replace(PROFILE, mount="/v1")
    return HttpProvider(replace(based, model=whole), profile, _like_openai(folder, prefix), tools)


def _native(folder: str, prefix: str) -> Codec:
    from pe4king_adapter.wire.yandex import YandexCodec

    return YandexCodec(folder_id=folder, key_prefix=prefix)


def _like_openai(folder: str, prefix: str) -> Codec:
    from pe4king_adapter.wire.failure_tables import YANDEX
    from pe4king_adapter.wire.openai_chat import OpenAiChatCodec

    headers = {"x-folder-id": folder} if folder else {}
    return OpenAiChatCodec(failures=YANDEX, key_prefix=prefix, headers=headers)
