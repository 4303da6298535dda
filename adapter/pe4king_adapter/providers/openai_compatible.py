"""Any server with OpenAI's chat completions: OpenAI, DashScope, OpenRouter, vLLM, llama.cpp ..."""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.http_provider import HttpProvider
from pe4king_adapter.provider import LlmProvider, LlmResponse
from pe4king_adapter.secret import SecretValue
from pe4king_adapter.wire import Ask, StreamReader
from pe4king_adapter.wire.failures import Failure, failure_of
from pe4king_adapter.wire.openai_chat import RESPONSE_FORMAT, ChatStream, read_answer, request_body


def create(config: LlmProviderConfig) -> LlmProvider:
    """The provider for `config`."""
    return HttpProvider(config, OpenAiChatCodec())


class OpenAiChatCodec:
    """Chat completions as most servers speak them; the key travels as a bearer token."""

    probe_path = "/models"

    def path(self, ask: Ask) -> str:  # noqa: ARG002  other protocols put the model there
        """The same place for every request."""
        return "/chat/completions"

    def body(self, ask: Ask) -> bytes:
        """The request body."""
        return request_body(ask)

    def secrets(self, key: SecretValue) -> Mapping[str, SecretValue]:
        """The key as bearer token."""
        return {"authorization": key.prefixed("Bearer ")}

    def answer(self, headers: Mapping[str, str], body: bytes) -> LlmResponse | Failure:
        """The answer in a successful body, or what is wrong with it."""
        return read_answer(headers, body)

    def reader(self, headers: Mapping[str, str]) -> StreamReader:
        """A reader for one streamed answer."""
        return ChatStream(headers)

    def failure(self, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
        """What a failed answer means."""
        return failure_of(status, headers, body)

    def droppable(self, ask: Ask, failure: Failure) -> str | None:
        """The parameter that the server named; where it named none, the schema we sent."""
        name = failure.parameter or (RESPONSE_FORMAT if ask.prompt.schema is not None else "")
        return name if name and name not in ask.without else None
