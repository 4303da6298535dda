"""ECMA-262 regular expressions as Python ones, where that can be done exactly enough.

`python_pattern` translates what differs: classes are ASCII, `$` is the very end, `.` stops at
every line terminator. What Python has no equal for gives None. `matches` also bounds the time:
a pattern that can backtrack without end is only tried on short strings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, lgamma, log, log2

from pe4king_core.openapi.schema.linear_patterns import linearly_matches

_CLASSES = (r"\w", r"\W", r"\d", r"\D", r"\s", r"\S")
_SPACES = r" \t\n\r\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_SAME_ESCAPES = frozenset("dDwWbBtnrfvx0123456789u")
_QUANTIFIER = re.compile(r"[*+?]\??|\{\d+(?:,\d*)?\}\??")
_GROUP_NAME = re.compile(r"\(\?<([A-Za-z_]\w*)>")
_BACK_NAME = re.compile(r"\\k<([A-Za-z_]\w*)>")
_CODE_POINT = re.compile(r"\\u\{([0-9A-Fa-f]{1,6})\}")
_GROUP_STARTS = ("(?:", "(?=", "(?!", "(?<=", "(?<!")
_MAX_LENGTH = 100_000
_MAX_BITS = 25
"""How many ways to match may be tried for one string, as a power of two."""
_FEW_BITS = 16
_FEW = 8
"""Up to this many, repetitions are choices; more share out the string."""


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
    if translated is None:
        return None
    if len(value) > _longest(pattern):
        return linearly_matches(pattern, value)
    return re.search(translated, value) is not None


@lru_cache(maxsize=1024)
def _longest(pattern: str) -> int:
    """How long a string may be to be matched in bounded time.

    `k` repetitions can share `n` characters in C(n + k, k) ways, and a search starts anywhere. A
    group that repeats without end and repeats or chooses inside can split each character anew.
    """
    translator = _Translator(pattern)
    try:
        translator.translated()
    except _UntranslatableError:
        return 0
    cost = translator.cost.closed()
    # Many choices are slots in which characters may stand or not.
    many = cost.bits > _FEW_BITS
    shares = cost.powers + (ceil(cost.bits) if many else 0) + (not pattern.startswith("^"))
    # Few strings can really be split in all the ways that groups within groups allow.
    left = _MAX_BITS - (0 if many else cost.bits) + (2 if cost.nested else 0)
    low, high = 0, _MAX_LENGTH
    while low < high:
        middle = (low + high + 1) // 2
        if _bits_of_shares(middle, shares) + middle * log2(1 + cost.nested) <= left:
            low = middle
        else:
            high = middle - 1
    return low


def _bits_of_shares(length: int, shares: int) -> float:
    """The logarithm of C(length + shares, shares)."""
    ways = lgamma(length + shares + 1) - lgamma(length + 1) - lgamma(shares + 1)
    return ways / log(2)


@dataclass(slots=True)
class _Cost:
    """What can be tried in a group: repetitions that share the string (`powers`), choices in
    `bits`, and in how many more ways (`nested`) each character can be split off inside."""

    powers: int = 0
    bits: float = 0.0
    nested: int = 0
    alternatives: int = 1
    steps: int = 0
    """How often something has to match at least, be it nothing."""

    def closed(self) -> _Cost:
        """The cost with the choice between the alternatives."""
        bits = self.bits + log2(self.alternatives)
        return _Cost(self.powers, bits, self.nested, steps=self.steps)

    def add(self, inner: _Cost, low: int, high: int | None) -> None:
        """Adds `inner`, repeated between `low` and `high` times."""
        self.steps += (1 + inner.steps) * max(low, 1)
        if high is None:
            self.powers += 1
            ways = int(2 ** min(inner.bits, _FEW_BITS)) - 1 + inner.nested
            self.nested = max(self.nested, ways + (inner.powers > 0))
            return
        self.nested = max(self.nested, inner.nested)
        times = min(high, _MAX_LENGTH)
        self.powers = min(self.powers + inner.powers * times, _MAX_LENGTH)
        self.bits += inner.bits * times
        if high - low > _FEW:
            self.powers += 1
        else:
            self.bits += log2(high - low + 1) if high > low else 0


class _Translator:
    """One pass over a pattern."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0
        self._groups: list[_Cost] = []
        self.cost = _Cost()

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
            inner = self._groups.pop().closed() if self._groups else _Cost()
            return ")" + self._quantifier(inner)
        self._position += 1
        if character == "|":
            self._current.alternatives += 1
            return "|"
        if character == ".":
            return self._atom("[^\\n\\r\\u2028\\u2029]")
        if character == "$":
            return r"\Z"
        if character == "{":
            return self._atom(self._literal_brace())
        return character if character == "^" else self._atom(re.escape(character))

    def _atom(self, text: str) -> str:
        return text + self._quantifier(_Cost())

    @property
    def _current(self) -> _Cost:
        return self._groups[-1] if self._groups else self.cost

    def _quantifier(self, inner: _Cost) -> str:
        """The quantifier that follows, if any; what it costs to repeat `inner`."""
        match = _QUANTIFIER.match(self._pattern, self._position)
        if match is None:
            self._current.add(inner, 1, 1)
            return ""
        self._position = match.end()
        if self._pattern[match.end() : match.end() + 1] in ("+", "*"):
            raise _UntranslatableError
        self._current.add(inner, *_limits(match[0]))
        if self._current.steps > 2 * _MAX_LENGTH:
            raise _UntranslatableError
        return match[0]

    def _open(self) -> str:
        self._groups.append(_Cost())
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
                if simple in _CLASSES and parts[-1] == "-":
                    parts[-1] = r"\-"
                parts.append(_SPACES if simple == r"\s" else simple)
                continue
            self._position += 1
            # Beside a class a hyphen makes no range (ECMA-262 annex B.1.2).
            literal = character == "-" and parts[-1] in (*_CLASSES, _SPACES)
            escaped = literal or character in "[&~|^"
            parts.append("\\" + character if escaped else character)
            if character == "-" and parts[-2:-1] == ["-"]:
                parts[-1] = r"\-"
        raise _UntranslatableError

    def _literal_brace(self) -> str:
        """A `{` that starts no quantifier; Python reads `{,3}` as one, so it is escaped."""
        return r"\{"


def _limits(quantifier: str) -> tuple[int, int | None]:
    """How often a quantifier repeats, at least and at most."""
    if quantifier[0] != "{":
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[quantifier[0]]
    low, comma, high = quantifier.rstrip("?").strip("{}").partition(",")
    if not comma:
        return _number(low), _number(low)
    return _number(low), _number(high) if high else None


def _number(digits: str) -> int:
    return int(digits) if len(digits) < 10 else 10**9
