"""Strange folders, names, documents and settings: everything ends with one plain answer, nothing
is written outside the output folder, and nothing that is there is damaged.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.lsp_kit.plain import PlainEditor, files_below
from tests.lsp_kit.session import editor
from tests.lsp_kit.wire import Message

pytestmark = pytest.mark.slow

BOOKSTORE = ROOT / "examples" / "bookstore" / "openapi.yaml"
HEALTH = "GET /health"
TEST = 'import requests\n\n\ndef test_a():\n    r = requests.get("http://x/v1/health")\n'


@pytest.fixture
def ed() -> Iterator[PlainEditor]:
    with PlainEditor() as editor:
        yield editor
        assert "Traceback" not in editor.stderr


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    shutil.copy(BOOKSTORE, folder / "openapi.yaml")
    (folder / "test_a.py").write_text(TEST, encoding="utf-8")
    return folder


def ends_plainly(ed: PlainEditor, result: Message, status: str, *parts: str) -> None:
    """The command ended as it should, with one message that says what matters."""
    assert result["status"] == status, result
    [message] = ed.messages
    assert message == result["message"]
    for part in parts:
        assert part in message
    assert not [word for word in ("Traceback", "site-packages", "Error(") if word in message]
    ed.received.clear()


# Where


def test_without_a_folder_tests_stand_beside_the_document(ed: PlainEditor, workspace: Path) -> None:
    ed.start()
    uri = ed.open(workspace / "openapi.yaml")
    ends_plainly(ed, ed.command("generateTests", uri=uri, operation=HEALTH), "applied")
    assert "api-tests/test_service.py" in files_below(workspace)


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "untitled:/a.yaml", "vscode-vfs://h/a.yaml"]
)
def test_a_document_that_is_nowhere(ed: PlainEditor, uri: str, tmp_path: Path) -> None:
    ed.start()
    ed.open(uri, BOOKSTORE.read_text(encoding="utf-8"))
    result = ed.command("generateTests", uri=uri, operation=HEALTH)
    ends_plainly(ed, result, "failed", "Save the document first")
    assert not ed.edits
    assert ed.command("explain", uri=uri, operation=HEALTH)["status"] == "shown"


def test_an_unsaved_document_in_a_folder(ed: PlainEditor, workspace: Path) -> None:
    ed.start(workspace)
    uri = "untitled:Untitled-1"
    ed.open(uri, BOOKSTORE.read_text(encoding="utf-8"))
    ends_plainly(ed, ed.command("generateTests", uri=uri, operation=HEALTH), "applied")
    assert "api-tests/test_service.py" in files_below(workspace)


SPELLINGS = {
    "as Python": Path.as_uri,
    "bare": lambda path: "file://" + str(path).replace("%", "%25").replace("#", "%23"),
    "trailing": lambda path: path.as_uri() + "/" * path.is_dir(),
    "lower case": lambda path: re.sub("%..", lambda found: found[0].lower(), path.as_uri()),
}


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
def test_folders_with_strange_names_however_they_are_spelled(
    ed: PlainEditor, tmp_path: Path, spelling: str
) -> None:
    """Two folders, so that the wrong one would be taken where the right one is not recognised."""
    other, mine = tmp_path / "other", tmp_path / "Мой проект (50%25) #1 @+"
    other.mkdir()
    mine.mkdir()
    (mine / "общее.yaml").write_text(
        "Answer: {type: object, required: [status], properties: {status: {enum: [fine]}}}\n",
        encoding="utf-8",
    )
    (mine / "openapi.yaml").write_text(document("./общее.yaml#/Answer"), encoding="utf-8")
    ed.start(other, SPELLINGS[spelling](mine))
    uri = ed.open(SPELLINGS[spelling](mine / "openapi.yaml"), document("./общее.yaml#/Answer"))
    ends_plainly(ed, ed.command("generateTests", uri=uri, operation="GET /a"), "applied")
    assert files_below(other) == {}
    assert b"fine" in files_below(mine)["api-tests/test_x.py"]
    target = SPELLINGS[spelling](mine / "api-tests" / "test_x.py")
    again = ed.command("generateTests", uri=target, test="test_get_a_returns_200")
    ends_plainly(ed, again, "nothing")


def document(reference: str) -> str:
    return f"""openapi: 3.0.3
