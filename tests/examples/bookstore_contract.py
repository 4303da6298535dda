"""The bookstore's document as a judge: what it documents, and whether an answer keeps to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import fast_yaml
import httpx
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

BOOKSTORE = Path(__file__).resolve().parents[2] / "examples" / "bookstore"
METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
URI = "urn:bookstore"


def load_document() -> dict[str, Any]:
    """The document as plain data."""
    return fast_yaml.safe_load((BOOKSTORE / "openapi.yaml").read_text(encoding="utf-8"))


def token(text: str) -> str:
    """`text` as one token of a JSON pointer."""
    return text.replace("~", "~0").replace("/", "~1")


@dataclass(frozen=True)
class Operation:
    """One operation with its `$ref`s to parameters, responses and headers followed."""

    id: str
    method: str
    path: str
    pointer: str
    parameters: list[dict[str, Any]]
    body: dict[str, Any] | None
    responses: dict[str, dict[str, Any]]
    schemes: list[str]
    links: dict[str, dict[str, Any]]


class Contract:
    """Reads the document once; validates values and answers against it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        resource = Resource(contents=document, specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(URI, resource)
        self.operations = {operation.id: operation for operation in self._operations()}

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        """`node`, or what it refers to."""
        while "$ref" in node:
            node = self.at(node["$ref"].removeprefix("#"))
        return node

    def at(self, pointer: str) -> Any:
        """The part of the document at `pointer`."""
        node: Any = self.document
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            node = node[int(name)] if isinstance(node, list) else node[name]
        return node

    def errors(self, schema_pointer: str, value: Any) -> list[str]:
        """Why `value` breaks the schema at `schema_pointer`; empty where it does not."""
        return self.errors_of({"$ref": f"{URI}#{quote(schema_pointer, safe='/~')}"}, value)

    def errors_of(self, schema: dict[str, Any], value: Any) -> list[str]:
        """The same for a schema given as it is; `#/...` references do not work in it."""
        validator = Draft202012Validator(
            schema, registry=self._registry, format_checker=FormatChecker()
        )
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]

    def breaches(self, operation: Operation, response: httpx.Response) -> list[str]:
        """Everything in which `response` departs from the document."""
        documented = operation.responses.get(str(response.status_code))
        if documented is None:
            return [f"status {response.status_code} is not documented: {response.text[:300]}"]
        return [
            *self._header_breaches(documented, response),
            *self._body_breaches(operation, documented, response),
        ]

    def _header_breaches(
        self, documented: dict[str, Any], response: httpx.Response
    ) -> Iterator[str]:
        for name, reference in documented.get("headers", {}).items():
            header = self.resolve(reference)
            text = response.headers.get(name)
            if text is None:
                yield f"header {name} is missing"
                continue
            value = json.loads(text) if header["schema"]["type"] == "integer" else text
            yield from (f"{name}: {why}" for why in self.errors_of(header["schema"], value))

    def _body_breaches(
        self, operation: Operation, documented: dict[str, Any], response: httpx.Response
    ) -> Iterator[str]:
        if "content" not in documented:
            if response.content:
                yield f"a body where none is documented: {response.text[:300]}"
            return
        media_type = response.headers.get("Content-Type", "").split(";")[0]
        if media_type not in documented["content"]:
            yield f"content type {media_type!r} is not documented"
            return
        yield from self.errors(
            f"{documented['pointer']}/content/{token(media_type)}/schema", response.json()
        )

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield self._operation(path, method, item)

    def _operation(self, path: str, method: str, item: dict[str, Any]) -> Operation:
        node = item[method]
        pointer = f"/paths/{token(path)}/{method}"
        responses = {}
        for status, response in node["responses"].items():
            place = response.get("$ref", f"#{pointer}/responses/{status}").removeprefix("#")
            responses[status] = {**self.resolve(response), "pointer": place}
        links = {}
        for response in responses.values():
            links.update(response.get("links", {}))
        return Operation(
            id=node["operationId"],
            method=method.upper(),
            path=path,
            pointer=pointer,
            parameters=[
                self.resolve(one)
                for one in (*item.get("parameters", ()), *node.get("parameters", ()))
            ],
            body=node.get("requestBody"),
            responses=responses,
            schemes=[
                name for one in node.get("security", self.document["security"]) for name in one
            ],
            links=links,
        )


def examples_of(node: dict[str, Any]) -> list[Any]:
    """The values of `example` and `examples` of a parameter, header or media type."""
    named = [example["value"] for example in node.get("examples", {}).values()]
    return [node["example"], *named] if "example" in node else named
