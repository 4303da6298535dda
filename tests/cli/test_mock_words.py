"""What `pe4king mock` says to wrong usage, and its help."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from pe4king_core.mock.handled import Why
from pe4king_server.cli import main
from pe4king_server.cli.mock_log import why_text
from tests.conftest import ROOT
from tests.mock.service_document import TEXT

OPTIONS = (
    *("--port", "--host", "--seed", "--lenient", "--delay", "--fail", "--unknown-ids"),
    *("--credential", "--quiet", "--log-format", "--no-cors", "--allow-host"),
    *("--recorded", "--as-recorded", "--variety"),
)

CONTROL = (
    *("GET /__pe4king", "GET /__pe4king/log", "GET /__pe4king/mutants", "PUT /__pe4king/options"),
    *("POST /__pe4king/reset", "POST /__pe4king/scripts", "DELETE /__pe4king/scripts"),
    "GET /__pe4king/scripts",
    *("PUT /__pe4king/mutant", "DELETE /__pe4king/mutant"),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shelves.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PE4KING_LANG", "en")
    return tmp_path


def run(*arguments: str) -> int:
    try:
        return main(["mock", *arguments])
    except SystemExit as error:
        return int(error.code or 0)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_taken_port_is_told_with_the_way_out(
    folder: Path, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PE4KING_LANG", language)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert run("shelves.yaml", "--port", port) == 1
    told = capsys.readouterr().err
    words = {"en": f"Port {port} is taken", "ru": f"Порт {port} занят"}
    assert words[language] in told
    assert "--port 0" in told


def test_an_address_of_another_machine(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shelves.yaml", "--host", "203.0.113.7", "--port", "0") == 1
    told = capsys.readouterr().err
    assert "203.0.113.7:0 cannot be listened at" in told
    assert run("shelves.yaml", "--host", "no host", "--port", "0") == 1
    assert "no host:0 cannot be listened at" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("nothing.yaml", None, "There is no file nothing.yaml."),
        ("empty.yaml", "", "empty.yaml: Line 1: the file is empty"),
        ("-", None, "-: only files are read, no addresses and no standard input."),
        ("https://example.org/a.json", None, "https://example.org/a.json: only files are read"),
        ("bytes.yaml", b"openapi: 3.0.0\n# \xe1\n", "bytes.yaml: Line 2, column 3: byte 0xE1"),
        ("other.yaml", "a: b\n", "other.yaml: Line 1: there is no `openapi` key"),
    ],
)
def test_documents_that_cannot_be_used(
    folder: Path,
    name: str,
    content: str | bytes | None,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if content is not None:
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    assert run("shelves.yaml", name, "--port", "0") == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--port", "70000"), "a port is a number from 0 to 65535"),
        (("--seed", "x"), "a seed is a whole number"),
        (("--delay", "9-1"), "a delay is milliseconds"),
        (("--fail", "1.5"), "a rate is a number from 0 to 1"),
        (("--fail", "nan"), "a rate is a number from 0 to 1"),
        (("--unknown-ids", "maybe"), "maybe"),
        (("--log-fromat", "json"), "did you mean --log-format?"),
    ],
)
def test_wrong_options_are_named(
    folder: Path, arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("shelves.yaml", *arguments) == 2
    assert told in capsys.readouterr().err


def test_help_in_both_languages(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("--help") == 0
    english = capsys.readouterr().out
    assert "this part of the requests fails" in english
    monkeypatch.setenv("PE4KING_LANG", "ru")
    assert run("--help") == 0
    russian = capsys.readouterr().out
    assert "доля запросов" in russian
    for option in OPTIONS:
        assert option in english
        assert option in russian


@pytest.mark.parametrize("name", ["mock.md", "mock.ru.md"])
def test_options_and_control_endpoints_are_documented(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run("--help")
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help", "--no-color"}
    assert options == set(OPTIONS)
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    missing = [each for each in (*OPTIONS, *CONTROL) if f"`{each}" not in text]
    assert missing == []


def test_every_reason_of_the_log_has_its_words() -> None:
    for why in Why:
        assert why_text(why, "en") == str(why)
        assert re.search("[а-я]", why_text(why, "ru")) or why is Why.OPTIONS
