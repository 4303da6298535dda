"""Verdicts at once say what the full check says, and are not given where they cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openapi_kit import schema
from random_json_schemas import SIMPLE, VALUES

from pe4king_core.openapi.schema.direct import direct_verdict
from pe4king_core.openapi.schema.values import Direction, Validity, validity, violations

_ORDER = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string", "minLength": 2},
        "tags": {"type": "array", "items": {"enum": ["a", "b"]}},
    },
    "additionalProperties": {"type": "number"},
}


@pytest.mark.parametrize(
    ("value", "direction", "expected"),
    [
        ({"name": "ab"}, Direction.REQUEST, Validity.VALID),
        ({"name": "ab"}, Direction.RESPONSE, Validity.INVALID),
        ({"name": "ab"}, Direction.EITHER, Validity.UNKNOWN),
        ({"name": "a"}, Direction.REQUEST, Validity.INVALID),
        ({"name": "ab", "tags": ["a", "c"]}, Direction.REQUEST, Validity.INVALID),
        ({"name": "ab", "other": 1.5}, Direction.REQUEST, Validity.VALID),
        ({"name": "ab", "other": "1"}, Direction.REQUEST, Validity.INVALID),
        ({"name": "ab", "id": 1.0}, Direction.RESPONSE, Validity.VALID),
        ({"name": "ab", "id": True}, Direction.RESPONSE, Validity.INVALID),
    ],
)
def test_objects_are_judged_at_once(value: Any, direction: Direction, expected: Validity) -> None:
    assert direct_verdict(value, schema(_ORDER), direction) is expected


@pytest.mark.parametrize(
    ("value", "stated"),
    [
        (1, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        (1, {"not": {"type": "string"}}),
        (0.3, {"multipleOf": 0.1}),
        ([1, 1], {"uniqueItems": True}),
        ({"a": 1}, {"patternProperties": {"a": {"type": "string"}}}),
        ({"a": {"b": 1}}, {"properties": {"a": {"oneOf": [{"required": ["b"]}]}}, "not": {}}),
    ],
)
def test_what_is_composed_is_left_to_the_full_check(value: Any, stated: dict[str, Any]) -> None:
    assert direct_verdict(value, schema(stated), Direction.EITHER) is None


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(SIMPLE, VALUES)
def test_the_full_check_says_the_same(stated: dict[str, Any], value: Any) -> None:
    view = schema(stated)
    found = direct_verdict(value, view, Direction.EITHER)
    if found is not None:
        assert (found is Validity.INVALID) == bool(violations(value, view))
        assert validity(value, view) is found
