"""The gate that asks whether a proposal parses, and what it says where it does not."""

from __future__ import annotations

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelResult, LevelState
from pe4king_core.proof.gates.parsing import ParsingGate
from pe4king_core.proof.proposed import Proposed, Surroundings

PYTHON = "def test_a(client):\n    assert client.get('/x').status_code == 200\n"
JAVA = 'class ATest {\n    @Test\n    void a() {\n        given().get("/x");\n    }\n}\n'
NEW = Span(0, 0)


def parsed(language: SourceLanguage, after: str, before: str = "") -> LevelResult:
    """What the gate says of `before` becoming `after`."""
    edit = Edit(Span(0, len(before)), after)
    return ParsingGate().check(Proposed(language, before, (edit,)), Surroundings())


@pytest.mark.parametrize("before", ["", "x = 1\n"])
def test_sound_python_passes(before: str) -> None:
    assert parsed(SourceLanguage.PYTHON, PYTHON, before).state is LevelState.PASSED


@pytest.mark.parametrize("before", ["", "class ATest {}\n"])
def test_sound_java_passes(before: str) -> None:
    assert parsed(SourceLanguage.JAVA, JAVA, before).state is LevelState.PASSED


def test_an_error_in_python_has_its_line() -> None:
    after = PYTHON + "    assert (\n"
    result = parsed(SourceLanguage.PYTHON, after, PYTHON)
    assert result.state is LevelState.FAILED
    assert result.reason.en == "syntax error at line 3"
    assert result.reason.ru == "синтаксическая ошибка в строке 3"
    assert result.span is not None
    assert result.span.of(after) == "    assert ("


@pytest.mark.parametrize("before", ["", JAVA])
def test_an_error_in_java_has_a_place(before: str) -> None:
    after = JAVA.replace(";", "")
    result = parsed(SourceLanguage.JAVA, after, before)
    assert result.state is LevelState.FAILED
    assert result.span is not None


def test_an_error_outside_of_java_tests_fails() -> None:
    assert parsed(SourceLanguage.JAVA, JAVA + "class {", JAVA).state is LevelState.FAILED


@pytest.mark.parametrize(
    ("language", "sound", "broken"),
    [
        (SourceLanguage.PYTHON, PYTHON, "\n\ndef test_b(client):\n    assert client.get(\n"),
        (SourceLanguage.JAVA, JAVA, "class BTest { @Test void b() { given(; } }\n"),
    ],
)
def test_an_old_error_in_another_test_is_a_warning(
    language: SourceLanguage, sound: str, broken: str
) -> None:
    before = sound + broken
    result = parsed(language, before.replace("/x", "/y"), before)
    assert result.state is LevelState.WARNED
    assert "elsewhere" in result.reason.en


@pytest.mark.parametrize("text", ["\0", "x = " + "(" * 5000, "\ud800"])
def test_what_no_parser_likes_fails(text: str) -> None:
    assert parsed(SourceLanguage.PYTHON, text).state is LevelState.FAILED
