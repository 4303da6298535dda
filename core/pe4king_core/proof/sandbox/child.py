"""A command that runs in a sandbox: a line to it, a line from it, and its end."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import IO, Protocol

from pe4king_core.model.message import Message

_WAITING_LINES = 1000
_BLOCK = 64 * 1024
_SECONDS = 10.0
"""For what takes milliseconds: an answer to the question why, a line into a pipe."""
_PAUSE = 0.005


class Control(Protocol):
    """What stands over the process."""

    @property
    def why(self) -> str:
        """Why it was ended: "memory", "processes", "scratch", "stopped"; "" if by itself."""
        ...

    def poll(self, timeout: float = 0.0) -> bool:
        """Whether it has ended, waiting so many seconds for it."""
        ...

    def stop(self) -> None:
        """End it with all it has started; returns when nothing is left."""
        ...


class Child:
    """One started command; its methods are for one thread at a time.

    Lines that nobody receives make it wait. What it writes to its error output is read all the
    time, and only the end of it is kept.
    """

    def __init__(
        self, streams: tuple[int, int, int], control: Control, *, tail: int, line: int
    ) -> None:
        self._stdin, stdout, stderr = streams
        self._control = control
        self._lines: queue.Queue[str | None] = queue.Queue(_WAITING_LINES)
        self._tail = _Tail(tail)
        self._closed = False
        self._over = False
        if sys.platform != "win32":
            os.set_blocking(self._stdin, False)
        self._readers = [
            _reading(lambda: self._read_lines(os.fdopen(stdout, "rb"), line)),
            _reading(lambda: self._tail.read(os.fdopen(stderr, "rb", 0))),
        ]

    def _read_lines(self, file: IO[bytes], longest: int) -> None:
        with file:
            while line := file.readline(longest):
                self._lines.put(line.decode("utf-8", "replace").rstrip("\r\n"))
        self._lines.put(None)

    def send(self, line: str) -> None:
        """Send a line. One that cannot be taken any more is lost: `receive` tells of the end."""
        rest = memoryview(line.encode() + b"\n")
        until = time.monotonic() + _SECONDS
        while rest and not self._closed and time.monotonic() < until:
            try:
                rest = rest[os.write(self._stdin, rest) :]
            except BlockingIOError:
                time.sleep(_PAUSE)
            except OSError:
                return

    def receive(self, timeout: float) -> str | None:
        """The next line; None after `timeout` seconds without one, or when no more will come."""
        if self._over or self._closed:
            return None
        try:
            line = self._lines.get(timeout=max(0.0, timeout))
        except queue.Empty:
            return None
        self._over = line is None
        return line

    @property
    def ended(self) -> bool:
        """Whether no more lines will come: it has ended, or closed its output."""
        return self._over or self._closed

    @property
    def why(self) -> str:
        """Why the sandbox has ended it: "memory", "processes", "scratch", "stopped"; else ""."""
        if self.ended and not self._closed:
            self._control.poll(_SECONDS)
        return self._control.why

    @property
    def reason(self) -> Message | None:
        """The same for the user; None where it was not the sandbox that ended it."""
        return _REASONS.get(self.why)

    @property
    def output(self) -> str:
        """The end of what it wrote to its error output."""
        return self._tail.text

    def stop(self) -> None:
        """End it with all processes it has started. May be called again."""
        if self._closed:
            return
        self._closed = True
        self._control.stop()
        os.close(self._stdin)
        until = time.monotonic() + _SECONDS
        for reader in self._readers:
            # A process that got away (where the system has no better means) may keep them open.
            while reader.is_alive() and time.monotonic() < until:
                self._drain()
                reader.join(_PAUSE)

    def _drain(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._lines.get_nowait()


class _Tail:
    """The end of a stream, however much comes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept = b""

    def read(self, file: IO[bytes]) -> None:
        with file:
            while part := file.read(_BLOCK):
                self._kept = (self._kept + part)[-self._size :]

    @property
    def text(self) -> str:
        return self._kept.decode("utf-8", "replace")


def _reading(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True, name="pe4king child")
    thread.start()
    return thread


_REASONS = {
    "memory": Message("the tests took too much memory", "тесты заняли слишком много памяти"),
    "processes": Message(
        "the tests started too many processes", "тесты запустили слишком много процессов"
    ),
    "scratch": Message("the tests wrote too much", "тесты записали слишком много"),
}
