"""`pe4king mock` as a user runs it: address, log, reload, several documents, its end."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.cli.running_kit import Command, running
from tests.mock.service_document import TEXT

KEY = {"X-Key": "k"}
OPEN = TEXT.replace("security: [{key: []}]\n", "")


def mocked(
    folder: Path, *arguments: str, language: str = "en"
) -> contextlib.AbstractContextManager[Command]:
    return running(folder, "mock", "--port", "0", *arguments, language=language)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shelves.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def get(url: str) -> httpx.Response:
    return httpx.get(url, headers=KEY, trust_env=False, timeout=30)


def test_it_says_where_it_is_what_to_try_and_what_it_answers(folder: Path) -> None:
    with mocked(folder, "shelves.yaml") as mock:
        url = mock.until(r"^Shelves 1: (http://127\.0\.0\.1:\d+/v1) \(5 operations\)$")[1]
        tried = shlex.split(mock.until(r"^  (curl .*)$")[1])
        assert tried[0] == "curl"
        assert httpx.get(tried[-1], trust_env=False).status_code == 200
        mock.until(r"^Control: http://127\.0\.0\.1:\d+/__pe4king\. ")
        get(f"{url}/shelves?limit=0")
        mock.until(r"^\d\d:\d\d:\d\d  GET    /v1/health  200  GET /health  answered  [\d.]+ ms$")
        mock.until(r"  GET    /v1/shelves\?limit=0  400  GET /shelves  invalid request  ")
        mock.until(r"^ {10}query limit: 0 is less than 1  \(/paths/~1shelves/get/parameters/0")
        assert mock.end() == (0, "")
        mock.until(r"^Stopped\.$")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_it_ends_cleanly_when_it_is_terminated_in_the_middle(folder: Path) -> None:
    with mocked(folder, "shelves.yaml", "--delay", "60000") as mock:
        url = mock.until(r"(http://\S+/v1)")[1]
        host, port = url.removeprefix("http://").removesuffix("/v1").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n")
            code, errors = mock.end(signal.SIGTERM)
        assert code == 0
        assert "Traceback" not in errors


def test_russian(folder: Path) -> None:
    with mocked(folder, "shelves.yaml", language="ru") as mock:
        mock.until(r"^Shelves 1: http://\S+ \(операций: 5\)$")
        url = mock.until(r"^Управление: (http://\S+)/__pe4king")[1]
        get(f"{url}/v1/shelves?limit=0")
        mock.until(r"  400  GET /shelves  неверный запрос  ")
        mock.until(r"^ {10}query limit: 0 меньше 1  \(")
        assert mock.end() == (0, "")
        mock.until(r"^Остановлено\.$")


def test_json_lines(folder: Path) -> None:
    with mocked(folder, "shelves.yaml", "--log-format", "json") as mock:
        listening = json.loads(first_line(mock))
        assert (listening["event"], listening["documents"]) == ("listening", ["shelves"])
        get(f"{listening['url']}/v1/shelves?limit=x")
        told = json.loads(first_line(mock))
        assert (told["event"], told["status"], told["why"]) == ("request", 400, "invalid request")
        assert told["faults"][0]["in"] == "query"


def first_line(mock: Command) -> str:
    return mock.lines.get(timeout=30)


@pytest.mark.slow
def test_quiet_prints_no_requests(folder: Path) -> None:
    with mocked(folder, "shelves.yaml", "--quiet") as mock:
        url = mock.until(r"(http://\S+/v1)")[1]
        get(f"{url}/health")
        assert mock.end() == (0, "")
        rest = list(mock.lines.queue)
        assert not [line for line in rest if "GET " in line and "curl" not in line]


def test_a_changed_document_is_served_and_a_broken_one_is_not(folder: Path) -> None:
    path = folder / "shelves.yaml"
    with mocked(folder, "shelves.yaml") as mock:
        url = mock.until(r"(http://\S+/v1)")[1]
        assert get(f"{url}/shelves?limit=60").status_code == 400
        path.write_text(TEXT.replace("maximum: 50", "maximum: 500"), encoding="utf-8")
        mock.until(r"^\d\d:\d\d:\d\d  shelves: read again, 5 operations; ")
        assert get(f"{url}/shelves?limit=60").status_code == 200
        path.write_text(TEXT.replace("maximum: 50}", 'maximum: "5'), encoding="utf-8")
        mock.until(r"^shelves\.yaml:\d+:\d+: error: .* \[document-syntax\]$")
        mock.until(r"^shelves: the document as it was before is still served\.$")
        assert get(f"{url}/shelves?limit=60").status_code == 200
        for broken in ("", "just text\n", "title: no document\n"):
            path.write_text(broken, encoding="utf-8")
            mock.until(r"^shelves: the document as it was before is still served\.$")
        path.unlink()
        mock.until(r"^There is no file ")
        path.write_text(OPEN, encoding="utf-8")
        mock.until(r"^\d\d:\d\d:\d\d  shelves: read again, 5 operations; ")
        assert httpx.get(f"{url}/shelves", trust_env=False).status_code == 200


@pytest.mark.slow
def test_changes_of_referenced_files_are_seen(tmp_path: Path) -> None:
    parts = OPEN.replace("#/components/schemas/NewShelf", "parts.yaml#/New")
    (tmp_path / "api.yaml").write_text(parts, encoding="utf-8")
    shelf = tmp_path / "parts.yaml"
    shelf.write_text("New: {type: object, required: [theme]}\n", encoding="utf-8")
    with mocked(tmp_path, "api.yaml") as mock:
        url = mock.until(r"(http://\S+/v1)")[1] + "/shelves"

        def posted() -> int:
            return httpx.post(url, json={"theme": "a"}, trust_env=False).status_code

        assert posted() == 201
        shelf.write_text("New: {type: object, required: [color]}\n", encoding="utf-8")
        mock.until(r"  api: read again")
        assert posted() == 422
        shelf.write_text("New: {type: object, required: [theme", encoding="utf-8")
        mock.until(r"^parts\.yaml:\d+:\d+: error: ")
        assert posted() == 422


@pytest.mark.slow
def test_several_documents(folder: Path) -> None:
    other = OPEN.replace("/v1", "/v2").replace("title: Shelves", "title: Boxes")
    (folder / "boxes.yaml").write_text(other, encoding="utf-8")
    with mocked(folder, "shelves.yaml", "boxes.yaml") as mock:
        first = mock.until(r"^Shelves 1: (http://\S+/v1) ")[1]
        second = mock.until(r"^Boxes 1: (http://\S+/v2) ")[1]
        assert httpx.get(f"{first}/shelves", trust_env=False).status_code == 401
        assert httpx.get(f"{second}/shelves", trust_env=False).status_code == 200
    (folder / "more").mkdir()
    (folder / "more" / "shelves.yaml").write_text(OPEN, encoding="utf-8")
    with mocked(folder, "shelves.yaml", "more/shelves.yaml") as mock:
        first = mock.until(r"^Shelves 1: (http://\S+/shelves/v1) ")[1]
        second = mock.until(r"^Shelves 1: (http://\S+/shelves-2/v1) ")[1]
        assert httpx.get(f"{first}/shelves", trust_env=False).status_code == 401
        assert httpx.get(f"{second}/shelves", trust_env=False).status_code == 200


def test_a_thousand_connections_at_once(folder: Path) -> None:
    resource = pytest.importorskip("resource")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4_096), hard))
    with mocked(folder, "shelves.yaml", "--quiet") as mock:
        url = mock.until(r"http://([^:]+):(\d+)")
        with contextlib.ExitStack() as stack:
            made = [
                stack.enter_context(socket.create_connection((url[1], int(url[2])), timeout=60))
                for _ in range(1_000)
            ]
            for each in made:
                each.sendall(b"GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n")
            answers = {each.recv(100)[:15] for each in made}
        assert answers == {b"HTTP/1.1 200 OK"}
        code, errors = mock.end()
        assert (code, errors) == (0, "")


def test_nobody_reads_the_log_and_requests_are_answered_all_the_same(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pe4king_server", "mock", "--port", "0", "shelves.yaml"],
        cwd=folder,
        env={**os.environ, "PE4KING_LANG": "en"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        found = re.search(r"(http://\S+/v1)", process.stdout.readline())
        assert found is not None
        with httpx.Client(trust_env=False, timeout=30) as client:
            for _ in range(60):
                assert client.get(f"{found[1]}/shelves?{'x' * 1_900}").status_code == 401
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def test_both_loopback_addresses_are_listened_at(folder: Path) -> None:
    with mocked(folder, "shelves.yaml") as mock:
        port = mock.until(r"http://127\.0\.0\.1:(\d+)/v1")[1]
        assert get(f"http://localhost:{port}/v1/health").status_code == 200
        if _has_ipv6():
            assert get(f"http://[::1]:{port}/v1/health").status_code == 200


def test_the_line_to_try_has_the_right_credential(folder: Path) -> None:
    closed = TEXT.replace("security: []\n", "operationId: up\n").replace(
        "operationId: health\n", ""
    )
    (folder / "closed.yaml").write_text(closed, encoding="utf-8")
    with mocked(folder, "closed.yaml", "--credential", "sk1") as mock:
        tried = shlex.split(mock.until(r"^  (curl .*)$")[1])
        name, _, value = tried[tried.index("-H") + 1].partition(": ")
        assert (name, value) == ("X-Key", "sk1")
        assert httpx.get(tried[-1], headers={name: value}, trust_env=False).status_code == 200


def test_a_reload_says_what_is_different(folder: Path) -> None:
    with mocked(folder, "shelves.yaml") as mock:
        url = mock.until(r"(http://\S+)/v1")[1]
        script = {"operation": "getShelf", "status": 404}
        httpx.post(f"{url}/__pe4king/scripts", json=script, trust_env=False)
        changed = TEXT.replace("/v1", "/v2").replace("getShelf", "readShelf")
        changed = changed.replace("  /health:", "  /up:")
        (folder / "shelves.yaml").write_text(changed, encoding="utf-8")
        mock.until(r"^\d\d:\d\d:\d\d  shelves: read again, 5 operations; what requests made is ")
        mock.until(rf"^  It is at {re.escape(url)}/v2 now\.$")
        mock.until(r"^  New: GET /up$")
        mock.until(r"^  Gone: GET /health$")
        mock.until(r"^  Scripts for what is not there any more: getShelf$")


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as made:
            made.bind(("::1", 0))
    except OSError:
        return False
    return True
