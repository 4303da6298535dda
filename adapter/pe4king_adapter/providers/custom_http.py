"""A declared JSON endpoint: where the prompt goes and where the text is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_adapter.profile import EXTRA_BODY, Option, Profile
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.tools import Tools

PROFILE = Profile(
    "custom-http",
    Message("Own JSON endpoint", "Собственный адрес с JSON"),
    model="default",
    needs_key=False,
    whole_address=True,
    absent=frozenset({"seed", "stop", "temperature", "response_format"}),
    options=(
        Option(
            "prompt_field",
            Message("The field that takes the prompt.", "Поле, в которое идёт запрос."),
            default="prompt",
        ),
        Option(
            "text_field",
            Message(
                "The path of the answer's text, such as data.0.answer; empty: the usual places.",
                "Путь к тексту ответа, например data.0.answer; пусто: обычные места.",
            ),
        ),
        Option(
            "max_tokens_field",
            Message("The field for the length; empty: none.", "Поле для длины; пусто: нет."),
            default="max_tokens",
        ),
        Option(
            "plain_text",
            Message("The answer may be plain text.", "Ответ может быть простым текстом."),
            default=False,
        ),
        Option(
            "key_header",
            Message("The header that carries the key.", "Заголовок с ключом."),
            default="authorization",
        ),
        Option(
            "key_prefix",
            Message("What stands before the key there.", "Что стоит там перед ключом."),
            default="Bearer ",
        ),
        EXTRA_BODY,
    ),
)


def create(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider for `config`."""
    from pe4king_adapter.http_provider import HttpProvider
    from pe4king_adapter.wire.custom_json import CustomJsonCodec

    codec = CustomJsonCodec(
        prompt_field=PROFILE.text_option(config.options, "prompt_field"),
        text_field=PROFILE.text_option(config.options, "text_field"),
        max_tokens_field=PROFILE.text_option(config.options, "max_tokens_field"),
        plain_text=config.options.get("plain_text") is True,
        key_header=PROFILE.text_option(config.options, "key_header").lower(),
        key_prefix=PROFILE.text_option(config.options, "key_prefix"),
    )
    return HttpProvider(config, PROFILE, codec, tools)
