"""Negative cases of JSON bodies: each field missing, wrong, null or unknown, one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pe4king_core.generation.proofs.breaking import Breach
from pe4king_core.generation.proofs.doubts import (
    HAS_DEFAULT,
    ITEM_LEFT_OUT,
    MAY_BE_MISSING,
    NULL_FOR_MISSING,
)
from pe4king_core.generation.proofs.proving import value_doubt
from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.generation.variations.body_places import Anchor, BodyPlace, CheckedBody
from pe4king_core.generation.variations.collected import Collected
from pe4king_core.generation.variations.schema_memo import SchemaMemo, rejects
from pe4king_core.model.fact import Change, ChangeIn, ChangeKind
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.schema import Schema

_MAX_CASES = 400
_MAX_WORK = 400_000
"""How many members of bodies may be looked at to prove the cases of one operation."""
_UNKNOWN = "unexpectedField"
_FEW = 2
"""How often a shared scalar is broken in every way; after that in the most telling one."""
_NO_OTHER = Message(en="no other fields are allowed", ru="другие поля запрещены")


class BodyBreaker:
    """Breaks one valid JSON body; `body_required` tells whether null may stand for no body."""

    def __init__(
        self,
        collected: Collected,
        memo: SchemaMemo,
        expected: tuple[int, ...],
        *,
        body_required: bool,
    ) -> None:
        self._collected = collected
        self._memo = memo
        self._expected = expected
        self._body_required = body_required
        self._work = _MAX_WORK
        self._left = _MAX_CASES
        self._met: dict[str, int] = {}

    def break_all(self, body: CheckedBody) -> None:
        """Adds the cases of every place of `body`, which is valid."""
        for place in body.places:
            if any(stated.read_only for stated in place.schemas):
                continue
            if place.pointer and not place.is_item and place.required and place.present:
                self._missing(place)
            self._wrong(place)
            if isinstance(place.value, Mapping):
                self._unknown(place)
            if self._left <= 0:
                return

    def _missing(self, place: BodyPlace) -> None:
        name = place.name
        self._add(
            Worth.MISSING_FIELD,
            place,
            Change(ChangeIn.BODY, place.pointer, ChangeKind.REMOVE),
            Message(en=f"rejects missing {name}", ru=f"отклоняет тело без поля {name}"),
            Message(en=f"{name} is required", ru=f"поле {name} обязательно"),
            self._missing_doubt(place),
        )

    def _missing_doubt(self, place: BodyPlace) -> Message | None:
        if any(schema.has_default for schema in place.schemas):
            return HAS_DEFAULT
        if all(self._memo.allows_null(schema) for schema in place.schemas):
            return NULL_FOR_MISSING
        return None

    def _wrong(self, place: BodyPlace) -> None:
        for schema in place.schemas:
            met = self._met[schema.pointer] = self._met.get(schema.pointer, 0) + 1
            judged = self._memo.broken(schema)
            for item in judged if met <= _FEW else judged[:1]:
                doubt = item.doubt
                if doubt is None and item.breach.value is None:
                    doubt = self._null_doubt(place)
                self._breach(place, item.breach, doubt, schema.pointer)

    def _breach(self, place: BodyPlace, breach: Breach, doubt: Message | None, source: str) -> None:
        change = Change(ChangeIn.BODY, place.pointer, ChangeKind.SET, breach.value)
        self._add(
            breach.worth,
            place,
            change,
            rejects(place.name, breach),
            breach.reason,
            doubt,
            source,
        )

    def _null_doubt(self, place: BodyPlace) -> Message | None:
        """Why null may be right where the schema does not allow it: as if nothing was there."""
        if place.is_item:
            return None if place.required else ITEM_LEFT_OUT
        if any(schema.has_default for schema in place.schemas):
            return HAS_DEFAULT
        required = place.required if place.pointer else self._body_required
        return None if required else MAY_BE_MISSING

    def _unknown(self, place: BodyPlace) -> None:
        schema = next((s for s in place.schemas if _closed(s)), None)
        if schema is None or _is_known(_UNKNOWN, schema):
            return
        inside = f" in {place.name}" if place.pointer else ""
        at = f"{place.pointer}/{_UNKNOWN}"
        change = Change(ChangeIn.BODY, at, ChangeKind.ADD, "unexpected")
        doubt = None
        if schema.additional_allowed:
            doubt = self._doubt_from(Anchor(schema, place.value, place.pointer), change)
        self._add(
            Worth.UNKNOWN_FIELD,
            place,
            change,
            Message(en=f"rejects unknown field{inside}", ru=f"отклоняет неизвестное поле{inside}"),
            _NO_OTHER,
            doubt,
            schema.pointer,
        )

    def _add(
        self,
        worth: Worth,
        place: BodyPlace,
        change: Change,
        title: Message,
        reason: Message,
        doubt: Message | None,
        source: str = "",
    ) -> None:
        self._left -= 1
        if place.choice is not None:
            if self._work <= 0:
                return
            doubt = self._doubt_from(place.choice, change)
        if doubt is not None:
            self._collected.doubt(title, doubt)
            return
        self._collected.add(
            worth,
            title,
            (change,),
            expected=self._expected,
            reason=reason,
            source=source or place.schemas[0].pointer,
            level=place.level,
        )

    def _doubt_from(self, anchor: Anchor, change: Change) -> Message | None:
        """Judges `change` at the anchor, by all readings."""
        self._work -= weight(anchor.value)
        inner = change.name.removeprefix(anchor.pointer)
        moved = Change(change.where, inner, change.kind, change.value)
        return value_doubt(anchor.value, [moved], anchor.schema)


def _closed(schema: Schema) -> bool:
    if not schema.additional_allowed:
        return True
    rest = schema.others.get("unevaluatedProperties")
    return rest is not None and rest.never


def _is_known(name: str, schema: Schema) -> bool:
    return name in schema.properties or bool(schema.pattern_properties)


def weight(value: Json) -> int:
    """How many values `value` holds, itself included."""
    members: Iterable[Json] = ()
    if isinstance(value, Mapping):
        members = value.values()
    elif isinstance(value, list | tuple):
        members = value
    return 1 + sum(weight(member) for member in members)
