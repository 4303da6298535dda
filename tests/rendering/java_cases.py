"""Cases for tests of the Java format: a small bookstore, and one whose texts are hostile."""

from __future__ import annotations

from dataclasses import replace

from pe4king_core.model.case import (
    Body,
    CleanUp,
    FactGroup,
    Labels,
    PlacedGroup,
    Request,
    Step,
    TestCase,
    TestModel,
    TestStyle,
)
from pe4king_core.model.fact import (
    CONTENT_TYPE,
    AssertionFact,
    Basis,
    CaseKind,
    Conforms,
    Credentials,
    Equals,
    HasType,
    InRange,
    Literal,
    RequestValue,
    ResponseValue,
    body,
)
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import (
    Operation,
    ParameterIn,
    SchemeKind,
    SecurityScheme,
)
from pe4king_core.model.schema import Bounds, JsonType

STYLE = TestStyle(package="com.example.books")
LIST = Operation("GET", "/books", "#/paths/~1books/get", "listBooks", tags=("Books",))
CREATE = Operation("POST", "/books", "#/paths/~1books/post", "createBook", tags=("Books",))
REMOVE = Operation("DELETE", "/books/{bookId}", "#/paths/~1books~1{bookId}/delete", "deleteBook")
UPDATE = Operation("PUT", "/books/{bookId}", "#/paths/~1books~1{bookId}/put", "updateBook")
NEW_BOOK: Json = {"title": "Dune", "price": 9.99, "tags": ["scifi", "classic"]}
SCHEMES = (
    SecurityScheme("apiKey", SchemeKind.API_KEY, ParameterIn.HEADER, "X-API-Key"),
    SecurityScheme("bearerAuth", SchemeKind.BEARER),
    SecurityScheme("basicAuth", SchemeKind.BASIC),
)
NASTY = (
    'quote " back\\slash \\u0022 \\uuuu end */ /* // \n new\r\n ${x} #{y} %s %n \t tab '
    '\x00\x07\x7f \u2028\u2029\u202e Ünïcødé ключ 😀 """ \\""" {{ x }} {% x %} <b> @tag '
    "\ud800 'single'"
)


