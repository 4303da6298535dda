"""Where assertions go in Python tests, what they look like, and when they are refused."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pe4king_core.model.fact import (
    CONTENT_TYPE,
    STATUS,
    AssertionFact,
    Check,
    Equals,
    HasType,
    InRange,
    Literal,
    Matches,
    MultipleOf,
    NotNull,
    OneOf,
    Presence,
    RequestValue,
    Subject,
    body,
)
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.model.source import CallStyle, ModelVariable, SourceLanguage, TestCall
from pe4king_core.model.text import Span, apply_edits
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
    assert "response" not in woven(text, TITLE)
    named = woven(text, TITLE, OK)
    assert '    data = (response := c.get("/a")).json()\n    assert response.status' in named
    fixture = "def test_a(book):\n    assert book.json()['a']\n"
    assert "parameter" in reason(fixture, OK)


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
    assert woven(bare, pattern).startswith("import re\n\n\ndef test_a")


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
        ("def test_a(c):\n    x = y or c.get('/a').text\n", "throws the answer away"),
        ("def test_a(c):\n    return c.get('/a').ok\n", "throws the answer away"),
        ("def test_a(c):\n    x = f'{c.get('/a').text}'\n", "throws the answer away"),
        ("def test_a(c):\n    x = 1 if y else c.get('/a').text\n", "throws the answer away"),
        ("def test_a(c):\n    x = [c.get('/a') for i in y]\n", "loop"),
        ("def test_a(c):\n    while c.get('/a').ok:\n        pass\n", "loop"),
        ("def test_a(c):\n    yield c.get('/a')\n", "generator"),
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
        ("async def test_a(c):\n    r = await c.get('/a')\n    assert r.status == 2\n", "client"),
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


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("try:\n    r = c.get('/a')\nexcept HTTPError:\n    pass\n", "handles exceptions"),
        ("try:\n    r = c.get('/a')\n    assert r.ok\nexcept:\n    x = 1\n", "handles exceptions"),
        ("with suppress(KeyError):\n    r = c.get('/a')\n", "handles exceptions"),
        ("r = c.get('/a')\nif r.status_code == 404:\n    pytest.skip()\nassert r.ok\n", "skipped"),
        ("r = c.get('/a')\nif r.status_code == 404:\n    return\nx = 1\n", "skipped"),
        ("r = c.get('/a')\nif not x:\n    self.skipTest('x')\nassert r.ok\n", "skipped"),
        ("if c.get('/a').status_code == 404:\n    return\n", "skipped"),
    ],
)
def test_refuses_where_a_check_may_not_run(lines: str, words: str) -> None:
    text = "def test_a(c):\n" + "".join(f"    {line}\n" for line in lines.splitlines())
    assert words in reason(text)


@pytest.mark.parametrize(
    "lines",
    [
        "try:\n    r = c.get('/a')\nfinally:\n    clean()\n",
        "if x:\n    pytest.skip()\nr = c.get('/a')\n",
        "r = c.get('/a')\nassert r.ok\nif x:\n    return\ny = 1\n",
        "r = c.get('/a')\nif not r.ok:\n    raise AssertionError\nassert r.ok\n",
        "r = c.get('/a')\ndef f():\n    return 1\nassert r.ok\n",
        "try:\n    x = 1\nexcept E:\n    pass\nr = c.get('/a')\n",
    ],
)
def test_writes_where_a_check_certainly_runs(lines: str) -> None:
    text = "def test_a(c):\n" + "".join(f"    {line}\n" for line in lines.splitlines())
    assert "isinstance(body['title'], str)" in woven(text, TITLE).replace('"', "'")


def test_rows_of_a_table_that_disagree() -> None:
    file = read_tests(
        "def test_a(c, code):\n    r = c.get('/a')\n    assert r.status_code == code\n",
        SourceLanguage.PYTHON,
    )
    test = file.tests[0]
    status = replace(test.assertions[0], check=OneOf((200, 404)))
    rows = replace(test, parametrized=True, assertions=(status,))
    result = weave(file, rows, [TITLE])
    assert "not a constant" in result.refused[0][1].en
    agreeing = replace(rows, assertions=(replace(status, check=Equals(Literal(200))),))
    assert weave(file, agreeing, [TITLE]).added == (TITLE,)


def test_a_body_that_the_test_changed() -> None:
    text = """\
def test_a(c):
    r = c.get("/a")
    data = r.json()
    first = data["items"][0]
    first["x"] = 1
    assert data["items"][0]["x"] == 1
