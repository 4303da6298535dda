"""Values as a lenient server takes them: coerced until they are valid, if any reading of them is.

The readings are those that generated negative tests are proven against (`proofs/coercion`): text
for numbers, words for booleans, one value for a list, null for what is left out, defaults.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pe4king_core.generation.proofs import coercion
from pe4king_core.generation.proofs.coercion import Way
from pe4king_core.mock.requests.typed import Raw, Schemas, property_schemas, shapes, types_of
from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction, Validity, json_type, validity

_MOST_CHECKS = 2_000
_MOST_SHAPES = 16
_DEEPEST = 40


class NotValidError(Exception):
    """No reading of a value is valid, or none was found in reasonable time."""


def of_text(raw: Raw, schema: Schema) -> Json:
    """A valid reading of a parameter's text or texts. Raises NotValidError."""
    ways: Iterator[coercion.Reading]
    if isinstance(raw, str):
        ways = iter(coercion.text_readings(raw))
    elif isinstance(raw, list):
        texts = [item for item in raw if isinstance(item, str)]
        ways = coercion.list_readings(texts) if len(texts) == len(raw) else iter(())
    else:
        ways = iter(())
    for reading in ways:
        if validity(reading.value, schema, direction=Direction.REQUEST) is not Validity.INVALID:
            return reading.value
    raise NotValidError


def of_value(value: Json, schema: Schema, *, is_form: bool = False) -> Json:
    """A valid reading of a value of a body. Raises NotValidError.

    `is_form`: where a list that is empty and a box that is not checked are not sent at all.
    """
    return _Coercion(is_form).of(value, schema, 0)


@dataclass(slots=True)
class _Coercion:
    """One search, bounded in time."""

    is_form: bool
    left: int = _MOST_CHECKS
    wraps: bool = True
    """Whether one value may still stand for a list of it: not within one that does already."""

    def of(self, value: Json, schema: Schema, depth: int) -> Json:
        if self._fits(value, schema):
            return value
        for reading in self._readings(value, schema):
            if self._fits(reading.value, schema):
                return reading.value
        if depth < _DEEPEST and isinstance(value, Mapping | list | tuple):
            for shape in islice(shapes(schema), _MOST_SHAPES):
                changed = self._inside(value, shape, depth + 1)
                if self._fits(changed, schema):
                    return changed
        if isinstance(value, Mapping) and self.wraps and self._is_only_list(schema):
            return self._as_list(value, schema, depth)
        raise NotValidError

    def _as_list(self, value: Json, schema: Schema, depth: int) -> Json:
        self.wraps = False
        try:
            return self.of([value], schema, depth + 1)
        finally:
            self.wraps = True

    def _is_only_list(self, schema: Schema) -> bool:
        """Whether an object may only be meant as the one item of a list."""
        shaped = islice(shapes(schema), _MOST_SHAPES)
        return all(types_of(shape) == {JsonType.ARRAY} for shape in shaped)

    def _readings(self, value: Json, schema: Schema) -> Iterator[coercion.Reading]:
        """What `value` may be taken for, itself left out.

        A structure is wrapped or unwrapped only where its own type is not allowed: wrapped, what
        is wrong inside it would no longer be looked at.
        """
        if isinstance(value, Mapping | list | tuple) and schema.allows(json_type(value)):
            shaped = [types_of(shape) for shape in islice(shapes(schema), _MOST_SHAPES)]
            if any(json_type(value) in types for types in shaped):
                return iter(())
        left_out = {Way.SENT} if self.wraps else {Way.SENT, Way.ONE}
        return (each for each in coercion.readings(value) if each.way not in left_out)

    def _fits(self, value: Json, schema: Schema) -> bool:
        self.left -= 1
        if self.left < 0:
            raise NotValidError
        return validity(value, schema, direction=Direction.REQUEST) is not Validity.INVALID

    def _inside(
        self, value: Mapping[str, Json] | Sequence[Json], shape: Schemas, depth: int
    ) -> Json:
        """`value` with everything in it read as `shape` wants it, as far as that works."""
        if isinstance(value, Mapping):
            return self._members(value, shape, depth)
        stated = [schema.items for schema in shape if schema.items is not None]
        return [self._all(item, stated, depth) for item in value]

    def _members(self, value: Mapping[str, Json], shape: Schemas, depth: int) -> dict[str, Json]:
        members: dict[str, Json] = {}
        for name, member in value.items():
            stated = property_schemas(name, shape)
            taken = self._all(member, stated, depth)
            if taken is None and stated and not all(self._fits(None, each) for each in stated):
                continue
            members[name] = taken
        for schema in shape:
            for name in sorted(schema.required - members.keys()):
                members |= self._filled(name, schema.properties.get(name))
        return members

    def _filled(self, name: str, schema: Schema | None) -> dict[str, Json]:
        """What a server takes for a member that is missing."""
        if schema is None:
            return {}
        if schema.has_default:
            return {name: schema.default}
        if self._fits(None, schema):
            return {name: None}
        if self.is_form and JsonType.ARRAY in schema.types:
            return {name: []}
        return {name: False} if self.is_form and JsonType.BOOLEAN in schema.types else {}

    def _all(self, value: Json, schemas: list[Schema] | Schemas, depth: int) -> Json:
        for schema in schemas:
            try:
                value = self.of(value, schema, depth)
            except NotValidError:
                if self.left < 0:
                    raise
        return value
