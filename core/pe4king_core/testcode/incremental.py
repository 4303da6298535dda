"""The tests of one file while it is being typed: only what a keystroke touched is read again.

    text ─► places of the tests ─► the file without them (surroundings) ─► header
                 └─ each test by its own text, under that header ─► memo

A test is read from its own text alone, so what was read holds for as long as that text and the
surroundings stay, wherever it stands; reading with a memo and without one is the same code.

The places are first told by the look of the lines, which costs no parsing of what was seen before.
That is right if the surroundings parse and each stub in them is a test there, and every part
parses, or those that do not end outside of strings and comments. Else the whole text is parsed:
without errors its tree tells the places, with errors the look of the lines has to do.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.testcode.codebase import CodeView, alone
from pe4king_core.testcode.dialects import Around, Part, dialect
from pe4king_core.testcode.moving import moved
from pe4king_core.testcode.places import Place, Region, Surroundings, runs
from pe4king_core.testcode.syntax import Source, indentation, newline_of, parse
from pe4king_core.testcode.trees import LiveTree

SETTINGS = 3
"""Surroundings that are remembered: those before a helper was touched may come back."""


@dataclass(slots=True)
class _Read:
    """A test as read, for a text that starts at `start`."""

    test: TestFunction
    start: int = 0

    def at(self, start: int) -> TestFunction:
        """The test where its text starts at `start`."""
        self.test, self.start = moved(self.test, start - self.start), start
        return self.test


@dataclass(slots=True)
class _Setting:
    """Surroundings, and the tests that were read in them."""

    source: Source
    stubs: list[Place] | None
    """The stubs as the tests that they are in their tree; None where it has errors."""
    view: CodeView | None = None
    around: Around | None = None
    tests: dict[Part, _Read] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Located:
    """Where everything is in one text."""

    text: str
    places: list[Place]
    surroundings: Surroundings


class TestReader:
    """Reads one file again and again. For one thread at a time."""

    __test__ = False

    def __init__(self, language: SourceLanguage) -> None:
        self._language = language
        self._dialect = dialect(language)
        self._tree = LiveTree(language)
        self._regions: dict[str, Region] = {}
        self._settings: OrderedDict[str, _Setting] = OrderedDict()
        self._latest: _Located | None = None
        self._alone = alone()

    def places(self, text: str) -> list[tuple[str, Place]]:
        """The tests of `text` by qualified name; nothing else is read."""
        return [(_qualified(text, each), each) for each in self._locate(text).places]

    def read(
        self, text: str, view: CodeView | None = None, *, only: frozenset[str] | None = None
    ) -> TestFile:
        """The tests in `text`, or those with the qualified names `only`.

        What they were led to is added to `view`.
        """
        view = view or self._alone
        located = self._locate(text)
        around, setting = self._setting(located.surroundings.text, view)
        known = setting.tests
        setting.tests = {} if only is None else dict(known)
        holders = {-1: -1}
        tests = []
        for place in located.places:
            if only is not None and _qualified(text, place) not in only:
                continue
            holder = holders.get(place.holder)
            if holder is None:
                holder = located.surroundings.from_file(place.holder)
                holders[place.holder] = holder
            part = _part(text, place, holder)
            read = known.get(part) or _Read(around.read_test(part))
            setting.tests[part] = read
            tests.append(read.at(place.span.start - part.indent))
        if setting.view is not None:
            view.include(setting.view)
        facts = around.facts(text)
        return TestFile(
            self._language,
            text,
            tuple(tests),
            facts.imports,
            located.surroundings.to_file(facts.anchor),
            newline_of(text),
            facts.client,
            facts.fixtures,
        )

    def _setting(self, surroundings: str, view: CodeView) -> tuple[Around, _Setting]:
        setting = self._known(surroundings)
        if setting.around is None or setting.view is None or not setting.view.serves(view):
            setting.view = CodeView(view.base, view.uri, own=surroundings)
            setting.around = self._dialect.around(setting.source, setting.view)
            setting.tests = {}
        return setting.around, setting

    def _known(self, surroundings: str) -> _Setting:
        setting = self._settings.get(surroundings)
        if setting is None:
            source = parse(surroundings, self._language)
            stubs = None if source.root.has_error else self._dialect.sound_places(source)
            setting = self._settings[surroundings] = _Setting(source, stubs)
        self._settings.move_to_end(surroundings)
        while len(self._settings) > SETTINGS:
            self._settings.popitem(last=False)
        return setting

    def _locate(self, text: str) -> _Located:
        if self._latest is None or self._latest.text != text:
            guessed = self._dialect.guessed_places(text, self._regions)
            self._latest = self._by_look(text, guessed) or self._by_tree(text, guessed)
        return self._latest

    def _by_look(self, text: str, guessed: list[tuple[Place, Region]]) -> _Located | None:
        """Where everything is, if the look of the lines is enough to tell."""
        damaged = [region for _, region in guessed if region.damaged]
        # What begins in a string and ends in none takes two parts to be a string in both.
        if len(damaged) > 1 and any(region.torn for region in damaged):
            return None
        located, found = self._cut(text, guessed)
        stubs = self._known(located.surroundings.text).stubs
        if stubs is None or tuple(stub.span for stub in stubs) != located.surroundings.stubs:
            return None
        places: list[Place] = []
        for run, stub in zip(found, stubs, strict=True):
            holder = -1 if stub.holder < 0 else located.surroundings.to_file(stub.holder)
            for place in run:
                uneven = stub.damaged and place is run[-1]
                places.append(
                    Place(place.span, place.name, stub.classes, holder, place.damaged or uneven)
                )
        return _Located(text, places, located.surroundings)

    def _by_tree(self, text: str, guessed: list[tuple[Place, Region]]) -> _Located:
        """Where everything is by the tree of the whole text; guessed where it has errors."""
        root = self._tree.update(text)
        if root is None:
            places = self._dialect.in_classes(text, [place for place, _ in guessed])
            regions = [region for _, region in guessed]
            return self._cut(text, list(zip(places, regions, strict=True)))[0]
        places = self._dialect.sound_places(Source(text, root))
        regions = [
            Region(0, damaged=False, assigned=self._dialect.assigned(place.span.of(text)))
            for place in places
        ]
        return self._cut(text, list(zip(places, regions, strict=True)))[0]

    def _cut(
        self, text: str, guessed: list[tuple[Place, Region]]
    ) -> tuple[_Located, list[list[Place]]]:
        """The surroundings of these tests, and the tests in runs."""
        places = [place for place, _ in guessed]
        found = runs(text, places)
        regions = iter(region for _, region in guessed)
        grouped = [[next(regions) for _ in run] for run in found]
        ends = [0, *(run[-1].span.end for run in found)]
        starts = [*(run[0].span.start for run in found), len(text)]
        outside = "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
        stubs = self._dialect.stubs(outside, grouped)
        return _Located(text, places, Surroundings.of(text, found, stubs)), found


def _qualified(text: str, place: Place) -> str:
    return ".".join((*place.classes, place.name.of(text)))


def _part(text: str, place: Place, holder: int) -> Part:
    span, name = place.span, place.name
    indent = indentation(text, span.start)
    start = span.start - len(indent)
    return Part(
        indent + text[span.start : span.end],
        len(indent),
        Span(name.start - start, name.end - start),
        place.classes,
        holder,
        place.damaged,
    )
