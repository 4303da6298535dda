"""The things that were always there: what lists show before anybody made anything.

They are the made-up items of the list, the example of the single thing, and one item for each
value that a filter may ask for, so that filters leave something. A collection of something that a
request made begins empty.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol
from zlib import crc32

from pe4king_core.generation.wording import words_of
from pe4king_core.mock.state.asking import CALLED, Filter, How, filters_of
from pe4king_core.mock.state.keys import fresh_id, is_valid_id, text_of, token_of, typed
from pe4king_core.mock.state.overlay import fits, laid_over
from pe4king_core.mock.state.places import Kind, json_success
from pe4king_core.mock.state.shapes import (
    id_at,
    id_in_items,
    id_like,
    items_of,
    list_at,
    member_at,
    stated,
    thing_at,
)
from pe4king_core.mock.state.store import Thing
from pe4king_core.mock.state.unknown import says_unknown
from pe4king_core.model.json import Json, lookup, split
from pe4king_core.model.operation import MediaType, Parameter
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_TURNS = 2
_MOST_LISTED = 4
"""Items taken from one made-up list."""
_MOST = 12
_MOST_VALUES = 6
"""Values of one filter that get an item."""
_KEPT = 500
_COUNTING = re.compile(r"(\D*)(\d{1,18})")
_NAMING = tuple((each,) for each in ("name", "title", "code", "slug", "label", "username", "login"))
"""Last words of names of members that tell things apart."""


class Values(Protocol):
    """Made-up values of media types."""

    def value(self, media: MediaType, turn: int = 0) -> Json:
        """A valid value."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Which made-up values are taken; the first ones with seed 1, unless `always` varied."""

    seed: int = 1
    always: bool = False

    def of(self, text: str) -> int:
        """The turn of what is called `text`."""
        if self.seed == 1 and not self.always:
            return 0
        return crc32(f"{self.seed} {text}".encode("utf-8", "surrogatepass"))


class Seeds:
    """What was always there, by shelf."""

    def __init__(self, values: Values, turns: Turns) -> None:
        self._values = values
        self._turns = turns
        self._kept: OrderedDict[str, Mapping[str, Thing]] = OrderedDict()
        self._members: dict[str, frozenset[str]] = {}

    def on(self, kind: Kind, path: str, outer: Mapping[str, Json]) -> Mapping[str, Thing]:
        """The things on the shelf `path`; `outer` names what the path leads through."""
        found = self._kept.get(path)
        if found is None:
            found = self._kept[path] = _Pool(self._values, self._turns, kind, path, outer).things()
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(path)
        return found

    def items_of(self, kind: Kind) -> Schema | None:
        """The schema of the items that the collection is listed with."""
        media = json_success(kind.lister) if kind.lister is not None else None
        if media is None or media.schema is None:
            return None
        place = list_at(media.schema, kind.resource)
        return place.items if place is not None else None

    def item(self, schema: Schema) -> Mapping[str, Json] | None:
        """A made-up item of a list."""
        media = MediaType("application/json", schema, schema.pointer)
        found = self._values.value(media, 0)
        return found if isinstance(found, Mapping) and fits(found, schema) else None

    def text(self, parameter: Parameter) -> Json:
        """A made-up value of a path parameter."""
        if parameter.schema is None:
            return "1"
        media = MediaType("application/json", parameter.schema, parameter.schema.pointer)
        found = self._values.value(media, 0)
        return found if isinstance(found, str | int) else "1"

    def invented(self, kind: Kind, path: str, text: str) -> Mapping[str, Json] | None:
        """What the single thing `text` is made up to be; None where the document has none."""
        media = json_success(kind.reader) if kind.reader is not None else None
        if media is None or media.schema is None:
            return None
        at = thing_at(media.schema, kind.resource)
        for example in media.examples if text else ():
            found = lookup(example, at)
            called = isinstance(found, Mapping) and self._is_called(found, kind, text)
            if called and isinstance(found, Mapping) and fits(example, media.schema):
                return found
        value = self._values.value(media, self._turns.of(f"{path}/{text}"))
        found = lookup(value, at)
        return found if isinstance(found, Mapping) else None

    def _is_called(self, found: Mapping[str, Json], kind: Kind, text: str) -> bool:
        """Whether the documented example `found` is of the thing `text`."""
        at = id_at(kind.reader, 200, kind.parameter) if kind.reader is not None else None
        value = found.get(split(at)[-1]) if at else None
        return value is not None and token_of(value) == text

    def read_members(self, kind: Kind) -> frozenset[str]:
        """The members that the single thing may have when it is read."""
        media = json_success(kind.reader) if kind.reader is not None else None
        if media is None or media.schema is None:
            return frozenset()
        found = self._members.get(media.pointer)
        if found is None:
            inner = member_at(media.schema, thing_at(media.schema, kind.resource))
            found = frozenset(stated(inner) if inner is not None else ())
            self._members[media.pointer] = found
        return found


