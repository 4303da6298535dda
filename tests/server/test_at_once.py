"""Cancelling at every moment, several commands at once, documents that go away meanwhile, and the
end of a server that waits: every request is answered, and nothing is left running.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapter.fake_server import FakeModel
from tests.conftest import ROOT
from tests.lsp_kit.plain import PlainEditor, files_below
from tests.lsp_kit.session import Session, editor
from tests.lsp_kit.wire import Message, NoAnswer

pytestmark = pytest.mark.slow

TEST = """import requests


def test_one():
    r = requests.get("http://x/v1/health")
    assert r.status_code == 200


def test_two():
    r = requests.get("http://x/v1/health")
    assert r.status_code == 200
"""
FACT = {
    "call": "C1",
    "pointer": "/status",
    "check": "not_null",
    "args": [],
    "presence": "required",
    "reason": "the monitor needs it",
}
CANCELLED = -32800


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "examples" / "bookstore" / "openapi.yaml", tmp_path)
    (tmp_path / "test_a.py").write_text(TEST)
    return tmp_path


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


def using(model: FakeModel) -> dict[str, str]:
    return {"LLM_API_KEY": "test-key", "LLM_BASE_URL": model.base_url, "LLM_MODEL": "fake"}


# Cancelling

MOMENTS = (
    ("enhance", "workspace/configuration"),
    ("enhance", "window/workDoneProgress/create"),
    ("enhance", "$/progress"),
    ("enhance", "the model"),
    ("enhance", "workspace/applyEdit"),
    ("explain", "window/showDocument"),
    ("explain", "window/showMessageRequest"),
    ("generateTests", "window/showDocument"),
)


def test_cancelling_at_any_moment(workspace: Path, model: FakeModel) -> None:
    """One server for all: each command is answered, and the next one works as if nothing was."""
    model.hang()
    with PlainEditor(using(model)) as ed:
        ed.start(workspace)
        uri = ed.open(workspace / "test_a.py")
        for command, moment in MOMENTS:
            ed.settings = {"ai": moment == "the model"}
            model.arrived.clear()
            model.disconnected.clear()
            command_id = ed.start_command(command, uri=uri, test="test_one")
            waiting = until(ed, moment, model)
            ed.notify("$/cancelRequest", {"id": command_id})
            answer = ed.result(command_id)
            assert answer.get("error", {}).get("code") == CANCELLED, (moment, answer)
            if waiting is not None and "id" in waiting:
                withdrawn = ed.wait_for_method("$/cancelRequest")
                assert withdrawn["params"] == {"id": waiting["id"]}, moment
            if moment == "the model":
                assert model.disconnected.wait(5)
            assert_progress_ended(ed)
            shutil.rmtree(workspace / "api-tests", ignore_errors=True)
            ed.received.clear()
        ed.settings = {"ai": False}
        assert ed.command("enhance", uri=uri, test="test_one")["status"] == "applied"
        assert ed.leave() == 0
        assert ed.stderr == ""
    assert files_below(workspace).keys() == {"openapi.yaml", "test_a.py"}


def until(ed: PlainEditor, moment: str, model: FakeModel | None = None) -> Message | None:
    """Answer what the server asks until `moment`, and leave that unanswered."""
    told: list[Message] = []
    try:
        while True:
            if moment == "the model" and model is not None and model.arrived.is_set():
                return None
            message = next_message(ed)
            if message is None:
                continue
            if "id" not in message:
                told.append(message)
            if message["method"] == moment:
                return message
            if "id" in message:
                ed.reply(message)
    finally:
        ed.received += told


def next_message(ed: PlainEditor) -> Message | None:
    try:
        return ed.wait_for(lambda each: "method" in each, 0.05)
    except NoAnswer:
        return None


def assert_progress_ended(ed: PlainEditor) -> None:
    kinds = [
        each["params"]["value"]["kind"]
        for each in ed.received
        if each.get("method") == "$/progress"
    ]
    assert kinds.count("begin") == kinds.count("end"), kinds


def test_an_edit_that_is_never_answered_holds_up_nobody_else(workspace: Path) -> None:
    """Other files can be edited; for the same file the next command waits its turn."""
    with PlainEditor() as ed:
        ed.start(workspace)
        uri = ed.open(workspace / "test_a.py")
        first = ed.start_command("enhance", uri=uri, test="test_one")
        until(ed, "workspace/applyEdit")
        ed.received.clear()
        document = (workspace / "openapi.yaml").as_uri()
        other = ed.command("generateTests", uri=document, operation="GET /health")
        assert other["status"] == "applied"
        ed.received.clear()
        second = ed.start_command("enhance", uri=uri, test="test_two")
        while (told := until(ed, "$/progress")) and told["params"]["value"]["kind"] != "end":
            ed.received.clear()
        ed.received.clear()
        assert isinstance(ed.menu(uri, 4), list)
        assert next_message(ed) is None, "the second waits for its turn"
        ed.notify("$/cancelRequest", {"id": first})
        assert ed.result(first)["error"]["code"] == CANCELLED
        assert ed.result(second)["result"]["status"] == "applied"


# Several at once


@pytest.mark.parametrize("kind", ["vscode", "lsp4ij", "neovim", "emacs"])
async def test_the_same_command_twice_at_once_writes_once(kind: str, workspace: Path) -> None:
    async with editor(kind, workspace=workspace) as ed:
        uri = await ed.open("openapi.yaml")
        await ed.open("test_a.py")
        for command, target in (
            ("generateTests", {"uri": uri, "operation": "GET /health"}),
            ("generateTests", {"uri": uri, "operation": "POST /orders"}),
            ("generateNegativeTests", {"uri": uri, "operation": "GET /books"}),
            ("enhance", {"uri": ed.uri("test_a.py"), "test": "test_one"}),
        ):
            ed.client.messages.clear()
            both = await asyncio.gather(*(execute(ed, command, target) for _ in range(3)))
            statuses = sorted(result["status"] for result in both)
            assert statuses[0] == "applied", both
            assert set(statuses[1:]) <= {"nothing", "stale"}, both
            assert len(ed.messages) == 3
        for name in ("test_service.py", "test_orders.py", "test_books.py"):
            once(ed.text(f"api-tests/{name}"))
        assert ed.text("test_a.py").count('body["status"]') > 0
        compile(ed.text("test_a.py"), "test_a.py", "exec")


@pytest.mark.parametrize("kind", ["vscode", "lsp4ij", "neovim", "emacs"])
async def test_two_tests_of_one_file_at_once(kind: str, workspace: Path, model: FakeModel) -> None:
    """Both are enhanced, or one is refused; no edit lands in the wrong place."""
    model.slow(0.2, {"assertions": [FACT]})
    async with editor(kind, workspace=workspace, environment=using(model)) as ed:
        await ed.open("test_a.py")
        targets = [{"uri": ed.uri("test_a.py"), "test": f"test_{n}"} for n in ("one", "two")]
        results = await asyncio.gather(*(execute(ed, "enhance", each) for each in targets))
        assert "applied" in {result["status"] for result in results}, results
        text = ed.text("test_a.py")
        compile(text, "test_a.py", "exec")
        for result, part in zip(results, text.split("def test_")[1:], strict=True):
            assert result["status"] in ("applied", "stale"), results
            assert ("is not None" in part) is (result["status"] == "applied")


def once(text: str) -> None:
    names = [line for line in text.splitlines() if line.startswith(("def ", "import "))]
    assert len(names) == len(set(names)), names
    compile(text, "test.py", "exec")


async def execute(ed: Session, command: str, target: dict[str, str]) -> dict[str, str]:
    result = await ed.execute(f"pe4king.server.{command}", target)
    assert isinstance(result, dict)
    return result


# Documents that go away


@pytest.mark.parametrize("kind", ["vscode", "lsp4ij"])
async def test_documents_that_go_away_meanwhile(
    kind: str, workspace: Path, model: FakeModel
) -> None:
    model.slow(0.1, {"assertions": [FACT]})
    async with editor(kind, workspace=workspace, environment=using(model)) as ed:
        target = {"uri": ed.uri("test_a.py"), "test": "test_two"}
        for gone in ("closed", "closed unsaved", "deleted", "document deleted"):
            (workspace / "test_a.py").write_text(TEST)
            unsaved = f"{TEST}\n\n# unsaved\n" if gone == "closed unsaved" else None
            await ed.open("test_a.py", text=unsaved)
            model.arrived.clear()
            running = asyncio.ensure_future(execute(ed, "enhance", target))
            await asyncio.to_thread(model.arrived.wait, 10)
            if gone == "document deleted":
                (workspace / "openapi.yaml").unlink()
            else:
                await ed.close("test_a.py")
            if gone == "deleted":
                (workspace / "test_a.py").unlink()
            result = await running
            assert len(ed.messages) == 1
            ed.client.messages.clear()
            if gone == "deleted":
                assert result["status"] == "stale"
                assert not (workspace / "test_a.py").exists()
                continue
            assert result["status"] in ("applied", "stale"), (gone, result)
            text = ed.text("test_a.py")
            compile(text, "test_a.py", "exec")
            assert "# unsaved" not in text
            if ed.client.document(ed.uri("test_a.py")) is not None:
                await ed.close("test_a.py")


# The end


@pytest.mark.parametrize("end", ["input", "exit"])
@pytest.mark.parametrize("waiting", ["answer", "name"])
def test_a_server_that_waits_for_a_model_leaves_at_once(
    end: str,
    waiting: str,
    workspace: Path,
    model: FakeModel,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Also while the system looks up a host name, which nothing can interrupt."""
    model.hang()
    environment = using(model)
    if waiting == "name":
        folder = tmp_path_factory.mktemp("site")
        (folder / "sitecustomize.py").write_text(SLOW_NAMES)
        environment |= {"PYTHONPATH": str(folder), "LLM_BASE_URL": "https://slow.invalid/v1"}
    with PlainEditor(environment) as ed:
        ed.start(workspace)
        uri = ed.open(workspace / "test_a.py")
        ed.start_command("enhance", uri=uri, test="test_one")
        if waiting == "answer":
            until(ed, "the model", model)
        else:
            until_looked_up(ed)
        began = time.monotonic()
        if end == "exit":
            assert ed.leave() == 0
        else:
            ed.process.stdin.close()
            assert ed.exit_code() == 0
        assert time.monotonic() - began < 2


SLOW_NAMES = """
import socket, sys, time
real = socket.getaddrinfo
def slow(host, *rest, **more):
    if "slow" in str(host):
        sys.stderr.write("looking up")
        sys.stderr.flush()
        time.sleep(30)
    return real(host, *rest, **more)
socket.getaddrinfo = slow
"""


def until_looked_up(ed: PlainEditor) -> None:
    deadline = time.monotonic() + 10
    while "looking up" not in ed.stderr:
        assert time.monotonic() < deadline
        message = next_message(ed)
        if message is not None and "id" in message:
            ed.reply(message)
