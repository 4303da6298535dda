"""Files around a document: inside the workspace, and from hosts that the user listed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pe4king_adapter.errors import FetchError
from pe4king_adapter.transport.fetch import fetch_text, is_listed
from pe4king_core.model.message import Message
from pe4king_core.openapi import load
from pe4king_server.cli import main
from pe4king_server.files import DiskFiles
from pe4king_server.neighbours import Neighbours
from pe4king_server.remote import RETRY_AFTER, VARIABLE, RemoteTexts
from pe4king_server.server import Pe4KingServer
from pe4king_server.settings import SettingsError

Handler = Callable[[str, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

DOCUMENT = """
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /x:
    get:
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {$ref: "%s"}}}
"""


class Host:
    """A server on loopback that answers with what `handler` writes; requests are kept."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))
        self.requests: list[str] = []
        self.port = 0

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.name}"

    def __enter__(self) -> Host:
        self._thread.start()
        assert self._started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive()
        self._loop.close()

    async def _run(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(head)
            await self._handler(head.split(" ")[1], reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def answer(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{headers}\r\n".encode() + body


@contextmanager
def serving(**pages: bytes) -> Iterator[Host]:
    """A host with the page `name` at `/name`; everything else is 404."""

    async def handler(target: str, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        page = pages.get(target.strip("/").partition(".")[0])
        writer.write(answer(b"no", "404 Not Found") if page is None else page)
        await writer.drain()

    with Host(handler) as host:
        yield host


def failure(host: Host, path: str = "/x.yaml", seconds: float = 10) -> str:
    """The code with which fetching from a listed host fails."""
    with pytest.raises(FetchError) as caught:
        fetch_text(host.url + path, [host.name], timeout=seconds, max_bytes=100_000)
    assert caught.value.message.en
    assert caught.value.message.ru
    return caught.value.code


def test_a_listed_host_gives_its_text_and_gets_nothing_of_the_user() -> None:
    page = answer("п: 1".encode(), headers="set-cookie: a=b\r\n")
    moved = answer(b"", "302 Found", "location: /x.yaml?v=1 2\r\nset-cookie: c=d\r\n")
    with serving(x=page, moved=moved) as host:
        fetched = fetch_text(f"{host.url}/moved", [host.name])
        assert fetched.text == "п: 1"
        assert fetched.url == f"{host.url}/x.yaml?v=1%202"
    for request in host.requests:
        head = request.lower()
        assert head.startswith("get /")
        assert "cookie" not in head
        assert "authorization" not in head


async def test_fetching_works_while_a_loop_runs() -> None:
    with serving(x=answer(b"x: 1")) as host:
        assert fetch_text(f"{host.url}/x", [host.name]).text == "x: 1"


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (answer(b"gone", "404 Not Found"), "fetch-status"),
        (answer(b"", "204 No Content"), "fetch-status"),
        (answer(b"oops", "500 Internal Server Error"), "fetch-status"),
        (answer(b"\xff\xfe\x00x"), "fetch-not-text"),
        (answer(b"\x1f\x8b garbage", headers="content-encoding: gzip\r\n"), "fetch-failed"),
        (answer(b"x" * 100_001), "fetch-too-large"),
        (b"this is no HTTP at all\r\n\r\n", "fetch-failed"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ncut o", "fetch-failed"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "fetch-failed"),
        (b"", "fetch-failed"),
        (answer(b"", "301 Moved", "location: /x.yaml\r\n"), "fetch-redirects"),
        (answer(b"", "301 Moved", "location: https://other.example/\r\n"), "fetch-not-listed"),
        (answer(b"", "307 Moved", "location: file:///etc/passwd\r\n"), "fetch-address"),
        (answer(b"", "308 Moved", "location: //user:pw@127.0.0.1/\r\n"), "fetch-address"),
        (answer(b"", "302 Found", "location: http://[\r\n"), "fetch-address"),
        (answer(b"", "302 Found"), "fetch-redirects"),
    ],
)  # fmt: skip
def test_answers_that_cannot_be_used(page: bytes, code: str) -> None:
    with serving(x=page) as host:
        assert failure(host) == code


def test_a_redirect_to_another_port_of_the_machine_is_another_host() -> None:
    with serving(x=answer(b"secret: 1")) as inner:
        moved = answer(b"", "302 Found", f"location: {inner.url}/x.yaml\r\n")
        with serving(x=moved) as host:
            assert failure(host) == "fetch-not-listed"
            both = fetch_text(f"{host.url}/x.yaml", [host.name, inner.name])
            assert both.text == "secret: 1"
    assert len(inner.requests) == 1


async def _silence(_: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _drip(_: str, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x-more: 1\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _slow_body(_: str, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _endless(_: str, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 10_000)
        await writer.drain()


@pytest.mark.parametrize("handler", [_silence, _drip, _slow_body])
def test_one_deadline_for_everything(handler: Handler) -> None:
    with Host(handler) as host:
        assert failure(host, seconds=0.3) == "fetch-timeout"


def test_an_endless_answer_is_left() -> None:
    with Host(_endless) as host:
        assert failure(host) == "fetch-too-large"


def test_nobody_there() -> None:
    with serving() as host:
        pass
    assert failure(host) == "fetch-failed"


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("https://example.com/a", True),
        ("https://EXAMPLE.com:443/a", True),
        ("https://example.com./a", True),
        ("https://example.com:8443/a", False),
        ("https://port.example:8443/a", True),
        ("https://port.example/a", False),
        ("https://sub.example.com/a", False),
        ("https://example.com.evil.example/a", False),
        ("https://evil.example/#@example.com/", False),
        ("https://example.com@evil.example/", False),
        ("https://user:pw@example.com/", False),
        ("https://evil.example\\@example.com/", False),
        ("http://example.com/a", True),
        ("http://example.com:443/a", False),
        ("http://localhost:8000/a", True),
        ("http://localhost/a", False),
        ("http://[::1]:8000/a", True),
        ("ftp://example.com/a", False),
        ("https://example.com:99999/", False),
        ("https://[", False),
        ("https://xn--e1afmkfd.example/", True),
        ("https://пример.example/", True),
        ("", False),
    ],
)
def test_which_hosts_are_listed(url: str, listed: bool) -> None:
    hosts = ["Example.com", "port.example:8443", "localhost:8000", "[::1]:8000", "пример.example"]
    assert is_listed(url, hosts) is listed


def test_only_this_machine_is_asked_without_encryption() -> None:
    with pytest.raises(FetchError) as caught:
        fetch_text("http://example.com/a", ["example.com"])
    assert caught.value.code == "fetch-not-encrypted"


def test_the_list_comes_from_the_environment_and_the_command_line() -> None:
    with serving(x=answer(b"x: 1")) as host:
        url = f"{host.url}/x"
        assert RemoteTexts.allowed([], {}).fetch(url) is None
        assert RemoteTexts.allowed([], {VARIABLE: "other.example, "}).fetch(url) is None
        listed = RemoteTexts.allowed([], {VARIABLE: f"other.example, {host.name}"})
        assert listed.fetch(url) == (url, "x: 1")
        assert RemoteTexts.allowed([host.name], {}).fetch(url) == (url, "x: 1")


@pytest.mark.parametrize("entry", ["*", "https://example.com", "example.com/a", "a b", "host:x"])
def test_a_host_that_is_none_is_told(entry: str) -> None:
    with pytest.raises(SettingsError) as caught:
        RemoteTexts.allowed([], {VARIABLE: f"example.com,{entry}"})
    for language in ("en", "ru"):
        assert entry in caught.value.text(language)
        assert VARIABLE in caught.value.text(language)


def test_each_text_is_fetched_once_and_failures_are_tried_again_later() -> None:
    now = [0.0]
    with serving(x=answer(b"x: 1")) as host:
        remote = RemoteTexts([host.name], clock=lambda: now[0])
        for _ in range(3):
            assert remote.fetch(f"{host.url}/x") == (f"{host.url}/x", "x: 1")
            assert isinstance(remote.fetch(f"{host.url}/no"), Message)
        assert len(host.requests) == 2
        assert not remote.is_stale(f"{host.url}/x")
        assert not remote.is_stale(f"{host.url}/no")
        now[0] = RETRY_AFTER
        assert remote.is_stale(f"{host.url}/no")
        assert isinstance(remote.fetch(f"{host.url}/no"), Message)
        assert len(host.requests) == 3


def test_a_silent_host_is_asked_for_one_file_only() -> None:
    with Host(_silence) as host:
        remote = RemoteTexts([host.name], timeout=0.2)
        answers = [remote.fetch(f"{host.url}/{number}") for number in range(50)]
    assert all(isinstance(found, Message) for found in answers)
    assert len(host.requests) == 1


def codes(folder: Path, reference: str, remote: RemoteTexts | None = None) -> list[str]:
    """The findings about references of a document that has this one."""
    path = folder / "api.yaml"
    path.write_text(DOCUMENT % reference, encoding="utf-8")
    neighbours = Neighbours(DiskFiles(folder), remote)
    document = load(path.read_text(encoding="utf-8"), path.as_uri(), neighbours)
    return [finding.code for finding in document.findings if finding.code.startswith("doc-ref")]


def test_a_document_with_remote_references(tmp_path: Path) -> None:
    pet = b"type: object\nproperties: {tag: {$ref: 'tag.yaml'}}"
    pages = {"pet": answer(pet), "tag": answer(b"type: string")}
    with serving(**pages, html=answer(b"<!DOCTYPE html>\n<p>a: b: [")) as host:
        listed = RemoteTexts([host.name])
        assert codes(tmp_path, f"{host.url}/pet.yaml", listed) == []
        assert codes(tmp_path, f"{host.url}/pet.yaml") == ["doc-ref-remote"]
        assert codes(tmp_path, f"{host.url}/pet.yaml", RemoteTexts()) == ["doc-ref-remote"]
        assert codes(tmp_path, f"{host.url}/missing.yaml", listed) == ["doc-ref-fetch"]
        assert codes(tmp_path, f"{host.url}/html", listed) == ["doc-ref-file"]
        assert codes(tmp_path, "file:///etc/hostname", listed) == ["doc-ref-remote"]


def test_a_remote_failure_that_is_over_counts_as_a_change(tmp_path: Path) -> None:
    now = [0.0]
    with serving() as host:
        remote = RemoteTexts([host.name], clock=lambda: now[0])
        files = DiskFiles(tmp_path)
        neighbours = Neighbours(files, remote)
        assert isinstance(neighbours.fetch(f"{host.url}/x"), Message)
        assert neighbours.unchanged(files)
        now[0] = RETRY_AFTER
        assert not neighbours.unchanged(files)


def test_files_of_the_workspace_by_every_spelling(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a b.yaml", "имя.yaml", "a#b?.yaml", "100%.yaml", "x%20y.yaml"):
        (tmp_path / name).write_text("type: string", encoding="utf-8")
    spellings = (
        "a b.yaml", "a%20b.yaml", "./sub/../a b.yaml", "имя.yaml", "%D0%B8%D0%BC%D1%8F.yaml",
        "a%23b%3F.yaml", "100%25.yaml", "100%.yaml", "x%20y.yaml", "x%2520y.yaml",
    )  # fmt: skip
    for spelling in spellings:
        assert codes(tmp_path, spelling) == [], spelling


def test_nothing_outside_of_the_workspace_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    (folder / "sub").mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text("type: string", encoding="utf-8")
    (tmp_path / "workspace-2").mkdir()
    (tmp_path / "workspace-2" / "secret.yaml").write_text("type: string", encoding="utf-8")
    (folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "circle").symlink_to(folder / "circle")
    for reference in (
        "../secret.yaml", "%2e%2e/secret.yaml", "sub/../../secret.yaml", "link.yaml",
        "linked/secret.yaml", "../workspace-2/secret.yaml", "circle/x.yaml", "a\\u0000.yaml",
        str(tmp_path / "secret.yaml"), "..%5Csecret.yaml", "x" * 5_000, "/dev/zero", "sub",
    ):  # fmt: skip
        assert codes(folder, reference) == ["doc-ref-file"], reference


def test_a_file_keeps_the_uri_that_it_was_first_named_by(tmp_path: Path) -> None:
    path = tmp_path / "a b.yaml"
    path.write_text("x: 1", encoding="utf-8")
    (tmp_path / "same.yaml").symlink_to(path)
    editor = (tmp_path.as_uri() + "/a%20b.yaml").replace("a%20b", "%61%20b")
    neighbours = Neighbours(DiskFiles(tmp_path))
    assert neighbours.read(editor, "a b.yaml") == (editor, "x: 1")
    assert neighbours.read(editor, "same.yaml") == (editor, "x: 1")
    assert neighbours.read(editor, "no.yaml") is None
    assert neighbours.unchanged(DiskFiles(tmp_path))
    (tmp_path / "no.yaml").write_text("y: 1", encoding="utf-8")
    assert not neighbours.unchanged(DiskFiles(tmp_path))


@pytest.mark.parametrize("listed", [True, False])
def test_the_language_server_reads_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: bool
) -> None:
    with serving(pet=answer(b"type: string")) as host:
        monkeypatch.setenv(VARIABLE, f"other.example,{host.name if listed else ''}")
        path = tmp_path / "api.yaml"
        path.write_text(DOCUMENT % f"{host.url}/pet", encoding="utf-8")
        text, server = path.read_text(encoding="utf-8"), Pe4KingServer()
        document = server.documents.load(path.as_uri(), text, DiskFiles(tmp_path))
        found = [finding for finding in document.findings if finding.code == "doc-ref-remote"]
        server.shutdown()
    assert [host.name in finding.message.ru for finding in found] == ([] if listed else [True])
    assert len(host.requests) == listed


def test_the_command_line_reads_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "api.yaml"
    with serving(pet=answer(b"type: string\nenum: [from-afar]")) as host:
        path.write_text(DOCUMENT % f"{host.url}/pet", encoding="utf-8")
        monkeypatch.setenv(VARIABLE, host.name)
        assert main(["generate", str(path), "--out", str(tmp_path / "tests")]) == 0
    written = [file.read_text(encoding="utf-8") for file in (tmp_path / "tests").rglob("*.py")]
    assert any("from-afar" in text for text in written), capsys.readouterr()
    monkeypatch.setenv(VARIABLE, "*")
    assert main(["generate", str(path), "--out", str(tmp_path / "tests")]) != 0
    assert VARIABLE in capsys.readouterr().err