"""
    assert '    body = r.json()\n    assert "title" in body' in woven(text, TITLE)
    alone = text.replace("r.json()", "c.get('/b').json()").replace('    r = c.get("/a")\n', "")
    assert "data = (response := c.get('/b')).json()" in woven(alone, TITLE)
    remembered = "from django.test import Client\n" + text
    assert "changes the parsed body" in reason(remembered)


def test_body_of_a_foreign_client() -> None:
    text = "import aiohttp\nasync def test_a(c):\n    r = await c.get('/a')\n"
    kept = text + "    data = await r.json()\n"
    assert "isinstance(data['title'], str)" in woven(kept, TITLE).replace('"', "'")
    assert "client" in reason(kept, OK)


def test_several_requests_in_one_statement() -> None:
    text = 'def test_a(c):\n    assert c.get("/a").json() == c.get("/b").json()\n'
    second = fact(STATUS, Equals(Literal(201)), "C2")
    assert woven(text, OK, second) == (
        'def test_a(c):\n    assert (response := c.get("/a")).json() == '
        '(response_2 := c.get("/b")).json()\n'
        "    assert response.status_code == 200\n    assert response_2.status_code == 201\n"
    )


def test_helpers_that_keep_their_answer() -> None:
    text = "def test_a(c):\n    make(c)\n"
    file = read_tests("def test_a(c):\n    c.get('/a')\n", SourceLanguage.PYTHON)
    test = file.tests[0]
    hidden = replace(test, calls=(replace(test.calls[0], via=("make",)),))
    assert "helper" in weave(file, hidden, [TITLE]).refused[0][1].en
    fixture = replace(test, calls=(replace(test.calls[0], setup=True),))
    assert "fixture" in weave(file, fixture, [TITLE]).refused[0][1].en
    other = replace(test, calls=(replace(test.calls[0], via=("make",), response="r"),))
    beside = replace(file, tests=(hidden, other))
    assert weave(beside, hidden, [TITLE]).added == (TITLE,)
    assert text


CLASSES = {
    "dataclass": "@dataclass\nclass Book:\n    title: str\n    pages: int = 1\n",
    "pydantic": "class Book(BaseModel):\n    title: str\n    price: float\n    pages: int = 1\n",
    "validating": "class Book(BaseModel):\n    title: str\n    model_config = {}\n",
    "elsewhere": "",
}


def on_model(kind: str, *facts: AssertionFact) -> tuple[str, Woven]:
    text = CLASSES[kind] + "\n\ndef test_a(api):\n    book = api.book(1)\n    print(book)\n"
    file = read_tests(text, SourceLanguage.PYTHON)
    start = text.index("book = api")
    span = Span(start, text.index("\n", start))
    call = TestCall("C1", "GET", "/a", CallStyle.RESPONSE, span, span, span.end, via=("book",))
    members = (("title", ".title"), ("pages", ".pages"), ("price", ".price"))
    model = ModelVariable("book", "C1", "", span.end, "Book", members, frozenset({"pages"}))
    test = replace(file.tests[0], calls=(call,), assertions=(), model_variables=(model,))
    result = weave(file, test, facts)
    return apply_edits(text, result.edits), result


DUNE = fact(body("/title"), Equals(Literal("Dune")))


def test_members_of_an_object() -> None:
    text, result = on_model("dataclass", TITLE, DUNE)
    assert result.added == (TITLE, DUNE)
    assert (
        "    book = api.book(1)\n    assert isinstance(book.title, str)\n"
        '    assert book.title == "Dune"\n    print(book)\n'
    ) in text
    assert 'assert book.title == "Dune"' in on_model("pydantic", DUNE)[0]


@pytest.mark.parametrize(
    ("kind", "asked", "words"),
    [
        ("pydantic", TITLE, "converted"),
        ("pydantic", fact(body("/price"), Equals(Literal(1))), "converted"),
        ("validating", DUNE, "converted"),
        ("elsewhere", DUNE, "converted"),
        ("dataclass", fact(body("/pages"), Equals(Literal(1))), "fills in"),
        ("dataclass", fact(body("/isbn"), NotNull()), "does not show"),
        ("dataclass", fact(body("/title")), "Every parsed answer"),
        ("dataclass", fact(body("/author/name"), STRING), "does not show"),
        ("dataclass", OK, "does not show"),
    ],
)
def test_refuses_what_an_object_does_not_show(kind: str, asked: AssertionFact, words: str) -> None:
    assert words in on_model(kind, asked)[1].refused[0][1].en


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '"""Doc.\n\nimport x\n"""\nimport zlib\n',
            '"""Doc.\n\nimport x\n"""\nimport re\nimport zlib\n',
        ),
        ("#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n", None),
        ("\ufeffimport x, y\n", "\ufeffimport re\n\nimport x, y\n"),
        ("\ufeff", None),
        ("import os, re\n", "import os, re\n"),
        ("import os; import sys\n", "import re\nimport os; import sys\n"),
        ("import os\ntry:\n    import ujson\nexcept ImportError:\n    import json\n", None),
        ("from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import re\n", None),
        ("import regex as regexp\n", "import re\n\nimport regex as regexp\n"),
    ],
)
def test_imports_stand_where_the_file_keeps_them(before: str, after: str | None) -> None:
    result = woven(
        before + "\n\ndef test_a(c):\n    r = c.get('/a')\n", fact(body("/b"), Matches("^a"))
    )
    compile(result.lstrip("\ufeff"), "t", "exec")
    assert result.count("\ufeff") == before.count("\ufeff")
    assert result.startswith(before[:1]) or not before.startswith("\ufeff")
    head = result[: result.index("def test_a")]
    assert re.search(r"^\ufeff?import (?:os, )?re$", head, re.MULTILINE)
    if after is not None:
        assert head == after + "\n\n"


@pytest.mark.parametrize(
    ("line", "after"),
    [
        (
            "from decimal import Context, getcontext",
            "from decimal import Context, Decimal, getcontext",
        ),
        ("from decimal import Context  # why", "from decimal import Context, Decimal  # why"),
        (
            "from decimal import (\n    Context,\n    getcontext,\n)",
            "from decimal import (\n    Context,\n    Decimal,\n    getcontext,\n)",
        ),
        (
            "from decimal import (\n    Context,\n)",
            "from decimal import (\n    Context,\n    Decimal,\n)",
        ),
        ("from decimal import (Context,\n    getcontext)", None),
    ],
)
def test_one_name_more_from_a_module(line: str, after: str | None) -> None:
    text = f"{line}\n\n\ndef test_a(c):\n    r = c.get('/a')\n"
    result = woven(text, fact(body("/b"), MultipleOf(0.5)))
    compile(result, "t", "exec")
    head = result[: result.index("\n\n\ndef")]
    assert head == (after or f"{line}\nfrom decimal import Decimal")


def test_imports_of_the_test_itself() -> None:
    pattern = fact(body("/b"), Matches("^a"))
    own = "def test_a(c):\n    import re\n    r = c.get('/a')\n"
    assert woven(own, pattern).count("import re") == 1
    late = "def test_a(c):\n    r = c.get('/a')\n    x = 1\n    import re\n"
    assert "The name re" in reason(late, pattern)


@pytest.mark.parametrize(
    "head", ["re = 1\n", "def re(): pass\n", "class re: pass\n", "import regex as re\n"]
)
def test_refuses_names_that_mean_something_else(head: str) -> None:
    text = f"{head}def test_a(c):\n    r = c.get('/a')\n"
    assert "The name re" in reason(text, fact(body("/b"), Matches("^a")))


def test_own_words_come_from_the_test_then_from_its_class() -> None:
    mixed = """\
