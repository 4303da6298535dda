"""Callbacks, webhooks, links and server variables of the shared corpus, counted twice."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.errors import DocumentError
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load

FOLDERS = ("examples", "edge", "small", "mid")
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


class Raw:
    """A document as plain data, walked without our code."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def target(self, value: Any) -> Any:
        for _ in range(20):
            if not (isinstance(value, dict) and isinstance(value.get("$ref"), str)):
                return value
            found: Any = self.data
            for token in value["$ref"].removeprefix("#").split("/")[1:]:
                name = token.replace("~1", "/").replace("~0", "~")
                found = found.get(name) if isinstance(found, dict) else None
            value = found
        return value

    def members(self, holder: Any, name: str) -> Iterator[tuple[str, Any]]:
        section = self.target(holder.get(name)) if isinstance(holder, dict) else None
        for key, value in section.items() if isinstance(section, dict) else ():
            if not str(key).startswith("x-"):
                yield str(key), self.target(value)

    def operations(self, section: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        for _, item in self.members(self.data, section):
            for method, operation in item.items() if isinstance(item, dict) else ():
                if method in METHODS and isinstance(operation, dict):
                    yield item, operation

    def counts(self) -> Counter[str]:
        found: Counter[str] = Counter()
        version = str(self.data.get("openapi", "2"))
        found["variables"] += self.variables(self.data)
        if version >= "3.1":
            found["webhooks"] = sum(1 for _ in self.operations("webhooks"))
        for _, operation in self.operations("paths"):
            for _, callback in self.members(operation, "callbacks"):
                found["callbacks"] += len(callback)
                found["callback operations"] += sum(len(METHODS & {*i}) for i in callback.values())
            for _, response in self.members(operation, "responses"):
                found["links"] += len([*self.members(response, "links")])
        return +found

    def variables(self, holder: dict[str, Any]) -> int:
        return sum(
            len({*re.findall(r"\{([^{}]+)\}", server["url"])} & {*server.get("variables", {})})
            for server in holder.get("servers") or ()
            if "url" in server
        )


def modelled(document: ApiDocument) -> Counter[str]:
    found: Counter[str] = Counter()
    found["variables"] = sum(len(server.variables) for server in document.servers)
    found["webhooks"] = len(document.webhooks)
    for operation in document.operations:
        found["callbacks"] += len(operation.callbacks)
        found["callback operations"] += sum(len(each.operations) for each in operation.callbacks)
        found["links"] += sum(len(response.links) for response in operation.responses.values())
    return +found


def data_of(text: str) -> Any:
    import fast_yaml

    try:
        return json.loads(text)
    except ValueError:
        try:
            return fast_yaml.safe_load(text)
        except ValueError:
            return None


def test_counts_equal_an_independent_count(shared_specs: Path) -> None:
    total: Counter[str] = Counter()
    for folder in FOLDERS:
        for path in sorted((shared_specs / folder).rglob("*")):
            if path.suffix not in (".json", ".yaml", ".yml"):
                continue
            text = path.read_bytes().decode("utf-8", "replace")
            try:
                document = load(text, path.as_uri())
            except DocumentError:
                continue
            data = data_of(text)
            if isinstance(data, dict):
                counted = Raw(data).counts()
                assert modelled(document) == counted, path
                total += counted
    assert total == {
        "callbacks": 5,
        "callback operations": 5,
        "links": 9,
        "variables": 12,
        "webhooks": 24,
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("examples/learn-openapis/v3.0/link-example.yaml", {"links": 4}),
        ("examples/learn-openapis/v3.0/uspto.yaml", {"variables": 1}),
        ("examples/learn-openapis/v3.1/webhook-example.yaml", {"webhooks": 1}),
    ],
)
def test_counts_of_known_documents(shared_specs: Path, name: str, expected: dict[str, int]) -> None:
    path = shared_specs / name
    assert modelled(load(path.read_text(encoding="utf-8"), path.as_uri())) == expected