def case(name: str, operation: Operation, request: Request, **changes: object) -> TestCase:
    plain = TestCase(
        id=f"{operation.operation_id}.positive",
        name=name,
        kind=CaseKind.POSITIVE,
        operation=operation,
        title=Message("says what is tested", "говорит, что проверяется"),
        call="C1",
        request=request,
        statuses=(200,),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def model(*cases: TestCase, group: str = "Books") -> TestModel:
    return TestModel(group, "Bookstore", "http://127.0.0.1:8000/api", cases)


def has_type(pointer: str, kind: JsonType) -> AssertionFact:
    return AssertionFact("C1", body(pointer), HasType(frozenset({kind})))


def bookstore() -> TestModel:
    listed = case(
        "list_books_returns_a_page",
        LIST,
        Request("GET", "/books", query={"limit": 10, "tag": ["a", "b"]}),
        title=Message("returns a page of books", "возвращает страницу книг"),
        labels=Labels("Catalogue", "qa-team", "critical"),
        assertions=(
            AssertionFact("C1", CONTENT_TYPE, Equals(Literal("application/json"))),
            has_type("/items", JsonType.ARRAY),
            has_type("/items/*", JsonType.OBJECT),
            has_type("/items/*/price", JsonType.NUMBER),
            AssertionFact("C1", body("/items/*/price"), InRange(Bounds(0))),
            AssertionFact("C1", body(""), Conforms("#/components/schemas/Page")),
        ),
    )
    created = Step(
        "C0",
        CREATE,
        Request("POST", "/books", body=Body("application/json", NEW_BOOK)),
        201,
        CleanUp(
            REMOVE, Request("DELETE", "/books/{bookId}", {"bookId": ResponseValue("C0", "/id")})
        ),
    )
    updated = case(
        "update_book_changes_the_title",
        UPDATE,
        Request(
            "PUT",
            "/books/{bookId}",
            path_parameters={"bookId": ResponseValue("C0", "/id")},
            body=Body("application/json", {"title": "Dune Messiah", "price": 12}),
        ),
        given=(created,),
        assertions=(
            AssertionFact("C1", body("/title"), Equals(RequestValue("/title"))),
            AssertionFact("C1", body("/id"), Equals(ResponseValue("C0", "/id"))),
        ),
        labels=Labels("Catalogue"),
    )
    rejected = case(
        "create_book_rejects_a_malformed_body",
        CREATE,
        Request("POST", "/books", body=Body("application/json", raw='{"title": ')),
        kind=CaseKind.NEGATIVE,
        title=Message("rejects a malformed body", "отвергает некорректное тело"),
        statuses=(400, 422),
        labels=Labels("Catalogue"),
    )
    anonymous = case(
        "list_books_needs_credentials",
        LIST,
        Request("GET", "/books", credentials=Credentials.NONE),
        kind=CaseKind.NEGATIVE,
        statuses=(401,),
        any_client_error=True,
        labels=Labels("Catalogue"),
    )
    problem = tuple(has_type(f"/{name}", JsonType.STRING) for name in ("code", "message"))
    refused = {
        "kind": CaseKind.NEGATIVE,
        "statuses": (422,),
        "assertions": (has_type("", JsonType.OBJECT), *problem),
        "labels": Labels("Catalogue"),
    }
    no_title = case("create_book_rejects_missing_title", CREATE, _creating(title=None), **refused)
    no_price = case("create_book_rejects_a_low_price", CREATE, _creating(price=-1), **refused)
    read = replace(
        updated,
        name="update_book_keeps_the_id",
        assertions=updated.assertions[1:],
        basis=Basis.LAW,
    )
    return model(listed, updated, rejected, anonymous, no_title, no_price, read)


def _creating(**changes: Json) -> Request:
    """A request for a new book with other members; None leaves one out."""
    assert isinstance(NEW_BOOK, dict)
    value = {name: each for name, each in {**NEW_BOOK, **changes}.items() if each is not None}
    return Request("POST", "/books", body=Body("application/json", value))


def hostile() -> TestModel:
    everything = Request(
        "POST",
        "/books/{id}",
        path_parameters={"id": NASTY.replace("\ud800", "").replace("\x00", "")},
        query={"q": NASTY.replace("\ud800", ""), "list": [1, True, None, 1.5], "o[x]": {"a": "b"}},
        headers={"X-Text": 'a "b" \\u0041 ${c} {{ d }}'},
        cookies={"session": "a-b"},
        body=Body("application/json", {NASTY: [NASTY, None, 10**30], "run": "ж" * 70_000}),
    )
    labels = Labels(NASTY, NASTY, NASTY)
    title = Message(NASTY, NASTY)
    facts = (
        AssertionFact("C1", body("/" + NASTY.replace("/", "~1")), Equals(Literal(NASTY))),
        AssertionFact("C1", body("/" + NASTY.replace("/", "~1")), Conforms("#/" + NASTY)),
    )
    operation = replace(CREATE, path=NASTY)
    full = case(NASTY, operation, everything, title=title, labels=labels, assertions=facts)
    raw = Request("POST", "/books", body=Body("text/plain", raw=NASTY.replace("\ud800", "")))
    odd = Request("POST", "/books", body=Body("application/x-thing", raw="ключ\x01"))
    visible = NASTY.replace("\ud800", "")
    usual: Json = {visible: visible, "deep": [{visible: visible, "x": 1}], "run": "ж" * 20_000}
    other: Json = {visible: f"{visible}!", "deep": [{visible: None, "x": 1}], "run": visible * 900}
    named = Operation("POST", f"/{NASTY}", "#/x", NASTY)
    shared = FactGroup(NASTY, "#/x", tuple(has_type(f"/{x}", JsonType.STRING) for x in "abc"))
    step = Step(
        NASTY,
        replace(named, operation_id=""),
        replace(everything, body=Body("application/json", usual, unique={"/run": visible})),
        201,
        CleanUp(operation, replace(everything, body=None)),
    )
    sharing = {"given": (step,), "groups": (PlacedGroup("", shared),), "statuses": (200,)}
    changed = [
        case(NASTY, named, Request("POST", "/b", body=Body("application/json", value)), **sharing)
        for value in (usual, other)
    ]
    return model(
        full,
        *changed,
        case("raw", operation, raw, title=title),
        case("odd", operation, odd, title=title),
        group=NASTY,
    )
