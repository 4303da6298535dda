"""Recordings as files: the lines that can be used, and what is wrong with the others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pe4king_core.errors import UserError
from pe4king_core.mock.recording.lines import FORMAT, VERSION, LineError, recorded_of
from pe4king_core.mock.recording.recorded import DamagedLine, Recorded
from pe4king_core.model.message import Message

_LONGEST_HEADER = 64 * 1024


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """What a recording says, in the order of its lines."""

    exchanges: tuple[Recorded, ...]
    damaged: tuple[DamagedLine, ...]
    server: str = ""
    """The address of the recorded server."""
    salt: str = ""


def read_recording(path: Path) -> RecordedFile:
    """The recording at `path`. Raises UserError where there is none that we can read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _no_recording(f"There is no file {path}.", f"Файла {path} нет.") from None
    except OSError as error:
        raise _no_recording(
            f"{path} cannot be read ({error.strerror}).",
            f"Не удалось прочитать {path} ({error.strerror}).",
        ) from None
    return recording_of(content, str(path))


def read_header(path: Path) -> RecordedFile:
    """Only what the first line says. Raises UserError where it is no recording's."""
    try:
        with path.open("rb") as file:
            first = file.readline(_LONGEST_HEADER)
    except OSError as error:
        raise _no_recording(
            f"{path} cannot be read ({error.strerror}).",
            f"Не удалось прочитать {path} ({error.strerror}).",
        ) from None
    return recording_of(first, str(path))


def recording_of(content: bytes, name: str) -> RecordedFile:
    """What the bytes of the file `name` say. Raises UserError where they are no recording."""
    first, *rest = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    header = _header(first, name)
    exchanges: list[Recorded] = []
    damaged: list[DamagedLine] = []
    for number, line in enumerate(rest, 2):
        if not line.strip():
            continue
        found = _read(line, number, is_last=number == len(rest) + 1)
        if isinstance(found, DamagedLine):
            damaged.append(found)
        else:
            exchanges.append(found)
    server, salt = (str(header.get(each) or "") for each in ("server", "salt"))
    return RecordedFile(tuple(exchanges), tuple(damaged), server, salt)


def _header(line: bytes, name: str) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        told = None
    version = told.get("version") if isinstance(told, dict) else None
    if not isinstance(told, dict) or told.get("pe4king") != FORMAT or not isinstance(version, int):
        raise _no_recording(
            f"{name} is no recording: its first line does not say so.",
            f"{name} — не запись: в первой строке нет её заголовка.",
        )
    if version > VERSION:
        raise UserError(
            Message(
                f"{name} is in version {version} of the format; this program knows {VERSION}.",
                f"{name} записан в версии формата {version}; эта программа знает {VERSION}.",
            ),
            next_step=Message("Update pe4king.", "Обновите pe4king."),
            code="recording-version",
        )
    return told


def _read(line: bytes, number: int, *, is_last: bool) -> Recorded | DamagedLine:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        if is_last:
            return DamagedLine(
                number,
                Message(
                    "the line is not complete: the recording was interrupted",
                    "строка неполная: запись прервали",
                ),
            )
        return DamagedLine(number, Message("the line is no JSON", "строка — не JSON"))
    if not isinstance(told, dict):
        return DamagedLine(number, Message("the line is no object", "строка — не объект"))
    try:
        return recorded_of(told, number)
    except LineError as error:
        return DamagedLine(number, Message(str(error), f"строка непонятна: {error}"))


def _no_recording(en: str, ru: str) -> UserError:
    return UserError(
        Message(en, ru),
        next_step=Message(
            "`pe4king record URL --output FILE` makes one.",
            "Запись делает `pe4king record URL --output FILE`.",
        ),
        code="no-recording",
    )
