"""`pe4king mock --recorded`: what `pe4king record` wrote is answered again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.running_kit import recording, running
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

DOCUMENT = str(ROOT / "examples" / "bookstore" / "openapi.yaml")
KEY = {"X-API-Key": "demo-key"}
TOKEN = {"Authorization": "Bearer demo-token"}
BOOK = {"title": "A", "authors": ["B"], "isbn": "979-1000000076", "genre": "poetry", "price": 4.75}


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=30) as made:
        yield made


def walk(client: httpx.Client, url: str) -> list[tuple[int, Any]]:
    """A book's life: what each step answers."""
    made = client.post(f"{url}/books", json=BOOK, headers=TOKEN)
    book = f"{url}/books/{made.json()['id']}"
    steps = [
        made,
        client.get(book, headers=KEY),
        client.put(book, json={**BOOK, "title": "C"}, headers=TOKEN),
        client.get(book, headers=KEY),
        client.delete(book, headers=TOKEN),
        client.get(book, headers=KEY),
        client.get(f"{url}/books?limit=500", headers=KEY),
        client.get(f"{url}/books"),
    ]
    return [(each.status_code, each.json() if each.content else None) for each in steps]


def test_a_flow_of_the_real_service_is_answered_again(
    tmp_path: Path, bookstore_service: str, client: httpx.Client
) -> None:
    with recording(tmp_path, bookstore_service, "--spec", DOCUMENT) as (url, command):
        really = walk(client, url)
        assert command.end() == (0, "")
    assert [status for status, _ in really] == [201, 200, 200, 200, 204, 404, 400, 401]
    arguments = ("mock", DOCUMENT, "--port", "0", "--recorded", "rec.jsonl")
    with running(tmp_path, *arguments) as mock:
        url = mock.until(r"(http://\S+/v1) \(13 operations\)")[1]
        mock.until(r"^Recorded answers: 8 of 8 are used\.$")
        assert walk(client, url) == really
        mock.until(r"  POST   /v1/books  201  POST /books  recorded  ")
        mock.until(r"  GET    /v1/books  401  GET /books  recorded  ")
        other = client.get(f"{url}/books/1c3d5e7f-2a4b-4c6d-8e9f-a0b1c2d3e400", headers=KEY)
        assert other.json()["id"] == "1c3d5e7f-2a4b-4c6d-8e9f-a0b1c2d3e400"
        mock.until(r"  GET    /v1/books/1c3d\S+  200  GET /books/\{bookId\}  answered  ")
        assert mock.end() == (0, "")


def written(path: Path, *exchanges: tuple[str, int, Any]) -> None:
    """A recording of GET requests, with a damaged line at its end."""
    lines: list[Any] = [{"pe4king": "recording", "version": 1}]
    for target, status, body in exchanges:
        told = {"status": status, "headers": {"content-type": "application/json"}}
        response = {**told, "body": {"json": body}}
        lines.append({"request": {"method": "GET", "target": target}, "response": response})
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    path.write_text(text + '{"request": {"meth', encoding="utf-8")


def test_what_is_not_used_is_told_with_its_line(tmp_path: Path, client: httpx.Client) -> None:
    written(
        tmp_path / "rec.jsonl",
        ("/v1/health", 200, {"status": "fine, thanks"}),
        ("/v1/nothing", 200, {"a": 1}),
    )
    arguments = ("mock", DOCUMENT, "--port", "0", "--recorded", "rec.jsonl")
    with running(tmp_path, *arguments) as mock:
        url = mock.until(r"(http://\S+/v1) ")[1]
        mock.until(r"^rec\.jsonl:4: the line is not complete: the recording was interrupted$")
        mock.until(r"^Recorded answers: 0 of 2 are used\.$")
        mock.until(r"^  line 2: GET /health 200: body against its schema: .*version")
        mock.until(r"^  line 3: GET /v1/nothing 200: the document has no such operation$")
        mock.until(r"`--as-recorded`")
        assert client.get(f"{url}/health").json()["status"] != "fine, thanks"
        assert mock.end() == (0, "")
    with running(tmp_path, *arguments, "--as-recorded", language="ru") as mock:
        url = mock.until(r"(http://\S+/v1) ")[1]
        mock.until(r"^rec\.jsonl:4: строка неполная: запись прервали$")
        mock.until(r"^Записанные ответы: используется 2 из 2\.$")
        assert client.get(f"{url}/health").json() == {"status": "fine, thanks"}
        assert client.get(f"{url}/nothing").json() == {"a": 1}
        assert mock.end() == (0, "")


def test_programs_are_told_as_well(tmp_path: Path) -> None:
    written(tmp_path / "rec.jsonl", ("/v1/nothing", 200, {"a": 1}))
    arguments = ("mock", DOCUMENT, "--port", "0", "--recorded", "rec.jsonl", "--log-format", "json")
    with running(tmp_path, *arguments) as mock:
        events = [json.loads(mock.lines.get(timeout=30)) for _ in range(5)]
        assert mock.end() == (0, "")
    assert [each["event"] for each in events] == ["listening", *4 * ["recording"]]
    assert events[2]["message"] == "Recorded answers: 0 of 1 are used."


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes\n")
    for name, told in (("notes.txt", "notes.txt is no recording"), ("none", "no file none")):
        ended = subprocess.run(
            [sys.executable, "-m", "pe4king_server", "mock", DOCUMENT, "--recorded", name],
            cwd=tmp_path,
            check=False,
            env={**os.environ, "PE4KING_LANG": "en"},
            capture_output=True,
            timeout=60,
            encoding="utf-8",
        )
        assert ended.returncode == 1
        assert told in ended.stderr
        assert "Traceback" not in ended.stderr
