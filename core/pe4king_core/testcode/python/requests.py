"""One HTTP request from the arguments of a client's method: its path and its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pe4king_core.model.fact import ChangeIn
from pe4king_core.model.message import Message
from pe4king_core.model.source import BodyKind, RequestParts
from pe4king_core.testcode.python.carrying import Carried, in_body, in_path, named
from pe4king_core.testcode.python.libraries import VERBS
from pe4king_core.testcode.python.objects import Argument, Arguments, Dumped, Instance, Record
from pe4king_core.testcode.python.texts import Several, parts_of
from pe4king_core.testcode.reasons import UNKNOWN_METHOD
from pe4king_core.testcode.routes import Route, looks_like_path, route
from pe4king_core.testcode.values import UNKNOWN, Hole, Items, Known, Rows, Sent, Value, plain

FREE_METHODS = frozenset({"request", "stream", "open"})
_CLIENT = re.compile(
    r"(?:^|[._])(?:requests?|httpx|http|https?_client|sessions?|clients?|apis?|app|s|c|http_?x?)$"
    r"|client\d?$|session$|api$|requests$",
    re.IGNORECASE,
)
_IMITATION = re.compile(r"mock|respx|responses|rsps|httpretty|pook|fake|stub|router", re.IGNORECASE)
_PATH_KEYWORDS = ("url", "path", "endpoint", "url_path")
_JSON_KEYWORDS = ("json", "json_data", "payload")


@dataclass(frozen=True, slots=True)
class HttpCall:
    """A request as the code makes it; `sent` is what it carries as JSON."""

    method: str
    route: Route
    parts: RequestParts
    sent: Value | None = None
    unresolved: Message | None = None
    carried: tuple[Carried, ...] = ()
    """What it carries, value by value."""


def several_paths(rows: Sequence[str]) -> Message:
    """The path differs from row to row of the test's table."""
    listed = ", ".join(rows[:5])
    return Message(
        en=f"The path differs from row to row of the test's parameters: {listed}.",
        ru=f"Путь зависит от строки параметров теста: {listed}.",
    )


def guessed(receiver: str, name: str, arguments: Arguments) -> HttpCall | None:
    """The request that `receiver.name(arguments)` makes by its looks, or None.

    `receiver` is its text: nothing is known of the object itself.
    """
    verb = name.lower()
    if (verb not in VERBS and verb not in FREE_METHODS) or _IMITATION.search(receiver):
        return None
    is_client = bool(_CLIENT.search(re.sub(r"\(.*\)$", "", receiver, flags=re.DOTALL)))
    made = request(verb, arguments, certain=is_client)
    if made is None:
        return None
    path = path_argument(verb, arguments)
    parts = parts_of(plain(path.value), path.name) if path is not None else ()
    if looks_like_path(parts) or (is_client and _may_be_path(parts)):
        return made
    return None


def request(
    verb: str,
    arguments: Arguments,
    base: Sequence[str | Hole] = (),
    *,
    kind: str = "",
    joins: bool = False,
    certain: bool = True,
) -> HttpCall | None:
    """The request of a client's method `verb`; None where it is none."""
    method = verb
    if verb in FREE_METHODS:
        given = arguments.argument(0, "method")
        literal = plain(given.value) if given is not None else UNKNOWN
        method = str(literal.value).lower() if isinstance(literal, Known) else ""
        if method not in VERBS and not (certain and method == ""):
            return None
    path = path_argument(verb, arguments)
    if path is None:
        return None
    parts = joined_path(base, parts_of(plain(path.value), path.name), joins=joins)
    sent, found = _parts(arguments, kind, verb)
    return HttpCall(
        method,
        _route(parts),
        found,
        sent,
        None if method in VERBS else UNKNOWN_METHOD,
        tuple(_carried(arguments, kind, verb, sent)),
    )


