"""What a valid value's schema speaks of, in place: for `unevaluatedProperties` and `...Items`.

JSON Schema 2020-12 section 11: a property is evaluated where some schema that holds for the
object names it, by `properties`, a pattern, or as one of the rest; items likewise, and those that
`contains` has found. A choice counts where it holds, and may count where that is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.patterns import matches


class Validity(StrEnum):
    """The answer of a check."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"


Judge: TypeAlias = Callable[[Json, Schema], Validity]


def evaluated_properties(
    value: Mapping[str, Json], schema: Schema, judge: Judge
) -> tuple[set[str], set[str]]:
    """The names that are evaluated beside `unevaluatedProperties`, and those that may be."""
    known: set[str] = set()
    possible: set[str] = set()
    for found, certain in _in_place(value, schema, judge):
        names = known if certain else possible
        if JsonType.OBJECT in found.all_evaluated or (
            found is not schema and "unevaluatedProperties" in found.others
        ):
            names.update(value)
        names.update(name for name in found.properties if name in value)
        for pattern in found.pattern_properties:
            for name in value:
                matched = matches(pattern, name)
                if matched is not False:
                    (names if matched else possible).add(name)
    return known, possible


def evaluated_items(
    value: Sequence[Json], schema: Schema, judge: Judge
) -> tuple[set[int], set[int]]:
    """The numbers that are evaluated beside `unevaluatedItems`, and those that may be."""
    known: set[int] = set()
    possible: set[int] = set()
    for found, certain in _in_place(value, schema, judge):
        numbers = known if certain else possible
        if JsonType.ARRAY in found.all_evaluated or (
            found is not schema and "unevaluatedItems" in found.others
        ):
            numbers.update(range(len(value)))
        numbers.update(range(len(found.prefix_items)))
        wanted = found.others.get("contains")
        if wanted is None:
            continue
        for number, item in enumerate(value):
            verdict = judge(item, wanted)
            if verdict is not Validity.INVALID:
                (numbers if verdict is Validity.VALID else possible).add(number)
    return known, possible


def _in_place(value: Json, schema: Schema, judge: Judge) -> Iterator[tuple[Schema, bool]]:
    """All schemas that hold for `value` itself if `schema` does, and whether that is certain."""
    waiting = [(schema, True)]
    seen: set[tuple[int, bool]] = set()
    while waiting:
        found, certain = waiting.pop()
        if (id(found), certain) in seen or (id(found), True) in seen:
            continue
        seen.add((id(found), certain))
        yield found, certain
        for inner, verdict in _applied(value, found, judge):
            if verdict is not Validity.INVALID:
                waiting.append((inner, certain and verdict is Validity.VALID))


def _applied(value: Json, schema: Schema, judge: Judge) -> Iterator[tuple[Schema, Validity]]:
    for conjunct in schema.conjuncts.values():
        yield conjunct, Validity.VALID
    for name, dependent in schema.dependent_schemas.items():
        if isinstance(value, Mapping) and name in value:
            yield dependent, Validity.VALID
    for branch in schema.branches.values():
        yield branch, judge(value, branch)
    condition = schema.others.get("if")
    if condition is None:
        return
    verdict = judge(value, condition)
    yield condition, verdict
    if "then" in schema.others:
        yield schema.others["then"], verdict
    if "else" in schema.others:
        yield schema.others["else"], _OPPOSITE[verdict]


_OPPOSITE = {
    Validity.VALID: Validity.INVALID,
    Validity.INVALID: Validity.VALID,
    Validity.UNKNOWN: Validity.UNKNOWN,
}
