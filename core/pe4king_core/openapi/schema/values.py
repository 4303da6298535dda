"""Whether a value is valid against a schema view: yes, no, or not to be told from the view.

What a view does not express (`unread`, a pattern that Python cannot read) turns "valid" into
"unknown", never into a wrong answer; so does what would take too long. All that must hold
together is worked off one by one; what has to be known by itself (a branch, `not`, `if`, an item
that `contains` looks for) gets a verdict, which is kept for the rest of the check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from pe4king_core.model.json import Json, join
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.raw import same
from pe4king_core.openapi.schema.direct import Direction, direct_verdict
from pe4king_core.openapi.schema.equality import is_one_of, repeats
from pe4king_core.openapi.schema.evaluation import Validity, evaluated_items, evaluated_properties
from pe4king_core.openapi.schema.formats import has_format
from pe4king_core.openapi.schema.patterns import matches, python_pattern

__all__ = ["Direction", "Validity", "python_pattern", "same", "validity", "violations"]

_MAX_NESTED = 100
"""Verdicts within verdicts."""
_MAX_CHECKS = 500_000
"""How often a schema is applied to something in one value."""

_OF_NO_MATTER = frozenset({"$defs", "definitions", "contentSchema"})
_ONLY_FOR: Mapping[str, JsonType] = MappingProxyType(
    {
        "nullable": JsonType.NULL,
        "pattern": JsonType.STRING,
        "prefixItems": JsonType.ARRAY,
        "items": JsonType.ARRAY,
        "additionalItems": JsonType.ARRAY,
        "unevaluatedItems": JsonType.ARRAY,
        "contains": JsonType.ARRAY,
        "properties": JsonType.OBJECT,
        "patternProperties": JsonType.OBJECT,
        "additionalProperties": JsonType.OBJECT,
        "unevaluatedProperties": JsonType.OBJECT,
        "propertyNames": JsonType.OBJECT,
        "dependentSchemas": JsonType.OBJECT,
        "dependencies": JsonType.OBJECT,
    }
)
"""Keywords that say nothing of values of other types."""


def validity(value: Json, schema: Schema, *, direction: Direction = Direction.EITHER) -> Validity:
    """Whether `value` is valid against `schema`."""
    try:
        found = direct_verdict(value, schema, direction)
        return _Verdicts(direction).verdict(value, schema) if found is None else found
    except RecursionError:
        return Validity.UNKNOWN


def violations(
    value: Json, schema: Schema, *, direction: Direction = Direction.EITHER
) -> tuple[str, ...]:
    """What is certainly wrong with `value`: `/items/0/name: minLength`; empty where nothing is."""
    check = _Check(_Verdicts(direction), told=True)
    with suppress(RecursionError):
        check.all(value, schema)
    return tuple(dict.fromkeys(f"{pointer}: {keyword}" for pointer, keyword in check.wrong))


def json_type(value: Json) -> JsonType:
    """The type of `value`; a number without a fraction is an integer (JSON Schema 4.2.3)."""
    if isinstance(value, str):
        return JsonType.STRING
    if value is None:
        return JsonType.NULL
    if isinstance(value, bool):
        return JsonType.BOOLEAN
    if isinstance(value, int):
        return JsonType.INTEGER
    if isinstance(value, float):
        return JsonType.INTEGER if value.is_integer() else JsonType.NUMBER
    return JsonType.OBJECT if isinstance(value, Mapping) else JsonType.ARRAY


@dataclass(slots=True)
class _Verdicts:
    """The verdicts of one check; each is found once, and all together in bounded time."""

    direction: Direction
    left: int = _MAX_CHECKS
    _nested: int = 0
    _found: dict[tuple[int, int], tuple[Json, Schema, Validity]] = field(default_factory=dict)

    def verdict(self, value: Json, schema: Schema) -> Validity:
        """Whether `value` is valid; unknown where that depends on itself (`not` of itself)."""
        key = (id(value), id(schema))
        found = self._found.get(key)
        if found is not None:
            return found[2]
        if self._nested:
            direct = direct_verdict(value, schema, self.direction)
            if direct is not None:
                return direct
        if self._nested >= _MAX_NESTED:
            return Validity.UNKNOWN
        self._found[key] = (value, schema, Validity.UNKNOWN)
        self._nested += 1
        check = _Check(self)
        check.all(value, schema)
        self._nested -= 1
        self._found[key] = (value, schema, check.verdict)
        return check.verdict


@dataclass(slots=True)
class _Check:
    """Applies schemas that all must hold. `told`: each violation with its pointer; otherwise the
    first one ends the check."""

    verdicts: _Verdicts
    told: bool = False
    wrong: list[tuple[str, str]] = field(default_factory=list)
    unknown: bool = False
    _waiting: list[tuple[Json, Schema, str]] = field(default_factory=list)
    _in_place: set[tuple[int, int, str]] = field(default_factory=set)

    @property
    def verdict(self) -> Validity:
        if self.wrong:
            return Validity.INVALID
        return Validity.UNKNOWN if self.unknown else Validity.VALID

    def all(self, value: Json, schema: Schema) -> None:
        """Applies `schema` and everything below it."""
        waiting = self._waiting
        waiting.append((value, schema, ""))
        while waiting and (self.told or not self.wrong):
            self.verdicts.left -= 1
            if self.verdicts.left < 0:
                self.unknown = True
                return
            done = len(waiting) - 1
            self._one(*waiting.pop())
            waiting[done:] = waiting[: done - 1 : -1] if done else waiting[::-1]

    def _one(self, value: Json, schema: Schema, pointer: str) -> None:
        if schema.conjuncts or schema.dependent_schemas or "if" in schema.others:
            key = (id(value), id(schema), pointer)
            if key in self._in_place:
                return
            self._in_place.add(key)
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
            self._array(value, schema, pointer)
        if schema.conjuncts:
            for conjunct in schema.conjuncts.values():
                self._apply(value, conjunct, pointer)
        if schema.branches:
            self._branches(value, schema, pointer)
        if schema.others and (value is not None or "nullable" not in schema.unread):
            self._conditions(value, schema, pointer)

    def _apply(self, value: Json, schema: Schema, pointer: str) -> None:
        self._waiting.append((value, schema, pointer))

    def _apply_or_doubt(
        self, value: Json, schema: Schema, pointer: str, keyword: str, *, doubt: bool
    ) -> None:
        """Applies `schema`; where it is in `doubt` that it applies, only "valid" is certain."""
        if doubt:
            self.unknown |= self.verdicts.verdict(value, schema) is not Validity.VALID
        elif schema.never:
            self._report(pointer, keyword)
        else:
            self._apply(value, schema, pointer)

    def _report(self, pointer: str, keyword: str) -> None:
        self.wrong.append((pointer, keyword))

    def _inside(self, pointer: str, name: str) -> str:
        return join(pointer, name) if self.told else ""

    def _any(self, value: Json, schema: Schema, pointer: str) -> None:
        found = json_type(value)
        if not schema.allows(found):
            self._report(pointer, "type")
        if schema.enum is not None and not is_one_of(value, schema.enum):
            self._report(pointer, "enum")
        for keyword in schema.unread:
            if _ONLY_FOR.get(keyword, found) is found and keyword not in _OF_NO_MATTER:
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

    def _array(self, value: Sequence[Json], schema: Schema, pointer: str) -> None:
        if not schema.size.contains(len(value)):
            self._report(pointer, _end("Items", schema.size.low, len(value)))
        if schema.unique_items:
            repeated = repeats(value)
            self.unknown |= repeated is None
            if repeated:
                self._report(pointer, "uniqueItems")
        rest = schema.others.get("items")
        prefix = schema.prefix_items
        for number, item in enumerate(value) if prefix or rest is not None else ():
            stated = prefix[str(number)] if number < len(prefix) else rest
            if stated is not None:
                self._apply(item, stated, self._inside(pointer, str(number)))
        if "contains" in schema.others:
            self._contains(value, schema, pointer)
        left = schema.others.get("unevaluatedItems")
        if left is not None:
            known, possible = evaluated_items(value, schema, self.verdicts.verdict)
            for number, item in enumerate(value):
                if number not in known:
                    at = self._inside(pointer, str(number))
                    doubt = number in possible
                    self._apply_or_doubt(item, left, at, "unevaluatedItems", doubt=doubt)

    def _contains(self, value: Sequence[Json], schema: Schema, pointer: str) -> None:
        wanted = schema.others["contains"]
        found = [self.verdicts.verdict(item, wanted) for item in value]
        valid, unknown = found.count(Validity.VALID), found.count(Validity.UNKNOWN)
        low, high = schema.contains_count.low or 0, schema.contains_count.high
        if valid + unknown < low:
            self._report(pointer, "contains")
        elif high is not None and valid > high:
            self._report(pointer, "maxContains")
        elif valid < low or (high is not None and valid + unknown > high):
            self.unknown = True

    def _object(self, value: Mapping[str, Json], schema: Schema, pointer: str) -> None:
        if not schema.property_count.contains(len(value)):
            self._report(pointer, _end("Properties", schema.property_count.low, len(value)))
        for name in sorted(schema.required - value.keys()):
            self._missing(name, schema, pointer)
        for trigger, names in schema.dependent_required.items():
            for name in sorted(names - value.keys()) if trigger in value else ():
                self._missing(name, schema, pointer, "dependentRequired")
        for name, member in value.items():
            self._property(name, member, schema, pointer)
        for name, dependent in schema.dependent_schemas.items():
            if name in value:
                self._apply(value, dependent, pointer)
        if schema.others:
            self._other_members(value, schema, pointer)

    def _other_members(self, value: Mapping[str, Json], schema: Schema, pointer: str) -> None:
        """All names, and the members that nothing else speaks of."""
        named = schema.others.get("propertyNames")
        if named is not None:
            for name in value:
                self._property_name(name, named, pointer)
        left = schema.others.get("unevaluatedProperties")
        if left is not None:
            known, possible = evaluated_properties(value, schema, self.verdicts.verdict)
            for name, member in value.items():
                if name not in known:
                    at, doubt = self._inside(pointer, name), name in possible
                    self._apply_or_doubt(member, left, at, "unevaluatedProperties", doubt=doubt)

    def _property(self, name: str, member: Json, schema: Schema, pointer: str) -> None:
        at = self._inside(pointer, name)
        stated = schema.properties.get(name)
        named = stated is not None
        if stated is not None:
            self._apply(member, stated, at)
        doubt = False
        for pattern, inner in schema.pattern_properties.items():
            matched = matches(pattern, name)
            named |= matched is True
            doubt |= matched is None
            if matched is not False:
                self._apply_or_doubt(member, inner, at, "patternProperties", doubt=not matched)
        if named:
            return
        additional = schema.others.get("additionalProperties")
        if not schema.additional_allowed:
            self._report(at, "additionalProperties")
        elif additional is not None:
            self._apply_or_doubt(member, additional, at, "additionalProperties", doubt=doubt)

    def _property_name(self, name: str, names: Schema, pointer: str) -> None:
        verdict = self.verdicts.verdict(name, names)
        self.unknown |= verdict is Validity.UNKNOWN
        if verdict is Validity.INVALID:
            self._report(self._inside(pointer, name), "propertyNames")

    def _missing(self, name: str, schema: Schema, pointer: str, keyword: str = "required") -> None:
        stated = schema.properties.get(name)
        one_way = stated is not None and (stated.read_only or stated.write_only)
        if stated is None or not one_way:
            self._report(self._inside(pointer, name), keyword)
        elif self.verdicts.direction is Direction.EITHER:
            self.unknown = True
        elif not (
            stated.read_only if self.verdicts.direction is Direction.REQUEST else stated.write_only
        ):
            self._report(self._inside(pointer, name), keyword)

    def _branches(self, value: Json, schema: Schema, pointer: str) -> None:
        valid = unknown = 0
        for branch in schema.branches.values():
            verdict = self.verdicts.verdict(value, branch)
            valid += verdict is Validity.VALID
            unknown += verdict is Validity.UNKNOWN
            if valid and not schema.exclusive_branches:
                return
        if valid == 0 and unknown == 0:
            self._report(pointer, "oneOf" if schema.exclusive_branches else "anyOf")
        elif valid > 1:
            self._report(pointer, "oneOf")
        elif unknown:
            self.unknown = True

    def _conditions(self, value: Json, schema: Schema, pointer: str) -> None:
        forbidden, condition = schema.others.get("not"), schema.others.get("if")
        if forbidden is not None:
            verdict = self.verdicts.verdict(value, forbidden)
            self.unknown |= verdict is Validity.UNKNOWN
            if verdict is Validity.VALID:
                self._report(pointer, "not")
        then, otherwise = schema.others.get("then"), schema.others.get("else")
        if condition is None or (then is None and otherwise is None):
            return
        verdict = self.verdicts.verdict(value, condition)
        if verdict is Validity.UNKNOWN:
            self._either(value, (then, otherwise), pointer)
            return
        applied = then if verdict is Validity.VALID else otherwise
        if applied is not None:
            self._apply(value, applied, pointer)

    def _either(self, value: Json, schemas: tuple[Schema | None, ...], pointer: str) -> None:
        """One of `schemas` applies, it is not known which."""
        found = {
            Validity.VALID if schema is None else self.verdicts.verdict(value, schema)
            for schema in schemas
        }
        if found == {Validity.INVALID}:
            self._report(pointer, "if")
        elif found != {Validity.VALID}:
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
