"""Where each kind of provider finds a server of its protocol, and what that server cannot do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.config.endpoint import Endpoint
from pe4king_adapter.config.values import Setting, Source
from pe4king_adapter.provider import Prompt
from pe4king_adapter.secret import SecretValue

from .installed import KEY

AIMOCK, LLMOCK, LLAMA = "aimock", "llmock", "llama.cpp"
PROMPTS = {
    AIMOCK: Prompt.of("you are terse", "say something"),
    LLMOCK: Prompt.of("you are terse", "say something"),
    LLAMA: Prompt.of("You are terse.", "Say hello."),
}
"""The small model talks without end if it is asked other things."""
TEXTS = {
    AIMOCK: "Ответ: one, two, \u2028 three, and a few words more.",
    LLMOCK: "Mock response from {model}.",
}
"""What they say; a real model says what it likes."""


@dataclass(frozen=True)
class Place:
    """`path` is the endpoint's at `server`.

    `counts`: tokens are told; `lists`: so are models; `tells_limit`: so is that an answer ends
    because of its limit; `obeys_schema`: a schema is not ignored.
    """

    server: str
    provider: str
    path: str
    model: str = "some-model"
    options: dict[str, Any] = field(default_factory=dict)
    counts: bool = True
    lists: bool = True
    tells_limit: bool = True
    obeys_schema: bool = True
    key_header: str = "authorization"

    @property
    def name(self) -> str:
        return " ".join([self.server, self.provider, *map(str, self.options.values())])

    @property
    def prompt(self) -> Prompt:
        return PROMPTS[self.server]

    @property
    def text(self) -> str | None:
        return TEXTS[self.server].format(model=self.model) if self.server in TEXTS else None

    def config(self, root: str, **settings: Any) -> LlmProviderConfig:
        """The configuration of a provider that asks this place."""
        wanted: dict[str, Any] = {
            "api_key": SecretValue(KEY),
            "timeout": 60.0,
            "temperature": 0.0,
            "max_tokens": 200,
        }
        return LlmProviderConfig(
            endpoint=Endpoint.parse(Setting(root + self.path, Source.USER), "endpoint"),
            type=self.provider,
            model=self.model,
            options=self.options,
            **{**wanted, **settings},
        )


_RESPONSES = {"api": "responses"}

PLACES = (
    Place(AIMOCK, "openai", "/v1"),
    Place(AIMOCK, "openai", "/v1", options=_RESPONSES, tells_limit=False),
    Place(AIMOCK, "openai-compatible", "/v1"),
    Place(AIMOCK, "qwen", "/v1"),
    Place(AIMOCK, "deepseek", "/v1"),
    Place(AIMOCK, "mistral", "/v1"),
    Place(AIMOCK, "vllm", "/v1", "gpt-4o"),
    Place(AIMOCK, "lm-studio", "/v1"),
    Place(AIMOCK, "openrouter", "/api/v1"),
    Place(AIMOCK, "azure-openai", "", key_header="api-key"),
    Place(
        AIMOCK,
        "azure-openai",
        "",
        options={"api_version": "2024-10-21"},
        lists=False,
        key_header="api-key",
    ),
    Place(AIMOCK, "anthropic", "", key_header="x-api-key"),
    Place(AIMOCK, "gemini", "", "gemini-2.5-flash", lists=False, key_header="x-goog-api-key"),
    Place(AIMOCK, "ollama", "", "gpt-4o", counts=False, tells_limit=False),
    Place(LLMOCK, "openai", "/v1"),
    Place(LLMOCK, "openai", "/v1", options=_RESPONSES),
    Place(LLMOCK, "openai-compatible", "/groq/openai/v1"),
    Place(LLMOCK, "mistral", "/mistral/v1"),
    Place(LLMOCK, "anthropic", "/anthropic"),
    Place(LLMOCK, "gemini", "/gemini/v1beta", "gemini-2.5-flash"),
    Place(LLAMA, "llama-cpp", "", "smollm2"),
    Place(LLAMA, "openai-compatible", "/v1", "smollm2"),
    Place(
        LLAMA,
        "openai",
        "/v1",
        "smollm2",
        options=_RESPONSES,
        tells_limit=False,
        obeys_schema=False,
    ),
    Place(LLAMA, "anthropic", "", "smollm2", obeys_schema=False),
)
