"""The page about weaving lists every reason for which nothing is written."""

from __future__ import annotations

import inspect

import pytest

from pe4king_core.model.message import Message
from pe4king_core.weaving import reasons
from tests.conftest import ROOT

GIVEN = {
    "unknown_sent": "/title",
    "name_taken": "re",
    "test_exists": "test_create",
    "stands_beside": "test_list_answer",
}


def stated() -> dict[str, Message]:
    found = {name: value for name, value in vars(reasons).items() if isinstance(value, Message)}
    for name, value in vars(reasons).items():
        if inspect.isfunction(value):
            found[name] = value(*[GIVEN.get(name, "x")] * len(inspect.signature(value).parameters))
    return found


@pytest.mark.parametrize("name", stated())
def test_every_reason_is_on_the_page(name: str) -> None:
    message = stated()[name]
    english = (ROOT / "docs" / "weaving.md").read_text(encoding="utf-8")
    russian = (ROOT / "docs" / "weaving.ru.md").read_text(encoding="utf-8")
    assert f"| {message.en} |" in english
    assert f"| {message.ru} |" in russian


def test_the_page_lists_no_other_reason() -> None:
    english = (ROOT / "docs" / "weaving.md").read_text(encoding="utf-8")
    table = english.partition("## When nothing is written")[2]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert {row.split(" | ")[0][2:] for row in rows} == {each.en for each in stated().values()}
