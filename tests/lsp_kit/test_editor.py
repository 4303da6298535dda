"""The editor model, and our requests to clients through it, over the kinds of editor."""

from __future__ import annotations

import sys
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.lsp_kit import tiny_server
from tests.lsp_kit.client import make_client
from tests.lsp_kit.edits import BadEdit
from tests.lsp_kit.reactions import KINDS, Reaction
from tests.lsp_kit.session import Session, editor

COMMAND = [sys.executable, tiny_server.__file__, "ours"]

every_kind = pytest.mark.parametrize("kind", KINDS)

ZERO = types.Position(line=0, character=0)
START = types.Range(start=ZERO, end=ZERO)


def tiny(kind: str, workspace: Path, **more: Any) -> AbstractAsyncContextManager[Session]:
    return editor(kind, workspace, COMMAND, **more)


def insertion(
    uri: str, version: int | None, place: types.Range, text: str
) -> types.TextDocumentEdit:
    document = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version)
    edit = types.TextEdit(range=place, new_text=text)
    return types.TextDocumentEdit(text_document=document, edits=[edit])


async def apply(ed: Session, *changes: Any, **more: Any) -> object:
    return await ed.execute(
        "tiny.edit", types.WorkspaceEdit(document_changes=list(changes), **more)
    )


async def server_text(ed: Session, path: str) -> str:
    """The server's copy of an open document."""
    return await ed.request("tiny/text", {"uri": ed.uri(path)})


STALE_EDITS = {
    "vscode": (False, "new"),
    "lsp4ij": (True, "stale new"),
    "neovim": (True, "new"),
    "emacs": (False, "new"),
}
"""What an editor answers to an edit of an older version, and what it does."""

LINE_ENDS = {
    "vscode": "x\r\ny\r\na\r\n",
    "lsp4ij": "x\ny\na\n",
    "neovim": "x\r\ny\na\r\n",
    "emacs": "x\r\ny\na\r\n",
}
"""What becomes of a document `a\r\n` into which `x\r\ny\n` is inserted."""