import unittest
class A(unittest.TestCase):
    def test_a(self, client):
        r = client.get("/a")
    def test_b(self):
        assert r.status_code == 1
def test_c(c):
    r = c.get("/a")
"""
    file = read_tests(mixed, SourceLanguage.PYTHON)
    after = apply_edits(mixed, weave(file, file.tests[0], [TITLE]).edits)
    assert 'self.assertIsInstance(body["title"], str)' in after
    after = apply_edits(mixed, weave(file, file.tests[2], [TITLE]).edits)
    assert '    assert isinstance(body["title"], str)' in after


def test_long_lines_where_the_file_has_them() -> None:
    values = OneOf(tuple(f"value number {number}" for number in range(4)))
    text = 'def test_a(c):\n    r = c.get("/a")\n'
    assert "in (\n" in woven(text, fact(body("/genre"), values))
    wide = f"# {'x' * 97}\n" + text
    assert "in (\n" not in woven(wide, fact(body("/genre"), values))
    assert "in (\n" in woven("x = 1\n" * 60 + wide, fact(body("/genre"), values))


@pytest.mark.parametrize(
    "lines",
    [
        "r = c.get('/a', stream=True)\nfor part in r.iter_content():\n    x = part\nassert r.ok\n",
        "with c.stream('GET', '/a') as r:\n    assert r.status_code == 200\n",
    ],
)
def test_a_body_that_is_read_piece_by_piece(lines: str) -> None:
    text = "def test_a(c):\n" + "".join(f"    {line}\n" for line in lines.splitlines())
    assert "piece by piece" in reason(text)
    assert "r.status_code == 200" in woven(text, OK)


@pytest.mark.parametrize(
    ("payload", "pointer", "known"),
    [
        ('{"title": "x"}', "/title", True),
        ('{"name": "title"}', "/title", False),
        ('{**base, "title": x}', "/title", True),
        ('{"a": [{"b": 1}, 2]}', "/a/0/b", True),
        ('{"a": [*x, {"b": 1}]}', "/a/0/b", False),
        ("make()", "/title", False),
        ('dict(title="x")', "/title", False),
    ],
)
def test_what_was_sent_is_seen_in_a_literal(payload: str, pointer: str, known: bool) -> None:
    echo = fact(body("/title"), Equals(RequestValue(pointer)))
    text = f"def test_a(c):\n    book = {payload}\n    r = c.post('/a', json=book)\n"
    assert bool(weave_in(text, echo).added) is known
    again = text.replace("    r =", "    del book['title']\n    r =")
    assert not weave_in(again, echo).added


def test_what_was_sent_is_a_constant_of_the_module() -> None:
    echo = fact(body("/title"), Equals(RequestValue("/title")))
    text = "BOOK = {\n    'title': 'x',\n}\ndef test_a(c):\n    r = c.post('/a', json=BOOK)\n"
    assert "assert body['title'] == BOOK['title']" in woven(text, echo)
    assert not weave_in(text.replace("c):", "c, BOOK):"), echo).added


def test_inner_blocks_come_before_outer_ones() -> None:
    text = """\
