"""How connections are made: certificates, proxies, addresses; no key ever leaves its way."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.config.endpoint import Endpoint
from pe4king_adapter.config.values import Setting, Source
from pe4king_adapter.errors import LlmError
from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import LlmProvider, Prompt
from pe4king_adapter.registry import built_in_profiles, create_provider, profile_of
from pe4king_adapter.secret import SecretValue
from pe4king_adapter.tools import Tools
from pe4king_adapter.transport.retry import RetryPolicy
from pe4king_adapter.transport.tls import tls_context

from .conftest import config_for
from .fake_server import FakeModel
from .wire_server import KEY

PROMPT = Prompt.of("s", "u")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority `ca.pem`; certificates with keys: `server`, `client`, `other`."""
    folder = tmp_path_factory.mktemp("authority")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    openssl("req", "-x509", *key, "-subj", "/CN=ca", "-keyout", "ca.key", "-out", "ca.pem")
    for name, address in (("server", "127.0.0.1"), ("client", "127.0.0.1"), ("other", "127.0.0.9")):
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-addext", f"subjectAltName=IP:{address}")
        files = ("-keyout", f"{name}.key", "-out", f"{name}.crt")
        openssl("req", "-x509", *key, "-subj", f"/CN={name}", *signed, *files)
        both = (folder / f"{name}.crt").read_text() + (folder / f"{name}.key").read_text()
        (folder / f"{name}.pem").write_text(both)
    return folder


@pytest.fixture
def encrypted(authority: Path) -> Iterator[FakeModel]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "server.pem")
    with FakeModel(tls=context) as model:
        yield model.answer("safely")


