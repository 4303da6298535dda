"""What holds for every fact and every style of Java test."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from facts_of_all_kinds import all_facts
from hypothesis import given, settings
from hypothesis import strategies as st
from java_styles import STYLES, woven

from pe4king_core.model.fact import AssertionFact, Equals, HasType, Literal, body
from pe4king_core.model.schema import JsonType
from pe4king_core.model.source import SourceLanguage, TestFunction
from pe4king_core.model.text import apply_edits
from pe4king_core.rendering.java.assertions import render_java
from pe4king_core.testcode import is_covered, read_tests
from pe4king_core.weaving import weave
from tests.rendering.java_kit import java_kit

pytestmark = pytest.mark.slow

FACTS = tuple(all_facts())


def _compatible(facts: list[AssertionFact]) -> bool:
    """Whether no place is said to be plain that others say is an object or a list."""
    return not any(
        isinstance(fact.check, HasType)
        and not fact.check.types & {JsonType.OBJECT, JsonType.ARRAY}
        and other.subject.name.startswith(fact.subject.name + "/")
        for fact in facts
        for other in facts
        if fact.subject.kind is other.subject.kind
    )


SOME_FACTS = st.lists(
    st.sampled_from(FACTS), min_size=2, max_size=6, unique_by=lambda fact: fact.subject
).filter(_compatible)
"""Facts that do not contradict each other."""
FULLY = ("chain", "junit 5", "testng", "assertj", "assertj soft", "hamcrest")
"""Styles in which every fact is tried; in the others a part."""


def source(style: str, how: str = "") -> str:
    """The file of a style with other white space."""
    text = STYLES[style].source("ATest")
    if how == "tabs":
        text = re.sub(r"^(?: {4})+", lambda found: "\t" * (len(found[0]) // 4), text, flags=re.M)
    if how == "two spaces":
        text = re.sub(r"^(?: {4})+", lambda found: "  " * (len(found[0]) // 4), text, flags=re.M)
    return text.replace("\n", "\r\n") if how == "carriage returns" else text


def check_woven(text: str, facts: tuple[AssertionFact, ...]) -> str:
    """Weave `facts` into the one test of `text` and see that every law holds."""
    file = read_tests(text, SourceLanguage.JAVA)
    (test,) = file.tests
    result = weave(file, test, facts)
    assert set(result.added) | {fact for fact, _ in result.refused} == set(facts)
    assert all(edit.span.start == edit.span.end for edit in result.edits)
    for _, reason in result.refused:
        assert reason.en
        assert re.search("[а-я]", reason.ru)
    after = apply_edits(text, result.edits)
    assert len(re.findall(r"(?<!\r)\n|\r\n|\r", after)) == after.count(file.newline)
    assert [line for line in after.splitlines() if line != line.rstrip()] == [
        line for line in text.splitlines() if line != line.rstrip()
    ]
    read = read_tests(after, SourceLanguage.JAVA)
    (new,) = read.tests
    assert not new.damaged, after
    check_assertions(test, new, after)
    missing = [fact for fact in result.added if not is_covered(new, fact)]
    assert missing == [], after
    again = [fact for fact in facts if not is_covered(new, fact)]
    assert weave(read, new, again).added == ()
    return after


def check_assertions(old: TestFunction, new: TestFunction, text: str) -> None:
    """The old assertions are all there, and the new ones speak of the same call."""
    assert [call.path for call in new.calls] == [call.path for call in old.calls], text
    before = Counter((each.call, each.text, str(each.check)) for each in old.assertions)
    after = Counter((each.call, each.text, str(each.check)) for each in new.assertions)
    assert before <= after, text
    assert all(call == "C1" for call, _, _ in after - before), text


@pytest.mark.parametrize("style", STYLES)
def test_the_words_of_the_style(style: str) -> None:
    text = check_woven(
        source(style), (AssertionFact("C1", body("/title"), Equals(Literal("Dune"))),)
    )
    assert STYLES[style].words in text


@pytest.mark.parametrize("style", STYLES)
def test_every_fact(style: str) -> None:
    start = sorted(STYLES).index(style) % 9
    for fact in FACTS[::2] if style in FULLY else FACTS[start::9]:
        check_woven(source(style), (fact,))


@given(
    facts=SOME_FACTS,
    style=st.sampled_from(sorted(STYLES)),
    how=st.sampled_from(["", "tabs", "two spaces", "carriage returns"]),
)
@settings(max_examples=120, deadline=None)
def test_some_facts(facts: list[AssertionFact], style: str, how: str) -> None:
    check_woven(source(style, how), tuple(facts))


def _sayable(fact: AssertionFact) -> bool:
    return fact.when is None and render_java([fact]).skipped == ()


@pytest.mark.java
@pytest.mark.slow
def test_every_woven_file_compiles(tmp_path: Path) -> None:
    facts = [fact for fact in FACTS if _sayable(fact)]
    sources = {}
    for number, (style_name, style) in enumerate(STYLES.items()):
        some = facts[number % 3 :: 3] if style_name in FULLY else facts[number % 9 :: 9]
        name = f"Woven{number}"
        sources[f"styles/{name}.java"] = woven(style, name, [[fact] for fact in some])
    java_kit().compile(sources, tmp_path, options=("-Xlint:all", "-Werror"))
