"""The key of this user's replacements: beside no recording, so that nobody can try guesses."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

_SIZE = 32


def key_of(folder: Path, salt: str) -> bytes:
    """The key of the recording with `salt`.

    It comes from a file in `folder`, made where there is none; where no file can be had it is a
    new one, and what is added to a recording later gets other replacements than before.
    """
    return hmac.digest(_own(folder / "recording.key"), salt.encode(), "sha256")


def _own(path: Path) -> bytes:
    found = _read(path)
    if found is not None:
        return found
    made = secrets.token_bytes(_SIZE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        return _read(path) or made
    with os.fdopen(handle, "wb") as file:
        file.write(made)
    return made


def _read(path: Path) -> bytes | None:
    try:
        found = path.read_bytes()
    except OSError:
        return None
    return found if len(found) == _SIZE else None
