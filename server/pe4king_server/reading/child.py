"""The child process: one request after the other from standard input, answers to standard output.

It ends when its parent does: a thread waits for the end of the input all the time, and a job that
lets no thread run (a native parser that hangs) is ended by a watchdog at the job's time limit.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import os
import pickle
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeAlias, cast

from pe4king_core.errors import UserError
from pe4king_server.reading.frames import (
    Answer,
    Failure,
    FrameError,
    Part,
    Refusal,
    Request,
    read_frame,
    write_frame,
)

_GRACE = 1.0
"""Seconds for which a parent that is alive may end us before we do."""

_IDLE = 1.0
"""Seconds without a request after which memory is given back; doing so costs the next one time."""

_Waiting: TypeAlias = tuple[Request, list[bytes]]
"""A request and its body, in a list from which the job takes it: a large text is held once."""

_LARGE = 1_000_000
"""Bytes of a request that leaves much memory behind."""


def main() -> None:
    """Serve until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = _take_streams()
    jobs = _Jobs()
    waiting: queue.SimpleQueue[_Waiting] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, waiting), daemon=True).start()
    with open(os.devnull, "wb") as nowhere, contextlib.suppress(OSError):
        write_frame(answers, Answer(0, None))
        while True:
            used = 0
            while True:
                try:
                    request = waiting.get(timeout=_IDLE if used > _LARGE else None)
                except queue.Empty:
                    break
                used += _serve(*request, jobs, answers, nowhere)
                del request
            _give_back_memory()


class _Jobs:
    """Jobs by their names: functions, or methods of an object that each process has one of.

    So what a job leaves on its object is there for the next one.
    """

    def __init__(self) -> None:
        self._objects: dict[tuple[str, str], object] = {}

    def named(self, target: str) -> Callable[..., object]:
        """The job `module:function` or `module:Class.method`."""
        module, _, name = target.partition(":")
        owner, _, method = name.rpartition(".")
        found: object = importlib.import_module(module)
        if owner:
            key = (module, owner)
            if key not in self._objects:
                self._objects[key] = getattr(found, owner)()
            found = self._objects[key]
        return cast("Callable[..., object]", getattr(found, method))


def _serve(
    request: Request, body: list[bytes], jobs: _Jobs, answers: BinaryIO, nowhere: BinaryIO
) -> int:
    """Answer one request; its size in bytes."""
    size = sum(map(len, body)) + sum(len(arg) for arg in request.arguments if isinstance(arg, str))
    faulthandler.dump_traceback_later(request.seconds + _GRACE, exit=True, file=nowhere)
    result = _answer(request, body, jobs, answers)
    faulthandler.cancel_dump_traceback_later()
    _send(answers, request.number, result)
    return size


def _listen(requests: BinaryIO, waiting: queue.SimpleQueue[_Waiting]) -> None:
    """Pass requests on; at the end of the input end the process, whatever it is doing."""
    with contextlib.suppress(FrameError, OSError):
        while (payload := read_frame(requests)) is not None:
            request: Request = pickle.loads(payload)  # noqa: S301 - from our own parent
            body = [read_frame(requests) or b""] if request.has_body else []
            waiting.put((request, body))
            del payload, request, body
    os._exit(0)


def _answer(request: Request, body: list[bytes], jobs: _Jobs, answers: BinaryIO) -> object:
    """The result of the job; parts of it are sent as they come."""
    try:
        _limit_memory(request.memory)
        job = jobs.named(request.target)
        result = job(body.pop(), *request.arguments) if body else job(*request.arguments)
        if not isinstance(result, Iterator):
            return result
        for item in result:
            write_frame(answers, Part(request.number, item))
        return None
    except UserError as error:
        return Refusal(type(error), error.args, dict(error.__dict__))
    except MemoryError:
        return Failure("out of memory", memory=True)
    except BaseException as error:  # noqa: BLE001 - the parent decides what to make of it
        return Failure(_description(error))


def _send(answers: BinaryIO, number: int, result: object) -> None:
    try:
        write_frame(answers, Answer(number, result))
    except OSError:
        raise
    except MemoryError:
        write_frame(answers, Answer(number, Failure("out of memory", memory=True)))
    except Exception as error:  # noqa: BLE001 - a result that cannot be sent is a failure too
        write_frame(answers, Answer(number, Failure(_description(error))))


def _description(error: BaseException) -> str:
    import traceback

    return "".join(traceback.format_exception(error, limit=-20))


def _limit_memory(limit: int) -> None:
    """Bound the address space, where the system can."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        if most != resource.RLIM_INFINITY:
            limit = min(limit, most)
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def _give_back_memory() -> None:
    """Free what a large document took; glibc keeps it for itself unless it is told otherwise."""
    import ctypes
    import gc

    gc.collect()
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """The pipes for us alone: what a job prints, or reads, meets the null device."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    sys.stdout = sys.stderr
    return requests, answers
