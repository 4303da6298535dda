"""The tests of a proposal as they were and as they would be, with the helpers of other files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.proof.proposed import Proposed, Surroundings
from pe4king_core.testcode.codebase import CodeBase, CodeView
from pe4king_core.testcode.incremental import TestReader

_MOST_FILES = 5000
_LARGEST = 1_000_000
_ENDINGS = {SourceLanguage.PYTHON: ".py", SourceLanguage.JAVA: ".java"}
_SKIPPED = frozenset(
    {"node_modules", "__pycache__", "venv", "env", "site-packages", "target", "build", "dist"}
)


def tests_of(proposed: Proposed, around: Surroundings) -> tuple[TestFile, TestFile]:
    """The tests before and after."""
    base = CodeBase(_Texts(around).read, _listed(proposed, around))
    reader = TestReader(proposed.language)
    before = reader.read(proposed.before, CodeView(base, proposed.path))
    return before, reader.read(proposed.after, CodeView(base, proposed.path))


class _Texts:
    """Files by path: those that are given first, then the disk below the project's folder."""

    def __init__(self, around: Surroundings) -> None:
        self._texts = around.texts
        self._root = around.root

    def read(self, path: str) -> str | None:
        """The text of a file; None where it cannot be read."""
        known = self._texts.get(path)
        if known is not None or self._root is None:
            return known
        file = Path(path)
        try:
            if file.stat().st_size > _LARGEST:
                return None
            return file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None


def _listed(proposed: Proposed, around: Surroundings) -> list[str]:
    ending = _ENDINGS[proposed.language]
    found = dict.fromkeys(path for path in around.texts if path.endswith(ending))
    if around.root is not None:
        found |= dict.fromkeys(_on_disk(around.root, ending))
    if proposed.path:
        found[proposed.path] = None
    return list(found)


def _on_disk(root: Path, ending: str) -> Iterator[str]:
    left = _MOST_FILES
    for folder, names, files in os.walk(root):
        names[:] = sorted(each for each in names if each[:1] != "." and each not in _SKIPPED)
        for name in sorted(files):
            if name.endswith(ending) and left:
                left -= 1
                yield os.path.join(folder, name)
        if not left:
            return
