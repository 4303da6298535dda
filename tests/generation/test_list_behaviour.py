"""Cases of lists: what is made is listed, what is removed is not, and what is asked for is held."""

from __future__ import annotations

import re

import pytest

from pe4king_core.generation import generate
from pe4king_core.model.case import TestCase, TestPlan, TestStyle
from pe4king_core.model.fact import (
    Basis,
    Check,
    Contains,
    CountOf,
    Equals,
    HasSize,
    InRange,
    Literal,
    Presence,
    RequestValue,
    ResponseValue,
    Sorted,
)
from pe4king_core.model.schema import Bounds
from pe4king_core.openapi import load
from pe4king_core.rendering.formats import formats

SHELF = """
openapi: 3.1.0
info: {title: Shelf, version: "1"}
paths:
  /books:
    get:
      operationId: listBooks
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
        - {name: genre, in: query, schema: {type: string, enum: [novel, poem]}}
        - {name: minPrice, in: query, schema: {type: number}, example: 10}
        - {name: sort, in: query, schema: {type: string, enum: [price, "-price", title, "-title"]}}
      responses:
        "200":
          description: a page
          content:
            application/json:
              schema:
                type: object
                required: [items, total]
                properties:
                  items: {type: array, items: {$ref: "#/components/schemas/Book"}}
                  total: {type: integer}
    post:
      operationId: addBook
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/NewBook"}}}
      responses:
        "201":
          description: made
          content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}
  /books/{bookId}:
    parameters: [{name: bookId, in: path, required: true, schema: {type: integer}}]
    delete: {operationId: dropBook, responses: {"204": {description: gone}}}
  /books/{bookId}/notes:
    parameters: [{name: bookId, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: listNotes
      parameters: [{name: offset, in: query, schema: {type: integer}}]
      responses:
        "200":
          description: notes
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Note"}}
    post:
      operationId: addNote
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [text], properties: {text: {type: string}}}
      responses:
        "201":
          description: made
          content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}
components:
  schemas:
    NewBook:
      type: object
      required: [title, genre, price, address, authors, tags]
      properties:
        title: {type: string}
        genre: {type: string, enum: [poem, novel]}
        price: {type: number}
        email: {type: string, format: email}
        printed: {type: string, format: date}
        seen: {type: string, format: date-time}
        address:
          type: object
          required: [street]
          properties: {street: {type: string}, id: {type: string}}
        authors:
          type: array
          maxItems: 1
          items: {type: object, required: [name], properties: {name: {type: string}}}
        tags: {type: array, minItems: 2, maxItems: 2, items: {type: string}}
        lines: {type: array, minItems: 2, maxItems: 2, items: {type: string}}
      example:
        title: A
        genre: novel
        price: 12
        email: a@example.com
        printed: "2024-01-02"
        seen: "2024-01-02T00:00:00Z"
        address: {street: Long street, id: x}
        authors: [{name: B}]
        tags: [a, b]
        lines: [a, b]
    Book:
      type: object
      required: [id, title, genre, price, authors, tags]
      properties:
        id: {type: integer}
        title: {type: string}
        genre: {type: string, enum: [poem, novel]}
        price: {type: number}
        email: {type: string, format: email}
        printed: {type: string, format: date}
        seen: {type: string, format: date-time}
        address: {type: object, properties: {street: {type: string}, id: {type: string}}}
        authors: {type: array, items: {type: object, properties: {name: {type: string}}}}
        tags: {type: array, items: {type: string}}
        lines: {type: array, items: {type: string}}
    Note:
      type: object
      required: [id, text]
      properties: {id: {type: integer}, text: {type: string}}
"""


def cases(text: str = SHELF) -> dict[str, TestCase]:
    models = generate(load(text, "file:///shelf.yaml"), TestPlan())
    return {case.id: case for model in models for case in model.cases}


def said(case: TestCase) -> list[tuple[str, Check | None]]:
    """What the laws say of the answer."""
    return [(f.subject.name, f.check) for f in case.assertions if f.basis is Basis.LAW]


BOOK = ResponseValue("POST /books", "/id")


def test_what_is_deleted_is_not_listed_on_any_page() -> None:
    case = cases()["listBooks.positive.unlisted-after-delete"]
    assert [step.call for step in case.given] == ["POST /books", "DELETE /books/{bookId}"]
    assert said(case) == [("/items", Contains(BOOK, "id", absent=True))]
    assert case.request.query == {"limit": 50}, "as much as a page may hold"
    assert case.basis is Basis.LAW


def test_what_is_made_in_what_the_test_has_made_is_listed_in_spite_of_pages() -> None:
    case = cases()["listNotes.positive.listed"]
    note = ResponseValue("POST /books/{bookId}/notes", "/id")
    assert [step.call for step in case.given] == ["POST /books", "POST /books/{bookId}/notes"]
    assert said(case) == [("", Contains(note, "id"))]
    assert case.request.path_parameters == {"bookId": BOOK}


