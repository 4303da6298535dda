"""Paths of requests from texts that are known in parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pe4king_core.model.message import Message
from pe4king_core.testcode.reasons import unknown_path
from pe4king_core.testcode.values import Hole, Known, Rows, Template, Value

_ORIGIN = re.compile(r"(?:[A-Za-z\0][A-Za-z0-9+.\0-]*:)?//[^/?#]*")
"""With `\\0` for what is computed: `{scheme}://{host}`."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_BASE_WORDS = frozenset(
    {
        "address",
        "api",
        "app",
        "application",
        "backend",
        "base",
        "client",
        "config",
        "domain",
        "endpoint",
        "env",
        "get",
        "host",
        "http",
        "https",
        "live",
        "local",
        "main",
        "origin",
        "path",
        "port",
        "prefix",
        "root",
        "scheme",
        "self",
        "server",
        "service",
        "settings",
        "site",
        "str",
        "string",
        "test",
        "testing",
        "the",
        "uri",
        "url",
        "v",
        "version",
        "web",
    }
)
_QUERY_NAMES = frozenset(["query", "params", "qs", "querystring", "query_string", "parameters"])
_MARK = "\0"


@dataclass(frozen=True, slots=True)
class Route:
    """A path with `{}` for what is computed, the names of those holes, and why it is not known."""

    path: str
    names: tuple[str, ...] = ()
    unresolved: Message | None = None


def template_of(value: Value, name: str = "") -> tuple[str | Hole, ...]:
    """`value` as parts of a text; what is not known becomes a hole called `name`."""
    match value:
        case Known(known) if isinstance(known, str):
            return (known,)
        case Known(known) if isinstance(known, int) and not isinstance(known, bool):
            return (str(known),)
        case Template(parts):
            return parts
        case Rows():
            return (Hole("" if is_base(name) else name),)
    return (Hole(name),)


def joined(parts: Sequence[str | Hole]) -> Value:
    """One text from `parts`: a plain value where nothing is open."""
    if all(isinstance(part, str) for part in parts):
        return Known("".join(str(part) for part in parts))
    merged: list[str | Hole] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return Template(tuple(merged))


def looks_like_path(parts: Sequence[str | Hole]) -> bool:
    """Whether a text made of `parts` can only be a path or URL."""
    if not parts:
        return False
    first = parts[0]
    if isinstance(first, str):
        return first.startswith("/") or bool(_ORIGIN.match(first))
    return len(parts) > 1 and isinstance(parts[1], str) and parts[1].startswith("/")


def route(parts: Sequence[str | Hole]) -> Route:
    """The path in `parts`: origin, base constant, query and fragment are cut off."""
    holes = [part for part in parts if isinstance(part, Hole)]
    text = "".join(_MARK if isinstance(part, Hole) else part.replace(_MARK, "") for part in parts)
    origin = _ORIGIN.match(text)
    if origin:
        holes = holes[origin.group().count(_MARK) :]
        text = text[origin.end() :] or "/"
    elif text.startswith(_MARK):
        if not (holes[0].outside or is_base(holes[0].name)) or text == _MARK:
            return Route("", (), unknown_path(holes[0].name))
        holes, text = holes[1:], text[1:]
    text = re.split(r"[?#]", text, maxsplit=1)[0]
    if text.endswith(_MARK) and not text.endswith("/" + _MARK):
        last = holes[text.count(_MARK) - 1].name.lower()
        text = text[:-1] if last in _QUERY_NAMES else text
    if not text.startswith("/"):
        text = "/" + text
    names = tuple(hole.name for hole in holes[: text.count(_MARK)])
    return Route(text.replace(_MARK, "{}"), names if any(names) else ())


def is_base(name: str) -> bool:
    """Whether `name` says no more than "the address of the API" (`BASE_URL`, `api_host`)."""
    words = [word.lower() for word in _WORD.findall(name)]
    return bool(words) and all(word in _BASE_WORDS or word.isdecimal() for word in words)
