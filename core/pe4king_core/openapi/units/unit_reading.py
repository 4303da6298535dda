"""How a text becomes units. Pure functions; the server runs them in a child process, because
native parsers can die.
"""

from __future__ import annotations

import json
import marshal
import re
from collections.abc import Iterator

from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.message import Message
from pe4king_core.model.text import Span
from pe4king_core.openapi.layout import keys
from pe4king_core.openapi.layout.blocks import last_line_end
from pe4king_core.openapi.layout.positions import METHODS
from pe4king_core.openapi.parsing.parser_messages import parser_message
from pe4king_core.openapi.parsing.reading import (
    MAX_CHARACTERS,
    UnreadableError,
    collector_paused,
    line_span,
    member_reader,
    read,
    relaxed_json,
    whole_characters,
)
from pe4king_core.openapi.raw import Raw, entries, key_text
from pe4king_core.openapi.units.identifiers import names_anchors
from pe4king_core.openapi.units.salvage import Salvage
from pe4king_core.openapi.units.splitting import (
    Head,
    Notation,
    NotCutError,
    Path,
    Piece,
    Splitter,
    is_section,
    notation_of,
    split_by_layout,
)
from pe4king_core.openapi.units.unit import Batch, HeadAt, Member, Row, Units, assembled

MAX_EXPANSION = 8
"""How much larger than its text the data may be, in marshalled bytes for each character."""

_MIN_EXPANSION = 64 * 1024 * 1024
_SHOWN = 80
"""How many characters are marked where a text stops being JSON."""

_BATCH = 256 * 1024
_SYNTAX = "document-syntax"
"""The one refusal that leaves the rest of a document usable; the others are limits."""

_MARK = "\ufeff".encode()
_JSON_OBJECT = re.compile(r'\ufeff?\s*(?://|/\*|\{\s*["/])')
_PATH_SECTIONS = frozenset({"paths", "webhooks"})
_NOT_PLAIN = frozenset({"$ref", "additionalOperations"})


class InProcess:
    """Reads units in this process."""

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
        return assembled(_stream(_Shown(whole_characters(text))))


def stream_units(utf8: bytes) -> Iterator[Batch | Units]:
    """As `read_units`, for a text in UTF-8, in parts that need little memory; see `assembled`."""
    if utf8.isascii():
        shown = _Shown(utf8.decode("ascii"))
    elif utf8.startswith(_MARK):
        shown = _Shown(utf8.decode())
    else:
        shown = _Shown(utf8.decode("latin-1"), as_bytes=True)
    del utf8
    with collector_paused():
        yield from _stream(shown)


def read_part(text: str, section: Path, notation: Notation) -> Units | None:
    """Some members of the mapping at `section`, given as whole lines (YAML) or as `"a": 1, ...`.

    What is broken becomes faults of the units. None where the text is not members of one mapping.
    """
    with collector_paused():
        shown = _Shown(whole_characters(text))
        pieces = Splitter(shown.text).part(section, notation)
        if pieces is None or any(len(piece.path) != len(section) + 1 for piece in pieces):
            return None
        maker = _Maker(shown, notation)
        rows = [maker.row(piece) or maker.salvaged(piece) for piece in pieces]
        return assembled((rows, Units(notation, (), [])))


class _Shown:
    """A text as it is cut: its characters, or its UTF-8 bytes as Latin-1 (offsets in bytes)."""

    def __init__(self, text: str, *, as_bytes: bool = False) -> None:
        self.text = text
        self._as_bytes = as_bytes
        self._seen = (0, 0)

    def part(self, start: int, end: int) -> str:
        """The characters between two offsets."""
        return self.decoded(self.text[start:end])

    def decoded(self, part: str) -> str:
        """The characters of a part of the text."""
        if not self._as_bytes or part.isascii():
            return part
        return part.encode("latin-1").decode()

    def character(self, offset: int) -> int:
        """The offset in characters; quick for offsets in their order."""
        if not self._as_bytes:
            return offset
        at, characters = self._seen if self._seen[0] <= offset else (0, 0)
        self._seen = (offset, characters + len(self.part(at, offset)))
        return self._seen[1]

    def splitter(self) -> Splitter:
        """Cuts the text."""
        return Splitter(self.text, self.decoded if self._as_bytes else None)

    def whole(self) -> str:
        """All characters."""
        return self.decoded(self.text)


