"""Answers as they are written: media types, headers, errors."""

from __future__ import annotations

import json
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest

from pe4king_core.mock.answers.answers import VARIANTS
from tests.mock.answers.answers_kit import answering, content, succeeding

BOOK = {
    "type": "object",
    "required": ["id", "tags"],
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 2},
    },
}


def body_of(schema: Any, media_type: str, **more: Any) -> tuple[str, bytes]:
    answers, status, response = succeeding({"200": content(schema, media_type, **more)})
    answer = answers.answer(status, response)
    return answer.header("content-type") or "", answer.body


def test_json_and_its_relatives() -> None:
    for name in ("application/json", "application/problem+json", "application/json; charset=utf-8"):
        sent, body = body_of(BOOK, name)
        assert sent == name
        assert len(json.loads(body)["tags"]) >= 2


def test_forms() -> None:
    _, body = body_of(BOOK, "application/x-www-form-urlencoded")
    assert len(parse_qs(body.decode())["tags"]) >= 2


def test_multipart() -> None:
    schema = {"type": "object", "required": ["note", "scan"], "properties": {
        "note": {"type": "string"}, "scan": {"type": "string", "format": "binary"}}}  # fmt: skip
    sent, body = body_of(schema, "multipart/form-data")
    message = message_from_bytes(f"Content-Type: {sent}\r\n\r\n".encode() + body)
    parts = message.get_payload()
    assert isinstance(parts, list)
    names = [part.get_param("name", header="content-disposition") for part in parts]
    assert names == ["note", "scan"]
    assert parts[1].get_filename()


def test_xml_has_the_documented_names() -> None:
    _, body = body_of({**BOOK, "xml": {"name": "book"}}, "application/xml")
    root = ElementTree.fromstring(body)
    assert root.tag == "book"
    assert root.get("id")
    assert len(root.findall("tags")) >= 2


@pytest.mark.parametrize(
    ("media_type", "start"),
    [
        ("image/png", b"\x89PNG"),
        ("application/pdf", b"%PDF"),
        ("application/zip", b"PK"),
        ("image/gif", b"GIF8"),
        ("application/gzip", b"\x1f\x8b"),
    ],
)
def test_files_are_of_their_type(media_type: str, start: bytes) -> None:
    assert body_of({"type": "string", "format": "binary"}, media_type)[1].startswith(start)
    answers, status, response = succeeding({"200": {"content": {media_type: {}}}})
    assert answers.answer(status, response).body.startswith(start)


def test_texts() -> None:
    assert body_of({"type": "string"}, "text/csv")[1].count(b",") >= 2
    assert body_of({"type": "string"}, "text/html")[1].startswith(b"<")
    assert body_of({"enum": ["yes"]}, "text/plain")[1] == b"yes"


def test_sequences_and_events() -> None:
    schema = {"type": "array", "items": BOOK, "minItems": 2}
    lines = body_of(schema, "application/x-ndjson")[1].splitlines()
    assert len(lines) >= 2
    assert all("id" in json.loads(line) for line in lines)
    assert body_of(schema, "application/json-seq")[1].startswith(b"\x1e{")
    events = body_of(BOOK, "text/event-stream")[1]
    assert events.startswith(b"data: {")
    assert events.endswith(b"\n\n")


def test_events_are_written_by_their_fields() -> None:
    event = {"event": "made", "data": "a\nb", "id": "7"}
    _, body = body_of({"type": "object"}, "text/event-stream", example=event)
    assert body == b"event: made\ndata: a\ndata: b\nid: 7\n\n"


def test_halves_of_characters_are_escaped() -> None:
    answers, status, response = succeeding({"200": content({"type": "string"})})
    answer = answers.answer(status, response, value="\ud800\u4e2d")
    assert json.loads(answer.body) == "\ud800\u4e2d"


