"""What Python's operations make of an answer and its parts: values to values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from pe4king_core.model.fact import STATUS, SubjectKind, body
from pe4king_core.model.json import EACH, join
from pe4king_core.model.schema import JsonType
from pe4king_core.testcode.claims import DISTINCT, child, header_subject
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
    Ordered,
    Part,
    Sent,
    TypeNames,
    Unknown,
    Value,
    call_of,
)

TYPES = {
    "str": JsonType.STRING,
    "int": JsonType.INTEGER,
    "float": JsonType.NUMBER,
    "bool": JsonType.BOOLEAN,
    "list": JsonType.ARRAY,
    "dict": JsonType.OBJECT,
    "NoneType": JsonType.NULL,
    "Mapping": JsonType.OBJECT,
    "Sequence": JsonType.ARRAY,
    "Number": JsonType.NUMBER,
}
TRANSPARENT = frozenset({"str", "quote", "quote_plus", "list", "tuple", "dict", "approx", "cast"})
_STATUS_NAME = re.compile(r"(?:.*\.)?(?:HTTPStatus|codes)\.([A-Za-z_]+)(?:\.value)?\Z")
_STATUS_NUMBER = re.compile(r"(?:.*\.)?HTTP_(\d{3})_\w+\Z")


def type_names(name: str) -> Value:
    """The class `name`, as the JSON type it stands for."""
    kind = TYPES.get(name)
    return TypeNames(frozenset({kind})) if kind is not None else UNKNOWN


def status_constant(text: str) -> int | None:
    """The status that `HTTPStatus.OK`, `codes.ok` or `status.HTTP_200_OK` stands for."""
    named = _STATUS_NAME.match(text)
    if named:
        member = HTTPStatus.__members__.get(named.group(1).upper())
        return None if member is None else int(member)
    numbered = _STATUS_NUMBER.match(text)
    return int(numbered.group(1)) if numbered else None


def answer_field(call: str, name: str) -> Value:
    """The attribute `name` of a response."""
    match name:
        case "status_code" | "status":
            return Part(call, STATUS)
        case "headers":
            return Headers(call)
        case "text" | "content" | "data":
            return BodyText(call)
        case "json":
            return Part(call, body())
        case "content_type" | "mimetype":
            return Part(call, header_subject("content-type"))
    return Unknown(call)


def member(value: Value, key: Value) -> Value:
    """`value[key]`."""
    known = key.value if isinstance(key, Known) else None
    index = known if isinstance(known, int) and not isinstance(known, bool) else None
    match value:
        case Headers(call) if isinstance(known, str):
            return Part(call, header_subject(known))
        case Part() if isinstance(known, str):
            return stepped(value, known)
        case Part() if index is not None and index >= 0:
            return stepped(value, str(index))
        case Sent(calls, pointer, content) if isinstance(known, str) or index is not None:
            return Sent(calls, join(pointer, str(known)), member(content, key))
        case Known(dict() as members) if isinstance(known, str) and known in members:
            return Known(members[known])
        case Known(list() | tuple() as items) if index is not None and index in range(len(items)):
            return Known(items[index])
    return Unknown(call_of(value))


def stepped(part: Part, key: str) -> Part:
    """A member of `part`; where `part` itself may be missing, it becomes a guard."""
    inner = child(part, key)
    if part.fallback is Fallback.NONE:
        return inner
    return replace(inner, fallback=Fallback.NONE, optional=(*part.optional, part.subject.name))


def item_of(value: Value) -> Value:
    """What a loop over `value` binds its variable to."""
    match value:
        case Part(subject=subject) if subject.kind is SubjectKind.BODY:
            return stepped(value, EACH)
        case Ordered(of):
            return item_of(of)
        case Collected(array, inner):
            return replace(array, subject=body(f"{array.subject.name}/*{inner}"))
    return Unknown(call_of(value))


def collected(item: Value, inner: Value) -> Value:
    """The list of `inner` for each `item` of an array (`[book["id"] for book in books]`)."""
    if not isinstance(item, Part) or not isinstance(inner, Part):
        return Unknown(call_of(inner) or call_of(item))
    prefix, pointer = item.subject.name, inner.subject.name
    if prefix.endswith("/*") and (pointer == prefix or pointer.startswith(prefix + "/")):
        array = replace(item, subject=body(prefix.removesuffix("/*")))
        return Collected(array, pointer[len(prefix) :])
    return Unknown(inner.call)


def function(
    name: str, values: Sequence[Value], *, reverse: bool = False, keyed: bool = False
) -> Value:
    """What the plain function `name` makes of `values`."""
    first = values[0] if values else UNKNOWN
    if len(values) == 1 and (name in TRANSPARENT or _is_listed(name, first)):
        return first
    if name == "type" and first == Known(None):
        return TypeNames(frozenset({JsonType.NULL}))
    match first:
        case Part() if name == "len":
            return Measured(first, Measure.LENGTH)
        case Part() if name == "type":
            return Measured(first, Measure.TYPE)
        case Part() if name in ("set", "frozenset"):
            return Measured(first, Measure.DISTINCT)
        case Part() | Collected() if name == "sorted" and len(values) == 1 and not keyed:
            return Ordered(first, reverse)
        case Part(subject=subject) if name == "float" and subject.kind is SubjectKind.HEADER:
            return first
        case Part():
            return Measured(first, Measure.OTHER)
        case Measured(part, Measure.DISTINCT) if name == "len":
            return Measured(part, Measure.LENGTH, DISTINCT)
        case Measured(_, Measure.KEYS) if name in ("set", "frozenset", "sorted"):
            return first
        case Collected(array, inner) if name == "sum":
            summed = body(f"{array.subject.name}/*{inner}")
            return Measured(replace(array, subject=summed), Measure.SUM)
        case Measured(part, Measure.SUM) if name == "approx":
            return first
    return Unknown(next(filter(None, map(call_of, values)), None))


def _is_listed(name: str, value: Value) -> bool:
    """Whether it is `set(["id", "title"])`, whose members are written there."""
    is_list = isinstance(value, Known) and isinstance(value.value, list | tuple)
    return is_list and name in ("set", "frozenset")


def method(target: Value, name: str, values: Sequence[Value]) -> Value:
    """The result of the method `name` of something that belongs to an answer."""
    first = values[0] if values else UNKNOWN
    key = first.value if isinstance(first, Known) else None
    match target:
        case Answer(call) if name in ("json", "get_json"):
            return Part(call, body())
        case Answer(call) if name in ("text", "read", "get_data"):
            return BodyText(call)
        case Headers(call) if name == "get" and isinstance(key, str):
            return Part(call, header_subject(key), _fallback(values))
        case Part() if name == "get" and isinstance(key, str):
            return replace(stepped(target, key), fallback=_fallback(values))
        case Part() if name == "keys":
            return Measured(target, Measure.KEYS)
        case Part() if name == "copy":
            return target
        case Part(subject=subject) if name == "lower" and subject.kind is not SubjectKind.BODY:
            return target
        case Part():
            return Measured(target, Measure.OTHER)
    return Unknown(call_of(target))


def _fallback(values: Sequence[Value]) -> Fallback:
    return Fallback.NULL if len(values) < 2 or values[1] == Known(None) else Fallback.DEFAULT