def _stream(shown: _Shown) -> Iterator[Batch | Units]:
    maker = _Maker(shown, notation_of(shown.text))
    splitter = shown.splitter()
    firsts: dict[Path, int] = {}
    section: Path = ()
    try:
        if len(shown.text) > MAX_CHARACTERS:
            raise NotCutError
        batch: list[Row] = []
        size = 0
        for piece in splitter.pieces():
            row = maker.row(piece)
            if row is None:
                raise NotCutError
            if piece.path[:-1] != section:
                section = piece.path[:-1]
                _note_first(firsts, piece)
            batch.append(row)
            size += piece.end - piece.start
            if size > _BATCH:
                yield batch
                batch, size = [], 0
        yield batch
    except NotCutError:
        yield None
        yield from _otherwise(shown.whole())
        return
    heads = tuple(_head(shown, head, firsts) for head in splitter.heads if head.path in firsts)
    yield Units(maker.notation, (), [], heads, has_anchors=names_anchors(shown.text))


def _note_first(firsts: dict[Path, int], piece: Piece) -> None:
    """Notes where the first unit of each section around `piece` starts."""
    for length in range(1, len(piece.path)):
        firsts.setdefault(piece.path[:length], piece.start)


def _head(shown: _Shown, head: Head, firsts: dict[Path, int]) -> HeadAt:
    first = firsts[head.path]
    key, key_end, value = (
        -len(shown.part(place, first)) for place in (head.key.start, head.key.end, head.value)
    )
    return (head.path, key, key_end, value)


def _otherwise(text: str) -> Iterator[Batch | Units]:
    """The units of a text that cannot be read unit by unit."""
    try:
        yield from _whole(text)
        return
    except UnreadableError as error:
        if error.code != _SYNTAX:
            raise
        shown = _Shown(text)
        splitter = shown.splitter()
        try:
            pieces = list(splitter.pieces())
        except NotCutError:
            pieces = split_by_layout(text)
            splitter.heads.clear()
        if not any(piece.path[0] in ("openapi", "swagger") for piece in pieces):
            raise
        refused = Finding(_SYNTAX, Severity.ERROR, error.message, error.span)
    maker = _Maker(shown, notation_of(text))
    firsts: dict[Path, int] = {}
    for piece in pieces:
        _note_first(firsts, piece)
    heads = tuple(_head(shown, head, firsts) for head in splitter.heads)
    rows = [maker.row(piece) or maker.salvaged(piece) for piece in pieces]
    yield rows
    # What is wrong may lie between the units.
    faults = () if any(row[-1] for row in rows) else (refused,)
    yield Units(maker.notation, (), [], heads, faults)


def _whole(text: str) -> Iterator[Batch | Units]:
    """The units of a text that is read as one. Raises UnreadableError."""
    data = read(text)
    shown = _Shown(text)
    maker = _Maker(shown, notation_of(text))
    if not isinstance(data, dict):
        yield [maker.known(Piece((), 0, len(text), 0, 0, 0, len(text)), data)]
        yield Units(maker.notation, (), [], whole=True)
        return
    layout = relaxed_json(text) if maker.notation == "json" else text
    known = {key.name: key for key in keys.members_of_root(layout)}
    rows: list[Row] = []
    waiting: list[tuple[Path, Raw, keys.Key | None]] = [
        ((name,), value, known.get(name)) for name, value in reversed(list(entries(data)))
    ]
    while waiting:
        path, value, key = waiting.pop()
        if is_section(path) and isinstance(value, dict) and value:
            inner = keys.children(layout, key.value) if key else ()
            below = {member.name: member for member in inner}
            waiting += [
                ((*path, name), member, below.get(name))
                for name, member in reversed(list(entries(value)))
            ]
        else:
            rows.append(maker.known(_shown_at(path, key), value))
    yield rows
    yield Units(maker.notation, (), [], faults=_not_json(text), whole=True)


def _shown_at(path: Path, key: keys.Key | None) -> Piece:
    if key is None:
        return Piece(path, 0, 0, 0, 0, 0, 0)
    places = (key.span.start, key.span.end, key.value.start, key.value.end)
    return Piece(path, key.region.start, max(key.value.end, key.region.end), *places)


