"""The full check over real documents, against an independent walk of their raw data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openapi_kit import URI

from pe4king_core.errors import DocumentError
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load
from pe4king_core.openapi.checks import checking
from pe4king_core.openapi.checks.elements import kind_of
from pe4king_core.openapi.checks.grammar import ElementKind
from pe4king_core.openapi.findings import faults, report
from pe4king_core.openapi.parsing.reading import read
from pe4king_core.openapi.schema.vocabulary import READ

ONE = frozenset(
    {"items", "additionalProperties", "additionalItems", "not", "if", "then", "else", "contains"}
    | {"propertyNames", "unevaluatedItems", "unevaluatedProperties", "contentSchema"}
)
MANY = frozenset({"allOf", "anyOf", "oneOf", "prefixItems", "items"})
NAMED = frozenset(
    {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"}
)
LITERAL = frozenset({"example", "examples", "default", "enum", "const", "value", "dataValue"})
NO_SCHEMAS = frozenset({"info", "tags", "servers", "security", "externalDocs", "securitySchemes"})
UNKNOWN = {"doc-field-unknown", "doc-field-version", "doc-schema-keyword"}


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every finding is shown."""
    for module in (faults, report, checking):
        for name in ("MAX_ALIKE", "MAX_PER_CODE", "MAX_FINDINGS"):
            monkeypatch.setattr(module, name, 10**9, raising=False)


def documents(folder: Path) -> Iterator[tuple[Path, object, ApiDocument]]:
    """Path, raw data and loaded document of every readable document below `folder`."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".json", ".yaml", ".yml") or path.name == "manifest.json":
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        try:
            yield path, read(text), load(text, URI)
        except DocumentError:
            continue


def escaped(name: object) -> str:
    """A token of a JSON pointer."""
    return str(name).replace("~", "~0").replace("/", "~1")


def schemas(value: object, pointer: str = "", key: str = "") -> Iterator[tuple[str, dict]]:
    """Pointer and object of every schema, by the position alone (no code of ours)."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from schemas(item, f"{pointer}/{number}")
    if not isinstance(value, dict):
        return
    for name, member in ((str(name), member) for name, member in value.items()):
        inner = f"{pointer}/{escaped(name)}"
        if name in ("schema", "itemSchema"):
            yield from within(member, inner)
        elif name in ("schemas", "definitions") and isinstance(member, dict):
            for own, schema in member.items():
                yield from within(schema, f"{inner}/{escaped(own)}")
        elif name not in LITERAL | NO_SCHEMAS and not name.startswith("x-"):
            yield from schemas(member, inner, name)


def within(schema: object, pointer: str) -> Iterator[tuple[str, dict]]:
    """A schema and all below it."""
    if not isinstance(schema, dict):
        return
    yield pointer, schema
    for name, member in schema.items():
        if name in ONE and isinstance(member, dict):
            yield from within(member, f"{pointer}/{name}")
        if name in MANY and isinstance(member, list):
            for number, item in enumerate(member):
                yield from within(item, f"{pointer}/{name}/{number}")
        if name in NAMED and isinstance(member, dict):
            for own, item in member.items():
                yield from within(item, f"{pointer}/{name}/{escaped(own)}")


def check_keywords(folder: Path) -> int:
    """Every keyword is in the vocabulary, told, or beside a `$ref` that hides it; how many."""
    count = 0
    for path, data, document in documents(folder):
        named = {finding.pointer for finding in document.findings}
        ignores = document.specification.startswith(("2", "3.0"))
        hidden: list[str] = []
        for pointer, schema in schemas(data):
            if ignores and isinstance(schema.get("$ref"), str):
                hidden.append(f"{pointer}/")
            for keyword in schema:
                count += 1
                at = f"{pointer}/{escaped(keyword)}"
                known = keyword in READ or str(keyword).startswith("x-") or at in named
                assert known or at.startswith(tuple(hidden)), f"{path}: {at}"
    return count


def check_kinds(folder: Path) -> int:
    """Pointers without a meaning are exactly those that a finding calls unknown."""
    count = 0
    for path, data, document in documents(folder):
        unknown = {
            f.pointer for f in document.findings if f.code in UNKNOWN and "#" not in f.pointer
        }
        for pointer in unknown:
            assert kind_of(pointer, document.specification) is ElementKind.UNKNOWN, pointer
        wrong = {f.pointer for f in document.findings if f.code == "doc-not-a-mapping"}
        hidden = tuple(pointer + "/" for pointer in unknown | wrong)
        for pointer in pointers(data, limit=20_000):
            count += 1
            if kind_of(pointer, document.specification) is ElementKind.UNKNOWN:
                assert pointer in unknown or pointer.startswith(hidden), f"{path}: {pointer}"
    return count


def pointers(data: object, limit: int) -> Iterator[str]:
    """Pointers of everything that is not beside a `$ref`."""
    waiting = [("", data)]
    while waiting and limit:
        pointer, value = waiting.pop()
        limit -= 1
        yield pointer
        if isinstance(value, dict) and not isinstance(value.get("$ref"), str):
            for name, member in value.items():
                waiting.append((f"{pointer}/{escaped(name)}", member))
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{number}", item) for number, item in enumerate(value)]


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize("part", ["small", "edge", "examples", "multi"])
def test_every_keyword_is_modelled_or_told(shared_specs: Path, part: str) -> None:
    assert check_keywords(shared_specs / part) > 50


@pytest.mark.slow
@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize("part", ["mid", "large"])
def test_every_keyword_of_large_documents_is_modelled_or_told(
    shared_specs: Path, part: str
) -> None:
    assert check_keywords(shared_specs / part) > 10_000


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize("part", ["small", "edge", "examples"])
def test_every_element_has_a_kind(shared_specs: Path, part: str) -> None:
    assert check_kinds(shared_specs / part) > 1_000


@pytest.mark.slow
@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize("part", ["mid", "large"])
def test_every_element_of_large_documents_has_a_kind(shared_specs: Path, part: str) -> None:
    assert check_kinds(shared_specs / part) > 20_000


@pytest.mark.slow
def test_real_documents_are_not_scolded(shared_specs: Path) -> None:
    """Documents of the OpenAPI Initiative are sound; others have no errors at all."""
    for path, _, document in documents(shared_specs / "examples"):
        serious = [f for f in document.findings if f.severity != "information"]
        assert serious == [], path
    for path, _, document in documents(shared_specs / "mid"):
        errors = [f for f in document.findings if f.severity == "error"]
        assert errors == [], path
