"""What generated tests send as a body that is not JSON: forms, files, XML, lines, query strings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.message import Message as Part
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest

from tests.rendering.test_wire import sent_by_java, sent_by_python
from tests.rendering.wire_table import Recorder, recorder

FORM = "application/x-www-form-urlencoded"
TAGS = {"type": "array", "items": {"type": "string"}, "example": ["a", "b"]}
PRICE = {"type": "object", "example": {"from": 5, "to": {"net": 9}}}
BOOK = {
    "type": "object",
    "xml": {"name": "book", "prefix": "b", "namespace": "urn:books"},
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}, "example": 7},
        "title": {"type": "string", "example": "R & D <1>"},
        "tags": {**TAGS, "xml": {"wrapped": True}, "items": {"xml": {"name": "tag"}}},
    },
}


@dataclass(frozen=True, slots=True)
class Row:
    """A body as documented, and what arrives of it."""

    media_type: str
    schema: Any
    expected: Any
    encoding: Any = None
    example: Any = None


ROWS = (
    Row(FORM, {"properties": {"tags": TAGS}}, [("tags", "a"), ("tags", "b")]),
    Row(
        FORM,
        {"properties": {"tags": TAGS}},
        [("tags", "a,b")],
        {"tags": {"style": "form", "explode": False}},
    ),
    Row(
        FORM,
        {"properties": {"tags": TAGS}},
        [("tags", "a|b")],
        {"tags": {"style": "pipeDelimited", "explode": False}},
    ),
    Row(
        FORM,
        {"properties": {"price": PRICE, "tags": TAGS}},
        [("price[from]", "5"), ("price[to][net]", "9"), ("tags[0]", "a"), ("tags[1]", "b")],
        {name: {"style": "deepObject", "explode": True} for name in ("price", "tags")},
    ),
    Row(
        FORM,
        {"properties": {"price": PRICE, "on": {"type": "boolean", "example": True}}},
        [("price", '{"from": 5, "to": {"net": 9}}'), ("on", "true")],
    ),
    Row(
        "multipart/form-data",
        {"properties": {"note": {"example": "жук"}, "photo": {"format": "binary"}}},
        [("note", None, None, "жук"), ("photo", "photo.png", "image/png", "sample")],
    ),
    Row(
        "multipart/form-data",
        {
            "properties": {
                "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                "price": PRICE,
            }
        },
        [
            ("files", "files.csv", "text/csv", "id,name\n1,Sample\n"),
            ("price", None, None, '{"from": 5, "to": {"net": 9}}'),
        ],
        {"files": {"contentType": "text/csv, text/plain"}},
    ),
    Row(
        "application/xml",
        BOOK,
        '<?xml version="1.0" encoding="UTF-8"?>\n<b:book xmlns:b="urn:books" id="7">'
        "<title>R &amp; D &lt;1&gt;</title><tags><tag>a</tag><tag>b</tag></tags></b:book>",
    ),
    Row("text/plain", {"type": "string"}, "plain words", example="plain words"),
    Row("application/x-ndjson", {"type": "array"}, '{"a": 1}\n[2]\n', example=[{"a": 1}, [2]]),
)


def document() -> str:
    paths: dict[str, Any] = {}
    for number, row in enumerate(ROWS):
        media = {"schema": row.schema}
        media |= {"encoding": row.encoding} if row.encoding else {}
        media |= {"example": row.example} if row.example else {}
        operation = {
            "operationId": f"row{number}",
            "tags": ["wire"],
            "requestBody": {"required": True, "content": {row.media_type: media}},
            "responses": {"204": {"description": "written down"}},
        }
        paths[f"/row{number}"] = {"post": operation}
    return json.dumps({"openapi": "3.1.0", "info": {"title": "w", "version": "1"}, "paths": paths})


def arrived(recorded: Recorder, number: int) -> Any:
    """The body of row `number`, in the words of `Row.expected`."""
    [(headers, body)] = [
        (headers, body) for target, headers, body in recorded.requests if target == f"/row{number}"
    ]
    kind = headers["content-type"]
    assert kind.partition(";")[0] == ROWS[number].media_type
    if kind.startswith(FORM):
        return parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
    if kind.startswith("multipart/"):
        whole = BytesParser().parsebytes(f"content-type: {kind}\r\n\r\n".encode() + body)
        return [_part(part) for part in whole.get_payload() if isinstance(part, Part)]
    return body.decode()


def _part(part: Part) -> tuple[Any, ...]:
    name = part.get_param("name", header="content-disposition")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    file = part.get_filename()
    return name, file, part.get_content_type() if file else None, content.decode()


def all_arrived(recorded: Recorder) -> dict[int, Any]:
    return {number: arrived(recorded, number) for number in range(len(ROWS))}


EXPECTED = {number: row.expected for number, row in enumerate(ROWS)}


@pytest.mark.parametrize("client", ["httpx", "requests"])
def test_python_sends_bodies_as_documented(client: str) -> None:
    with recorder() as recorded:
        sent_by_python(document(), client, recorded)
    assert all_arrived(recorded) == EXPECTED


@pytest.mark.java
def test_java_sends_bodies_as_documented(tmp_path: Path) -> None:
    with recorder() as recorded:
        sent_by_java(document(), tmp_path, recorded)
    assert all_arrived(recorded) == EXPECTED


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"application/json": {"example": {"a": [1], "b": "x y"}}}, '{"a": [1], "b": "x y"}'),
        ({"text/plain": {"example": "a=b&c"}}, "a=b&c"),
        ({FORM: {"example": {"a": 1, "b": "x y"}}}, "a=1&b=x y"),
    ],
    ids=["json", "text", "form"],
)
def test_a_parameter_may_be_the_whole_query_string(content: Any, expected: str) -> None:
    whole = {"in": "querystring", "name": "q", "required": True, "content": content}
    operation = {"parameters": [whole], "responses": {"204": {"description": "done"}}}
    text = {"openapi": "3.2.0", "info": {"title": "w", "version": "1"}}
    with recorder() as recorded:
        sent_by_python(json.dumps({**text, "paths": {"/s": {"get": operation}}}), "httpx", recorded)
    [(target, _, _)] = recorded.requests
    assert unquote(target.replace("+", " ")) == f"/s?{expected}"


def test_a_query_in_the_path_is_sent_and_a_fragment_is_not() -> None:
    parameters = [{"name": name, "in": "path", "required": True, "schema": {}} for name in "ab"]
    parameters.append({"name": "c", "in": "query", "required": True, "example": 3})
    operation = {"parameters": parameters, "responses": {"204": {"description": "done"}}}
    path = "/things/{a}.json?action=run&id={b}#part"
    text = {"openapi": "3.1.0", "info": {"title": "w", "version": "1"}}
    for client in ("httpx", "requests"):
        with recorder() as recorded:
            sent_by_python(
                json.dumps({**text, "paths": {path: {"get": operation}}}), client, recorded
            )
        assert [target for target, _, _ in recorded.requests] == [
            "/things/sample-a.json?action=run&id=sample-b&c=3"
        ]