def _carried(arguments: Arguments, kind: str, verb: str, sent: Value | None) -> Iterator[Carried]:
    path = path_argument(verb, arguments)
    yield from in_path(parts_of(plain(path.value), path.name) if path is not None else ())
    given = {
        ChangeIn.QUERY: arguments.argument(_query_index(kind, verb), "params", "query_string"),
        ChangeIn.HEADER: arguments.argument(None, "headers"),
        ChangeIn.COOKIE: arguments.argument(None, "cookies"),
    }
    for where, each in given.items():
        if each is not None and not _is_none(each.value):
            yield from named(where, each.value)
    if sent is not None:
        yield from in_body(sent)
        return
    for name in ("data", "content", "files"):
        data = arguments.argument(_data_index(kind, verb) if name == "data" else None, name)
        if data is not None and not _is_none(data.value):
            yield from in_body(data.value)


def path_argument(verb: str, arguments: Arguments) -> Argument | None:
    """The argument that holds the URL."""
    has_method = verb in FREE_METHODS and "method" not in arguments.named
    return arguments.argument(1 if has_method else 0, *_PATH_KEYWORDS)


def joined_path(
    base: Sequence[str | Hole], path: Sequence[str | Hole], *, joins: bool = False
) -> tuple[str | Hole, ...]:
    """`path` as a client with the base URL `base` asks for it."""
    first = path[0] if path else ""
    is_whole = isinstance(first, str) and "://" in first[:12]
    if not base or is_whole:
        return tuple(path)
    if joins:
        return url_joined(base, path)
    head, tail = list(base), list(path)
    if isinstance(head[-1], str):
        head[-1] = head[-1].rstrip("/")
    if isinstance(first, str) and tail:
        tail[0] = first.lstrip("/")
        separator = "/" if first == "/" or str(tail[0])[:1] not in ("", "?") else ""
        return (*head, separator, *tail)
    return (*head, "/", *tail) if tail else tuple(head)


def url_joined(base: Sequence[str | Hole], path: Sequence[str | Hole]) -> tuple[str | Hole, ...]:
    """`urljoin(base, path)`: RFC 3986 5.2 for what tests write."""
    first = path[0] if path else ""
    if not path or (isinstance(first, str) and "://" in first):
        return tuple(path) or tuple(base)
    head = list(base)
    if isinstance(first, str) and first.startswith("/"):
        for index, each in enumerate(head):
            if not isinstance(each, str):
                continue
            at = each.find("/", each.find("://") + 3 if "://" in each else 0)
            if at >= 0:
                return (*head[:index], each[:at], *path)
        return (*head, *path)
    if isinstance(head[-1], str):
        last = head[-1]
        bare = "://" in last and "/" not in last.split("://", 1)[1]
        head[-1] = last + "/" if bare else last[: last.rfind("/") + 1] or last
        return (*head, *path)
    if len(head) > 1 and not head[-1].outside:
        return (*head[:-1], *path)
    return (*head, "/", *path)


def _route(parts: Sequence[str | Hole]) -> Route:
    rows = [part for part in parts if isinstance(part, Several)]
    for each in rows:
        texts = [text for text in each.rows if text is not None]
        whole = parts[0] is each or any("/" in text for text in texts)
        if whole and texts and not all(text[:1] in ("", "?") for text in texts):
            return Route("", (), several_paths(texts))
    kept = [part for part in parts if not (isinstance(part, Several) and part.is_query)]
    return route(kept)


def _may_be_path(parts: Sequence[str | Hole]) -> bool:
    """Whether a client could be asked for this: `books/1`, or a text from a variable."""
    text = "".join(part for part in parts if isinstance(part, str))
    return not re.search(r"[\s{}]", text) and (bool(text) or isinstance(parts[0], Hole))


