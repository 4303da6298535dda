"""What Java's methods make of a REST Assured answer and its parts: values to values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pe4king_core.model.fact import STATUS, SubjectKind, body
from pe4king_core.testcode.claims import child, header_subject
from pe4king_core.testcode.java.closures import as_list
from pe4king_core.testcode.java.groovy import gpath
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    BodyText,
    Collected,
    Fallback,
    Headers,
    Known,
    Measure,
    Measured,
    Part,
    Unknown,
    Value,
    call_of,
    plain,
)

_SAME_ANSWER = frozenset(
    {"andReturn", "thenReturn", "extract", "response", "peek", "prettyPeek", "and", "log", "all"}
)
_STATUS_METHODS = frozenset({"statusCode", "getStatusCode"})
_TEXT_METHODS = frozenset(
    {"asString", "asPrettyString", "getBody", "body", "print", "prettyPrint", "asByteArray"}
)
_JSON_GETTERS = re.compile(
    r"(?:get|getString|getInt|getLong|getDouble|getFloat|getBoolean|getByte|getShort|getChar|getList"
    r"|getMap|getUUID|getObject|getJsonObject|read|path)\Z"
)
_SAME_VALUE = frozenset(
    {
        "intValue",
        "longValue",
        "doubleValue",
        "floatValue",
        "booleanValue",
        "toString",
        "orElseThrow",
    }
)


def whole(call: str) -> Part:
    """The body of the answer, as GPath sees it: what is missing is null."""
    return Part(call, body(), Fallback.NULL)


def of_answer(answer: Answer, name: str, values: Sequence[Value]) -> Value:
    """The method `name` of a response."""
    call = answer.call
    first = _text(values)
    if name in _STATUS_METHODS:
        return Part(call, STATUS)
    if name in ("header", "getHeader") and first is not None:
        return Part(call, header_subject(first), Fallback.NULL)
    if name in ("contentType", "getContentType"):
        return Part(call, header_subject("content-type"), Fallback.NULL)
    if name in ("jsonPath", "getJsonPath"):
        return whole(call)
    if name == "path" and first is not None:
        return read_path(whole(call), first)
    if name in ("headers", "getHeaders"):
        return Headers(call)
    if name in _TEXT_METHODS:
        return BodyText(call)
    return answer if name in _SAME_ANSWER else Unknown(call)


def read_path(part: Part, path: str) -> Value:
    """The GPath `path` in `part`."""
    found = gpath(part, path)
    return found if not isinstance(found, tuple) else Unknown(part.call)


def of_part(part: Part, name: str, values: Sequence[Value]) -> Value:
    """The method `name` of a value that came from an answer."""
    first = _text(values)
    known = plain(values[0]) if values else UNKNOWN
    index = known.value if isinstance(known, Known) else None
    in_body = part.subject.kind is SubjectKind.BODY
    if in_body and name in ("get", "getFirst", "getLast") and isinstance(index, int):
        return _item(part, index)
    if in_body and name == "getFirst" and not values:
        return _item(part, 0)
    if in_body and first is not None and _JSON_GETTERS.match(name):
        found = child(part, first) if part.subject.name else read_path(part, first)
        return as_list(found) if name == "getList" and isinstance(found, Part) else found
    if name in ("size", "length"):
        return Measured(part, Measure.LENGTH)
    if name == "keySet":
        return Measured(part, Measure.KEYS)
    if name == "getClass":
        return Measured(part, Measure.TYPE)
    if name in _SAME_VALUE:
        return part
    return Measured(part, Measure.OTHER)


def _item(part: Part, index: int) -> Part:
    return replace(child(part, str(index)), fallback=Fallback.NONE)


def of_collected(collected: Collected, name: str, values: Sequence[Value]) -> Value:
    """The method `name` of a list that GPath collected from items."""
    if name == "get" and values and isinstance(values[0], Known):
        return Unknown(collected.array.call)
    if name == "size":
        return Measured(collected.array, Measure.OTHER)
    return Unknown(collected.array.call)


def method(target: Value, name: str, values: Sequence[Value]) -> Value:
    """The method `name` of something that belongs to an answer."""
    match target:
        case Answer():
            return of_answer(target, name, values)
        case Part():
            return of_part(target, name, values)
        case Collected():
            return of_collected(target, name, values)
        case Headers(call) if name in ("getValue", "get") and _text(values) is not None:
            return Part(call, header_subject(_text(values) or ""), Fallback.NULL)
        case BodyText(call) if name in ("jsonPath", "path"):
            return of_answer(Answer(call), name, values)
        case BodyText() if name in ("asString", "print", "prettyPrint", "toString", "trim"):
            return target
    return Unknown(call_of(target))


def _text(values: Sequence[Value]) -> str | None:
    value = plain(values[0]) if values else UNKNOWN
    known = value.value if isinstance(value, Known) else None
    return known if isinstance(known, str) else None
