"""What is sound in a unit that cannot be read as a whole.

The unit is taken apart by the layout of its text: members that can be read alone are kept, those
that cannot are taken apart in turn, and what is left is a fault at its line.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.json import join
from pe4king_core.model.message import Message
from pe4king_core.model.text import Span
from pe4king_core.openapi.layout import keys
from pe4king_core.openapi.layout.blocks import Kind, node
from pe4king_core.openapi.layout.marks import line_start
from pe4king_core.openapi.parsing.reading import UnreadableError, read
from pe4king_core.openapi.raw import Raw
from pe4king_core.openapi.units.splitting import Notation, Path, Piece

_MAX_DEPTH = 40
_MAX_FAULTS = 100
SYNTAX = "document-syntax"
"""The code of what cannot be read."""
_CLOSING = re.compile(r"[\s,}\]]*+")
_LINE = re.compile(r"^(?:Line|Строка) \d+: ")
_TOO_FAR_LEFT = Message(
    "This line stands too far left to belong to what is above it.",
    "Строка начинается слишком далеко слева и не относится к тому, что выше.",
)
NOT_A_MEMBER = Message(
    "This is no key with a value.", "Здесь нужен ключ со значением, а это что-то другое."
)
"""What is said of text that is no key with a value."""

UNUSUAL_KEY = Message(
    "This key is not read as it is written; put it into quotes.",
    "Ключ читается не так, как записан; возьмите его в кавычки.",
)
"""What is said where all is sound but the name, such as `~` or `0x10`."""

BAD_JSON = Message("The JSON is broken here.", "Здесь нарушен синтаксис JSON.")
"""What is said of a place where JSON is broken."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A member: its pointer's tokens, its lines, and its value.

    `exact` says that the value stands alone at its span, as in YAML's flow collections.
    """

    path: Path
    span: Span
    value: Span
    exact: bool = False


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why a part cannot be read alone, and where."""

    message: Message
    span: Span


class Salvage:
    """Reads what it can of one piece of `text`; `faults` have spans from the piece's start.

    A broken item of a list is null, so that the others keep their numbers.
    """

    def __init__(self, text: str, notation: Notation) -> None:
        self._text = text
        self._notation = notation
        self._origin = 0
        self.faults: list[Finding] = []

    def value(self, piece: Piece) -> Raw:
        """The sound part of the value of `piece`; None where there is none."""
        part = _Part(piece.path, Span(piece.start, piece.end), Span(piece.value, piece.value_end))
        self._origin = piece.start
        if piece.torn is not None:
            self._add(part, _Fault(_TOO_FAR_LEFT, self._line(piece.torn, part)))
        found = self._sound(part, 0)
        if not self.faults and self._notation == "yaml":
            self._add(part, _Fault(UNUSUAL_KEY, self._line(piece.key, part)))
        return found[0] if found else None

    def _sound(self, part: _Part, depth: int) -> tuple[Raw] | None:
        """The value in a tuple of one, without its broken parts; None where nothing is sound."""
        alone = self._json(part) if self._notation == "json" else self._yaml(part)
        if not isinstance(alone, _Fault):
            return alone
        members = list(self._members(part)) if depth < _MAX_DEPTH else []
        if not members or len(self.faults) >= _MAX_FAULTS:
            self._add(part, alone)
            return None
        count = len(self.faults)
        sound = [self._sound(member, depth + 1) for member in members]
        if count == len(self.faults):
            # Every part is sound by itself: what is wrong lies between them.
            self._add(part, alone)
        if self._is_list(part):
            return ([None if item is None else item[0] for item in sound],)
        pairs = zip(members, sound, strict=True)
        return ({member.path[-1]: value[0] for member, value in pairs if value is not None},)

    def _is_list(self, part: _Part) -> bool:
        first = node(self._text, part.value)
        if first.kind is Kind.FLOW:
            return self._text[first.content] == "["
        return first.kind is Kind.SEQUENCE

    def _members(self, part: _Part) -> list[_Part]:
        found = list(keys.children(self._text, part.value))
        ends = [*(key.region.start for key in found[1:]), part.value.end][: len(found)]
        json = self._notation == "json"
        return [
            _Part((*part.path, key.name), key.region, key.value, exact=True)
            if key.exact and not json
            else _Part(
                (*part.path, key.name),
                Span(key.span.start if json else key.region.start, end),
                Span(key.value.start, end),
            )
            for key, end in zip(found, ends, strict=True)
        ]

    def _yaml(self, part: _Part) -> tuple[Raw] | _Fault:
        span = part.value if part.exact else part.span
        # What starts within a line keeps its column.
        column = 0 if part.exact else span.start - line_start(self._text, span.start)
        try:
            data = read(" " * column + span.of(self._text))
        except UnreadableError as error:
            start = min(span.start + max(error.span.start - column, 0), span.end)
            message = Message(_sentence(error.message.en), _sentence(error.message.ru))
            return _Fault(message, self._line(start, part))
        if part.exact:
            return (data,)
        if isinstance(data, dict) and len(data) == 1:
            return (next(iter(data.values())),)
        if isinstance(data, list) and len(data) == 1:
            return (data[0],)
        return _Fault(NOT_A_MEMBER, self._line(part.span.start, part))

    def _json(self, part: _Part) -> tuple[Raw] | _Fault:
        start = part.value.start
        while start < part.value.end and self._text[start] in " \t\r\n":
            start += 1
        try:
            data, end = json.JSONDecoder().raw_decode(self._text, start)
        except RecursionError:
            return _Fault(BAD_JSON, self._line(start, part))
        except ValueError as error:
            place = error.pos if isinstance(error, json.JSONDecodeError) else start
            return _Fault(BAD_JSON, self._line(min(place, part.value.end), part))
        rest = _CLOSING.match(self._text, end, part.value.end)
        if end > part.value.end or rest is None or rest.end() < part.value.end:
            return _Fault(BAD_JSON, self._line(min(end, part.value.end), part))
        return (data,)

    def _line(self, start: int, part: _Part) -> Span:
        """From `start` to the end of its line, inside `part`; its last line of text at most."""
        last = part.span.start + len(part.span.of(self._text).rstrip())
        start = max(min(start, last), part.span.start)
        if start == last:
            start = max(line_start(self._text, start), part.span.start)
        end = self._text.find("\n", start, part.span.end)
        return Span(start, part.span.end if end < 0 else end)

    def _add(self, part: _Part, fault: _Fault) -> None:
        span = Span(fault.span.start - self._origin, fault.span.end - self._origin)
        pointer = join("", *part.path)
        if len(self.faults) > _MAX_FAULTS or any(known.span == span for known in self.faults):
            return
        self.faults.append(Finding(SYNTAX, Severity.ERROR, fault.message, span, pointer))


def _sentence(message: str) -> str:
    """`message` without its line number, which belongs to another text."""
    told = _LINE.sub("", message)
    return told[:1].upper() + told[1:]
