"""A mocked address in operation: its socket, its start, its end."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Self

import uvicorn

from pe4king_core.mock.http.protocol import MAX_HEAD, PatientProtocol
from pe4king_core.mock.http.wire import Application

_BACKLOG = 2_048
_GRACE = 2
"""Seconds that running requests have when the server is stopped."""
_KEEP_ALIVE = 20
_START_SECONDS = 10.0


def bound(host: str, port: int) -> socket.socket:
    """A socket at `host` and `port` (0: a free one); raises OSError where that is not possible."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's delay off for its connections.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows would share the port otherwise
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        # Listening at once, so that whoever has the same address is told of it now.
        made.listen(_BACKLOG)
    except OSError:
        made.close()
        raise
    return made


def address(bound_to: socket.socket) -> str:
    """The URL of the socket; an address that means "all" is shown as this machine's own."""
    host, port = bound_to.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only compared
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class MockServer(uvicorn.Server):
    """uvicorn for one application; ends quietly when it is told to by a signal."""

    def __init__(
        self, app: Application, started: Callable[[], None], *, date_header: bool = True
    ) -> None:
        config = uvicorn.Config(
            app,
            http=PatientProtocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            # Requests that are no HTTP are refused and no news; our own failures the app tells.
            log_level=logging.CRITICAL,
            access_log=False,
            server_header=False,
            date_header=date_header,
            proxy_headers=False,
            backlog=_BACKLOG,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=_GRACE,
            h11_max_incomplete_event_size=MAX_HEAD,
        )
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell so."""
        await super().startup(sockets)
        self._started()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ctrl-C and SIGTERM end the server; a second one ends it at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        known = {each: signal.signal(each, self.handle_exit) for each in _signals()}
        try:
            yield
        finally:
            for each, handler in known.items():
                signal.signal(each, handler)


class Running:
    """An application that is served by a thread of this process, for as long as the `with` lasts.

    `base_url` is where. A `listener` that is given is used, and stays open for its owner.
    """

    def __init__(
        self,
        app: Application,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        listener: socket.socket | None = None,
    ) -> None:
        self._socket = bound(host, port) if listener is None else listener.dup()
        self.base_url = address(self._socket)
        self._ready = threading.Event()
        self._server = MockServer(app, self._ready.set)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), daemon=True, name="pe4king mock"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(_START_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(_START_SECONDS)
        self._socket.close()


def _signals() -> list[signal.Signals]:
    """The signals that ask for the end; `nohup` has one ignored, and that stays so."""
    names = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    hangup = getattr(signal, "SIGHUP", None)
    return [
        each for each in known if each != hangup or signal.getsignal(each) is not signal.SIG_IGN
    ]
