"""Strategies for schemas that use every keyword of JSON Schema 2020-12, and for values."""

from __future__ import annotations

from hypothesis import strategies as st

LEAVES = st.sampled_from([None, True, False, 0, 1, 2, 1.5, -3, "", "a", "ab", "abc"])
NAMES = st.sampled_from(["a", "b", "ab", "c"])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
_TYPES = st.sampled_from(
    ["null", "boolean", "integer", "number", "string", "array", "object", ["string", "null"]]
)
_COUNT = st.integers(0, 3)
_PATTERNS = st.sampled_from(["^a", "b$", "c", "^.$"])
_SOME_NAMES = st.lists(NAMES, max_size=2, unique=True)

SIMPLE = st.booleans() | st.fixed_dictionaries(
    {},
    optional={
        "type": _TYPES,
        "enum": st.lists(LEAVES, min_size=1, max_size=4),
        "const": LEAVES,
        "minimum": st.integers(-2, 2),
        "exclusiveMinimum": st.integers(-2, 2),
        "maximum": st.integers(-1, 3),
        "multipleOf": st.sampled_from([1, 2, 3, 0.5]),
        "minLength": _COUNT,
        "maxLength": _COUNT,
        "pattern": _PATTERNS,
        "minItems": _COUNT,
        "maxItems": _COUNT,
        "uniqueItems": st.booleans(),
        "minProperties": _COUNT,
        "maxProperties": _COUNT,
        "additionalProperties": st.booleans(),
        "unevaluatedProperties": st.booleans(),
        "unevaluatedItems": st.booleans(),
        "required": _SOME_NAMES,
        "dependentRequired": st.dictionaries(NAMES, _SOME_NAMES, max_size=2),
    },
)

_FEW = st.sampled_from(
    [True, False, {}, {"type": "string"}, {"type": "integer"}, {"const": 1}, {"type": "null"}]
)


def _named(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.dictionaries(NAMES, inner, min_size=1, max_size=2)


def _composed(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    several = st.lists(inner | _FEW, min_size=1, max_size=3)
    one = inner | _FEW
    keywords: dict[str, st.SearchStrategy[object]] = {
        "type": st.sampled_from(["object", "array"]),
        "properties": _named(one),
        "patternProperties": st.dictionaries(_PATTERNS, one, min_size=1, max_size=2),
        "additionalProperties": one,
        "unevaluatedProperties": one,
        "propertyNames": one,
        "required": _SOME_NAMES,
        "dependentRequired": st.dictionaries(NAMES, _SOME_NAMES, max_size=2),
        "dependentSchemas": _named(one),
        "prefixItems": several,
        "items": one,
        "contains": one,
        "minContains": _COUNT,
        "maxContains": _COUNT,
        "unevaluatedItems": one,
        "allOf": several,
        "anyOf": several,
        "oneOf": several,
        "not": one,
        "if": one,
        "then": one,
        "else": one,
        "$ref": st.sampled_from(["#/components/schemas/A", "#/components/schemas/B"]),
    }
    chosen = st.lists(st.sampled_from(sorted(keywords)), min_size=1, max_size=4, unique=True)
    return chosen.flatmap(
        lambda names: st.fixed_dictionaries({name: keywords[name] for name in names})
    )


SCHEMAS = st.recursive(SIMPLE, _composed, max_leaves=12)


def has_reference(value: object) -> bool:
    """Whether a `$ref` stands anywhere in `value`."""
    if isinstance(value, dict):
        return "$ref" in value or any(has_reference(member) for member in value.values())
    return isinstance(value, list) and any(has_reference(member) for member in value)
