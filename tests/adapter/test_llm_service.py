"""The small service for scripts: which one is chosen, and that it answers from anywhere."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from pe4king_adapter.errors import ConfigError, LlmError
from pe4king_adapter.service import LocalLLMStub, QwenLLMClient, create_llm_service

from .conftest import CANARY
from .fake_server import FakeModel

PROMPT = "Write tests for GET /books/{id} and POST /orders."


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("values", "real"),
    [
        ({}, False),
        ({"USE_REAL_LLM": "true"}, False),
        ({"LLM_API_KEY": CANARY}, True),
        ({"LLM_API_KEY": CANARY, "USE_REAL_LLM": "true"}, True),
        ({"LLM_API_KEY": CANARY, "USE_REAL_LLM": "false"}, False),
        ({"LLM_API_KEY": CANARY, "USE_REAL_LLM": "0"}, False),
        ({"LLM_API_KEY": " "}, False),
    ],
)
@pytest.mark.parametrize("source", ["mapping", "object", "environment", "dotenv"])
def test_which_service_is_chosen(
    values: dict[str, str],
    real: bool,
    source: str,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings: object = None
    if source == "mapping":
        settings = values
    elif source == "object":
        settings = SimpleNamespace(**{name.lower(): value for name, value in values.items()})
    elif source == "environment":
        for name, value in values.items():
            monkeypatch.setenv(name, value)
    else:
        (here / ".env").write_text("\n".join(f"{n}={v}" for n, v in values.items()))
    service = create_llm_service(settings)
    assert isinstance(service, QwenLLMClient if real else LocalLLMStub)


def test_settings_then_environment_then_dotenv(
    model: FakeModel, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / ".env").write_text(f"LLM_API_KEY=from-dotenv\nLLM_BASE_URL={model.base_url}\n")
    monkeypatch.setenv("LLM_API_KEY", CANARY)
    monkeypatch.setenv("LLM_MODEL", "environment")
    model.answer("hello")
    service = create_llm_service({"llm_model": "settings"})
    assert isinstance(service, QwenLLMClient)
    with service:
        assert service.generate(PROMPT) == "hello"
    (request,) = model.requests
    assert request.headers["authorization"] == f"Bearer {CANARY}"
    assert request.json["model"] == "settings"
    assert request.json["messages"] == [{"role": "user", "content": PROMPT}]


async def test_it_answers_where_an_event_loop_runs(model: FakeModel) -> None:
    model.answer("hello")
    with QwenLLMClient(CANARY, model.base_url, 5) as client:
        assert client.generate(PROMPT) == "hello"
        assert await client.agenerate(PROMPT) == "hello"
        answers = await asyncio.gather(*(client.agenerate(PROMPT) for _ in range(5)))
        assert answers == ["hello"] * 5
        assert await asyncio.to_thread(client.generate, PROMPT) == "hello"


async def test_cancelling_closes_the_connection(model: FakeModel) -> None:
    model.hang()
    with QwenLLMClient(CANARY, model.base_url, 30) as client:
        task = asyncio.ensure_future(client.agenerate(PROMPT))
        assert await asyncio.to_thread(model.arrived.wait, 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(model.disconnected.wait, 5)


def test_failures_are_told_without_the_key(model: FakeModel) -> None:
    model.error(401, {"message": f"Incorrect API key provided: {CANARY}"})
    with QwenLLMClient(CANARY, model.base_url, 5) as client:
        with pytest.raises(LlmError) as caught:
            client.generate(PROMPT)
        assert caught.value.kind == "AuthenticationError"
        assert CANARY not in caught.value.text("en") + repr(caught.value) + repr(client.__dict__)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"LLM_BASE_URL": "nonsense"}, "base_url (LLM_BASE_URL)"),
        ({"LLM_TIMEOUT": "0"}, "timeout (LLM_TIMEOUT)"),
        ({"LLM_TIMEOUT": "soon"}, "LLM_TIMEOUT"),
        ({"LLM_MODEL": "a\nb"}, "model (LLM_MODEL)"),
    ],
)
def test_wrong_settings_are_told_by_their_names(wrong: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        create_llm_service({"LLM_API_KEY": CANARY, **wrong})
    assert named in caught.value.text("en")
    assert named in caught.value.text("ru")


def test_a_dotenv_in_another_encoding_is_told(here: Path) -> None:
    (here / ".env").write_text("LLM_API_KEY=x", encoding="utf-16")
    with pytest.raises(ConfigError, match=r"\.env cannot be read"):
        create_llm_service()


def test_a_folder_may_have_that_name_too(here: Path) -> None:
    (here / ".env").mkdir()
    assert isinstance(create_llm_service(), LocalLLMStub)


def test_a_wrong_flag_is_told() -> None:
    with pytest.raises(ConfigError, match="flase"):
        create_llm_service({"LLM_API_KEY": CANARY, "USE_REAL_LLM": "flase"})


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        (PROMPT, ["test_get_books_id", "test_post_orders"]),
        ("paths:\n  /a:\n    get:\n      x: 1\n    delete:\n", ["test_get_a", "test_delete_a"]),
        ('{"paths":{"/q/{x}":{"put":{"responses":{}}}}}', ["test_put_q_x"]),
        ("GET /a/b and GET /a-b", ["test_get_a_b", "test_get_a_b_2"]),
        ("Explain this.", ["test_get_root"]),
        ("", ["test_get_root"]),
        ('GET /x"""\nimport os\n""" and "\\', ["test_get_x"]),
    ],
)
async def test_the_stub_writes_a_test_for_each_endpoint_named(
    prompt: str, names: list[str]
) -> None:
    stub = LocalLLMStub()
    text = stub.generate(prompt)
    tree = ast.parse(text)
    found = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert found == ["client", *names]
    assert await stub.agenerate(prompt) == text
    imported = [node.names[0].name for node in ast.walk(tree) if isinstance(node, ast.Import)]
    assert imported == ["os", "httpx", "pytest"]
