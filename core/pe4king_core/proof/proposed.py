"""What gates judge: one proposed file, and what is known of the place it is meant for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span, apply_edits
from pe4king_core.model.verdict import Level, LevelResult


@dataclass(frozen=True, slots=True)
class Proposed:
    """One file of a proposal: its text as it is (empty: a new file) and the edits of it.

    `path` is where it is or will be; empty where there is no such place (an unsaved text).
    """

    language: SourceLanguage
    before: str
    edits: tuple[Edit, ...]
    path: str = ""

    @property
    def after(self) -> str:
        """The text with all edits."""
        return apply_edits(self.before, self.edits)

    @property
    def is_new(self) -> bool:
        """Whether there was nothing before."""
        return not self.before.strip()

    @property
    def written(self) -> tuple[Span, ...]:
        """Where the new text of each edit stands in `after`, in its order."""
        found: list[Span] = []
        shift = 0
        for edit in sorted(self.edits, key=lambda each: (each.span.start, each.span.end)):
            start = edit.span.start + shift
            found.append(Span(start, start + len(edit.text)))
            shift += len(edit.text) - (edit.span.end - edit.span.start)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What gates may look at beside the proposal; what is not known is empty.

    `python` is the interpreter of the user's tests, `class_path` what Java tests are compiled
    with, `jdk` the home of a JDK, `root` the project's folder, `names` the environment variables
    that the skeleton and the user's own tests read already.
    """

    documents: Sequence[ApiDocument] = ()
    root: Path | None = None
    python: Path | None = None
    class_path: tuple[Path, ...] = ()
    jdk: Path | None = None
    names: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    """Hosts that tests may name: those of the document's servers and of the user's settings."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Texts by path that go before what is on disk: the other files of the proposal, and those
    that are open in the editor."""


class Gate(Protocol):
    """One check of one level. It never raises: what it cannot do is "not run", with the reason."""

    level: Level

    def check(self, proposed: Proposed, around: Surroundings) -> LevelResult:
        """What the gate says; a failure has a reason and, where known, a span in `after`."""
        ...
