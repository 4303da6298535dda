"""Parameters in every place and style: what they are read as, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock.requests.asking import (
    asked,
    asked_query,
    document,
    operation,
    parameter,
    reasons,
)

INTEGERS = {"type": "array", "items": {"type": "integer"}}
POINT = {
    "type": "object",
    "properties": {"x": {"type": "integer"}, "on": {"type": "boolean"}},
    "additionalProperties": False,
}
COUNTS = {"type": "object", "additionalProperties": {"type": "integer"}}
NESTED = {
    "type": "object",
    "properties": {
        "price": {"type": "object", "properties": {"gte": {"type": "number"}}},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"type": "integer"}, "-7", -7),
        ({"type": "number"}, "1.5e2", 150.0),
        ({"type": "boolean"}, "false", False),
        ({"type": "string"}, "7", "7"),
        ({"type": "string"}, "a+b%20%2B", "a b +"),
        ({"type": "string"}, "caf%C3%A9", "café"),
        ({"type": ["integer", "null"]}, "null", None),
        ({"type": ["integer", "string"]}, "x1", "x1"),
        ({}, "5", "5"),
        ({"enum": [1, 2]}, "2", 2),
        ({"oneOf": [{"type": "integer"}, {"enum": ["all"]}]}, "all", "all"),
        ({"oneOf": [{"type": "integer"}, {"enum": ["all"]}]}, "3", 3),
        ({"type": "array", "items": {"type": "string"}}, "a%2Cb", ["a,b"]),
        ({"type": "array", "items": {"type": "string"}}, "", []),
    ],
)
def test_texts_of_the_query(schema: Any, text: str, value: Any) -> None:
    request = asked_query(f"p={text}", parameter("p", schema))
    assert (request.query, request.faults) == ({"p": value}, ())
    assert type(request.query["p"]) is type(value)


@pytest.mark.parametrize(
    ("schema", "query", "reason"),
    [
        ({"type": "integer"}, "p=abc", "type"),
        ({"type": "integer"}, "p=1.5", "type"),
        ({"type": "integer"}, "p=", "type"),
        ({"type": "integer"}, "p=1&p=2", "repeated"),
        ({"type": "integer", "minimum": 3}, "p=2", "range"),
        ({"type": "boolean"}, "p=yes", "type"),
        ({"type": "string", "maxLength": 2}, "p=abc", "maxLength"),
        ({"type": "string"}, "p=%FF", "not UTF-8"),
        ({"type": "string"}, "p=%zz", "percent-encoding"),
        ({"type": "string", "enum": ["a"]}, "p=b", "enum"),
        ({"type": "number"}, "p=1e999", "type"),
        ({"type": "integer"}, "p=" + "9" * 5_000, "type"),
        (INTEGERS, "p=1&p=x", "/1: type"),
        ({**INTEGERS, "minItems": 2}, "p=1", "minItems"),
    ],
)
def test_refused_texts_of_the_query(schema: Any, query: str, reason: str) -> None:
    assert reasons(asked_query(query, parameter("p", schema))) == [f"query p: {reason}"]


@pytest.mark.parametrize(
    ("stated", "query", "value"),
    [
        (parameter("p", INTEGERS), "p=1&p=2", [1, 2]),
        (parameter("p", INTEGERS), "p=1", [1]),
        (parameter("p", INTEGERS), "p[]=1&p[]=2", [1, 2]),
        (parameter("p", INTEGERS, explode=False), "p=1,2", [1, 2]),
        (parameter("p", INTEGERS, explode=False), "p=1%2C2", [1, 2]),
        (parameter("p", INTEGERS, style="spaceDelimited", explode=False), "p=1%202", [1, 2]),
        (parameter("p", INTEGERS, style="spaceDelimited", explode=False), "p=1+2", [1, 2]),
        (parameter("p", INTEGERS, style="pipeDelimited", explode=False), "p=1|2", [1, 2]),
        (parameter("p", INTEGERS, style="pipeDelimited", explode=False), "p=1%7C2", [1, 2]),
        (parameter("p", POINT), "x=1&on=true&other=2", {"x": 1, "on": True}),
        (parameter("p", POINT, explode=False), "p=x,1,on,true", {"x": 1, "on": True}),
        (parameter("p", POINT, style="deepObject"), "p[x]=1&p[on]=true", {"x": 1, "on": True}),
        (parameter("p", POINT, style="deepObject"), "p%5Bx%5D=1", {"x": 1}),
        (parameter("p", COUNTS, style="deepObject"), "p[a]=1&p[b]=2", {"a": 1, "b": 2}),
        (parameter("p", COUNTS), "a=1&b=2", {"a": 1, "b": 2}),
        (parameter("p", {"type": "object"}, required=True), "a=1", {"a": "1"}),
        (
            parameter("p", NESTED, style="deepObject"),
            "p[price][gte]=5&p[tags][]=a&p[tags][]=b",
            {"price": {"gte": 5}, "tags": ["a", "b"]},
        ),
        (
            parameter("p", NESTED, style="deepObject"),
            "p[tags][1]=b&p[tags][0]=a",
            {"tags": ["a", "b"]},
        ),
        (
            {"name": "p", "in": "query", "content": {"application/json": {"schema": POINT}}},
            "p=%7B%22x%22%3A1%7D",
            {"x": 1},
        ),
        (parameter("p", {"type": "integer"}, allowEmptyValue=True), "p=", ""),
        (parameter("p", {"type": "string"}, allowReserved=True), "p=a/b?c:d@e", "a/b?c:d@e"),
    ],
)
def test_styles_of_the_query(stated: dict[str, Any], query: str, value: Any) -> None:
    request = asked_query(query, stated)
    assert (request.query, request.faults) == ({"p": value}, ())


def test_what_no_parameter_is_called_is_of_no_matter() -> None:
    assert asked_query("q=1&%FF=2&&=", parameter("p", {"type": "integer"})).faults == ()


def test_missing_parameters() -> None:
    stated = [
        parameter("q", {"type": "string"}, required=True),
        parameter("X-H", {"type": "string"}, "header", required=True),
        parameter("c", {"type": "string"}, "cookie", required=True),
        parameter("o", POINT, required=True),
    ]
    known = document({"/x": {"get": operation(parameters=stated)}})
    assert reasons(asked(known, "/x")) == [
        "query q: required",
        "query o: required",
        "header X-H: required",
        "cookie c: required",
    ]


@pytest.mark.parametrize(
    ("schema", "style", "explode", "sent", "value"),
    [
        ({"type": "integer"}, "simple", False, "5", 5),
        ({"type": "string"}, "simple", False, "a%2Fb", "a/b"),
        (INTEGERS, "simple", False, "1,2", [1, 2]),
        (POINT, "simple", False, "x,1,on,true", {"x": 1, "on": True}),
        (POINT, "simple", True, "x=1,on=true", {"x": 1, "on": True}),
        ({"type": "integer"}, "label", False, ".5", 5),
        (INTEGERS, "label", False, ".1,2", [1, 2]),
        (INTEGERS, "label", True, ".1.2", [1, 2]),
        (POINT, "label", True, ".x=1.on=true", {"x": 1, "on": True}),
        ({"type": "integer"}, "matrix", False, ";p=5", 5),
        (INTEGERS, "matrix", False, ";p=1,2", [1, 2]),
        (INTEGERS, "matrix", True, ";p=1;p=2", [1, 2]),
        (POINT, "matrix", False, ";p=x,1,on,true", {"x": 1, "on": True}),
        (POINT, "matrix", True, ";x=1;on=true", {"x": 1, "on": True}),
    ],
)
def test_styles_of_the_path(schema: Any, style: str, explode: bool, sent: str, value: Any) -> None:
    stated = parameter("p", schema, "path", style=style, explode=explode)
    known = document({"/x/{p}": {"get": operation(parameters=[stated])}})
    request = asked(known, f"/x/{sent}")
    assert (request.path, request.faults) == ({"p": value}, ())


def test_headers() -> None:
    stated = [
        parameter("X-Ids", INTEGERS, "header"),
        parameter("X-Point", POINT, "header", explode=True),
        parameter("X-Name", {"type": "string", "maxLength": 4}, "header"),
        parameter("Accept", {"type": "integer"}, "header"),
    ]
    known = document({"/x": {"get": operation(parameters=stated)}})
    sent = [("x-ids", "1, 2"), ("X-IDS", "3"), ("x-point", "x=1,on=true"), ("accept", "*/*")]
    request = asked(known, "/x", headers=[*sent, ("x-name", "café".encode().decode("latin-1"))])
    assert request.faults == ()
    assert request.headers == {
        "X-Ids": [1, 2, 3],
        "X-Point": {"x": 1, "on": True},
        "X-Name": "café",
    }
    assert reasons(asked(known, "/x", headers=[("X-Ids", "1,a")])) == ["header X-Ids: /1: type"]


def test_cookies() -> None:
    stated = [
        parameter("n", {"type": "integer"}, "cookie"),
        parameter("ids", INTEGERS, "cookie", explode=False),
        parameter("s", {"type": "string"}, "cookie"),
    ]
    known = document({"/x": {"get": operation(parameters=stated)}})
    request = asked(known, "/x", headers=[("Cookie", 'n=1; ids=1,2; s="a%20b"; other')])
    assert (request.cookies, request.faults) == ({"n": 1, "ids": [1, 2], "s": "a b"}, ())
    assert reasons(asked(known, "/x", headers=[("Cookie", "n=x")])) == ["cookie n: type"]


@pytest.mark.parametrize(
    ("collection", "query"),
    [
        ("csv", "p=1,2"),
        ("ssv", "p=1%202"),
        ("tsv", "p=1%092"),
        ("pipes", "p=1|2"),
        ("multi", "p=1&p=2"),
    ],
)
def test_collections_of_swagger(collection: str, query: str) -> None:
    stated = {"name": "p", "in": "query", "collectionFormat": collection, **INTEGERS}
    known = document({"/x": {"get": operation(parameters=[stated])}}, swagger="2.0")
    request = asked(known, f"/x?{query}")
    assert (request.query, request.faults) == ({"p": [1, 2]}, ())


def test_a_query_string_as_a_whole() -> None:
    def known(media_type: str) -> Any:
        content = {media_type: {"schema": POINT}}
        stated = {"name": "q", "in": "querystring", "content": content}
        return document({"/x": {"get": operation(parameters=[stated])}}, openapi="3.2.0")

    form = asked(known("application/x-www-form-urlencoded"), "/x?x=1&on=true")
    assert (form.query, form.faults) == ({"q": {"x": 1, "on": True}}, ())
    text = asked(known("application/json"), "/x?%7B%22x%22%3A1%7D")
    assert (text.query, text.faults) == ({"q": {"x": 1}}, ())
    assert reasons(asked(known("application/json"), "/x?%7B")) == ["query q: not JSON"]


def test_credentials_are_no_parameters() -> None:
    stated = operation(
        parameters=[parameter("key", {"type": "integer"}, required=True)], security=[{"k": []}]
    )
    schemes = {"k": {"type": "apiKey", "in": "query", "name": "key"}}
    known = document({"/x": {"get": stated}}, components={"securitySchemes": schemes})
    assert asked(known, "/x?key=abc").faults == ()