info: {{title: X, version: '1'}}
paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          content: {{application/json: {{schema: {{$ref: '{reference}'}}}}}}
"""


def test_a_folder_that_is_a_link(ed: PlainEditor, workspace: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(workspace)
    ed.start(link)
    uri = ed.open(link / "test_a.py")
    ends_plainly(ed, ed.command("enhance", uri=uri, test="test_a"), "applied")
    ends_plainly(ed, ed.command("generateTests", uri=uri, test="test_a"), "applied")
    assert link.is_symlink()
    assert "api-tests/test_service.py" in files_below(workspace)


# What


def test_what_is_no_text_is_answered(ed: PlainEditor, workspace: Path) -> None:
    """Menus show nothing, commands say that the file cannot be read, and neither hangs."""
    (workspace / "test_binary.py").write_bytes(bytes(range(256)) * 100)
    (workspace / "test_folder.py").mkdir()
    os.mkfifo(workspace / "test_pipe.py")
    os.mkfifo(workspace / "pipe.yaml")
    (workspace / "test_loop.py").symlink_to("test_loop.py")
    names = ("test_binary.py", "test_folder.py", "test_pipe.py", "pipe.yaml", "test_loop.py")
    ed.start(workspace)
    strange = ["", "x", "file:", "file:///", "file:///%00.py", "http://[.py", "file://host/x.py"]
    strange += ["file:///dev/zero", "untitled:Untitled-7", "file:///%ff%fe.py", "file:///no/x.py"]
    for uri in [*((workspace / name).as_uri() for name in names), *strange]:
        assert ed.menu(uri) == [], uri
        for command in ("enhance", "explain"):
            ed.received.clear()
            result = ed.command(command, uri=uri, test="test_a")
            ends_plainly(ed, result, "failed", "cannot be read")
    assert (
        ed.command("enhance", uri=(workspace / "test_a.py").as_uri(), test="test_a")["status"]
        == "applied"
    ), "files like these in the workspace do no harm"


HOSTILE = (
    "../../x", "..\\\\..\\\\x", "/etc/passwd", "C:\\\\x", "con", "NUL", "aux.py", "", " ", ".",
    "..", "~", "-rf", "a\\u0000b", "\\ud800", "💥", "!!!", "???", "value", "VALUE", "class",
    "x" * 400, "Я" * 300, "line\\nbreak", '"""', "${jndi}", "{{ 7*7 }}", "%2e%2e%2f", "naïve",
    "nai\\u0308ve",
)  # fmt: skip


@pytest.mark.parametrize("style", ["pytest", "junit-restassured"])
def test_names_of_a_document_lead_nowhere_else(ed: PlainEditor, tmp_path: Path, style: str) -> None:
    """A hostile tag, title or operationId is a file name below the output folder, or nothing."""
    workspace = tmp_path / "a" / "b" / "workspace"
    workspace.mkdir(parents=True)
    tags = [json.loads(f'"{tag}"') if tag != '"""' else tag for tag in HOSTILE]
    paths = {
        f"/p{number}": {
            "get": {
                "operationId": tag,
                "summary": tag,
                "tags": [tag],
                "responses": {"200": {"description": tag}},
            }
        }
        for number, tag in enumerate(tags)
    }
    api = {"openapi": "3.0.3", "info": {"title": "../../t", "version": "1"}, "paths": paths}
    (workspace / "openapi.json").write_text(json.dumps(api))
    ed.settings = {"format": style}
    ed.start(workspace)
    uri = ed.open(workspace / "openapi.json")
    for path in paths:
        result = ed.command("generateTests", uri=uri, operation=f"GET {path}")
        # Names that only differ in signs are one name, and its tests are there already.
        assert result["status"] in ("applied", "nothing"), (path, result)
        for edit in ed.edits:
            apply(edit)
        ed.edits.clear()
    written = files_below(tmp_path)
    assert len(written) > 15
    for name, content in written.items():
        inside, _, base = name.rpartition("/")
        assert inside.startswith("a/b/workspace"), name
        assert len(base.encode()) < 200
        stem = base.partition(".")[0].lower()
        assert stem not in ("con", "nul", "aux", "prn"), name
        assert not set(base) & set('<>:"\\|?*\0'), name
        if name.endswith(".py"):
            compile(content, name, "exec")


