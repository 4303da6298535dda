"""Strings that match a regular expression, from the tree that Python's own parser makes."""

from __future__ import annotations

import re
from re import _constants as op  # type: ignore[attr-defined]  # no public parser in re
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from pe4king_core.openapi.schema.patterns import python_pattern

_LONGEST = 100_000
_CATEGORY = {
    op.CATEGORY_DIGIT: "1234567890",
    op.CATEGORY_WORD: "abcdefghijklmnopqrstuvwxyz",
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_DIGIT: "a",
    op.CATEGORY_NOT_WORD: "-",
    op.CATEGORY_NOT_SPACE: "a",
}


def matching(pattern: str, extra: int = 0, *, turn: int = 0) -> str | None:
    """A string in which ECMA-262 `pattern` is found; `extra` more repetitions where allowed.

    Characters of a set begin with the one at `turn`.
    None where the pattern is not understood, or wants more than this can see.
    """
    translated = python_pattern(pattern)
    if translated is None:
        return None
    try:
        made = _Writer(extra, turn).sequence(parser.parse(translated))
    except (re.error, ValueError, OverflowError, RecursionError):
        return None
    return made if re.search(translated, made) else None


class _Writer:
    """Writes one string; characters of a set take turns, so that `[A-Z]{3}` becomes `ABC`."""

    def __init__(self, extra: int, turn: int) -> None:
        self._extra = extra
        self._turn = turn
        self._groups: list[str] = []
        self._turns: dict[str, int] = {}

    def sequence(self, items: Any) -> str:
        """What matches all `items` one after the other."""
        return "".join(self._one(kind, argument) for kind, argument in items)

    def _one(self, kind: Any, argument: Any) -> str:
        if kind is op.LITERAL:
            return chr(argument)
        if kind is op.NOT_LITERAL:
            return "a" if chr(argument) != "a" else "b"
        if kind is op.ANY:
            return "a"
        if kind in _WIDTHLESS:
            return ""
        if kind is op.IN:
            return self._from_set(argument)
        if kind is op.BRANCH:
            return self.sequence(argument[1][0])
        if kind is op.SUBPATTERN:
            made = self.sequence(argument[3])
            self._groups.append(made)
            return made
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            return self._repeated(*argument)
        if kind is op.GROUPREF:
            return self._groups[argument - 1] if argument <= len(self._groups) else ""
        raise ValueError(f"not understood: {kind}")

    def _repeated(self, low: int, high: int, inner: Any) -> str:
        """Repetitions of `inner`; more than anybody writes down is not understood."""
        count = min(low + self._extra, high) if low or self._extra else min(1, high)
        made: list[str] = []
        length = 0
        while len(made) < count:
            made.append(self.sequence(inner))
            length += len(made[-1])
            if not made[-1]:
                break
            if length > _LONGEST:
                raise ValueError("too long")
        return "".join(made)

    def _from_set(self, items: Any) -> str:
        characters = _characters(items)
        turn = self._turns.get(characters, self._turn)
        self._turns[characters] = turn + 1
        return characters[turn % len(characters)]


_WIDTHLESS = frozenset({op.AT, op.ASSERT, op.ASSERT_NOT})
"""What is looked at without being read; whether it holds is seen when the string is tried."""


def _characters(items: Any) -> str:
    """The plainest characters of a set: letters or digits of the first thing it names."""
    if items[0][0] is op.NEGATE:
        excluded = re.compile(_class_text(items[1:]))
        return next(character for character in _PRINTABLE if not excluded.match(character))
    kind, argument = items[0]
    if kind is op.LITERAL:
        return chr(argument)
    if kind is op.RANGE:
        first, last = argument
        made = "".join(map(chr, range(first, min(last, first + 25) + 1)))
        return made[1:] + made[0] if made.startswith("0") and len(made) > 1 else made
    return _CATEGORY[argument]


_PRINTABLE = "abcdefghijklmnopqrstuvwxyz" + "".join(map(chr, range(33, 127)))
_CLASS = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_NOT_WORD: r"\W",
    op.CATEGORY_NOT_SPACE: r"\S",
}


def _class_text(items: Any) -> str:
    parts = []
    for kind, argument in items:
        if kind is op.LITERAL:
            parts.append(re.escape(chr(argument)))
        elif kind is op.RANGE:
            parts.append(f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}")
        else:
            parts.append(_CLASS[argument])
    return f"[{''.join(parts)}]"
