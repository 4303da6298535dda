"""Offset to element and element to range, in texts of all line ends and of any characters."""

from __future__ import annotations

import json

import pytest

from pe4king_core.model.text import Encoding, LineTable, Position
from pe4king_core.openapi.checks.grammar import ElementKind
from pe4king_core.openapi.places import PlacedElement, element_at, element_of
from pe4king_core.openapi.units.document_text import DocumentText

YAML = """\
openapi: 3.1.0
info: {title: 📚 Книги, version: "1"}
paths:
  /книги/{id}:
    get:
      summary: 😀😀 all
      parameters:
        - name: лимит📏
          in: query
          schema: {type: integer, maximum: 9}
      responses:
        200:
          description: 👍 ok
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Book'}
              example: {title: "📖"}

components:
  schemas:
    Book:
      type: object
      properties:
        title:
          type: string
          minLength: 1
"""
GET = "/paths/~1книги~1{id}/get"
AS_JSON = """\
{"openapi": "3.1.0", "info": {"title": "😀"},
 "paths": {"/a😀": {"get": {"parameters": [{"name": "q", "in": "query"}]}}}}
"""


def read(text: str) -> DocumentText:
    return DocumentText.read(text)


def at(text: str, needle: str) -> PlacedElement:
    return element_at(read(text), "3.1.0", text.index(needle))


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("needle", "pointer", "kind", "label", "whole"),
    [
        ("get:", GET, ElementKind.OPERATION, "GET /книги/{id}", None),
        ("😀 all", f"{GET}/summary", ElementKind.FIELD, None, "summary: 😀😀 all"),
        ("maximum", f"{GET}/parameters/0/schema/maximum", ElementKind.KEYWORD, None, "maximum: 9"),
        ("/книги", "/paths/~1книги~1{id}", ElementKind.PATH_ITEM, "path item `/книги/{id}`", None),
        (
            "minLength",
            "/components/schemas/Book/properties/title/minLength",
            ElementKind.KEYWORD,
            "keyword `minLength` of property `title` of schema `Book`",
            "minLength: 1",
        ),
        ("200:", f"{GET}/responses/200", ElementKind.RESPONSE, None, None),
        ('"📖"', f"{GET}/responses/200/content/application~1json/example/title", None, None, None),
    ],
)
def test_what_stands_where(needle, pointer, kind, label, whole, line_end) -> None:
    text = YAML.replace("\n", line_end)
    found = at(text, needle)
    assert found.element.pointer == pointer
    assert kind is None or found.element.kind is kind
    assert label is None or found.element.label.en == label
    assert whole is None or found.span.of(text) == whole
    back = element_of(read(text), "3.1.0", pointer)
    assert back == found


def test_the_name_that_stands_in_the_data_is_used() -> None:
    found = element_of(read(YAML), "3.1.0", f"{GET}/parameters/0")
    assert found is not None
    assert found.element.name == "лимит📏"
    assert found.element.label.ru == "параметр `лимит📏` операции GET /книги/{id}"
    assert found.span.of(YAML).startswith("name: лимит📏\n")
    assert found.span.of(YAML).endswith("schema: {type: integer, maximum: 9}")


def test_ranges_in_all_column_units() -> None:
    lines = LineTable(YAML)
    found = at(YAML, "ok\n")
    assert found.span.of(YAML) == "description: 👍 ok"
    units = {Encoding.UTF8: 30, Encoding.UTF16: 28, Encoding.UTF32: 27}
    for encoding, column in units.items():
        assert lines.position(found.span.end, encoding) == Position(12, column)
        offset = lines.offset(Position(12, column - 1), encoding)
        assert element_at(read(YAML), "3.1.0", offset) == found


def test_json() -> None:
    text = AS_JSON
    found = at(text, '"in"')
    assert found.element.pointer == "/paths/~1a😀/get/parameters/0/in"
    assert found.span.of(text) == '"in": "query"'
    operation = at(text, '"get"')
    assert json.loads("{" + operation.span.of(text) + "}").keys() == {"get"}
    assert operation.name_span.of(text) == '"get"'


def test_the_document_and_what_is_not_there() -> None:
    document = read(YAML)
    whole = element_of(document, "3.1.0", "")
    assert whole is not None
    assert whole.element.kind is ElementKind.DOCUMENT
    assert whole.span.of(YAML).startswith("openapi")
    for pointer in ("/no", f"{GET}/parameters/1", f"{GET}/summary/x", "no"):
        assert element_of(document, "3.1.0", pointer) is None
    for offset in (-5, len(YAML) + 5):
        assert element_at(document, "3.1.0", offset).span.end <= len(YAML)


def test_every_place_of_a_text_leads_back_to_itself() -> None:
    document = read(YAML)
    for offset in range(len(YAML)):
        found = element_at(document, "3.1.0", offset)
        assert found == element_of(document, "3.1.0", found.element.pointer)
        inner = element_at(document, "3.1.0", found.name_span.start)
        assert inner.element.pointer.startswith(found.element.pointer)


def test_broken_documents_still_tell() -> None:
    text = YAML.replace("in: query", 'in: "query')
    found = at(text, "minLength")
    assert found.element.label.en == "keyword `minLength` of property `title` of schema `Book`"
    operation = at(text, "get:")
    assert operation.element.label.en == "GET /книги/{id}"
    typed = YAML.replace("          minLength: 1\n", "          min\n")
    assert at(typed, "min\n").element.pointer.startswith("/components/schemas/Book")