def apply(edit: Message) -> None:
    """Make an edit of files on disk as a careless editor does, by lines and UTF-16 columns."""
    from lsprotocol import types
    from pygls.uris import to_fs_path

    from tests.lsp_kit.client import editor_converter
    from tests.lsp_kit.edits import edit_text

    made = editor_converter().structure(edit, types.WorkspaceEdit)
    for change in made.document_changes or ():
        assert isinstance(change, types.TextDocumentEdit)
        path = Path(to_fs_path(change.text_document.uri) or "")
        raw = path.read_bytes()
        mark = raw[:3] if raw.startswith(b"\xef\xbb\xbf") else b""
        text, _ = edit_text(raw[len(mark) :].decode(), list(change.edits), "utf-16")
        path.write_bytes(mark + text.encode())


def test_references_do_not_leave_the_workspace(
    ed: PlainEditor, workspace: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("S: {type: object, required: [a], properties: {a: {enum: [secret]}}}")
    (workspace / "link.yaml").symlink_to(secret)
    ed.start(workspace)
    for number, reference in enumerate(
        (
            "../secret.yaml",
            "%2e%2e/secret.yaml",
            "%252e%252e/secret.yaml",
            "link.yaml",
            "//[",
            secret.as_uri(),
        )
    ):
        path = workspace / f"api{number}.yaml"
        path.write_text(document(f"{reference}#/S"))
        result = ed.command("generateTests", uri=ed.open(path), operation="GET /a")
        assert result["status"] == "applied", (reference, result)
        assert b"secret" not in files_below(workspace)["api-tests/test_x.py"], reference
        shutil.rmtree(workspace / "api-tests")


def test_a_changed_neighbour_of_a_document_is_read_again(ed: PlainEditor, workspace: Path) -> None:
    (workspace / "openapi.yaml").write_text(document("parts.yaml#/S"))
    parts = workspace / "parts.yaml"
    for value in ("first", "second"):
        parts.write_text(
            f"S: {{type: object, required: [a], properties: {{a: {{enum: [{value}]}}}}}}"
        )
        if value == "first":
            ed.start(workspace)
            uri = ed.open(workspace / "openapi.yaml")
        ed.command("generateTests", uri=uri, operation="GET /a")
        assert value.encode() in files_below(workspace)["api-tests/test_x.py"]
        shutil.rmtree(workspace / "api-tests")


# What is in the way


OBSTACLES = {
    "a file as the folder": ("api-tests", b"mine", "api-tests is in the way"),
    "no text": ("api-tests/test_service.py", b"\xff\xfe\x00mine", "test_service.py is in the way"),
    "no tests": ("api-tests/test_service.py", b"x = 1\n", "holds no test"),
    "a folder": ("api-tests/test_service.py/x", b"mine", "test_service.py is in the way"),
}


def test_what_is_in_the_way_is_named_and_kept(ed: PlainEditor, workspace: Path) -> None:
    ed.start(workspace)
    uri = (workspace / "openapi.yaml").as_uri()
    for obstacle in OBSTACLES:
        told, before = put_in_the_way(workspace, obstacle)
        ends_plainly(ed, ed.command("generateTests", uri=uri, operation=HEALTH), "failed", told)
        assert files_below(workspace) == before


@pytest.mark.parametrize("kind", ["vscode", "lsp4ij"])
async def test_what_is_in_the_way_is_not_given_to_the_editor(workspace: Path, kind: str) -> None:
    """LSP4IJ would write into the file that is there."""
    async with editor(kind, workspace=workspace) as session:
        for obstacle in OBSTACLES:
            told, before = put_in_the_way(workspace, obstacle)
            target = {"uri": session.uri("openapi.yaml"), "operation": HEALTH}
            result = await session.execute("pe4king.server.generateTests", target)
            assert result["status"] == "failed"
            assert told in result["message"]
            assert not session.applied
            assert files_below(workspace) == before


def put_in_the_way(workspace: Path, obstacle: str) -> tuple[str, dict[str, bytes]]:
    """What the user will be told, and the files as they must stay."""
    output = workspace / "api-tests"
    if output.is_dir():
        shutil.rmtree(output)
    output.unlink(missing_ok=True)
    name, content, told = OBSTACLES[obstacle]
    (workspace / name).parent.mkdir(exist_ok=True, parents=True)
    (workspace / name).write_bytes(content)
    return told, files_below(workspace)


def test_a_conftest_that_lacks_our_fixtures_is_kept_and_told(
    ed: PlainEditor, workspace: Path
) -> None:
    (workspace / "api-tests").mkdir()
    (workspace / "api-tests" / "conftest.py").write_text("mine = 1\n")
    ed.start(workspace)
    uri = (workspace / "openapi.yaml").as_uri()
    result = ed.command("generateTests", uri=uri, operation=HEALTH)
    ends_plainly(ed, result, "applied", "conftest.py", "fixture api")
    assert files_below(workspace)["api-tests/conftest.py"] == b"mine = 1\n"


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="root may write anywhere")
def test_a_read_only_folder(ed: PlainEditor, workspace: Path) -> None:
    workspace.chmod(0o555)
    ed.start(workspace)
    uri = (workspace / "openapi.yaml").as_uri()
    result = ed.command("generateTests", uri=uri, operation=HEALTH)
    workspace.chmod(0o755)
    ends_plainly(ed, result, "failed", "cannot be written")


