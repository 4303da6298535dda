"""A server on loopback that remembers every request and its answer, by the test that sent it.

It answers by itself (400, after what a script says), or passes everything on to a real server.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from pe4king_core.mock.exchange import Answer, Exchange, Sent

_MARK = "PE4KING-TEST"
_PLUGIN = f'''
import http.client
import os
from urllib.parse import quote, urlsplit


def pytest_runtest_logstart(nodeid, location):
    where = http.client.HTTPConnection(urlsplit(os.environ["API_BASE_URL"]).netloc)
    where.request("{_MARK}", "/" + quote(nodeid, safe=""))
    where.getresponse().read()
    where.close()
'''
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


Answering = Callable[["Recorder", Sent], Answer]


class Recorder:
    """Exchanges by test, once the tests below a folder with `install`ed marks have run."""

    def __init__(self, answering: Answering) -> None:
        self.exchanges: dict[str, list[Exchange]] = defaultdict(list)
        self.current = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, answering))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def install(self, folder: Path) -> None:
        """Lets pytest tell which test is about to run."""
        (folder / "conftest.py").write_text(_PLUGIN, encoding="utf-8")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass(slots=True)
class Scripted:
    """The first requests of a test are answered as its script says, all others with 400."""

    scripts: Mapping[str, Sequence[Answer]]

    def __call__(self, recorder: Recorder, _: Sent) -> Answer:
        script = self.scripts.get(recorder.current, ())
        position = len(recorder.exchanges[recorder.current])
        return script[position] if position < len(script) else Answer(400)


@dataclass(frozen=True, slots=True)
class Passing:
    """Requests go on to `upstream`, with `headers`; what it does not answer at all is a 599."""

    upstream: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, _: Recorder, sent: Sent) -> Answer:
        connection = HTTPConnection(urlsplit(self.upstream).netloc, timeout=30)
        headers = {n: v for n, v in sent.headers if n.lower() not in _HOP_BY_HOP}
        headers = {**self.headers, **headers}
        try:
            body = sent.body or None
            connection.request(sent.method, sent.target, body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
            kept = [(n, v) for n, v in answer.getheaders() if n.lower() not in _HOP_BY_HOP]
            return Answer(answer.status, tuple(kept), content)
        except (OSError, HTTPException) as error:
            return Answer(599, (("Content-Type", "text/plain"),), str(error).encode())
        finally:
            connection.close()


def _handler(recorder: Recorder, answering: Answering) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_one_request(self) -> None:
            """Any method at all."""
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline:
                self.close_connection = True
            elif self.parse_request():
                body = self._body()
                if self.command == _MARK:
                    recorder.current = unquote(self.path[1:])
                    self._answer(Answer(204))
                else:
                    self._pass(Sent(self.command, self.path, tuple(self.headers.items()), body))

        def _pass(self, sent: Sent) -> None:
            test = recorder.current
            answer = answering(recorder, sent)
            recorder.exchanges[test].append(Exchange(sent, answer))
            self._answer(answer)

        def _answer(self, answer: Answer) -> None:
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def _body(self) -> bytes:
            if "chunked" in (self.headers.get("Transfer-Encoding") or ""):
                chunks = []
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    chunks.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(chunks)
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    return Handler
