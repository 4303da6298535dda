"""HTTP around the API: reads requests however broken they are, and always answers in JSON."""

from __future__ import annotations

import json
import socket
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self

from .operations import BASE_PATH, VERSION, Answer
from .routes import Bookstore

BODY_LIMIT = 1024 * 1024
DRAIN_LIMIT = 16 * BODY_LIMIT
IDLE_SECONDS = 30


class _Refused(Exception):
    """A request whose body cannot be read, so that the connection must end after the answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.answer = _last(status, code, message)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = f"Bookstore/{VERSION}"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    # Status line, headers and body leave in one packet.
    wbufsize = -1
    server: _HttpServer

    def _serve(self) -> None:
        try:
            body = self._read_body()
        except _Refused as refused:
            self._send(refused.answer)
            self._drain()
            return
        try:
            answer = self.server.bookstore.answer(self.command, self.path, self.headers, body)
        except Exception:  # noqa: BLE001 - the client gets an answer, the operator the traceback
            traceback.print_exc(file=sys.stderr)
            answer = _last(500, "internal_error", "Something went wrong here.")
        self._send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve
    do_OPTIONS = do_TRACE = do_CONNECT = _serve

    def _read_body(self) -> bytes:
        if "Transfer-Encoding" in self.headers:
            raise _Refused(411, "length_required", "Send the body with Content-Length.")
        lengths = {value.strip() for value in self.headers.get_all("Content-Length", ["0"])}
        length = lengths.pop()
        if lengths or not (length.isascii() and length.isdecimal()):
            raise _Refused(400, "malformed_request", "Content-Length is not a number.")
        if len(length) > 18 or int(length) > BODY_LIMIT:
            raise _Refused(413, "body_too_large", f"At most {BODY_LIMIT} bytes are read.")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise _Refused(400, "malformed_request", "The body ended before its Content-Length.")
        return body

    def _send(self, answer: Answer) -> None:
        content = b""
        self.send_response(answer.status)
        if answer.status != 204:
            content = json.dumps(answer.body, ensure_ascii=False).encode("utf-8")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.wfile.flush()

    def _drain(self) -> None:
        """Reads on for a while: a client that is cut off while it sends never sees the answer."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(2)
        left = DRAIN_LIMIT
        while left > 0 and (chunk := self.rfile.read1(65536)):
            left -= len(chunk)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuses what is not HTTP with the same kind of body as everything else."""
        # A request line with no version would be answered as HTTP/0.9, with no status at all.
        self.request_version = self.protocol_version
        what = "method_not_allowed" if code == 501 else "malformed_request"
        self._send(_last(code, what, message or explain or "This is not a request."))

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the service prints one line, when it starts."""


def _last(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"code": code, "message": message}, {"Connection": "close"})


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, host: str, port: int, bookstore: Bookstore) -> None:
        self.bookstore = bookstore
        self._host = host
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Binds without asking for the host's name, which takes seconds on some machines."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self._host, int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, *_: Any) -> None:
        """A client that went away is no event; anything else is told on standard error."""
        if not isinstance(sys.exception(), OSError):
            traceback.print_exc(file=sys.stderr)

    def end_connections(self) -> None:
        """Wakes the threads that wait for another request on a connection kept alive."""
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    # The client was faster.
                    continue


class BookstoreServer:
    """The service on a port of this machine, as a context manager; port 0 takes a free one."""

    def __init__(
        self, port: int = 0, host: str = "127.0.0.1", bookstore: Bookstore | None = None
    ) -> None:
        self._server = _HttpServer(host, port, bookstore or Bookstore())
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        )

    @property
    def base_url(self) -> str:
        """Where the API is: `http://127.0.0.1:8765/v1`."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}{BASE_PATH}"

    def start(self) -> None:
        """Begins to answer, in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """Stops answering and gives the port back."""
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
