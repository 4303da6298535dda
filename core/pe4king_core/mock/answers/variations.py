"""Changes to a value that its schema may well allow: left out, null, empty, long, at the bounds.

They are proposals (`edits`): the whole value is checked and what breaks it is taken back, so that
nothing here has to understand how keywords work together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from zlib import crc32

from pe4king_core.generation.samples.unnamed import schema_of
from pe4king_core.mock.answers.coherence import is_identity
from pe4king_core.mock.answers.edits import GONE, Edit, Gone, Path
from pe4king_core.mock.answers.sampled import AnswerSamples
from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_MOST_PLACES = 600
_DEEPEST = 24
_SPARE = 4
"""How many items too many are made, as some may be in doubt."""
_BACK = Direction.RESPONSE
_LONG_LIST = 6
_LONGEST_LIST = 40
_LONG_TEXT = 120
_LONGEST_TEXT = 2_000
_FAR = 1_000_000
_LARGEST = {"int32": 2**31 - 1, "int64": 2**53 - 1}
_ONE_IN = 3
"""How many places there are for each one that a mixed variation changes."""


class Variety(StrEnum):
    """How far the values of one document go."""

    PLAIN = "plain"
    """What people would write: other names, other choices, members left out now and then."""
    FULL = "full"
    """All that the document allows: the longest texts, bounds, members that it does not name."""


class Change(StrEnum):
    """What is done to a place."""

    LEFT_OUT = "left out"
    NULL = "null"
    EMPTY = "empty"
    LONGEST = "longest"
    LOWEST = "lowest"
    HIGHEST = "highest"
    EXTRA = "extra"


_PLAIN = frozenset({Change.LEFT_OUT, Change.NULL, Change.EMPTY})
_ONE_IN_PLAIN = 7


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands somewhere in a value, and all schemas that hold there."""

    path: Path
    value: Json
    schemas: tuple[Schema, ...]
    optional: bool


def varied(value: Json, schema: Schema, change: Change) -> list[Edit]:
    """The edits that do `change` wherever it can be done."""
    found = []
    for place in _places(value, schema):
        made = dict(_options(place)).get(change)
        if made is not None:
            found.append(made())
    return found


