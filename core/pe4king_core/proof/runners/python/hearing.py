"""Keeps what the user's clients have received, to tell a body that is no JSON from other texts.

A module of the child inside the user's Python: standard library alone, Python 3.7 and newer.
"""

from __future__ import annotations

import collections
import functools
from collections.abc import Callable
from typing import Any

_MOST = 50
"""So many bodies are kept: those of one run, and of fixtures that were set up before it."""


class Bodies:
    """The last bodies that were received."""

    def __init__(self) -> None:
        self._bodies: collections.deque[bytes] = collections.deque(maxlen=_MOST)

    def note(self, body: object) -> None:
        """One more; clients tell of the same again and again."""
        if isinstance(body, bytes) and not any(each is body for each in self._bodies):
            self._bodies.append(body)

    def has(self, text: object) -> bool:
        """Whether it is one of them as a whole, in whichever encoding it was read."""
        if not isinstance(text, str):
            return False
        return any(_plain(text) in _read(each) for each in self._bodies)


def _read(body: bytes) -> tuple[str, str]:
    return _plain(body.decode("utf-8", "replace")), _plain(body.decode("latin-1"))


def _plain(text: str) -> str:
    return text.lstrip("\ufeff").strip()


def _property(bodies: Bodies, owner: str, name: str) -> Callable[[Any], None]:
    """Note what a property gives."""

    def change(module: Any) -> None:
        kind = getattr(module, owner, None)
        plain = vars(kind).get(name) if kind is not None else None
        if not isinstance(plain, property) or plain.fget is None:
            return
        read = plain.fget

        def made(self: Any) -> Any:
            body = read(self)
            bodies.note(body)
            return body

        setattr(kind, name, property(made, plain.fset, plain.fdel, plain.__doc__))

    return change


def _whole_reads(bodies: Bodies) -> Callable[[Any], None]:
    """Note what `http.client` reads in one go: requests by urllib, http.client, old urllib3."""

    def change(module: Any) -> None:
        plain = module.HTTPResponse.read

        @functools.wraps(plain)
        def made(self: Any, *given: Any, **named: Any) -> Any:
            body = plain(self, *given, **named)
            if not given and not named:
                bodies.note(body)
            return body

        module.HTTPResponse.read = made

    return change


def _awaited(bodies: Bodies, name: str) -> Callable[[Any], None]:
    """Note the body of an answer of aiohttp, before its reader complains of it."""

    def change(module: Any) -> None:
        plain = getattr(module.ClientResponse, name)

        @functools.wraps(plain)
        async def made(self: Any, *given: Any, **named: Any) -> Any:
            try:
                return await plain(self, *given, **named)
            finally:
                bodies.note(getattr(self, "_body", None))

        setattr(module.ClientResponse, name, made)

    return change


def changes(bodies: Bodies) -> dict[str, list[Callable[[Any], None]]]:
    """How modules have to be changed, by their names."""
    return {
        "http.client": [_whole_reads(bodies)],
        "urllib3.response": [_property(bodies, "HTTPResponse", "data")],
        "requests.models": [_property(bodies, "Response", "content")],
        "httpx._models": [_property(bodies, "Response", "content")],
        "aiohttp.client_reqrep": [_awaited(bodies, each) for each in ("read", "text", "json")],
    }
