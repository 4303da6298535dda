"""Edge cases of bodies: fields at the edges of what is allowed, the fewest and all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pe4king_core.generation.proofs.boundaries import Boundary
from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.generation.requests.requests import changed_value
from pe4king_core.generation.resources.ranges import is_conditional, makes_sense
from pe4king_core.generation.resources.repetition import confirmed_by, is_said_twice
from pe4king_core.generation.variations.body_places import Anchor, BodyPlace, CheckedBody
from pe4king_core.generation.variations.collected import Collected
from pe4king_core.generation.variations.edge_limits import EdgeLimits, is_free, is_reference
from pe4king_core.generation.variations.negative_body import weight
from pe4king_core.generation.variations.schema_memo import SchemaMemo
from pe4king_core.generation.wording import words_of
from pe4king_core.model.fact import Change, ChangeIn, ChangeKind
from pe4king_core.model.json import Json, join, lookup
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction, Validity, same, validity

_MAX_WORK = 200_000
"""How many members of bodies may be looked at to prove the cases of one operation."""


def accepts(name: str, boundary: Boundary) -> Message:
    """The title of a case in which `name` has the value of `boundary`."""
    return Message(f"accepts {name} {boundary.what.en}", f"принимает {name}: {boundary.what.ru}")


def is_known(boundary: Boundary, sent: Json) -> bool:
    """Whether the valid request has that edge itself: the value, its branch, a text as long."""
    value = boundary.value
    if boundary.branch is not None:
        return validity(sent, boundary.branch, direction=Direction.REQUEST) is Validity.VALID
    lengths = isinstance(value, str) and isinstance(sent, str) and not boundary.anywhere
    if lengths and boundary.worth is Worth.BOUNDARY:
        return len(str(value)) == len(str(sent))
    return same(value, sent)


_STATES = (("status",), ("state",), ("stage",), ("phase",), ("статус",), ("состояние",))
"""Last words of fields that may only change from some values to some others."""


@dataclass(slots=True)
class BodyEdges:
    """The edges of one certainly valid JSON body."""

    collected: Collected
    limits: EdgeLimits
    memo: SchemaMemo
    body: CheckedBody
    _work: int = _MAX_WORK
    _conditional: frozenset[str] | None = None
    """Objects that lack a member which is required under a condition."""

    def add_all(self) -> None:
        """Adds a case for each edge of each place."""
        for place in self._places():
            if len(place.schemas) > 1 and place.rules is None:
                continue
            beside = self._beside(place)
            for boundary in self.memo.allowed(place.schemas[0], on_wire=False):
                if place.present and is_known(boundary, place.value):
                    continue
                if boundary.value in ([], {}) and self._is_empty_with(place, boundary.value):
                    continue
                if not makes_sense(place.name, place.schemas[0], boundary, beside, written=True):
                    continue
                if boundary.worth is Worth.ENUM_VALUE and self._is_decisive(place):
                    continue
                if not self.limits.wants(place.name, boundary, place.pointer):
                    continue
                self._add(place, boundary)

    def _is_empty_with(self, place: BodyPlace, value: Json) -> bool:
        """Whether the body would not say anything any more, and need not be so."""
        if place.pointer and place.required:
            return False
        change = Change(ChangeIn.BODY, place.pointer, ChangeKind.SET, value)
        return not says_something(changed_value(self.body.value, change))

    def _beside(self, place: BodyPlace) -> Mapping[str, Json]:
        """What is sent in the object that `place` is a member of."""
        found = lookup(self.body.value, _above(place))
        return found if isinstance(found, Mapping) else {}

    def _is_decisive(self, place: BodyPlace) -> bool:
        """Whether only some of the values can be taken, for a reason that no schema says."""
        return _is_state(place.name, self.collected.operation) or self._decides(place)

    def _decides(self, place: BodyPlace) -> bool:
        """Whether other members may be required with another value, which only a text says."""
        if self._conditional is None:
            self._conditional = frozenset(
                _above(each)
                for each in self.body.places
                if not each.present and any(map(is_conditional, each.schemas))
            )
        return _above(place) in self._conditional

    def _places(self) -> Iterator[BodyPlace]:
        for place in self.body.places:
            if not any(schema.read_only or schema.deprecated for schema in place.schemas):
                yield place

    def _add(self, place: BodyPlace, boundary: Boundary) -> None:
        kind = ChangeKind.SET if place.present else ChangeKind.ADD
        change = Change(ChangeIn.BODY, place.pointer, kind, boundary.value)
        if place.rules is not None and not self._stays_valid(place.rules, change):
            return
        self.collected.add(
            boundary.worth,
            accepts(place.name, boundary),
            (change,),
            source=place.schemas[0].pointer,
            level=place.level,
        )

    def _stays_valid(self, anchor: Anchor, change: Change) -> bool:
        self._work -= weight(anchor.value)
        if self._work < 0:
            return False
        inner = change.name.removeprefix(anchor.pointer)
        moved = Change(change.where, inner, change.kind, change.value)
        return _certainly_valid(changed_value(anchor.value, moved), anchor.schema)

    def only_required(self) -> tuple[Change, ...]:
        """Leaves out what need not be there; nothing where that is not certainly valid."""
        removed: list[str] = []
        for place in self.body.places:
            inside = any(place.pointer.startswith(f"{pointer}/") for pointer in removed)
            if place.pointer and place.present and not inside and not place.is_item:
                needed = place.required or any(map(is_conditional, place.schemas))
                needed = needed or self._repeats_required(place)
                removed += () if needed else (place.pointer,)
        changes = [Change(ChangeIn.BODY, pointer, ChangeKind.REMOVE) for pointer in removed]
        return self._together(changes)

    def _repeats_required(self, place: BodyPlace) -> bool:
        """Whether it has to say again what a required field says."""
        first = confirmed_by(place.name)
        return bool(first) and any(
            each.required and " ".join(words_of(each.name)) == first
            for each in self.body.places
            if _above(each) == _above(place)
        )

    def every_optional(self) -> tuple[Change, ...]:
        """Adds what may be there beside what is; nothing where that is not certainly valid."""
        changes: list[Change] = []
        for place in self._places():
            schema = place.schemas[0]
            value = self.memo.sample(schema, place.name)
            if place.present or place.is_item or value is None:
                continue
            if is_said_twice(place.name, self._beside(place)):
                continue
            if not is_free(schema) or not is_reference(place.name, value.value):
                changes.append(Change(ChangeIn.BODY, place.pointer, ChangeKind.ADD, value.value))
        return self._together(changes)

    def _together(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        value = self.body.value
        for change in changes:
            value = changed_value(value, change)
        return tuple(changes) if changes and _certainly_valid(value, self.body.schema) else ()


def says_something(value: Json) -> bool:
    """Whether anything is in it; no server can do anything without that."""
    if isinstance(value, Mapping):
        return any(says_something(member) for member in value.values())
    if isinstance(value, list | tuple):
        return any(says_something(item) for item in value)
    return value is not None


def _is_state(name: str, operation: Operation) -> bool:
    """Whether what `name` may be changed to depends on what it is, which 409 tells."""
    return "409" in operation.responses and words_of(name)[-1:] in _STATES


def _above(place: BodyPlace) -> str:
    return place.pointer.rpartition("/")[0]


def _certainly_valid(value: Json, schema: Schema) -> bool:
    return validity(value, schema, direction=Direction.REQUEST) is Validity.VALID


@dataclass(slots=True)
class FormEdges:
    """The edges of one form whose fields do not depend on each other: texts and numbers."""

    collected: Collected
    limits: EdgeLimits
    memo: SchemaMemo
    schema: Schema
    fields: Mapping[str, Json]

    def add_all(self) -> None:
        """Adds a case for each edge of each field."""
        for name, child in self._children():
            at = join("", name)
            kind = ChangeKind.SET if name in self.fields else ChangeKind.ADD
            for boundary in self.memo.allowed(child, on_wire=True):
                known = str(boundary.value) == str(self.fields.get(name))
                if known or not makes_sense(name, child, boundary, self.fields, written=True):
                    continue
                if boundary.worth is Worth.ENUM_VALUE and _is_state(name, self.collected.operation):
                    continue
                if not self.limits.wants(name, boundary, at):
                    continue
                change = Change(ChangeIn.BODY, at, kind, boundary.value)
                title = accepts(name, boundary)
                self.collected.add(boundary.worth, title, (change,), source=child.pointer)

    def _children(self) -> Iterator[tuple[str, Schema]]:
        for name, child in self.schema.properties.items():
            text = child.only_type in _TEXTS or (child.only_type is None and child.enum)
            plain = text and not child.branches and not child.conjuncts
            known = not (child.read_only or child.deprecated) and child.format != "binary"
            if plain and known:
                yield name, child

    def only_required(self) -> tuple[Change, ...]:
        """Leaves out the fields that need not be there, with all that their names begin."""
        return tuple(
            Change(ChangeIn.BODY, join("", name), ChangeKind.REMOVE)
            for name in self.fields
            if (outer := name.partition("[")[0]) in self.schema.properties
            and outer not in self.schema.required
        )

    def every_optional(self) -> tuple[Change, ...]:
        """Adds the fields that may be there beside those that are."""
        changes: list[Change] = []
        for name, child in self._children():
            value = self.memo.sample(child, name)
            if name in self.fields or value is None:
                continue
            if not is_free(child) or not is_reference(name, value.value):
                changes.append(Change(ChangeIn.BODY, join("", name), ChangeKind.ADD, value.value))
        return tuple(changes)


_TEXTS = (JsonType.STRING, JsonType.INTEGER, JsonType.NUMBER)
