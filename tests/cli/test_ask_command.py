"""`pe4king ask`: the answer as it arrives, who gave it, and an end at once when the user wants."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapter.fake_server import FakeModel
from tests.cli.model_kit import Shell, shell
from tests.conftest import ROOT


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


def test_a_name_server_that_never_answers_keeps_nobody(user: Shell, tmp_path: Path) -> None:
    """The look-up of a name cannot be cancelled; the program ends without it."""
    (tmp_path / "sitecustomize.py").write_text(
        "import socket, threading\nsocket.getaddrinfo = lambda *_, **__: threading.Event().wait()\n"
    )
    user.configure(profile("work", "https://work.invalid/v1") + "timeout = 0.5\n")
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    script = (
        "from pe4king_adapter.service import create_llm_service as make\n"
        "make({'LLM_API_KEY': 'k', 'LLM_BASE_URL': 'https://work.invalid/v1',"
        " 'LLM_TIMEOUT': 0.5}).generate('hi')"
    )
    for program in (("-m", "pe4king_server", "ask", "hi"), ("-c", script)):
        done = subprocess.run(
            [sys.executable, *program],
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1
        assert "did not answer in time" in done.stderr


def test_where_the_workspace_leads_is_told_before_it_is_asked(user: Shell) -> None:
    (user.workspace / ".pe4king.toml").write_text(profile("theirs", "https://theirs.invalid/v1"))
    _, err = user.run("ask", "hi", code=1)
    first, *rest = err.splitlines()
    assert first.startswith("theirs leads to https://theirs.invalid, which the workspace chose")
    assert "cannot be found" in "".join(rest)


def test_where_the_workspace_leads_is_told_beside_what_came_of_it(
    user: Shell, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model stands behind a proxy, as nothing here leaves this machine."""
    for name in ("openapi.yaml", "tests/test_smoke.py"):
        shutil.copy(ROOT / "examples" / "bookstore" / name, user.workspace)
    theirs = profile("theirs", "http://theirs.invalid/v1")
    (user.workspace / ".pe4king.toml").write_text(theirs)
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{model.port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    model.answer({"assertions": []})
    out, _ = user.run("enhance", "test_smoke.py", "--test", "test_get_book")
    assert model.requests[0].path == "http://theirs.invalid/v1/chat/completions"
    assert "theirs leads to http://theirs.invalid, which the workspace chose" in out


def test_a_profile_whose_certificates_are_missing_is_passed_over(
    user: Shell, model: FakeModel
) -> None:
    user.configure(
        '[llm]\nactive = "work"\nfallbacks = ["local"]\n'
        + profile("work", "https://work.invalid/v1")
        + 'ca_bundle = "~/missing.pem"\n'
        + profile("local", model.base_url)
    )
    model.answer("hello")
    out, err = user.run("ask", "hi")
    assert out == "hello\n"
    assert "[llm.profiles.work]: ca_bundle has a value we cannot use ('~/missing.pem')." in err
    (user.home / "missing.pem").write_text("there, but no certificate")
    out, err = user.run("ask", "hi")
    assert out == "hello\n"
    assert "work did not answer" in err
    told = user.run("providers", "test", "work", code=1)[0]
    assert f"ca_bundle ({user.home / 'missing.pem'})" in told


def test_a_dotenv_that_is_no_text_is_told_and_a_folder_is_none(
    user: Shell, model: FakeModel
) -> None:
    user.configure(profile("work", model.base_url))
    model.answer("hello")
    dotenv = user.workspace / ".env"
    dotenv.write_text("USE_REAL_LLM=false", encoding="utf-16")
    assert ".env cannot be read." in user.run("ask", "hi", code=1)[1]
    dotenv.unlink()
    dotenv.mkdir()
    assert user.run("ask", "hi")[0] == "hello\n"


def test_a_question_that_is_no_text_is_told(user: Shell, model: FakeModel) -> None:
    user.configure(profile("work", model.base_url))
    done = subprocess.run(
        [sys.executable, "-m", "pe4king_server", "ask", "-"],
        input=b"\xff\xfe",
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.decode().startswith("Standard input is no text in UTF-8.")
    assert model.requests == []


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
