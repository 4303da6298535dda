"""What one schema forbids and allows at its edges, proven once for all places that it stands at."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from pe4king_core.generation.proofs.boundaries import Boundary, boundaries
from pe4king_core.generation.proofs.breaking import Breach, breaches
from pe4king_core.generation.proofs.coercion import readings
from pe4king_core.generation.proofs.doubts import allowed_reading
from pe4king_core.generation.proofs.likeness import likeness
from pe4king_core.generation.proofs.proving import PLACES, parameter_doubt
from pe4king_core.generation.samples.samples import Samples
from pe4king_core.model.fact import Change, ChangeKind
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Parameter
from pe4king_core.model.record import record
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.schema.equality import identity
from pe4king_core.openapi.schema.values import Direction, Validity, validity

if TYPE_CHECKING:
    from pe4king_core.generation.variations.body_places import CheckedBody

WHERE = {location: place for place, location in PLACES.items()}
_Item = TypeVar("_Item", Breach, Boundary)


@record(frozen=True, slots=True)
class Sample:
    """A valid value; it may be null."""

    value: Json


@record(frozen=True, slots=True)
class JudgedText:
    """A change of a parameter, and why its text may be valid; None where it is not."""

    change: Change
    title: Message
    breach: Breach
    doubt: Message | None


@record(frozen=True, slots=True)
class Judged:
    """A breach, and why its value may be valid as part of a JSON body; None where it is not."""

    breach: Breach
    doubt: Message | None


def rejects(name: str, breach: Breach) -> Message:
    """The title of a case in which `name` has the value of `breach`."""
    return Message(f"rejects {name} {breach.what.en}", f"отклоняет {name}: {breach.what.ru}")


class SchemaMemo:
    """Remembers breaches and boundaries by schema; one serves a whole document."""

    __slots__ = (
        "_allowed",
        "_broken",
        "_broken_alike",
        "_null",
        "_parameters",
        "_plain",
        "_samples",
        "_texts",
        "_texts_alike",
        "_values",
        "body",
    )

    def __init__(self) -> None:
        self._broken: dict[str, tuple[Judged, ...]] = {}
        self._broken_alike: dict[Hashable, tuple[Judged, ...]] = {}
        self._texts: dict[str, tuple[Breach, ...]] = {}
        self._texts_alike: dict[Hashable, tuple[Breach, ...]] = {}
        self._null: dict[str, bool] = {}
        self._plain: dict[str, bool] = {}
        self._parameters: dict[str, tuple[JudgedText, ...]] = {}
        self._values = Samples()
        self.body: CheckedBody | None = None
        self._samples: dict[tuple[str, str], Sample | None] = {}
        self._allowed: dict[tuple[str, bool], tuple[Boundary, ...]] = {}

    def broken(self, schema: Schema) -> tuple[Judged, ...]:
        """What breaks `schema` in a JSON body."""
        found = self._broken.get(schema.pointer)
        if found is None:
            alike = likeness(schema)
            found = self._broken_alike.get(alike) if alike is not None else None
            if found is None:
                made = _distinct(breaches(schema, on_wire=False))
                found = tuple(Judged(breach, _doubt(breach.value, schema)) for breach in made)
                self._broken_alike[alike] = found
            self._broken[schema.pointer] = found
        return found

    def broken_parameter(self, parameter: Parameter) -> tuple[JudgedText, ...]:
        """What may break a parameter with a schema that travels as text."""
        found = self._parameters.get(parameter.pointer)
        if found is None:
            made = tuple(self._judged_texts(parameter))
            found = self._parameters[parameter.pointer] = made
        return found

    def _judged_texts(self, parameter: Parameter) -> Iterator[JudgedText]:
        if parameter.schema is None:
            return
        for breach in self.broken_texts(parameter.schema):
            change = Change(WHERE[parameter.location], parameter.name, ChangeKind.SET, breach.value)
            title = rejects(parameter.name, breach)
            yield JudgedText(change, title, breach, parameter_doubt(change, parameter))

    def broken_texts(self, schema: Schema) -> tuple[Breach, ...]:
        """What may break `schema` as text; whether it does depends on how the text travels."""
        found = self._texts.get(schema.pointer)
        if found is None:
            alike = likeness(schema)
            found = self._texts_alike.get(alike) if alike is not None else None
            if found is None:
                found = self._texts_alike[alike] = _distinct(breaches(schema, on_wire=True))
            self._texts[schema.pointer] = found
        return found

    def allows_null(self, schema: Schema) -> bool:
        """Whether null may be valid."""
        found = self._null.get(schema.pointer)
        if found is None:
            verdict = validity(None, schema, direction=Direction.REQUEST)
            found = self._null[schema.pointer] = verdict is not Validity.INVALID
        return found

    def sample(self, schema: Schema, name: str) -> Sample | None:
        """A certainly valid value; None where none is found."""
        key = (schema.pointer, name)
        if key not in self._samples:
            value = self._values.of(schema, name)
            verdict = validity(value, schema, direction=Direction.REQUEST)
            self._samples[key] = Sample(value) if verdict is Validity.VALID else None
        return self._samples[key]

    def parameter_sample(self, parameter: Parameter) -> Sample | None:
        """A certainly valid value of a parameter with a schema; None where none is found."""
        schema = parameter.schema
        key = (parameter.pointer, "")
        if key not in self._samples and schema is not None:
            value = self._values.of(schema, parameter.name, terse=True)
            verdict = validity(value, schema, direction=Direction.REQUEST)
            self._samples[key] = Sample(value) if verdict is Validity.VALID else None
        return self._samples.get(key)

    def is_plain(self, schema: Schema) -> bool:
        """Whether it says no more than what its fields and items are, one by one."""
        found = self._plain.get(schema.pointer)
        if found is None:
            found = self._plain[schema.pointer] = _is_plain(schema)
        return found

    def allowed(self, schema: Schema, *, on_wire: bool) -> tuple[Boundary, ...]:
        """Values at the edges of what `schema` allows, each certainly valid."""
        key = (schema.pointer, on_wire)
        found = self._allowed.get(key)
        if found is None:
            made = boundaries(schema, on_wire=on_wire)
            found = self._allowed[key] = tuple(
                item
                for item in _distinct(made)
                if validity(item.value, schema, direction=Direction.REQUEST) is Validity.VALID
            )
        return found


_OF_ONE_MEMBER = frozenset({"items", "additionalProperties", "contentSchema"})


def _is_plain(schema: Schema) -> bool:
    return (
        schema.enum is None
        and not schema.never
        and not schema.branches
        and not schema.conjuncts
        and not schema.pattern_properties
        and not schema.dependent_required
        and not schema.dependent_schemas
        and not schema.prefix_items
        and not schema.unique_items
        and not schema.unread
        and schema.others.keys() <= _OF_ONE_MEMBER
    )


def _doubt(value: Json, schema: Schema) -> Message | None:
    return allowed_reading(readings(value), schema, Direction.REQUEST)


def _distinct(items: Iterable[_Item]) -> tuple[_Item, ...]:
    """Each value once, in its first meaning."""
    found: dict[Hashable, _Item] = {}
    for item in items:
        found.setdefault(identity(item.value), item)
    return tuple(found.values())
