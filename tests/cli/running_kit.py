"""What tests of commands that go on share: the running command, and servers to record."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import queue
import re
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any


class Command:
    """A running command; `lines` are those that it has printed and nobody has read yet.

    `under` is a command that runs it.
    """

    def __init__(
        self, folder: Path, *arguments: str, language: str = "en", under: Sequence[str] = ()
    ) -> None:
        self.process = subprocess.Popen(
            [*under, sys.executable, "-m", "pe4king_server", *arguments],
            cwd=folder,
            env={**os.environ, "PE4KING_LANG": language, "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def until(self, pattern: str) -> re.Match[str]:
        """The first line that has `pattern`; those before it are gone."""
        seen = []
        with contextlib.suppress(queue.Empty):
            while True:
                seen.append(self.lines.get(timeout=30))
                match = re.search(pattern, seen[-1])
                if match is not None:
                    return match
        raise AssertionError(f"no {pattern!r} in {seen}")

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Send a signal; exit code and what stands on standard error."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        assert self.process.stderr is not None
        errors = self.process.stderr.read()
        self._reader.join()
        return self.process.wait(30), errors

    def rest(self) -> list[str]:
        """The lines that are left after the end."""
        return list(self.lines.queue)

    def close(self) -> None:
        """End it whatever it does."""
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


@contextlib.contextmanager
def running(
    folder: Path, *arguments: str, language: str = "en", under: Sequence[str] = ()
) -> Iterator[Command]:
    made = Command(folder, *arguments, language=language, under=under)
    try:
        yield made
    finally:
        made.close()


@contextlib.contextmanager
def recording(
    folder: Path, url: str, *more: str, under: Sequence[str] = ()
) -> Iterator[tuple[str, Command]]:
    """The address of a running `pe4king record URL --output rec.jsonl`."""
    arguments = ("record", url, "--output", "rec.jsonl", "--port", "0", *more)
    with running(folder, *arguments, under=under) as command:
        yield command.until(r"^(http://127\.0\.0\.1:\d+) records ")[1], command


Handler = Callable[[http.server.BaseHTTPRequestHandler, bytes], None]


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is what some tests are about."""


@contextlib.contextmanager
def upstream(handle: Handler, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """The address of a server that leaves every request, with its body, to `handle`."""

    class _Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            handle(self, _body(self))

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = answer

        def log_message(self, *_: object) -> None:
            return

    server = _Server(("127.0.0.1", 0), _Handler)
    if context is not None:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    scheme = "http" if context is None else "https"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _body(request: http.server.BaseHTTPRequestHandler) -> bytes:
    if request.headers.get("Transfer-Encoding", "") == "chunked":
        parts = []
        while size := int(request.rfile.readline(), 16):
            parts.append(request.rfile.read(size))
            request.rfile.readline()
        request.rfile.readline()
        return b"".join(parts)
    return request.rfile.read(int(request.headers.get("Content-Length", 0)))


def answer(
    request: http.server.BaseHTTPRequestHandler,
    body: bytes = b"",
    status: int = 200,
    **headers: str,
) -> None:
    """A whole answer; names of headers with `_` for `-`."""
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    if status != 204:
        request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body)


def exchanges(folder: Path) -> list[Any]:
    """The exchanges in the recording, as they stand there."""
    lines = (folder / "rec.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[1:]]
