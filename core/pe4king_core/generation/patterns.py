"""Strings that match a regular expression, from the tree that Python's own parser makes."""

from __future__ import annotations

import re
from re import _constants as op  # type: ignore[attr-defined]  # no public parser in re
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from pe4king_core.openapi.schema.patterns import python_pattern

_LONGEST = 100_000
_CATEGORY = {
    op.CATEGORY_DIGIT: "7",
    op.CATEGORY_WORD: "a",
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_DIGIT: "a",
    op.CATEGORY_NOT_WORD: "-",
    op.CATEGORY_NOT_SPACE: "a",
}


def matching(pattern: str, extra: int = 0) -> str | None:
    """A string in which ECMA-262 `pattern` is found; `extra` more repetitions where allowed.

    None where the pattern is not understood or looks around.
    """
    translated = python_pattern(pattern)
    if translated is None:
        return None
    try:
        made = _sequence(parser.parse(translated), extra, [])
    except (re.error, ValueError, OverflowError, RecursionError):
        return None
    return made if re.search(translated, made) else None


def _sequence(items: Any, extra: int, groups: list[str]) -> str:
    return "".join(_one(kind, argument, extra, groups) for kind, argument in items)


def _one(kind: Any, argument: Any, extra: int, groups: list[str]) -> str:
    if kind is op.LITERAL:
        return chr(argument)
    if kind is op.NOT_LITERAL:
        return "a" if chr(argument) != "a" else "b"
    if kind is op.ANY:
        return "a"
    if kind is op.AT:
        return ""
    if kind is op.IN:
        return _from_set(argument)
    if kind is op.BRANCH:
        return _sequence(argument[1][0], extra, groups)
    if kind is op.SUBPATTERN:
        made = _sequence(argument[3], extra, groups)
        groups.append(made)
        return made
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        low, high, inner = argument
        count = min(low + extra, high) if low or extra else min(1, high)
        return _repeated(inner, count, extra, groups)
    if kind is op.GROUPREF:
        return groups[argument - 1] if argument <= len(groups) else ""
    raise ValueError(f"not understood: {kind}")


def _repeated(inner: Any, count: int, extra: int, groups: list[str]) -> str:
    """`count` times what matches `inner`; more than anybody writes down is not understood."""
    made: list[str] = []
    length = 0
    while len(made) < count:
        made.append(_sequence(inner, extra, groups))
        length += len(made[-1])
        if not made[-1]:
            break
        if length > _LONGEST:
            raise ValueError("too long")
    return "".join(made)


def _from_set(items: Any) -> str:
    if items[0][0] is op.NEGATE:
        allowed = (chr(code) for code in range(33, 127))
        excluded = re.compile(_class_text(items[1:]))
        return next(character for character in allowed if not excluded.match(character))
    kind, argument = items[0]
    if kind is op.LITERAL:
        return chr(argument)
    if kind is op.RANGE:
        return chr(argument[0])
    return _CATEGORY[argument]


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
