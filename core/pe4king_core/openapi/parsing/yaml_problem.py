"""Why a YAML text could not be read, before it is put into words."""

from __future__ import annotations

from enum import Enum, auto


class Kind(Enum):
    """What kind of problem it is."""

    SYNTAX = auto()
    DEPTH = auto()
    ALIASES = auto()
    """Aliases would expand to more than may be held."""
    NUMBER = auto()
    """An integer of too many digits."""
    SIZE = auto()
    """More than the parser at hand can read in bounded time."""
    PARSER = auto()
    """The parser itself failed, or is not installed."""


class YamlProblemError(Exception):
    """`line` is one-based; `detail` are the parser's own words, in English."""

    def __init__(self, kind: Kind, line: int, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.line = line
        self.detail = detail
