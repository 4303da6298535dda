"""Consent to run the code of a workspace: given by the user, once a folder, kept with the user.

Tests are code of other people as often as not, and building a class path runs code too. So a
folder's code is run only if the user said so, and only what lies in the user's own state folder
counts: a workspace cannot consent for itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message

_MOST_BYTES = 64 * 1024
"""A consent is a path and a time."""

NOT_GIVEN = Message(
    "no consent to run the tests of this folder: `pe4king consent give` gives it",
    "нет согласия запускать тесты этой папки: его даёт `pe4king consent give`",
)


@dataclass(frozen=True, slots=True)
class Consent:
    """A folder whose code may be run, and since when (ISO 8601, UTC)."""

    folder: Path
    given: str


class Consents:
    """The consents that the user gave; one file each, so that no two processes are in a race."""

    def __init__(self, place: Path) -> None:
        self._place = place

    @classmethod
    def of_user(cls) -> Consents:
        """Those of the user who runs this process."""
        from platformdirs import user_state_path

        return cls(user_state_path("pe4king") / "consent")

    def given(self, folder: Path) -> bool:
        """Whether the code of `folder` may be run; of those around it nothing is concluded.

        Raises UserError where the file that says so could have been written by somebody else.
        """
        folder = _whole(folder)
        if self._place.resolve().is_relative_to(folder):
            return False  # whoever makes the workspace would write it
        return _read(self._file(folder)) is not None

    def give(self, folder: Path) -> None:
        """The code of `folder` may be run from now on. Raises UserError where that is not kept."""
        folder = _whole(folder)
        if self._place.resolve().is_relative_to(folder):
            raise _inside(folder)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        text = json.dumps({"folder": str(folder), "given": now}, ensure_ascii=False)
        temporary = self._place / f".{uuid4().hex}.tmp"
        try:
            self._place.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
            os.replace(temporary, self._file(folder))
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise _failed(self._place, error) from error

    def withdraw(self, folder: Path) -> bool:
        """No code of `folder` may be run any more; whether any could before."""
        file = self._file(_whole(folder))
        try:
            file.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _failed(file, error) from error
        return True

    def all(self) -> tuple[Consent, ...]:
        """Every consent, by folder."""
        files = sorted(self._place.glob("*.json"))
        found = (each for file in files if (each := _read(file)) is not None)
        return tuple(sorted(found, key=lambda each: each.folder))

    def _file(self, folder: Path) -> Path:
        name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:32]
        return self._place / f"{name}.json"


def _whole(folder: Path) -> Path:
    """The folder itself, whatever links lead to it."""
    return folder.resolve()


def _read(file: Path) -> Consent | None:
    """The consent in `file`; None where there is no such file."""
    try:
        status = file.lstat()
        if not _is_ours(status):
            raise _distrusted(file)
        text = file.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _failed(file, error) from error
    try:
        told = json.loads(text)
        return Consent(Path(told["folder"]), str(told["given"]))
    except (ValueError, KeyError, TypeError) as error:
        raise _distrusted(file) from error


def _is_ours(status: os.stat_result) -> bool:
    """Whether nobody but this user can have written the file."""
    if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
        return False
    if not hasattr(os, "getuid"):
        return True  # rights are not in the mode there; the folder is the user's own
    return status.st_uid in (os.getuid(), 0) and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _distrusted(file: Path) -> UserError:
    return UserError(
        Message(
            f"{file} is no consent that you alone could have written.",
            f"{file} — не согласие, которое могли записать только вы.",
        ),
        next_step=Message(
            "Remove it, then give your consent again: `pe4king consent give`.",
            "Удалите его и дайте согласие снова: `pe4king consent give`.",
        ),
        code="consent-distrusted",
    )


def _inside(folder: Path) -> UserError:
    return UserError(
        Message(
            f"Your state folder lies inside of {folder}, so its consent would prove nothing.",
            f"Папка вашего состояния лежит внутри {folder}, такое согласие ничего не значит.",
        ),
        next_step=Message("Name a folder below.", "Назовите папку глубже."),
        code="consent-inside",
    )


def _failed(place: Path, error: OSError) -> UserError:
    reason = error.strerror or type(error).__name__
    return UserError(
        Message(f"{place} cannot be used: {reason}.", f"{place} недоступен: {reason}."),
        code="consent-failed",
    )
