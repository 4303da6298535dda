"""The operations of a raw document, those of Swagger 2.0 in the words of OpenAPI 3."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from pe4king_core.mock.contract.schemas import UnjudgedError, resolved

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_COLLECTIONS = {
    "csv": ("form", False),
    "multi": ("form", True),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str
    required: bool
    schema: Any
    style: str
    explode: bool
    content: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    bodies: Mapping[str, Any]
    body_required: bool
    responses: Mapping[str, Any]
    produces: tuple[str, ...]
    needs_credentials: bool
    form: bool = field(default=False)


class Operations:
    """Finds the operation that a request means."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._old = "swagger" in document
        self._found = list(self._operations())
        self._paths = [(_path_pattern(each.path), each) for each in self._found]

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._found)

    def of(self, method: str, path: str) -> Operation | None:
        """By method and template as the document writes them."""
        wanted = (method.lower(), path)
        return next((each for each in self._found if (each.method, each.path) == wanted), None)

    def matching(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """By a concrete path; one without templates wins."""
        for _, each in sorted(self._paths, key=lambda one: one[1].path.count("{")):
            match = _path_pattern(each.path).fullmatch(path)
            if each.method == method.lower() and match is not None:
                names = re.findall(r"{([^}]+)}", each.path)
                return each, {n: unquote(v) for n, v in zip(names, match.groups(), strict=True)}
        return None

    def _operations(self) -> Iterator[Operation]:
        for path, written in self._document.get("paths", {}).items():
            item = resolved(self._document, written)
            for method in _METHODS if isinstance(item, dict) else ():
                if isinstance(item.get(method), dict):
                    yield self._operation(path, method, item[method], item)

    def _operation(self, path: str, method: str, raw: Any, item: Any) -> Operation:
        listed = [*self._listed(item), *self._listed(raw)]
        by_name = {(each.get("in"), each.get("name")): each for each in listed}
        parameters = [
            self._parameter(each)
            for (place, _), each in by_name.items()
            if place in ("query", "path", "header", "cookie")
        ]
        bodies, required, form = self._bodies(raw, list(by_name.values()))
        security = raw.get("security", self._document.get("security", []))
        return Operation(
            method,
            path,
            tuple(parameters),
            bodies,
            required,
            {str(k): resolved(self._document, v) for k, v in raw.get("responses", {}).items()},
            tuple(raw.get("produces", self._document.get("produces", ()))),
            bool(security) and all(security),
            form,
        )

    def _listed(self, holder: Any) -> Iterator[Any]:
        for each in holder.get("parameters") or ():
            found = resolved(self._document, each)
            if isinstance(found, dict):
                yield found

    def _parameter(self, raw: Any) -> Parameter:
        place, name = raw["in"], str(raw["name"])
        if self._old:
            style, explode = _COLLECTIONS.get(raw.get("collectionFormat", "csv"), ("form", False))
            return Parameter(name, place, raw.get("required") is True, raw, style, explode)
        default = "form" if place in ("query", "cookie") else "simple"
        style = raw.get("style", default)
        content = next(iter(raw.get("content") or {}), "")
        schema = raw.get("schema", {}) if not content else raw["content"][content].get("schema", {})
        return Parameter(
            name,
            place,
            raw.get("required") is True,
            schema,
            style,
            raw.get("explode", style == "form"),
            content,
        )

    def _bodies(self, raw: Any, listed: list[Any]) -> tuple[dict[str, Any], bool, bool]:
        if not self._old:
            body = resolved(self._document, raw.get("requestBody")) or {}
            contents = body.get("content") or {}
            return dict(contents), body.get("required") is True, False
        consumes = raw.get("consumes", self._document.get("consumes", ["application/json"]))
        for each in listed:
            if each.get("in") == "body":
                media = {"schema": each.get("schema", {})}
                return dict.fromkeys(consumes, media), each.get("required") is True, False
        fields = [each for each in listed if each.get("in") == "formData"]
        if not fields:
            return {}, False, False
        schema = {
            "type": "object",
            "properties": {each["name"]: _field_schema(each) for each in fields},
            "required": [each["name"] for each in fields if each.get("required") is True],
        }
        forms = [each for each in consumes if "form" in each]
        media = {"schema": schema}
        names = forms or ["application/x-www-form-urlencoded", "multipart/form-data"]
        return dict.fromkeys(names, media), bool(schema["required"]), True


def _field_schema(field: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a form's field; `required` of a parameter is no keyword of a schema."""
    if field.get("type") == "file":
        return {}
    return {key: value for key, value in field.items() if key not in ("required", "in")}


def _path_pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"{[^}]+}", path)
    return re.compile("([^/]*)".join(re.escape(part) for part in parts))


def single_file(node: Any) -> bool:
    """Whether every reference stays within the document."""
    if isinstance(node, dict):
        reference = node.get("$ref")
        inside = not isinstance(reference, str) or reference.startswith("#")
        return inside and all(single_file(each) for each in node.values())
    return all(single_file(each) for each in node) if isinstance(node, list) else True


__all__ = ["Operation", "Operations", "Parameter", "UnjudgedError", "single_file"]
