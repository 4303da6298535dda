"""How much two requests of one operation ask the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.recording.jsons import read_json
from pe4king_core.mock.recording.media import is_json, plain_type

_MOST = 2_000
"""Members of a body that are compared."""


class Asked:
    """What a request asks, in a form that is quickly compared.

    `base` before its path does not count, nor do parameters called as one of `keys`: those are
    credentials, which differ from one client to the next. `meant` gives for a text what it is to
    be compared as.
    """

    def __init__(
        self,
        sent: Sent,
        base: str = "",
        keys: Collection[str] = (),
        meant: Callable[[str], str] = str,
    ) -> None:
        self.method = sent.method.upper()
        path = unquote(sent.path.removeprefix(base)).rstrip("/") or "/"
        self.path = "/".join(map(meant, path.split("/")))
        asked = parse_qsl(sent.query, keep_blank_values=True, errors="replace")
        self.query = Counter((name, meant(text)) for name, text in asked if name not in keys)
        self.body = Counter(_members(sent, meant))

    def is_same(self, other: Asked) -> bool:
        """Whether nothing is different."""
        same = self.method == other.method and self.path == other.path
        return same and self.query == other.query and self.body == other.body

    def likeness(self, other: Asked) -> tuple[bool, float, float]:
        """The more, the more alike: the same path, then the query, then the body."""
        query, body = _share(self.query, other.query), _share(self.body, other.body)
        return self.path == other.path, query, body


def _share(one: Counter[Any], other: Counter[Any]) -> float:
    every = (one | other).total()
    return (one & other).total() / every if every else 1.0


def _members(sent: Sent, meant: Callable[[str], str]) -> Iterator[Hashable]:
    if not sent.body:
        return
    name = plain_type(sent.header("content-type") or "")
    text = sent.body.decode("utf-8", "replace")
    if name == "application/x-www-form-urlencoded":
        for key, value in parse_qsl(text, keep_blank_values=True)[:_MOST]:
            yield key, meant(value)
        return
    found = read_json(text) if is_json(name) or text[:1] in ("{", "[") else None
    if found is None:
        yield text
    else:
        yield from _leaves(found[0], meant)


def _leaves(value: Any, meant: Callable[[str], str]) -> Iterator[Hashable]:
    waiting: list[tuple[str, Any]] = [("", value)]
    count = 0
    while waiting and count < _MOST:
        place, one = waiting.pop()
        if isinstance(one, dict) and one:
            waiting += [(f"{place}/{name}", inner) for name, inner in one.items()]
        elif isinstance(one, list) and one:
            waiting += [(f"{place}/{number}", inner) for number, inner in enumerate(one)]
        else:
            count += 1
            yield place, repr(meant(one) if isinstance(one, str) else one)
