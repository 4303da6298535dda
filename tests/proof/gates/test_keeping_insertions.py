"""Insertions into an assertion keep it only where it still says what it said."""

from __future__ import annotations

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelState
from pe4king_core.proof.gates.keeping.gate import keeps
from pe4king_core.testcode import read_tests

TEXT = (
    "def test_a(client):\n"
    "    assert client.get('/x').status_code == 200\n"
    "    check(client.get('/y'), 404)\n"
)


def kept(*insertions: tuple[str, str, str]) -> bool:
    """Whether `keeps` passes with texts put before and behind parts of the test."""
    edits = []
    for part, before, behind in insertions:
        start = TEXT.index(part)
        edits.append(Edit(Span(start, start), before))
        edits.append(Edit(Span(start + len(part), start + len(part)), behind))
    file = read_tests(TEXT, SourceLanguage.PYTHON)
    return keeps(file, [edit for edit in edits if edit.text]).state is LevelState.PASSED


@pytest.mark.parametrize("path", ["/x", "/y"])
def test_a_name_for_the_answer_keeps_the_assertion(path: str) -> None:
    assert kept((f"client.get('{path}')", "(r := ", ")"))


@pytest.mark.parametrize(
    "insertion",
    [
        ("== 200", "", " or True"),
        ("== 200", "", "0"),
        ("client.get('/x')", "not ", ""),
        (", 404", "", "4"),
        (", 404", "", " or 200"),
        ("check(", "no_", ""),
        ("    assert", "    return\n", ""),
    ],
)
def test_what_changes_the_assertion_loses_it(insertion: tuple[str, str, str]) -> None:
    assert not kept(insertion)


def added(text: str) -> LevelState:
    """What `keeps` says where `text` is put behind the test."""
    file = read_tests(TEXT, SourceLanguage.PYTHON)
    return keeps(file, [Edit(Span(len(TEXT), len(TEXT)), f"\n\n{text}")]).state


def test_a_helper_for_a_new_test_may_be_added() -> None:
    helper = "def fetched(client, path):\n    return client.get(path)\n"
    test = "def test_b(client):\n    assert fetched(client, '/z').status_code == 200\n"
    assert added(f"{helper}\n\n{test}") is LevelState.PASSED


@pytest.mark.parametrize(
    "text",
    [
        "def check(answer, status):\n    return status\n",
        "@pytest.fixture\ndef client():\n    return Fake()\n",
        "def test_a(client):\n    pass\n",
        "def test_b():\n    requests.get('/x')\n",
        "def test_b(client):\n    assert client\n    assert random.random() > 0.1\n",
    ],
)  # fmt: skip
def test_what_old_tests_use_may_not_and_nothing_idle_may(text: str) -> None:
    assert added(text) is LevelState.FAILED


@pytest.mark.parametrize(
    "text",
    [
        "def test_b(book):\n    requests.get(f'/x/{book}')\n",
        "def test_b():\n    requests.get('/x').raise_for_status()\n",
        "def test_b():\n    looked_at(requests.get('/x'))\n",
        "def test_b(client):\n    assert client.get(f'/x/{uuid.uuid4()}').status_code == 404\n",
        "def test_b():\n    with raises(OSError):\n        requests.get('/x')\n",
    ],
)
def test_what_may_check_something_is_let_be(text: str) -> None:
    assert added(text) is LevelState.PASSED
