"""`pe4king record` as a user runs it: what passes through, and what is in the file then."""

from __future__ import annotations

import gzip
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.running_kit import answer, exchanges, recording, running, upstream
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

DOCUMENT = str(ROOT / "examples" / "bookstore" / "openapi.yaml")
KEY = {"X-API-Key": "demo-key"}
TOKEN = {"Authorization": "Bearer demo-token"}
BOOK = {"title": "A", "authors": ["B"], "isbn": "979-1000000076", "genre": "poetry", "price": 4.75}

Request = http.server.BaseHTTPRequestHandler


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=30) as made:
        yield made


def test_the_bookstore_is_recorded_by_operation(
    tmp_path: Path, bookstore_service: str, client: httpx.Client
) -> None:
    with recording(tmp_path, bookstore_service, "--spec", DOCUMENT) as (url, command):
        books = client.get(f"{url}/books?limit=2", headers=KEY)
        assert books.json()["limit"] == 2
        made = client.post(f"{url}/books", json=BOOK, headers=TOKEN)
        assert made.status_code == 201
        assert client.get(f"{url}/nothing/here", headers=KEY).status_code == 404
        assert command.end() == (0, "")
        told = "\n".join(command.rest())
    assert re.search(r"  GET    /books\?limit=2  200  GET /books  \d+ ms", told)
    assert "Recorded in rec.jsonl: 3 exchanges." in told
    assert re.search(r"^ +1  POST /books$", told, re.MULTILINE)
    assert re.search(r"Not in the document: 1\.\n +1  GET /nothing/here$", told, re.MULTILINE)
    first, second, _ = exchanges(tmp_path)
    assert first["request"]["target"] == "/books?limit=2"
    assert first["response"]["body"]["json"] == books.json()
    assert second["request"]["body"]["json"] == BOOK
    assert second["response"]["headers"]["Location"] == made.headers["location"]
    text = (tmp_path / "rec.jsonl").read_text()
    assert "demo-key" not in text
    assert "demo-token" not in text


def test_russian(tmp_path: Path) -> None:
    arguments = ("record", "http://127.0.0.1:9", "--output", "rec.jsonl", "--port", "0")
    with running(tmp_path, *arguments, language="ru") as command:
        command.until(r"^http://127\.0\.0\.1:\d+ записывает http://127\.0\.0\.1:9$")
        assert command.end() == (0, "")
        assert command.rest()[-1] == "Записано в rec.jsonl, обменов: 0."


def test_a_recording_is_continued_and_flows_still_hold(
    tmp_path: Path, client: httpx.Client
) -> None:
    def login(request: Request, body: bytes) -> None:
        answer(request, b'{"access_token": "first-canary-token"}', Content_Type="application/json")

    with upstream(login) as server:
        for _ in range(2):
            with recording(tmp_path, server) as (url, command):
                client.post(f"{url}/login")
                client.get(f"{url}/me", headers={"Authorization": "Bearer first-canary-token"})
                assert command.end() == (0, "")
    token, used, again, _ = exchanges(tmp_path)
    given = token["response"]["body"]["json"]["access_token"]
    assert used["request"]["headers"]["authorization"] == f"Bearer {given}"
    assert again["response"]["body"]["json"]["access_token"] == given
    assert "canary" not in (tmp_path / "rec.jsonl").read_text()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_killed_in_the_middle_everything_that_was_answered_is_there(
    tmp_path: Path, client: httpx.Client
) -> None:
    def count(request: Request, body: bytes) -> None:
        answer(request, b'{"asked": "%s"}' % request.path.encode(), Content_Type="application/json")

    with upstream(count) as server:
        with recording(tmp_path, server) as (url, command):
            for number in range(25):
                client.get(f"{url}/{number}")
            command.end(signal.SIGKILL)
        assert [each["request"]["target"] for each in exchanges(tmp_path)] == [
            f"/{number}" for number in range(25)
        ]
        # As if the kill had met the middle of a line.
        path = tmp_path / "rec.jsonl"
        path.write_bytes(path.read_bytes()[:-30])
        with recording(tmp_path, server) as (url, command):
            client.get(f"{url}/after")
            command.end()
    lines = path.read_bytes().splitlines()
    assert len(lines) == 27
    assert json.loads(lines[-1])["request"]["target"] == "/after"


