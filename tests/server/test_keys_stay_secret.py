"""Keys of all kinds through failures of all kinds: not a byte of them in anything we write."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pe4king_server.editor_keys import READ_KEY
from tests.adapter.fake_server import FakeModel
from tests.cli.model_kit import shell
from tests.conftest import ROOT
from tests.lsp_kit.session import COMMAND, editor

ENVIRONMENT = "sk-canary-environment-71a0c4"
NAMED = "sk-canary-named-93be52"
DOTENV = "sk-canary-dotenv-0d46f8"
EDITOR = "sk-canary-editor-c81e73"
CANARIES = (ENVIRONMENT, NAMED, DOTENV, EDITOR)

FAILURES: dict[str, Callable[[FakeModel], object]] = {
    "key": lambda model: model.error(401, {"message": f"bad key {ENVIRONMENT} {NAMED} {DOTENV}"}),
    "text": lambda model: model.status(
        500, f"{ENVIRONMENT} {NAMED} {DOTENV}", {"retry-after": "0"}
    ),
    "header": lambda model: model.error(400, {"message": "no"}, {"x-request-id": NAMED}),
    "elsewhere": lambda model: model.status(302, "", {"location": f"http://127.0.0.1:9/{NAMED}"}),
    "rubbish": lambda model: model.status(200, f"{{{ENVIRONMENT} {NAMED} {DOTENV}"),
    "cut": lambda model: model.cut_after(2),
    "answer": lambda model: model.answer("fine"),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    shutil.copy(ROOT / "examples" / "bookstore" / "openapi.yaml", folder)
    shutil.copy(ROOT / "examples" / "bookstore" / "tests" / "test_smoke.py", folder)
    return folder


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


def written(folder: Path) -> bytes:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return b"\n".join(path.read_bytes() for path in files if path.name != ".env")


def configure(home: Path, text: str) -> None:
    file = home / "config" / "pe4king" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def profile(url: str) -> str:
    return (
        f'[llm.profiles.named]\ntype = "openai-compatible"\nendpoint = "{url}"\nmodel = "m"\n'
        'api_key_ref = "env:MY_KEY"\n'
    )


def own(home: Path, **more: str) -> dict[str, str]:
    folders = {f"XDG_{n.upper()}_HOME": str(home / n) for n in ("config", "state", "cache", "data")}
    return {**os.environ, "HOME": str(home), "PE4KING_LANG": "en", **folders, **more}


# Commands with DEBUG logs of everything are what a user sends us when something fails.
PROGRAM = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
from pe4king_server.cli import main
for arguments in (line.split("|") for line in sys.argv[1:]):
    print(arguments, main(arguments), flush=True)
"""
COMMANDS = (
    "ask|hi",
    "ask|hi|--no-stream|--profile|named",
    "ask|hi|--profile|default",
    "providers|test|--ask",
    "providers|--json",
    "key|list",
    "enhance|test_smoke.py",
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("failure", "source"),
    [*((failure, "environment") for failure in sorted(FAILURES)), ("key", "dotenv")],
)
def test_commands(
    failure: str, source: str, workspace: Path, tmp_path: Path, model: FakeModel
) -> None:
    FAILURES[failure](model)
    (workspace / ".pe4king.toml").write_text('[llm.tasks]\nask = ["named", "default"]\n')
    home = tmp_path / "home"
    configure(home, profile(model.base_url))
    flat = {"LLM_BASE_URL": model.base_url, "LLM_MODEL": "m"}
    if source == "environment":
        environment = own(home, MY_KEY=NAMED, LLM_API_KEY=ENVIRONMENT, **flat)
    else:
        lines = {**flat, "LLM_API_KEY": DOTENV}
        (workspace / ".env").write_text("\n".join(f"{n}={v}" for n, v in lines.items()))
        environment = own(home, MY_KEY=NAMED)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *COMMANDS],
        cwd=workspace,
        env=environment,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.count(b"\n['") + 1 >= len(COMMANDS), done.stderr[-2000:]
    sent = {request.headers.get("authorization", "") for request in model.requests}
    assert f"Bearer {NAMED}" in sent, "the keys were really used"
    everything = done.stdout + done.stderr + written(tmp_path)
    for canary in CANARIES:
        assert canary.encode() not in everything
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "text",
    [
        'api_key_ref = "{key}"',
        'api_key = "{key}"',
        'type = "qwen"\ncustom_headers = {{ Authorization = "Bearer {key}" }}',
        'type = "qwen"\nendpoint = "https://user:{key}@host/v1"',
        'type = "qwen"\nendpoint = "https://host/v1?key={key}"',
        'type = "qwen"\napi_key_ref = {key}',
        'type = "qwen"\napi_key_ref = "env:BAD"',
    ],
)
def test_a_key_in_the_wrong_place(
    text: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    user = shell(tmp_path, capsys, monkeypatch)
    user.configure("[llm.profiles.named]\n" + text.format(key=NAMED))
    monkeypatch.setenv("BAD", f"{NAMED} with blanks")
    for arguments in (("providers",), ("ask", "hi", "--profile", "named")):
        out, err = user.run(*arguments, code=1)
        assert err
        assert NAMED not in out + err + caplog.text


@pytest.mark.slow
async def test_an_editors_key_in_a_server_that_logs_everything(
    workspace: Path, tmp_path: Path, model: FakeModel
) -> None:
    model.error(401, {"message": f"bad key {EDITOR}"})
    home, asked = tmp_path / "home", []
    configure(home, "")

    def read_key(params: Any) -> dict[str, str]:
        asked.append(params["name"])
        return {"key": EDITOR}

    user = {"type": "openai-compatible", "endpoint": model.base_url, "api_key_ref": "ide:work"}
    async with editor(
        "vscode",
        workspace=workspace,
        command=(*COMMAND, "--verbose"),
        initialization_options={"userSettings": {"llm": {**user, "model": "m"}}},
        environment=own(home),
        features={READ_KEY: read_key},
    ) as ed:
        await ed.open("test_smoke.py")
        for title in ("Enhance", "Explain"):
            await ed.run(await ed.action("test_smoke.py", "def test_", title))
        told = "".join(ed.messages)
    assert set(asked) == {f"work@{model.base_url.removesuffix('/v1')}"}
    assert model.requests[0].headers["authorization"] == f"Bearer {EDITOR}"
    assert "DEBUG" in ed.client.stderr
    assert EDITOR not in ed.client.stderr + told
    assert EDITOR.encode() not in written(tmp_path)
