"""The parent's side: a child process that is started when needed, watched, and replaced.

Calls block and are meant for worker threads; several threads take turns. One call starts at most
one child, and a text that ended two children is not tried a third time: nothing goes in circles.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, cast

from pe4king_core.errors import DocumentError
from pe4king_server.reading.failures import parser_died, too_large, too_slow
from pe4king_server.reading.frames import (
    Answer,
    Failure,
    FrameError,
    Part,
    Refusal,
    Request,
    parse_answer,
    read_frame,
    write_body,
    write_frame,
)

JOBS: Mapping[str, str] = {
    "read": "pe4king_core.openapi.parsing.reading:read",
    "stream_units": "pe4king_core.openapi.units.unit_reading:stream_units",
    "read_part": "pe4king_core.openapi.units.unit_reading:read_part",
}
"""What the child can do: functions of core by name."""

_START = "import sys; sys.path[:] = sys.argv[1:]; from {0} import main; main()"
_CHILD = "pe4king_server.reading.child"
_TRIES = 2
_REMEMBERED = 64
_PIPE = 1 << 20
"""Bytes that a pipe may hold. A thread of ours that reads waits for its turn after each pipeful, up
to 5 ms beside one that computes, and a child that writes waits with it."""

_Failed = Callable[[str], DocumentError]

_logger = logging.getLogger(__name__)


class OutdatedError(Exception):
    """Nobody wants the answer any more."""


class ReaderUnavailableError(Exception):
    """No child can be started on this system."""


class JobError(Exception):
    """A job failed in a way that is a bug of ours; the text is the child's traceback."""


class _Died(Exception):
    """The child ended, or wrote something that is no answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use. Sizes of texts are in characters."""

    seconds: float = 10.0
    seconds_per_million: float = 1.0
    memory: int = 2 << 30
    """Bytes of address space, and `memory_per_character` more for each character."""
    memory_per_character: int = 60
    start_seconds: float = 30.0
    characters: int = 60_000_000
    """What one child reads before another one takes over: memory it holds on to is given back."""
    starts: int = 3
    """Failed starts in a row after which no child is started for `rest_seconds`."""
    rest_seconds: float = 60.0