def test_what_travels_is_not_changed(tmp_path: Path, client: httpx.Client) -> None:
    seen: list[Request] = []
    packed = gzip.compress(b'{"a": 1}')

    def handle(request: Request, body: bytes) -> None:
        seen.append(request)
        if request.path == "/empty":
            answer(request, status=204)
        elif request.path == "/moved":
            answer(request, status=302, Location="/elsewhere")
        else:
            answer(request, packed, Content_Type="application/json", Content_Encoding="gzip")

    with upstream(handle) as server, recording(tmp_path, server) as (url, command):
        target = "/a%2Fb/../c;d?x=%20+&y=[1]&x=é"
        raw = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
        raw.putrequest("GET", target.replace("é", "%C3%A9"), skip_accept_encoding=True)
        for name, value in (("X-B", "1"), ("X-A", "2"), ("X-B", "3"), ("Connection", "X-Hop")):
            raw.putheader(name, value)
        raw.putheader("X-Hop", "h")
        raw.putheader("Accept-Encoding", "br, gzip;q=0.5, zstd")
        raw.endheaders()
        found = raw.getresponse()
        assert found.read() == packed
        assert found.getheader("Content-Encoding") == "gzip"
        assert len(found.headers.get_all("Date", [])) == 1
        raw.close()
        assert seen[0].path == "/a%2Fb/../c;d?x=%20+&y=[1]&x=%C3%A9"
        assert seen[0].headers.get_all("X-B") == ["1", "3"]
        assert seen[0].headers["X-Hop"] is None
        assert seen[0].headers["Accept-Encoding"] == "gzip;q=0.5"
        assert seen[0].headers["Host"] == server.removeprefix("http://")
        assert seen[0].headers["User-Agent"] is None
        head = client.head(f"{url}/head")
        assert (head.headers["content-length"], head.content) == (str(len(packed)), b"")
        assert client.get(f"{url}/empty").status_code == 204
        moved = client.get(f"{url}/moved")
        assert (moved.status_code, moved.headers["location"]) == (302, "/elsewhere")
        assert command.end() == (0, "")
    first, second, third, fourth = exchanges(tmp_path)
    assert first["response"]["body"] == {"json": {"a": 1}}
    assert [each["response"]["status"] for each in (second, third, fourth)] == [200, 204, 302]
    assert "body" not in second["response"]


def test_large_bodies_stream_and_only_their_beginning_is_recorded(
    tmp_path: Path, client: httpx.Client
) -> None:
    sizes: list[int] = []
    half = threading.Event()

    def handle(request: Request, body: bytes) -> None:
        sizes.append(len(body))
        request.send_response(200)
        request.send_header("Content-Type", "text/plain")
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        request.wfile.write(b"6\r\nfirst \r\n")
        assert half.wait(30)
        for _ in range(300):
            request.wfile.write(b"1000\r\n" + b"word " * 819 + b"x\r\n")
        request.wfile.write(b"0\r\n\r\n")

    with (
        upstream(handle) as server,
        recording(tmp_path, server, "--max-body", "4") as (url, command),
    ):
        sent = (b"abc " * 256 for _ in range(3_000))
        with client.stream("POST", url, content=sent) as found:
            parts = found.iter_bytes()
            assert next(parts).startswith(b"first ")
            half.set()
            assert sum(map(len, parts)) == 300 * 4_096
        assert command.end() == (0, "")
    assert sizes == [3_000 * 1_024]
    (one,) = exchanges(tmp_path)
    assert one["request"]["body"]["size"] == 3_000 * 1_024
    body = one["response"]["body"]
    assert body["size"] == 300 * 4_096 + 6
    assert 4_000 < len(body["text"]) <= 4_096