@pytest.mark.slow
@every_kind
async def test_a_day_in_the_editor(kind: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes("x = '😀'\r\ny = 2\r\n".encode())
    async with tiny(kind, tmp_path, settings={"tiny": {"model": "none"}}) as ed:
        # Documents: what the user types reaches the server, below a character outside the BMP too.
        uri = await ed.open("a.py")
        await ed.replace("a.py", "'😀'", "'😀😀'")
        await ed.replace("a.py", "2", "3")
        assert await server_text(ed, "a.py") == ed.text("a.py")
        assert ed.text("a.py").splitlines() == ["x = '😀😀'", "y = 3"]

        # Code actions: a command is offered and runs.
        [action] = await ed.code_actions("a.py", "y = 3")
        assert (await ed.action("a.py", START, "Repeat")).title == action.title
        assert await ed.run(action) == "xx"

        # Edits: made at the right place, and the server learns of them.
        edit = insertion(uri, 3, ed.range("a.py", "3"), "4\r\nz = 5")
        assert await apply(ed, edit) == {"applied": True, "reason": None}
        assert ed.text("a.py").splitlines() == ["x = '😀😀'", "y = 4", "z = 5"]
        assert await server_text(ed, "a.py") == ed.text("a.py")

        # Edits of an older version, and their line ends.
        uri = await ed.open("c.py", text="old")
        await ed.replace("c.py", "old", "new")
        answer = await apply(ed, insertion(uri, 1, START, "stale "))
        assert (answer["applied"], ed.text("c.py")) == STALE_EDITS[kind]
        assert await server_text(ed, "c.py") == ed.text("c.py")
        uri = await ed.open("d.py", text="a\r\n")
        await apply(ed, insertion(uri, 1, START, "x\r\ny\n"))
        assert ed.text("d.py") == LINE_ENDS[kind]
        assert await server_text(ed, "d.py") == LINE_ENDS[kind]

        # New files.
        new = ed.uri("new/b.py")
        options = types.CreateFileOptions(ignore_if_exists=True)
        create = types.CreateFile(uri=new, options=options)
        await apply(ed, create, insertion(new, None, START, "b = 1\n"))
        assert ed.text("new/b.py") == "b = 1\n"

        # The user: messages, questions, documents, settings.
        await ed.execute("tiny.say", "Hello")
        assert ed.messages == ["Hello"]
        ed.client.answers += ["Two", 0, None]
        assert [await ed.execute("tiny.ask", 1) for _ in range(3)] == ["Two", "One", None]
        uri = ed.uri("a.py")
        can_show = bool(ed.client.capabilities.window.show_document)
        assert await ed.execute("tiny.show", uri) is can_show
        assert [each.uri for each in ed.shown] == [uri] * can_show
        can_configure = bool(ed.client.capabilities.workspace.configuration)
        value = await ed.execute("tiny.configuration", "tiny.model")
        assert value == ("none" if can_configure else None)

        # Progress, and the user who cancels it.
        assert await ed.execute("tiny.progress", "short") == "done"
        if ed.client.capabilities.window.work_done_progress:
            ed.client.cancel_progress = "report"
            assert await ed.execute("tiny.progress", "long") == "cancelled"
            assert [each.title for each in ed.progress] == ["Tiny", "Tiny"]
            assert [each.message for each in ed.progress[0].reports] == ["half"]

        # Virtual documents.
        if ed.client.capabilities.workspace.text_document_content:
            assert await ed.content("tiny:a") == "content of tiny:a"
        await ed.save("a.py")
        await ed.close("a.py")
        assert ed.text("a.py").splitlines() == ["x = '😀😀'", "y = 4", "z = 5"]


@pytest.mark.slow
async def test_clients_that_do_not_answer(tmp_path: Path) -> None:
    async with tiny("vscode", tmp_path) as ed:
        uri = await ed.open("a.py", "")
        methods = (
            types.WINDOW_SHOW_MESSAGE_REQUEST,
            types.WINDOW_SHOW_DOCUMENT,
            types.WORKSPACE_CONFIGURATION,
            types.WINDOW_WORK_DONE_PROGRESS_CREATE,
            types.WORKSPACE_APPLY_EDIT,
            "tiny/custom",
        )
        for reaction in Reaction:
            ed.client.reactions = dict.fromkeys(methods, reaction)
            assert await ed.execute("tiny.ask", 0.1) is None
            assert await ed.execute("tiny.show", uri) is False
            assert await ed.execute("tiny.configuration", "tiny") is None
            assert await ed.execute("tiny.custom", {}) is None
            assert await ed.execute("tiny.progress", "short") == "done"
            answer = await apply(ed, insertion(uri, 1, START, "x"))
            assert answer == {"applied": False, "reason": "the client gave no answer"}
        await ed.until(lambda: ed.client.withdrawn == len(methods))


async def test_edits_that_need_confirmation_and_requests_of_our_own(tmp_path: Path) -> None:
    annotation = types.ChangeAnnotation(label="AI", needs_confirmation=True)
    edit = types.AnnotatedTextEdit(annotation_id="ai", range=START, new_text="x")
    features = {"tiny/custom": lambda params: {"got": params["class"]}}
    async with tiny("vscode", tmp_path, features=features) as ed:
        document = types.OptionalVersionedTextDocumentIdentifier(uri=await ed.open("a.py", ""))
        change = types.TextDocumentEdit(text_document=document, edits=[edit])
        ed.client.accept_edits = False
        refused = await apply(ed, change, change_annotations={"ai": annotation})
        ed.client.accept_edits = True
        accepted = await apply(ed, change, change_annotations={"ai": annotation})
        assert (refused["applied"], accepted["applied"]) == (False, True)
        assert ed.text("a.py") == "x"
        assert await ed.execute("tiny.custom", {"class": 1}) == {"got": 1}


@pytest.mark.parametrize(
    ("kind", "change", "violation"),
    [
        ("lsp4ij", types.CreateFile(uri="{new}"), "without ignoreIfExists"),
        (
            "vscode",
            types.CreateFile(uri="{old}", options=types.CreateFileOptions(ignore_if_exists=False)),
            "CreateFile on the existing",
        ),
        (
            "vscode",
            types.TextDocumentEdit(
                text_document=types.OptionalVersionedTextDocumentIdentifier(uri="{old}"),
                edits=[
                    types.TextEdit(
                        range=types.Range(start=ZERO, end=types.Position(line=0, character=2)),
                        new_text="x",
                    )
                ]
                * 2,
            ),
            "overlap",
        ),
    ],
)
def test_violations(kind: str, change: Any, violation: str, tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text("old")
    uris = {"new": (tmp_path / "new.py").as_uri(), "old": (tmp_path / "old.py").as_uri()}
    target = change if isinstance(change, types.CreateFile) else change.text_document
    target.uri = target.uri.format(**uris)
    client = make_client(kind)
    client.capabilities = client.kind.capabilities
    edit = types.WorkspaceEdit(document_changes=[change])
    with suppress(BadEdit):
        client.apply(types.ApplyWorkspaceEditParams(edit=edit))
    [told] = client.violations
    assert violation in told


async def test_violations_fail_the_test(tmp_path: Path) -> None:
    async def session() -> None:
        async with tiny("vscode", tmp_path) as ed:
            ed.client.answers.append("Three")
            assert await ed.execute("tiny.ask", 1) is None

    with pytest.raises(AssertionError, match="no choice 'Three'"):
        await session()


async def test_a_server_that_dies_fails_the_test(tmp_path: Path) -> None:
    async def session() -> None:
        async with tiny("vscode", tmp_path) as ed:
            ed.client.protocol.notify("tiny/exit", {})
            await ed.client._server.wait()

    with pytest.raises(AssertionError, match="died with 3"):
        await session()


async def test_a_server_that_hangs_is_killed(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tests.lsp_kit.session.LIMIT", 0.4)
    with pytest.raises(AssertionError, match="did not shut down"):
        async with tiny("vscode", tmp_path) as ed:
            ed.client.protocol.notify("tiny/hang", {})