class _Pool:
    """Makes the things of one shelf."""

    def __init__(
        self, values: Values, turns: Turns, kind: Kind, path: str, outer: Mapping[str, Json]
    ) -> None:
        self._values = values
        self._kind = kind
        self._path = path
        self._outer = outer
        self._turn = turns.of(path)
        self._found: dict[str, Thing] = {}
        self._id = ""
        self._items: Schema | None = None

    def things(self) -> Mapping[str, Thing]:
        """What is there, by its id; empty where the document lists nothing."""
        lister = self._kind.lister
        media = json_success(lister) if lister is not None else None
        if lister is None or media is None or media.schema is None:
            return {}
        place = list_at(media.schema, self._kind.resource)
        self._items = place.items if place is not None else None
        if place is None or self._items is None:
            return {}
        self._id = name_in_list(self._kind, self._items)
        for item in (*self._read(), *self._listed(media, place.pointer)):
            self._add(item)
        members = stated(self._items)
        for each in filters_of(lister, members) if self._found else ():
            self._add_wanted(each)
        return _in_order(self._found)

    def _read(self) -> Iterator[Mapping[str, Json]]:
        """What is read where nobody says which thing is wanted."""
        reader = self._kind.reader
        media = json_success(reader) if reader is not None else None
        if reader is None or media is None or media.schema is None:
            return
        # A documented example is there with every seed, as it can be asked for by its id.
        turn = 0 if media.examples else self._turn
        found = lookup(self._values.value(media, turn), thing_at(media.schema, ()))
        at = id_at(reader, 200, self._kind.parameter)
        if not isinstance(found, Mapping) or at is None or self._items is None:
            return
        named = {self._id: found.get(split(at)[-1])} if at and self._id else {}
        yield {**found, **named}

    def _listed(self, media: MediaType, pointer: str) -> Iterator[Mapping[str, Json]]:
        for turn in range(self._turn, self._turn + _TURNS):
            found = lookup(self._values.value(media, turn), pointer)
            for item in found[:_MOST_LISTED] if isinstance(found, list | tuple) else ():
                if isinstance(item, Mapping):
                    yield item

    def _add(self, item: Mapping[str, Json]) -> None:
        if self._items is None or len(self._found) >= _MOST:
            return
        base = item if fits(item, self._items) else self._template()
        if base is None:
            return
        made = laid_over(base, self._items, {**item, **self._outer})
        if not isinstance(made, Mapping):
            return
        key = made.get(self._id) if self._id else None
        text = token_of(key) if key is not None else f"#{len(self._found)}"
        if key is not None and (text in self._found or not self._may_be_asked_for(key)):
            made, key = self._renamed(made)
            text = token_of(key)
        if text not in self._found:
            self._found[text] = Thing(key, made)

    def _template(self) -> Mapping[str, Json] | None:
        return next((each.members for each in self._found.values()), None)

    def _renamed(self, item: Mapping[str, Json]) -> tuple[Mapping[str, Json], Json]:
        """`item` with an id of its own."""
        schemas = stated(self._items).get(self._id, ()) if self._items is not None else ()
        number = len(self._found) + 1
        schema = next(iter(schemas), None)
        room, in_paths = f"seed:{self._path}", self._kind.in_paths
        key = fresh_id(item[self._id], schema, self._is_taken, number, room, in_paths)
        made = {**item, self._id: key}
        if self._items is None or not _may_be(made, self._items):
            return item, item[self._id]
        return made, key

    def _may_be_asked_for(self, key: Json) -> bool:
        """Whether the id can be sent, and would not be refused."""
        valid = all(is_valid_id(typed(key, each), each) for each in self._kind.in_paths)
        return valid and not says_unknown(text_of(key))

    def _is_taken(self, key: Json) -> bool:
        return token_of(key) in self._found or says_unknown(text_of(key))

    def _add_wanted(self, wanted: Filter) -> None:
        """An item for each value that the filter is likely to ask for."""
        for value in list(_likely(wanted))[:_MOST_VALUES]:
            things = [each.members for each in self._found.values()]
            if any(wanted.keeps(each, value) for each in things):
                continue
            model = things[len(things) % max(1, min(len(things), _MOST_LISTED))]
            new: Json = value
            if wanted.how is How.HAS:
                new = _with_item(model.get(wanted.member), value)
            elif isinstance(value, list | tuple):
                new = value[0] if value else None
            self._add({**self._other_names(model), wanted.member: new})

    def _other_names(self, item: Mapping[str, Json]) -> dict[str, Json]:
        """`item` with names of its own, as far as the schema allows."""
        known = stated(self._items) if self._items is not None else {}
        made = dict(item)
        for name, value in item.items():
            schema = next(iter(known.get(name, ())), None)
            if words_of(name)[-1:] not in _NAMING or name == self._id or not isinstance(value, str):
                continue
            if schema is None or schema.enum is None:
                made[name] = self._other_text(name, value, schema)
        return made

    def _other_text(self, name: str, like: str, schema: Schema | None) -> Json:
        taken = {text_of(each.members.get(name)) for each in self._found.values()}

        def is_taken(key: Json) -> bool:
            return text_of(key) in taken

        return fresh_id(like, schema, is_taken, len(self._found), f"{self._path}/{name}")


