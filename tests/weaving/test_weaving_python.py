"""Where assertions go in Python tests, what they look like, and when they are refused."""

from __future__ import annotations

import pytest

from pe4king_core.model.fact import (
    CONTENT_TYPE,
    STATUS,
    AssertionFact,
    Check,
    Equals,
    HasType,
    Literal,
    Matches,
    NotNull,
    RequestValue,
    Subject,
    body,
)
from pe4king_core.model.schema import JsonType
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import apply_edits
from pe4king_core.testcode import read_tests
from pe4king_core.weaving import Woven, weave

STRING = HasType(frozenset({JsonType.STRING}))


def fact(subject: Subject, check: Check | None = None, call: str = "C1") -> AssertionFact:
    return AssertionFact(call, subject, check)


TITLE = fact(body("/title"), STRING)
OK = fact(STATUS, Equals(Literal(200)))


def woven(text: str, *facts: AssertionFact) -> str:
    result = weave_in(text, *facts)
    assert result.refused == ()
    return apply_edits(text, result.edits)


def weave_in(text: str, *facts: AssertionFact) -> Woven:
    file = read_tests(text, SourceLanguage.PYTHON)
    return weave(file, file.tests[0], facts)


def reason(text: str, *facts: AssertionFact) -> str:
    result = weave_in(text, *(facts or (TITLE,)))
    assert result.edits == ()
    assert result.added == ()
    return result.refused[0][1].en


def test_behind_the_last_assertion() -> None:
    before = """\
def test_a(client):
    response = client.get("/books/1")
    assert response.status_code == 200  # fine
    print("done")
"""
    after = """\
def test_a(client):
    response = client.get("/books/1")
    assert response.status_code == 200  # fine
    body = response.json()
    assert "title" in body
    assert isinstance(body["title"], str)
    print("done")
"""
    assert woven(before, TITLE) == after


def test_status_comes_before_the_body_is_parsed() -> None:
    after = woven('def test_a(c):\n    r = c.get("/a")\n', TITLE, OK)
    assert after.splitlines()[2:4] == ["    assert r.status_code == 200", "    body = r.json()"]


def test_uses_the_body_that_is_there() -> None:
    text = 'def test_a(c):\n    r = c.get("/a")\n    data = r.json()\n    assert data["id"]\n'
    assert woven(text, TITLE).endswith('    assert isinstance(data["title"], str)\n')
    assert "r.json()\n    assert data" in woven(text, TITLE)


def test_uses_a_body_without_a_response() -> None:
    text = 'def test_a(c):\n    data = c.get("/a").json()\n'
    assert 'assert isinstance(data["title"], str)' in woven(text, TITLE)
    assert "body only" in reason(text, OK)


def test_new_names_are_free() -> None:
    text = 'def test_a(c, body):\n    r = c.get("/a")\n    print(payload)\n'
    assert "response_body = r.json()" in woven(text, TITLE)


def test_each_call_has_its_place() -> None:
    text = """\
def test_a(c):
    r = c.post("/a", json={})
    assert r.status_code == 201
    r = c.get("/a")
    assert r.status_code == 200
"""
    second = fact(body("/id"), NotNull(), "C2")
    lines = woven(text, TITLE, second).splitlines()
    assert lines.index("    assert r.status_code == 201") + 1 == lines.index("    body = r.json()")
    assert lines[-2:] == ['    assert "id" in body', '    assert body["id"] is not None']
    assert lines.index('    r = c.get("/a")') > lines.index("    body = r.json()")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\nimport uuid\n\nimport x\n", "import os\nimport re\nimport uuid\n\nimport x\n"),
        ("from os import path\n", "import re\nfrom os import path\n"),
        ("import os\r\n", "import os\r\nimport re\r\n"),
        ("import abc\nfrom os import (\n    path,\n    sep,\n)\n", None),
        ("from __future__ import annotations\n", None),
        ("import os  # why\n", "import os  # why\nimport re\n"),
        ("import x", None),
    ],
)
def test_imports_stand_where_a_sorted_file_has_them(before: str, after: str | None) -> None:
    newline = "\r\n" if "\r\n" in before else "\n"
    test = f'{newline}{newline}def test_a(c):{newline}    r = c.get("/a"){newline}'
    result = woven(before + test, fact(body("/code"), Matches("^a$")))
    compile(result, "t", "exec")
    head = result[: result.index("def test_a")]
    assert head.count("import re") == 1
    if after is not None:
        assert head == after + newline * 2


