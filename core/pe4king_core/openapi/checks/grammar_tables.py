"""The tables of the OpenAPI grammar, see `grammar`; `grammar_of` gives those of one version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from pe4king_core.openapi.checks.grammar import (
    ANY,
    BOOLEAN,
    METHOD_FIELDS,
    VERSIONS,
    ElementKind,
    Field,
    Form,
    Grammar,
    ObjectGrammar,
    ValueType,
    many,
    named,
    named_strings,
    one,
    since,
    string,
    strings,
    version_of,
)
from pe4king_core.openapi.checks.grammar_schemas import schema_fields
from pe4king_core.openapi.checks.grammar_swagger import SIMPLE_SCHEMA, SWAGGER

K = ElementKind

_DOCS = one(K.EXTERNAL_DOCS)
_DESCRIPTION = string()
_OPERATIONS = {
    name: since("3.2", one(K.OPERATION)) if name == "query" else one(K.OPERATION)
    for name in METHOD_FIELDS
}

_COMMON: dict[ElementKind, dict[str, Field]] = {
    K.INFO: {
        "title": string(required=True),
        "summary": since("3.1", string()),
        "description": _DESCRIPTION,
        "termsOfService": string(),
        "contact": one(K.CONTACT),
        "license": one(K.LICENSE),
        "version": string(required=True),
    },
    K.CONTACT: {"name": string(), "url": string(), "email": string()},
    K.LICENSE: {
        "name": string(required=True),
        "identifier": since("3.1", string()),
        "url": string(),
    },
    K.TAG: {
        "name": string(required=True),
        "summary": since("3.2", string()),
        "description": _DESCRIPTION,
        "externalDocs": _DOCS,
        "parent": since("3.2", string()),
        "kind": since("3.2", string()),
    },
    K.EXTERNAL_DOCS: {"description": _DESCRIPTION, "url": string(required=True)},
    K.XML: {
        "nodeType": since("3.2", string("element", "attribute", "text", "cdata", "none")),
        "name": string(),
        "namespace": string(),
        "prefix": string(),
        "attribute": BOOLEAN,
        "wrapped": BOOLEAN,
    },
}

_SERIALISED: dict[str, Field] = {
    "description": _DESCRIPTION,
    "required": BOOLEAN,
    "deprecated": BOOLEAN,
    "allowEmptyValue": BOOLEAN,
    "style": string(),
    "explode": BOOLEAN,
    "allowReserved": BOOLEAN,
    "schema": one(K.SCHEMA),
    "example": ANY,
    "examples": named(K.EXAMPLE),
    "content": named(K.MEDIA_TYPE),
}
_ENCODINGS: dict[str, Field] = {
    "encoding": named(K.ENCODING),
    "prefixEncoding": since("3.2", many(K.ENCODING)),
    "itemEncoding": since("3.2", one(K.ENCODING)),
}

_THREE: dict[ElementKind, dict[str, Field]] = {
    K.DOCUMENT: {
        "openapi": string(required=True),
        "$self": since("3.2", string()),
        "info": one(K.INFO, required=True),
        "jsonSchemaDialect": since("3.1", string()),
        "servers": many(K.SERVER),
        "paths": one(K.PATHS, required=True),
        "webhooks": since("3.1", named(K.PATH_ITEM)),
        "components": one(K.COMPONENTS),
        "security": many(K.SECURITY_REQUIREMENT),
        "tags": many(K.TAG),
        "externalDocs": _DOCS,
    },
    K.SERVER: {
        "url": string(required=True),
        "description": _DESCRIPTION,
        "name": since("3.2", string()),
        "variables": named(K.SERVER_VARIABLE),
    },
    K.SERVER_VARIABLE: {
        "enum": strings(),
        "default": string(required=True),
        "description": _DESCRIPTION,
    },
    K.COMPONENTS: {
        "schemas": named(K.SCHEMA),
        "responses": named(K.RESPONSE),
        "parameters": named(K.PARAMETER),
        "examples": named(K.EXAMPLE),
        "requestBodies": named(K.REQUEST_BODY),
        "headers": named(K.HEADER),
        "securitySchemes": named(K.SECURITY_SCHEME),
        "links": named(K.LINK),
        "callbacks": named(K.CALLBACK),
        "pathItems": since("3.1", named(K.PATH_ITEM)),
        "mediaTypes": since("3.2", named(K.MEDIA_TYPE)),
    },
    K.PATHS: {},
    K.PATH_ITEM: {
        "$ref": string(),
        "summary": string(),
        "description": _DESCRIPTION,
        **_OPERATIONS,
        "additionalOperations": since("3.2", named(K.OPERATION)),
        "servers": many(K.SERVER),
        "parameters": many(K.PARAMETER),
    },
    K.OPERATION: {
        "tags": strings(),
        "summary": string(),
        "description": _DESCRIPTION,
        "externalDocs": _DOCS,
        "operationId": string(),
        "parameters": many(K.PARAMETER),
        "requestBody": one(K.REQUEST_BODY),
        "responses": one(K.RESPONSES),
        "callbacks": named(K.CALLBACK),
        "deprecated": BOOLEAN,
        "security": many(K.SECURITY_REQUIREMENT),
        "servers": many(K.SERVER),
    },
    K.PARAMETER: {
        "name": string(required=True),
        "in": string(required=True),
        **_SERIALISED,
    },
    K.HEADER: _SERIALISED,
    K.REQUEST_BODY: {
        "description": _DESCRIPTION,
        "content": named(K.MEDIA_TYPE, required=True),
        "required": BOOLEAN,
    },
    K.MEDIA_TYPE: {
        "description": since("3.2", _DESCRIPTION),
        "schema": one(K.SCHEMA),
        "itemSchema": since("3.2", one(K.SCHEMA)),
        "example": ANY,
        "examples": named(K.EXAMPLE),
        **_ENCODINGS,
    },
    K.ENCODING: {
        "contentType": string(),
        "headers": named(K.HEADER),
        "style": string("form", "spaceDelimited", "pipeDelimited", "deepObject"),
        "explode": BOOLEAN,
        "allowReserved": BOOLEAN,
        **{name: since("3.2", field) for name, field in _ENCODINGS.items()},
    },
    K.RESPONSES: {"default": one(K.RESPONSE)},
    K.RESPONSE: {
        "summary": since("3.2", string()),
        "description": string(required=True),
        "headers": named(K.HEADER),
        "content": named(K.MEDIA_TYPE),
        "links": named(K.LINK),
    },
    K.CALLBACK: {},
    K.EXAMPLE: {
        "summary": string(),
        "description": _DESCRIPTION,
        "dataValue": since("3.2", ANY),
        "serializedValue": since("3.2", string()),
        "value": ANY,
        "externalValue": string(),
    },
    K.LINK: {
        "operationRef": string(),
        "operationId": string(),
        "parameters": Field(Form.MAP),
        "requestBody": ANY,
        "description": _DESCRIPTION,
        "server": one(K.SERVER),
    },
    K.DISCRIMINATOR: {
        "propertyName": string(required=True),
        "mapping": named_strings(),
        "defaultMapping": since("3.2", string()),
    },
    K.SECURITY_SCHEME: {
        "type": replace(
            string("apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"), required=True
        ),
        "description": _DESCRIPTION,
        "name": string(),
        "in": string("query", "header", "cookie"),
        "scheme": string(),
        "bearerFormat": string(),
        "flows": one(K.FLOWS),
        "openIdConnectUrl": string(),
        "oauth2MetadataUrl": since("3.2", string()),
        "deprecated": since("3.2", BOOLEAN),
    },
    K.FLOWS: {
        "implicit": one(K.FLOW),
        "password": one(K.FLOW),
        "clientCredentials": one(K.FLOW),
        "authorizationCode": one(K.FLOW),
        "deviceAuthorization": since("3.2", one(K.FLOW)),
    },
    K.FLOW: {
        "authorizationUrl": string(),
        "deviceAuthorizationUrl": since("3.2", string()),
        "tokenUrl": string(),
        "refreshUrl": string(),
        "scopes": named_strings(required=True),
    },
    K.SECURITY_REQUIREMENT: {},
}

_MEMBERS = {
    K.PATHS: one(K.PATH_ITEM),
    K.RESPONSES: one(K.RESPONSE),
    K.CALLBACK: one(K.PATH_ITEM),
    K.SECURITY_REQUIREMENT: strings(),
}
_REFERABLE = frozenset(
    {
        K.PATH_ITEM,
        K.PARAMETER,
        K.REQUEST_BODY,
        K.RESPONSE,
        K.HEADER,
        K.EXAMPLE,
        K.LINK,
        K.CALLBACK,
        K.SCHEMA,
        K.SECURITY_SCHEME,
        K.MEDIA_TYPE,
    }
)
_OPTIONAL_LATER = {(K.DOCUMENT, "paths"): "3.0", (K.RESPONSE, "description"): "3.1"}
"""Fields that are demanded up to the version named here, and may be missing since."""

COMPONENT_SECTIONS: Mapping[str, ElementKind] = {
    name: field.kind for name, field in _THREE[K.COMPONENTS].items() if field.kind is not None
}
"""The sections of `components` by name."""

SHARED_SECTIONS: Mapping[str, ElementKind] = {
    "definitions": K.SCHEMA,
    "parameters": K.PARAMETER,
    "responses": K.RESPONSE,
    "securityDefinitions": K.SECURITY_SCHEME,
}
"""The top-level sections of Swagger 2.0 with shared parts."""


@cache
def grammar_of(specification: str) -> Grammar:
    """The tables for a document that states `specification` as its version."""
    version = version_of(specification)
    return _made(version) if specification == version else grammar_of(version)


def _made(version: str) -> Grammar:
    tables = _COMMON | (SWAGGER if version == "2.0" else _THREE)
    tables = {kind: _existing(kind, fields, version) for kind, fields in tables.items()}
    schema = schema_fields(version)
    tables[K.SCHEMA] = schema
    if version == "2.0":
        simple = {name: schema[name] for name in SIMPLE_SCHEMA}
        tables[K.PARAMETER] = simple | tables[K.PARAMETER]
        tables[K.HEADER] = simple | tables[K.HEADER]
    return {
        kind: ObjectGrammar(
            kind,
            fields,
            members=_MEMBERS.get(kind),
            reference=kind in _REFERABLE and (kind is not K.MEDIA_TYPE or version >= "3.2"),
            extensions=kind is not K.SECURITY_REQUIREMENT,
            required=tuple(name for name, field in fields.items() if field.required),
        )
        for kind, fields in tables.items()
    }


def _existing(kind: ElementKind, fields: Mapping[str, Field], version: str) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for name, field in fields.items():
        if field.exists_in(version):
            optional = version > _OPTIONAL_LATER.get((kind, name), version)
            found[name] = replace(field, required=False) if optional else field
    return found


@cache
def versions_with(kind: ElementKind, name: str) -> tuple[str, ...]:
    """The versions in which objects of `kind` have a field `name`."""
    return tuple(
        version
        for version in VERSIONS
        if kind in grammar_of(version) and name in grammar_of(version)[kind].fields
    )


__all__ = ["COMPONENT_SECTIONS", "SHARED_SECTIONS", "ValueType", "grammar_of", "versions_with"]
