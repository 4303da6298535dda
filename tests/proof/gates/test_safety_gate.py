"""`safe`: what dangerous proposals bring is refused, and nothing else is."""

from __future__ import annotations

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelResult, LevelState
from pe4king_core.proof.gates.safety.gate import SafetyGate
from pe4king_core.proof.proposed import Proposed, Surroundings
from tests.proof.gates import (
    safety_java_cases,
    safety_java_tricks,
    safety_python_cases,
    safety_python_tricks,
)

PYTHON, JAVA = SourceLanguage.PYTHON, SourceLanguage.JAVA
CASES = {PYTHON: safety_python_cases, JAVA: safety_java_cases}
TRICKS = {PYTHON: safety_python_tricks.TRICKS, JAVA: safety_java_tricks.TRICKS}
AROUND = Surroundings(names=frozenset({"API_KEY"}), hosts=frozenset({"api.bookstore.test"}))
DANGEROUS = [(each, name) for each, cases in CASES.items() for name in cases.DANGEROUS]
TRIED = [(each, name) for each, cases in TRICKS.items() for name in cases]
HARMLESS = [(each, name) for each, cases in CASES.items() for name in cases.HARMLESS]


def check(language: SourceLanguage, after: str, before: str = "") -> LevelResult:
    edit = Edit(Span(0, len(before)), after)
    return SafetyGate().check(Proposed(language, before, (edit,)), AROUND)


def inserted(language: SourceLanguage, before: str, mark: str, text: str) -> LevelResult:
    place = before.index(mark)
    edit = Edit(Span(place, place), text)
    return SafetyGate().check(Proposed(language, before, (edit,)), AROUND)


@pytest.mark.parametrize(("language", "name"), DANGEROUS)
def test_danger_is_red(language: SourceLanguage, name: str) -> None:
    text = CASES[language].DANGEROUS[name]
    result = check(language, text)
    assert result.state is LevelState.FAILED, result.reason.en
    assert result.reason.en
    assert any("а" <= each <= "я" for each in result.reason.ru)
    assert result.span is not None
    assert 0 <= result.span.start < result.span.end <= len(text)


@pytest.mark.parametrize(("language", "name"), TRIED)
def test_tricks_are_red(language: SourceLanguage, name: str) -> None:
    result = check(language, TRICKS[language][name])
    assert result.state is LevelState.FAILED, result.reason.en


@pytest.mark.parametrize(("language", "name"), HARMLESS)
def test_harmless_is_green(language: SourceLanguage, name: str) -> None:
    result = check(language, CASES[language].HARMLESS[name])
    assert result.state is LevelState.PASSED, result.reason.en


@pytest.mark.parametrize(("language", "name"), DANGEROUS)
def test_what_was_there_before_is_not_judged(language: SourceLanguage, name: str) -> None:
    before = CASES[language].DANGEROUS[name]
    after = before + ("\n\ndef test_more(api):\n    assert api\n" if language is PYTHON else "\n")
    assert check(language, after, before).state is LevelState.PASSED


def test_there_are_enough_of_them() -> None:
    assert len(DANGEROUS) >= 60


def test_the_same_danger_once_more_is_one_too_many() -> None:
    before = safety_python_cases.case("os.system('id')")
    assert inserted(PYTHON, before, "    os.", "    os.system('id')\n").state is LevelState.FAILED


def test_an_argument_of_an_old_call_is_judged() -> None:
    before = safety_python_cases.case("os.system('id')")
    place = before.index("id'")
    edit = Edit(Span(place, place + 2), "rm -rf /")
    result = SafetyGate().check(Proposed(PYTHON, before, (edit,)), AROUND)
    assert result.state is LevelState.FAILED


def test_taking_a_break_away_makes_a_loop_endless() -> None:
    before = safety_python_cases.case("while True:", "    api.get('/')", "    break")
    place = before.index("        break\n")
    edit = Edit(Span(place, place + len("        break\n")), "")
    result = SafetyGate().check(Proposed(PYTHON, before, (edit,)), AROUND)
    assert result.state is LevelState.FAILED
    assert "never ends" in result.reason.en


def test_old_code_may_be_laid_out_anew() -> None:
    before = safety_python_cases.case("os.system('id')")
    after = before.replace("os.system('id')", 'os.system(\n        "id",\n    )')
    assert check(PYTHON, after, before).state is LevelState.PASSED


def test_hosts_and_variables_of_the_file_may_be_used_again() -> None:
    line = "requests.get('http://shop.test/books', headers={'k': os.environ['SHOP_KEY']})"
    before = safety_python_cases.case(line)
    more = "\n\ndef test_more():\n    " + line.replace("/books", "/orders") + "\n"
    assert check(PYTHON, before + more, before).state is LevelState.PASSED
    assert check(PYTHON, before + more).state is LevelState.FAILED


def test_a_library_nobody_knows_is_amber() -> None:
    result = check(PYTHON, "import wonderlib\n\n\ndef test_a():\n    assert wonderlib.ok()\n")
    assert result.state is LevelState.WARNED
    assert "wonderlib" in result.reason.en
    java = safety_java_cases.case(imports="import com.wonder.Lib;")
    assert check(JAVA, java).state is LevelState.WARNED


def test_the_worst_is_told_first() -> None:
    result = check(PYTHON, "import wonderlib\n\n\ndef test_a():\n    eval('1')\n")
    assert (result.state, result.reason.en) == (
        LevelState.FAILED,
        "eval runs or changes code at run time",
    )


def test_what_is_no_python_is_not_judged() -> None:
    assert check(PYTHON, "def (:\n").state is LevelState.NOT_RUN


@pytest.mark.parametrize("depth", [50, 5_000])
def test_deep_code_ends(depth: int) -> None:
    text = "x = " + "(" * depth + "1" + ")" * depth + "\n"
    assert check(PYTHON, text).state in (LevelState.PASSED, LevelState.NOT_RUN)
    joined = "x = " + " + ".join(["'a'"] * depth) + "\n"
    assert check(PYTHON, joined).state in (LevelState.PASSED, LevelState.NOT_RUN)
    nested = "class A { int x = " + "(" * depth + "1" + ")" * depth + "; }"
    assert check(JAVA, nested).state is LevelState.PASSED
