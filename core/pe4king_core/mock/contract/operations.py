"""The operations of a raw document, those of Swagger 2.0 in the words of OpenAPI 3.

Each is read when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pe4king_core.mock.contract.paths import Templates
from pe4king_core.mock.contract.pointers import UnjudgedError, resolved

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_PLACES = ("query", "path", "header", "cookie")
_COLLECTIONS = {
    "csv": ("form", False),
    "multi": ("form", True),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; `content` is the media type it is written as, if one is stated."""

    name: str
    place: str
    required: bool
    schema: Any
    style: str
    explode: bool
    content: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation; `method` in small letters, `bodies` are media types by name."""

    method: str
    path: str
    parameters: tuple[Parameter, ...]
    bodies: Mapping[str, Any]
    body_required: bool
    responses: Mapping[str, Any]
    produces: tuple[str, ...]
    needs_credentials: bool
    form: bool = field(default=False)
    security: tuple[Any, ...] = ()
    """The alternatives of schemes by name; empty: no credentials are needed."""
    unread: str = ""
    """Why nothing is known of its requests; empty: everything is."""

    def status_key(self, status: int) -> str | None:
        """What is documented for `status`: exact, then its range, then `default`; else None."""
        keys = (str(status), f"{status // 100}XX", f"{status // 100}xx", "default")
        return next((key for key in keys if key in self.responses), None)


class Operations:
    """Finds the operation that a request means."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._old = "swagger" in document
        paths = document.get("paths")
        self._written: dict[str, Any] = {}
        for path in paths if isinstance(paths, dict) else ():
            self._written[str(path)] = path
        self._templates = Templates(self._written)
        self._known: dict[tuple[str, str], Operation | None] = {}

    def __iter__(self) -> Iterator[Operation]:
        for path in self._written:
            item = self._item(path)
            for method in item:
                found = self.of(str(method), path)
                if found is not None:
                    yield found

    def of(self, method: str, path: str) -> Operation | None:
        """By method and template as the document writes them."""
        key = (method.lower(), path)
        if key not in self._known:
            self._known[key] = self._read(method, path)
        return self._known[key]

    def _read(self, method: str, path: str) -> Operation | None:
        raw = self._raw(method, path)
        if not isinstance(raw, dict):
            return None
        try:
            return self._operation(path, method.lower(), raw)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # Something is of another kind there than a document may have.
            raise UnjudgedError(f"{method} {path}: {error}"[:200]) from error

    def matching(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """By a concrete path, percent-encoded, with its query; one without templates wins."""
        for template, values in self._templates.matching(path):
            found = self.of(method, template)
            if found is not None:
                return found, values
        return None

    def _item(self, path: str) -> Mapping[str, Any]:
        if path not in self._written:
            return {}
        item = resolved(self._document, self._document["paths"].get(self._written[path]))
        return item if isinstance(item, dict) else {}

    def _raw(self, method: str, path: str) -> Any:
        item = self._item(path)
        if method.lower() in _METHODS:
            return item.get(method.lower())
        more = item.get("additionalOperations")
        return more.get(method) if isinstance(more, dict) else None

    def _operation(self, path: str, method: str, raw: Any) -> Operation:
        listed: list[Any] = []
        bodies: tuple[dict[str, Any], bool, bool] = {}, False, False
        unread = ""
        try:
            found = [*self._listed(self._item(path)), *self._listed(raw)]
            listed = list({(each.get("in"), each.get("name")): each for each in found}.values())
            bodies = self._bodies(raw, listed)
        except UnjudgedError as error:
            unread = str(error)
        security = raw.get("security", self._document.get("security", []))
        security = security if isinstance(security, list) else []
        return Operation(
            method,
            path,
            tuple(self._parameter(each) for each in listed if each.get("in") in _PLACES),
            *bodies[:2],
            self._responses(raw.get("responses")),
            _names(raw.get("produces", self._document.get("produces"))),
            bool(security) and all(security),
            bodies[2],
            tuple(security),
            unread,
        )

    @staticmethod
    def _responses(written: Any) -> dict[str, Any]:
        found = written.items() if isinstance(written, dict) else ()
        return {str(key): value for key, value in found}

    def _listed(self, holder: Any) -> Iterator[Any]:
        written = holder.get("parameters")
        for each in written if isinstance(written, list) else ():
            found = resolved(self._document, each)
            if isinstance(found, dict):
                yield found

    def _parameter(self, raw: Any) -> Parameter:
        place, name = raw["in"], str(raw.get("name"))
        required = raw.get("required") is True
        if self._old:
            style, explode = _COLLECTIONS.get(raw.get("collectionFormat", "csv"), ("form", False))
            return Parameter(name, place, required, raw, style, explode)
        default = "form" if place in ("query", "cookie") else "simple"
        style = raw.get("style", default)
        content = next(iter(raw.get("content") or {}), "")
        schema = raw.get("schema", {}) if not content else raw["content"][content].get("schema", {})
        explode = raw.get("explode", style == "form")
        return Parameter(name, place, required, schema, style, explode, content)

    def _bodies(self, raw: Any, listed: list[Any]) -> tuple[dict[str, Any], bool, bool]:
        if not self._old:
            body = resolved(self._document, raw.get("requestBody")) or {}
            contents = {str(name): media for name, media in (body.get("content") or {}).items()}
            return contents, body.get("required") is True, False
        consumes = _names(raw.get("consumes", self._document.get("consumes")))
        consumes = consumes or ("application/json",)
        for each in listed:
            if each.get("in") == "body":
                media = {"schema": each.get("schema", {})}
                return dict.fromkeys(consumes, media), each.get("required") is True, False
        fields = [each for each in listed if each.get("in") == "formData"]
        return _form(fields, consumes) if fields else ({}, False, False)


def _names(written: Any) -> tuple[str, ...]:
    """A list of media types, those that are texts."""
    listed = written if isinstance(written, list) else ()
    return tuple(each for each in listed if isinstance(each, str))


def _form(fields: list[Any], consumes: tuple[str, ...]) -> tuple[dict[str, Any], bool, bool]:
    """The body of Swagger 2.0 that is written as parameters."""
    schema = {
        "type": "object",
        "properties": {each["name"]: _field_schema(each) for each in fields},
        "required": [each["name"] for each in fields if each.get("required") is True],
    }
    forms = [each for each in consumes if "form" in each]
    names = forms or ["application/x-www-form-urlencoded", "multipart/form-data"]
    return {key: {"schema": schema} for key in names}, bool(schema["required"]), True


def _field_schema(field: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a form's field; `required` of a parameter is no keyword of a schema."""
    if field.get("type") == "file":
        return {}
    return {key: value for key, value in field.items() if key not in ("required", "in")}


def single_file(node: Any) -> bool:
    """Whether every reference stays within the document."""
    if isinstance(node, dict):
        reference = node.get("$ref")
        inside = not isinstance(reference, str) or reference.startswith("#")
        return inside and all(single_file(each) for each in node.values())
    return all(single_file(each) for each in node) if isinstance(node, list) else True


__all__ = ["Operation", "Operations", "Parameter", "UnjudgedError", "single_file"]
