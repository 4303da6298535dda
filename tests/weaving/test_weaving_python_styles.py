"""What is woven is written as the test is, means what the fact says, and is read as that."""

from __future__ import annotations

from collections import Counter

import pytest
from facts_of_all_kinds import all_facts
from hypothesis import given, settings
from hypothesis import strategies as st
from python_styles import FIXTURES, HELPERS, STYLES, passes

from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.model.text import apply_edits
from pe4king_core.testcode import is_covered, read_tests
from pe4king_core.weaving import Woven, weave
from tests.rendering.fact_table import TRUTHS
from tests.rendering.fact_truth import holds
from tests.rendering.test_python_assertions import with_types

pytestmark = pytest.mark.slow

FACTS = tuple(all_facts())
ALL = STYLES | FIXTURES | HELPERS
NAMES = sorted(ALL)
SOME_FACTS = st.lists(
    st.sampled_from(FACTS), min_size=2, max_size=6, unique_by=lambda fact: fact.subject
)


def read(text: str) -> tuple[TestFile, TestFunction]:
    file = read_tests(text, SourceLanguage.PYTHON)
    return file, file.tests[0]


def woven(text: str, *facts: AssertionFact) -> tuple[str, Woven]:
    result = weave(*read(text), facts)
    assert all(edit.span.start == edit.span.end for edit in result.edits)
    return apply_edits(text, result.edits), result


def check_laws(text: str, facts: tuple[AssertionFact, ...]) -> None:
    after, result = woven(text, *facts)
    assert set(result.added) | {fact for fact, _ in result.refused} == set(facts)
    compile(after.lstrip("\ufeff"), "woven.py", "exec")
    _, old = read(text)
    file, new = read(after)
    said_before, said_after = said(old), said(new)
    assert said_before <= said_after
    assert {call for call, _, _ in said_after - said_before} <= {"C1"}
    for fact in result.added:
        assert is_covered(new, fact), after
    missing = [fact for fact in result.added if not is_covered(new, fact)]
    assert weave(file, new, missing).edits == ()
    assert not [line for line in added_lines(text, after) if line != line.rstrip()]


def said(test: TestFunction) -> Counter[tuple[str | None, str, str]]:
    return Counter((each.call, str(each.subject), str(each.check)) for each in test.assertions)


def added_lines(before: str, after: str) -> list[str]:
    return list((Counter(after.splitlines()) - Counter(before.splitlines())).elements())


@pytest.mark.parametrize("style", NAMES)
def test_every_fact(style: str) -> None:
    start = NAMES.index(style) % 5
    for fact in FACTS[start::5]:
        check_laws(ALL[style], (fact,))


@given(facts=SOME_FACTS, style=st.sampled_from(NAMES))
@settings(max_examples=80, deadline=None)
def test_some_facts(facts: list[AssertionFact], style: str) -> None:
    check_laws(ALL[style], tuple(facts))


@pytest.mark.parametrize("style", NAMES)
def test_passes_exactly_when_the_facts_hold(style: str) -> None:
    start = NAMES.index(style) % 3
    for row in TRUTHS[start::3]:
        code, result = woven(ALL[style], *with_types(row[0]))
        for value in row[1]:
            expected = all(holds(fact, value) for fact in result.added)
            assert passes(code, value) is expected, (value, code)


@pytest.mark.parametrize("style", NAMES)
def test_something_is_woven_into_every_style(style: str) -> None:
    _, result = woven(ALL[style], *TRUTHS[0][0])
    assert result.added
