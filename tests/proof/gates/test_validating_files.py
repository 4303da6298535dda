"""`validate_generated_code`: what scripts ask of a file of generated tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.proof.validating import validate_generated_code

TEST = 'def test_a(client):\n    assert client.get("/x").status_code == 200\n'
JAVA = 'class ATest {\n  @Test\n  void a() {\n    given().get("/x");\n  }\n}\n'

RULES = 'lint.select = ["F"]\n'


def written(folder: Path, name: str, text: str) -> Path:
    """The file `name` with `text`."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "text"), [("test_a.py", TEST), ("ATest.java", JAVA)])
def test_a_sound_file_is_ok(tmp_path: Path, name: str, text: str) -> None:
    assert validate_generated_code(written(tmp_path, name, text)) == (True, "ok")


def test_a_path_may_be_text(tmp_path: Path) -> None:
    assert validate_generated_code(str(written(tmp_path, "test_a.py", TEST)))[0]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("test_a.py", "def test_a(:\n", "syntax error at line 1"),
        ("ATest.java", "class ATest {", "syntax error at line 1"),
        ("test_a.py", "def helper():\n    pass\n", "no test in it"),
        ("ATest.java", "class ATest { void a() {} }\n", "no test in it"),
        ("test_a.py", "", "no test in it"),
        ("test_a.ts", "test('a', () => {})", "not a Python or Java file"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, name: str, text: str, reason: str) -> None:
    assert validate_generated_code(written(tmp_path, name, text)) == (False, f"{name}: {reason}")


def test_a_missing_file_is_not_ok(tmp_path: Path) -> None:
    ok, message = validate_generated_code(tmp_path / "test_a.py")
    assert not ok
    assert "cannot be read" in message


def test_the_formatter_is_asked_where_wanted(tmp_path: Path) -> None:
    path = written(tmp_path, "test_a.py", TEST.replace("    assert", "    assert  "))
    assert validate_generated_code(path)[0]
    ok, message = validate_generated_code(path, formatter=True)
    assert not ok
    assert message.startswith("test_a.py: formatter: ")


def test_the_linter_is_asked_where_wanted(tmp_path: Path) -> None:
    written(tmp_path, "ruff.toml", RULES)
    path = written(tmp_path, "test_a.py", "import os\n\n\n" + TEST)
    assert validate_generated_code(path)[0]
    ok, message = validate_generated_code(path, linter=True)
    assert not ok
    assert message.startswith("test_a.py: linter: ")


def test_both_may_be_content(tmp_path: Path) -> None:
    written(tmp_path, "ruff.toml", RULES)
    path = written(tmp_path, "test_a.py", TEST)
    result = validate_generated_code(path, formatter=True, linter=True)
    assert result == (True, "ok; formatter passed; linter passed")


def test_a_tool_that_is_not_there_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    ok, message = validate_generated_code(written(tmp_path, "ATest.java", JAVA), formatter=True)
    assert ok
    assert message == "ok; formatter not run: none is installed"