NOTE = """
  /books/{bookId}/notes/{noteId}:
    parameters:
      - {name: bookId, in: path, required: true, schema: {type: integer}}
      - {name: noteId, in: path, required: true, schema: {type: integer}}
    delete: {operationId: dropNote, summary: Remove a note., responses: {"204": {description: ""}}}
components:
"""
WITH_NOTE = SHELF.replace("\ncomponents:\n", NOTE)
INLINE = (
    "{type: object, required: [id, text], properties: {id: {type: integer}, text: {type: string}}}"
)
ADDED = 'made\n          content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}'
"""The answer of the POST that makes a note."""


def of_notes(text: str) -> set[str]:
    """The laws that are said of the list of notes."""
    return {each.law for each in cases(text).values() if each.id.startswith("listNotes.")} & {
        "listed",
        "unlisted-after-delete",
    }


def test_what_is_deleted_in_what_the_test_has_made_is_not_listed() -> None:
    case = cases(WITH_NOTE)["listNotes.positive.unlisted-after-delete"]
    made = "POST /books/{bookId}/notes"
    gone = "DELETE /books/{bookId}/notes/{noteId}"
    assert [step.call for step in case.given] == ["POST /books", made, gone]
    assert said(case) == [("", Contains(ResponseValue(made, "/id"), "id", absent=True))]
    assert [step.clean_up.operation.key for step in case.given if step.clean_up] == [
        "DELETE /books/{bookId}",
        gone,
    ]


def test_what_is_listed_below_another_thing_is_what_is_made_there() -> None:
    """A membership may be listed as the person it is of: the ids are other ones."""
    assert of_notes(WITH_NOTE) == {"listed", "unlisted-after-delete"}
    other = ADDED.replace('{$ref: "#/components/schemas/Note"}', "{%s}")
    same = other.replace("{%s}", INLINE)
    entry = other.replace("{%s}", INLINE.replace("text", "label"))
    bare = other.replace("{%s}", "{type: object, properties: {id: {type: integer}}}")
    assert of_notes(WITH_NOTE.replace(ADDED, same)) == {"listed", "unlisted-after-delete"}
    assert of_notes(WITH_NOTE.replace(ADDED, entry)) == set()
    assert of_notes(WITH_NOTE.replace(ADDED, bare)) == set()


def test_nothing_is_said_of_a_list_in_what_was_there_before() -> None:
    """Others may add to it and remove from it, and its pages may be many."""
    assert (
        of_notes(WITH_NOTE.replace("    post:\n      operationId: addBook", "    x-post:")) == set()
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Remove a note.", "Archive a note."),
        ("{id: {type: integer}, text:", "{id: {type: integer}, deletedAt: {type: string}, text:"),
        (
            "{id: {type: integer}, text:",
            "{id: {type: integer}, state: {type: string, enum: [new, deleted]}, text:",
        ),
    ],
)
def test_what_may_be_told_of_after_its_end_may_be_listed(old: str, new: str) -> None:
    assert WITH_NOTE.replace(old, new) != WITH_NOTE
    assert of_notes(WITH_NOTE.replace(old, new)) == {"listed"}


def test_the_code_makes_what_it_does_not_look_at() -> None:
    """No id is promised, so that there is something is all that can be said; it has to be made."""
    unsure = SHELF.replace("required: [id, text]", "required: [text]")
    models = generate(load(unsure, "file:///shelf.yaml"), TestPlan())
    [text] = [formats()["pytest"].render(each, TestStyle()).text for each in models]
    [_, after] = text.split("def test_list_notes_is_not_empty_with_a_created_note(")
    assert "".join(after.partition(")")[0].split()).strip(",") == "api,created_book,created_note"


def test_a_list_with_pages_is_not_empty_and_one_without_has_what_was_made() -> None:
    assert said(cases()["listBooks.positive.listed"]) == [("/items", HasSize(Bounds(low=1)))]
    whole = SHELF.replace("name: limit,", "name: colour,")
    assert said(cases(whole)["listBooks.positive.listed"]) == [("/items", Contains(BOOK, "id"))]


@pytest.mark.parametrize(
    "parameter",
    [
        "{name: since, in: query, schema: {type: string, format: date}}",
        "{name: archived, in: query, schema: {type: boolean}}",
        "{name: shop, in: query, schema: {type: string, default: main}}",
        "{name: shop, in: query, description: By default ours., schema: {type: string}}",
        "{name: shop, in: query, required: true, schema: {type: string}}",
    ],
)
def test_nothing_is_said_of_a_list_that_may_leave_something_out(parameter: str) -> None:
    hiding = SHELF.replace("parameters:\n", f"parameters:\n        - {parameter}\n", 1)
    assert "listBooks.positive.listed" not in cases(hiding)


