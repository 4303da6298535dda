"""What an edit may replace: assertions that no documented answer can pass, and nothing else."""

from __future__ import annotations

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelResult, LevelState
from pe4king_core.openapi import load
from pe4king_core.proof.gates.keeping.gate import KeepingGate
from pe4king_core.proof.proposed import Proposed, Surroundings

DOCUMENT = """
openapi: 3.0.3
info: {title: Books, version: "1"}
paths:
  /books/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: the book
          content:
            application/json:
              schema:
                type: object
                required: [title, pages]
                properties:
                  title: {type: string}
                  pages: {type: integer}
                  genre: {type: string, enum: [novel, poetry]}
        "404": {description: no such book}
"""
PYTHON = """def test_get(client):
    r = client.get("/books/1")
    assert r.status_code == 200
    assert r.headers["Content-Type"] == "application/json"
    assert r.json()["title"] == "Emma"
    assert r.json()["genre"] == "novel"
"""
JAVA = """class BooksTest {
    @Test
    void get() {
        given().get("/books/1").then().statusCode(200)
            .body("title", equalTo("Emma"))
            .body("genre", equalTo("novel"));
    }
}
"""


def judged(language: SourceLanguage, before: str, after: str) -> LevelResult:
    """What the gate says with the document."""
    edit = Edit(Span(0, len(before)), after)
    around = Surroundings(documents=(load(DOCUMENT, "file:///books.yaml"),))
    return KeepingGate().check(Proposed(language, before, (edit,)), around)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("== 201", "== 200"),
        ("in (201, 202)", "== 200"),
        ('"application/xml"', '"application/json"'),
        ('["titel"] == "Emma"', '["title"] == "Emma"'),
        ('["title"] == 5', '["title"] == "Emma"'),
        ('== "drama"', '== "novel"'),
    ],
)
def test_what_contradicts_the_document_may_be_replaced(wrong: str, right: str) -> None:
    before = PYTHON.replace(right, wrong, 1)
    assert before != PYTHON
    result = judged(SourceLanguage.PYTHON, before, PYTHON)
    assert result.state is LevelState.WARNED, result.reason.en
    assert "contradicts the document" in result.reason.en
    assert "противоречит документу" in result.reason.ru


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("statusCode(201)", "statusCode(200)"),
        ('body("titel"', 'body("title"'),
        ('equalTo("drama")', 'equalTo("novel")'),
    ],
)
def test_the_same_in_java(wrong: str, right: str) -> None:
    result = judged(SourceLanguage.JAVA, JAVA.replace(right, wrong, 1), JAVA)
    assert result.state is LevelState.WARNED, result.reason.en


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("== 200", "== 404"),
        ('["title"] == "Emma"', '["title"] == "Persuasion"'),
        ('== "novel"', '== "poetry"'),
    ],
)
def test_what_the_document_allows_is_kept(old: str, new: str) -> None:
    result = judged(SourceLanguage.PYTHON, PYTHON, PYTHON.replace(old, new, 1))
    assert result.state is LevelState.FAILED


def test_a_contradiction_is_not_simply_removed() -> None:
    before = PYTHON.replace("== 200", "== 201")
    after = before.replace("    assert r.status_code == 201\n", "")
    assert judged(SourceLanguage.PYTHON, before, after).state is LevelState.FAILED


def test_another_loss_beside_a_replacement_fails() -> None:
    before = PYTHON.replace("== 200", "== 201")
    after = PYTHON.replace('    assert r.json()["title"] == "Emma"\n', "")
    assert judged(SourceLanguage.PYTHON, before, after).state is LevelState.FAILED


def test_without_the_document_nothing_may_be_replaced() -> None:
    before = PYTHON.replace("== 200", "== 201")
    edit = Edit(Span(0, len(before)), PYTHON)
    proposed = Proposed(SourceLanguage.PYTHON, before, (edit,))
    assert KeepingGate().check(proposed, Surroundings()).state is LevelState.FAILED


def test_a_failure_has_the_place_of_its_test() -> None:
    after = PYTHON.replace("== 200", "in (200, 404)")
    result = judged(SourceLanguage.PYTHON, PYTHON, after)
    assert result.span is not None
    assert result.span.of(after) == "def test_get(client):"


def test_a_new_file_has_nothing_to_keep() -> None:
    proposed = Proposed(SourceLanguage.PYTHON, "", (Edit(Span(0, 0), PYTHON),))
    assert KeepingGate().check(proposed, Surroundings()).state is LevelState.PASSED
