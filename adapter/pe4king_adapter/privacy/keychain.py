"""Keys in the operating system's keychain, each bound to the endpoint it was entered for.

An entry is service `pe4king`, user `NAME@ORIGIN`, so an endpoint that changed finds no key.
Backends that write plain text or swallow what they are given are refused. The keychain may ask
the user to unlock it and block for ever: it is called in a daemon thread with a time limit.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol, TypeVar

from pe4king_adapter.problems import Context, Problem, llm_error
from pe4king_adapter.secret import KeySource, SecretValue
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig

SERVICE = "pe4king"
TIME_LIMIT = 3.0
_REFUSED_MODULES = ("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")

Result = TypeVar("Result")


class Backend(Protocol):
    """The part of a keyring backend that we use."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None where there is none."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store or replace a secret."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Remove a secret."""
        ...


def system_backend() -> Backend | None:
    """The first backend of this machine that keeps secrets safely, or None."""
    import keyring

    chosen = keyring.get_keyring()
    candidates = getattr(chosen, "backends", None) or [chosen]
    return next((backend for backend in candidates if _is_safe(backend)), None)


def _is_safe(backend: object) -> bool:
    """Whether it keeps what it is given, and not in plain text; nor does what it is made from."""
    kinds = [kind.__module__ for kind in type(backend).__mro__]
    return not any(module.startswith(_REFUSED_MODULES) for module in kinds)


class Keychain:
    """Reads and writes keys; every failure is an AuthenticationError with code `llm-keychain`."""

    def __init__(
        self,
        backend: Callable[[], Backend | None] = system_backend,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._backend = backend
        self._time_limit = time_limit

    async def read(self, name: str, origin: str) -> SecretValue | None:
        """The key `name` for the endpoint at `origin`, or None where none is stored."""
        found = await self._call(lambda b: b.get_password(SERVICE, f"{name}@{origin}"), origin)
        return SecretValue.parse(found, "keyring", name) if found else None

    async def store(self, name: str, origin: str, secret: SecretValue) -> None:
        """Store or replace the key `name` for the endpoint at `origin`."""
        user = f"{name}@{origin}"
        await self._call(lambda b: b.set_password(SERVICE, user, secret.reveal()), origin)

    async def remove(self, name: str, origin: str) -> None:
        """Remove the key `name` for the endpoint at `origin`."""
        await self._call(lambda b: b.delete_password(SERVICE, f"{name}@{origin}"), origin)

    async def _call(self, use: Callable[[Backend], Result], origin: str) -> Result:
        outcome: Future[Result] = Future()
        threading.Thread(target=self._run, args=(use, outcome), daemon=True).start()
        try:
            async with asyncio.timeout(self._time_limit):
                return await asyncio.wrap_future(outcome)
        except (TimeoutError, _KeychainFailure):
            failure = llm_error(Problem.KEYCHAIN, Context("keyring", origin))
        raise failure

    def _run(self, use: Callable[[Backend], Result], outcome: Future[Result]) -> None:
        try:
            backend = self._backend()
            if backend is None:
                raise _KeychainFailure("no safe backend")
            result = use(backend)
        except Exception:  # noqa: BLE001  backends raise whatever their system library raises
            _settle(outcome, lambda: outcome.set_exception(_KeychainFailure()))
        else:
            _settle(outcome, lambda: outcome.set_result(result))


class _KeychainFailure(Exception):
    """The keychain cannot be used; its own error may hold what was stored and is not kept."""


def _settle(outcome: Future[Result], settle: Callable[[], None]) -> None:
    if outcome.set_running_or_notify_cancel():
        settle()


async def resolve_key(config: LlmProviderConfig, keychain: Keychain) -> SecretValue | None:
    """The key for `config`; AuthenticationError where its reference leads to none."""
    kind, _, name = config.api_key_ref.partition(":")
    if config.api_key is not None or kind not in ("keyring", "ide"):
        return config.api_key
    source: KeySource | None = keychain if kind == "keyring" else config.ide_keys
    found = await source.read(name, config.endpoint.origin) if source is not None else None
    if found is None:
        advice = {Problem.KEY_MISSING: _STORE[kind](name)}
        context = Context(config.type, config.endpoint.origin, config.model, advice)
        raise llm_error(Problem.KEY_MISSING, context)
    return found


_STORE: Mapping[str, Callable[[str], Message]] = {
    "keyring": lambda name: Message(
        f"Store it with `pe4king key set {name}`, or set `api_key_ref` to `env:NAME`.",
        f"Сохраните его командой `pe4king key set {name}` или укажите в `api_key_ref` `env:ИМЯ`.",
    ),
    "ide": lambda name: Message(
        f"Enter the key {name} in the editor, or set `api_key_ref` to `env:NAME`.",
        f"Введите ключ {name} в редакторе или укажите в `api_key_ref` `env:ИМЯ`.",
    ),
}
"""What to do about a key that is not there, by the kind of its reference."""