@pytest.fixture
def demanding(authority: Path) -> Iterator[FakeModel]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "server.pem")
    context.load_verify_locations(authority / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with FakeModel(tls=context) as model:
        yield model.answer("known")


@asynccontextmanager
async def provider(config: LlmProviderConfig) -> AsyncIterator[LlmProvider]:
    async def sleep(_: float) -> None:
        return

    made = create_provider(config, Tools(policy=RetryPolicy(sleep=sleep)))
    try:
        yield made
    finally:
        await made.close()


def config_at(url: str, **settings: object) -> LlmProviderConfig:
    endpoint = Endpoint.parse(Setting(url, Source.USER), "endpoint")
    return LlmProviderConfig(endpoint, api_key=SecretValue(KEY), timeout=5, **settings)  # type: ignore[arg-type]


async def test_an_authority_of_ones_own_is_trusted(encrypted: FakeModel, authority: Path) -> None:
    url = f"https://127.0.0.1:{encrypted.port}/v1"
    async with provider(config_at(url)) as strange:
        with pytest.raises(LlmError, match="certificate authority"):
            await strange.complete(PROMPT)
    assert encrypted.requests == []
    async with provider(config_at(url, ca_bundle=str(authority / "ca.pem"))) as known:
        assert (await known.complete(PROMPT)).text == "safely"


async def test_a_certificate_for_another_host_is_told_as_that(authority: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "other.pem")
    with FakeModel(tls=context) as model:
        url = f"https://127.0.0.1:{model.port}/v1"
        async with provider(config_at(url, ca_bundle=str(authority / "ca.pem"))) as made:
            with pytest.raises(LlmError, match="it is for another host") as caught:
                await made.complete(PROMPT)
    assert (caught.value.code, caught.value.attempts) == (Problem.TLS_STALE, 1)


async def test_a_server_without_encryption_is_told_as_that() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    listening = await asyncio.start_server(plain, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening, provider(config_at(f"https://127.0.0.1:{port}/v1")) as made:
        with pytest.raises(LlmError, match="does not speak TLS") as caught:
            await made.complete(PROMPT)
    assert (caught.value.code, caught.value.attempts) == (Problem.NO_TLS, 1)


@pytest.mark.parametrize("apart", [False, True])
async def test_a_client_shows_its_certificate(
    demanding: FakeModel, authority: Path, apart: bool
) -> None:
    url = f"https://127.0.0.1:{demanding.port}/v1"
    bundle = str(authority / "ca.pem")
    async with provider(config_at(url, ca_bundle=bundle)) as nobody:
        with pytest.raises(LlmError):
            await nobody.complete(PROMPT)
    shown = {"client_cert": str(authority / ("client.crt" if apart else "client.pem"))}
    if apart:
        shown["client_key"] = str(authority / "client.key")
    async with provider(config_at(url, ca_bundle=bundle, **shown)) as somebody:
        assert (await somebody.complete(PROMPT)).text == "known"


@pytest.mark.parametrize("name", ["ca_bundle", "client_cert"])
async def test_a_file_that_cannot_be_used_is_named(name: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("this is no certificate")
    for path in (wrong, tmp_path / "missing.pem"):
        config = config_at("https://127.0.0.1:9/v1", **{name: str(path)})
        async with provider(config) as made:
            with pytest.raises(LlmError) as caught:
                await made.complete(PROMPT)
        assert (caught.value.code, caught.value.attempts) == (Problem.CERTIFICATE_FILE, 1)
        assert f"{name} ({path})" in caught.value.text("en")


def test_tls_is_set_up_once_for_all() -> None:
    assert tls_context(None) is tls_context(None)


async def test_loopback_never_goes_through_a_proxy(
    model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    model.answer("direct")
    async with provider(config_for(model.base_url, proxy="http://127.0.0.1:9")) as made:
        assert (await made.complete(PROMPT)).text == "direct"


@pytest.mark.parametrize("from_environment", [False, True])
async def test_the_proxy_is_asked_for_everybody_else(
    monkeypatch: pytest.MonkeyPatch, from_environment: bool
) -> None:
    seen: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 502 no\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    listening = await asyncio.start_server(proxy, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    if from_environment:
        monkeypatch.setenv("HTTPS_PROXY", url)
    config = config_at("https://model.example/v1", proxy=None if from_environment else url)
    async with listening, provider(config) as made:
        with pytest.raises(LlmError) as caught:
            await made.complete(PROMPT)
    assert caught.value.code == Problem.PROXY
    assert seen[0].startswith(b"CONNECT model.example:443 ")
    assert KEY.encode() not in b"".join(seen)


async def test_a_proxy_that_cannot_be_spoken_to_is_told_as_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://user:password@127.0.0.1:9")
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with provider(config_at("https://model.invalid/v1")) as made:
        with pytest.raises(LlmError) as caught:
            await made.complete(PROMPT)
    assert (caught.value.code, caught.value.attempts) == (Problem.PROXY, 1)
    assert "ALL_PROXY" in caught.value.text("en")
    assert "password" not in repr(caught.value) + caught.value.text("ru")


async def test_hosts_that_need_no_proxy_are_asked_directly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "127.0.0.1:9")
    codes = []
    for without in ("elsewhere.invalid", "model.invalid"):
        monkeypatch.setenv("NO_PROXY", without)
        async with provider(config_at("https://model.invalid/v1")) as made:
            with pytest.raises(LlmError) as caught:
                await made.complete(PROMPT)
        codes.append(caught.value.code)
    assert codes == [Problem.PROXY, Problem.NO_HOST]


async def test_cookies_are_not_kept(model: FakeModel) -> None:
    choice = {"message": {"content": "hello"}, "finish_reason": "stop"}
    model.status(200, {"choices": [choice]}, {"set-cookie": "who=you; path=/"})
    async with provider(config_for(model.base_url)) as made:
        for _ in range(2):
            assert (await made.complete(PROMPT)).text == "hello"
    assert ["cookie" in request.headers for request in model.requests] == [False, False]


async def test_no_key_travels_unencrypted() -> None:
    async with provider(config_at("http://model.example/v1")) as made:
        with pytest.raises(LlmError) as caught:
            await made.complete(PROMPT)
    assert (caught.value.code, caught.value.attempts) == (Problem.NOT_ENCRYPTED, 1)


BASES = [
    ("openai", "https://gate.example", "https://gate.example/v1"),
    ("openai", "https://gate.example/llm", "https://gate.example/llm"),
    ("openai-compatible", "https://gate.example", "https://gate.example"),
    ("anthropic", "https://gate.example", "https://gate.example/v1"),
    ("anthropic", "https://gate.example/anthropic", "https://gate.example/anthropic/v1"),
    ("anthropic", "https://gate.example/v1", "https://gate.example/v1"),
    ("gemini", "https://gate.example/gemini", "https://gate.example/gemini/v1beta"),
    ("qwen", "https://dashscope.aliyuncs.com", "https://dashscope.aliyuncs.com/compatible-mode/v1"),
    ("custom-http", "https://gate.example/ask", "https://gate.example/ask"),
]


@pytest.mark.parametrize(("name", "given", "base"), BASES)
def test_the_base_of_an_endpoint(name: str, given: str, base: str) -> None:
    profile = profile_of(name)
    assert profile is not None
    endpoint = Endpoint.parse(Setting(given, Source.USER), "endpoint")
    assert profile.base(endpoint) == base


@pytest.mark.parametrize(
    ("name", "path", "asked"),
    [
        ("ollama", "/v1", "/api/chat"),
        ("ollama", "/api", "/api/chat"),
        ("ollama", "/proxy", "/proxy/api/chat"),
        ("azure-openai", "/openai", "/openai/v1/chat/completions"),
        ("azure-openai", "/openai/v1", "/openai/v1/chat/completions"),
        ("azure-openai", "/gate", "/gate/openai/v1/chat/completions"),
        ("yandexgpt", "/foundationModels/v1", "/foundationModels/v1/completion"),
    ],
)
async def test_an_endpoint_given_with_a_part_of_the_path(
    model: FakeModel, name: str, path: str, asked: str
) -> None:
    model.error(400, {})
    root = f"http://127.0.0.1:{model.port}{path}"
    config = config_at(root, type=name, model="m", options={"folder_id": "f"})
    async with provider(config) as made:
        with pytest.raises(LlmError):
            await made.complete(PROMPT)
    assert model.requests[0].path == asked


def test_profiles_are_complete() -> None:
    profiles = built_in_profiles()
    assert [p.type for p in profiles] == sorted(p.type for p in profiles)
    for profile in profiles:
        assert profile.title.en
        assert profile.title.ru
        assert profile_of(profile.type) is profile
        if profile.endpoint:
            endpoint = Endpoint.parse(Setting(profile.endpoint, Source.USER), "endpoint")
            assert profile.base(endpoint).startswith(profile.endpoint)
            assert endpoint.is_loopback or endpoint.scheme == "https"
            assert profile.local is endpoint.is_loopback
        for option in profile.options:
            assert option.about.en
            assert option.about.ru
            assert not option.choices or option.default in option.choices