@pytest.mark.parametrize(
    "told",
    ["summary: Published books.", "description: Our books. Only stored ones are told of."],
)
def test_nothing_is_said_of_a_list_that_tells_of_some_only(told: str) -> None:
    some = SHELF.replace("operationId: listBooks", f"operationId: listBooks\n      {told}")
    assert "listBooks.positive.listed" not in cases(some)
    assert "listBooks.positive.count" in cases(some)


def test_a_total_counts_what_a_page_shows() -> None:
    case = cases()["listBooks.positive.count"]
    assert case.request.query == {"limit": 50}
    assert said(case) == [("/total", Equals(CountOf("/items", 50)))]
    whole = SHELF.replace("name: limit,", "name: colour,")
    assert said(cases(whole)["listBooks.positive.count"]) == [("/total", Equals(CountOf("/items")))]
    unknown = SHELF.replace(", maximum: 50", "")
    assert "listBooks.positive.count" not in cases(unknown), "nobody says how long a page may be"


def test_filters_limits_and_orders_hold_where_their_meaning_is_certain() -> None:
    found = cases()
    asked = {
        case.id.removeprefix("listBooks.positive."): (dict(case.request.query), said(case))
        for case in found.values()
        if case.law in ("filter", "order", "limit")
    }
    assert asked == {
        "filter.genre": ({"genre": "novel"}, [("/items/*/genre", Equals(Literal("novel")))]),
        "filter.minPrice": ({"minPrice": 10}, [("/items/*/price", InRange(Bounds(low=10)))]),
        "order.sort.price": ({"sort": "price"}, [("/items", Sorted("/price"))]),
        "order.sort.-price": ({"sort": "-price"}, [("/items", Sorted("/price", True))]),
        "limit.limit": ({"limit": 1}, [("/items", HasSize(Bounds(high=1)))]),
    }, "texts are sorted in many ways"


def test_no_filter_is_certain_of_another_choice_or_of_free_text() -> None:
    other = SHELF.replace("enum: [novel, poem]", "enum: [novel, any]")
    free = SHELF.replace(", enum: [novel, poem]", "")
    for text in (other, free):
        assert "listBooks.positive.filter.genre" not in cases(text)


def test_what_is_sent_in_objects_and_lists_comes_back() -> None:
    echo = cases()["addBook.positive.echo"]
    facts = {(f.subject.name, repr(f.check)): f for f in echo.assertions}
    assert [(name, check) for name, check in said(echo)] == [
        ("/title", Equals(RequestValue("/title"))),
        ("/genre", Equals(RequestValue("/genre"))),
        ("/price", Equals(RequestValue("/price"))),
        ("/address/street", Equals(RequestValue("/address/street"))),
        ("/authors/0/name", Equals(RequestValue("/authors/0/name"))),
        ("/tags", Contains(RequestValue("/tags/0"))),
        ("/tags", Contains(RequestValue("/tags/1"))),
        ("/email", Equals(RequestValue("/email"))),
        ("/printed", Equals(RequestValue("/printed"))),
        ("/lines", Equals(RequestValue("/lines"))),
    ], "no times, no ids; servers sort tags"
    street = facts["/address/street", repr(Equals(RequestValue("/address/street")))]
    assert street.guards == ("/address",), "the answer need not have an address"
    assert street.presence is Presence.IF_PRESENT


def test_addresses_are_compared_where_nobody_lowers_them() -> None:
    upper = SHELF.replace("a@example.com", "A@example.com")
    assert "/email" not in dict(said(cases(upper)["addBook.positive.echo"]))


def test_several_objects_of_a_list_may_come_back_in_another_order() -> None:
    several = SHELF.replace("[{name: B}]", "[{name: B}, {name: C}]").replace("maxItems: 1\n", "\n")
    names = [name for name, _ in said(cases(several)["addBook.positive.echo"])]
    assert not [name for name in names if name.startswith("/authors")]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "pytest",
            [
                'assert created_book["id"] not in [item.get("id") for item in body["items"]]',
                'assert created_note["id"] in [item.get("id") for item in body]',
                'assert min(body["total"], 50) == len(body["items"])',
            ],
        ),
        (
            "junit-restassured",
            [
                '.body("items.id", not(hasItem(createdBook.<Object>path("id"))))',
                '.body("id", hasItem(createdNote.<Object>path("id")))',
                "[it.total, 50].min() == it.items.size()",
            ],
        ),
    ],
)
def test_the_code_says_it(name: str, lines: list[str]) -> None:
    models = generate(load(SHELF, "file:///shelf.yaml"), TestPlan())
    text = "\n".join(formats()[name].render(model, TestStyle()).text for model in models)
    joined = re.sub(r'"\s*\+ "', "", " ".join(text.split()))
    assert [line for line in lines if line not in joined] == []
