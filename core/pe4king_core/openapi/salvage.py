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
from pe4king_core.openapi import keys
from pe4king_core.openapi.raw import Raw
from pe4king_core.openapi.reading import UnreadableError, read
from pe4king_core.openapi.splitting import Notation, Path, Piece

_MAX_DEPTH = 40
_MAX_FAULTS = 100
_CODE = "document-syntax"
_CLOSING = re.compile(r"[\s,}\]]*+")
_LINE = re.compile(r"^(?:Line|Строка) \d+: ")
_TOO_FAR_LEFT = Message(
    "This line stands too far left to belong to what is above it.",
    "Строка начинается слишком далеко слева и не относится к тому, что выше.",
)
_NOT_A_MEMBER = Message(
    "This is no key with a value.", "Здесь нужен ключ со значением, а это что-то другое."
)
_BAD_JSON = Message("The JSON is broken here.", "Здесь нарушен синтаксис JSON.")


@dataclass(frozen=True, slots=True)
class _Part:
    """A member: its pointer's tokens, its lines, and its value."""

    path: Path
    span: Span
    value: Span


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why a part cannot be read alone, and where."""

    message: Message
    span: Span


class Salvage:
    """Reads what it can of one piece of `text`; `faults` have spans from the piece's start."""

    def __init__(self, text: str, notation: Notation) -> None:
        self._text = text
        self._notation = notation
        self._origin = 0
        self.faults: list[Finding] = []

    def value(self, piece: Piece) -> Raw:
        """The sound part of the value of `piece`; None where there is none."""
        part = _Part(piece.path, piece.span, piece.value)
        self._origin = piece.span.start
        if piece.torn is not None:
            self._add(part, _Fault(_TOO_FAR_LEFT, self._line(piece.torn, part)))
        found = self._sound(part, 0)
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
        found: dict[Raw, Raw] = {}
        count = len(self.faults)
        for member in members:
            sound = self._sound(member, depth + 1)
            if sound is not None:
                found[member.path[-1]] = sound[0]
        if count == len(self.faults):
            # Every part is sound by itself: what is wrong lies between them.
            self._add(part, alone)
        return (found,)

    def _members(self, part: _Part) -> list[_Part]:
        found = list(keys.children(self._text, part.value))
        ends = [*(key.region.start for key in found[1:]), part.value.end][: len(found)]
        return [
            _Part(
                (*part.path, key.name),
                Span(key.region.start if self._notation == "yaml" else key.span.start, end),
                Span(key.value.start, end),
            )
            for key, end in zip(found, ends, strict=True)
        ]

    def _yaml(self, part: _Part) -> tuple[Raw] | _Fault:
        try:
            data = read(part.span.of(self._text))
        except UnreadableError as error:
            start = min(part.span.start + error.span.start, part.span.end)
            message = Message(_LINE.sub("", error.message.en), _LINE.sub("", error.message.ru))
            return _Fault(message, self._line(start, part))
        if isinstance(data, dict) and len(data) == 1:
            return (next(iter(data.values())),)
        return _Fault(_NOT_A_MEMBER, self._line(part.span.start, part))

    def _json(self, part: _Part) -> tuple[Raw] | _Fault:
        start = part.value.start
        while start < part.value.end and self._text[start] in " \t\r\n":
            start += 1
        try:
            data, end = json.JSONDecoder().raw_decode(self._text, start)
        except RecursionError:
            return _Fault(_BAD_JSON, self._line(start, part))
        except ValueError as error:
            place = error.pos if isinstance(error, json.JSONDecodeError) else start
            return _Fault(_BAD_JSON, self._line(min(place, part.value.end), part))
        rest = _CLOSING.match(self._text, end, part.value.end)
        if end > part.value.end or rest is None or rest.end() < part.value.end:
            return _Fault(_BAD_JSON, self._line(min(end, part.value.end), part))
        return (data,)

    def _line(self, start: int, part: _Part) -> Span:
        """From `start` to the end of its line, inside `part`."""
        start = max(min(start, part.span.end), part.span.start)
        end = self._text.find("\n", start, part.span.end)
        return Span(start, part.span.end if end < 0 else end)

    def _add(self, part: _Part, fault: _Fault) -> None:
        span = Span(fault.span.start - self._origin, fault.span.end - self._origin)
        pointer = join("", *part.path)
        self.faults.append(Finding(_CODE, Severity.ERROR, fault.message, span, pointer))
