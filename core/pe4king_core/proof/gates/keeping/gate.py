"""The gate KEEPS: every test and every assertion that was there is there, or one that implies it.

Tests are compared as they are read (what they claim of which answer) and as they are traced (what
they check by syntax). What is understood must be implied; what is not must be there unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import Level, LevelResult, LevelState
from pe4king_core.proof.gates.keeping import reasons
from pe4king_core.proof.gates.keeping.comparing import Comparison, Loss, Seen
from pe4king_core.proof.gates.keeping.definitions import Definition, Definitions, definitions
from pe4king_core.proof.gates.keeping.idle import idle, of_chance
from pe4king_core.proof.gates.keeping.marks import marks_of
from pe4king_core.proof.gates.keeping.redefined import redefined
from pe4king_core.proof.gates.keeping.rows import base_of, table_of, written_out
from pe4king_core.proof.gates.keeping.shared import lost_in_shared
from pe4king_core.proof.gates.keeping.tracing import trace
from pe4king_core.proof.gates.keeping.vacuous import cannot_fail
from pe4king_core.proof.proposed import Proposed, Surroundings
from pe4king_core.testcode.incremental import TestReader

_PASSED = LevelResult(Level.KEEPS, LevelState.PASSED)
_WORD = re.compile(r"\w+")
_HOOK = re.compile(r"load_tests|pytest_|set_?[uU]p|tear_?[dD]own|__")
_SIMPLE = re.compile(r"def \w+\([\w, ]*\)(?: -> [\w.]+)?:")
"""Nothing in it is worked out when it is defined: no defaults, no annotations that call."""


class KeepingGate:
    """Whether a proposal loses or weakens what the tests of a file check."""

    level = Level.KEEPS

    def check(self, proposed: Proposed, around: Surroundings) -> LevelResult:
        """A new file has nothing to keep; otherwise what `compared` says."""
        if proposed.is_new or not proposed.edits:
            return _PASSED
        try:
            return compared(proposed, around.documents)
        except RecursionError:
            return LevelResult(Level.KEEPS, LevelState.NOT_RUN, reasons.TOO_DEEP)


def keeps(before: TestFile, edits: Sequence[Edit]) -> LevelResult:
    """Whether every test and assertion of `before` is still there, or implied, after `edits`."""
    return compared(Proposed(before.language, before.text, tuple(edits)), ())


def compared(proposed: Proposed, documents: Sequence[ApiDocument]) -> LevelResult:
    """What the file with all edits does not keep; the first loss that counts is told."""
    text = proposed.after
    language = proposed.language
    new = definitions(text, language)
    places = {name: new.source.span(each.node) for name, each in new.tests().items()}
    found = list(_losses(proposed, documents))
    worst = next((each for each in found if not each[1].replaced), None) or next(iter(found), None)
    if worst is None:
        return _PASSED
    name, loss = worst
    state = LevelState.WARNED if loss.replaced else LevelState.FAILED
    return LevelResult(Level.KEEPS, state, loss.reason, _head(places.get(name), text))


def _head(span: Span | None, text: str) -> Span | None:
    """The first line of a test."""
    if span is None:
        return None
    end = text.find("\n", span.start)
    return Span(span.start, min(end, span.end) if end >= 0 else span.end)


def _losses(proposed: Proposed, documents: Sequence[ApiDocument]) -> list[tuple[str, Loss]]:
    """What is lost, with the base name of the test that loses it."""
    language = proposed.language
    old = written_out(proposed.before, language)
    new = written_out(proposed.after, language)
    fresh = [name for name in new.tests() if name not in old.tests()]
    found = [("", Loss(reasons.redefined(name))) for name in redefined(old, new, fresh)]
    found += [("", Loss(reasons.empty(each))) for each in cannot_fail(old, new)]
    found += [("", Loss(reasons.chance(each))) for each in of_chance(old, new)]
    found += [(base_of(each), Loss(reasons.idle(base_of(each)))) for each in idle(new, fresh)]
    found += [("", Loss(reason)) for reason in lost_in_shared(old, new)]
    touched = None if found else _touched(old, new)
    before = _seen(old, language, touched)
    after = _seen(new, language, None if touched is None else {*touched, *fresh})
    for name, test in before.items():
        losses = _kept(test, before, after, documents)
        if losses is None:
            fewer = _rows(new, test.base) and _rows(old, test.base) > _rows(new, test.base)
            losses = [Loss((reasons.rows if fewer else reasons.gone)(test.base))]
        found += [(base_of(name), loss) for loss in losses]
    return found


def _rows(defined: Definitions, base: str) -> int:
    """How many tests are of one name; those of rows count each."""
    return sum(base_of(name) == base for name in defined.tests())


def _touched(old: Definitions, new: Definitions) -> set[str] | None:
    """The tests whose text changes; None where more than tests changes.

    Tests and everything around them that are the same, text for text, mean the same.
    """
    if not _same_around(_outside(old), _outside(new, _unused(old, new))):
        return None
    tests = new.tests()
    return {
        name
        for name, each in old.tests().items()
        if name not in tests or old.source.of(each.whole) != new.source.of(tests[name].whole)
    }


def _same_around(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether nothing but imports was added around the tests."""
    rest = iter(new)
    for line in old:
        for other in rest:
            if other == line:
                break
            if not other.startswith(("import ", "from ")):
                return False
        else:
            return False
    return all(each.startswith(("import ", "from ")) for each in rest)


