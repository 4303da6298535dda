"""Whether a value is valid against a schema view: yes, no, or not to be told from the view.

A view does not express every keyword; what it leaves out (`unread`, a pattern that Python cannot
read) turns "valid" into "unknown", never into a wrong answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from pe4king_core.model.json import Json, join
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.formats import has_format
from pe4king_core.openapi.patterns import matches, python_pattern
from pe4king_core.openapi.raw import same

__all__ = ["Direction", "Validity", "python_pattern", "same", "validity", "violations"]

_MAX_DEPTH = 100
_OBJECT_ONLY = frozenset(
    {
        "patternProperties",
        "propertyNames",
        "dependentRequired",
        "dependentSchemas",
        "dependencies",
        "unevaluatedProperties",
        "additionalProperties",
    }
)
_ARRAY_ONLY = frozenset({"prefixItems", "contains", "unevaluatedItems", "additionalItems", "items"})


class Validity(StrEnum):
    """The answer of a check."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Which way a value travels: required read-only properties are missing from requests, and
    required write-only ones from responses. `EITHER`: the absence of both tells nothing."""

    REQUEST = "request"
    RESPONSE = "response"
    EITHER = "either"


def validity(value: Json, schema: Schema, *, direction: Direction = Direction.EITHER) -> Validity:
    """Whether `value` is valid against `schema`."""
    check = _Check(direction)
    check.value(value, schema, "")
    return check.verdict


def violations(
    value: Json, schema: Schema, *, direction: Direction = Direction.EITHER
) -> tuple[str, ...]:
    """What is certainly wrong with `value`: `/items/0/name: minLength`; empty where nothing is."""
    check = _Check(direction)
    check.value(value, schema, "")
    return tuple(f"{pointer}: {keyword}" for pointer, keyword in check.wrong)


def json_type(value: Json) -> JsonType:
    """The type of `value`; a number without a fraction is an integer (JSON Schema 4.2.3)."""
    if value is None:
        return JsonType.NULL
    if isinstance(value, bool):
        return JsonType.BOOLEAN
    if isinstance(value, int):
        return JsonType.INTEGER
    if isinstance(value, float):
        return JsonType.INTEGER if value.is_integer() else JsonType.NUMBER
    if isinstance(value, str):
        return JsonType.STRING
    return JsonType.OBJECT if isinstance(value, Mapping) else JsonType.ARRAY


@dataclass(slots=True)
class _Check:
    direction: Direction
    wrong: list[tuple[str, str]] = field(default_factory=list)
    unknown: bool = False
    depth: int = 0

    @property
    def verdict(self) -> Validity:
        if self.wrong:
            return Validity.INVALID
        return Validity.UNKNOWN if self.unknown else Validity.VALID

    def value(self, value: Json, schema: Schema, pointer: str) -> None:
        if self.depth >= _MAX_DEPTH:
            self.unknown = True
            return
        self.depth += 1
        if schema.never:
            self._report(pointer, "false")
        self._any(value, schema, pointer)
        if isinstance(value, str):
            self._string(value, schema, pointer)
        elif isinstance(value, bool) or value is None:
            pass
        elif isinstance(value, int | float):
            self._number(value, schema, pointer)
        elif isinstance(value, Mapping):
            self._object(value, schema, pointer)
        else:
            self._array(list(value), schema, pointer)
        for conjunct in schema.conjuncts.values():
            self.value(value, conjunct, pointer)
        if schema.branches:
            self._branches(value, schema, pointer)
        self.depth -= 1

    def _report(self, pointer: str, keyword: str) -> None:
        self.wrong.append((pointer, keyword))

    def _any(self, value: Json, schema: Schema, pointer: str) -> None:
        found = json_type(value)
        if not schema.allows(found):
            self._report(pointer, "type")
        if schema.enum is not None and not any(same(value, allowed) for allowed in schema.enum):
            self._report(pointer, "enum")
        irrelevant: frozenset[str] = frozenset()
        if found is not JsonType.OBJECT:
            irrelevant |= _OBJECT_ONLY
        if found is not JsonType.ARRAY:
            irrelevant |= _ARRAY_ONLY
        if schema.unread - irrelevant:
            self.unknown = True

    def _string(self, value: str, schema: Schema, pointer: str) -> None:
        if not schema.length.contains(len(value)):
            self._report(pointer, _end("Length", schema.length.low, len(value)))
        if schema.pattern is not None:
            matched = matches(schema.pattern, value)
            self.unknown |= matched is None
            if matched is False:
                self._report(pointer, "pattern")
        if schema.format is not None and not has_format(value, schema.format):
            self._report(pointer, "format")

    def _number(self, value: int | float, schema: Schema, pointer: str) -> None:
        if not schema.bounds.contains(value):
            self._report(pointer, "range")
        if schema.multiple_of is not None:
            multiple = _is_multiple(value, schema.multiple_of)
            self.unknown |= multiple is None
            if multiple is False:
                self._report(pointer, "multipleOf")
        if schema.format is not None and not has_format(value, schema.format):
            self._report(pointer, "format")

    def _array(self, value: list[Json], schema: Schema, pointer: str) -> None:
        if not schema.size.contains(len(value)):
            self._report(pointer, _end("Items", schema.size.low, len(value)))
        if schema.unique_items and _repeats(value):
            self._report(pointer, "uniqueItems")
        if schema.items is not None:
            for number, item in enumerate(value):
                self.value(item, schema.items, f"{pointer}/{number}")

    def _object(self, value: Mapping[str, Json], schema: Schema, pointer: str) -> None:
        if not schema.property_count.contains(len(value)):
            self._report(pointer, _end("Properties", schema.property_count.low, len(value)))
        for name in sorted(schema.required - value.keys()):
            self._missing(name, schema, pointer)
        for name, member in value.items():
            stated = schema.properties.get(name)
            if stated is not None:
                self.value(member, stated, join(pointer, name))
            elif not schema.additional_allowed:
                self._report(join(pointer, name), "additionalProperties")
            elif schema.additional is not None:
                self.value(member, schema.additional, join(pointer, name))

    def _missing(self, name: str, schema: Schema, pointer: str) -> None:
        stated = schema.properties.get(name)
        one_way = stated is not None and (stated.read_only or stated.write_only)
        if stated is None or not one_way:
            self._report(join(pointer, name), "required")
        elif self.direction is Direction.EITHER:
            self.unknown = True
        elif not (stated.read_only if self.direction is Direction.REQUEST else stated.write_only):
            self._report(join(pointer, name), "required")

    def _branches(self, value: Json, schema: Schema, pointer: str) -> None:
        verdicts: list[Validity] = []
        for branch in schema.branches.values():
            check = _Check(self.direction, depth=self.depth)
            check.value(value, branch, pointer)
            verdicts.append(check.verdict)
        valid = verdicts.count(Validity.VALID)
        unknown = verdicts.count(Validity.UNKNOWN)
        if valid == 0 and unknown == 0:
            self._report(pointer, "oneOf" if schema.exclusive_branches else "anyOf")
        elif schema.exclusive_branches and valid > 1:
            self._report(pointer, "oneOf")
        elif unknown and (valid == 0 or schema.exclusive_branches):
            self.unknown = True


def _end(what: str, low: int | float | None, found: int) -> str:
    return f"min{what}" if low is not None and found < low else f"max{what}"


def _is_multiple(value: int | float, factor: int | float) -> bool | None:
    """Whether `value` is a multiple; None where binary and decimal arithmetic disagree."""
    try:
        exact = (Fraction(str(value)) / Fraction(str(factor))).denominator == 1
        binary = float(value / factor).is_integer()
    except (OverflowError, ValueError, ZeroDivisionError):
        return None
    if isinstance(value, int) and isinstance(factor, int):
        return value % factor == 0
    return exact if exact is binary else None


def _repeats(items: list[Json]) -> bool:
    """Whether two items are equal; plain strings and numbers are compared all at once."""
    texts = [item for item in items if isinstance(item, str)]
    if len(set(texts)) < len(texts):
        return True
    others = [item for item in items if not isinstance(item, str)]
    return any(same(item, other) for number, item in enumerate(others) for other in others[:number])