def test_a(c):
    first = c.get("/a")
    with step("b"):
        second = c.get("/b")
        assert first.json()["x"] == second.json()["x"]
"""
    after = woven(text, TITLE, fact(STATUS, Equals(Literal(201)), "C2"))
    compile(after, "t", "exec")
    lines = after.splitlines()
    assert lines.index("        assert second.status_code == 201") < lines.index(
        "    body = first.json()"
    )


def test_a_library_under_another_name() -> None:
    text = """\
from hamcrest import assert_that as check_that, equal_to


def test_a(c):
    r = c.get("/a")
    check_that(r.status_code, equal_to(200))
"""
    result = weave_in(text, TITLE)
    after = apply_edits(text, result.edits)
    compile(after, "t", "exec")
    head = after[: after.index("def test_a")]
    assert not re.search(r"\bassert_that\(", after) or re.search(r"\bassert_that(?! as)", head)


def test_many_names_from_one_module() -> None:
    text = """\
from hamcrest import assert_that, equal_to
from x import y


def test_a(c):
    r = c.get("/a")
    assert_that(r.status_code, equal_to(200))
"""
    price = fact(body("/price"), InRange(Bounds(0, 10)))
    missing = AssertionFact("C1", body("/isbn"), presence=Presence.ABSENT)
    after = woven(text, TITLE, price, missing)
    compile(after, "t", "exec")
    assert after.startswith(
        "from hamcrest import assert_that, equal_to\nfrom hamcrest import (\n"
        "    greater_than_or_equal_to,\n    has_key,\n    instance_of,\n"
        "    less_than_or_equal_to,\n    not_,\n)\nfrom x import y\n"
    )
    few = woven(text, TITLE)
    assert few.startswith("from hamcrest import assert_that, equal_to, has_key, instance_of\n")


def test_a_collector_of_the_suite_is_left_alone() -> None:
    text = """\
def test_a(c):
    soft = Soft()
    r = c.get("/a")
    soft.check(r.status_code == 200, "status")
    soft.done()
"""
    assert '    assert isinstance(body["title"], str)' in woven(text, TITLE)


@pytest.mark.parametrize("line", ["import os, re", "import re  # why", "import re, os"])
def test_imports_of_the_test_in_other_spellings(line: str) -> None:
    text = f"def test_a(c):\n    {line}\n    r = c.get('/a')\n"
    assert "\nimport re\n" not in "\n" + woven(text, fact(body("/b"), Matches("^a")))


def test_what_is_asserted_to_be_there_is_not_asserted_again() -> None:
    text = (
        "def test_a(client):\n"
        "    response = client.get('/books/1')\n"
        "    body = response.json()\n"
        "    assert body['title']\n"
    )
    file = read_tests(text, SourceLanguage.PYTHON)
    facts = [
        AssertionFact("C1", body(f"/{name}"), HasType(frozenset({JsonType.STRING})))
        for name in ("title", "isbn")
    ]
    after = apply_edits(text, weave(file, file.tests[0], facts).edits)
    assert "'isbn' in body" in after
    assert "'title' in body" not in after
    assert "isinstance(body['title'], str)" in after
