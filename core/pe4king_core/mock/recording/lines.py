"""One exchange as one line of JSON, and back: the format of recordings.

docs/record.md describes it for people. Unknown members are ignored.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from pe4king_core.mock.exchange import Answer, HeaderList, Sent
from pe4king_core.mock.recording.jsons import read_json, written_json
from pe4king_core.mock.recording.media import charset_of, is_json, is_text, plain_type
from pe4king_core.mock.recording.recorded import Recorded

FORMAT = "recording"
VERSION = 1


class LineError(Exception):
    """The line says something that has no meaning here; the text says what, in English."""


def line_of(recorded: Recorded) -> bytes:
    """The line of an exchange, its end included."""
    sent, answer = recorded.sent, recorded.answer
    request: dict[str, Any] = {"method": sent.method, "target": sent.target}
    response: dict[str, Any] = {"status": answer.status}
    _add(request, sent.headers, sent.body, sent.header("content-type"), recorded.request_size)
    _add(response, answer.headers, answer.body, answer.header("content-type"), recorded.answer_size)
    return _line({"request": request, "response": response})


def header_of(server: str, salt: str) -> bytes:
    """The first line of a recording: what it is, of which server, and its salt."""
    return _line({"pe4king": FORMAT, "version": VERSION, "server": server, "salt": salt})


def recorded_of(told: Mapping[str, Any], line: int) -> Recorded:
    """The exchange that a line tells. Raises LineError."""
    request, response = _object(told, "request"), _object(told, "response")
    method, target = _text(request, "method"), _text(request, "target")
    status = response.get("status")
    if not isinstance(status, int) or not 100 <= status <= 599:
        raise LineError("`status` has to be a number from 100 to 599")
    if not method or not target:
        raise LineError("`method` and `target` have to say something")
    headers, given = _headers(request), _headers(response)
    body, size = _body(request, headers)
    content, whole = _body(response, given)
    return Recorded(
        Sent(method, target, headers, body), Answer(status, given, content), size, whole, line
    )


def _line(told: Mapping[str, Any]) -> bytes:
    return written_json(told).encode() + b"\n"


def _add(
    told: dict[str, Any],
    headers: HeaderList,
    content: bytes,
    content_type: str | None,
    size: int | None,
) -> None:
    if headers:
        told["headers"] = _by_name(headers)
    body = _content(content, content_type or "") if content else {}
    if size is not None:
        body["size"] = size
    if body:
        told["body"] = body


def _by_name(headers: HeaderList) -> dict[str, str | list[str]]:
    """One name, one value; a list of those of a name that stands several times."""
    found: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for name, value in headers:
        found.setdefault(spelled.setdefault(name.lower(), name), []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _content(content: bytes, content_type: str) -> dict[str, Any]:
    name = plain_type(content_type)
    charset = charset_of(content_type)
    try:
        text = content.decode(charset)
        whole = text.encode(charset) == content
    except (UnicodeError, LookupError):
        whole = False
    if not whole:
        return {"base64": base64.b64encode(content).decode("ascii")}
    found = read_json(text) if is_json(name) else None
    if found is not None:
        return {"json": found[0]}
    if is_text(name) or text.isprintable() or name.startswith("multipart/"):
        return {"text": text}
    return {"base64": base64.b64encode(content).decode("ascii")}


def _body(told: Mapping[str, Any], headers: HeaderList) -> tuple[bytes, int | None]:
    body = told.get("body", {})
    if not isinstance(body, dict):
        raise LineError("`body` has to be an object")
    size = body.get("size")
    if size is not None and (not isinstance(size, int) or isinstance(size, bool)):
        raise LineError("`size` has to be a number")
    return _bytes(body, headers), size


def _bytes(body: Mapping[str, Any], headers: HeaderList) -> bytes:
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    if "json" in body:
        return _encoded(json.dumps(body["json"], ensure_ascii=False), body["json"], kind)
    if "text" in body:
        return _encoded(_text(body, "text"), None, kind)
    try:
        return base64.b64decode(_text(body, "base64"), validate=True)
    except (binascii.Error, ValueError):
        raise LineError("`base64` has to be in base64") from None


def _encoded(text: str, value: Any, content_type: str) -> bytes:
    try:
        return text.encode(charset_of(content_type))
    except UnicodeEncodeError:
        return json.dumps(value).encode() if value is not None else text.encode("utf-8", "replace")


def _object(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    if not isinstance(found, dict):
        raise LineError(f"`{name}` has to be an object")
    return found


def _text(told: Mapping[str, Any], name: str) -> str:
    found = told.get(name, "")
    if not isinstance(found, str):
        raise LineError(f"`{name}` has to be a text")
    return found


def _headers(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = told.get("headers", {})
    if not isinstance(found, dict):
        raise LineError("`headers` has to be an object")
    headers = [
        (name, each)
        for name, value in found.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    if not all(isinstance(value, str) for _, value in headers):
        raise LineError("a header has to be a text, or a list of texts")
    return headers
