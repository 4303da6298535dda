"""GigaChat: a token for the authorisation key, and certificates of its own authority."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_adapter.problems import Problem
from pe4king_adapter.profile import EXTRA_BODY, Option, Profile, brand
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools
    from pe4king_adapter.wire import Codec

PROFILE = Profile(
    "gigachat",
    brand("GigaChat"),
    endpoint="https://gigachat.devices.sberbank.ru/api/v1",
    model="GigaChat-2",
    root="/api/v1",
    absent=frozenset({"seed", "stop", "stream_options"}),
    options=(
        Option(
            "scope",
            Message("Whose account it is.", "Чей это аккаунт."),
            default="GIGACHAT_API_PERS",
            choices=("GIGACHAT_API_PERS", "GIGACHAT_API_B2B", "GIGACHAT_API_CORP"),
        ),
        Option(
            "auth_endpoint",
            Message("Where tokens come from.", "Где выдаются токены."),
            default="https://ngw.devices.sberbank.ru:9443/api/v2/oauth",
            route=True,
        ),
        Option(
            "api",
            Message("Which of its protocols to use.", "Какой из протоколов использовать."),
            default="v1",
            choices=("v1", "v2"),
        ),
        EXTRA_BODY,
    ),
    advice={
        Problem.TLS: Message(
            "Set `ca_bundle` to the file with the root certificate of the certificate authority "
            "that GigaChat uses (Russian Trusted Root CA).",
            "Укажите в `ca_bundle` файл с корневым сертификатом удостоверяющего центра, которым "
            "пользуется GigaChat (Russian Trusted Root CA).",
        )
    },
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider
    from pe4king_adapter.token_login import TokenLogin

    login = TokenLogin(
        config,
        PROFILE,
        endpoint=PROFILE.text_option(config.options, "auth_endpoint"),
        scope=PROFILE.text_option(config.options, "scope"),
    )
    if PROFILE.text_option(config.options, "api") == "v2":
        path = config.endpoint.path.removesuffix("/v1").removesuffix("/v2")
        newer = replace(config, endpoint=replace(config.endpoint, path=f"{path or '/api'}/v2"))
        return HttpProvider(newer, PROFILE, _second(), tools, authenticator=login)
    return HttpProvider(config, PROFILE, _like_openai(), tools, authenticator=login)


def _second() -> Codec:
    from pe4king_adapter.wire.gigachat import GigaChatCodec

    return GigaChatCodec()


def _like_openai() -> Codec:
    from pe4king_adapter.wire.failure_tables import GIGACHAT
    from pe4king_adapter.wire.openai_chat import OpenAiChatCodec

    return OpenAiChatCodec(failures=GIGACHAT)
