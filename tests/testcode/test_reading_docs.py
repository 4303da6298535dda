"""The page about reading lists every reason for which something is not known."""

from __future__ import annotations

import inspect

import pytest

from pe4king_core.model.message import Message
from pe4king_core.testcode import reasons
from tests.conftest import ROOT


def stated() -> dict[str, Message]:
    found = {name: value for name, value in vars(reasons).items() if isinstance(value, Message)}
    for name, value in vars(reasons).items():
        if inspect.isfunction(value):
            found[name] = value(*["base_url"] * len(inspect.signature(value).parameters))
    return found


@pytest.mark.parametrize("name", stated())
def test_every_reason_is_on_the_page(name: str) -> None:
    message = stated()[name]
    assert f"| {message.en} | " in (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    assert f"| {message.ru} | " in (ROOT / "docs" / "reading.ru.md").read_text(encoding="utf-8")


def test_the_page_lists_no_other_reason() -> None:
    english = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    table = english.partition("## What cannot be told")[2].partition("\n\nAn ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert {row.split(" | ")[0][2:] for row in rows} == {each.en for each in stated().values()}
