"""The request log of `pe4king mock`: one line a request, what was wrong with it below."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from typing import TextIO

from pe4king_core.mock.handled import Why
from pe4king_core.mock.http.log import Entry
from pe4king_core.model.message import Message
from pe4king_server.cli.output import one_line

_MOST_LINES = 20_000
_MOST_FAULTS = 5
_COLORS = {2: "32", 3: "36", 4: "33", 5: "31"}


class LineWriter:
    """Writes lines in a thread of its own: a reader that stops to read stops no request.

    If it stays away for long the oldest lines are lost.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: deque[str] = deque(maxlen=_MOST_LINES)
        self._wake = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._write, daemon=True, name="request log")
        self._thread.start()

    def line(self, text: str) -> None:
        """Write `text` soon."""
        self._lines.append(text)
        if not self._wake.is_set():
            self._wake.set()

    def close(self) -> None:
        """Write what is left, if anybody reads it."""
        self._ended = True
        self._wake.set()
        self._thread.join(1.0)

    def _write(self) -> None:
        while not self._ended or self._lines:
            self._wake.wait()
            self._wake.clear()
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            try:
                self._stream.write("".join(f"{line}\n" for line in lines))
                self._stream.flush()
            except (OSError, ValueError):
                return  # the reader has gone; requests are answered all the same


_WHY = {
    Why.ANSWERED: "отвечено",
    Why.SCRIPTED: "по сценарию",
    Why.RECORDED: "из записи",
    Why.PREFERRED: "как просил клиент",
    Why.INVALID: "неверный запрос",
    Why.CREDENTIALS: "учётные данные",
    Why.MISSING: "этого нет",
    Why.STALE: "уже изменено",
    Why.UNKNOWN_PATH: "неизвестный путь",
    Why.METHOD: "метод не описан",
    Why.ACCEPT: "нет подходящего типа",
    Why.MEDIA_TYPE: "тип содержимого не описан",
    Why.TOO_LARGE: "слишком большое тело",
    Why.TOO_SLOW: "слишком медленно",
    Why.NO_HTTP: "это не HTTP",
    Why.OPTIONS: "options",
    Why.FAILED: "заказанная ошибка",
    Why.MUTANT: "мутант",
    Why.ERROR: "ошибка самого сервера",
}


def why_text(why: Why, language: str) -> str:
    """Why a request got its answer, in the language of the user."""
    return Message(str(why), _WHY.get(why, str(why))).text(language)


def as_text(entry: Entry, *, color: bool, language: str = "en") -> str:
    """The entry for people."""
    clock = time.strftime("%H:%M:%S", time.localtime(entry.at))
    what = entry.operation if entry.operation != f"{entry.method} {entry.target}" else ""
    told = "  ".join(one_line(part) for part in (what, why_text(entry.why, language)) if part)
    status = colored_status(entry.status, color)
    line = f"{clock}  {one_line(entry.method):<6} {one_line(entry.target)}  {status}  {told}"
    line += _colored(f"  {entry.milliseconds:.1f} ms", "2", color)
    return "\n".join([line, *_faults(entry, color, language)])


def as_json(entry: Entry) -> str:
    """The entry for programs."""
    return json.dumps({"event": "request", **entry.as_json()}, ensure_ascii=False)


def colored_status(status: int, color: bool) -> str:
    """A status in the colour of its kind."""
    return _colored(str(status), _COLORS.get(status // 100, "0"), color)


def _faults(entry: Entry, color: bool, language: str) -> list[str]:
    lines = [
        one_line(each.told.text(language)) + (f"  ({one_line(each.place)})" if each.place else "")
        for each in entry.faults[:_MOST_FAULTS]
    ]
    more = len(entry.faults) - _MOST_FAULTS
    if more > 0:
        lines.append(Message(f"and {more} more", f"и ещё {more}").text(language))
    return [_colored(f"          {line}", "33", color) for line in lines]


def _colored(text: str, code: str, color: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if color else text
