"""What Java's methods make of a REST Assured answer and its parts: values to values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from pe4king_core.model.fact import STATUS, SubjectKind, body
from pe4king_core.testcode.claims import child, header_subject
from pe4king_core.testcode.java.closures import as_items, as_list, item_of
from pe4king_core.testcode.java.groovy import gpath
from pe4king_core.testcode.java.models import item_type, type_ref, typed, value_type
from pe4king_core.testcode.java.objects import Lambda, Typed, TypeRef
from pe4king_core.testcode.java.scope import Context
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
    Unknown,
    Value,
    call_of,
    plain,
)

Apply = Callable[[Context, Lambda, Sequence[Value]], Value]

_SAME_ANSWER = frozenset(
    {"andReturn", "thenReturn", "extract", "response", "peek", "prettyPeek", "and", "log", "all"}
)
_STATUS_METHODS = frozenset({"statusCode", "getStatusCode"})
_TEXT_METHODS = frozenset(
    {"asString", "asPrettyString", "getBody", "body", "print", "prettyPrint", "asByteArray"}
    | {"asInputStream"}
)
_OBJECTS = frozenset({"as", "getObject", "readValue", "fromJson", "treeToValue", "convertValue"})
_JSON_GETTERS = re.compile(
    r"(?:(?:get|opt)(?:String|Int|Long|Double|Float|Boolean|Byte|Short|Char|List|Map|UUID|Object"
    r"|JsonObject|JSONObject|JSONArray|JsonArray|AsJsonObject|AsJsonArray|Number|BigDecimal)?"
    r"|getAs(?:JsonObject|JsonArray|JsonPrimitive)|read|path|findValue)\Z"
)
_LOCAL_GETTERS = frozenset({"findValue"})
_SAME_VALUE = frozenset(
    {"intValue", "longValue", "doubleValue", "floatValue", "booleanValue", "toString"}
    | {"orElseThrow", "asText", "asInt", "asLong", "asDouble", "asBoolean", "textValue"}
    | {"getAsString", "getAsInt", "getAsLong", "getAsDouble", "getAsBoolean", "decimalValue"}
    | {"stream", "toList", "collect", "elements", "iterator", "asList", "boxed", "parallelStream"}
    | {"getAsJsonObject", "getAsJsonArray", "require", "trim", "strip", "asString", "numberValue"}
)
_MAPPERS = frozenset({"map", "mapToDouble", "mapToInt", "mapToLong", "mapToObj"})
_LIST_STEPS = frozenset({"toList", "collect", "stream", "boxed", "iterator", "asList"})


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
    if name in ("path", "jsonPath") and first is not None:
        return read_path(whole(call), first)
    if name in ("headers", "getHeaders"):
        return Headers(call)
    if name == "as" and values:
        return _object(whole(call), values)
    if name in _TEXT_METHODS:
        return BodyText(call)
    return answer if name in _SAME_ANSWER else Unknown(call)


def read_path(part: Part, path: str) -> Value:
    """The GPath `path` in `part`."""
    found = gpath(part, path)
    return found if not isinstance(found, tuple) else Unknown(part.call)


def _object(part: Part, values: Sequence[Value]) -> Value:
    """`part` as an object of the class given by one of `values`."""
    for each in values:
        if isinstance(each, TypeRef):
            return typed(part, each)
    return part


def of_part(part: Part, name: str, values: Sequence[Value]) -> Value:
    """The method `name` of a value that came from an answer."""
    if part.subject.kind is SubjectKind.BODY:
        found = _inside(part, name, values)
        if found is not None:
            return found
    if name in _OBJECTS:
        return _object(part, values)
    if name in _MEASURES and (name != "distinct" or not values):
        return Measured(part, _MEASURES[name])
    if name == "sorted":
        return Ordered(part) if not values else Measured(part, Measure.OTHER)
    if name == "orElse" and values:
        return replace(part, fallback=Fallback.DEFAULT)
    return part if name in _SAME_VALUE else Measured(part, Measure.OTHER)


def _inside(part: Part, name: str, values: Sequence[Value]) -> Value | None:
    """What a method takes out of a JSON value; None where it takes nothing."""
    first = _text(values)
    known = plain(values[0]) if values else UNKNOWN
    index = known.value if isinstance(known, Known) else None
    if isinstance(index, int) and name in _INDEXED:
        return _item(part, index)
    if not values and name in ("getFirst", "findFirst"):
        return _item(part, 0)
    if not values and name in ("getList", "get"):
        return part
    if first is None:
        return None
    if _JSON_GETTERS.match(name):
        return _member(part, name, first, values)
    if name == "at":
        return replace(part, subject=body(part.subject.name + first.rstrip("/")))
    if name in ROOT_SETTERS:
        found = read_path(part, first)
        return found if isinstance(found, Part) else Unknown(part.call)
    return None


ROOT_SETTERS = frozenset({"setRootPath", "setRoot"})
"""They change what the other methods of the same object start from."""
_MEASURES = {
    "size": Measure.LENGTH, "length": Measure.LENGTH, "count": Measure.LENGTH,
    "keySet": Measure.KEYS, "fieldNames": Measure.KEYS, "keys": Measure.KEYS,
    "names": Measure.KEYS, "getClass": Measure.TYPE, "distinct": Measure.DISTINCT,
}  # fmt: skip
_INDEXED = frozenset(
    {"get", "getFirst", "getLast", "getJSONObject", "getString", "getInt", "path", "getJsonObject"}
)


def _member(part: Part, name: str, first: str, values: Sequence[Value]) -> Value:
    is_path = not part.subject.name or "." in first or "[" in first
    found = read_path(part, first) if is_path else child(part, first)
    if name.startswith("opt") or not isinstance(found, Part):
        return replace(found, fallback=Fallback.DEFAULT) if isinstance(found, Part) else found
    if name == "getList":
        spread = as_items(found)
        return spread if isinstance(spread, Collected) else _listed(spread, values[1:])
    return _object(found, values[1:])


def _listed(part: Part, values: Sequence[Value]) -> Value:
    """`part` as a list, whose items are of the class given by one of `values`."""
    item = next((each for each in values if isinstance(each, TypeRef)), TypeRef("Object"))
    return typed(part, TypeRef("List", (item,), item.unit, item.inside))


def _item(part: Part, index: int) -> Part:
    return replace(child(part, str(index)), fallback=Fallback.NONE)


def of_collected(collected: Collected, name: str, values: Sequence[Value]) -> Value:
    """The method `name` of a list that was collected from items."""
    if name in _LIST_STEPS or (name == "filter" and not values):
        return collected
    if name == "sum":
        each = item_of(collected)
        return Measured(each, Measure.SUM) if isinstance(each, Part) else UNKNOWN
    if name == "sorted" and not values:
        return Ordered(collected)
    if name == "size":
        return Measured(collected.array, Measure.LENGTH)
    return Unknown(collected.array.call)


def of_list(
    context: Context, value: Part | Collected | Typed, name: str, function: Lambda, apply: Apply
) -> Value | None:
    """What a stream of items gives for `map(function)`; None for any other method."""
    if name in _MAPPERS:
        item = each_of(value)
        inside = apply(context, function, [item])
        return collected_from(value, item, inside)
    if name in ("filter", "limit", "skip", "peek", "takeWhile"):
        return value if name == "peek" else Unknown(call_of(value))
    return None


def each_of(value: Value) -> Value:
    """One item of a list."""
    if isinstance(value, Typed):
        item = item_type(value.type)
        part = item_of(as_list(value.part))
        if isinstance(part, Part) and item is not None and item.name == "Object":
            return part
        return typed(part, item) if item is not None and isinstance(part, Part) else part
    return item_of(value)


def collected_from(value: Value, item: Value, inside: Value) -> Value:
    """The list of what `inside` is of each `item` of the list `value`."""
    array = value.part if isinstance(value, Typed) else value
    one = item.part if isinstance(item, Typed) else item
    deep = inside.part if isinstance(inside, Typed) else inside
    if isinstance(one, Part) and isinstance(deep, Part):
        start = one.subject.name
        if deep.subject.kind is SubjectKind.BODY and deep.subject.name.startswith(start):
            rest = deep.subject.name[len(start) :]
            if isinstance(array, Part):
                return Collected(array, rest)
            if isinstance(array, Collected):
                return Collected(array.array, array.inner + rest)
    return Unknown(call_of(value))


def of_typed(value: Typed, name: str, values: Sequence[Value]) -> Value:
    """A method that every list, map or optional has, of an object made from JSON."""
    item = item_type(value.type)
    found = of_part(value.part, name, values)
    if isinstance(found, Measured) and found.measure is Measure.OTHER:
        return Unknown(value.part.call)
    if item is not None and isinstance(found, Part) and found != value.part:
        return typed(found, item)
    held = value_type(value.type)
    if held is not None and isinstance(found, Part) and found != value.part:
        return typed(found, held)
    return value if found == value.part else found


def method(target: Value, name: str, values: Sequence[Value]) -> Value:
    """The method `name` of something that belongs to an answer."""
    match target:
        case Answer():
            return of_answer(target, name, values)
        case Part():
            return of_part(target, name, values)
        case Typed():
            return of_typed(target, name, values)
        case Collected():
            return of_collected(target, name, values)
        case Headers(call) if name in ("getValue", "get") and _text(values) is not None:
            return Part(call, header_subject(_text(values) or ""), Fallback.NULL)
        case BodyText(call) if name in ("jsonPath", "path", "as"):
            return of_answer(Answer(call), name, values)
        case BodyText() if name in _TEXT_METHODS or name in ("toString", "trim", "strip"):
            return target
        case Measured(_, Measure.DISTINCT) if name in ("count", "size", "toList"):
            return target if name == "toList" else Measured(target.part, Measure.LENGTH, "distinct")
        case Measured(_, Measure.KEYS) if name in ("stream", "toList", "iterator"):
            return target
        case Measured() if name in ("intValue", "longValue", "getAsDouble", "orElse"):
            return target
        case Ordered() if name in ("toList", "collect"):
            return target
    return Unknown(call_of(target))


def parsed(name: str, values: Sequence[Value]) -> Value | None:
    """What a parser of JSON makes of the text of an answer (`mapper.readTree(text)`)."""
    texts = [each for each in values if isinstance(each, BodyText)]
    if not texts:
        parts = [each for each in values if isinstance(each, Part)]
        is_tree = name in ("treeToValue", "convertValue", "fromJson") and parts
        return _object(parts[0], values) if is_tree else None
    call = texts[0].call
    if name in ("readValue", "fromJson", "getObject"):
        return _object(whole(call), values)
    if name in ("readTree", "from", "with", "parse", "parseString", "parseReader", "JsonPath"):
        return whole(call)
    if name in ("JSONObject", "JSONArray", "JsonParser", "given"):
        return whole(call)
    if name == "read" and len(values) > 1 and _text(values[1:]) is not None:
        path = (_text(values[1:]) or "").removeprefix("$.").removeprefix("$")
        return read_path(whole(call), path) if ".." not in path and "*" not in path else None
    return None


def class_ref(context: Context, text: str) -> TypeRef:
    """`Book.class` or `new TypeRef<List<Book>>() {}` as a type to read objects of."""
    return type_ref(text, context.unit, context.type)


def _text(values: Sequence[Value]) -> str | None:
    value = plain(values[0]) if values else UNKNOWN
    known = value.value if isinstance(value, Known) else None
    return known if isinstance(known, str) else None
