"""HTTP calls of Python's clients, recognised by method name, receiver and arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pe4king_core.model.message import Message
from pe4king_core.testcode.reasons import UNKNOWN_METHOD
from pe4king_core.testcode.routes import Route, looks_like_path, route, template_of
from pe4king_core.testcode.values import Hole, Known, Value, plain

_VERBS = frozenset(["get", "post", "put", "patch", "delete", "head", "options"])
_FREE_METHODS = frozenset({"request", "stream", "open"})
_CLIENT = re.compile(
    r"(?:^|[._])(?:requests?|httpx|http|https?_client|sessions?|clients?|apis?|app|s|c|http_?x?)$"
    r"|client\d?$|session$|api$|requests$",
    re.IGNORECASE,
)
_IMITATION = re.compile(r"mock|respx|responses|rsps|httpretty|pook|fake|stub|router", re.IGNORECASE)
_PATH_KEYWORDS = ("url", "path", "endpoint", "url_path")
_JSON_KEYWORDS = ("json", "json_data", "payload")


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call: its value and the name a reader would use for it."""

    value: Value
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class HttpCall:
    """A request as the code makes it; `sent` is the text of the JSON argument."""

    method: str
    route: Route
    sends_json: bool
    sent: str | None = None
    unresolved: Message | None = None


def recognised(
    receiver: str | None, name: str, arguments: Sequence[Argument], named: Mapping[str, Argument]
) -> HttpCall | None:
    """The request that `receiver.name(arguments)` makes, or None where it makes none.

    `receiver` is its text, None for a plain function (`from requests import get`).
    """
    verb = name.lower()
    if verb not in _VERBS and verb not in _FREE_METHODS:
        return None
    if receiver is not None and _IMITATION.search(receiver):
        return None
    is_client = receiver is None or bool(_CLIENT.search(re.sub(r"\(.*\)$", "", receiver)))
    rest = list(arguments)
    method = verb
    if verb in _FREE_METHODS:
        given = named.get("method") or (rest.pop(0) if rest else None)
        literal = plain(given.value) if given is not None else None
        method = str(literal.value).lower() if isinstance(literal, Known) else ""
        if method not in _VERBS and not (is_client and method == ""):
            return None
    path = next((named[key] for key in _PATH_KEYWORDS if key in named), rest[0] if rest else None)
    if path is None:
        return None
    parts = _parts(path)
    if not (looks_like_path(parts) or (is_client and _may_be_path(parts))):
        return None
    sent = next((named[key] for key in _JSON_KEYWORDS if key in named), None)
    return HttpCall(
        method,
        route(parts),
        sent is not None or _dumped(named),
        sent.text if sent is not None else None,
        None if method else UNKNOWN_METHOD,
    )


def _parts(path: Argument) -> tuple[str | Hole, ...]:
    return template_of(plain(path.value), path.name)


def _may_be_path(parts: Sequence[str | Hole]) -> bool:
    """Whether a client could be asked for this: `books/1`, or a text from a variable."""
    text = "".join(part for part in parts if isinstance(part, str))
    return not re.search(r"[\s{}]", text) and (bool(text) or isinstance(parts[0], Hole))


def _dumped(named: Mapping[str, Argument]) -> bool:
    data = named.get("data") or named.get("content")
    return data is not None and data.text.startswith(("json.dumps", "orjson.dumps"))