def _unused(old: Definitions, new: Definitions) -> list[Definition]:
    """New functions that nothing of the old text can call, and that do nothing by being there."""
    if new.language is not SourceLanguage.PYTHON:
        return []  # a method may replace one of the class above
    words = frozenset(_WORD.findall(old.source.text))
    return [
        each
        for name, found in new.functions.items()
        if name not in words and not _HOOK.match(name)
        for each in found
        if not each.owner and not each.marks and not new.is_test(each)
        if _SIMPLE.match(" ".join(new.source.of(each.node).split()))
    ]


def _outside(defined: Definitions, others: Sequence[Definition] = ()) -> list[str]:
    """The lines of a file without its tests and without `others`."""
    pieces: list[str] = []
    position = 0
    text = defined.source.text
    without = [defined.source.span(each.whole) for each in (*defined.tests().values(), *others)]
    for span in sorted(without, key=lambda each: each.start):
        pieces.append(text[position : span.start])
        position = span.end
    lines = "\n".join((*pieces, text[position:])).splitlines()
    return [" ".join(line.split()) for line in lines if line.strip()]


def _seen(
    defined: Definitions, language: SourceLanguage, names: set[str] | None
) -> dict[str, Seen]:
    """The tests called `names`, or all of them, with all that is known of them."""
    only = None if names is None else frozenset(names)
    read = TestReader(language).read(defined.source.text, only=only).tests
    known = {test.qualified_name: test for test in read}
    return {
        name: Seen(name, base_of(name), known[name], trace(defined, each), marks, table_of(each))
        for name, each in defined.tests().items()
        if name in known
        for marks in [marks_of(defined, each)]
    }


def _kept(
    test: Seen, before: dict[str, Seen], after: dict[str, Seen], documents: Sequence[ApiDocument]
) -> list[Loss] | None:
    """What is lost of `test`: nothing if any test keeps it, else what the one of its name loses.

    None where there is none of its name.
    """
    bases = {each.base for each in before.values()}
    named = sorted(
        (each for each in after.values() if each.base == test.base),
        key=lambda each: each.name != test.name,
    )
    others = [each for each in after.values() if each.base not in bases or each.name != each.base]
    least: list[Loss] | None = None
    for other in (*named, *(each for each in others if each not in named)):
        losses = list(Comparison(test, other, documents).losses())
        if all(loss.replaced for loss in losses):
            return losses
        if least is None and other.name == test.name:
            least = losses
    return least
