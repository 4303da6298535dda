"""Schema views: one view for each place, whatever the dialect, allOf merged where that is exact."""

from __future__ import annotations

import json

import pytest
from openapi_kit import schema

from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.openapi.schema.slice import to_json_schema
from pe4king_core.openapi.schema.values import Validity, validity, violations

STRING, NULL, OBJECT = JsonType.STRING, JsonType.NULL, JsonType.OBJECT


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_plain_keywords():
    view = schema(
        {
            "type": ["string", "null"],
            "title": "T",
            "description": "D",
            "format": "email",
            "pattern": "a",
            "minLength": 1,
            "maxLength": 9,
            "default": "x",
            "deprecated": True,
            "readOnly": True,
            "examples": ["a@b"],
        }
    )
    assert view.types == {STRING, NULL}
    assert (view.title, view.description, view.format, view.pattern) == ("T", "D", "email", "a")
    assert view.length == Bounds(1, 9)
    assert (view.default, view.has_default, view.examples) == ("x", True, ("a@b",))
    assert view.deprecated
    assert view.read_only
    assert not view.write_only
    assert view.unread == frozenset()


@pytest.mark.parametrize(
    ("stated", "bounds"),
    [
        ({"minimum": 1, "exclusiveMinimum": True}, Bounds(1, None, exclusive_low=True)),
        ({"minimum": 1, "exclusiveMinimum": False}, Bounds(1)),
        ({"exclusiveMinimum": 1, "maximum": 5}, Bounds(1, 5, exclusive_low=True)),
        ({"minimum": 3, "exclusiveMinimum": 1}, Bounds(3)),
        ({"maximum": 3, "exclusiveMaximum": 3}, Bounds(None, 3, exclusive_high=True)),
        ({"minimum": "1", "maximum": True}, Bounds()),
    ],
)
def test_bounds_of_both_dialects(stated, bounds):
    assert schema(stated).bounds == bounds


def test_nullable_is_a_type():
    view = schema({"type": "string", "nullable": True, "enum": ["a"]}, version="3.0.3")
    assert view.types == {STRING, NULL}
    assert view.enum == ("a", None)
    assert view.nullable
    wrapped = schema({"nullable": True, "allOf": [ref("A")]}, {"A": {"type": "object"}}, "3.0.3")
    assert wrapped.types == {OBJECT, NULL}
    choice = schema(
        {"nullable": True, "oneOf": [ref("A"), ref("B")]},
        {"A": {"type": "object"}, "B": {"type": "string"}},
        "3.0.3",
    )
    assert choice.nullable
    assert len(choice.branches) == 3


def test_type_or_null_by_any_of_is_one_view():
    view = schema(
        {"anyOf": [ref("A"), {"type": "null"}]}, {"A": {"type": "object", "minProperties": 1}}
    )
    assert view.types == {OBJECT, NULL}
    assert view.property_count == Bounds(1)
    assert not view.branches


def test_const_is_an_enum_and_types_are_not_inferred():
    view = schema({"const": 5})
    assert view.enum == (5,)
    assert view.types == frozenset()
    assert schema({"properties": {"a": {}}}).types == frozenset()


def test_boolean_schemas():
    view = schema({"properties": {"a": True, "b": False}, "items": False})
    assert not view.properties["a"].never
    assert view.properties["b"].never
    assert view.items.never
    assert not schema(True).never


def test_additional_properties():
    assert not schema({"additionalProperties": False}).additional_allowed
    assert schema({"additionalProperties": {"type": "string"}}).additional.types == {STRING}
    assert schema({"additionalProperties": True}).additional is None
    assert schema({"additionalProperties": True}).additional_allowed
    beside = schema(
        {"additionalProperties": False, "patternProperties": {"^x-": {"type": "string"}}}
    )
    assert beside.additional_allowed
    assert beside.others["additionalProperties"].never
    assert beside.pattern_properties["^x-"].types == {STRING}


def test_all_of_is_merged():
    view = schema(
        {
            "allOf": [
                ref("Base"),
                {
                    "required": ["b"],
                    "minProperties": 2,
                    "properties": {"a": {"maxLength": 5}, "b": {"type": "integer"}},
                },
            ],
            "description": "own",
        },
        {
            "Base": {
                "type": "object",
                "required": ["a"],
                "minProperties": 1,
                "maxProperties": 9,
                "properties": {"a": {"type": "string", "minLength": 1}},
            }
        },
    )
    assert view.types == {OBJECT}
    assert view.required == {"a", "b"}
    assert view.property_count == Bounds(2, 9)
    assert list(view.properties) == ["a", "b"]
    assert view.properties["a"].types == {STRING}
    assert view.properties["a"].length == Bounds(1, 5)
    assert view.description == "own"
    assert not view.conjuncts


