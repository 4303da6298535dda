"""Requests that want an answer only if something has changed (RFC 9110 section 13)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from threading import Lock

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.model.operation import Operation

_SAME = ("304", "3XX", "3xx")
_KEPT = frozenset({"etag", "cache-control", "content-location", "date", "expires", "vary"})
"""The headers that tell of what the client has already (RFC 9110 section 15.4.5)."""


_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_MOST_PATHS = 2_000
_MOST_TAGS = 50


def unchanged(sent: Sent, operation: Operation, answer: Answer) -> Answer | None:
    """304, where the client has this very answer and the document has a 304; else None."""
    wanted, tag = sent.header("if-none-match"), answer.header("etag")
    if not wanted or not tag or sent.method not in ("GET", "HEAD"):
        return None
    if answer.status != 200 or not any(key in operation.responses for key in _SAME):
        return None
    known = _tags(wanted)
    if _plain(tag) not in known and "*" not in known:
        return None
    return Answer(304, [each for each in answer.headers if each[0].lower() in _KEPT])


class Versions:
    """The tags that answers had, by path, and whether they are of what is there. Thread-safe.

    A tag that nobody was given is not refused: clients that send the documented example have to
    be answered as if it were right.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._current: OrderedDict[str, dict[str, bool]] = OrderedDict()

    def refuses(self, request: ReadRequest) -> bool:
        """Whether a request is for a version that is no more, and the document has 412 for it."""
        wanted = request.sent.header("if-match")
        if not wanted or "412" not in request.operation.responses:
            return False
        with self._lock:
            known = self._current.get(_path(request), {})
            return all(known.get(tag) is False for tag in _tags(wanted))

    def note(self, request: ReadRequest, answer: Answer) -> None:
        """What a successful answer says of versions: its own tag, or that others are no more."""
        tag, path = answer.header("etag"), _path(request)
        with self._lock:
            if request.sent.method not in _SAFE and self._current:
                for above in _with_above(path):
                    tags = self._current.get(above, {})
                    tags.update(dict.fromkeys(tags, False))
            if tag:
                tags = self._current.setdefault(path, {})
                tags.pop(_plain(tag), None)
                tags[_plain(tag)] = True
                self._forget(tags)

    def _forget(self, tags: dict[str, bool]) -> None:
        if len(tags) > _MOST_TAGS:
            del tags[next(iter(tags))]
        if len(self._current) > _MOST_PATHS:
            self._current.popitem(last=False)


def _path(request: ReadRequest) -> str:
    return request.route.rstrip("/")


def _with_above(path: str) -> Iterator[str]:
    """`path`, and what it may be a part of: an order changes when it is `/orders/7/cancel`led."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _tags(header: str) -> list[str]:
    return [_plain(each.strip()) for each in header.split(",")]


def _plain(tag: str) -> str:
    return tag.removeprefix("W/")
