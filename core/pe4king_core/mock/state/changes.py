"""Requests that make, change and do things: what becomes of the thing, and what is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pe4king_core.generation.resources.identity import IDS
from pe4king_core.generation.wording import words_of
from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.state.damage import Operator, other_values
from pe4king_core.mock.state.effects import (
    SentThing,
    acted,
    chosen_key,
    effect,
    made,
    of_client,
    sent_things,
    with_parts,
)
from pe4king_core.mock.state.existing import Existing
from pe4king_core.mock.state.frames import Frame, Frames
from pe4king_core.mock.state.keys import fresh_id, may_be_id, text_of, token_of
from pe4king_core.mock.state.overlay import fits, laid_over
from pe4king_core.mock.state.places import Kind, Place, Role, filled, json_success
from pe4king_core.mock.state.shapes import required_in, stated
from pe4king_core.mock.state.store import Thing
from pe4king_core.mock.state.times import of_changed, of_made
from pe4king_core.mock.state.unknown import says_unknown
from pe4king_core.model.json import Json, split
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import Schema

_ID_WORDS = tuple((each,) for each in IDS)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a request leaves behind: things by their texts on the shelf `path`.

    `total` is no effect but the number of all things of a list that was answered. `again`: an
    earlier request has left all this, and nothing is done now.
    """

    path: str
    things: tuple[tuple[str, Thing], ...] = ()
    total: int | None = None
    again: bool = False


def is_told_whole(thing: Thing, schema: Schema) -> bool:
    """Whether an answer is what was sent for `thing`, which is no object; nor is the answer where
    its schema speaks of members, even without the type."""
    return thing.whole is not None and not stated(schema) and fits(thing.whole, schema)


