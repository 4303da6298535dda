"""Menus come up at once, whatever else the server is doing and however long the texts are."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from pe4king_server.features.targets import Places
from pe4king_server.lsp.documents import Snapshot
from tests.lsp_kit.plain import PlainEditor

SMALL = 'import requests\n\n\ndef test_a():\n    r = requests.get("http://x/a0")\n'


def big_document(operations: int) -> str:
    """A document on one line, of about 10 kB an operation."""
    schema = {
        "type": "object",
        "properties": {f"field{n}": {"type": "string", "description": "x" * 60} for n in range(90)},
    }
    answer = {"description": "ok", "content": {"application/json": {"schema": schema}}}
    paths = {f"/a{n}": {"get": {"responses": {"200": answer}}} for n in range(operations)}
    api = {"openapi": "3.0.3", "info": {"title": "X", "version": "1"}, "paths": paths}
    return json.dumps(api, separators=(",", ":"))


@pytest.mark.slow
def test_a_big_document_does_not_hold_up_menus(tmp_path: Path) -> None:
    """While it is loaded for a command, and while a menu of its own is made."""
    (tmp_path / "openapi.json").write_text(big_document(1200))
    (tmp_path / "test_a.py").write_text(SMALL)
    with PlainEditor() as ed:
        ed.start(tmp_path)
        uri = ed.open(tmp_path / "test_a.py")
        assert len(ed.menu(uri, 4)) == 4
        command = ed.start_command("generateTests", uri=uri, test="test_a")
        waited = []
        while not any(each.get("id") == command and "result" in each for each in ed.received):
            began = time.monotonic()
            assert len(ed.menu(uri, 4)) == 4
            waited.append(time.monotonic() - began)
            for request in [each for each in ed.received if "id" in each and "method" in each]:
                ed.received.remove(request)
                ed.reply(request)
        assert max(waited) < 0.3
        assert ed.result(command)["result"]["status"] == "applied"


def test_a_text_is_read_once_for_all_menus() -> None:
    text = SMALL + "".join(
        f'\n\ndef test_{n}():\n    r = requests.get("http://x/a0")\n' for n in range(1000)
    )
    places = Places()
    began = time.monotonic()
    first = places.at(Snapshot("file:///test_a.py", text), text.index("test_500"))
    middle = time.monotonic()
    again = places.at(Snapshot("file:///test_a.py", text), text.index("test_999"))
    end = time.monotonic()
    assert first is not None
    assert again is not None
    assert (first.test, again.test) == ("test_500", "test_999")
    assert end - middle < (middle - began) / 10


def test_menus_follow_the_text(tmp_path: Path) -> None:
    uri = (tmp_path / "test_a.py").as_uri()
    with PlainEditor() as ed:
        ed.start(tmp_path)
        ed.open(uri, SMALL)
        assert len(ed.menu(uri, 4)) == 4
        change = {"text": "x = 1\n" * 9}
        document = {"uri": uri, "version": 2}
        ed.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        assert ed.menu(uri, 4) == []
        ed.close(uri)
        assert ed.menu(uri, 4) == []