def test_settings_that_cannot_be_used_name_the_entry(ed: PlainEditor, workspace: Path) -> None:
    """Also an output folder that leads out of the workspace, which anybody may have opened."""
    ed.start(workspace)
    uri = (workspace / "openapi.yaml").as_uri()
    outside = ("../x", "/tmp/x", "file:///tmp/x", "C:\\x", "a/../../x", "..\\x", "a\0b", 5, ["x"])
    wrong: list[tuple[str, object]] = [("output", value) for value in outside]
    wrong += [(key, value) for key in ("format", "client", "package", "depth", "python", "baseUrl")
              for value in (5, [], {}, True)]  # fmt: skip
    wrong += [("document", value) for value in (5, {}, True, ["a.yaml", 5], [["a.yaml"]])]
    wrong += [("llm", value) for value in ("x", 5, [1], True)]
    wrong += [("focus", ["x"]), ("focus", 5), ("maxTestsPerEndpoint", "3"), ("ai", 1)]
    before = files_below(workspace.parent)
    for key, value in wrong:
        ed.settings = {key: value}
        result = ed.command("generateTests", uri=uri, operation=HEALTH)
        ends_plainly(ed, result, "failed", f"pe4king.{key}")
    for whole in (5, "x", [1]):
        ed.settings = whole
        ends_plainly(ed, ed.command("explain", uri=uri, operation=HEALTH), "failed", "pe4king")
    assert files_below(workspace.parent) == before


# Every other byte stays

SHAPES = {
    "bom and crlf": lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    "no final line end": lambda text: text.rstrip("\n").encode(),
    "crlf, no final line end": lambda text: text.rstrip("\n").replace("\n", "\r\n").encode(),
    "tabs": lambda text: text.replace("    ", "\t").encode(),
    "form feed and separators": lambda text: f"# \x0c \u2028 \x85 🩺\n{text}".encode(),
    "blank lines at the end": lambda text: text.encode() + b"\n \n\t\n",
}


def test_files_of_any_shape_keep_it(ed: PlainEditor, workspace: Path) -> None:
    ed.start(workspace)
    for shape, made in SHAPES.items():
        path = workspace / "test_a.py"
        before = made(TEST)
        path.write_bytes(before)
        for command in ("enhance", "explain"):
            ed.answers["window/showMessageRequest"] = lambda params: params["actions"][0]
            result = ed.command(command, uri=path.as_uri(), test="test_a")
            assert result["status"] == "applied", (shape, result)
            for edit in ed.edits:
                apply(edit)
            ed.edits.clear()
        after = path.read_bytes()
        compile(after.removeprefix(b"\xef\xbb\xbf"), "test_a.py", "exec")
        rest = iter(after)
        assert all(byte in rest for byte in before), shape
        assert after.startswith(b"\xef\xbb\xbf") is before.startswith(b"\xef\xbb\xbf")
        assert (after.count(b"\r\n") == after.count(b"\n")) is (b"\r\n" in before), shape
        assert b"status_code" in after


def test_an_explanation_takes_one_message(workspace: Path) -> None:
    """Also where the model failed and the user lets it be inserted."""
    nobody = {"LLM_BASE_URL": "http://127.0.0.1:9/v1", "LLM_API_KEY": "test-key"}
    with PlainEditor(nobody) as ed:
        ed.start(workspace)
        uri = (workspace / "test_a.py").as_uri()
        ed.answers["window/showMessageRequest"] = lambda params: params["actions"][0]
        assert ed.command("explain", uri=uri, test="test_a")["status"] == "applied"
        [message] = ed.messages
        assert "without the model" in message
        ed.settings = {"ai": False}
        ed.received.clear()
        ends_plainly(ed, ed.command("explain", uri=uri, test="test_a"), "applied", "comment")
