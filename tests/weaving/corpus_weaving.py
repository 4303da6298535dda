"""Weaving what is missing into every test of a suite of the corpus, one test after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pe4king_core.improvement.expectation import expectation
from pe4king_core.improvement.matching import match_call
from pe4king_core.improvement.missing import missing_facts
from pe4king_core.model.case import Depth
from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import TestFile, TestFunction
from pe4king_core.model.text import Edit, apply_edits
from pe4king_core.testcode import CodeBase, CodeView, language_of, read_tests
from pe4king_core.weaving import weave
from tests.testcode.corpus_kit import Suite, uri_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one test. `reasons`: why a call of it, or a fact, got nothing."""

    added: int = 0
    refused: int = 0
    reasons: tuple[Message, ...] = ()
    edits: tuple[Edit, ...] = ()

    @property
    def kind(self) -> str:
        """The one word to count it by."""
        if self.added:
            return "inserted"
        return "refused" if self.reasons else "nothing missing"


@dataclass(frozen=True, slots=True)
class WovenSuite:
    """The suite with what was woven into it, and the outcomes by test id."""

    suite: Suite
    outcomes: Mapping[str, Outcome]


def weave_suite(suite: Suite, document: ApiDocument, depth: Depth) -> WovenSuite:
    """Every test of `suite` gets what `document` promises down to `depth` and it lacks."""
    texts = dict(suite.files)
    base = CodeBase(
        lambda uri: texts.get(uri.removeprefix(uri_of(suite, ""))),
        [uri_of(suite, path) for path in texts],
    )

    def read(path: str) -> TestFile:
        return read_tests(texts[path], suite.language, CodeView(base, uri_of(suite, path)))

    outcomes: dict[str, Outcome] = {}
    for path in [each for each in texts if language_of(each) is suite.language]:
        for name in [test.qualified_name for test in read(path).tests]:
            file = read(path)
            [test] = [each for each in file.tests if each.qualified_name == name]
            outcome = _weave_test(file, test, document, depth)
            texts[path] = apply_edits(file.text, outcome.edits)
            base.changed(uri_of(suite, path))
            outcomes["::".join([path, *name.split(".")])] = outcome
    return WovenSuite(replace(suite, files=texts), outcomes)


def _weave_test(file: TestFile, test: TestFunction, document: ApiDocument, depth: Depth) -> Outcome:
    facts, untold = _missing(file, test, document, depth)
    woven = weave(file, test, facts)
    reasons = tuple(reason for _, reason in woven.refused)
    assert len(woven.added) + len(woven.refused) == len(facts)
    return Outcome(len(woven.added), len(woven.refused), (*reasons, *untold), woven.edits)


def _missing(
    file: TestFile, test: TestFunction, document: ApiDocument, depth: Depth
) -> tuple[Sequence[AssertionFact], Sequence[Message]]:
    """The facts that `test` lacks, and why nothing can be said of a call."""
    facts: list[AssertionFact] = []
    untold: list[Message] = []
    for call in test.calls:
        match = match_call(call, document)
        if match.operation is None:
            assert match.reason is not None
            untold.append(match.reason)
            continue
        expected = expectation(test, call, match.operation, file.text)
        if expected.problem is not None:
            untold.append(expected.problem)
        facts += missing_facts(test, call, match.operation, file.text, depth=depth)
    return facts, untold
