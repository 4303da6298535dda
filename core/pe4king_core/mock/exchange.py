"""Requests and answers as they travel, whatever carries them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HeaderList = Sequence[tuple[str, str]]
"""Names and values in the order of the wire; names in any case, values in latin-1."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it came over the wire; `target` is path and query, percent-encoded.

    `mount` is what the client has before the target, where the API is not at the root.
    """

    method: str
    target: str
    headers: HeaderList
    body: bytes = b""
    mount: str = ""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What stands behind the first question mark, percent-encoded."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """The first header called `name`."""
        return _header(self.headers, name)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; `body` is empty where there is none."""

    status: int
    headers: HeaderList = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first header called `name`."""
        return _header(self.headers, name)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what was answered."""

    sent: Sent
    answer: Answer


def _header(headers: HeaderList, name: str) -> str | None:
    wanted = name.lower()
    return next((value for known, value in headers if known.lower() == wanted), None)
