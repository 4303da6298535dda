"""Members of JSON objects and arrays. Values are skipped by the standard library's decoder.

What is broken is stepped over: by the layout where members stand on lines of their own, else by
leaving out what cannot stand where it does (a second brace, a stray quote, a bare word).
"""

from __future__ import annotations

import json
import re
from functools import cached_property

from pe4king_core.model.text import Span
from pe4king_core.openapi.layout.marks import (
    MAX_DEPTH,
    Key,
    entry_end,
    entry_start,
    skip_space,
    unquoted,
)

_DECODER = json.JSONDecoder(
    object_pairs_hook=len, parse_int=len, parse_float=len, parse_constant=len
)
"""Tells where values end and keeps nothing of them."""

_MAX_FAULTS = 200
_STRING_KEY = re.compile(r'("(?:[^"\\\x00-\x1f]|\\.)*+")[ \t\r\n]*+:')
_KEY_AHEAD = r'"(?:[^"\\\n]|\\.)*+"[ \t]*+:'
_AFTER_STRING = re.compile(r"[ \t\r\n]*+(?:[,}\]]|\Z)")
_WORD = re.compile(r'[^\s"{}\[\],:]++|.', re.DOTALL)
_CLOSERS = {"{": "}", "[": "]"}


def members(text: str, opening: int, end: int) -> list[Key]:
    """Members of the object or array whose bracket is at `opening`."""
    walk = _Walk(text, opening, end, _MAX_FAULTS)
    walk.read()
    return walk.found


def sound_members(text: str, opening: int, end: int) -> list[Key] | None:
    """Members of the object or array at `opening`; None where it is not sound JSON."""
    walk = _Walk(text, opening, end, 0)
    return walk.found if walk.read() else None


def value_end(text: str, start: int) -> int | None:
    """The end of the JSON value at `start`; None where it is not sound."""
    try:
        return _DECODER.raw_decode(text, start)[1]
    except (ValueError, RecursionError):
        return None