def test_types_and_enums_intersect():
    view = schema(
        {
            "allOf": [
                {"type": ["number", "string"], "enum": [1, 2, "a"]},
                {"type": ["integer", "null"], "enum": [2, 3]},
            ]
        }
    )
    assert view.types == {JsonType.INTEGER}
    assert view.enum == (2,)
    assert schema({"allOf": [{"type": "string"}, {"type": "integer"}]}).never
    assert schema({"allOf": [{"enum": [1]}, {"enum": [True]}]}).never


def test_what_cannot_be_merged_is_kept():
    view = schema(
        {"pattern": "a", "format": "uri", "allOf": [{"pattern": "b"}, {"format": "email"}]}
    )
    assert (view.pattern, view.format) == ("a", "uri")
    assert [(c.pattern, c.format) for c in view.conjuncts.values()] == [
        ("b", None),
        (None, "email"),
    ]
    two = schema(
        {
            "oneOf": [{"type": "string"}, {"type": "integer"}],
            "anyOf": [{"minLength": 1}, {"maxLength": 5}],
        }
    )
    assert two.exclusive_branches
    assert len(two.branches) == 2
    assert [c.exclusive_branches for c in two.conjuncts.values()] == [False]


def test_closed_part_forbids_what_only_other_parts_name():
    view = schema(
        {
            "allOf": [
                {"properties": {"a": {}}, "additionalProperties": False},
                {"properties": {"a": {"type": "string"}, "b": {}}},
            ]
        }
    )
    assert list(view.properties) == ["a"]
    assert not view.additional_allowed


def test_recursive_schemas_end_at_themselves():
    view = schema(
        ref("Node"),
        {
            "Node": {
                "type": "object",
                "properties": {
                    "next": ref("Node"),
                    "all": {"type": "array", "items": ref("Node")},
                    "both": {"allOf": [ref("Node"), {"required": ["x"]}]},
                },
            }
        },
    )
    assert view.pointer == "/components/schemas/Node"
    assert view.properties["next"] is view
    assert view.properties["all"].items is view
    both = view.properties["both"]
    assert both.properties["both"] is both


@pytest.mark.parametrize(
    "components",
    [
        {"A": ref("A")},
        {"A": ref("B"), "B": ref("A")},
        {"A": {"allOf": [ref("A")]}},
        {"A": {"allOf": [ref("B"), {"pattern": "a"}]}, "B": {"allOf": [ref("A")], "pattern": "b"}},
        {"A": {"anyOf": [ref("A"), {"type": "string"}]}},
        {"A": {"oneOf": [ref("B"), ref("C")]}, "B": {"oneOf": [ref("A"), {}]}, "C": {}},
        {"A": {"anyOf": [{"allOf": [ref("A")]}, {"type": "null"}]}},
    ],
)
def test_schemas_that_only_contain_themselves(components):
    view = schema(ref("A"), components)
    assert isinstance(view.nullable, bool)
    assert to_json_schema(view) is not None


def test_base_that_lists_its_children_as_choices():
    components = {
        "Pet": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"type": "string"}},
            "oneOf": [ref("Cat"), ref("Dog")],
            "discriminator": {"propertyName": "kind", "mapping": {"meow": ref("Cat")["$ref"]}},
        },
        "Cat": {"allOf": [ref("Pet"), {"properties": {"lives": {"type": "integer"}}}]},
        "Dog": {"allOf": [ref("Pet"), {"properties": {"bark": {"type": "boolean"}}}]},
    }
    view = schema(ref("Pet"), components)
    cat = view.branches["/components/schemas/Cat"]
    assert list(cat.properties) == ["kind", "lives"]
    assert not cat.branches
    assert cat.unread == frozenset()
    assert cat.discriminator.mapping == {"meow": "/components/schemas/Cat"}
    assert view.discriminator.property_name == "kind"
    assert view.discriminator.mapping == {
        "meow": "/components/schemas/Cat",
        "Dog": "/components/schemas/Dog",
    }


def test_discriminator_mapping_by_name():
    view = schema(
        {
            "anyOf": [ref("A"), ref("B")],
            "discriminator": {"propertyName": "t", "mapping": {"a": "A", "aa": "A", "no": "C"}},
        },
        {"A": {}, "B": {}, "C": {}},
    )
    assert view.discriminator.mapping == {
        "a": "/components/schemas/A",
        "aa": "/components/schemas/A",
        "B": "/components/schemas/B",
    }


