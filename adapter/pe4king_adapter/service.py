"""A model for scripts: text in, text out, also where no model is to be had.

    service = create_llm_service()
    print(service.generate("Write a pytest for GET /books"))

`LLM_API_KEY`, `LLM_BASE_URL` and `USE_REAL_LLM` decide: a key means the real model, no key or
`USE_REAL_LLM=false` means the stub that needs none.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from pe4king_adapter.config import DEFAULT_ENDPOINT, DEFAULT_MODEL, provider_config
from pe4king_adapter.config.dotenv import read_dotenv
from pe4king_adapter.config.files import unreadable
from pe4king_adapter.config.setup import real_llm_wanted
from pe4king_adapter.config.values import Setting, Source
from pe4king_adapter.local_stub import LocalLLMStub
from pe4king_adapter.own_loop import OwnLoop
from pe4king_adapter.provider import ChatMessage, Prompt, Role

__all__ = ["LLMService", "LocalLLMStub", "QwenLLMClient", "create_llm_service"]

TIMEOUT = 120.0
"""Seconds that one answer may take, with all attempts."""


class LLMService(Protocol):
    """What a script asks."""

    def generate(self, prompt: str) -> str:
        """The answer; may be called where an event loop runs."""
        ...

    async def agenerate(self, prompt: str) -> str:
        """The answer."""
        ...


class QwenLLMClient:
    """Asks Qwen, or any other model behind an OpenAI-compatible address.

    Failures are `LlmError`s. Connections are kept for further calls; `close` ends them.
    """

    def __init__(
        self,
        api_key: str,
        base_url: str = DEFAULT_ENDPOINT,
        timeout: float = TIMEOUT,
        *,
        model: str = DEFAULT_MODEL,
    ) -> None:
        settings = {
            "endpoint": _given(base_url or DEFAULT_ENDPOINT, "base_url (LLM_BASE_URL)"),
            "model": _given(model, "model (LLM_MODEL)"),
            "timeout": _given(timeout, "timeout (LLM_TIMEOUT)"),
        }
        config = provider_config(settings, {"LLM_API_KEY": api_key})
        if config is None:
            raise ValueError("an endpoint makes a provider")
        from pe4king_adapter.registry import create_provider

        self._provider = create_provider(config)
        self._loop = OwnLoop()

    def generate(self, prompt: str) -> str:
        """The answer; may be called where an event loop runs, and blocks it meanwhile."""
        return self._loop.result(self._ask(prompt))

    async def agenerate(self, prompt: str) -> str:
        """The answer."""
        return await self._loop.awaited(self._ask(prompt))

    def close(self) -> None:
        """Close the connections; the client can be used again afterwards."""
        self._loop.result(self._provider.close())
        self._loop.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def _ask(self, prompt: str) -> str:
        message = ChatMessage(Role.USER, prompt)
        return (await self._provider.complete(Prompt((message,)))).text


def create_llm_service(settings: object = None, *, folder: Path | None = None) -> LLMService:
    """The real model where there is a key and `USE_REAL_LLM` is not false, else the stub.

    `settings` is a mapping, or an object with attributes, of the names `LLM_API_KEY`,
    `LLM_BASE_URL`, `LLM_MODEL`, `LLM_TIMEOUT`, `USE_REAL_LLM`, in capitals or not. What it lacks
    comes from the environment, then from `.env` in `folder` (by default the current one).
    Raises ConfigError.
    """
    values = _Values(settings, folder or Path.cwd())
    key = values.get("LLM_API_KEY")
    if not key or real_llm_wanted({"USE_REAL_LLM": values.get("USE_REAL_LLM")}, {}) is False:
        return LocalLLMStub()
    return QwenLLMClient(
        key,
        values.get("LLM_BASE_URL") or DEFAULT_ENDPOINT,
        _seconds(values.get("LLM_TIMEOUT")),
        model=values.get("LLM_MODEL") or DEFAULT_MODEL,
    )


def _given(value: object, names: str) -> Setting:
    """What the script says, known by the names that it may have said it by."""
    return Setting(value, Source.USER, "QwenLLMClient", names)


class _Values:
    """The settings of the service: as given, else the environment, else `.env`."""

    def __init__(self, given: object, folder: Path) -> None:
        self._given = given
        self._dotenv = read_dotenv(_text(folder / ".env"))

    def get(self, name: str) -> str:
        """The text at `name`, or ""."""
        value = _member(self._given, name)
        if value is None:
            value = os.environ.get(name) or self._dotenv.get(name, "")
        return str(value).strip()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path.name) from error


def _member(given: object, name: str) -> object:
    """The member `name` of a mapping or an object; None where it says nothing."""
    for spelled in (name, name.lower()):
        value = given.get(spelled) if isinstance(given, Mapping) else getattr(given, spelled, None)
        if value is not None:
            # Settings libraries wrap secrets in a type that shows a mask.
            reveal = getattr(value, "get_secret_value", None)
            return reveal() if callable(reveal) else value
    return None


def _seconds(value: str) -> float:
    try:
        return float(value) if value else TIMEOUT
    except ValueError:
        from pe4king_adapter.config.values import value_error
        from pe4king_core.model.message import Message

        setting = Setting(value, Source.ENVIRONMENT, "environment", "LLM_TIMEOUT")
        wanted = Message("a number of seconds", "число секунд")
        raise value_error(setting, "LLM_TIMEOUT", repr(value[:60]), wanted) from None
