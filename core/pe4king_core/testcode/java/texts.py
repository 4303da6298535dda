"""What Java's methods make of texts and plain values: building, formatting, the environment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pe4king_core.model.json import join
from pe4king_core.testcode.java.inlining import environment_default, list_of
from pe4king_core.testcode.java.objects import Constant, Entries, Entry, Instance, bare
from pe4king_core.testcode.java.requests import Link
from pe4king_core.testcode.routes import joined, template_of
from pe4king_core.testcode.values import (
    UNKNOWN,
    Hole,
    Items,
    Known,
    Rows,
    Sent,
    Template,
    Value,
    capped,
    plain,
)

_PERCENT = re.compile(r"%(?:\d+\$)?[-+ #0,(]*\d*(?:\.\d+)?([sdifxXbcen%])")
_SAME = frozenset(
    {"toString", "trim", "strip", "intValue", "longValue", "value", "code", "intern", "build"}
    | {"toUriString", "toUri", "toASCIIString", "toExternalForm", "stripIndent", "orElseThrow"}
    | {"doubleValue", "get", "getBytes", "stripTrailing"}
)
_CONVERSIONS = frozenset(
    {"valueOf", "parseInt", "parseLong", "parseDouble", "parseFloat", "parseBoolean", "toString"}
    | {
        "requireNonNull",
        "fromUriString",
        "fromHttpUrl",
        "fromUri",
        "fromPath",
        "encode",
        "ofNullable",
    }
    | {"nullToEmpty", "create", "copyOf", "checkNotNull"}
)
_DEFAULTS = frozenset(
    {"requireNonNullElse", "defaultIfBlank", "defaultIfEmpty", "firstNonNull", "defaultString"}
    | {"defaultIfNull"}
)
_BUILDERS = frozenset({"StringBuilder", "StringBuffer", "StringJoiner"})


def is_text(value: Value) -> bool:
    """Whether `value` is a text for certain."""
    return isinstance(value, Template) or (
        isinstance(value, Known) and isinstance(value.value, str)
    )


def added(left: Value, right: Value) -> Value:
    """`left + right` of texts."""
    return joined((*template_of(left), *template_of(right)))


def text_of(value: Value | None) -> str | None:
    """The text that `value` is; None where it is none, or not known."""
    known = plain(value) if value is not None else UNKNOWN
    return known.value if isinstance(known, Known) and isinstance(known.value, str) else None


def of_text(value: Value, link: Link) -> Value | None:
    """The method `link` of a text or plain value; None where it is none of these."""
    plain_value = plain(value)
    text = text_of(value)
    if link.name == "formatted" and text is not None:
        return formatted(text, link, 0)
    if link.name in ("concat", "append", "path", "resolve") and link.values:
        first = plain(link.values[0])
        if link.name == "resolve" and (text_of(first) or "").startswith("/"):
            return joined((*_origin(template_of(plain_value)), *template_of(first)))
        return joined((*template_of(plain_value), *template_of(first, link.names[0])))
    if link.name == "replace" and len(link.values) == 2:
        return _replaced(plain_value, link)
    if link.name in ("orElse", "orElseGet") and link.values:
        return environment_default(plain_value, plain(link.values[0])) or plain_value
    if link.name in _SAME:
        return plain_value
    if link.name in ("queryParam", "fragment", "queryParams"):
        return plain_value
    if link.name in ("toLowerCase", "toUpperCase") and text is not None:
        return Known(text.lower() if link.name == "toLowerCase" else text.upper())
    if link.name in ("isEmpty", "isBlank") and text is not None:
        return Known(not (text.strip() if link.name == "isBlank" else text))
    if link.name in ("buildAndExpand", "build", "expand"):
        return plain_value
    return None


def _origin(parts: Sequence[str | Hole]) -> Sequence[str | Hole]:
    """The scheme and host of an address, as `URI.resolve("/x")` keeps them."""
    if not parts or isinstance(parts[0], Hole):
        return parts[:1]
    found = re.match(r"[a-zA-Z][\w+.-]*://[^/]*", parts[0])
    return (found[0],) if found else ()


def _replaced(value: Value, link: Link) -> Value:
    old, new = text_of(link.values[0]), plain(link.values[1])
    if old is None or not old or not is_text(value):
        return UNKNOWN
    parts: list[str | Hole] = []
    for part in template_of(value):
        if isinstance(part, Hole):
            parts.append(part)
            continue
        for index, piece in enumerate(part.split(old)):
            parts += [*(template_of(new, link.names[1]) if index else ()), piece]
    return joined(parts)


def static_method(receiver: str, link: Link) -> Value | None:
    """What `receiver.name(...)` of a class of the library gives; None where not known here."""
    first = plain(link.values[0]) if link.values else UNKNOWN
    simple = receiver.rpartition(".")[2]
    if receiver in ("System", "java.lang.System"):
        return _environment(link)
    if simple == "String" and link.name == "format" and text_of(first) is not None:
        return formatted(text_of(first) or "", link, 1)
    if simple == "String" and link.name == "join" and link.values:
        return _joined(link)
    if simple == "Math" and link.name == "min" and len(link.values) == 2:
        return capped(*map(bare, link.values))
    if link.name in ("of", "asList", "listOf") and simple in ("List", "Set", "Arrays", "Stream"):
        return list_of(link.values)
    if link.name == "singletonList" and len(link.values) == 1:
        return list_of(link.values)
    if simple in ("Map", "ImmutableMap", "Collections") and link.name in ("of", "singletonMap"):
        return map_of(link.values)
    if link.name in ("emptyMap", "emptyList"):
        return Entries() if link.name == "emptyMap" else Known([])
    if simple == "Map" and link.name == "ofEntries":
        pairs = [each for each in link.values if isinstance(each, Entry)]
        if len(pairs) != len(link.values):
            return Entries(complete=False)
        return map_of([each for pair in pairs for each in (pair.key, pair.value)])
    if link.name in _DEFAULTS and len(link.values) == 2:
        return environment_default(first, plain(link.values[1])) or UNKNOWN
    if link.name in _CONVERSIONS and simple[:1].isupper() and link.values:
        return first
    return None


def _environment(link: Link) -> Value | None:
    name = text_of(link.values[0]) if link.values else None
    if link.name == "getenv" and not link.values:
        return Constant("System", "ENVIRONMENT")
    if link.name in ("getenv", "getProperty") and link.values:
        if len(link.values) == 2 and isinstance(plain(link.values[1]), Known | Template):
            return plain(link.values[1])
        return Template((Hole(name or "", outside=True),))
    return None


def of_environment(link: Link) -> Value:
    """`System.getenv().getOrDefault("X", default)`, `System.getenv().get("X")`."""
    name = text_of(link.values[0]) if link.values else None
    if link.name == "getOrDefault" and len(link.values) == 2:
        written = plain(link.values[1])
        if isinstance(written, Known | Template):
            return written
    return Template((Hole(name or "", outside=True),)) if link.values else UNKNOWN


def map_of(values: Sequence[Value]) -> Value:
    """A map of alternating keys and values."""
    keys = [text_of(each) for each in values[::2]]
    found = Entries(complete=None not in keys and len(values) % 2 == 0)
    found.members = {
        key: value for key, value in zip(keys, values[1::2], strict=False) if key is not None
    }
    return settled(found)


def settled(entries: Entries) -> Value:
    """`entries` as a plain value where all of it is known; maps that grow stay what they are."""
    values = {key: plain(value) for key, value in entries.members.items()}
    known = {key: each.value for key, each in values.items() if isinstance(each, Known)}
    whole = entries.complete and len(known) == len(values)
    return Known(known) if whole else entries


def of_entries(entries: Entries, link: Link) -> Value:
    """A method of a map or JSON object that the test fills."""
    key = text_of(link.values[0]) if link.values else None
    match link.name:
        case "put" | "addProperty" | "add" | "set" | "with" | "putIfAbsent" | "accumulate" if (
            len(link.values) == 2
        ):
            if key is None:
                entries.complete = False
            else:
                entries.members[key] = link.values[1]
            return entries
        case "get" | "getString" | "getOrDefault" | "getInt" | "opt" if key is not None:
            return _sent_entry(entries, key)
        case "remove" if key is not None:
            return entries.members.pop(key, UNKNOWN)
        case "toString" | "build" | "toJSONString" | "toMap" | "asText":
            return entries
        case "putAll" | "merge" | "putAllFrom" | "putNull" | "putPOJO":
            entries.complete = False
    return UNKNOWN


def _sent_entry(entries: Entries, key: str) -> Value:
    """A member of a map, with the note that it was sent where it is known by that alone."""
    value = entries.members.get(key, UNKNOWN)
    if not entries.sent or key not in entries.members or isinstance(plain(value), Known):
        return value
    return Sent(entries.sent, join("", key), value)


def _joined(link: Link) -> Value:
    separator = text_of(link.values[0])
    if separator is None:
        return UNKNOWN
    members: Sequence[Value] = link.values[1:]
    names = list(link.names[1:])
    if len(members) == 1:
        only = plain(members[0])
        if isinstance(only, Items):
            members, names = only.members, [""] * len(only.members)
        elif isinstance(only, Known) and isinstance(only.value, list):
            members, names = [Known(each) for each in only.value], [""] * len(only.value)
        elif not is_text(only):
            return UNKNOWN
    parts: list[str | Hole] = []
    for index, (each, name) in enumerate(zip(members, names, strict=True)):
        parts += [*([separator] if index else []), *template_of(plain(each), name)]
    return joined(parts)


def formatted(text: str, link: Link, first: int) -> Value:
    """`String.format(text, ...)`; the arguments start at `first`."""
    parts: list[str | Hole] = []
    position, index = 0, first
    for match in _PERCENT.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        if match[1] == "%":
            parts.append("%")
        elif index < len(link.values):
            parts += _shown(link.values[index], link.names[index])
            index += 1
        else:
            parts.append(Hole())
    return joined((*parts, text[position:]))


def _shown(value: Value, name: str) -> Sequence[str | Hole]:
    plain_value = plain(value)
    if isinstance(plain_value, Rows):
        return (Hole(name),)
    if isinstance(plain_value, Instance) and plain_value.constant:
        return (Hole(name),)
    return template_of(plain_value, name)


def builder(name: str, values: Sequence[Value]) -> Value | None:
    """`new StringBuilder("/books")`, `new URI(text)`."""
    if name in _BUILDERS:
        return plain(values[0]) if values and is_text(plain(values[0])) else Known("")
    if name in ("URI", "URL", "URIBuilder", "String") and len(values) == 1:
        return plain(values[0])
    return None