def test_no_body_where_there_can_be_none() -> None:
    for status in ("204", "304"):
        answers, operation = answering({status: content(BOOK)})
        (_, response), *_ = answers.others(operation)
        answer = answers.answer(int(status), response)
        assert (answer.body, answer.header("content-type")) == (b"", None)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/xml", "application/xml"),
        ("application/json;q=0.1, application/xml;q=0.9", "application/xml"),
        ("application/json;q=0, */*", "application/xml"),
        ("text/*", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("image/png", None),
        ("application/xml;q=0", None),
        ("application/xml;q=nonsense", "application/xml"),
        (",,;;=,", "application/json"),
    ],
)
def test_accept(accept: str, chosen: str | None) -> None:
    offered = {"application/xml": {}, "application/json": {}, "text/csv": {}}
    answers, _, response = succeeding({"200": {"content": offered}})
    found = answers.media(response, accept)
    assert (found and found.name) == chosen


def test_a_documented_range_becomes_what_is_asked_for() -> None:
    answers, _, response = succeeding({"200": {"content": {"image/*": {}}}})
    plain, asked = answers.media(response), answers.media(response, "image/gif")
    assert plain is not None
    assert asked is not None
    assert (plain.name, asked.name) == ("image/png", "image/gif")


def test_documented_headers() -> None:
    headers = {
        "Location": {"schema": {"type": "string", "format": "uri"}},
        "Retry-After": {"schema": {"type": "integer"}},
        "X-Rate-Limit-Remaining": {"schema": {"type": "integer", "maximum": 5}},
        "X-Kinds": {"schema": {"type": "array", "items": {"enum": ["a"]}, "minItems": 2}},
        "X-Odd": {"required": True, "schema": {"enum": ["\u4e2d\r\n"]}},
        "X-Total-Count": {"schema": {"type": "integer"}, "example": 77},
    }
    listed = {**content({"type": "array", "items": BOOK}), "headers": headers}
    answers, status, response = succeeding({"200": listed})
    answer = answers.answer(status, response)
    assert (answer.header("location") or "").startswith("https://")
    assert answer.header("retry-after") == "120"
    assert int(answer.header("x-rate-limit-remaining") or 9) <= 5
    assert set((answer.header("x-kinds") or "").split(",")) == {"a"}
    assert answer.header("x-total-count") == str(len(json.loads(answer.body)))
    for _, text in answer.headers:
        assert text.encode("latin-1").isascii()
        assert "\n" not in text


def test_errors_say_what_is_wrong_in_the_words_of_the_document() -> None:
    inner = {"type": "object", "required": ["message", "code"], "properties": {
        "message": {"type": "string"}, "code": {"type": "integer"}}}  # fmt: skip
    error = {"type": "object", "required": ["error", "status"], "properties": {
        "error": inner, "status": {"type": "string", "pattern": "^[0-9]{3}$"}}}  # fmt: skip
    answers, operation = answering({"200": {}, "404": content(error)})
    (_, _), (status, response) = answers.others(operation)
    told = json.loads(answers.answer(status, response, detail="no book 7").body)
    assert told["error"] == {"message": "no book 7", "code": 404}
    assert told["status"] == "404"


def test_errors_keep_to_their_schema() -> None:
    error = {"type": "object", "required": ["message", "code"], "properties": {
        "message": {"enum": ["gone"]}, "code": {"type": "integer", "maximum": 9}}}  # fmt: skip
    answers, operation = answering({"404": content(error)})
    ((status, response),) = answers.others(operation)
    for turn in range(VARIANTS):
        told = json.loads(answers.answer(status, response, turn=turn, detail="no book 7").body)
        assert told["message"] == "gone"
        assert told["code"] <= 9


def test_without_documented_words_a_problem_is_answered() -> None:
    answers, _ = answering({"200": {}})
    answer = answers.answer(404, None, detail="no book 7")
    assert answer.header("content-type") == "application/problem+json"
    assert json.loads(answer.body) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "no book 7",
    }
    assert answers.answer(200, None).body == b""
    assert json.loads(answers.answer(499, None).body)["title"] == "Error"


def test_a_given_value_is_written() -> None:
    answers, status, response = succeeding({"200": content(BOOK)})
    answer = answers.answer(status, response, value={"id": 5, "tags": []})
    assert answer.body == b'{"id":5,"tags":[]}'
    assert answers.answer(status, response, value=None).body == b"null"
