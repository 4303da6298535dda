"""What tests make is removed after them: compiled, and run against a server that remembers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pe4king_core.model.case import (
    CleanUp,
    Request,
    Step,
    TestModel,
)
from pe4king_core.model.fact import (
    AssertionFact,
    Equals,
    HasType,
    RequestValue,
    ResponseValue,
    body,
)
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import JsonType
from pe4king_core.rendering.formats.junit_restassured import FORMAT
from tests.rendering.java_kit import java_kit
from tests.rendering.test_java_class import DELETE, STYLE, changed, posting, reading, step


class Shop(BaseHTTPRequestHandler):
    """Makes books with new ids, and remembers what was asked; deleting the first one fails."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, Json]]
    books: dict[str, Json]

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.seen.append((self.command, self.path, json.loads(sent) if sent else None))
        name = self.path.rpartition("/")[2]
        if self.command == "POST":
            name = f"b{len(self.books)}"
            self.books[name] = {**json.loads(sent), "id": name}
            return self.reply(201, self.books[name])
        if self.command == "DELETE":
            return self.close_rudely() if name == "b0" else self.reply(200, {})
        return self.reply(200, {"items": []} if name == "books" else self.books[name])

    do_GET = do_DELETE = do_POST

    def close_rudely(self) -> None:
        self.close_connection = True
        self.connection.close()

    def reply(self, status: int, value: Json) -> None:
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def shop() -> Iterator[ThreadingHTTPServer]:
    handler = type("Recorder", (Shop,), {"seen": [], "books": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.java
def test_what_was_made_is_removed_after_the_test_last_first(
    shop: ThreadingHTTPServer, tmp_path: Path
) -> None:
    """Deleting the first book breaks the connection, which fails no test; where there is nothing
    to read the test is skipped.
    """
    kit = java_kit()
    made = step(unique=True)
    again = replace(
        made,
        call="POST /books again",
        clean_up=CleanUp(
            DELETE,
            Request("DELETE", "/books/{id}", {"id": ResponseValue("POST /books again", "/id")}),
        ),
    )
    title = AssertionFact("C1", body("/title"), Equals(RequestValue("/title", "POST /books")))
    price = AssertionFact("C1", body("/price"), Equals(ResponseValue("POST /books", "/price")))
    numbers = (AssertionFact("C1", body("/price"), HasType(frozenset({JsonType.NUMBER}))), price)
    both = replace(reading("both", made), given=(made, again), assertions=(*numbers, title))
    listed = Operation("GET", "/books", "#/paths/~1books/get", "listBooks")
    found = Step("GET /books", listed, Request("GET", "/books"), 200)
    unsure = {"id": ResponseValue("GET /books", "/items/0/id", sure=False)}
    nothing = replace(
        reading("nothing", made), given=(found,), request=Request("GET", "/books/{id}", unsure)
    )
    nested = posting("nested", changed(authors=[{"name": 'Ünï \\u0041 "q"'}], price=1e22))
    sent = TestModel(
        "Books",
        "Shop",
        "",
        (both, reading("one", made), replace(nested, statuses=(201,)), nothing),
    )
    files = [FORMAT.render(sent, STYLE), *FORMAT.support([sent], (), STYLE)]
    sources = {file.path: file.text for file in files if file.path.endswith(".java")}
    classes = kit.compile(sources, tmp_path, options=("-Xlint:all", "-Werror"))
    url = f"http://127.0.0.1:{shop.server_address[1]}"
    outcomes = kit.run_tests(classes, {"API_BASE_URL": url})
    assert {name: each.state for name, each in outcomes.items()} == {
        "BooksTest.both": "passed",
        "BooksTest.one": "passed",
        "BooksTest.nested": "passed",
        "BooksTest.nothing": "skipped",
    }
    seen: list[tuple[str, str, Json]] = shop.RequestHandlerClass.seen  # type: ignore[attr-defined]
    titles = [
        value["title"] for verb, _, value in seen if verb == "POST" and isinstance(value, dict)
    ]
    assert len(set(titles)) == 4
    assert sum(value == nested.request.body.value for _, _, value in seen) == 1  # type: ignore[union-attr]
    verbs = " ".join(verb for verb, _, _ in seen)
    start = verbs[: verbs.index("POST POST GET DELETE DELETE")].count(" ")
    posted = [verb for verb, _, _ in seen[:start]].count("POST")
    first, second = f"/books/b{posted}", f"/books/b{posted + 1}"
    assert [path for _, path, _ in seen[start + 2 : start + 5]] == [first, second, first]
    assert verbs.count("DELETE") == 3
