"""ECMA-262 regular expressions as Python ones, where that can be done exactly enough.

`python_pattern` translates what differs: classes are ASCII, `$` is the very end, `.` stops at
every line terminator. What Python has no equal for gives None. `matches` also bounds the time:
a pattern that can backtrack without end is only tried on short strings.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SPACES = r" \t\n\r\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_SAME_ESCAPES = frozenset("dDwWbBtnrfvx0123456789u")
_QUANTIFIER = re.compile(r"[*+?]\??|\{\d+(?:,\d*)?\}\??")
_GROUP_NAME = re.compile(r"\(\?<([A-Za-z_]\w*)>")
_BACK_NAME = re.compile(r"\\k<([A-Za-z_]\w*)>")
_CODE_POINT = re.compile(r"\\u\{([0-9A-Fa-f]{1,6})\}")
_GROUP_STARTS = ("(?:", "(?=", "(?!", "(?<=", "(?<!")
_LENGTHS = (100_000, 20_000, 1_000, 200, 80)
_SHORT = 24


class _UntranslatableError(ValueError):
    """The pattern uses something that Python has no equal for."""


@lru_cache(maxsize=1024)
def python_pattern(pattern: str) -> str | None:
    """`pattern` for `re.search`, or None where it has no equal in Python."""
    try:
        translated = "(?a)" + _Translator(pattern).translated()
        re.compile(translated)
    except (_UntranslatableError, re.error, OverflowError, RecursionError):
        return None
    return translated


def matches(pattern: str, value: str) -> bool | None:
    """Whether `pattern` is found in `value`; None where that cannot be told (in time)."""
    translated = python_pattern(pattern)
    if translated is None or len(value) > _longest(pattern):
        return None
    return re.search(translated, value) is not None


@lru_cache(maxsize=1024)
def _longest(pattern: str) -> int:
    """How long a string may be to be matched in bounded time.

    Repeated groups that repeat or choose inside can take exponential time, each further
    unbounded repetition costs another power.
    """
    translator = _Translator(pattern)
    try:
        translator.translated()
    except _UntranslatableError:
        return 0
    if translator.nested:
        return _SHORT
    return _LENGTHS[min(translator.unbounded, len(_LENGTHS) - 1)]


class _Translator:
    """One pass over a pattern."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0
        self._groups: list[bool] = []
        self._closed_busy = False
        self.unbounded = 0
        self.nested = False

    def translated(self) -> str:
        """The whole pattern. Raises _UntranslatableError."""
        parts: list[str] = []
        while self._position < len(self._pattern):
            parts.append(self._next())
        return "".join(parts)

    def _next(self) -> str:
        character = self._pattern[self._position]
        if character == "\\":
            return self._atom(self._escape())
        if character == "[":
            return self._atom(self._class())
        if character == "(":
            return self._open()
        if character == ")":
            self._position += 1
            self._closed_busy = self._groups.pop() if self._groups else False
            return ")" + self._quantifier(busy=self._closed_busy)
        self._position += 1
        if character == "|":
            self._mark_busy()
            return "|"
        if character == ".":
            return self._atom("[^\\n\\r\\u2028\\u2029]")
        if character == "$":
            return r"\Z"
        if character == "{":
            return self._atom(self._literal_brace())
        return character if character == "^" else self._atom(re.escape(character))

    def _atom(self, text: str) -> str:
        return text + self._quantifier(busy=False)

    def _quantifier(self, *, busy: bool) -> str:
        match = _QUANTIFIER.match(self._pattern, self._position)
        if match is None:
            if busy:
                self._mark_busy()
            return ""
        self._position = match.end()
        if self._pattern[match.end() : match.end() + 1] in ("+", "*"):
            raise _UntranslatableError
        repeated = match[0].rstrip("?") if len(match[0]) > 1 else match[0]
        endless = repeated in ("*", "+") or repeated.endswith(",}")
        if endless:
            self.unbounded += 1
            self.nested |= busy
        if endless or busy:
            self._mark_busy()
        return match[0]

    def _mark_busy(self) -> None:
        if self._groups:
            self._groups[-1] = True

    def _open(self) -> str:
        self._groups.append(False)
        named = _GROUP_NAME.match(self._pattern, self._position)
        if named:
            self._position = named.end()
            return f"(?P<{named[1]}>"
        for start in _GROUP_STARTS:
            if self._pattern.startswith(start, self._position):
                self._position += len(start)
                return start
        if self._pattern.startswith("(?", self._position):
            raise _UntranslatableError
        self._position += 1
        return "("

    def _escape(self) -> str:
        back = _BACK_NAME.match(self._pattern, self._position)
        if back:
            self._position = back.end()
            return f"(?P={back[1]})"
        simple = self._escaped_character()
        return {r"\s": f"[{_SPACES}]", r"\S": f"[^{_SPACES}]"}.get(simple, simple)

    def _escaped_character(self) -> str:
        point = _CODE_POINT.match(self._pattern, self._position)
        if point:
            self._position = point.end()
            if int(point[1], 16) > 0x10FFFF:
                raise _UntranslatableError
            return re.escape(chr(int(point[1], 16)))
        character = self._pattern[self._position + 1 : self._position + 2]
        self._position += 2
        if character in _SAME_ESCAPES or character in ("s", "S"):
            return "\\" + character
        if not character or (character.isascii() and character.isalpha()):
            raise _UntranslatableError
        return re.escape(character)

    def _class(self) -> str:
        start = self._position
        negated = self._pattern.startswith("[^", start)
        self._position += 2 if negated else 1
        parts = ["[^" if negated else "["]
        while self._position < len(self._pattern):
            character = self._pattern[self._position]
            if character == "]":
                if len(parts) == 1:
                    raise _UntranslatableError
                self._position += 1
                return "".join(parts) + "]"
            if character == "\\":
                simple = self._escaped_character()
                if simple in (r"\B",):
                    raise _UntranslatableError
                parts.append(_SPACES if simple == r"\s" else simple)
                continue
            self._position += 1
            parts.append("\\" + character if character in "[&~|^" else character)
            if character == "-" and parts[-2:-1] == ["-"]:
                parts[-1] = r"\-"
        raise _UntranslatableError

    def _literal_brace(self) -> str:
        """A `{` that starts no quantifier; Python reads `{,3}` as one, so it is escaped."""
        return r"\{"
