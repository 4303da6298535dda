"""Documents on the disk: any Unicode encoding is read, and what is no text says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.errors import UserError
from pe4king_server.cli import main
from pe4king_server.files import MAX_BYTES, read_document

TEXT = """openapi: 3.1.0
info: {title: Книги, version: '1'}
paths:
  /x:
    get:
      responses: {200: {description: ok}}
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-be"])
def test_tests_are_generated_from_any_unicode(encoding: str, tmp_path: Path, capsys):
    path = tmp_path / "openapi.yaml"
    path.write_bytes(TEXT.encode(encoding))
    assert main(["generate", str(path), "--out", str(tmp_path / "tests")]) == 0
    assert "Книги" in capsys.readouterr().out


def test_what_is_no_text_says_at_which_line(tmp_path: Path, capsys):
    path = tmp_path / "openapi.yaml"
    path.write_bytes(TEXT.encode("cp1251"))
    assert main(["generate", str(path), "--out", str(tmp_path / "tests")]) != 0
    told = capsys.readouterr()
    assert "Line 2, column 15: byte 0xCA (offset 29) is not UTF-8 text." in told.out + told.err


def test_what_cannot_be_opened_says_why(tmp_path: Path):
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    for path, words in (
        (tmp_path / "missing.yaml", "There is no file"),
        (tmp_path, "is a folder"),
        (large, "is larger than"),
        (Path("/dev/zero"), "is not a regular file"),
        (large / "below.yaml", "cannot be opened"),
    ):
        with pytest.raises(UserError) as caught:
            read_document(path)
        assert caught.value.code == "file-unreadable"
        assert words in caught.value.message.en
        assert caught.value.message.ru != caught.value.message.en