class ReaderProcess:
    """Runs jobs in a child. Thread-safe."""

    def __init__(self, limits: Limits | None = None, jobs: Mapping[str, str] = JOBS) -> None:
        self._limits = limits or Limits()
        self._jobs = jobs
        self._turn = threading.Lock()
        self._child: _Child | None = None
        self._closed = threading.Event()
        self._number = 0
        self._failed_starts = 0
        self._rests_until = 0.0
        self._deaths: OrderedDict[bytes, tuple[int, _Failed]] = OrderedDict()

    def call(
        self,
        job: str,
        *arguments: object,
        wanted: Callable[[], bool] | None = None,
        body: list[bytes] | None = None,
    ) -> object:
        """The result of a job; of one that gives it in parts a list of them.

        The bytes in `body`, its first argument, are taken out of the list when they are sent.

        Raises what the job raises of core's errors; an UnreadableError with the code
        `document-parser-died`, `document-too-slow` or `document-too-large` where the child did not
        survive it; OutdatedError where `wanted` says no before or after; ReaderUnavailableError
        where there is no child; JobError for everything else.
        """
        text = "".join(each for each in arguments if isinstance(each, str))
        return self._called(_Call(job, arguments, text, body or []), wanted)

    def stream(
        self, job: str, text: str, wanted: Callable[[], bool] | None = None
    ) -> Iterable[object]:
        """The parts of the result of a job on `text`, which it gets in UTF-8; raises as `call`.

        Halves of surrogate pairs are replaced. Of a large text no more copies are made than
        are needed.
        """
        try:
            body = text.encode()
        except UnicodeEncodeError:
            from pe4king_core.openapi.parsing.reading import whole_characters

            body = whole_characters(text).encode()
        call = _Call(job, (), text, [body])
        del body
        return cast("Iterable[object]", self._called(call, wanted))

    def each(self, job: str, *arguments: object, told: Callable[[object], None]) -> None:
        """Have `told` every part of the result of a job as it comes; raises as `call`.

        It is called while the child goes on, in the thread of the caller.
        """
        self._called(_Call(job, arguments, "", told=told), None)

    def _called(self, call: _Call, wanted: Callable[[], bool] | None) -> object:
        with self._turn:
            if wanted is not None and not wanted():
                raise OutdatedError
            self._refuse_again(call)
            result = self._run(call)
        if wanted is not None and not wanted():
            raise OutdatedError
        match result:
            case Refusal():
                raise result.error()
            case Failure():
                raise JobError(result.detail)
        return result

    @property
    def pid(self) -> int | None:
        """The process id of the child; None where there is none now."""
        return None if self._child is None else self._child.pid

    def rest(self) -> None:
        """End the child after its job; the next call starts another one."""
        with self._turn:
            self._discard()

    def close(self) -> None:
        """End the child, also in the middle of a job; every later call is refused."""
        self._closed.set()
        child = self._child
        if child is not None:
            child.kill()
        with self._turn:
            self._discard()

    def _run(self, call: _Call) -> object:
        limits, size = self._limits, len(call.text)
        seconds = limits.seconds + limits.seconds_per_million * size / 1e6
        memory = limits.memory + limits.memory_per_character * size
        child = self._ready_child(size)
        self._number += 1
        target, has_body = self._jobs[call.job], bool(call.body)
        request = Request(self._number, target, call.arguments, seconds, memory, has_body)
        try:
            result = child.ask(request, call.body, seconds, call.told)
        except _Died as error:
            self._discard()
            if self._closed.is_set():
                raise ReaderUnavailableError from error
            _logger.warning("The reader of documents ended in the job %s: %s", call.job, error)
            failed = partial(too_slow, seconds=seconds) if child.expired else parser_died
            raise self._remembered(call, failed) from error
        except BaseException:
            self._discard()
            raise
        if isinstance(result, Failure) and result.memory:
            self._discard()
            raise self._remembered(call, too_large)
        return result

    def _ready_child(self, size: int) -> _Child:
        """The child for a text of `size` characters, a new one where needed."""
        child = self._child
        if child is not None and (child.read > self._limits.characters or not child.is_alive()):
            self._discard()
        child = self._child or self._started()
        child.read += size
        return child

    def _started(self) -> _Child:
        if self._closed.is_set() or time.monotonic() < self._rests_until:
            raise ReaderUnavailableError
        try:
            child = self._child = _Child()
            if self._closed.is_set():
                child.kill()
            child.wait_until_ready(self._limits.start_seconds)
        except (OSError, _Died) as error:
            self._discard()
            self._failed_starts += 1
            if self._failed_starts >= self._limits.starts:
                self._rests_until = time.monotonic() + self._limits.rest_seconds
            _logger.warning("The reader of documents cannot be started: %s", error)
            raise ReaderUnavailableError from error
        self._failed_starts = 0
        return child

    def _discard(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _refuse_again(self, call: _Call) -> None:
        if self._deaths:
            count, failed = self._deaths.get(call.digest(), (0, parser_died))
            if count >= _TRIES:
                raise failed(call.text)

    def _remembered(self, call: _Call, failed: _Failed) -> DocumentError:
        key = call.digest()
        count, _ = self._deaths.pop(key, (0, None))
        self._deaths[key] = (count + 1, failed)
        while len(self._deaths) > _REMEMBERED:
            self._deaths.popitem(last=False)
        return failed(call.text)


@dataclass(slots=True)
class _Call:
    """One job on a text; `body` is emptied when it is sent.

    `told` takes the parts of the result; None: they are the result.
    """

    job: str
    arguments: tuple[object, ...]
    text: str
    body: list[bytes] = field(default_factory=list)
    told: Callable[[object], None] | None = None

    def digest(self) -> bytes:
        """What tells this job on this text from others."""
        named = f"{self.job}\0{self.text}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(named).digest()


class _Child:
    """One child process and its pipes. Nothing of the server's own streams reaches it."""

    def __init__(self) -> None:
        # Isolated (-I), so that no file of a workspace or of the user is imported by accident.
        path = [each for each in sys.path if os.path.isabs(each)]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-c", _START.format(_CHILD), *path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        for stream in (self._process.stdin, self._process.stdout):
            _enlarge(cast(BinaryIO, stream))
        self._requests = cast(BinaryIO, self._process.stdin)
        self._answers = io.BufferedReader(cast(io.RawIOBase, self._process.stdout))
        self.read = 0
        self.expired = False

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def wait_until_ready(self, seconds: float) -> None:
        """Wait for the first sign. Raises _Died."""
        self._within(seconds, lambda: cast(Answer, self._receive(0)))

    def ask(
        self,
        request: Request,
        body: list[bytes],
        seconds: float,
        told: Callable[[object], None] | None = None,
    ) -> object:
        """The outcome of `request`; a list where it comes in parts and nobody is `told` of them.

        Takes `body` out of its list. Raises _Died, after `seconds` at the latest.
        """
        parts: list[object] = []
        take = told or parts.append

        def exchange() -> Answer:
            write_frame(self._requests, request)
            if body:
                write_body(self._requests, body.pop())
            while isinstance(answer := self._receive(request.number), Part):
                take(answer.item)
            return answer

        answer = self._within(seconds, exchange)
        return parts if parts and answer.result is None else answer.result

    def kill(self) -> None:
        """End the process at once; whoever waits for an answer learns of it."""
        self._process.kill()

    def end(self) -> None:
        """End the process and let go of its pipes."""
        self.kill()
        for stream in (self._requests, self._answers):
            stream.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            _logger.warning("The reader of documents (%s) cannot be ended", self.pid)

    def _receive(self, number: int) -> Answer | Part:
        payload = read_frame(self._answers)
        if payload is None:
            raise FrameError("the end of its output")
        answer = parse_answer(payload)
        if answer.number != number:
            raise FrameError("an answer to another request")
        return answer

    def _within(self, seconds: float, exchange: Callable[[], Answer]) -> Answer:
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            return exchange()
        except (OSError, FrameError, ValueError) as error:
            raise _Died(f"{error} (exit code {self._exit_code()})") from error
        finally:
            timer.cancel()

    def _exit_code(self) -> int | None:
        """How the process ended; None where it did not, but only left us without an answer."""
        try:
            return self._process.wait(0.2)
        except subprocess.TimeoutExpired:
            return None

    def _expire(self) -> None:
        self.expired = True
        self.kill()


def _enlarge(pipe: BinaryIO) -> None:
    """Have `pipe` hold more, where the system can do that (Linux) and allows it."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
