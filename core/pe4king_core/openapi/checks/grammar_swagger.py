"""The tables of Swagger 2.0; what it shares with OpenAPI 3 is in `grammar_tables`."""

from __future__ import annotations

from dataclasses import replace

from pe4king_core.openapi.checks.grammar import (
    BOOLEAN,
    METHOD_FIELDS,
    ElementKind,
    Field,
    Form,
    many,
    named,
    named_strings,
    one,
    string,
    strings,
)

K = ElementKind

_DESCRIPTION = string()
SIMPLE_SCHEMA = (
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
)
"""The keywords of parameters that are not in the body, and of headers."""


SWAGGER: dict[ElementKind, dict[str, Field]] = {
    K.DOCUMENT: {
        "swagger": string(required=True),
        "info": one(K.INFO, required=True),
        "host": string(),
        "basePath": string(),
        "schemes": strings(),
        "consumes": strings(),
        "produces": strings(),
        "paths": one(K.PATHS, required=True),
        "definitions": named(K.SCHEMA),
        "parameters": named(K.PARAMETER),
        "responses": named(K.RESPONSE),
        "securityDefinitions": named(K.SECURITY_SCHEME),
        "security": many(K.SECURITY_REQUIREMENT),
        "tags": many(K.TAG),
        "externalDocs": one(K.EXTERNAL_DOCS),
    },
    K.PATHS: {},
    K.PATH_ITEM: {
        "$ref": string(),
        **{name: one(K.OPERATION) for name in METHOD_FIELDS if name not in ("trace", "query")},
        "parameters": many(K.PARAMETER),
    },
    K.OPERATION: {
        "tags": strings(),
        "summary": string(),
        "description": _DESCRIPTION,
        "externalDocs": one(K.EXTERNAL_DOCS),
        "operationId": string(),
        "consumes": strings(),
        "produces": strings(),
        "parameters": many(K.PARAMETER),
        "responses": one(K.RESPONSES),
        "schemes": strings(),
        "deprecated": BOOLEAN,
        "security": many(K.SECURITY_REQUIREMENT),
    },
    K.PARAMETER: {
        "name": string(required=True),
        "in": string(required=True),
        "description": _DESCRIPTION,
        "required": BOOLEAN,
        "schema": one(K.SCHEMA),
        "allowEmptyValue": BOOLEAN,
        "collectionFormat": string(),
    },
    K.HEADER: {"description": _DESCRIPTION, "collectionFormat": string()},
    K.RESPONSES: {"default": one(K.RESPONSE)},
    K.RESPONSE: {
        "description": string(required=True),
        "schema": one(K.SCHEMA),
        "headers": named(K.HEADER),
        "examples": Field(Form.MAP),
    },
    K.SECURITY_SCHEME: {
        "type": replace(string("basic", "apiKey", "oauth2"), required=True),
        "description": _DESCRIPTION,
        "name": string(),
        "in": string("query", "header"),
        "flow": string("implicit", "password", "application", "accessCode"),
        "authorizationUrl": string(),
        "tokenUrl": string(),
        "scopes": named_strings(),
    },
    K.SECURITY_REQUIREMENT: {},
}