class Changes:
    """Works out effects and the answers that tell of them."""

    def __init__(self, existing: Existing, is_promised: Callable[[str, str], bool]) -> None:
        """`is_promised` tells whether an answer under way has made a text on a shelf its own."""
        self._existing = existing
        self._is_promised = is_promised
        self._frames = Frames()

    def laid(
        self, place: Place, request: ReadRequest, schema: Schema, value: Json, thing: Thing
    ) -> Json:
        """`value` with what is known of `thing`."""
        frame = self._frames.of(place, request.operation, schema)
        return frame.laid(value, thing, self._outer(place, request, frame))

    def answered(
        self, place: Place, request: ReadRequest, schema: Schema, value: Json
    ) -> tuple[Json, Effect]:
        """`value` made true to what the request does, and what it leaves behind."""
        frame = self._frames.of(place, request.operation, schema)
        if place.role is Role.OTHER:
            return self._echoed(place, request, frame, value), Effect("")
        left = self.effect(place, request, frame, value)
        if not left.things:
            return self._echoed(place, request, frame, value), left
        if len(left.things) > 1:
            return value, left
        text, thing = left.things[0]
        if is_told_whole(thing, schema):
            return thing.whole, left
        if not self._is_about(place, schema):
            return self._echoed(place, request, frame, value), left
        result = frame.laid(value, thing, self._outer(place, request, frame))
        told = frame.found_in(result) or {}
        members = {**thing.members, **told}
        said = thing.said | {*frame.members}
        whole = replace(thing, members=members, said=said)
        return result, Effect(left.path, ((text, whole),))

    def effect(
        self, place: Place, request: ReadRequest, frame: Frame | None = None, value: Json = None
    ) -> Effect:
        """What the request leaves behind; `value` has made-up members of it."""
        path = filled(place.kind.shelf, request)
        if place.role is Role.CREATE:
            return self._created(place, request, path, frame, value)
        path, text = self._existing.where(place, request)
        if not text:
            return Effect(path)
        before = self._existing.thing(place, request)
        if place.role is Role.ACT:
            after = acted(before, request.operation, frame.schema if frame else None)
            told_of = self._reading(place.kind)
            after = with_parts(after, request, place, told_of.members if told_of else {})
        else:
            reading = self._reading(place.kind) or frame
            after = effect(request, place, before, reading.members if reading is not None else {})
            after = _with_needed(after, before, reading)
        if after is not before and before.members:
            sent = set().union(*(each.raw for each in sent_things(request, place.kind)))
            members = {**after.members, **of_changed(before.members, sent)}
            after = replace(after, members=members)
        if place.role is Role.REPLACE and place.upsert and not self._was_there(place, request):
            after = replace(after, made=True)
        return Effect(path, ((text, after),))

    def _was_there(self, place: Place, request: ReadRequest) -> bool:
        return bool(place.single) or self._existing.is_listed(place, request)

    def _created(
        self,
        place: Place,
        request: ReadRequest,
        path: str,
        frame: Frame | None,
        value: Json,
    ) -> Effect:
        sent = sent_things(request, place.kind) or [SentThing({}, {}, None)]
        taken: dict[str, Thing] = {}
        told = frame.members if frame is not None else {}
        made_up = (frame.found_in(value) if frame is not None else None) or {}
        first = self._existing.store.shelf(path).number + 1
        for number, one in enumerate(sent, first):
            each = of_client(one, told)
            key = chosen_key(each, place.kind, _own_id(frame))
            if key is None or not self._may_choose(frame, place, key):
                key = self._fresh(place, request, path, frame, value, taken)
            thing = made(each, key)
            members = {**of_made(made_up, one.raw, number), **thing.members}
            taken[token_of(key)] = replace(thing, members=members)
        return Effect(path, tuple(taken.items()))

    def _may_choose(self, frame: Frame | None, place: Place, key: Json) -> bool:
        """Whether what is made may have the id `key` that the client sent."""
        schema = frame.id_schema if frame is not None else None
        if schema is not None and schema.read_only:
            return False
        return may_be_id(key, None, place.kind.in_paths)

    def _fresh(
        self,
        place: Place,
        request: ReadRequest,
        path: str,
        frame: Frame | None,
        value: Json,
        taken: Mapping[str, Thing],
    ) -> Json:
        """An id that nothing has, like the made-up one."""
        shelf = self._existing.store.shelf(path)
        there = self._existing.always_there(place, request)
        inner = frame.found_in(value) if frame is not None else None
        like = inner.get(frame.id_name) if inner is not None and frame is not None else None
        schema = frame.id_schema if like is not None and frame is not None else None
        if isinstance(like, str) and schema is not None and not _shows_ids(schema):
            like = _text_like(self._known_ids(place, there), schema) or like
        if like is None:
            like, schema = self._usual_id(place)

        def is_taken(key: Json) -> bool:
            text = token_of(key)
            known = (shelf.removed, shelf.things, taken, there)
            if any(text in each for each in known) or says_unknown(text_of(key)):
                return True
            return self._is_promised(path, text)

        in_paths = place.kind.in_paths
        return fresh_id(like, schema, is_taken, shelf.number + 1, path, in_paths)

    def _known_ids(self, place: Place, there: Mapping[str, Thing]) -> Iterator[Json]:
        """Ids of other things of the kind: documented ones first, then those in the list."""
        yield from place.kind.parameter.examples
        yield from (each.key for each in there.values())

    def _usual_id(self, place: Place) -> tuple[Json, Schema | None]:
        """An id as the path or the single thing has it, where the answer tells none."""
        kind = place.kind
        media = json_success(kind.reader) if kind.reader is not None else None
        if media is not None and media.schema is not None and kind.reader is not None:
            frame = self._reading_with(kind, kind.reader, media.schema)
            found = self._existing.seeds.invented(kind, kind.shelf, "") or {}
            like = found.get(frame.id_name)
            if isinstance(like, str | int):
                return like, frame.id_schema
        for example in kind.parameter.examples:
            if isinstance(example, str | int):
                return example, kind.parameter.schema
        return self._existing.seeds.text(kind.parameter), kind.parameter.schema

    def _reading(self, kind: Kind) -> Frame | None:
        """Where the single thing stands when it is read; None where the document has none."""
        media = json_success(kind.reader) if kind.reader is not None else None
        if kind.reader is None or media is None or media.schema is None:
            return None
        return self._reading_with(kind, kind.reader, media.schema)

    def _reading_with(self, kind: Kind, reader: Operation, schema: Schema) -> Frame:
        return self._frames.of(Place(Role.READ, kind, kind.parameter.name), reader, schema)

    def _is_about(self, place: Place, schema: Schema) -> bool:
        """Whether the answer tells the thing itself, and not only what became of the request."""
        if place.role is not Role.ACT:
            return True
        media = json_success(place.kind.reader) if place.kind.reader is not None else None
        return media is not None and media.schema == schema

    def _outer(self, place: Place, request: ReadRequest, frame: Frame) -> Mapping[str, Json]:
        found = self._existing.outer(place.kind, request, frame.members)
        return {name: value for name, value in found.items() if name != frame.id_name}

    def _echoed(self, place: Place, request: ReadRequest, frame: Frame, value: Json) -> Json:
        """`value` with what was sent, of an answer that is about no thing that is kept."""
        inner, sent = frame.found_in(value), sent_things(request, place.kind)
        if inner is None or frame.schema is None or len(sent) != 1:
            return value
        return frame.put(value, laid_over(inner, frame.schema, sent[0].members))

    def damaged(
        self, place: Place, request: ReadRequest, thing: Thing, mutant: Mutant
    ) -> Thing | None:
        """What a broken server would keep instead of `thing`; None for nothing."""
        if mutant.operator == Operator.NOT_KEPT:
            return None
        name = split(mutant.subject)[-1] if mutant.subject else ""
        if name not in thing.members:
            return thing
        if mutant.operator == Operator.MEMBER_NOT_UPDATED:
            before = self._existing.thing(place, request).members
            less = {n: v for n, v in thing.members.items() if n != name}
            return replace(thing, members={**less, name: before[name]} if name in before else less)
        if mutant.operator == Operator.KEPT_CHANGED:
            schema = self._read_member(place, name)
            value = thing.members[name]
            other = next(iter(other_values(value, schema)), value) if schema is not None else value
            return replace(thing, members={**thing.members, name: other})
        return thing

    def _read_member(self, place: Place, name: str) -> Schema | None:
        media = json_success(place.kind.reader) if place.kind.reader is not None else None
        if media is None or media.schema is None or place.kind.reader is None:
            return None
        frame = self._reading_with(place.kind, place.kind.reader, media.schema)
        found = stated(frame.schema).get(name, ()) if frame.schema is not None else ()
        return next(iter(found), None)


def _own_id(frame: Frame | None) -> str:
    """The member by which every answer tells the id that the server gave; "" without one."""
    if frame is None or frame.schema is None or words_of(frame.id_name)[-1:] not in _ID_WORDS:
        return ""
    return frame.id_name if frame.id_name in required_in(frame.schema) else ""


def _with_needed(after: Thing, before: Thing, frame: Frame | None) -> Thing:
    """`after` with what it cannot be without, as it was."""
    if frame is None or frame.schema is None:
        return after
    needed = required_in(frame.schema)
    kept = {
        name: value
        for name, value in before.members.items()
        if name in needed and name not in after.members
    }
    return replace(after, members={**after.members, **kept}) if kept else after


def _shows_ids(schema: Schema) -> bool:
    """Whether a schema says what ids look like."""
    shape = schema.pattern or schema.format or schema.enum
    return bool(shape or schema.examples or schema.has_default)


def _text_like(known: Iterator[Json], schema: Schema) -> str | None:
    """The first text among `known` ids that may be one here."""
    return next((key for key in known if isinstance(key, str) and fits(key, schema)), None)
