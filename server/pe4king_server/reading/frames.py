"""What goes over the pipes: a mark, a length, a pickle. Both processes use this module.

The parent sends `Request`s and gets `Answer`s, some in `Part`s. What it unpickles may only make
objects of classes of core: a parser that writes where it should not cannot make the server run
anything.
"""

from __future__ import annotations

import io
import pickle
import struct
from dataclasses import dataclass
from typing import BinaryIO

_HEADER = struct.Struct("!4sQ")
_MARK = b"Pe4K"
_LARGEST = 1 << 32
_TRUSTED = "pe4king_core."


class FrameError(Exception):
    """The other side sent something that is no frame, or left in the middle of one."""


@dataclass(frozen=True, slots=True)
class Request:
    """One job: `target` is `module:function` or `module:Class.method`.

    `seconds` and `memory` (bytes) are its limits. A frame with bytes follows, which are the job's
    first argument; None where it has none.
    """

    number: int
    target: str
    arguments: tuple[object, ...]
    seconds: float
    memory: int
    has_body: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """An expected error of core by its class and all that it holds."""

    kind: type[Exception]
    arguments: tuple[object, ...]
    fields: dict[str, object]

    def error(self) -> Exception:
        """The error as it was raised."""
        made = self.kind.__new__(self.kind, *self.arguments)
        made.args = self.arguments
        made.__dict__.update(self.fields)
        return made


@dataclass(frozen=True, slots=True)
class Failure:
    """An unexpected error as a traceback, or that the memory did not suffice."""

    detail: str
    memory: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of the request with this number; number 0 says that the child is ready."""

    number: int
    result: object


@dataclass(frozen=True, slots=True)
class Part:
    """Something of a result that comes in parts; the answer follows them."""

    number: int
    item: object


def write_frame(stream: BinaryIO, message: object) -> None:
    """Send `message`. Raises OSError where the other side is gone."""
    write_body(stream, pickle.dumps(message, pickle.HIGHEST_PROTOCOL))


def write_body(stream: BinaryIO, payload: bytes) -> None:
    """Send bytes as they are. Raises OSError where the other side is gone."""
    write_bytes(stream, _HEADER.pack(_MARK, len(payload)))
    write_bytes(stream, payload)


def write_bytes(stream: BinaryIO, data: bytes) -> None:
    """All of `data` to a stream that may take it in parts."""
    left = memoryview(data)
    while left:
        left = left[stream.write(left) :]


def read_frame(stream: BinaryIO) -> bytes | None:
    """The payload of the next frame; None at the end of the stream. Raises FrameError."""
    header = stream.read(_HEADER.size)
    if not header:
        return None
    if len(header) < _HEADER.size:
        raise FrameError("the stream ends in a header")
    mark, length = _HEADER.unpack(header)
    if mark != _MARK or length > _LARGEST:
        raise FrameError("no frame")
    payload = stream.read(length)
    if len(payload) < length:
        raise FrameError("the stream ends in a frame")
    return payload


class _Unpickler(pickle.Unpickler):
    """Makes classes of core and the messages of this module, and nothing else."""

    def find_class(self, module: str, name: str) -> object:
        if "." not in name and (module.startswith(_TRUSTED) or module == __name__):
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise FrameError(f"{module}.{name} has no business in an answer")


def parse_answer(payload: bytes) -> Answer | Part:
    """The answer in `payload`, or a part of it. Raises FrameError for anything else."""
    try:
        answer = _Unpickler(io.BytesIO(payload)).load()
    except FrameError:
        raise
    except Exception as error:
        raise FrameError(f"unreadable answer: {error!r}") from error
    if not isinstance(answer, Answer | Part):
        raise FrameError("this is no answer")
    return answer
