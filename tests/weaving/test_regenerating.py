"""A generated file gets what it lacks, as it is rendered; nothing in it is changed or moved."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from functools import cache

import pytest

from pe4king_core.errors import RefusedError
from pe4king_core.generation import generate
from pe4king_core.model.case import TestPlan, TestStyle
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import apply_edits
from pe4king_core.openapi import load
from pe4king_core.rendering.formats import formats
from pe4king_core.weaving.definitions import Definition, Kind
from pe4king_core.weaving.merging import Merged, merge, outline
from tests.conftest import ROOT

BOOKSTORE = ROOT / "examples" / "bookstore" / "openapi.yaml"
PYTHON, JAVA = SourceLanguage.PYTHON, SourceLanguage.JAVA
STYLES = {
    "functions": ("pytest", TestStyle()),
    "classes": ("pytest", TestStyle(classes=True, allure=False)),
    "requests": ("pytest", TestStyle(client="requests")),
    "java": ("junit-restassured", TestStyle(package="api")),
}


@cache
def file_of(style: str, group: str = "orders") -> str:
    document = load(BOOKSTORE.read_text(encoding="utf-8"), BOOKSTORE.as_uri())
    name, looks = STYLES[style]
    [model] = [each for each in generate(document, TestPlan()) if each.group == group]
    return formats()[name].render(model, looks).text


def language_of(style: str) -> SourceLanguage:
    return JAVA if style == "java" else PYTHON


def without(text: str, gone: Sequence[Definition]) -> str:
    """`text` without these definitions and the empty lines before them."""
    for each in sorted(gone, key=lambda each: each.start, reverse=True):
        start, end = each.start, each.end
        if text[:start].endswith(":\n"):
            end += text[end:].startswith("\n")  # the first method of a class
        while each.kind is not Kind.VALUE and text[start - 2 : start] == "\n\n":
            start -= 1
        text = text[:start] + text[end:]
    return text


def removed(text: str, *names: str, language: SourceLanguage = PYTHON) -> str:
    found = outline(text, language).definitions
    assert {each.name for each in found} >= set(names)
    return without(text, [each for each in found if each.name in names])


def names_of(text: str, language: SourceLanguage = PYTHON) -> list[str]:
    return [each.name for each in outline(text, language).definitions if each.kind is Kind.TEST]


def assert_kept(existing: str, result: str) -> None:
    """Nothing was changed or moved; only imports may have got a name more."""
    lines = iter(result.splitlines())
    assert all(line in lines for line in existing.splitlines() if " import " not in line)


def regenerated(existing: str, rendered: str, language: SourceLanguage = PYTHON) -> str:
    """`existing` with every test of `rendered` that it lacks; checks what always holds."""
    there = set(names_of(existing, language))
    wanted = [name for name in names_of(rendered, language) if name not in there]
    merged = merge(existing, rendered, wanted, language)
    assert not merged.unserved
    result = apply_edits(existing, merged.edits)
    assert all(edit.span.start == edit.span.end for edit in merged.edits)
    assert_kept(existing, result)
    assert not merge(result, rendered, [], language).edits
    assert set(names_of(result, language)) == there | set(wanted)
    if language is PYTHON:
        compile(result, "generated.py", "exec")
    return result


def is_formatted(text: str) -> bool:
    command = [sys.executable, "-m", "ruff", "format", "--check", "--isolated", "-"]
    done = subprocess.run(command, input=text, encoding="utf-8", capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_what_was_deleted_comes_back_in_its_place(style: str) -> None:
    text, language = file_of(style), language_of(style)
    definitions = [
        each for each in outline(text, language).definitions if each.name != "pytestmark"
    ]
    used_by_all = {each.name for each in definitions}
    for seed in range(6):
        chance = random.Random(seed)
        share = chance.choice((0.05, 0.3, 0.7))
        gone = [each for each in definitions if chance.random() < share]
        result = regenerated(without(text, gone), text, language)
        back = {each.name for each in outline(result, language).definitions}
        assert result == text or used_by_all - back, seed
        assert not merge(result, text, [], language).differing


@pytest.mark.slow
@pytest.mark.parametrize("style", ["functions", "classes", "requests"])
def test_the_result_is_formatted_where_the_file_was(style: str) -> None:
    text = file_of(style)
    assert is_formatted(text)
    names = names_of(text)
    own = "MINE = 3\n\n\ndef test_of_mine():\n    assert MINE  # stays\n"
    bare = removed(text, *names[::2]) + ("\n\n" + own)
    assert is_formatted(bare)
    result = regenerated(bare, text)
    assert is_formatted(result)
    assert result.endswith(own)


def test_a_helper_that_was_edited_is_used_and_told() -> None:
    text = file_of("functions")
    edited = text.replace('"comment": ', '"remark": ', 1)
    assert edited != text
    bare = removed(edited, "test_create_order_accepts_only_required_fields")
    result = regenerated(bare, text)
    assert result == edited
    assert merge(result, text, [], PYTHON).differing == ("create_order_payload",)


def test_another_layout_is_no_difference() -> None:
    text = file_of("functions")
    edited = text.replace("    return {\n", "    # mine\n    return {  # as I like it\n", 1)
    assert edited != text
    assert merge(edited, text, [], PYTHON).differing == ()


def with_order_helper(code: str) -> Merged:
    rendered = (
        "import pytest\n\n\n@pytest.fixture\ndef created_order(api):\n"
        '    response = api.post("/orders")\n    yield response.json()\n\n\n'
        "def check(body):\n    assert body\n\n\n"
        "def test_a(created_order):\n    check(created_order)\n\n\n"
        "def test_b(created_order):\n"
        '    text = f"{created_order}"\n    check(text, created_order["check"])\n'
    )
    wanted = ["test_b"] if "def test_b(" not in code else []
    return merge(code, rendered, wanted, PYTHON)


KEPT = "def test_a(created_order):\n    check(created_order)\n"
MISFITS = {
    "another number of arguments": (
        "import pytest\n\n\n@pytest.fixture\ndef created_order(api):\n"
        '    answer = api.post("/orders")\n    yield answer.json()\n\n\n'
        "def check(body, status):\n    assert body\n\n\n" + KEPT,
        'check_2(text, created_order["check"])',
    ),
    "the answer instead of its body": (
        "import pytest\n\n\n@pytest.fixture\ndef created_order(api):\n"
        '    response = api.post("/orders")\n    yield response\n\n\n'
        "def check(body):\n    assert body\n\n\n" + KEPT,
        'text = f"{created_order_2}"\n    check(text, created_order_2["check"])',
    ),
}


@pytest.mark.parametrize("name", MISFITS)
def test_ours_comes_under_another_name_where_theirs_cannot_serve(name: str) -> None:
    existing, expected = MISFITS[name]
    merged = with_order_helper(existing)
    result = apply_edits(existing, merged.edits)
    assert expected in result
    assert_kept(existing, result)
    assert with_order_helper(result).edits == ()


def test_what_was_moved_to_another_module_stays_there() -> None:
    moved = (
        "import pytest\nfrom helpers import check\n\n\n@pytest.fixture\n"
        'def created_order(api):\n    yield api.post("/orders").json()\n\n\n' + KEPT
    )
    result = apply_edits(moved, with_order_helper(moved).edits)
    assert "def test_b(" in result
    assert "def check(" not in result
    fixture = moved.replace("def created_order(api)", "def another(api)")
    rendered = apply_edits(moved, with_order_helper(moved).edits)
    around = frozenset({"created_order"})
    result = apply_edits(fixture, merge(fixture, rendered, ["test_b"], PYTHON, around).edits)
    assert "def test_b(created_order)" in result
    assert "def created_order" not in result


def test_a_name_that_means_something_else_leaves_the_test_out() -> None:
    existing = "from mine import pytest\n\n\n" + KEPT
    assert with_order_helper(existing).unserved == ("test_b",)


@pytest.mark.parametrize("language", [PYTHON, JAVA])
def test_a_file_with_a_syntax_error_is_refused_with_its_line(language: SourceLanguage) -> None:
    text = file_of("java" if language is JAVA else "functions")
    line = text.count("\n") + 1
    with pytest.raises(RefusedError, match=rf"syntax error in line {line}\."):
        merge(text + "def broken(:\n", text, [], language)


def test_line_ends_and_indentation_are_those_of_the_file() -> None:
    text = file_of("classes")
    bare = removed(text, names_of(text)[1])
    foreign = bare.replace("\n    ", "\n  ").replace("\n", "\r\n")
    result = regenerated(foreign, text)
    assert "\n" not in result.replace("\r\n", "")
    assert f"\r\n  def {names_of(text)[1]}(" in result


def test_labels_of_the_module_are_written_at_tests_where_the_file_has_none() -> None:
    text = file_of("functions")
    bare = removed(text, "pytestmark", names_of(text)[0])
    result = regenerated(bare, text)
    assert result.count('@allure.feature("orders")\n') == 1