def _parts(arguments: Arguments, kind: str, verb: str) -> tuple[Value | None, RequestParts]:
    """What is sent as JSON, and the names of everything that is sent."""
    query, all_query = _names(arguments.value(_query_index(kind, verb), "params", "query_string"))
    headers, all_headers = _names(arguments.value(None, "headers"))
    cookies, all_cookies = _names(arguments.value(None, "cookies"))
    path = path_argument(verb, arguments)
    written = parts_of(plain(path.value), path.name) if path is not None else ()
    query = (*_written_query(written), *query)
    sent, body, form, all_form = _body(arguments, kind, verb)
    names, all_names = _names(sent if sent is not None else UNKNOWN)
    complete = all((arguments.complete, all_query, all_headers, all_cookies, all_form))
    found = RequestParts(query, headers, cookies, form, body, names, complete)
    if body is BodyKind.JSON and not all_names:
        found = replace(found, complete=False)
    return sent, found


def _query_index(kind: str, verb: str) -> int | None:
    if kind in ("requests", "django", "rest_framework") and verb in ("get", "head", "delete"):
        return 1 if verb == "get" else None
    return None


def _written_query(parts: Sequence[str | Hole]) -> tuple[str, ...]:
    text = "".join(part if isinstance(part, str) else "{}" for part in parts)
    _, _, query = text.partition("?")
    found = re.findall(r"(?:^|&)([\w.\-\[\]]+)=", query.split("#")[0])
    return tuple(dict.fromkeys(found))


def _body(
    arguments: Arguments, kind: str, verb: str
) -> tuple[Value | None, BodyKind, tuple[str, ...], bool]:
    """What is sent as JSON, the kind of the body, the names of form fields, whether all."""
    json = arguments.argument(None, *_JSON_KEYWORDS)
    if json is None and kind == "requests" and verb == "post":
        json = arguments.argument(2)
    if json is not None and not _is_none(json.value):
        return json.value, BodyKind.JSON, (), True
    data = arguments.argument(_data_index(kind, verb), "data", "content")
    content = plain(data.value) if data is not None else UNKNOWN
    if isinstance(content, Dumped):
        if _says_another_type(arguments):
            return None, BodyKind.OTHER, (), True
        return content.content, BodyKind.JSON, (), True
    if data is not None and _sends_json(arguments, kind):
        return data.value, BodyKind.JSON, (), True
    files = arguments.argument(None, "files")
    if files is not None and not _is_none(files.value):
        names, all_names = _names(files.value)
        more, all_more = _names(content)
        complete = all_names and (all_more or data is None)
        return None, BodyKind.MULTIPART, (*more, *names), complete
    if data is None or _is_none(data.value):
        return None, BodyKind.NONE, (), True
    names, complete = _names(content)
    if names or isinstance(content, Record):
        return None, BodyKind.FORM, names, complete
    return None, BodyKind.OTHER, (), True


def _data_index(kind: str, verb: str) -> int | None:
    """The place of the body among the positional arguments."""
    writes = verb in ("post", "put", "patch")
    return 1 if writes and kind in ("requests", "django", "rest_framework") else None


def _says_another_type(arguments: Arguments) -> bool:
    """Whether headers are given, all of them are known, and none says that it is JSON."""
    given = arguments.argument(None, "headers")
    names, complete = _names(given.value) if given is not None else ((), False)
    return complete and bool(names) and "content-type" not in [name.lower() for name in names]


def _sends_json(arguments: Arguments, kind: str) -> bool:
    """Whether Django's clients are told to send `data` as JSON."""
    told = arguments.value(None, "format" if kind == "rest_framework" else "content_type")
    if told == UNKNOWN and kind in ("django", "rest_framework"):
        told = arguments.value(None, "format", "content_type")
    text = told.value if isinstance(told, Known) else ""
    return isinstance(text, str) and "json" in text


def _is_none(value: Value) -> bool:
    return isinstance(value, Known) and value.value is None


def _names(value: Value) -> tuple[tuple[str, ...], bool]:
    """The member names of a dictionary that is sent, and whether these are all."""
    if isinstance(value, Sent):
        value = value.content
    match value:
        case Known(dict() as members):
            return tuple(str(name) for name in members), True
        case Record(members, complete):
            return tuple(members), complete
        case Instance(attributes=attributes):
            return tuple(attributes), True
        case Known(None):
            return (), True
        case Known(list()) | Items() | Rows():
            return (), False
    return (), value is UNKNOWN
