"""The keywords that hold subschemas, name members or annotate, and how they are merged."""

from __future__ import annotations

import pytest
from openapi_kit import schema

from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.openapi.schema.values import Validity, validity

STRING, NULL, OBJECT = JsonType.STRING, JsonType.NULL, JsonType.OBJECT


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


SINGLE = ["not", "if", "contains", "propertyNames", "unevaluatedProperties", "unevaluatedItems"]


@pytest.mark.parametrize("keyword", SINGLE)
def test_subschemas_by_keyword(keyword):
    view = schema({keyword: {"type": "string"}, "then": {}, "else": False})
    assert view.others[keyword].types == {STRING}
    assert view.unread == frozenset()
    assert set(view.others) == {keyword, *(("then", "else") if keyword == "if" else ())}
    assert schema({keyword: "no schema"}).unread == {keyword}


def test_tuples():
    view = schema({"prefixItems": [{"type": "string"}, {}], "items": {"type": "integer"}})
    assert view.items is None
    assert list(view.prefix_items) == ["0", "1"]
    assert view.prefix_items["0"].types == {STRING}
    assert view.others["items"].types == {JsonType.INTEGER}
    old = schema({"items": [{"type": "string"}], "additionalItems": False}, version="3.0.3")
    assert old.prefix_items["0"].types == {STRING}
    assert old.others["items"].never
    assert old.unread == frozenset()


def test_tuples_of_several_parts():
    view = schema(
        {
            "allOf": [
                {"prefixItems": [{"minimum": 1}, {"minimum": 2}]},
                {"prefixItems": [{"maximum": 8}], "items": {"maximum": 9}},
            ]
        }
    )
    bounds = [item.bounds for item in view.prefix_items.values()]
    assert bounds == [Bounds(1, 8), Bounds(2, 9)]
    assert view.others["items"].bounds == Bounds(None, 9)
    assert not view.conjuncts


def test_dependencies_of_both_drafts():
    new = schema(
        {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"a": {"minProperties": 2}}}
    )
    old = schema({"dependencies": {"a": ["b"], "c": {"minProperties": 2}}})
    assert new.dependent_required == old.dependent_required == {"a": {"b"}}
    assert new.dependent_schemas["a"].property_count == Bounds(2)
    assert old.dependent_schemas["c"].property_count == Bounds(2)
    assert old.unread == frozenset()


def test_contains_is_counted():
    assert schema({"contains": {}}).contains_count == Bounds(1)
    assert schema({"contains": {}, "minContains": 0, "maxContains": 2}).contains_count == Bounds(
        0, 2
    )
    assert schema({"minContains": 5}).contains_count == Bounds()


def test_annotations():
    external = {"url": "https://example.com"}
    view = schema(
        {
            "type": "string",
            "contentEncoding": "base64",
            "contentMediaType": "application/json",
            "contentSchema": {"type": "object"},
            "xml": {"name": "n", "attribute": True},
            "externalDocs": external,
            "$comment": "c",
        }
    )
    assert (view.content_encoding, view.content_media_type) == ("base64", "application/json")
    assert view.others["contentSchema"].types == {OBJECT}
    assert view.annotations == {
        "xml": {"name": "n", "attribute": True},
        "externalDocs": external,
        "$comment": "c",
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"not": {"minimum": 1}}, {"not": {"maximum": 1}}),
        ({"if": {"minimum": 1}, "then": False}, {"if": {"maximum": 1}, "else": False}),
        ({"contains": {"const": 1}}, {"contains": {"const": 2}, "maxContains": 1}),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"patternProperties": {"b": {}}},
        ),
        ({"unevaluatedProperties": False}, {"properties": {"a": {}}}),
    ],
)
def test_what_can_be_said_once_is_kept_apart(one, other):
    view = schema({"allOf": [one, other]})
    assert len(view.conjuncts) == 1
    assert view.unread == frozenset()


def test_unevaluated_speaks_of_all_that_its_own_parts_leave():
    components = {"Base": {"type": "object", "properties": {"a": {"type": "string"}}}}
    view = schema({"allOf": [ref("Base")], "unevaluatedProperties": False}, components)
    assert view.others["unevaluatedProperties"].never
    assert not view.conjuncts
    wrapped = schema(
        {**ref("Closed"), "readOnly": True},
        {**components, "Closed": {"allOf": [ref("Base")], "unevaluatedProperties": False}},
    )
    assert list(wrapped.properties) == ["a"]
    assert wrapped.others["unevaluatedProperties"].never
    assert validity({"a": "x"}, wrapped) is Validity.VALID
    assert validity({"b": "x"}, wrapped) is Validity.INVALID


def test_const_beside_enum():
    assert schema({"enum": [1, 2], "const": 2}).enum == (2,)
    assert schema({"enum": [1, 2], "const": 3}).never


def test_dynamic_references_lead_to_their_first_target():
    view = schema(
        {"$dynamicRef": "#/components/schemas/A", "maxLength": 5},
        {"A": {"type": "string", "minLength": 1}},
    )
    assert view.length == Bounds(1, 5)
    assert view.unread == frozenset()


def test_a_reference_stops_where_more_is_said():
    components = {"A": {**ref("B"), "minLength": 1}, "B": {"type": "string"}}
    view = schema(ref("A"), components)
    assert (view.pointer, view.length) == ("/components/schemas/A", Bounds(1))
    assert schema(ref("A"), components, "3.0.3").pointer == "/components/schemas/B"


def test_default_mapping():
    view = schema(
        {
            "oneOf": [ref("A"), ref("B")],
            "discriminator": {"propertyName": "t", "defaultMapping": "B"},
        },
        {"A": {}, "B": {}},
        "3.2.0",
    )
    assert view.discriminator.default == "/components/schemas/B"
