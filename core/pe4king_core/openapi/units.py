"""Units of a document: what they hold, and how a text becomes them.

Everything here is plain data that crosses process borders cheaply: the value of a unit is kept
as marshalled bytes and decoded when it is first looked at. `read_units` and `read_part` are pure
functions; the server runs them in a child process, because native parsers can die.
"""

from __future__ import annotations

import json
import marshal
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.json import join
from pe4king_core.model.message import Message
from pe4king_core.model.text import Span
from pe4king_core.openapi import keys
from pe4king_core.openapi.parser_messages import parser_message
from pe4king_core.openapi.positions import METHODS
from pe4king_core.openapi.raw import Raw, entries, key_text
from pe4king_core.openapi.reading import (
    MAX_CHARACTERS,
    UnreadableError,
    collector_paused,
    line_span,
    read,
    whole_characters,
)
from pe4king_core.openapi.salvage import Salvage
from pe4king_core.openapi.splitting import (
    Cut,
    Notation,
    Path,
    Piece,
    is_section,
    notation_of,
    split,
    split_by_layout,
    split_part,
)

MAX_EXPANSION = 8
"""How much larger than its text the data may be, in marshalled bytes for each character."""

_SYNTAX = "document-syntax"
"""The one refusal that leaves the rest of a document usable; the others are limits."""

_JSON_OBJECT = re.compile(r'\ufeff?\s*\{\s*"')
_MIN_EXPANSION = 64 * 1024 * 1024
_PATH_SECTIONS = frozenset({"paths", "webhooks"})

_NOT_PLAIN = frozenset({"$ref", "additionalOperations"})

Member = tuple[str, int, int, int, int]
"""An operation of a path item: method key, start and end of its key, start and end of its region;
offsets from the start of the unit."""


@dataclass(slots=True, eq=False)
class Unit:
    """One unit. Offsets count from its own start, so it stays as it is when the text moves."""

    path: Path
    length: int
    key: Span
    value_span: Span
    payload: bytes | None
    """The marshalled value; None where nothing of it could be read."""
    members: tuple[Member, ...] | None = None
    """The operations of a path item, where the text shows what the data says."""
    faults: tuple[Finding, ...] = ()
    """What could not be read, with spans from the start of the unit."""
    _decoded: list[Raw] = field(default_factory=list, repr=False)

    @property
    def pointer(self) -> str:
        """The JSON pointer of the unit."""
        return join("", *self.path)

    @property
    def value(self) -> Raw:
        """The value; None where it is broken."""
        if not self._decoded and self.payload is not None:
            with collector_paused():
                self._decoded.append(marshal.loads(self.payload))  # noqa: S302 - made by us
        return self._decoded[0] if self._decoded else None


HeadAt = tuple[Path, int, int, int]
"""A section: its path; start and end of its key and the start of its value, counted from the
start of its first unit (so all of them are negative)."""


@dataclass(slots=True, eq=False)
class Units:
    """The units of one text in its order, with the offset at which each starts."""

    notation: Notation
    units: tuple[Unit, ...]
    starts: list[int]
    heads: tuple[HeadAt, ...] = ()
    """The sections that were cut into units."""
    faults: tuple[Finding, ...] = ()
    """What is wrong with the text as a whole; spans count from its start."""
    whole: bool = False
    """Whether the text had to be read as one: then no part of it can be read again alone."""


class UnitReader(Protocol):
    """Reads units, here or in another process."""

    def read_units(self, text: str) -> Units:
        """The units of a whole document. Raises UnreadableError."""

    def read_part(self, text: str, section: Path, notation: Notation) -> Units | None:
        """Some members of `section`; None where only the whole document tells what they are."""


class InProcess:
    """Reads units in this process; what the command line does."""

    def read_units(self, text: str) -> Units:
        """See `read_units`."""
        return read_units(text)

    def read_part(self, text: str, section: Path, notation: Notation) -> Units | None:
        """See `read_part`."""
        return read_part(text, section, notation)


