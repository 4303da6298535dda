"""Ids that nothing has, as far as anybody can tell."""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.generation.samples.patterns import matching
from pe4king_core.model.case import Request
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Parameter
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Validity, validity

_OTHER_TURN = 7
_ROOM = 6
"""So many characters that differ leave room for ids that nobody has."""


def unknown_value(parameter: Parameter, request: Request) -> Json:
    """A valid value of the parameter that no resource is likely to have."""
    schema = parameter.schema
    if schema is None:
        return None
    known = request.path_parameters.get(parameter.name)
    for value in _unlikely(schema):
        if value != known and validity(value, schema) is Validity.VALID:
            return value
    return None


def _unlikely(schema: Schema) -> Iterator[Json]:
    if schema.only_type is JsonType.INTEGER:
        yield from (999_999_999, 987_654)
        return
    yield from ("00000000-0000-4000-8000-00000000dead", "unknown-0f3c9a", "unknown0f3c9a")
    if schema.pattern is not None and schema.enum is None:
        usual, other = matching(schema.pattern), matching(schema.pattern, turn=_OTHER_TURN)
        if usual is not None and other is not None and _differ(usual, other) >= _ROOM:
            yield other


def _differ(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=False))