def _not_json(text: str) -> tuple[Finding, ...]:
    """That a text in JSON's notation could only be read as YAML: the data may not be meant so."""
    if not _JSON_OBJECT.match(text):
        return ()
    try:
        json.loads(text.removeprefix("\ufeff"), strict=False)
    except json.JSONDecodeError as error:
        detail = parser_message(error.msg)
        message = Message(
            f"This is not valid JSON ({detail.en}); the document is read all the same.",
            f"Это не JSON ({detail.ru}); документ всё же прочитан.",
        )
        start = min(error.pos + text.startswith("\ufeff"), len(text))
        end = text.find("\n", start)
        span = Span(start, min(start + _SHOWN, len(text) if end < 0 else end))
        return (Finding(_SYNTAX, Severity.WARNING, message, span),)
    except (ValueError, RecursionError):
        return ()
    return ()


class _Maker:
    """Makes the units of one text."""

    def __init__(self, shown: _Shown, notation: Notation) -> None:
        self._shown = shown
        self.notation = notation
        self._read = member_reader(shown.text)
        self._left = max(_MIN_EXPANSION, MAX_EXPANSION * len(shown.text))

    def row(self, piece: Piece) -> Row | None:
        """The unit of `piece`; None where it cannot be read by itself."""
        text = self._shown.part(piece.start, piece.end)
        if piece.data is not None:
            return self._row(piece, text, piece.data[0])
        if piece.torn is not None or self.notation == "json":
            return None
        try:
            data = self._read(text)
        except UnreadableError:
            return None
        if not isinstance(data, dict) or len(data) != 1:
            return None
        ((key, value),) = data.items()
        return self._row(piece, text, value) if key_text(key) == piece.path[-1] else None

    def known(self, piece: Piece, data: Raw) -> Row:
        """The unit of `piece`, whose value is `data`."""
        return self._row(piece, self._shown.part(piece.start, piece.end), data)

    def salvaged(self, piece: Piece) -> Row:
        """The unit of `piece` without the parts that cannot be read."""
        text = self._shown.part(piece.start, piece.end)
        places = self._places(piece, text)
        torn = None if piece.torn is None else len(self._shown.part(piece.start, piece.torn))
        salvage = Salvage(text, self.notation)
        data = salvage.value(Piece(piece.path, 0, len(text), *places, torn=torn))
        faults = tuple(salvage.faults)
        if data is not None:
            return (*self._row(piece, text, data)[:-1], faults)
        start = self._shown.character(piece.start)
        return (start, piece.path, len(text), *places, None, None, faults)

    def _row(self, piece: Piece, text: str, data: Raw) -> Row:
        payload = marshal.dumps(data)  # type: ignore[arg-type]  # plain, as `read` says
        self._left -= len(payload)
        if self._left < 0:
            raise _too_large(self._shown.text, piece)
        key, key_end, value, value_end = self._places(piece, text)
        path, members = piece.path, None
        if len(path) == 2 and path[0] in _PATH_SECTIONS:
            members = _members(text, Span(value, value_end), data)
        start = self._shown.character(piece.start)
        return (start, path, len(text), key, key_end, value, value_end, payload, members, ())

    def _places(self, piece: Piece, text: str) -> tuple[int, int, int, int]:
        """Key and value, counted in characters from the start of the unit."""
        _, start, end, key, key_end, value, value_end, _, _ = piece
        if len(text) == end - start:
            return key - start, key_end - start, value - start, value_end - start
        part = self._shown.part
        return (
            len(part(start, key)),
            len(part(start, key_end)),
            len(part(start, value)),
            len(part(start, value_end)),
        )


def _too_large(text: str, piece: Piece) -> UnreadableError:
    line = text.count("\n", 0, piece.start) + 1
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


def _members(text: str, value: Span, data: Raw) -> tuple[Member, ...] | None:
    """The operations of a path item; None where the text alone does not tell them."""
    if not isinstance(data, dict) or not data.keys().isdisjoint(_NOT_PLAIN):
        return None
    found = _block_members(text, value) or [
        (key.name, key.span.start, key.span.end, key.region.start, key.region.end)
        for key in keys.children(text, value)
    ]
    if [member[0] for member in found] != list(data):
        return None
    methods = tuple(member for member in found if member[0] in METHODS)
    values = [data[member[0]] for member in methods]
    if any(not isinstance(value, dict) or "$ref" in value for value in values):
        return None
    return methods


def _block_members(text: str, value: Span) -> list[Member] | None:
    """The members of a block mapping; None where there is something unusual about it."""
    pieces = Splitter(text).members(value)
    if pieces is None or any(piece.torn is not None for piece in pieces):
        return None
    return [
        (
            piece.path[-1],
            piece.key,
            piece.key_end,
            piece.start,
            last_line_end(text, piece.value, piece.end, piece.key - piece.start),
        )
        for piece in pieces
    ]