def test_imports_are_added_once() -> None:
    pattern = fact(body("/code"), Matches(r"^\d+$"))
    text = '"""Doc."""\n\nimport httpx\n\n\ndef test_a(c):\n    r = c.get("/a")\n'
    once = woven(text, pattern)
    assert once.startswith('"""Doc."""\n\nimport re\n\nimport httpx\n\n\ndef')
    again = read_tests(once, SourceLanguage.PYTHON)
    assert weave(again, again.tests[0], [pattern]).edits[0].span.start > 20


def test_first_import_of_a_file() -> None:
    pattern = fact(body("/code"), Matches("^x$"))
    text = '"""Doc."""\n\n\ndef test_a(c):\n    r = c.get("/a")\n'
    assert woven(text, pattern).startswith('"""Doc."""\n\nimport re\n\n\ndef test_a')
    bare = 'def test_a(c):\n    r = c.get("/a")\n'
    assert woven(bare, pattern).startswith("import re\n\ndef test_a")


def test_echo_of_what_was_sent() -> None:
    echo = fact(body("/title"), Equals(RequestValue("/title")))
    text = 'def test_a(c):\n    book = {"title": "x"}\n    r = c.post("/a", json=book)\n'
    assert 'assert body["title"] == book["title"]' in woven(text, echo)
    assert "request body has /title" in reason(text.replace('"title"', '"name"'), echo)
    changed = text + '    book["title"] = "y"\n    assert r.ok\n'
    assert "request body has" in reason(changed, echo)


def test_only_for_one_status() -> None:
    limited = AssertionFact("C1", body("/title"), STRING, when=200)
    text = 'def test_a(c):\n    r = c.get("/a")\n'
    assert '    if r.status_code == 200:\n        assert "title" in body' in woven(text, limited)
    certain = text + "    assert r.status_code == 200\n"
    assert "if " not in woven(certain, limited)
    assert "another status" in reason(text + "    assert r.status_code == 404\n", limited)


def test_flask_client() -> None:
    text = 'def test_a(c):\n    r = c.get("/a")\n    assert r.get_json()["id"] == 1\n'
    assert "body = r.get_json()" in woven(text, TITLE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def test_a(c):\n    r = c.get('/a'\n", "syntax errors"),
        ("def test_a(c):\n    c.get('/a')\n", "throws the answer away"),
        ("def test_a(c):\n    assert c.get('/a').ok\n", "throws the answer away"),
        ("def test_a(c, s):\n    r = c.get('/a')\n    assert r.status_code == s\n", "constant"),
        ("def test_a(c):\n    for i in x:\n        r = c.get('/a')\n", "loop"),
        ("def test_a(c):\n    while x:\n        r = c.get('/a')\n", "loop"),
        ("def test_a(c):\n    r = c.get('/a')\n    if x:\n        r = c.get('/b')\n", "again"),
        ("def test_a(c):\n    with pytest.raises(E):\n        r = c.get('/a')\n", "exception"),
        ("def test_a(c):\n    r = make(c)\n    assert r.status_code == 1\n", "helper"),
        ("def test_a(r):\n    assert r.status_code == 1\n", "parameter"),
        ("def test_a(c): r = c.get('/a')\n", "share a line"),
        ("def test_a(c):\n    r = c.get('/a'); x = 1\n", "share a line"),
        ("def test_a(c):\n    with c.get('/a') as r: assert r.ok\n", "share a line"),
        ("import aiohttp\nasync def test_a(c):\n    r = await c.get('/a')\n", "client"),
        ("async def test_a(c):\n    r = await c.get('/a')\n    x = await r.json()\n", "client"),
    ],
)
def test_refuses(text: str, words: str) -> None:
    assert words in reason(text)


def test_refuses_a_call_that_is_not_there() -> None:
    assert "no such request" in reason(
        "def test_a(c):\n    r = c.get('/a')\n", fact(STATUS, call="C9")
    )


def test_refuses_what_says_nothing() -> None:
    assert "Every parsed answer" in reason("def test_a(c):\n    r = c.get('/a')\n", fact(body()))


def test_content_type() -> None:
    kind = fact(CONTENT_TYPE, Equals(Literal("application/json")))
    assert "startswith" in woven("def test_a(c):\n    r = c.get('/a')\n", kind)