def mixed(value: Json, schema: Schema, round_: int, variety: Variety = Variety.FULL) -> list[Edit]:
    """Different changes at some of the places, as the round has it."""
    found = []
    one_in = _ONE_IN if variety is Variety.FULL else _ONE_IN_PLAIN
    for place in _places(value, schema):
        drawn = crc32(f"{round_}{place.path}".encode("utf-8", "surrogatepass"))
        if drawn % one_in:
            continue
        usual = variety is Variety.FULL or (bool(place.path) and not _is_identity(place))
        options = [make for change, make in _options(place) if usual and _is_of(change, variety)]
        if options:
            found.append(options[drawn // one_in % len(options)]())
    return found


def _is_of(change: Change, variety: Variety) -> bool:
    return variety is Variety.FULL or change in _PLAIN


def is_allowed_at(edit: Edit, value: Json, schema: Schema) -> bool:
    """Whether the edit's own value is certainly valid at its place."""
    if isinstance(edit.value, Gone):
        return False
    place = _Place((), value, holding(schema, value), optional=False)
    for token in edit.path:
        inside = (child for child in _children(place) if child.path[-1] == token)
        found = next(inside, None)
        if found is None:
            return False
        place = found
    verdicts = {validity(edit.value, stated, direction=_BACK) for stated in place.schemas}
    return verdicts <= {Validity.VALID}


def holding(schema: Schema, value: Json) -> tuple[Schema, ...]:
    """The schema, its conjuncts and the first branch that `value` is valid against."""
    waiting, found = [schema], dict[int, Schema]()
    while waiting and len(found) < _DEEPEST:
        one = waiting.pop(0)
        if id(one) in found:
            continue
        found[id(one)] = one
        waiting += one.conjuncts.values()
        for branch in one.branches.values():
            if validity(value, branch, direction=_BACK) is not Validity.INVALID:
                waiting.append(branch)
                break
    return tuple(found.values())


def _places(value: Json, schema: Schema) -> Iterator[_Place]:
    """Every place of `value`, outer ones first."""
    return islice(_below(_Place((), value, holding(schema, value), optional=False)), _MOST_PLACES)


def _below(place: _Place) -> Iterator[_Place]:
    waiting = [place]
    while waiting:
        found = waiting.pop(0)
        yield found
        if len(found.path) < _DEEPEST:
            waiting += _children(found)


def _children(place: _Place) -> Iterator[_Place]:
    if isinstance(place.value, Mapping):
        for name, member in place.value.items():
            stated = [s for s in (schema_of(one, name) for one in place.schemas) if s is not None]
            needed = any(name in one.required for one in place.schemas)
            yield _place((*place.path, name), member, stated, optional=not needed)
    elif isinstance(place.value, list):
        for number, item in enumerate(place.value):
            stated = [s for s in (_item(one, number) for one in place.schemas) if s is not None]
            yield _place((*place.path, number), item, stated, optional=False)


def _place(path: Path, value: Json, stated: Sequence[Schema], *, optional: bool) -> _Place:
    schemas = (schema for one in stated for schema in holding(one, value))
    return _Place(path, value, tuple({id(one): one for one in schemas}.values()), optional)


def _item(schema: Schema, number: int) -> Schema | None:
    return schema.prefix_items.get(str(number), schema.others.get("items"))


def _options(place: _Place) -> Iterator[tuple[Change, Callable[[], Edit]]]:
    """What can be done at a place."""
    if place.optional:
        yield Change.LEFT_OUT, lambda: Edit(place.path, GONE)
    if place.schemas and place.path and all(schema.nullable for schema in place.schemas):
        yield Change.NULL, lambda: Edit(place.path, None)
    if any(schema.enum is not None for schema in place.schemas):
        return
    if isinstance(place.value, bool) or place.value is None or _is_identity(place):
        return
    if isinstance(place.value, str):
        yield from _of_text(place)
    elif isinstance(place.value, int | float):
        yield from _of_number(place)
    elif isinstance(place.value, Mapping):
        if place.schemas and all(schema.additional_allowed for schema in place.schemas):
            yield Change.EXTRA, lambda: _extra(place)
    else:
        if place.value and not any(schema.size.low for schema in place.schemas):
            yield Change.EMPTY, lambda: Edit(place.path, [])
        if any(schema.items is not None for schema in place.schemas):
            yield Change.LONGEST, lambda: _longest(place)


def _is_identity(place: _Place) -> bool:
    """Whether the value tells one item from another, so that it should not be like theirs."""
    last = place.path[-1] if place.path else None
    return isinstance(last, str) and is_identity(last)


def _of_text(place: _Place) -> Iterator[tuple[Change, Callable[[], Edit]]]:
    if any(schema.format or schema.pattern for schema in place.schemas):
        return
    low, high = _bounds(schema.length for schema in place.schemas)
    text = str(place.value)
    shortest, longest = int(low or 0), _LONG_TEXT if high is None else int(high)
    if not place.path:
        return
    if len(text) > shortest:
        yield Change.LOWEST, lambda: Edit(place.path, text[:shortest])
    if longest > len(text) and longest <= _LONGEST_TEXT:
        padded = (f"{text} " * (longest // (len(text) + 1) + 1))[:longest]
        yield Change.HIGHEST, lambda: Edit(place.path, padded[:-1] + padded[-1:].replace(" ", "."))


def _of_number(place: _Place) -> Iterator[tuple[Change, Callable[[], Edit]]]:
    low, high = _bounds(schema.bounds for schema in place.schemas)
    formats = (one.format or "" for one in place.schemas)
    known = [_LARGEST[name] for name in formats if name in _LARGEST]
    lowest = 0 if low is None else low
    highest = min(known, default=_FAR) if high is None else high
    whole = any(
        JsonType.INTEGER in one.types and JsonType.NUMBER not in one.types for one in place.schemas
    )
    for change, end in ((Change.LOWEST, lowest), (Change.HIGHEST, highest)):
        if abs(end) < float("inf"):
            made = int(end) if whole or end == int(end) else end
            yield change, lambda made=made: Edit(place.path, made)  # type: ignore[misc]  # default


def _bounds(each: Iterator[object]) -> tuple[int | float | None, int | float | None]:
    """The narrowest of several bounds."""
    found = [(getattr(one, "low", None), getattr(one, "high", None)) for one in each]
    lows = [low for low, _ in found if low is not None]
    highs = [high for _, high in found if high is not None]
    return max(lows, default=None), min(highs, default=None)


def _extra(place: _Place) -> Edit:
    """One member more than the document names."""
    name = next(iter(_unused(place.value)))
    stated = [s for s in (schema_of(one, name) for one in place.schemas) if s is not None]
    value: Json = AnswerSamples().of(stated[0], name) if stated else "sample"
    return Edit((*place.path, name), value)


def _unused(value: Json) -> Iterator[str]:
    known = value if isinstance(value, Mapping) else {}
    return (name for name in (f"extra{n}" for n in range(len(known) + 1)) if name not in known)


def _longest(place: _Place) -> Edit:
    """As many items as allowed, or a few more than usual where there is no end."""
    items = list(place.value) if isinstance(place.value, list) else []
    _, high = _bounds(schema.size for schema in place.schemas)
    inner = any(isinstance(token, int) for token in place.path)
    usual = len(items) + 1 if inner else _LONG_LIST
    wanted = usual if high is None or high > _LONGEST_LIST else int(high)
    missing = max(wanted - len(items), 0)
    if inner and items:
        # Lists within lists are many; what differs is made to differ by `coherence`.
        return Edit(place.path, [*items, *(items * missing)[:missing]])
    return Edit(place.path, [*items, *_made_items(place, len(items), missing)])


def _made_items(place: _Place, first: int, count: int) -> list[Json]:
    stated = next(schema.items for schema in place.schemas if schema.items is not None)
    name = next((token for token in reversed(place.path) if isinstance(token, str)), "")
    rounds = range(first, first + count + _SPARE)
    made = (AnswerSamples(number).of(stated, name) for number in rounds)
    valid = (one for one in made if validity(one, stated, direction=_BACK) is Validity.VALID)
    return list(islice(valid, count))