class _Walk:
    """One walk over the members of a collection."""

    def __init__(self, text: str, opening: int, end: int, faults: int) -> None:
        self.found: list[Key] = []
        self._text = text
        self._end = end
        self._faults = faults
        self._sound = True
        self._closer = _CLOSERS[text[opening]]
        self._position = skip_space(text, opening + 1)

    def read(self) -> bool:
        """Fills `found`; whether nothing had to be stepped over."""
        text = self._text
        first = True
        while self._position < self._end and (self._sound or self._faults >= 0):
            mark = text[self._position]
            if mark == self._closer and not self._closes_a_member():
                return self._sound
            if mark == "," and not first:
                self._position = skip_space(text, self._position + 1)
            elif not first:
                self._fault()
            first = False
            if self._position < self._end and not self._member():
                self._step_over(self._position)
        return False

    def _closes_a_member(self) -> bool:
        """Whether the bracket here is left over from a member whose first line is missing."""
        text, position = self._text, self._position
        if not self.found or position == 0:
            return False
        line, member = entry_start(text, position), self.found[0]
        if line == position and text[line - 1] != "\n":
            return False
        begin = member.span.start if self._closer == "}" else member.value.start
        indent = text[entry_start(text, begin) : begin]
        same = bool(indent) and text[line:position] == indent
        return same and self._faults >= 0 and not self._is_sound

    def _fault(self) -> None:
        self._sound = False
        self._faults -= 1
        if self._faults < 0:
            self._position = self._end

    def _member(self) -> bool:
        """Reads one member; False where none stands here."""
        text = self._text
        start = value = self._position
        name, span = str(len(self.found)), None
        if text[start] in ",}]":
            return False
        if self._closer == "}":
            key = _STRING_KEY.match(text, start, self._end)
            if key is None:
                return False
            span = Span(*key.span(1))
            name = unquoted(key[1])
            value = skip_space(text, key.end())
        end = self._value_end(value) if value < self._end else None
        if end is None or not self._ends_well(value, end) or self._misfits(start, value, end):
            end, following = self._broken_value(start, value)
        else:
            following = skip_space(text, end)
        if span is None:
            span = Span(start, start + 1 if text[start] in "{[" else end)
        region = Span(entry_start(text, start), entry_end(text, end))
        self.found.append(Key(name, span, Span(value, end), region, exact=True))
        self._position = following
        return True

    def _value_end(self, start: int) -> int | None:
        """The end of the sound value at `start`; what is too deep to be read ends the walk."""
        try:
            return _DECODER.raw_decode(self._text, start)[1]
        except RecursionError:
            self._sound, self._faults = False, -1
        except ValueError:
            pass
        return None

    def _ends_well(self, start: int, end: int) -> bool:
        return self._text[start] != '"' or _AFTER_STRING.match(self._text, end) is not None

    def _misfits(self, start: int, value: int, end: int) -> bool:
        """Whether a bracket is missing, so that the value goes on too long or ends too early.

        The layout says so: it closes on a line indented unlike its key's. That is believed where
        the document is not sound JSON.
        """
        text = self._text
        if text[end - 1] not in "}]" or text.find("\n", value, end) < 0:
            return False
        line, last = entry_start(text, start), entry_start(text, end - 1)
        begins = last < end - 1 or text[last - 1] == "\n"
        if not begins or text[last : end - 1] == text[line:start]:
            return False
        return self._next_line_like(text[line:start], start) < self._end and not self._is_sound

    @cached_property
    def _is_sound(self) -> bool:
        start = skip_space(self._text, self._text.startswith("\ufeff"))
        end = value_end(self._text, start)
        return end is not None and skip_space(self._text, end) == len(self._text)

    def _broken_value(self, start: int, value: int) -> tuple[int, int]:
        """The end of the broken value at `value`, and where the next member is looked for."""
        self._fault()
        if self._faults < 0:
            return min(value, self._end), self._end
        line = entry_start(self._text, start)
        if self._text.find("\n", start, self._end) >= 0 and (
            line < start or self._text[start - 1 : start] == "\n"
        ):
            following = self._next_line_like(self._text[line:start].lstrip("\n"), start)
        else:
            following = self._balanced(value)
        body = self._text[value:following].rstrip()
        return value + len(body.removesuffix(",").rstrip()), following

    def _next_line_like(self, indent: str, start: int) -> int:
        """The next line that begins as a member does, or the bracket that closes them."""
        opener = _KEY_AHEAD if self._closer == "}" else r'["{\[\-\dtfn]'
        shallower = rf"[ \t]{{0,{max(len(indent) - 1, 0)}}}(?=[}}\]])"
        line = re.compile(rf"\n(?:{re.escape(indent)}(?={opener})|{shallower})")
        match = line.search(self._text, start, self._end)
        return match.end() if match else self._end

    def _balanced(self, start: int) -> int:
        """The end of the broken value at `start` by its brackets."""
        text = self._text
        open_: list[str] = []
        position = self._value(start, open_)
        while self._faults >= 0 and len(open_) <= MAX_DEPTH:
            position = skip_space(text, position)
            if position >= self._end:
                break
            mark = text[position]
            if not open_ and mark in ",}]":
                return position
            if mark in "}]":
                self._close(mark, open_)
                position += 1
                if not open_:
                    return position
            elif mark == ",":
                position += 1
            elif open_[-1:] == ["}"]:
                key = _STRING_KEY.match(text, position, self._end)
                if key is None:
                    position = self._left_out(position)
                else:
                    position = self._value(skip_space(text, key.end()), open_)
            elif open_:
                position = self._value(position, open_)
            else:
                position = self._left_out(position)
        return self._end

    def _value(self, position: int, open_: list[str]) -> int:
        """Past the value at `position`; of a broken one past its bracket, which is put on `open_`.

        A missing value is passed by staying where it should be.
        """
        if position >= self._end or self._text[position] in ",}]":
            return position
        end = self._value_end(position)
        if end is not None and self._ends_well(position, end):
            return end
        if self._text[position] not in "{[":
            position = skip_space(self._text, self._left_out(position))
            while position < self._end and self._text[position] == ":":
                position = skip_space(self._text, position + 1)
            if self._faults < 0 or position >= self._end or self._text[position] not in '"{[':
                return position
            end = self._value_end(position)
            if end is not None and self._ends_well(position, end):
                return end
        mark = self._text[position]
        if mark not in "{[":
            return self._left_out(position)
        self._faults -= 1
        open_.append(_CLOSERS[mark])
        return position + 1

    def _close(self, mark: str, open_: list[str]) -> None:
        """Closes the innermost bracket, and one that was forgotten inside it."""
        if mark not in open_[-2:]:
            self._faults -= 1
            return
        while open_.pop() != mark:
            self._faults -= 1

    def _left_out(self, position: int) -> int:
        """The end of what stands at `position` and has no business there."""
        self._faults -= 1
        word = _WORD.match(self._text, position, self._end)
        return word.end() if word else self._end

    def _step_over(self, position: int) -> None:
        """Leaves out what stands where a member should begin."""
        self._sound = False
        if self._text[position] != self._closer or self._closes_a_member():
            self._position = skip_space(self._text, self._left_out(position))
