"""The fields of schema objects, made from the vocabulary of keywords (see `vocabulary`).

Every keyword that a view reads is a field in every version, because documents mix dialects;
which of them the version itself knows is `vocabulary`'s to say.
"""

from __future__ import annotations

from pe4king_core.openapi.checks.grammar import (
    ANY,
    BOOLEAN,
    ElementKind,
    Field,
    Form,
    ValueType,
    string,
)
from pe4king_core.openapi.schema.vocabulary import READ, SUBSCHEMA, SUBSCHEMA_MAP

_K = ElementKind
_COUNTS = (
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
)
_STRINGS = (
    "$anchor",
    "$comment",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$ref",
    "$schema",
    "contentEncoding",
    "contentMediaType",
    "description",
    "format",
    "pattern",
    "title",
)
_BOOLEANS = ("deprecated", "nullable", "readOnly", "uniqueItems", "writeOnly", "x-nullable")
_NUMBERS = ("maximum", "minimum", "multipleOf")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_OWN: dict[str, Field] = {
    "type": Field(value=ValueType.STRING_OR_LIST),
    "required": Field(Form.LIST, value=ValueType.STRING),
    "enum": Field(Form.LIST),
    "exclusiveMaximum": Field(value=ValueType.NUMBER_OR_BOOLEAN),
    "exclusiveMinimum": Field(value=ValueType.NUMBER_OR_BOOLEAN),
    "dependentRequired": Field(Form.MAP),
    "dependencies": Field(Form.MAP, _K.SCHEMA, open=True),
    "items": Field(kind=_K.SCHEMA, open=True),
    "additionalProperties": Field(kind=_K.SCHEMA, open=True),
    "additionalItems": Field(kind=_K.SCHEMA, open=True),
    "xml": Field(kind=_K.XML),
    "externalDocs": Field(kind=_K.EXTERNAL_DOCS),
}


def schema_fields(version: str) -> dict[str, Field]:
    """The fields of a schema object in `version`."""
    fields = {name: _field(name) for name in sorted(READ)}
    if version == "2.0":
        fields["discriminator"] = string()
    else:
        fields["discriminator"] = Field(kind=_K.DISCRIMINATOR)
    return fields


def _field(name: str) -> Field:
    if name in _OWN:
        return _OWN[name]
    if name in _LISTS:
        return Field(Form.LIST, _K.SCHEMA)
    if name in SUBSCHEMA_MAP:
        return Field(Form.MAP, _K.SCHEMA)
    if name in SUBSCHEMA:
        return Field(kind=_K.SCHEMA)
    if name in _STRINGS:
        return string()
    if name in _COUNTS:
        return Field(value=ValueType.COUNT)
    if name in _NUMBERS:
        return Field(value=ValueType.NUMBER)
    return BOOLEAN if name in _BOOLEANS else ANY
