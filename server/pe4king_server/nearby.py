"""The files around a task of the command line: listed once, and never more than a project has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pe4king_server.files import DiskFiles, is_project, uri_of, walk

MOST_LOOSE = 2_000
"""No more directory entries than this are looked at where no project says what belongs to it."""


class NearbyFiles(DiskFiles):
    """The project around `current`; where there is none, the `folders` alone.

    What is listed is listed once: the disk does not change while a command runs.
    """

    def __init__(self, project: Path, folders: Sequence[Path]) -> None:
        super().__init__(project)
        self._loose = None if is_project(project) else [each for each in folders if each.is_dir()]
        self._listed: dict[tuple[str, ...], tuple[str, ...]] = {}

    def list(self, endings: tuple[str, ...]) -> tuple[str, ...]:
        """URIs of the project's files, or of those in the folders."""
        found = self._listed.get(endings)
        if found is None:
            found = super().list(endings) if self._loose is None else self._in_folders(endings)
            self._listed[endings] = found
        return found

    def _in_folders(self, endings: tuple[str, ...]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for folder in self._loose or ():
            found |= {uri_of(path): None for path in walk(folder, endings, MOST_LOOSE)}
        return tuple(found)
