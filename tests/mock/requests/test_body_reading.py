"""Bodies of every kind: what they are read as, and what is refused."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from tests.mock.requests.asking import asked, document, operation, posted, reasons

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
BOOK = {
    "type": "object",
    "required": ["title"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "title": {"type": "string", "minLength": 2},
        "tags": {"type": "array", "items": {"type": "string"}},
        "pages": {"type": "integer"},
        "new": {"type": "boolean"},
        "author": {"type": "object", "properties": {"born": {"type": "integer"}}},
        "cover": {"type": "string", "format": "binary"},
    },
    "additionalProperties": False,
}


def test_json() -> None:
    request = posted(b'{"title": "Emma", "pages": 4}', JSON, BOOK)
    assert (request.body, request.faults) == ({"title": "Emma", "pages": 4}, ())
    assert (request.has_body, request.media_type) == (True, JSON)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"title": "E"}', "body /title: minLength"),
        (b'{"pages": 1}', "body /title: required"),
        (b'{"title": "Emma", "pages": "4"}', "body /pages: type"),
        (b'{"title": "Emma", "extra": 1}', "body /extra: additionalProperties"),
        (b"[]", "body : type"),
        (b"{", "body : not JSON"),
        (b'{"title": NaN}', "body : NaN is not JSON"),
        (b'{"title": "Emma", "title": "Emma"}', "body : a name stands twice in one object"),
        (b"[" * 100_000, "body : nested too deeply"),
        (b"1" * 5_000, "body : not JSON"),
        (b'{"title": "\\ud800abc"}', "body : not Unicode"),
        (b'{"title": "\xff"}', "body : not utf-8"),
        (b"", "body : required"),
    ],
)
def test_refused_json(body: bytes, reason: str) -> None:
    assert reasons(posted(body, JSON, BOOK)) == [reason]


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        ("application/json; charset=UTF-8", "Émile".encode()),
        ('application/json;charset="utf-16"', '{"title": "Émile"}'.encode("utf-16")),
        ("Application/JSON; charset=latin-1", '{"title": "Émile"}'.encode("latin-1")),
        ("application/json", '\ufeff{"title": "Émile"}'.encode()),
    ],
)
def test_charsets(sent: str, body: bytes) -> None:
    whole = body if b"title" in body or b"t\0i" in body else b'{"title": "' + body + b'"}'
    request = posted(whole, JSON, BOOK, sent=sent)
    assert (request.body, request.faults) == ({"title": "Émile"}, ())


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ("", "media type Content-Type: required"),
        ("text/csv", "media type Content-Type: text/csv"),
        ("application/json; charset=rot13", "media type Content-Type: charset rot13"),
        ("application/json; charset=nope", "media type Content-Type: charset nope"),
    ],
)
def test_refused_media_types(sent: str, reason: str) -> None:
    assert reasons(posted(b'{"title": "Emma"}', JSON, BOOK, sent=sent)) == [reason]


@pytest.mark.parametrize(
    ("stated", "sent"),
    [
        ("application/*", "application/json"),
        ("*/*", "application/json"),
        ("application/json; version=1", "application/json"),
        ("application/*+json", "application/problem+json"),
    ],
)
def test_ranges(stated: str, sent: str) -> None:
    assert reasons(posted(b"{}", stated, BOOK, sent=sent)) == ["body /title: required"]


def test_the_most_exact_media_type_counts() -> None:
    content = {
        "*/*": {"schema": {"type": "null"}},
        "text/*": {"schema": {"type": "null"}},
        "application/json": {"schema": {"type": "null"}},
        "application/json; v=2": {"schema": {"type": "integer"}},
    }
    known = document({"/x": {"post": operation(requestBody={"content": content})}})
    sent = [("Content-Type", "application/json; charset=utf-8; v=2")]
    assert asked(known, "/x", method="POST", headers=sent, body=b"2").faults == ()


def test_what_is_compressed_is_refused() -> None:
    body = gzip.compress(b'{"title": "Emma"}')
    request = posted(body, JSON, BOOK, headers=[("Content-Encoding", "gzip")])
    assert reasons(request) == ["media type Content-Type: Content-Encoding gzip"]
    plain = posted(b'{"title": "Emma"}', JSON, BOOK, headers=[("Content-Encoding", "identity")])
    assert plain.faults == ()


@pytest.mark.parametrize("stated", ["3", "-17", "x", "9" * 50])
def test_lengths_that_are_not_true(stated: str) -> None:
    request = posted(b'{"title": "Emma"}', JSON, BOOK, headers=[("Content-Length", stated)])
    assert reasons(request) == ["body : Content-Length"]
    true = posted(b'{"title": "Emma"}', JSON, BOOK, headers=[("Content-Length", "17")])
    assert true.faults == ()


def test_expectations() -> None:
    request = posted(b'{"title": "Emma"}', JSON, BOOK, headers=[("Expect", "a miracle")])
    assert reasons(request) == ["header Expect: expectation"]
    known = posted(b'{"title": "Emma"}', JSON, BOOK, headers=[("Expect", "100-Continue")])
    assert known.faults == ()


def test_bodies_that_nobody_asked_for() -> None:
    known = document({"/x": {"get": operation()}})
    request = asked(known, "/x", body=b"{", headers=[("Content-Type", JSON)])
    assert (request.faults, request.body, request.has_body) == ((), None, True)
    assert posted(b"", JSON, BOOK, required=False).faults == ()


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"title=Emma&pages=3&new=true", {"title": "Emma", "pages": 3, "new": True}),
        (b"title=12&tags=a&tags=b%26", {"title": "12", "tags": ["a", "b&"]}),
        (b"title=a+b&tags=a", {"title": "a b", "tags": ["a"]}),
        (b"title=Emma&tags[]=a&tags[]=b", {"title": "Emma", "tags": ["a", "b"]}),
        (b"title=Emma&tags[1]=b&tags[0]=a", {"title": "Emma", "tags": ["a", "b"]}),
        (b"title=Emma&author[born]=1775", {"title": "Emma", "author": {"born": 1775}}),
        (b"title=Emma&author=%7B%22born%22%3A1%7D", {"title": "Emma", "author": {"born": 1}}),
    ],
)
def test_forms(body: bytes, value: Any) -> None:
    request = posted(body, FORM, BOOK)
    assert (request.body, request.faults) == (value, ())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"pages=3", "body /title: required"),
        (b"title=Emma&pages=x", "body /pages: type"),
        (b"title=Emma&title=Emma", "body /title: type"),
        (b"title=Emma&other=1", "body /other: additionalProperties"),
        (b"title=%FF%FE", "body : not UTF-8"),
        (b"title=\xff\xfe", "body : not UTF-8"),
        (b"title=Emma%4", "body : percent-encoding"),
    ],
)
def test_refused_forms(body: bytes, reason: str) -> None:
    assert reasons(posted(body, FORM, BOOK)) == [reason]


def test_encodings_of_a_form() -> None:
    encoding = {
        "tags": {"style": "pipeDelimited", "explode": False},
        "author": {"style": "form", "explode": True},
    }
    request = posted(b"title=Emma&tags=a|b&born=1775", FORM, BOOK, encoding=encoding)
    assert request.body == {"title": "Emma", "tags": ["a", "b"], "author": {"born": 1775}}
    assert request.faults == ()


def test_form_data_of_swagger() -> None:
    fields = [
        {"name": "title", "in": "formData", "type": "string", "required": True},
        {
            "name": "ids",
            "in": "formData",
            "type": "array",
            "items": {"type": "integer"},
            "collectionFormat": "pipes",
        },
    ]
    stated = operation(parameters=fields, consumes=[FORM])
    known = document({"/x": {"post": stated}}, swagger="2.0")
    sent = [("Content-Type", FORM)]
    request = asked(known, "/x", method="POST", headers=sent, body=b"title=Emma&ids=1|2")
    assert (request.body, request.faults) == ({"title": "Emma", "ids": [1, 2]}, ())
    wrong = asked(known, "/x", method="POST", headers=sent, body=b"ids=1|x")
    assert reasons(wrong) == ["body /title: required", "body /ids/1: type"]


def part(name: str, content: bytes, more: str = "", kind: str = "") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n'
    return (
        head.encode()
        + (f"Content-Type: {kind}\r\n" if kind else "").encode()
        + b"\r\n"
        + (content + b"\r\n")
    )


def test_multipart() -> None:
    body = (
        b"before\r\n"
        + part("title", "Émile".encode())
        + part("tags", b"a")
        + part("tags", b"b\r\n--c")
        + part("author", b'{"born": 1775}', kind=JSON)
        + part("cover", b"\x89PNG\xff\r\n", '; filename="a.png"', "image/png")
        + b"--b--\r\nafter"
    )
    request = posted(body, MULTIPART, BOOK, sent=f'{MULTIPART}; boundary="b"')
    assert request.faults == ()
    assert request.body == {
        "title": "Émile",
        "tags": ["a", "b\r\n--c"],
        "author": {"born": 1775},
        "cover": "\x89PNG\xff\r\n",
    }


@pytest.mark.parametrize(
    ("body", "sent", "reason"),
    [
        (part("title", b"Emma"), "; boundary=b", "no end of the parts"),
        (part("title", b"Emma") + b"--b--", "", "no boundary"),
        (part("title", b"Emma") + b"--b--", "; boundary=c", "no part"),
        (b"--b\r\n\r\nx\r\n--b--", "; boundary=b", "a part without a name"),
        (b"--b\r\n" * 20_000, "; boundary=b", "too many parts"),
        (
            part("title", b"Emma") + part("author", b"{", kind=JSON) + b"--b--",
            "; boundary=b",
            "not JSON",
        ),
    ],
)
def test_refused_multipart(body: bytes, sent: str, reason: str) -> None:
    assert reasons(posted(body, MULTIPART, BOOK, sent=MULTIPART + sent)) == [f"body : {reason}"]


def test_parts_have_the_type_that_is_asked_for() -> None:
    def sent(kind: str) -> list[str]:
        body = part("title", b"Emma") + part("cover", b"x", '; filename="a"', kind) + b"--b--"
        encoding = {"cover": {"contentType": "image/png, image/*"}}
        return reasons(
            posted(body, MULTIPART, BOOK, sent=f"{MULTIPART}; boundary=b", encoding=encoding)
        )

    assert sent("image/jpeg") == []
    assert sent("") == []
    assert sent("text/csv") == ["body : part 'cover' is text/csv, not image/png, image/*"]


XML_BOOK = {
    "type": "object",
    "xml": {"name": "book"},
    "required": ["id"],
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "title": {"type": "string", "xml": {"name": "Title", "prefix": "b", "namespace": "urn:b"}},
        "tags": {"type": "array", "items": {"type": "string", "xml": {"name": "tag"}}},
        "ids": {
            "type": "array",
            "xml": {"wrapped": True},
            "items": {"type": "integer", "xml": {"name": "n"}},
        },
    },
}


def test_xml() -> None:
    body = (
        b'<book id="7" xmlns:b="urn:b"><b:Title>12</b:Title><tag>a</tag><tag>b</tag>'
        b"<ids><n>1</n><n>2</n></ids></book>"
    )
    request = posted(body, "application/xml", XML_BOOK)
    assert request.body == {"id": 7, "title": "12", "tags": ["a", "b"], "ids": [1, 2]}
    assert request.faults == ()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<book", "body : not XML"),
        (b'<!DOCTYPE b [<!ENTITY a "aa">]><book id="1"/>', "body : a DTD is not allowed"),
        (b"<book/>", "body /id: required"),
        (b'<book id="x"/>', "body /id: type"),
        (b"<book>true</book>", "body : type"),
        (b"<a>" * 3_000 + b"</a>" * 3_000, "body : nested too deeply"),
    ],
)
def test_refused_xml(body: bytes, reason: str) -> None:
    assert reasons(posted(body, "application/xml", XML_BOOK)) == [reason]


def test_texts_and_what_stays_bytes() -> None:
    text = posted("é".encode(), "text/plain", {"type": "string", "maxLength": 1})
    assert (text.body, text.faults) == ("é", ())
    long = posted(b"ab", "text/plain", {"type": "string", "maxLength": 1})
    assert reasons(long) == ["body : maxLength"]
    image = posted(b"\xff\xd8", "image/png", {"type": "string", "format": "binary"})
    assert (image.body, image.has_body, image.faults) == (None, True, ())
    assert posted(b"", "image/png", {"type": "string"}).faults == ()
    assert reasons(posted(b"", "image/png", {"type": "string"}, sent="")) == ["body : required"]


def test_sequences_of_json() -> None:
    item = {"type": "object", "required": ["a"]}
    lines = b'{"a": 1}\n\n{"a": 2}\n'
    request = posted(lines, "application/jsonl", {}, itemSchema=item)
    assert request.body == [{"a": 1}, {"a": 2}]
    assert reasons(posted(b"{", "application/jsonl", {})) == ["body : not JSON"]


def test_a_discriminator_settles_which_branch_is_meant() -> None:
    branch = {"type": "object", "properties": {"kind": {"type": "string"}}}
    schemas = {"A": branch, "B": branch}
    choice = [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]

    def sent(schema: Any, kind: str = "A") -> list[str]:
        stated = operation(requestBody={"content": {JSON: {"schema": schema}}})
        known = document({"/x": {"post": stated}}, components={"schemas": schemas})
        body = json.dumps({"in": {"kind": kind}}).encode()
        return reasons(
            asked(known, "/x", method="POST", headers=[("Content-Type", JSON)], body=body)
        )

    def inside(schema: Any) -> Any:
        return {"type": "object", "properties": {"in": schema}}

    settled = inside({"oneOf": choice, "discriminator": {"propertyName": "kind"}})
    assert sent(settled) == []
    assert sent(settled, "C") == ["body /in: oneOf"]
    mapped = {"propertyName": "kind", "mapping": {"b": "B"}}
    for kind, reasons_told in (("A", []), ("B", []), ("b", []), ("C", ["body /in: oneOf"])):
        assert sent(inside({"oneOf": choice, "discriminator": mapped}), kind) == reasons_told
    assert sent(inside({"oneOf": [choice[0], choice[0]]})) == []
    assert sent(inside({"oneOf": choice})) == ["body /in: oneOf"]
    assert sent(inside({"oneOf": [*choice, choice[0]]})) == ["body /in: oneOf"]
