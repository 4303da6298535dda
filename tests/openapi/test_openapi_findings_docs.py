"""Every code is explained, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"""["']((?:doc|document)-[a-z0-9-]+)["']""")
HEADING = re.compile(r"^### `([a-z0-9-]+)`\n\n\*\*(\w+)\*\* — (.+)\n\n(\w[\w ]*): (.+)\n\n", re.M)
FOLDERS = ("core", "server", "adapter")


def codes_in_sources() -> set[str]:
    """The codes that stand as literals in the sources."""
    return {
        code
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("name", ["findings.md", "findings.ru.md"])
def test_every_code_is_explained(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    explained = [match[1] for match in HEADING.finditer(text)]
    assert len(explained) == text.count("\n### ")
    assert sorted(explained) == sorted(set(explained))
    assert set(explained) == codes_in_sources()


def test_both_languages_agree() -> None:
    texts = [
        (ROOT / "docs" / name).read_text("utf-8") for name in ("findings.md", "findings.ru.md")
    ]
    english, russian = (list(HEADING.finditer(text)) for text in texts)
    words = {"error": "ошибка", "warning": "предупреждение", "information": "сведение"}
    assert [(m[1], words[m[2]]) for m in english] == [(m[1], m[2]) for m in russian]
    assert all(re.search("[а-яё]", m[3]) and re.search("[а-яё]", m[5]) for m in russian)
