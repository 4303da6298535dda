"""The options of `pe4king record`: help, faults, documentation in both languages."""

from __future__ import annotations

import json
import re

import pytest

from pe4king_core.mock.recording.reading import recording_of
from pe4king_server.cli import main
from tests.conftest import ROOT

OPTIONS = (
    *("--output", "--spec", "--port", "--mask", "--no-mask", "--max-body", "--timeout"),
    *("--quiet", "--allow-host"),
)


def run(*arguments: str) -> int:
    try:
        return main(["record", *arguments])
    except SystemExit as ended:
        return int(ended.code or 0)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "required"),
        (("http://a",), "--output"),
        (("http://a", "-o", "f", "--port", "99999"), "0 to 65535"),
        (("http://a", "-o", "f", "--max-body", "0"), "from 1 on"),
        (("http://a", "-o", "f", "--timeout", "soon"), "from 1 on"),
        (("http://a", "-o", "f", "--maks", "x"), "--mask"),
    ],
)
def test_wrong_options_are_named(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("name", ["record.md", "record.ru.md"])
def test_options_are_documented(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help", "--no-color"}
    assert options == set(OPTIONS)
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert [each for each in OPTIONS if f"`{each}" not in text] == []


@pytest.mark.parametrize("name", ["record.md", "record.ru.md"])
def test_the_documented_file_is_one(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    example = text.partition("```json\n")[2].partition("```")[0]
    read = recording_of(example.encode(), name)
    assert (len(read.exchanges), read.damaged) == (1, ())
    assert json.loads(read.exchanges[0].answer.body) == {"items": []}


def test_help_in_russian(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PE4KING_LANG", "ru")
    assert run("--help") == 0
    assert "сколько килобайт тела писать" in capsys.readouterr().out
