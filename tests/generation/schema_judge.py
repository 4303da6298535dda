"""Requests judged by `jsonschema-rs` against the document's own text, with no help from us.

The document is rewritten as JSON Schema 2020-12 (what OpenAPI 3.0 and Swagger 2.0 spell in their
own way; documents of 3.1 that still write `nullable` mean it), and each place of it is asked as
`urn:document#/pointer`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import yaml

Raw = Any
_SCHEMAS = frozenset(
    {
        *("items", "additionalProperties", "not", "if", "then", "else", "contains", "schema"),
        *("propertyNames", "unevaluatedProperties", "unevaluatedItems"),
    }
)
_LISTS = frozenset({"allOf", "oneOf", "anyOf", "prefixItems"})
_MAPS = frozenset(
    {"properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas"}
)


class SchemaJudge:
    """The request schemas of one document."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        raw = json.loads(text) if path.suffix == ".json" else _yaml(text)
        modern = str(raw.get("openapi", "")).startswith(("3.1", "3.2"))
        self._rewrite = _Rewriting(modern=modern)
        self._registry = jsonschema_rs.Registry([("urn:document", self._rewrite.anything(raw))])
        self._validators: dict[str, Any] = {}

    def is_valid(self, value: Raw, pointer: str) -> bool | None:
        """Whether `value` is valid at `pointer`; None where the schema cannot be compiled."""
        if pointer not in self._validators:
            self._validators[pointer] = self._compiled(pointer)
        validator = self._validators[pointer]
        return None if validator is None else bool(validator.is_valid(value))

    def _compiled(self, pointer: str) -> Any:
        reference = f"urn:document#{quote(pointer, safe='/~')}"
        try:
            return jsonschema_rs.Draft202012Validator(
                {"$ref": reference}, registry=self._registry, validate_formats=True
            )
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError):
            return None


def _yaml(text: str) -> Raw:
    class Loader(yaml.CSafeLoader):
        """Dates stay text, as in JSON."""

    Loader.yaml_implicit_resolvers = {
        key: [item for item in found if not item[0].endswith("timestamp")]
        for key, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }
    return json.loads(json.dumps(yaml.load(text, Loader)))


class _Rewriting:
    """A document whose schemas say in JSON Schema 2020-12 what they said of requests."""

    def __init__(self, *, modern: bool) -> None:
        self._modern = modern

    def anything(self, node: Raw) -> Raw:
        """`node`, which is no schema itself."""
        if isinstance(node, list):
            return [self.anything(item) for item in node]
        if not isinstance(node, Mapping):
            return node
        return {name: self._member(name, member) for name, member in node.items()}

    def _member(self, name: str, member: Raw) -> Raw:
        if name == "schema":
            return self.schema(member)
        if name in ("schemas", "definitions") and isinstance(member, Mapping):
            return {key: self.schema(value) for key, value in member.items()}
        if name == "parameters" and isinstance(member, list):
            return [self._parameter(item) for item in member]
        return self.anything(member)

    def _parameter(self, node: Raw) -> Raw:
        """Parameters of Swagger 2.0 are schemas; their `required` is no list of names."""
        if not isinstance(node, Mapping) or "schema" in node or "content" in node:
            return self.anything(node)
        bare = {key: value for key, value in node.items() if key not in ("required", "in", "name")}
        return self.schema(bare)

    def schema(self, node: Raw) -> Raw:
        """`node` as a schema of 2020-12."""
        if not isinstance(node, Mapping):
            return node
        if "$ref" in node and not self._modern:
            return {"$ref": _reference(node["$ref"])}
        made = {name: self._keyword(name, value) for name, value in node.items()}
        made.pop("discriminator", None)
        if "$ref" in made:
            made["$ref"] = _reference(made["$ref"])
        _without_read_only(made, node)
        return _with_old_spelling(made)

    def _keyword(self, name: str, value: Raw) -> Raw:
        if name in _SCHEMAS:
            return self.schema(value)
        if name in _LISTS and isinstance(value, list):
            return [self.schema(item) for item in value]
        if name in _MAPS and isinstance(value, Mapping):
            return {key: self.schema(item) for key, item in value.items()}
        return value


def _reference(target: Raw) -> Raw:
    return f"urn:document{target}" if isinstance(target, str) and target[:1] == "#" else target


def _with_old_spelling(made: dict[str, Raw]) -> dict[str, Raw]:
    for end, other in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if made.get(end) is True and other in made:
            made[end] = made.pop(other)
        elif isinstance(made.get(end), bool):
            del made[end]
    if made.pop("nullable", False) is True or made.get("x-nullable") is True:
        return {"anyOf": [made, {"type": "null"}]}
    return made


def _without_read_only(made: dict[str, Raw], node: Mapping[str, Raw]) -> None:
    """Requests need not have what only answers have."""
    properties, required = node.get("properties"), node.get("required")
    if isinstance(properties, Mapping) and isinstance(required, list) and "required" in made:
        made["required"] = [
            name
            for name in required
            if not (isinstance(properties.get(name), Mapping) and properties[name].get("readOnly"))
        ]
