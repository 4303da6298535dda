"""Values against views: never a wrong answer, checked against an independent validator."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_kit import schema
from random_json_schemas import SCHEMAS, SIMPLE, VALUES, has_reference

from pe4king_core.openapi.schema.formats import has_format
from pe4king_core.openapi.schema.patterns import matches, python_pattern
from pe4king_core.openapi.schema.slice import to_json_schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity, violations


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
        (1, {"not": {"type": "integer"}}, (": not",)),
        (1, {"if": {"minimum": 1}, "then": {"minimum": 2}}, (": range",)),
        (1, {"then": {"minimum": 2}}, ()),
        ([1, "a"], {"prefixItems": [{}, {"type": "integer"}], "items": False}, ("/1: type",)),
        ([1, 2], {"contains": {"minimum": 1}, "maxContains": 1}, (": maxContains",)),
        ({"a": 1}, {"dependentRequired": {"a": ["b"]}}, ("/b: dependentRequired",)),
        ({"a": 1}, {"dependentSchemas": {"a": {"maxProperties": 0}}}, (": maxProperties",)),
        ({"a": 1}, {"propertyNames": {"minLength": 2}}, ("/a: propertyNames",)),
        ({"xa": 1}, {"patternProperties": {"^x": {"type": "string"}}}, ("/xa: type",)),
        (
            {"a": 1, "b": 2},
            {"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False},
            ("/b: unevaluatedProperties",),
        ),
        (
            [1, "a"],
            {"contains": {"type": "string"}, "unevaluatedItems": False},
            ("/0: unevaluatedItems",),
        ),
    ],
)
def test_violations(value, stated, expected):
    assert violations(value, schema(stated)) == expected


@pytest.mark.parametrize(
    ("value", "stated", "expected"),
    [
        ("x", {"pattern": r"\p{L}"}, Validity.UNKNOWN),
        ("x", {"pattern": r"\p{L}", "type": "integer"}, Validity.INVALID),
        (1, {"oneOf": [{"pattern": 1}, {"minimum": 0}]}, Validity.INVALID),
        ("x", {"oneOf": [{"pattern": 1}, {"minLength": 9}]}, Validity.UNKNOWN),
        ("x", {"oneOf": [{"pattern": 1}, {"minLength": 0}, {"minLength": 1}]}, Validity.INVALID),
        ("x", {"anyOf": [{"pattern": 1}, {"minLength": 0}]}, Validity.VALID),
        ("x", {"not": {"pattern": 1}}, Validity.UNKNOWN),
        ("x", {"if": {"pattern": 1}, "then": False}, Validity.UNKNOWN),
        ("x", {"if": {"pattern": 1}, "then": False, "else": False}, Validity.INVALID),
        ("x", {"if": {"pattern": 1}, "then": {"minLength": 1}}, Validity.VALID),
        (["x"], {"contains": {"pattern": 1}}, Validity.UNKNOWN),
        (["x"], {"contains": {"pattern": 1}, "minContains": 2}, Validity.INVALID),
        ({"x": 1}, {"patternProperties": {r"\p{L}": False}}, Validity.UNKNOWN),
        ({"x": 1}, {"patternProperties": {r"\p{L}": {"minimum": 1}}}, Validity.VALID),
        (
            {"x": 1},
            {"patternProperties": {r"\p{L}": {}}, "additionalProperties": False},
            Validity.UNKNOWN,
        ),
        (
            {"x": 1},
            {"patternProperties": {r"\p{L}": {}}, "unevaluatedProperties": False},
            Validity.UNKNOWN,
        ),
        ({"x": 1}, {"propertyNames": {"pattern": 1}}, Validity.UNKNOWN),
        (1, {"properties": {"a": "no schema"}}, Validity.VALID),
        ({"a": 1}, {"properties": {"a": "no schema"}}, Validity.UNKNOWN),
        (0.3, {"multipleOf": 0.1}, Validity.UNKNOWN),
        (1, {"$ref": "#/nowhere"}, Validity.UNKNOWN),
    ],
)
def test_what_a_view_does_not_express_is_unknown(value, stated, expected):
    assert validity(value, schema(stated)) is expected


def test_null_beside_a_condition_is_read_in_both_ways():
    view = schema({"type": "string", "nullable": True, "not": {"minLength": 5}}, version="3.0.3")
    assert validity(None, view) is Validity.UNKNOWN
    assert validity("a", view) is Validity.VALID


def test_deep_values():
    value, node = {}, {"$ref": "#/components/schemas/Node"}
    for _ in range(2_000):
        value = {"next": value}
    components = {"Node": {"type": "object", "properties": {"next": node}}}
    assert validity(value, schema(node, components)) is Validity.VALID
    either = {"Node": {"properties": {"next": {"anyOf": [node, {"type": "string"}]}}}}
    assert validity(value, schema(node, either)) is Validity.UNKNOWN
    itself = {"Node": {"not": node, "if": node, "then": node, "else": {"not": node}}}
    assert validity(1, schema(node, itself)) is Validity.UNKNOWN


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


@pytest.mark.parametrize(
    "pattern",
    [
        "^(a+)+$",
        "^(a|a)*$",
        "^((a|b)*c?)*$",
        "(x+x+)+y",
        "^(a{0,50}){0,50}b$",
        "(a?){25}a{25}$",
        "(((a?){3}){3}){3}b",
        "a?" * 30 + "a" * 30,
    ],
)
def test_patterns_that_could_take_forever_are_matched_in_linear_time(pattern):
    assert matches(pattern, "a" * 60 + "!") is pattern.endswith("aa")


def test_what_the_linear_engine_cannot_tell_is_not_told():
    assert matches("^(a+)+$", "a" * 50_000 + "!") is False
    assert matches("^(a+)+$", "a" * 50_000) is True
    assert matches("^(a+)+\\d$", "a" * 50_000 + "\u0663") is False
    for beyond in ("(?=a)(a+)+$", r"^(a+)+\b$"):
        assert matches(beyond, "a" * 60 + "\u00e9") is None
    for text in ("\u2028", "\ud800"):
        assert matches("^(.+)+x$", text * 60) is None


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (r"^(\d{1,3}\.){3}\d{1,3}$", "192.168.100.200"),
        (r"^[^\s@]+@[^\s@]+\.[^\s@]+$", "someone.with.a.long.name@some.example.org"),
        ("^[A-Za-z0-9_-]{1,64}$", "a" * 64),
        (r"^arn:aws:[a-z]{1,10}:[a-z0-9-]{0,20}:\d{12}:.*$", f"arn:aws:iam::{'1' * 12}:user/a"),
        ("^(GET|POST|PUT)$", "POST"),
        ("^([a-z]+-)*[a-z]+$", "several-short-words"),
    ],
)
def test_usual_patterns_are_tried_on_usual_values(pattern, value):
    assert matches(pattern, value) is True


@given(st.text(max_size=12))
def test_any_pattern_is_translated_or_refused(pattern):
    translated = python_pattern(pattern)
    assert translated is None or re.compile(translated)


@pytest.mark.parametrize("count", [200, pytest.param(4_000, marks=pytest.mark.slow)])
def test_answers_agree_with_an_independent_validator(count):
    answers: Counter[Validity] = Counter()

    @settings(max_examples=count, suppress_health_check=list(HealthCheck))
    @given(stated=SCHEMAS, a=SCHEMAS, b=SIMPLE, values=st.lists(VALUES, min_size=1, max_size=6))
    def agree(stated, a, b, values):
        assume("schemas/A" not in json.dumps(a))
        components = {"A": a, "B": b}
        view = schema(stated, components)
        independent = Draft202012Validator(
            {"components": {"schemas": components}, "allOf": [stated]}
        )
        for value in values:
            answer = validity(value, view)
            try:
                expected = independent.is_valid(value)
            except RecursionError:
                continue
            answers[answer] += 1
            if answer is not Validity.UNKNOWN:
                assert (answer is Validity.VALID) == expected, (value, stated)
            assert (answer is Validity.INVALID) == bool(violations(value, view))

    agree()
    assert answers[Validity.UNKNOWN] < 0.05 * answers.total()


@settings(max_examples=150)
@given(stated=SCHEMAS.filter(lambda s: not has_reference(s)), value=VALUES)
def test_slices_mean_the_same_as_their_view(stated, value):
    view = schema(stated)
    sliced = to_json_schema(view, depth=30)
    answer = validity(value, view)
    if answer is not Validity.UNKNOWN:
        assert (answer is Validity.VALID) == Draft202012Validator(sliced).is_valid(value)
