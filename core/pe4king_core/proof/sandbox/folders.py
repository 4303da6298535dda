"""Scratch folders: one for each sandbox, locked while its owner lives, removed afterwards.

<base>/<name>/lock     held open and locked by the process that the sandbox belongs to
<base>/<name>/work     the scratch folder itself, all that untrusted processes can write to
"""

from __future__ import annotations

import contextlib
import getpass
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from pe4king_core.proof.sandbox.clearing import remove

_LOCK, _WORK = "lock", "work"
_PREFIX = "run-"


def usual_base() -> Path:
    """Where scratch folders are: the user's own folder among the temporary ones."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid()) if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()) / f"pe4king-proof-{user}"


@dataclass(frozen=True, slots=True)
class Folder:
    """The folders of one sandbox; whoever has it open is its owner."""

    holder: Path
    lock: IO[bytes]

    @property
    def work(self) -> Path:
        """The scratch folder."""
        return self.holder / _WORK

    @classmethod
    def made(cls, base: Path) -> Self:
        """A new one in `base`, which is made where it is missing; old ones are swept out."""
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        _be_ours(base)
        sweep(base)
        with _alone_in(base):
            # Resolved: what the kernel is told to allow must be the place itself.
            holder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base)).resolve()
            lock = (holder / _LOCK).open("wb")
            _lock(lock)
        (holder / _WORK).mkdir(mode=0o700)
        return cls(holder, lock)

    def removed(self) -> bool:
        """Remove all of it; whether that was possible."""
        self.lock.close()
        return remove(self.holder)


def sweep(base: Path) -> None:
    """Remove what processes that are gone have left."""
    with _alone_in(base):
        # A folder without a lock is not being made now: nobody else is here.
        abandoned = [each for each in sorted(base.glob(f"{_PREFIX}*")) if _abandoned(each)]
    for holder in abandoned:
        remove(holder)


def _abandoned(holder: Path) -> bool:
    try:
        with (holder / _LOCK).open("r+b") as file:
            return _lock(file)
    except FileNotFoundError:
        return sys.platform != "win32"
    except OSError:
        return False


@contextlib.contextmanager
def _alone_in(base: Path) -> Iterator[None]:
    """One process at a time; Windows cannot lock folders, and sweeps only what has a lock."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    here = os.open(base, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(here, fcntl.LOCK_EX)
        yield
    finally:
        os.close(here)


def _be_ours(base: Path) -> None:
    """Another user may have made the folder before us, to read or change what we put there."""
    found = base.lstat()
    if hasattr(os, "getuid") and not (found.st_uid == os.getuid() and stat.S_ISDIR(found.st_mode)):
        raise PermissionError(f"{base} belongs to somebody else")


def _lock(file: IO[bytes]) -> bool:
    """Lock without waiting; the system unlocks when the process ends, however that comes."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