def read_units(text: str) -> Units:
    """The units of a document. Raises UnreadableError where nothing of it can be used.

    Each unit is read alone. Where one cannot be, the text is read whole once: YAML aliases lead
    from unit to unit. Where that fails too, what is sound is kept and the rest are faults.
    """
    with collector_paused():
        text = whole_characters(text)
        maker = _Maker(text, notation_of(text))
        cut = split(text) if len(text) <= MAX_CHARACTERS else None
        pieces = cut.pieces if cut is not None else []
        units = [maker.unit(piece) for piece in pieces]
        if cut is not None and all(unit is not None for unit in units):
            return replace(maker.units(pieces, units), heads=_heads(cut))
        try:
            return _whole(text)
        except UnreadableError as error:
            if error.code != _SYNTAX:
                raise
            if not pieces:
                pieces = split_by_layout(text)
                units = [None] * len(pieces)
            if not any(piece.path[0] in ("openapi", "swagger") for piece in pieces):
                raise
        made = maker.units(pieces, units)
        return made if cut is None else replace(made, heads=_heads(cut))


def read_part(text: str, section: Path, notation: Notation) -> Units | None:
    """Some members of the mapping at `section`, given as whole lines (YAML) or as `"a": 1, ...`.

    What is broken becomes faults of the units. None where the text is not members of one mapping.
    """
    with collector_paused():
        text = whole_characters(text)
        pieces = split_part(text, section, notation)
        if pieces is None or any(len(piece.path) != len(section) + 1 for piece in pieces):
            return None
        maker = _Maker(text, notation)
        return maker.units(pieces, [maker.unit(piece) for piece in pieces])


def _whole(text: str) -> Units:
    """The units of a text that is read as one. Raises UnreadableError."""
    data = read(text)
    maker = _Maker(text, notation_of(text))
    if not isinstance(data, dict):
        span = Span(0, len(text))
        only = maker.unit(Piece((), span, Span(0, 0), span, known=True, data=data))
        return Units(maker.notation, (only,) if only else (), [0], whole=True)
    shown = {key.name: key for key in keys.members_of_root(text)}
    pieces: list[Piece] = []
    waiting: list[tuple[Path, Raw, keys.Key | None]] = [
        ((name,), value, shown.get(name)) for name, value in reversed(list(entries(data)))
    ]
    while waiting:
        path, value, key = waiting.pop()
        if is_section(path) and isinstance(value, dict) and value:
            inner = keys.children(text, key.value) if key else ()
            below = {member.name: member for member in inner}
            waiting += [
                ((*path, name), member, below.get(name))
                for name, member in reversed(list(entries(value)))
            ]
        else:
            pieces.append(_known_piece(path, value, key))
    made = maker.units(pieces, [maker.unit(piece) for piece in pieces])
    return replace(made, whole=True, faults=_not_json(text))


def _not_json(text: str) -> tuple[Finding, ...]:
    """That a text in JSON's notation could only be read as YAML: the data may not be meant so."""
    if not _JSON_OBJECT.match(text):
        return ()
    try:
        json.loads(text.removeprefix("\ufeff"), strict=False)
    except json.JSONDecodeError as error:
        span = line_span(text, error.lineno)
        detail = parser_message(error.msg)
        return (
            Finding(
                _SYNTAX,
                Severity.WARNING,
                Message(
                    f"This is not valid JSON ({detail.en}); the document is read as YAML.",
                    f"Это не JSON ({detail.ru}); документ прочитан как YAML.",
                ),
                span,
            ),
        )
    except (ValueError, RecursionError):
        return ()
    return ()


def _heads(cut: Cut) -> tuple[HeadAt, ...]:
    first: dict[Path, int] = {}
    for piece in cut.pieces:
        for length in range(1, len(piece.path)):
            first.setdefault(piece.path[:length], piece.span.start)
    return tuple(
        (
            head.path,
            head.key.start - first[head.path],
            head.key.end - first[head.path],
            head.value - first[head.path],
        )
        for head in cut.heads
    )