def test_clients_stay_at_the_proxy(tmp_path: Path, client: httpx.Client) -> None:
    address: list[str] = []
    origins: list[str | None] = []

    def handle(request: Request, body: bytes) -> None:
        origins.append(request.headers["Origin"])
        request.send_response(201)
        request.send_header("Location", f"{address[0]}/api/v1/things/7?a=b")
        request.send_header("Link", f'<{address[0]}/api/v1/things?page=2>; rel="next", </x>; rel=y')
        request.send_header("Content-Location", "https://elsewhere.example.org/api/v1/a")
        request.send_header("Set-Cookie", "a=b1; Domain=example.org; Path=/api/v1/x; Secure")
        request.send_header("Set-Cookie", "c=d1; SameSite=None; Secure; HttpOnly; Path=/")
        request.send_header("Content-Length", "0")
        request.end_headers()

    with (
        upstream(handle) as server,
        recording(tmp_path, f"{server}/api/v1/") as (url, command),
    ):
        address.append(server)
        found = client.post(f"{url}/things", headers={"Origin": url})
        assert found.headers["location"] == f"{url}/things/7?a=b"
        assert found.headers["link"] == f'<{url}/things?page=2>; rel="next", </x>; rel=y'
        assert found.headers["content-location"] == "https://elsewhere.example.org/api/v1/a"
        assert found.headers.get_list("set-cookie") == ["a=b1; Path=/x", "c=d1; HttpOnly; Path=/"]
        assert origins == [server]
        command.end()
    (one,) = exchanges(tmp_path)
    assert one["request"]["target"] == "/things"
    assert one["response"]["headers"]["Location"] == "/things/7?a=b"


def test_a_dead_server_is_told_and_not_recorded(tmp_path: Path, client: httpx.Client) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        with recording(tmp_path, f"http://127.0.0.1:{taken.getsockname()[1]}") as (url, command):
            found = client.post(f"{url}/a?token=canary-1", json={"a": 1})
            assert found.status_code == 502
            assert found.headers["content-type"] == "application/problem+json"
            assert "refuses connections" in found.json()["detail"]
            assert command.end() == (0, "")
            told = "\n".join(command.rest())
    assert "Without an answer: 1." in told
    assert "canary" not in told
    assert exchanges(tmp_path) == []