def name_in_list(kind: Kind, items: Schema) -> str:
    """The member of the items of a list that says which thing each is."""
    lister = kind.lister
    found = id_in_items(lister, 200, kind.parameter) if lister is not None else ""
    return found or id_like(stated(items), kind.resource)


def _with_item(items: Json, value: Json) -> Json:
    """A list that a filter finds `value` in."""
    found = value[0] if isinstance(value, list | tuple) and value else value
    if isinstance(items, Mapping):
        return {**items, next((name for name in CALLED if name in items), CALLED[0]): found}
    if isinstance(items, list | tuple) and items and isinstance(items[0], Mapping):
        return [{**items[0], "name": found}, *items[1:]]
    return [found]


def _likely(wanted: Filter) -> Iterator[Json]:
    schema = wanted.parameter.schema
    yield from wanted.parameter.examples
    inner = items_of(schema) if schema is not None else None
    for each in (schema, inner):
        if each is not None:
            yield from each.enum or ()
            yield from each.examples
            if each.has_default:
                yield each.default


def _may_be(value: Json, schema: Schema) -> bool:
    return validity(value, schema, direction=Direction.RESPONSE) is not Validity.INVALID


def _in_order(things: Mapping[str, Thing]) -> Mapping[str, Thing]:
    """Things whose ids count in the order of these numbers, all others as they are."""
    numbers: dict[str, tuple[int, str]] = {}
    for text, thing in things.items():
        found = _COUNTING.fullmatch(text_of(thing.key)) if thing.key is not None else None
        if found is None:
            return things
        numbers[text] = (int(found[2]), found[1])
    if len({head for _, head in numbers.values()}) > 1:
        return things
    return {text: things[text] for text in sorted(things, key=lambda each: numbers[each][0])}
