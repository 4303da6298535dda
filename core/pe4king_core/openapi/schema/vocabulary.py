"""The schema keywords of each dialect, and in which form they hold subschemas.

Swagger 2.0 section 5.2.29, OpenAPI 3.0.4 section 4.7.24, JSON Schema 2020-12 with the base
vocabulary of OpenAPI 3.1 and 3.2 (section 4.8.24). Views read the keywords of every dialect
wherever they stand: documents mix them and mean them.
"""

from __future__ import annotations

SUBSCHEMA = frozenset(
    {
        "additionalItems",
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
"""Keywords that hold one schema. `items` may be a list as well (before 2020-12)."""

SUBSCHEMA_LIST = frozenset({"allOf", "anyOf", "items", "oneOf", "prefixItems"})
"""Keywords that hold a list of schemas. `items` only where its value is a list."""

SUBSCHEMA_MAP = frozenset(
    {
        "$defs",
        "definitions",
        "dependencies",
        "dependentSchemas",
        "patternProperties",
        "properties",
    }
)
"""Keywords that hold schemas by name. A member of `dependencies` may be a list of names."""

KNOWN_2_0 = frozenset(
    {
        "$ref",
        "additionalProperties",
        "allOf",
        "default",
        "description",
        "discriminator",
        "enum",
        "example",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "externalDocs",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "pattern",
        "properties",
        "readOnly",
        "required",
        "title",
        "type",
        "uniqueItems",
        "xml",
    }
)
"""Swagger 2.0."""

KNOWN_3_0 = KNOWN_2_0 | {"anyOf", "deprecated", "not", "nullable", "oneOf", "writeOnly"}
"""OpenAPI 3.0."""

KNOWN_3_1 = (KNOWN_3_0 - {"nullable"}) | {
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$schema",
    "$vocabulary",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "examples",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
}
"""JSON Schema 2020-12 and what OpenAPI 3.1 and 3.2 add."""

READ = KNOWN_3_1 | {
    "additionalItems",
    "definitions",
    "dependencies",
    "nullable",
    "x-nullable",
}
"""Keywords that mean something to a view, whatever the dialect of the document."""


def vocabulary(specification: str) -> frozenset[str]:
    """The keywords that a schema object may have in a document of version `specification`."""
    if specification.startswith("2"):
        return KNOWN_2_0
    return KNOWN_3_0 if specification.startswith("3.0") else KNOWN_3_1
