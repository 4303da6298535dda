"""Path, query and header parameters: text that must become a value or a 400."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from .bodies import GENRES
from .errors import InvalidParameter
from .values import UUID, Problem

T = TypeVar("T")
SORTS = ("title", "-title", "price", "-price")
_INTEGER = re.compile(r"-?[0-9]{1,300}")
_NUMBER = re.compile(r"-?[0-9]{1,300}(?:\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class BookQuery:
    """What `GET /books` asks for."""

    limit: int = 20
    offset: int = 0
    genre: str | None = None
    minimum_price: float | None = None
    sort: str = "title"


@dataclass(slots=True)
class Parameters:
    """Reads parameters one by one and remembers what was wrong, so that all of it is told."""

    query: Mapping[str, Sequence[str]]
    problems: list[Problem] = field(default_factory=list)

    def _one(self, name: str) -> str | None:
        values = self.query.get(name, ())
        if len(values) > 1:
            self.problems.append(Problem(name, "must be given once"))
        return values[0] if len(values) == 1 else None

    def integer(self, name: str, default: int, minimum: int, maximum: int | None = None) -> int:
        """The whole number `name`."""
        text = self._one(name)
        if text is None:
            return default
        if not _INTEGER.fullmatch(text):
            return self._wrong(name, "must be an integer", default)
        value = int(text)
        if value < minimum:
            return self._wrong(name, f"must be at least {minimum}", default)
        if maximum is not None and value > maximum:
            return self._wrong(name, f"must be at most {maximum}", default)
        return value

    def number(self, name: str, minimum: float) -> float | None:
        """The number `name`, or None where it is not given."""
        text = self._one(name)
        if text is None:
            return None
        if not _NUMBER.fullmatch(text):
            return self._wrong(name, "must be a number", None)
        value = float(text)
        return value if value >= minimum else self._wrong(name, f"must be at least {minimum}", None)

    def choice(self, name: str, allowed: Sequence[str], default: str | None) -> str | None:
        """The parameter `name`, which is one of `allowed`."""
        text = self._one(name)
        if text is None or text in allowed:
            return default if text is None else text
        return self._wrong(name, f"must be one of {', '.join(allowed)}", default)

    def finish(self) -> None:
        """Raises InvalidParameter where anything was wrong."""
        if self.problems:
            raise InvalidParameter(self.problems)

    def _wrong(self, name: str, problem: str, default: T) -> T:
        self.problems.append(Problem(name, problem))
        return default


def book_query(query: Mapping[str, Sequence[str]]) -> BookQuery:
    """The query of `GET /books`; raises InvalidParameter."""
    read = Parameters(query)
    result = BookQuery(
        limit=read.integer("limit", 20, 1, 50),
        offset=read.integer("offset", 0, 0),
        genre=read.choice("genre", GENRES, None),
        minimum_price=read.number("minPrice", 0),
        sort=read.choice("sort", SORTS, "title") or "title",
    )
    read.finish()
    return result


def identifier(name: str, value: str | None) -> str:
    """The UUID in the parameter `name`, in lower case; raises InvalidParameter."""
    if value is None:
        raise InvalidParameter([Problem(name, "is required")])
    if not UUID.matches(value):
        raise InvalidParameter([Problem(name, f"must be {UUID.name}")])
    return value.lower()
