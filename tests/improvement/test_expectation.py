"""Which answer a test expects: never guessed where the test says something we cannot read."""

from __future__ import annotations

import pytest

from pe4king_core.improvement.expectation import expectation
from pe4king_core.model.source import SourceLanguage
from pe4king_core.openapi import load
from pe4king_core.testcode import read_tests

[OPERATION] = load(
    """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /x:
    get:
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: {type: object, properties: {id: {type: string}, list: {type: array}}}
        "404":
          description: none
          content: {application/json: {schema: {type: object, properties: {detail: {}}}}}
""",
    "file:///t.yaml",
).operations

PYTHON = "import requests\n\n\ndef test_a(code):\n    r = requests.get('/x')\n{body}"
JAVA = """class ATest {{
  @Test void a() {{
    {body}
  }}
}}
"""


def told(source: str, language: SourceLanguage) -> tuple[int | None, bool]:
    [test] = read_tests(source, language).tests
    found = expectation(test, test.calls[0], OPERATION, source)
    assert (found.status is None) is (found.problem is not None)
    return found.status, found.asserted


@pytest.mark.parametrize(
    ("lines", "status", "asserted"),
    [
        (["assert r.status_code == 200"], 200, True),
        (["assert r.status_code == 404", "assert r.json()['detail']"], 404, True),
        (["assert r.ok"], 200, True),
        (["r.raise_for_status()"], 200, True),
        (["assert r.status_code // 100 == 4"], 404, True),
        (["assert r.status_code in (404, 410)"], 404, True),
        ([], 200, False),
        (["assert r.json()['id'] == '5'"], 200, False),
        (["data = r.json()", "assert data['id']"], 200, False),
        (["expect(r, 404)"], None, False),
        (["if r.status_code != 404:", "    raise AssertionError"], 404, True),
        (["assert r.json()['detail'] == 'none'"], None, False),
        (["assert r.reason == 'Not Found'"], None, False),
        (["print(r.status_code)"], None, False),
        (["assert not r.ok"], None, False),
        (["assert r.status_code == code"], None, False),
        (["assert r.status_code != 200"], None, False),
        (["check(r)", "assert r.json()['id']"], None, False),
        (["assert r.status_code in (200, 404)"], None, False),
        (["assert r.status_code == 500"], 500, True),
    ],
    ids=str,
)
def test_python(lines: list[str], status: int | None, asserted: bool) -> None:
    body = "".join(f"    {line}\n" for line in lines)
    assert told(PYTHON.format(body=body), SourceLanguage.PYTHON) == (status, asserted)


@pytest.mark.parametrize(
    ("body", "status", "asserted"),
    [
        ('get("/x").then().statusCode(404);', 404, True),
        ('get("/x").then().body("id", notNullValue());', 200, False),
        ('get("/x").then().log().all();', 200, False),
        ('get("/x").then().spec(notFound);', None, False),
        ('get("/x").then().statusLine(containsString("404"));', None, False),
        ('get("/x").then().body("detail", equalTo("a.spec(b)"));', None, False),
        ('Response r = get("/x"); expect(r, 404);', None, False),
        ('Response r = get("/x"); if (r.statusCode() != 404) fail();', 404, True),
        ('Response r = get("/x"); assertEquals(404, r.statusCode());', 404, True),
        ('get("/x").then().statusCode(anyOf(is(404), is(410)));', 404, True),
    ],
    ids=str,
)
def test_java(body: str, status: int | None, asserted: bool) -> None:
    assert told(JAVA.format(body=body), SourceLanguage.JAVA) == (status, asserted)
