"""The junit-restassured format: readable text, and files that compile and send what they say."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree

import pytest

from pe4king_core.model.case import (
    Body,
    Request,
    TestCase,
    TestStyle,
)
from pe4king_core.model.fact import (
    Credentials,
)
from pe4king_core.model.json import Json
from pe4king_core.model.operation import (
    MediaType,
    Operation,
    Parameter,
    ParameterIn,
    Response,
    SchemeKind,
    SecurityScheme,
)
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.rendering.formats.junit_restassured import FORMAT
from tests.rendering.java_cases import (
    CREATE,
    LIST,
    NASTY,
    SCHEMES,
    STYLE,
    bookstore,
    case,
    has_type,
    hostile,
    model,
)
from tests.rendering.java_kit import java_kit


def test_a_class_reads_like_written_by_hand() -> None:
    rendered = FORMAT.render(bookstore(), STYLE)
    assert rendered.path == "src/test/java/com/example/books/BooksTest.java"
    assert rendered.text == (Path(__file__).parent / "BooksTest.java.txt").read_text("utf-8")


def test_files_come_with_a_project_and_a_base_class() -> None:
    files = {file.path: file.text for file in FORMAT.support([bookstore()], SCHEMES, STYLE)}
    assert list(files) == [
        "pom.xml",
        "src/test/java/com/example/books/BaseApiTest.java",
        "src/test/resources/allure.properties",
    ]
    ElementTree.fromstring(files["pom.xml"].removeprefix('<?xml version="1.0" encoding="UTF-8"?>'))
    base = files["src/test/java/com/example/books/BaseApiTest.java"]
    for name in ("API_BASE_URL", "API_KEY", "API_BEARER_AUTH", "API_BASIC_AUTH"):
        assert f'"{name}"' in base


def test_allure_can_be_left_out() -> None:
    style = replace(STYLE, allure=False)
    files = [FORMAT.render(bookstore(), style), *FORMAT.support([bookstore()], (), style)]
    assert not any("allure" in file.text for file in files)


def test_rendering_is_deterministic() -> None:
    assert FORMAT.render(bookstore(), STYLE) == FORMAT.render(bookstore(), STYLE)


def test_one_case_alone_has_no_base_indentation() -> None:
    rendered = FORMAT.render_case(bookstore().cases[3], STYLE)
    assert rendered.name == "listBooksNeedsCredentials"
    assert rendered.code == (
        "@Test\n"
        '@DisplayName("says what is tested")\n'
        '@Tag("negative")\n'
        '@Feature("Catalogue")\n'
        '@Story("GET /books")\n'
        "void listBooksNeedsCredentials() {\n"
        "  // Act\n"
        '  Response response = anonymousApi().when().get("/books");\n'
        "\n"
        "  // Assert\n"
        "  response.then().statusCode(allOf(greaterThanOrEqualTo(400), lessThan(500)));\n"
        "}"
    )


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("get_book_returns_200",), ["getBookReturns200"]),
        (("class", "wait", "api"), ["classValue", "waitTest", "apiTest"]),
        (("a_b", "aB", "a b"), ["aB", "aB2", "aB3"]),
        (("создаёт_книгу", "404", ""), ["создаётКнигу", "test404", "test"]),
    ],
)
def test_method_names_are_identifiers(names: tuple[str, ...], expected: list[str]) -> None:
    request = Request("GET", "/books")
    text = FORMAT.render(model(*(case(name, LIST, request) for name in names)), STYLE).text
    assert [
        line.split()[1].removesuffix("()") for line in text.splitlines() if "void " in line
    ] == (expected)


def answer(status: str, schema: Schema) -> Response:
    media = MediaType("application/json", schema, "")
    return Response(status, "", {"application/json": media}, {}, f"#/responses/{status}")


def test_facts_of_one_status_are_asked_of_that_status() -> None:
    error = Schema("#/components/schemas/Error")
    responses = {"400": answer("400", error), "422": answer("422", error)}
    request = Request("POST", "/books")
    stated = (replace(has_type("/code", JsonType.STRING), when=422),)
    operation = replace(CREATE, responses=responses)
    shared = case("shared", operation, request, statuses=(422, 400), assertions=stated)
    together = 'response.then().statusCode(oneOf(422, 400)).body("code", instanceOf(String.class));'
    assert together in FORMAT.render_case(shared, STYLE).code
    other = replace(operation, responses=responses | {"400": answer("400", Schema("#/Other"))})
    assert (
        "  response.then().statusCode(oneOf(422, 400));\n"
        "  if (response.statusCode() == 422) {\n"
        '    response.then().body("code", instanceOf(String.class));\n'
        "  }\n"
    ) in FORMAT.render_case(replace(shared, operation=other), STYLE).code


def test_long_values_are_shortened_where_they_are_read() -> None:
    request = Request("POST", "/books", body=Body("application/json", {"title": "a" * 257}))
    code = FORMAT.render_case(case("long", CREATE, request), STYLE).code
    assert '"title": "<257 x a>"' in code
    assert '.replace("<257 x a>", "a".repeat(257));' in code


@pytest.mark.java
def test_hostile_text_stays_text(tmp_path: Path) -> None:
    kit = java_kit()
    schemes = (SecurityScheme(NASTY, SchemeKind.API_KEY, ParameterIn.HEADER, NASTY), *SCHEMES)
    nasty = replace(hostile(), title=NASTY, base_url="http://127.0.0.1/" + NASTY)
    style = TestStyle(package="com.class." + NASTY)
    files = [FORMAT.render(nasty, style), *FORMAT.support([nasty], schemes, style)]
    sources = {file.path: file.text for file in files if file.path.endswith(".java")}
    assert len(sources) == 2
    kit.compile(sources, tmp_path, options=("-Xlint:all", "-Werror"))


class Echo(BaseHTTPRequestHandler):
    """Remembers requests; POST /books answers 201 with an id, the rest by the table."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length)
        self.seen.append((self.command, self.path, dict(self.headers.items()), sent))
        status, answer = self.answer()
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_PUT = do_PATCH = do_DELETE = do_POST

    def answer(self) -> tuple[int, Json]:
        if self.headers.get("X-API-Key") is None:
            return 401, {}
        if self.command == "POST" and urlsplit(self.path).path == "/api/books":
            malformed = self.seen[-1][3] == b'{"title": '
            return (422, {}) if malformed else (201, {"id": 7, "price": 1})
        if self.command == "PUT":
            return 200, {"id": 7, "title": "Dune Messiah"}
        return 200, {"items": [{"price": 1}, {"price": 0.5}]}

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def echo() -> Iterator[ThreadingHTTPServer]:
    handler = type("Recorder", (Echo,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def sending(name: str, request: Request, operation: Operation = CREATE) -> TestCase:
    return case(name, operation, request, statuses=(201, 200))


@pytest.mark.java
def test_generated_tests_send_exactly_what_was_asked(
    echo: ThreadingHTTPServer, tmp_path: Path
) -> None:
    kit = java_kit()
    text = "\\u0041 \"q\" ${x} <&> 'ключ' 😀 % + ; \u2028 end"
    csv = Parameter("ids", ParameterIn.QUERY, False, None, "", style="form")
    deep = Parameter("filter", ParameterIn.QUERY, False, None, "", style="deepObject", explode=True)
    search = replace(LIST, parameters=(csv, deep))
    payload: Json = {"text": text, "big": 10**30, "none": None, "run": "ab" + "x" * 300}
    sent = model(
        *bookstore().cases[:4],
        sending("json", Request("POST", "/books", body=Body("application/json", payload))),
        sending("raw", Request("POST", "/books", body=Body("text/plain", raw=text + "\r\n"))),
        sending("odd", Request("POST", "/books", body=Body("application/x-odd", raw=text))),
        sending(
            "form",
            Request(
                "POST",
                "/books",
                body=Body("application/x-www-form-urlencoded", {"a": text, "b": [1, True]}),
            ),
        ),
        sending("parts", Request("POST", "/books", body=Body("multipart/form-data", {"a": text}))),
        sending("nothing", Request("POST", "/books")),
        sending(
            "path", Request("GET", "/books/{id}/x", path_parameters={"id": "a/b?" + text}), LIST
        ),
        sending(
            "braces", Request("GET", "/b%20c/{id}", path_parameters={"id": "{x}/" + text}), LIST
        ),
        sending(
            "query",
            Request(
                "GET",
                "/books",
                query={"q": text, "ids": [1, 2], "filter": {"a": 1}, "e": "", "t": True},
                headers={"X-Number": 5},
                cookies={"c": "v"},
            ),
            search,
        ),
        sending("wrong", Request("DELETE", "/books", credentials=Credentials.WRONG), LIST),
    )
    files = [FORMAT.render(sent, STYLE), *FORMAT.support([sent], SCHEMES, STYLE)]
    sources = {file.path: file.text for file in files if file.path.endswith(".java")}
    classes = kit.compile(sources, tmp_path, options=("-Xlint:all", "-Werror"))
    url = f"http://127.0.0.1:{echo.server_address[1]}/api/"
    outcomes = kit.run_tests(
        classes, {"API_BASE_URL": url, "API_KEY": "k", "API_BASIC_AUTH": "u:p"}
    )
    assert {name: outcome for name, outcome in outcomes.items() if not outcome.passed} == {}
    assert len(outcomes) == len(sent.cases)
    recorded = echo.RequestHandlerClass.seen  # type: ignore[attr-defined]
    bodies = [body for _, _, _, body in recorded]
    assert json.dumps(payload, sort_keys=True) in [
        json.dumps(json.loads(body), sort_keys=True)
        for body in bodies
        if body[:1] == b"{" and body.rstrip()[-1:] == b"}"
    ]
    assert (text + "\r\n").encode() in bodies
    assert text.encode() in bodies
    assert [("a", text), ("b", "1"), ("b", "true")] in [
        parse_qsl(b.decode()) for b in bodies if b[:2] == b"a="
    ]
    assert any(b"multipart" not in b and text.encode() in b and b"form-data" in b for b in bodies)
    assert [h.get("Content-Type") for m, p, h, b in recorded if m == "POST" and not b] == [None]
    paths = [path for _, path, _, _ in recorded]
    assert f"/api/books/a/b?{text}/x" in [unquote(p) for p in paths if p.count("/") == 4]
    assert any(p.startswith("/api/b%20c/%7Bx%7D%2F") and unquote(p).endswith(text) for p in paths)
    queries = [parse_qsl(urlsplit(p).query, keep_blank_values=True) for p in paths if "filter" in p]
    assert queries == [[("q", text), ("ids", "1,2"), ("filter[a]", "1"), ("e", ""), ("t", "true")]]
    headers = next(h for _, p, h, _ in recorded if "filter" in p)
    assert (headers["X-Number"], headers["Cookie"]) == ("5", "c=v")
    assert (headers["X-API-Key"], headers["Authorization"]) == ("k", "Basic dTpw")
    wrong = next(h for m, p, h, _ in recorded if m == "DELETE" and p == "/api/books")
    assert wrong["X-API-Key"] == "wrong-credentials"


def test_texts_beyond_the_limit_of_a_constant_are_joined() -> None:
    text = "".join(chr(0x430 + index % 32) for index in range(40_000))
    request = Request("POST", "/books", body=Body("text/plain", raw=text))
    code = FORMAT.render_case(case("long", CREATE, request), STYLE).code
    declaration = code.split("String body =")[1].split(";\n")[0]
    pieces = [line.strip(' ,")') for line in declaration.splitlines()]
    assert "".join(pieces[2:]) == text
    assert max(len(line.encode()) for line in code.splitlines()) < 65_535
