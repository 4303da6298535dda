"""What reading needs to know of a language: how its tests are found, and how one is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pe4king_core.model.source import SourceLanguage, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.testcode.codebase import CodeView
from pe4king_core.testcode.places import Place, Region
from pe4king_core.testcode.syntax import Source


@dataclass(frozen=True, slots=True)
class Part:
    """One test alone: its `text`, from the white space at the start of its line on.

    `holder` is the offset in the surroundings of the name of the class around it, or -1.
    """

    text: str
    indent: int
    name: Span
    classes: tuple[str, ...]
    holder: int
    damaged: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says around its tests; `anchor` is an offset in the surroundings."""

    imports: frozenset[str]
    anchor: int
    client: str
    fixtures: frozenset[str] = frozenset()


class Around(Protocol):
    """Surroundings as one language reads them."""

    def facts(self, text: str) -> Facts:
        """What the file `text` says."""

    def read_test(self, part: Part) -> TestFunction:
        """A test that stands in them, with offsets in the text of `part`."""


class Dialect(Protocol):
    """How tests of one language are found and read; the modules `reader` are of this form."""

    LANGUAGE: SourceLanguage

    def sound_places(self, source: Source) -> list[Place]:
        """The tests of a file without errors."""

    def guessed_places(self, text: str, regions: dict[str, Region]) -> list[tuple[Place, Region]]:
        """What looks like tests; `regions` is what is known of parts of the text, renewed here."""

    def in_classes(self, text: str, places: Sequence[Place]) -> list[Place]:
        """Such places with the classes around them, as far as the lines tell."""

    def stubs(self, outside: str, found: Sequence[Sequence[Region]]) -> list[str]:
        """A stub for each run of tests; `outside` is all text around them."""

    def assigned(self, part: str) -> frozenset[str]:
        """The names that a test gives a value."""

    def around(self, source: Source, view: CodeView) -> Around:
        """The surroundings in `source`."""


def dialect(language: SourceLanguage) -> Dialect:
    """The reader of `language`."""
    if language is SourceLanguage.PYTHON:
        from pe4king_core.testcode.python import reader as python

        return python
    from pe4king_core.testcode.java import reader as java

    return java
