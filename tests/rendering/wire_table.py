"""What OpenAPI says a parameter looks like on the wire, and a server that writes down what it gets.

The expectations are those of the specification's table "Style Examples" (OpenAPI 3.1.1, section
4.8.12.5) with the values `blue`, `["blue", "black", "brown"]` and `{R: 100, G: 200, B: 150}`, and
cases that names and texts of real documents bring.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote_plus

ARRAY = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter with its value, and what has to arrive of it."""

    location: str
    style: str
    explode: bool
    value: Any
    expected: str


ROWS = (
    Row("path", "simple", False, "blue", "blue"),
    Row("path", "simple", False, ARRAY, "blue,black,brown"),
    Row("path", "simple", False, OBJECT, "R,100,G,200,B,150"),
    Row("path", "simple", True, OBJECT, "R=100,G=200,B=150"),
    Row("path", "simple", False, "a b/c?d#e%f", "a%20b%2Fc%3Fd%23e%25f"),
    Row("path", "simple", False, "{braces}", "%7Bbraces%7D"),
    Row("path", "simple", False, "жук", "%D0%B6%D1%83%D0%BA"),
    Row("path", "label", False, "blue", ".blue"),
    Row("path", "label", False, ARRAY, ".blue,black,brown"),
    Row("path", "label", True, ARRAY, ".blue.black.brown"),
    Row("path", "label", False, OBJECT, ".R,100,G,200,B,150"),
    Row("path", "label", True, OBJECT, ".R=100.G=200.B=150"),
    Row("path", "matrix", False, "blue", ";color=blue"),
    Row("path", "matrix", False, ARRAY, ";color=blue,black,brown"),
    Row("path", "matrix", True, ARRAY, ";color=blue;color=black;color=brown"),
    Row("path", "matrix", False, OBJECT, ";color=R,100,G,200,B,150"),
    Row("path", "matrix", True, OBJECT, ";R=100;G=200;B=150"),
    Row("query", "form", True, "", "color="),
    Row("query", "form", True, "blue", "color=blue"),
    Row("query", "form", False, ARRAY, "color=blue,black,brown"),
    Row("query", "form", True, ARRAY, "color=blue&color=black&color=brown"),
    Row("query", "form", False, OBJECT, "color=R,100,G,200,B,150"),
    Row("query", "form", True, OBJECT, "R=100&G=200&B=150"),
    Row("query", "form", True, True, "color=true"),
    Row("query", "form", True, "a&b=c +%{d}ж", "color=a&b=c +%{d}ж"),
    Row("query", "spaceDelimited", False, ARRAY, "color=blue black brown"),
    Row("query", "spaceDelimited", False, OBJECT, "color=R 100 G 200 B 150"),
    Row("query", "pipeDelimited", False, ARRAY, "color=blue|black|brown"),
    Row("query", "pipeDelimited", False, OBJECT, "color=R|100|G|200|B|150"),
    Row("query", "deepObject", True, OBJECT, "color[R]=100&color[G]=200&color[B]=150"),
    Row(
        *("query", "deepObject", True),
        {"price": {"gte": 5, "lt": 9}, "on": True},
        "color[price][gte]=5&color[price][lt]=9&color[on]=true",
    ),
    Row("header", "simple", False, "blue", "blue"),
    Row("header", "simple", False, ARRAY, "blue,black,brown"),
    Row("header", "simple", False, OBJECT, "R,100,G,200,B,150"),
    Row("header", "simple", True, OBJECT, "R=100,G=200,B=150"),
    Row("header", "simple", False, "жук", "%D0%B6%D1%83%D0%BA"),
    Row("header", "simple", False, "a\r\nb", "a%0D%0Ab"),
    Row("cookie", "form", True, "blue", "color=blue"),
    Row("cookie", "form", False, ARRAY, "color=blue,black,brown"),
    Row("cookie", "form", False, OBJECT, "color=R,100,G,200,B,150"),
    Row("cookie", "form", True, "a b;c", "color=a%20b%3Bc"),
)


def document() -> str:
    """One operation a row: `row0`, `row1` ..."""
    paths: dict[str, Any] = {}
    for number, row in enumerate(ROWS):
        name = "x-color" if row.location == "header" else "color"
        parameter = {
            "name": name,
            "in": row.location,
            "required": True,
            "style": row.style,
            "explode": row.explode,
            "schema": {},
            "example": row.value,
        }
        path = f"/row{number}/" + ("{color}" if row.location == "path" else "")
        operation = {
            "operationId": f"row{number}",
            "tags": ["wire"],
            "parameters": [parameter],
            "responses": {"204": {"description": "written down"}},
        }
        paths[path] = {"get": operation}
    return json.dumps({"openapi": "3.1.0", "info": {"title": "w", "version": "1"}, "paths": paths})


@dataclass(slots=True)
class Recorder:
    """Where the server listens, and what it got: raw target, headers, body, in order."""

    url: str = ""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def arrived(self, number: int) -> str:
        """What arrived of the parameter of row `number`; queries decoded."""
        [(target, headers)] = [
            (target, headers)
            for target, headers, _ in self.requests
            if target.startswith(f"/row{number}/")
        ]
        path, _, query = target.removeprefix(f"/row{number}/").partition("?")
        return {
            "path": path,
            "query": "&".join(unquote_plus(pair) for pair in query.split("&")),
            "header": headers.get("x-color", ""),
            "cookie": headers.get("cookie", ""),
        }[ROWS[number].location]


@contextmanager
def recorder() -> Iterator[Recorder]:
    """A loopback server that answers 204 and writes everything down."""
    found = Recorder()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.requests.append((self.path, headers, self._body()))
            self.send_response(204)
            self.end_headers()

        def _body(self) -> bytes:
            if self.headers.get("transfer-encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("content-length") or 0))
            whole = b""
            while size := int(self.rfile.readline(), 16):
                whole += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return whole

        do_GET = do_POST = do_PUT = _any

        def log_message(self, *_: object) -> None:
            """Nothing on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