def _known_piece(path: Path, value: Raw, key: keys.Key | None) -> Piece:
    nowhere = Span(0, 0)
    if key is None:
        return Piece(path, nowhere, nowhere, nowhere, known=True, data=value)
    span = Span(key.region.start, max(key.value.end, key.region.end))
    return Piece(path, span, key.span, key.value, known=True, data=value)


class _Maker:
    """Makes the units of one text."""

    def __init__(self, text: str, notation: Notation) -> None:
        self._text = text
        self.notation = notation
        self._left = max(_MIN_EXPANSION, MAX_EXPANSION * len(text))

    def unit(self, piece: Piece) -> Unit | None:
        """The unit of `piece`; None where it cannot be read by itself."""
        if piece.known:
            return self._made(piece, piece.data)
        if piece.torn is not None or self.notation == "json":
            return None
        try:
            data = read(piece.span.of(self._text))
        except UnreadableError:
            return None
        if not isinstance(data, dict) or [key_text(key) for key in data] != [piece.path[-1]]:
            return None
        return self._made(piece, next(iter(data.values())))

    def units(self, pieces: Sequence[Piece], made: Sequence[Unit | None]) -> Units:
        """All units; those that could not be read by themselves as far as they are sound."""
        found = tuple(
            self.salvaged(piece) if unit is None else unit
            for piece, unit in zip(pieces, made, strict=True)
        )
        return Units(self.notation, found, [piece.span.start for piece in pieces])

    def salvaged(self, piece: Piece) -> Unit:
        """The unit of `piece` without the parts that cannot be read."""
        salvage = Salvage(self._text, self.notation)
        data = salvage.value(piece)
        made = _unit(piece, None) if data is None else self._made(piece, data)
        made.faults = tuple(salvage.faults)
        return made

    def _made(self, piece: Piece, data: Raw) -> Unit:
        payload = marshal.dumps(data)  # type: ignore[arg-type]  # plain, as `read` says
        self._left -= len(payload)
        if self._left < 0:
            raise _too_large(self._text, piece)
        made = _unit(piece, payload)
        if len(piece.path) == 2 and piece.path[0] in _PATH_SECTIONS:
            made.members = _members(self._text, piece, data)
        return made


def _too_large(text: str, piece: Piece) -> UnreadableError:
    line = text.count("\n", 0, piece.span.start) + 1
    return UnreadableError(
        Message(
            f"Line {line}: the aliases of this document expand to too much data.",
            f"Строка {line}: псевдонимы (alias) документа разворачиваются в слишком много данных.",
        ),
        code="document-too-large",
        span=line_span(text, line),
        next_step=Message(
            "Write the data out, or refer to it by `$ref`.",
            "Запишите данные явно или сошлитесь на них через `$ref`.",
        ),
    )


def _unit(piece: Piece, payload: bytes | None) -> Unit:
    start = piece.span.start
    return Unit(
        piece.path,
        piece.span.end - start,
        Span(piece.key.start - start, piece.key.end - start),
        Span(piece.value.start - start, piece.value.end - start),
        payload,
    )


def _members(text: str, piece: Piece, data: Raw) -> tuple[Member, ...] | None:
    """The operations of a path item; None where the text alone does not tell them."""
    if not isinstance(data, dict) or not data.keys().isdisjoint(_NOT_PLAIN):
        return None
    found = list(keys.children(text, piece.value))
    if [key.name for key in found] != list(data):
        return None
    methods = [key for key in found if key.name in METHODS]
    values = [data[key.name] for key in methods]
    if any(not isinstance(value, dict) or "$ref" in value for value in values):
        return None
    start = piece.span.start
    return tuple(
        (
            key.name,
            key.span.start - start,
            key.span.end - start,
            key.region.start - start,
            key.region.end - start,
        )
        for key in methods
    )
