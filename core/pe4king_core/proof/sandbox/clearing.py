"""Removal of folders, whatever untrusted processes have left in them."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path

_RIGHTS = 0o700


def remove(folder: Path | str) -> bool:
    """Remove `folder` with all that is in it; links are not followed. Whether it is gone.

    Somebody else may be removing it at the same time.
    """
    path = Path(folder)
    with contextlib.suppress(OSError):  # Told by what is returned.
        if sys.platform == "win32":
            shutil.rmtree(path)
        else:
            _Remover(path).run()
    return not os.path.lexists(path)


class _Remover:
    """Without recursion: a child may make folders deeper than paths and stacks can be."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._here = -1

    def run(self) -> None:
        self._enter(str(self._path), None)
        try:
            self._empty_all()
        finally:
            os.close(self._here)
        self._path.rmdir()

    def _empty_all(self) -> None:
        above: list[str] = []
        while True:
            inner = self._emptied()
            if inner is not None:
                above.append(inner)
                self._move(inner)
            elif above:
                self._move("..")
                with contextlib.suppress(FileNotFoundError):
                    os.rmdir(above.pop(), dir_fd=self._here)
            else:
                return

    def _emptied(self) -> str | None:
        """Remove the files and empty folders here; the name of a folder that is not empty."""
        with os.scandir(self._here) as entries:
            for entry in entries:
                with contextlib.suppress(FileNotFoundError):
                    if not entry.is_dir(follow_symlinks=False):
                        os.unlink(entry.name, dir_fd=self._here)
                    elif not self._removed(entry.name):
                        return entry.name
        return None

    def _removed(self, name: str) -> bool:
        """Whether the folder of this name was empty, and is gone."""
        try:
            os.rmdir(name, dir_fd=self._here)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return True

    def _move(self, name: str) -> None:
        before = self._here
        self._enter(name, before)
        os.close(before)

    def _enter(self, name: str, parent: int | None) -> None:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        # Without all rights to a folder nothing in it can be removed.
        with contextlib.suppress(OSError):
            if not Path(name).is_symlink() if parent is None else name != "..":
                os.chmod(name, _RIGHTS, dir_fd=parent)
        self._here = os.open(name, flags, dir_fd=parent)
