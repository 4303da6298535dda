"""Decodes JSON lines from bytes cut anywhere: one document a line, empty lines aside."""

from __future__ import annotations

from pe4king_adapter.transport.sse import ServerSentEvent


class NdjsonDecoder:
    """Feed it bytes, it gives the documents' texts as unnamed events."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._started = False

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """The documents that `chunk` completes."""
        if b"\n" not in chunk:
            self._parts.append(chunk)
            return []
        lines = b"".join([*self._parts, chunk]).split(b"\n")
        self._parts = [lines.pop()]
        return [event for line in lines if (event := self._event(line)) is not None]

    def finish(self) -> list[ServerSentEvent]:
        """The document that the end of the stream completes."""
        event = self._event(b"".join(self._parts))
        self._parts = []
        return [event] if event is not None else []

    def _event(self, line: bytes) -> ServerSentEvent | None:
        if not self._started:
            line = line.removeprefix(b"\xef\xbb\xbf")
            self._started = True
        text = line.strip(b" \t\r").decode("utf-8", "replace")
        return ServerSentEvent(text) if text else None
