"""Decodes server-sent events from bytes cut anywhere (HTML Standard, section 9.2).

Lines end at CR LF, LF or CR only: line iterators of HTTP libraries also split at U+2028 and
form feeds, which are legal inside the JSON of an event.
"""

from __future__ import annotations

from dataclasses import dataclass

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event; `event` is "message" where the stream does not name it."""

    data: str
    event: str = "message"


class SseDecoder:
    """Feed it bytes, it gives events. `pending` is how many bytes wait for their end."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._scanned = 0
        self._started = False
        self._data: list[bytes] = []
        self._event = b""
        self._held = 0

    @property
    def pending(self) -> int:
        """Bytes of the event that is not complete yet."""
        return len(self._buffer) + self._held

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """The events that `chunk` completes."""
        if chunk[-2:] == b"\n\n" and self._is_between_events() and b"\r" not in chunk:
            return self._whole_events(chunk)
        self._buffer += chunk
        if not self._started and not self._strip_bom():
            return []
        return [event for line in self._lines() if (event := self._line(line)) is not None]

    def finish(self) -> list[ServerSentEvent]:
        """The event that the end of the stream completes: some servers leave out blank lines."""
        if self._buffer:
            self._line(bytes(self._buffer).rstrip(b"\r"))
            self._buffer.clear()
        event = self._dispatch()
        return [event] if event is not None else []

    def _is_between_events(self) -> bool:
        return self._started and not (self._buffer or self._data or self._event)

    def _whole_events(self, chunk: bytes) -> list[ServerSentEvent]:
        """The short way for what nearly all servers send: events of one line, never cut."""
        found = []
        for block in chunk[:-2].split(b"\n\n"):
            if block[:6] == b"data: " and b"\n" not in block:
                found.append(ServerSentEvent(block[6:].decode("utf-8", "replace")))
                continue
            told = [*map(self._line, block.split(b"\n")), self._dispatch()]
            found += [event for event in told if event is not None]
        return found

    def _strip_bom(self) -> bool:
        if len(self._buffer) < len(_BOM) and _BOM.startswith(self._buffer):
            return False
        if self._buffer.startswith(_BOM):
            del self._buffer[: len(_BOM)]
        self._started = True
        return True

    def _lines(self) -> list[bytes]:
        lines: list[bytes] = []
        start = 0
        buffer = self._buffer
        position = self._scanned
        while (end := _line_end(buffer, position)) >= 0:
            carriage_return = buffer[end] == 0x0D
            if carriage_return and end + 1 == len(buffer):
                break
            lines.append(bytes(buffer[start:end]))
            start = end + 2 if carriage_return and buffer[end + 1] == 0x0A else end + 1
            position = start
        del buffer[:start]
        self._scanned = max(len(buffer) - 1, 0) if buffer.endswith(b"\r") else len(buffer)
        return lines

    def _line(self, line: bytes) -> ServerSentEvent | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._held += len(value)
        elif name == b"event":
            self._event = value
        return None

    def _dispatch(self) -> ServerSentEvent | None:
        data, event = self._data, self._event
        self._data, self._event, self._held = [], b"", 0
        if not data:
            return None
        name = event.decode("utf-8", "replace") or "message"
        return ServerSentEvent(b"\n".join(data).decode("utf-8", "replace"), name)


def _line_end(buffer: bytearray, start: int) -> int:
    feed = buffer.find(b"\n", start)
    carriage_return = buffer.find(b"\r", start, feed if feed >= 0 else len(buffer))
    return carriage_return if carriage_return >= 0 else feed
