"""`pe4king ask`: the answer as it arrives, who gave it, and an end at once when the user wants."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapter.fake_server import FakeModel
from tests.cli.model_kit import Shell, shell


@pytest.fixture
def user(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    return shell(tmp_path, capsys, monkeypatch)


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


def profile(name: str, url: str, model: str = "fake") -> str:
    kind = "openai-compatible"
    return f'[llm.profiles.{name}]\ntype = "{kind}"\nendpoint = "{url}"\nmodel = "{model}"\n'


def messages(model: FakeModel, number: int = -1) -> list[str]:
    return [message["content"] for message in model.requests[number].json["messages"]]


def test_an_answer_is_streamed_and_its_cost_told_beside_it(user: Shell, model: FakeModel) -> None:
    user.configure(profile("work", model.base_url))
    model.answer("Две строки:\none, two")
    out, err = user.run("ask", "How many?", "--system", "Be brief.")
    assert out == "Две строки:\none, two\n"
    assert err.startswith("work, fake: 11 + 7 tokens, ")
    assert messages(model) == ["Be brief.", "How many?"]
    assert model.requests[-1].wants_stream


def test_without_a_stream_and_from_standard_input(user: Shell, model: FakeModel) -> None:
    user.configure(profile("work", model.base_url))
    model.answer("whole")
    out, _ = user.run("ask", "-", "--no-stream", stdin="a long\nquestion")
    assert out == "whole\n"
    assert messages(model) == ["a long\nquestion"]
    assert not model.requests[-1].wants_stream
    assert "The question is empty." in user.run("ask", "-", code=1, stdin=" \n")[1]


def test_a_profile_by_its_name(user: Shell, model: FakeModel) -> None:
    user.configure(profile("work", model.base_url) + profile("other", model.base_url, "big"))
    model.answer("hello")
    _, err = user.run("ask", "hi", "--profile", "other")
    assert err.startswith("other, ")
    assert model.requests[-1].json["model"] == "big"
    assert "Did you mean other?" in user.run("ask", "hi", "--profile", "othr", code=1)[1]


def test_the_fallback_answers_and_that_is_told(user: Shell, model: FakeModel) -> None:
    model.answer("hello")
    dead = "http://127.0.0.1:9/v1"
    user.configure(
        '[llm]\nactive = "work"\nfallbacks = ["local"]\n'
        + profile("work", dead)
        + "timeout = 1\n"
        + profile("local", model.base_url)
    )
    out, err = user.run("ask", "hi")
    assert out == "hello\n"
    assert "work did not answer" in err
    assert "local, fake" in err


def test_without_a_model_it_says_how_to_get_one(
    user: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, err = user.run("ask", "hi", code=1)
    assert out == ""
    assert "No model is configured." in err
    monkeypatch.setenv("LLM_API_KEY", "some-key")
    monkeypatch.setenv("USE_REAL_LLM", "false")
    assert "turned off by USE_REAL_LLM" in user.run("ask", "hi", code=1)[1]
    monkeypatch.setenv("PE4KING_LANG", "ru")
    assert "Все модели выключены" in user.run("ask", "hi", code=1)[1]


def test_a_failure_is_told_after_what_was_shown(user: Shell, model: FakeModel) -> None:
    user.configure(profile("work", model.base_url))
    model.cut_after(3)
    out, err = user.run("ask", "hi", code=1)
    assert out.startswith("the ans")
    assert out.endswith("\n")
    assert err


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_closes_the_connection_at_once(user: Shell, model: FakeModel) -> None:
    user.configure(profile("work", model.base_url))
    model.hang_mid_stream("begins ")
    program = [sys.executable, "-m", "pe4king_server", "ask", "hi"]
    with subprocess.Popen(
        program, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as asking:
        assert asking.stdout is not None
        assert asking.stderr is not None
        assert asking.stdout.read(7) == b"begins "
        asking.send_signal(signal.SIGINT)
        assert model.disconnected.wait(20)
        assert asking.wait(20) == 130
        assert b"Traceback" not in asking.stderr.read()
