"""Keys in the keychain: bound to their endpoint, never waited for too long, never in plain text."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import keyring
import pytest
from keyring.backends import fail, null

from pe4king_adapter.config import Layer, llm_setup, provider_config
from pe4king_adapter.config.values import Source, settings_of
from pe4king_adapter.errors import AuthenticationError, LlmError
from pe4king_adapter.privacy.keychain import Keychain, system_backend
from pe4king_adapter.provider import Prompt
from pe4king_adapter.registry import create_provider
from pe4king_adapter.secret import SecretValue
from pe4king_adapter.tools import Tools

from .conftest import CANARY
from .fake_server import FakeModel

PROMPT = Prompt.of("s", "u")


class MemoryBackend:
    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


class BlockingBackend(MemoryBackend):
    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.released.wait(10)
        return None


class BrokenBackend(MemoryBackend):
    def get_password(self, service: str, username: str) -> str | None:
        raise OSError(f"could not decrypt {CANARY}")


async def test_store_read_remove() -> None:
    backend = MemoryBackend()
    keychain = Keychain(lambda: backend)
    origin = "https://api.example.com"
    assert await keychain.read("main", origin) is None
    await keychain.store("main", origin, SecretValue(CANARY))
    assert backend.entries == {("pe4king", "main@https://api.example.com"): CANARY}
    assert await keychain.read("main", origin) == SecretValue(CANARY)
    assert await keychain.read("main", "https://evil.example") is None
    await keychain.remove("main", origin)
    assert backend.entries == {}


async def test_a_blocked_keychain_is_given_up() -> None:
    backend = BlockingBackend()
    started = time.monotonic()
    with pytest.raises(AuthenticationError) as caught:
        await Keychain(lambda: backend, time_limit=0.05).read("main", "https://x")
    assert time.monotonic() - started < 2
    assert caught.value.code == "llm-keychain"
    assert "env:NAME" in caught.value.text("en")
    backend.released.set()


def test_a_blocked_keychain_never_keeps_a_program_from_ending() -> None:
    program = (
        "import asyncio, threading\n"
        "from pe4king_adapter.errors import AuthenticationError\n"
        "from pe4king_adapter.privacy.keychain import Keychain\n"
        "class Blocking:\n"
        "    def get_password(self, service, username):\n"
        "        threading.Event().wait()\n"
        "try:\n"
        "    asyncio.run(Keychain(Blocking, time_limit=0.05).read('main', 'https://x'))\n"
        "except AuthenticationError:\n"
        "    print('given up')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "given up\n"


async def test_where_the_keychain_is_slow_the_server_is_not_blamed(
    model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pe4king_adapter.http_provider._PROBE_SECONDS", 0.01)
    backend = BlockingBackend()
    values = {"endpoint": model.base_url, "api_key_ref": "keyring:main"}
    config = provider_config(settings_of(values, Source.USER), {})
    assert config is not None
    keychain = Keychain(lambda: backend, time_limit=0.1)
    provider = create_provider(config, Tools(keychain=keychain))
    found = await provider.is_available()
    backend.released.set()
    assert found.error is not None
    assert found.error.code == "llm-keychain"
    assert model.requests == []
    await provider.close()


async def test_a_broken_keychain_says_nothing_of_what_it_held() -> None:
    with pytest.raises(AuthenticationError) as caught:
        await Keychain(BrokenBackend).read("main", "https://x")
    assert CANARY not in repr(caught.value) + repr(caught.value.__context__)


@pytest.mark.parametrize("refused", [null.Keyring, fail.Keyring])
async def test_backends_that_keep_nothing_are_refused(
    refused: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "get_keyring", refused)
    assert system_backend() is None
    with pytest.raises(AuthenticationError):
        await Keychain().store("main", "https://x", SecretValue(CANARY))


def test_plain_text_backends_are_refused_also_in_a_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = type("PlaintextKeyring", (MemoryBackend,), {"__module__": "keyrings.alt.file"})
    plain, safe = kind(), MemoryBackend()
    monkeypatch.setattr(keyring, "get_keyring", lambda: plain)
    assert system_backend() is None
    disguised = type("Keyring", (kind,), {"__module__": "somebody.elses"})()
    monkeypatch.setattr(keyring, "get_keyring", lambda: disguised)
    assert system_backend() is None
    chain = type("Chain", (MemoryBackend,), {"backends": [plain, safe]})()
    monkeypatch.setattr(keyring, "get_keyring", lambda: chain)
    assert system_backend() is safe


async def test_an_editors_key_is_asked_for_with_its_origin(model: FakeModel) -> None:
    asked: list[tuple[str, str]] = []

    class Editor:
        async def read(self, name: str, origin: str) -> SecretValue | None:
            asked.append((name, origin))
            return SecretValue(CANARY) if len(asked) > 1 else None

    model.answer("hello")
    values = {"type": "openai-compatible", "endpoint": model.base_url, "api_key_ref": "ide:work"}
    setup = llm_setup([Layer(Source.USER, values)], {}, ide_keys=Editor())
    (config,) = setup.chain()
    provider = create_provider(config)
    with pytest.raises(LlmError) as caught:
        await provider.complete(PROMPT)
    assert caught.value.code == "llm-key-missing"
    assert (await provider.complete(PROMPT)).text == "hello"
    assert asked == [("work", config.endpoint.origin)] * 2
    assert model.requests[0].headers["authorization"] == f"Bearer {CANARY}"
    await provider.close()


async def test_a_provider_takes_the_key_of_its_endpoint(model: FakeModel) -> None:
    model.answer("hello")
    backend = MemoryBackend()
    values = {"endpoint": model.base_url, "api_key_ref": "keyring:main"}
    config = provider_config(settings_of(values, Source.USER), {})
    assert config is not None
    provider = create_provider(config, Tools(keychain=Keychain(lambda: backend)))
    with pytest.raises(LlmError) as caught:
        await provider.complete(PROMPT)
    assert caught.value.code == "llm-key-missing"
    assert "`pe4king key set main`" in caught.value.text("en")
    assert model.requests == []
    await Keychain(lambda: backend).store("main", config.endpoint.origin, SecretValue(CANARY))
    assert (await provider.complete(PROMPT)).text == "hello"
    assert model.requests[0].headers["authorization"] == f"Bearer {CANARY}"
    await provider.close()
