"""Every provider of the registry, with the server that it is tested against."""

from __future__ import annotations

from dataclasses import replace

from .speech import (
    ANTHROPIC,
    CHAT,
    CUSTOM,
    GEMINI,
    OLLAMA,
    RESPONSES,
    YANDEX,
    Spoken,
    flat_failure,
    qwen_failure,
)
from .speech_gigachat import GIGACHAT_2

_CHAT = Spoken(CHAT, "/v1/chat/completions", models_path="/v1/models")
_QWEN = replace(CHAT, failure=qwen_failure)
_AZURE = replace(CHAT, key_header="api-key", key_prefix="")
_CLASSIC = "/openai/deployments/fake"
_GIGACHAT = replace(CHAT, failure=flat_failure)

SPOKEN: dict[str, Spoken] = {
    "anthropic": Spoken(ANTHROPIC, "/v1/messages", models_path="/v1/models?limit=1000"),
    "azure-openai": Spoken(_AZURE, "/openai/v1/chat/completions", models_path="/openai/v1/models"),
    "custom-http": Spoken(CUSTOM, "/ask/me", endpoint="/ask/me"),
    "deepseek": _CHAT,
    "gemini": Spoken(
        GEMINI,
        "/v1beta/models/fake:generateContent",
        stream_path="/v1beta/models/fake:streamGenerateContent?alt=sse",
        models_path="/v1beta/models?pageSize=1000",
    ),
    "gigachat": Spoken(
        _GIGACHAT,
        "/api/v1/chat/completions",
        models_path="/api/v1/models",
        options={"auth_endpoint": "{server}/oauth"},
    ),
    "llama-cpp": replace(_CHAT, probe="/v1/props"),
    "lm-studio": _CHAT,
    "mistral": _CHAT,
    "ollama": Spoken(OLLAMA, "/api/chat", models_path="/api/tags"),
    "openai": _CHAT,
    "openai-compatible": replace(_CHAT, endpoint="/v1"),
    "openrouter": Spoken(
        CHAT, "/api/v1/chat/completions", models_path="/api/v1/models", probe="/api/v1/key"
    ),
    "qwen": Spoken(
        _QWEN, "/compatible-mode/v1/chat/completions", models_path="/compatible-mode/v1/models"
    ),
    "vllm": _CHAT,
    "yandexgpt": Spoken(
        YANDEX,
        "/foundationModels/v1/completion",
        probe="/foundationModels/v1/tokenize",
        options={"folder_id": "folder"},
    ),
}
"""By the provider's type: one entry for every type there is."""

VARIANTS: dict[str, tuple[str, Spoken]] = {
    "azure classic": (
        "azure-openai",
        Spoken(
            _AZURE,
            f"{_CLASSIC}/chat/completions?api-version=2024-10-21",
            models_path="/openai/models?api-version=2024-10-21",
            options={"api_version": "2024-10-21"},
        ),
    ),
    "openai responses": (
        "openai",
        Spoken(RESPONSES, "/v1/responses", models_path="/v1/models", options={"api": "responses"}),
    ),
    "yandex like openai": (
        "yandexgpt",
        Spoken(
            replace(CHAT, failure=YANDEX.failure, key_prefix="Api-Key "),
            "/v1/chat/completions",
            models_path="/v1/models",
            options={"folder_id": "folder", "api": "openai"},
        ),
    ),
    "gigachat, the second protocol": (
        "gigachat",
        Spoken(
            GIGACHAT_2,
            "/api/v2/chat/completions",
            models_path="/api/v2/models",
            options={"auth_endpoint": "{server}/oauth", "api": "v2"},
        ),
    ),
    "anthropic at a base that has its version": (
        "anthropic",
        Spoken(
            ANTHROPIC,
            "/proxy/v1/messages",
            models_path="/proxy/v1/models?limit=1000",
            endpoint="/proxy/v1",
        ),
    ),
}
"""The same types, configured in another way."""

ALL: dict[str, tuple[str, Spoken]] = {name: (name, found) for name, found in SPOKEN.items()}
ALL |= VARIANTS