def test_a_silent_server_and_one_that_breaks_off(tmp_path: Path, client: httpx.Client) -> None:
    ended = threading.Event()

    def handle(request: Request, body: bytes) -> None:
        if request.path == "/silent":
            ended.wait(60)
        elif request.path == "/nonsense":
            request.wfile.write(b"nonsense\r\n\r\n")
            request.close_connection = True
        else:
            request.send_response(200)
            request.send_header("Content-Length", "1000")
            request.end_headers()
            request.wfile.write(b"only this")
            request.close_connection = True

    with (
        upstream(handle) as server,
        recording(tmp_path, server, "--timeout", "1") as (url, command),
    ):
        assert client.get(f"{url}/silent").status_code == 504
        ended.set()
        assert client.get(f"{url}/nonsense").status_code == 502
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(f"{url}/broken")
        assert client.get(f"{url}/nonsense").status_code == 502
        assert command.end() == (0, "")
    assert exchanges(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_full_disk_keeps_nobody_from_the_answer(tmp_path: Path, client: httpx.Client) -> None:
    def handle(request: Request, body: bytes) -> None:
        size = 100_000 if request.path == "/large" else 10
        answer(request, b"word " * (size // 5), Content_Type="text/plain")

    # Files of this process may have 8 blocks of 512 or 1,024 bytes.
    limited = ("sh", "-c", 'ulimit -f 8; exec "$@"', "sh")
    with upstream(handle) as server, recording(tmp_path, server, under=limited) as (url, command):
        assert client.get(f"{url}/first").status_code == 200
        assert len(client.get(f"{url}/large").content) == 100_000
        assert client.get(f"{url}/last").status_code == 200
        assert command.end() == (0, "")
        assert "Could not be recorded: 2." in command.rest()
    arguments = ("mock", DOCUMENT, "--port", "0", "--recorded", "rec.jsonl")
    with running(tmp_path, *arguments) as mock:
        mock.until(r"^rec\.jsonl:3: the line is not complete")
        mock.until(r"^Recorded answers: 0 of 1 are used\.$")


def test_a_client_that_leaves_ends_an_endless_answer(tmp_path: Path, client: httpx.Client) -> None:
    left = threading.Event()

    def handle(request: Request, body: bytes) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        request.end_headers()
        try:
            while True:
                request.wfile.write(b"data: tick\n\n")
        except OSError:
            left.set()
        request.close_connection = True

    with upstream(handle) as server, recording(tmp_path, server) as (url, command):
        with client.stream("GET", f"{url}/events") as found:
            assert next(found.iter_bytes()).startswith(b"data: tick")
        assert left.wait(30)
        command.until(r"GET    /events  200")
        assert command.end() == (0, "")
    (one,) = exchanges(tmp_path)
    assert one["response"]["body"]["text"].startswith("data: tick\n\n")
    assert one["response"]["body"]["size"] > 0


def test_a_proxy_of_the_environment_is_used_but_for_this_machine(
    tmp_path: Path, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def handle(request: Request, body: bytes) -> None:
        seen.append(request.path)
        answer(request, b"fine", Content_Type="text/plain")

    with upstream(handle) as server:
        monkeypatch.setenv("http_proxy", server)
        monkeypatch.setenv("no_proxy", "")
        with recording(tmp_path, "http://api.example.org/v1") as (url, command):
            assert client.get(f"{url}/a?b=%20c").text == "fine"
            command.end()
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        with recording(tmp_path, server) as (url, command):
            assert client.get(f"{url}/here").text == "fine"
            command.end()
    assert seen == ["http://api.example.org/v1/a?b=%20c", "/here"]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_certificates_are_checked(
    tmp_path: Path, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")

    def handle(request: Request, body: bytes) -> None:
        answer(request, b"fine", Content_Type="text/plain")

    with upstream(handle, context) as server:
        with recording(tmp_path, server) as (url, command):
            refused = client.get(f"{url}/a")
            assert refused.status_code == 502
            assert "certificate" in refused.json()["detail"]
            command.end()
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        with recording(tmp_path, server) as (url, command):
            assert client.get(f"{url}/a").text == "fine"
            command.end()
    assert len(exchanges(tmp_path)) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ftp://a.example.org", "--output", "r"), "http://… or https://…"),
        (("http://user:secret@a.example.org", "--output", "r"), "without user"),
        (("http://127.0.0.1:9", "--output", "taken.txt"), "taken.txt is no recording"),
        (("http://127.0.0.1:9", "--output", "newer.jsonl"), "version 99"),
        (("http://127.0.0.1:9", "--output", "no/such/folder/r"), "cannot be written"),
        (("http://127.0.0.1:9", "--output", "."), "cannot be"),
        (("http://127.0.0.1:9", "--output", "r", "--spec", "none.yaml"), "none.yaml"),
    ],
)
def test_what_cannot_be_recorded_is_said(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    (tmp_path / "taken.txt").write_text("my notes\n")
    (tmp_path / "newer.jsonl").write_text('{"pe4king": "recording", "version": 99}\n')
    ended = subprocess.run(
        [sys.executable, "-m", "pe4king_server", "record", *arguments, "--port", "0"],
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
    assert (tmp_path / "taken.txt").read_text() == "my notes\n"
