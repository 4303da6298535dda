"""Schemas of any version of OpenAPI as JSON Schema that `jsonschema-rs` understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs

_BASE = "urn:document"
_DEEPEST = 5
_INT_LIMITS = {"int32": 31, "int64": 63}


class UnjudgedError(Exception):
    """The validator cannot work with a schema (a pattern it does not read, a lost reference)."""


def resolved(document: Any, node: Any) -> Any:
    """`node` with references within the document followed."""
    for _ in range(50):
        if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
            return node
        reference = node["$ref"]
        if not reference.startswith("#"):
            raise UnjudgedError(reference)
        node = document
        for part in reference[1:].split("/")[1:]:
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            node = node[int(name)] if isinstance(node, list) else node.get(name)
    raise UnjudgedError("a reference to itself")


def pointer(*parts: object) -> str:
    """A JSON pointer as it stands in a reference."""
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join("/" + quote(part, safe="~!$&'()*+,;=:@-._") for part in escaped)


class Schemas:
    """The schemas of one document, as they hold of requests and of answers."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._modern = str(document.get("openapi", "")).startswith(("3.1", "3.2"))
        self._known: dict[str, Any] = {}

    @cached_property
    def _requests(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry([(_BASE, self._converted(self._document, "readOnly"))])

    @cached_property
    def _answers(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry([(_BASE, self._converted(self._document, "writeOnly"))])

    def in_request(self, schema: Any, value: Any) -> bool:
        """Whether `value` may be sent where `schema` is asked for."""
        return self._is_valid(schema, value, "readOnly", self._requests)

    def in_answer(self, schema: Any, value: Any) -> bool:
        """Whether `value` may be answered where `schema` is promised."""
        return self._is_valid(schema, value, "writeOnly", self._answers)

    def why_not_sent(self, schema: Any, value: Any) -> str:
        """The first thing wrong with a request."""
        return _first_error(self._validator(schema, "readOnly", self._requests), value)

    def why(self, schema: Any, value: Any) -> str:
        """The first thing wrong with an answer."""
        return _first_error(self._validator(schema, "writeOnly", self._answers), value)

    def _is_valid(self, schema: Any, value: Any, left_out: str, registry: Any) -> bool:
        return bool(self._validator(schema, left_out, registry).is_valid(value))

    def _validator(self, schema: Any, left_out: str, registry: Any) -> Any:
        key = f"{left_out} {id(schema)}"
        if key not in self._known:
            converted = self._absolute(self._converted(schema, left_out))
            try:
                self._known[key] = jsonschema_rs.Draft202012Validator(
                    converted, registry=registry, validate_formats=True, ignore_unknown_formats=True
                )
            except (ValueError, jsonschema_rs.ValidationError) as error:
                raise UnjudgedError(str(error)[:200]) from error
        return self._known[key]

    def _absolute(self, node: Any) -> Any:
        """References of a schema that stands outside of the registry."""
        if isinstance(node, dict):
            return {
                key: _BASE + value
                if key == "$ref" and isinstance(value, str) and value.startswith("#")
                else self._absolute(value)
                for key, value in node.items()
            }
        return [self._absolute(each) for each in node] if isinstance(node, list) else node

    def _converted(self, node: Any, left_out: str) -> Any:
        if isinstance(node, list):
            return [self._converted(each, left_out) for each in node]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str) and not self._modern:
            return {"$ref": node["$ref"]}
        made = {str(key): self._converted(value, left_out) for key, value in node.items()}
        if isinstance(made.get("oneOf"), list) and self._says_which(node):
            made.setdefault("anyOf", made.pop("oneOf"))
        _without_annotations(made)
        if isinstance(made.get("required"), list) and isinstance(node.get("properties"), dict):
            made["required"] = list(self._required(node, left_out))
        elif isinstance(made.get("required"), bool):
            del made["required"]  # of a parameter, or from before JSON Schema's draft 4
        if not self._modern:
            _old_bounds(made)
        _limits(made)
        if not self._modern and True in (node.get("nullable"), node.get("x-nullable")):
            return _nullable(made)
        return made

    def _says_which(self, node: Mapping[str, Any]) -> bool:
        """Whether a value says itself which branch of `oneOf` it is, so that it may fit others.

        By a discriminator of the choice, or one that every branch has inherited; a branch that
        is stated twice cannot be told from itself.
        """
        branches = node["oneOf"]
        if "discriminator" in node or any(branches.count(each) > 1 for each in branches):
            return True
        return all(self._is_discriminated(each) for each in branches)

    def _is_discriminated(self, branch: Any, depth: int = 0) -> bool:
        try:
            known = resolved(self._document, branch)
        except UnjudgedError:
            return False
        if not isinstance(known, dict) or depth > _DEEPEST:
            return False
        parts = known.get("allOf", ())
        return "discriminator" in known or any(self._is_discriminated(p, depth + 1) for p in parts)

    def _required(self, node: Mapping[str, Any], left_out: str) -> Iterator[str]:
        for name in node["required"]:
            member = node["properties"].get(name)
            try:
                member = resolved(self._document, member)
            except UnjudgedError:
                member = None
            if not (isinstance(member, dict) and member.get(left_out) is True):
                yield name


def _first_error(validator: Any, value: Any) -> str:
    error = next(validator.iter_errors(value), None)
    if error is None:
        return ""
    place = "/".join(str(part) for part in error.instance_path)
    return f"/{place}: {error.message}"[:300]


def _without_annotations(made: dict[str, Any]) -> None:
    """`$id` and `$schema` would move the base of references."""
    for key in ("$schema", "$id", "id", "discriminator", "xml"):
        if isinstance(made.get(key), str) or key in ("discriminator", "xml"):
            if key == "id" and "type" not in made:
                continue
            made.pop(key, None)


def _old_bounds(made: dict[str, Any]) -> None:
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        excluded = made.pop(flag) if isinstance(made.get(flag), bool) else False
        if excluded and isinstance(made.get(bound), int | float):
            made[flag] = made.pop(bound)


def _limits(made: dict[str, Any]) -> None:
    bits = _INT_LIMITS.get(made.get("format", "")) if isinstance(made.get("format"), str) else None
    if bits is not None and made.get("type") == "integer":
        made.setdefault("minimum", -(2**bits))
        made.setdefault("maximum", 2**bits - 1)


def _nullable(made: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "null"}, made]}


def is_one_of(value: str, names: Sequence[str]) -> bool:
    """Whether a media type is one of `names`, ranges such as `image/*` included."""
    plain = value.split(";", maxsplit=1)[0].strip().lower()
    return any(_covers(name.split(";")[0].strip().lower(), plain) for name in names)


def _covers(name: str, plain: str) -> bool:
    main, _, sub = name.partition("/")
    return name in (plain, "*/*", "*") or (sub == "*" and plain.startswith(main + "/"))
