"""What is woven into a Python test speaks of names only that surely have a value there."""

from __future__ import annotations

import builtins
from types import SimpleNamespace
from typing import Any

import pytest

from pe4king_core.model.fact import STATUS, AssertionFact, Equals, HasType, Literal, body
from pe4king_core.model.schema import JsonType
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import apply_edits
from pe4king_core.testcode import read_tests
from pe4king_core.weaving import weave

OK = AssertionFact("C1", STATUS, Equals(Literal(200)))
TITLE = AssertionFact("C1", body("/title"), HasType(frozenset({JsonType.STRING})))
ANSWER = {"title": "Dune", "id": 5}

UNSURE = {
    "another arm of match": """\
r = c.get("/a")
match r.json():
    case {"title": title}:
        assert title == "Dune"
    case data:
        pytest.fail(f"{data}")
""",
    "an arm that does not fail": """\
r = c.get("/a")
match r.json():
    case {"id": 5}:
        pass
    case {"id": 6} as data:
        assert data
""",
    "an arm with a guard": """\
r = c.get("/a")
match r.json():
    case data if data["id"] == 6:
        assert data
""",
    "a response in an arm of match": """\
match c.get("/a"):
    case Other(status_code=300) as r:
        assert r.json()["id"] == 6
""",
    "one branch of if": """\
r = c.get("/a")
if not flag:
    data = r.json()
assert r.ok
""",
    "a response that is named later": """\
pair = (c.get("/a"), 1)
assert pair
if not flag:
    r = pair[0]
    assert r.status_code == 300
""",
    "a loop that may not run": """\
r = c.get("/a")
for data in [r.json()][:0]:
    assert data
""",
    "a handled exception": """\
r = c.get("/a")
try:
    data = wrong(r.json())
except ValueError:
    pass
assert r.ok
""",
    "a suppressed exception": """\
r = c.get("/a")
with suppress(ValueError):
    wrong()
    data = r.json()
assert r.ok
""",
    "the right side of or": """\
r = c.get("/a")
assert r.status_code == 200
assert r.ok or (data := r.json())
""",
    "the right side of and": """\
r = c.get("/a")
if not flag and (data := r.json()):
    assert data
""",
    "a comprehension": """\
r = c.get("/a")
assert all((data := r.json())["id"] for _ in ())
""",
    "one side of a choice": """\
r = c.get("/a")
found = None if flag else (data := r.json())
assert r.ok
""",
    "a name that is deleted": """\
r = c.get("/a")
data = r.json()
assert data
del data
assert r.ok
""",
}

SURE = {
    "every arm of match": """\
r = c.get("/a")
match data := r.json():
    case {"id": 5}:
        assert data["id"] == 5
    case _:
        pytest.fail("no id")
""",
    "both sides of and that is true": """\
r = c.get("/a")
assert flag and (data := r.json())["id"]
""",
    "the left side of or": """\
r = c.get("/a")
assert (data := r.json())["id"] or flag
""",
    "a condition of if": """\
r = c.get("/a")
if data := r.json():
    assert data["id"]
""",
    "a test that failed before": """\
r = c.get("/a")
if not (flag and (data := r.json())):
    pytest.fail("no body")
assert data["id"]
""",
    "a tuple": """\
r = c.get("/a")
data, number = r.json(), 5
assert data["id"] == number
""",
}


def woven(lines: str) -> str:
    indented = "".join(f"    {line}\n" for line in lines.splitlines())
    text = f"def test_a(c, flag):\n{indented}"
    file = read_tests(text, SourceLanguage.PYTHON)
    return apply_edits(text, weave(file, file.tests[0], [OK, TITLE]).edits)


class Suppress:
    """`contextlib.suppress` for the code of the tests, which imports nothing."""

    def __init__(self, *kinds: type[BaseException]) -> None:
        self._kinds = kinds

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(kind, self._kinds)


def run(text: str) -> None:
    """The test in `text` against an answer of 200."""

    def wrong(*_: object) -> object:
        raise ValueError

    answer = SimpleNamespace(status_code=200, ok=True, json=lambda: dict(ANSWER))
    names: dict[str, Any] = {
        **vars(builtins), "pytest": pytest, "suppress": Suppress, "wrong": wrong, "Other": str,
    }  # fmt: skip
    exec(compile(text, "<test>", "exec"), names)
    names["test_a"](SimpleNamespace(get=lambda _: answer), True)


@pytest.mark.parametrize("shape", UNSURE)
def test_a_name_without_a_value_is_not_used(shape: str) -> None:
    run(woven(UNSURE[shape]))
    after = woven(UNSURE[shape])
    assert 'assert "title" in body' in after
    assert "in data" not in after


@pytest.mark.parametrize("shape", SURE)
def test_a_name_that_every_way_gives_a_value_is_used(shape: str) -> None:
    run(woven(SURE[shape]))
    assert 'assert "title" in data' in woven(SURE[shape])
    assert "body = " not in woven(SURE[shape])


def test_a_request_that_may_not_be_made_gets_no_name() -> None:
    lines = 'if flag and (r := c.get("/a")).status_code == 200:\n    assert r.json()["id"] == 5\n'
    assert woven(lines) == "def test_a(c, flag):\n" + "".join(
        f"    {line}\n" for line in lines.splitlines()
    )
