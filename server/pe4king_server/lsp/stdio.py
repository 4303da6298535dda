"""Running a server: over the standard streams of the process, or over a socket.

The protocol gets the process's streams for itself, at the level of file descriptors: a `print`, a
library or a child process that writes to standard output reaches standard error instead (one stray
byte ends the connection for good), and a child that reads standard input finds it empty.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from pygls.io_ import StdoutWriter, run_async

from pe4king_core.daemon_threads import leave_threads_behind
from pe4king_server.lsp.base import Pe4KingLanguageServer

if TYPE_CHECKING:
    from pygls.io_ import AsyncReader

SWITCH_INTERVAL = 0.001
"""Seconds after which a busy thread lets the event loop on; Python's own 0.005 can be felt."""


def run_stdio(server: Pe4KingLanguageServer) -> int:
    """Serve until the client leaves; return the exit code of the process.

    0 after `shutdown` and `exit` or at the end of the input, 1 for `exit` alone (LSP, `exit`),
    128 + signal after SIGTERM or SIGINT, which let running handlers clean up first.
    """
    quiet_pygls()
    stdin, stdout = _take_streams()
    server.protocol.set_writer(StdoutWriter(stdout))
    return _run(server, _read(server, _DaemonReader(stdin)))


def run_tcp(
    server: Pe4KingLanguageServer,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    listening: Callable[[str, int], None] = lambda _host, _port: None,
) -> int:
    """Serve one client that connects to a socket, by default of this machine only.

    Port 0 takes a free one; `listening` is told which. Returns what `run_stdio` returns.
    """
    quiet_pygls()
    return _run(server, _serve_socket(server, host, port, listening))


def quiet_pygls() -> None:
    """Keep pygls from logging what it sends and receives: prompts, sources, answers."""
    logging.getLogger("pygls").setLevel(logging.ERROR)


def _run(server: Pe4KingLanguageServer, serving: Coroutine[None, None, None]) -> int:
    """The exit code of `serving`. pygls swallows it and answers 0 to everything."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        return asyncio.run(_until_signal(serving))
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    finally:
        server.shutdown()  # type: ignore[no-untyped-call]


async def _until_signal(serving: Coroutine[None, None, None]) -> int:
    leave_threads_behind()
    task = asyncio.ensure_future(serving)
    received: list[int] = []

    def stop(number: int) -> None:
        received.append(number)
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no such handlers; SIGINT is a KeyboardInterrupt there.
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop, number)
    try:
        await task
    except asyncio.CancelledError:
        if not received:
            raise
    return 128 + received[0] if received else 0


async def _read(server: Pe4KingLanguageServer, reader: AsyncReader) -> None:
    await run_async(
        stop_event=threading.Event(),
        reader=reader,
        protocol=server.protocol,
        logger=logging.getLogger("pygls.server"),
        error_handler=server.report_server_error,
    )


async def _serve_socket(
    server: Pe4KingLanguageServer, host: str, port: int, listening: Callable[[str, int], None]
) -> None:
    client: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
    client = asyncio.get_running_loop().create_future()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if client.done():
            writer.close()
        else:
            client.set_result((reader, writer))

    listener = await asyncio.start_server(connected, host, port)
    listening(*listener.sockets[0].getsockname()[:2])
    reader, writer = await client
    listener.close()
    server.protocol.set_writer(writer)
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        await _read(server, reader)
    writer.close()


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    sys.stdout.flush()
    stdin = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    stdout = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    return stdin, stdout


class _DaemonReader:
    """Reads a blocking stream in a daemon thread.

    pygls reads in a thread pool, which Python joins at exit: a server that was interrupted hangs
    until its client closes the stream.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._wanted: queue.SimpleQueue[tuple[Callable[[], bytes], asyncio.Future[bytes]]]
        self._wanted = queue.SimpleQueue()
        threading.Thread(target=self._work, name="stdin", daemon=True).start()

    def readline(self) -> Awaitable[bytes]:
        return self._ask(self._stream.readline)

    def readexactly(self, n: int) -> Awaitable[bytes]:
        return self._ask(partial(self._stream.read, n))

    def _ask(self, read: Callable[[], bytes]) -> Awaitable[bytes]:
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._wanted.put((read, future))
        return future

    def _work(self) -> None:
        while True:
            read, future = self._wanted.get()
            data = read()
            try:
                future.get_loop().call_soon_threadsafe(_deliver, future, data)
            except RuntimeError:
                return  # the loop is closed: nobody waits any more


def _deliver(future: asyncio.Future[bytes], data: bytes) -> None:
    if not future.done():
        future.set_result(data)
