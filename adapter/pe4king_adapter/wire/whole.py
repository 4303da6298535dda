"""Readers for bodies that are no streams although one was asked for: they are read at their end."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import LlmResponse, StreamPart
from pe4king_adapter.transport import BODY_LIMIT
from pe4king_adapter.wire import StreamReader
from pe4king_adapter.wire.failures import Failure, request_id

Answer = Callable[[Mapping[str, str], bytes], LlmResponse | Failure]


class WholeReader:
    """Reads a whole answer at its end."""

    def __init__(
        self,
        headers: Mapping[str, str],
        answer: Answer,
    ) -> None:
        self.failure: Failure | None = None
        self.done = False
        self._headers = headers
        self._answer = answer
        self._chunks: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> str:
        """Nothing before the end."""
        self._size += len(chunk)
        if self._size > BODY_LIMIT:
            self.failure = Failure(Problem.TOO_LARGE, request_id=request_id(self._headers))
            self._chunks.clear()
        else:
            self._chunks.append(chunk)
        return ""

    def finish(self) -> StreamPart:
        """The whole answer."""
        answer = self._answer(self._headers, b"".join(self._chunks))
        if isinstance(answer, LlmResponse):
            return StreamPart(answer.text, answer)
        self.failure = self.failure or answer
        return StreamPart("", LlmResponse("", request_id=answer.request_id))


class EitherReader:
    """For a server that does not say which of both it sends: the first byte tells."""

    def __init__(self, whole: StreamReader, stream: StreamReader) -> None:
        self._whole = whole
        self._stream = stream
        self._chosen: StreamReader | None = None

    @property
    def failure(self) -> Failure | None:
        """What is wrong with the one that it is."""
        return self._chosen.failure if self._chosen is not None else None

    @property
    def done(self) -> bool:
        """Whether the end sign came."""
        return self._chosen is not None and self._chosen.done

    def feed(self, chunk: bytes) -> str:
        """The text that `chunk` adds to the answer."""
        if self._chosen is not None:
            return self._chosen.feed(chunk)
        if not chunk or chunk.isspace():
            return ""
        self._chosen = self._whole if chunk.lstrip()[:1] in (b"{", b"[") else self._stream
        return self._chosen.feed(chunk)

    def finish(self) -> StreamPart:
        """The rest of the text with the whole answer."""
        self._chosen = self._chosen or self._stream
        return self._chosen.finish()