def test_keywords_beside_a_reference_count_since_3_1():
    components = {"A": {"type": "string", "minLength": 1}}
    value = {**ref("A"), "maxLength": 5, "description": "own"}
    new = schema(value, components, "3.1.0")
    assert (new.length, new.description) == (Bounds(1, 5), "own")
    old = schema(value, components, "3.0.3")
    assert (old.length, old.pointer) == (Bounds(1), "/components/schemas/A")
    described = schema({**ref("A"), "description": "own"}, components, "3.1.0")
    assert described.pointer == "/components/schemas/A"


def test_keys_and_values_of_odd_yaml_are_json():
    view = schema({"type": "object", "example": {"a": {"b": [1, None]}}, "enum": [{"a": 1}]})
    assert view.examples == ({"a": {"b": [1, None]}},)
    assert view.enum == ({"a": 1},)


def test_unknown_types_are_no_types():
    view = schema({"type": "any"})
    assert view.types == frozenset()
    assert view.unread == {"type"}


def test_slice_is_cut_at_depth_and_at_itself():
    view = schema(
        ref("Node"),
        {
            "Node": {
                "type": "object",
                "required": ["id"],
                "additionalProperties": False,
                "properties": {
                    "id": {"type": ["integer", "null"], "exclusiveMinimum": 0, "maximum": 9},
                    "next": ref("Node"),
                    "deep": {"type": "array", "maxItems": 3, "items": {"type": "string"}},
                },
            }
        },
    )
    assert to_json_schema(view) == {
        "type": "object",
        "required": ["id"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": ["null", "integer"], "exclusiveMinimum": 0, "maximum": 9},
            "next": {"type": "object", "$comment": "Node"},
            "deep": {"type": "array", "maxItems": 3, "items": {"type": "string"}},
        },
    }
    assert to_json_schema(view, depth=0)["properties"]["deep"] == {
        "type": "array",
        "$comment": "deep",
    }
    assert to_json_schema(schema({"items": False}))["items"] is False


def _fan(depth):
    levels = {
        f"{side}{n}": {"anyOf": [ref(f"L{n + 1}"), ref(f"R{n + 1}")]}
        for n in range(depth)
        for side in "LR"
    }
    return {**levels, f"L{depth}": {"type": "string"}, f"R{depth}": {"type": "null"}}


def test_choices_beyond_counting_are_unread():
    assert schema(ref("L0"), _fan(4)).nullable
    assert schema(ref("L0"), _fan(4)).unread == frozenset()
    view = schema(ref("L0"), _fan(40))
    assert view.unread == {"anyOf"}
    assert validity("x", view) is Validity.UNKNOWN


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_choices_nested_beyond_counting_are_unread(keyword):
    components = {f"S{n}": {keyword: [ref(f"S{n + 1}"), {"maxLength": n}]} for n in range(2_000)}
    view = schema(ref("S0"), {**components, "S2000": {"type": "string"}})
    assert view.unread == {keyword}
    assert isinstance(view.nullable, bool)


def test_long_documents_have_no_limit():
    parts = {f"S{n}": {"allOf": [ref(f"S{n + 1}"), {"minimum": n}]} for n in range(300)}
    assert schema(ref("S0"), {**parts, "S300": {"type": "number"}}).bounds == Bounds(299)
    links = {f"R{n}": ref(f"R{n + 1}") for n in range(1_000)}
    assert schema(ref("R0"), {**links, "R1000": {"type": "null"}}).types == {NULL}
    more = {name: {**value, "minLength": 1} for name, value in links.items()}
    assert schema(ref("R0"), {**more, "R1000": {"type": "string"}}).length == Bounds(1)
    doubled = {f"D{n}": {"allOf": [ref(f"D{n + 1}")] * 2} for n in range(300)}
    assert schema(ref("D0"), {**doubled, "D300": {"type": "null"}}).types == {NULL}
    closed = {name: {**part, "unevaluatedProperties": False} for name, part in parts.items()}
    view = schema(ref("S0"), {**closed, "S300": {"properties": {"a": {}}}})
    assert validity({"a": 1}, view) is Validity.VALID
    assert violations({"b": 1}, view) == ("/b: unevaluatedProperties",)


def test_slices_are_small():
    wide = {"type": "object", "properties": {f"p{n}": ref("B") for n in range(50)}}
    deep = {"type": "object", "properties": {f"q{n}": ref("C") for n in range(50)}}
    view = schema(ref("A"), {"A": wide, "B": deep, "C": {**wide, "title": "C"}})
    assert len(json.dumps(to_json_schema(view))) < 20_000
