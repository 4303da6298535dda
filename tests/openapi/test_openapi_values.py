"""Values against views: never a wrong answer, checked against an independent validator."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_kit import schema

from pe4king_core.openapi.formats import has_format
from pe4king_core.openapi.patterns import matches, python_pattern
from pe4king_core.openapi.values import Direction, Validity, validity, violations


@pytest.mark.parametrize(
    ("value", "stated", "expected"),
    [
        ("a", {"type": "integer"}, (": type",)),
        (1.0, {"type": "integer"}, ()),
        (True, {"type": "integer"}, (": type",)),
        (True, {"enum": [1]}, (": enum",)),
        (1, {"enum": [1.0]}, ()),
        (
            {"a": {"b": ""}},
            {"properties": {"a": {"properties": {"b": {"minLength": 1}}}}},
            ("/a/b: minLength",),
        ),
        ([1, 2, 1.0], {"uniqueItems": True}, (": uniqueItems",)),
        ([1, True, "1"], {"uniqueItems": True, "maxItems": 2}, (": maxItems",)),
        ({"a/b": 1}, {"additionalProperties": False}, ("/a~1b: additionalProperties",)),
        ({}, {"required": ["b", "a"]}, ("/a: required", "/b: required")),
        (5, {"exclusiveMaximum": 5}, (": range",)),
        (0.3, {"multipleOf": 0.1}, ()),
        (7, {"multipleOf": 2}, (": multipleOf",)),
        (5, {"oneOf": [{"minimum": 1}, {"maximum": 9}]}, (": oneOf",)),
        (5, {"anyOf": [{"minimum": 6}, {"maximum": 4}]}, (": anyOf",)),
        ("x", {"pattern": "^[0-9]$"}, (": pattern",)),
        ("x", {"format": "uuid"}, (": format",)),
        (2**31, {"format": "int32"}, (": format",)),
    ],
)
def test_violations(value, stated, expected):
    assert violations(value, schema(stated)) == expected


@pytest.mark.parametrize(
    ("value", "stated", "expected"),
    [
        (1, {"not": {}}, Validity.UNKNOWN),
        (1, {"not": {}, "type": "string"}, Validity.INVALID),
        (1, {"patternProperties": {"a": False}}, Validity.VALID),
        ({}, {"patternProperties": {"a": False}}, Validity.UNKNOWN),
        ("x", {"pattern": r"\p{L}"}, Validity.UNKNOWN),
        (1, {"oneOf": [{"not": {}}, {"type": "string"}]}, Validity.UNKNOWN),
        (1, {"oneOf": [{"not": {}}, {"minimum": 0}, {"minimum": 1}]}, Validity.INVALID),
        (1, {"anyOf": [{"not": {}}, {"minimum": 0}]}, Validity.VALID),
        (0.3, {"multipleOf": 0.1}, Validity.UNKNOWN),
        (1, {"$ref": "#/nowhere"}, Validity.UNKNOWN),
    ],
)
def test_what_a_view_does_not_express_is_unknown(value, stated, expected):
    assert validity(value, schema(stated)) is expected


def test_one_way_properties_are_missing_on_the_other_way():
    view = schema(
        {
            "required": ["id", "secret"],
            "properties": {"id": {"readOnly": True}, "secret": {"writeOnly": True}},
        }
    )
    assert violations({"id": 1}, view, direction=Direction.RESPONSE) == ()
    assert violations({"id": 1}, view, direction=Direction.REQUEST) == ("/secret: required",)
    assert violations({"secret": 1}, view, direction=Direction.REQUEST) == ()
    assert validity({}, view) is Validity.UNKNOWN


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date", ["2024-02-29"], ["2023-02-29", "2024-2-9", "x"]),
        ("time", ["23:59:60Z", "10:00:00.5+01:00"], ["24:00:00Z", "10:00:00"]),
        ("date-time", ["2024-01-01T00:00:00Z"], ["2024-01-01 00:00:00Z", "2024-01-01T00:00:00"]),
        ("uuid", ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567e89b12d3a456426614174000"]),
        ("email", ["a@b.example"], ["a", "@b", "a@"]),
        ("ipv4", ["1.2.3.4"], ["1.2.3", "256.1.1.1"]),
        ("ipv6", ["::1"], ["1.2.3.4", "::1%eth0"]),
        ("uri", ["https://a/b?c#d", "urn:x:y"], ["/a", "a b", "http://a b"]),
        ("hostname", ["a.example", "x"], ["-a", "a_b", ""]),
        ("byte", ["YQ==", ""], ["Y", "a$=="]),
        ("int32", [2**31 - 1, 5.5], [2**31, -(2**31) - 1]),
        ("int64", [2**63 - 1], [2**63]),
        ("our-own", ["anything", 5], []),
    ],
)
def test_formats(name, good, bad):
    assert all(has_format(value, name) for value in good)
    assert not any(has_format(value, name) for value in bad)


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        (r"^\d+$", "12", "1\n"),
        (r"^\d$", "1", "٣"),
        (r"^\w+\/\w+$", "a/b", "é/b"),
        (r"(?<year>\d{4})-\k<year>", "2024-2024", "2024-2025"),
        (r"^[[a]$", "[", "b"),
        (r"^[\s\S]$", "\n", ""),
        (r"^\s$", "\u00a0", "a"),
        (r"^\u0041\x42$", "AB", "ab"),
        (r"^\u{1F600}$", "😀", "a"),
        (r"^a{2}$", "aa", "a"),
        (r"^{a}$", "{a}", "a"),
        (r"^[a-z0-9-]+$", "a-1", "A"),
        (r"^.$", "a", "\r"),
        ("^a-b&c~d$", "a-b&c~d", "x"),
    ],
)
def test_patterns_mean_what_ecma_says(pattern, yes, no):
    assert matches(pattern, yes) is True
    assert matches(pattern, no) is False


@pytest.mark.parametrize(
    "pattern", [r"\p{L}", r"[^]", "(?i)a", r"\cA", "a++", "(", r"\Z", "(?<=a+)b", "[z-a]"]
)
def test_patterns_without_an_equal(pattern):
    assert python_pattern(pattern) is None
    assert matches(pattern, "a") is None


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^((a|b)*c?)*$", "(x+x+)+y"])
def test_patterns_that_could_take_forever_are_left_alone(pattern):
    assert matches(pattern, "a" * 60 + "!") is None


@given(st.text(max_size=12))
def test_any_pattern_is_translated_or_refused(pattern):
    translated = python_pattern(pattern)
    assert translated is None or re.compile(translated)


_LEAVES = st.sampled_from([None, True, False, 0, 1, 2, 1.5, -3, "", "a", "ab", "abc"])
VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3)
    ),
    max_leaves=6,
)
_TYPES = st.sampled_from(
    ["null", "boolean", "integer", "number", "string", "array", "object", ["string", "null"]]
)
_COUNT = st.integers(0, 3)
_NAMES = st.sampled_from(["a", "b", "c"])


def _composed(inner):
    several = st.lists(inner, min_size=1, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": _TYPES,
            "properties": st.dictionaries(_NAMES, inner, max_size=2),
            "additionalProperties": inner,
            "required": st.lists(_NAMES, max_size=2, unique=True),
            "items": inner,
            "allOf": several,
            "anyOf": several,
            "oneOf": several,
            "not": inner,
            "prefixItems": several,
            "patternProperties": st.dictionaries(st.just("^a"), inner, max_size=1),
            "$ref": st.sampled_from(["#/components/schemas/A", "#/components/schemas/B"]),
        },
    )


_SIMPLE = st.booleans() | st.fixed_dictionaries(
    {},
    optional={
        "type": _TYPES,
        "enum": st.lists(_LEAVES, min_size=1, max_size=4),
        "const": _LEAVES,
        "minimum": st.integers(-2, 2),
        "exclusiveMinimum": st.integers(-2, 2),
        "maximum": st.integers(-1, 3),
        "multipleOf": st.sampled_from([1, 2, 3, 0.5]),
        "minLength": _COUNT,
        "maxLength": _COUNT,
        "pattern": st.sampled_from(["^a", "b$", "c"]),
        "minItems": _COUNT,
        "maxItems": _COUNT,
        "uniqueItems": st.booleans(),
        "minProperties": _COUNT,
        "maxProperties": _COUNT,
        "additionalProperties": st.booleans(),
        "required": st.lists(_NAMES, max_size=2, unique=True),
    },
)
SCHEMAS = st.recursive(_SIMPLE, _composed, max_leaves=8)


def _has_reference(value: object) -> bool:
    if isinstance(value, dict):
        return "$ref" in value or any(_has_reference(member) for member in value.values())
    return isinstance(value, list) and any(_has_reference(member) for member in value)


@settings(max_examples=600, deadline=None)
@given(stated=SCHEMAS, a=_SIMPLE, b=_SIMPLE, values=st.lists(VALUES, min_size=1, max_size=6))
def test_answers_agree_with_an_independent_validator(stated, a, b, values):
    view = schema(stated, {"A": a, "B": b})
    independent = Draft202012Validator(
        {"components": {"schemas": {"A": a, "B": b}}, "allOf": [stated]}
    )
    for value in values:
        answer = validity(value, view)
        if answer is not Validity.UNKNOWN:
            assert (answer is Validity.VALID) == independent.is_valid(value), (value, stated)
        assert (answer is Validity.INVALID) == bool(violations(value, view))


@settings(max_examples=300, deadline=None)
@given(stated=SCHEMAS.filter(lambda s: not _has_reference(s)), value=VALUES)
def test_slices_mean_the_same_as_their_view(stated, value):
    from pe4king_core.openapi.slice import to_json_schema

    view = schema(stated)
    sliced = to_json_schema(view, depth=30)
    answer = validity(value, view)
    if answer is Validity.VALID:
        assert Draft202012Validator(sliced).is_valid(value)
    if answer is Validity.INVALID:
        assert not Draft202012Validator(sliced).is_valid(value)
