"""A copy of the user's project to run tests in, without what tests have no use for.

What is left out: version control, virtual environments, caches, what builds and package managers
make, and files that hold secrets. Big files and links to outside become links, which the kernel
lets nobody write through; where it cannot, they are copied as far as the limits allow.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pe4king_core.model.message import Message

_LINKED_FROM = 1024 * 1024
_NAMES = frozenset(
    {
        ".git", ".hg", ".svn", ".bzr", ".jj", ".idea", ".vscode", ".gradle", ".tox", ".nox",
        ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".cache", ".eggs",
        "__pycache__", "node_modules", "bower_components", ".terraform", ".DS_Store",
    }
)  # fmt: skip
_SECRETS = frozenset(
    {
        ".env", ".envrc", ".ssh", ".aws", ".azure", ".gnupg", ".kube", ".docker", ".netrc",
        "_netrc", ".pypirc", ".npmrc", ".git-credentials", ".pgpass", ".vault-token",
    }
)  # fmt: skip
_EXAMPLES = ("example", "sample", "template", "dist")
_BUILDS = {
    "target": ("pom.xml", "Cargo.toml"),
    "build": ("build.gradle", "build.gradle.kts", "pyproject.toml", "setup.py", "package.json"),
    "dist": ("pyproject.toml", "setup.py", "package.json"),
    "out": ("build.gradle", "build.gradle.kts", "package.json"),
}
"""Folders that are made by a build if one of these files is beside them."""


@dataclass(frozen=True, slots=True)
class Most:
    """How much is copied; the rest is left out, with a reason."""

    files: int = 20_000
    size: int = 256 * 1024 * 1024


@dataclass(slots=True)
class Copied:
    """What came of it: links (to where they really lead), and what was left out and why."""

    links: list[Path] = field(default_factory=list)
    problems: list[Message] = field(default_factory=list)
    files: int = 0
    size: int = 0


class Copying:
    """One copy of `root`; `linked` says whether links are safe here."""

    def __init__(self, root: Path, target: Path, *, most: Most, linked: bool) -> None:
        self._root = Path(os.path.abspath(root))
        self._target = target
        self._most = most
        self._linked = linked
        self._full = False
        self._result = Copied()

    def run(self, overlay: Mapping[Path, str], first: Collection[Path] = ()) -> Copied:
        """Copy, the folders of `first` first; then the texts of `overlay` instead of its own."""
        self._target.mkdir(parents=True, exist_ok=True)
        done: set[Path] = set()
        for folder in (*sorted({self._absolute(path).parent for path in first}), self._root):
            if folder.is_relative_to(self._root):
                self._copy_below(folder, done)
        for path, text in overlay.items():
            self._write(self._absolute(path), text)
        return self._result

    def _absolute(self, path: Path) -> Path:
        return Path(os.path.abspath(self._root / path))

    def _copy_below(self, folder: Path, done: set[Path]) -> None:
        for path in self._wanted(folder):
            if self._full:
                return
            if path not in done:
                done.add(path)
                self._copy(path, self._target / path.relative_to(self._root))

    def _wanted(self, top: Path) -> Iterator[Path]:
        """Files and links, in a fixed order."""
        for folder, folders, names in os.walk(top):
            here = Path(folder)
            beside = frozenset(names)
            kept = sorted(name for name in folders if not _left_out(here / name, beside))
            folders[:] = [name for name in kept if not (here / name).is_symlink()]
            yield from (here / name for name in kept if (here / name).is_symlink())
            yield from (here / name for name in sorted(names) if not _left_out(here / name, beside))

    def _copy(self, path: Path, target: Path) -> None:
        try:
            if path.is_symlink():
                self._copy_link(path, target)
            elif path.is_file():  # Else a socket, a pipe, a device.
                self._copy_file(path, target)
        except OSError as error:
            self._result.problems.append(_unreadable(path, error))

    def _copy_link(self, path: Path, target: Path) -> None:
        real = Path(os.path.realpath(path))
        root = Path(os.path.realpath(self._root))
        if real.is_relative_to(root):
            self._link(target, self._target / real.relative_to(root))
        elif real.is_file() and real.name not in _SECRETS:
            self._copy_file(real, target)
        elif real.is_dir() and self._linked and not _too_much(real, root):
            self._link(target, real)
            self._result.links.append(real)

    def _copy_file(self, path: Path, target: Path) -> None:
        size = path.stat().st_size
        if self._linked and size > _LINKED_FROM:
            self._link(target, path)
            self._result.links.append(Path(os.path.realpath(path)))
        elif self._has_room(path, size):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            target.chmod(path.stat().st_mode & 0o777 | 0o600)

    def _has_room(self, path: Path, size: int) -> bool:
        result = self._result
        if result.files >= self._most.files:
            self._full = True
            result.problems.append(_too_many(self._root, self._most.files))
            return False
        if result.size + size > self._most.size:
            result.problems.append(_too_large(path))
            return False
        result.files += 1
        result.size += size
        return True

    def _link(self, target: Path, to: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(to)
        self._result.files += 1

    def _write(self, path: Path, text: str) -> None:
        """Raises ValueError for a path that is not in the project."""
        target = self._target / path.relative_to(self._root)
        # A folder of the overlay may be a link in the copy: its own text stays in the copy.
        for parent in reversed(target.relative_to(self._target).parents[:-1]):
            folder = self._target / parent
            if folder.is_symlink() and not folder.resolve().is_relative_to(self._target):
                folder.unlink()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_text(text, encoding="utf-8", newline="")


def _left_out(path: Path, beside: Collection[str]) -> bool:
    name = path.name
    if name in _NAMES or name in _SECRETS or name.endswith(".pyc"):
        return True
    if name.startswith(".env."):
        return not name.endswith(_EXAMPLES)
    if any(each in beside for each in _BUILDS.get(name, ())):
        return not (path / "__init__.py").exists()
    return (path / "pyvenv.cfg").exists() or (path / "conda-meta").is_dir()


def _too_much(folder: Path, root: Path) -> bool:
    """Whether a link leads to a place that holds far more than the project."""
    return any(each.is_relative_to(folder) for each in (root, Path.home()))


def _too_many(root: Path, most: int) -> Message:
    return Message(
        f"{root.name} has more than {most} files; the rest was not copied",
        f"в {root.name} больше {most} файлов; остальные не скопированы",
    )


def _too_large(path: Path) -> Message:
    return Message(
        f"{path.name} was not copied: the project is too large",
        f"{path.name} не скопирован: проект слишком велик",
    )


def _unreadable(path: Path, error: OSError) -> Message:
    return Message(
        f"{path.name} was not copied: {error.strerror}",
        f"{path.name} не скопирован: {error.strerror}",
    )
