"""Every real document of the shared corpus: loads or says why, with its operations in place."""

from __future__ import annotations

import json
import os
import random
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path, PurePosixPath

import pytest
from openapi_kit import schemas_of

from pe4king_core.errors import DocumentError
from pe4king_core.model.json import join, split
from pe4king_core.model.text import Encoding, LineTable, Span
from pe4king_core.openapi import is_openapi, load
from pe4king_core.openapi.layout.keys import unquoted
from pe4king_core.openapi.raw import key_text
from pe4king_core.openapi.schema.slice import to_json_schema
from pe4king_core.openapi.units.document_text import DocumentText

pytestmark = pytest.mark.slow

SHARED = Path(os.environ.get("PE4KING_SHARED", Path(__file__).parents[2].parent / "shared"))
SPECS = SHARED / "specs"
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
KINDS = {"parameters", "responses", "properties", "examples", "paths", "schemas", "headers"}
"""Keys whose members' positions are looked at."""

DOCUMENTS = sorted(
    path.relative_to(SPECS)
    for path in SPECS.rglob("*")
    if path.suffix in (".json", ".yaml", ".yml") and path.name != "manifest.json"
)

if not DOCUMENTS:
    pytest.skip(
        f"no documents at {SPECS}; set PE4KING_SHARED to the folder that holds `specs`",
        allow_module_level=True,
    )


@pytest.fixture(scope="module")
def counts() -> dict[str, int | str]:
    """Operations of each document as counted by those who collected them."""
    entries = json.loads((SPECS / "manifest.json").read_text(encoding="utf-8"))
    return {entry["file"]: entry["ops"] for entry in entries}


class Disk:
    """Files below the corpus."""

    def read(self, base_uri: str, reference: str) -> tuple[str, str] | None:
        path = (Path(base_uri).parent / reference).resolve()
        if not path.is_file() or not path.is_relative_to(SPECS.resolve()):
            return None
        return str(path), path.read_text(encoding="utf-8")


def _text(name: Path) -> str:
    return (SPECS / name).read_bytes().decode("utf-8", "replace")


def _independent(text: str) -> object:
    """The data, read without our code; None where a strict reader refuses it."""
    import fast_yaml

    try:
        return json.loads(text)
    except ValueError:
        try:
            return fast_yaml.safe_load(text)
        except ValueError:
            return None


def _items(data: object, section: str) -> dict[str, object]:
    paths = data.get(section) if isinstance(data, dict) else None
    return paths if isinstance(paths, dict) else {}


def _has_referenced_items(data: object, section: str) -> bool:
    return any(isinstance(i, dict) and "$ref" in i for i in _items(data, section).values())


def _expected(data: object, section: str) -> list[str]:
    """Operation keys, counted without our code; webhooks are there since OpenAPI 3.1."""
    if section == "webhooks" and not str(data.get("openapi", "")) >= "3.1":
        return []
    methods = METHODS | ({"query"} if str(data.get("openapi", "")) >= "3.2" else set())
    return [
        f"{method.upper()} {path}"
        for path, item in _items(data, section).items()
        if isinstance(item, dict) and not path.startswith("x-")
        for method in item
        if method in methods
    ]


@pytest.mark.parametrize("name", DOCUMENTS, ids=str)
def test_document(name: Path, counts: dict[str, int | str]) -> None:
    text = _text(name)
    try:
        document = load(text, str((SPECS / name).resolve()), Disk())
    except DocumentError as error:
        fragment = error.code in ("document-not-openapi", "document-not-a-mapping")
        assert fragment or PurePosixPath(name).name in (
            "invalid-yaml-syntax.yaml",
            "yamlbomb.yaml",
            "issue-1119.yaml",
        )
        assert not (fragment and is_openapi(text))
        return
    assert is_openapi(text)
    data = _independent(text)
    for section, operations in (("paths", document.operations), ("webhooks", document.webhooks)):
        if _has_referenced_items(data, section):
            continue
        keys = [operation.key for operation in operations]
        if section == "paths":
            assert counts[name.as_posix()] in (len(keys), "")
        assert data is None or keys == _expected(data, section)
        assert [f"{entry.method} {entry.path}" for entry in operations.entries] == keys
        for operation in operations:
            name_in_text = unquoted(operation.name_span.of(text)).upper()
            assert name_in_text == operation.method
    for operation in document.operations:
        if not _has_referenced_items(data, "paths"):
            assert document.operation_at(operation.name_span.start) is operation
    for finding in document.findings:
        assert finding.code.startswith(("doc-", "document-"))
        assert 0 <= finding.span.start <= finding.span.end <= len(text)


def _pointers(data: object) -> Iterator[str]:
    """Pointers of operations, parameters, responses, properties and examples."""
    waiting: list[tuple[str, str, object]] = [("", "", data)]
    while waiting:
        pointer, above, value = waiting.pop()
        if isinstance(value, dict):
            members = [(str(name), member) for name, member in value.items()]
        elif isinstance(value, list):
            members = [(str(number), member) for number, member in enumerate(value)]
        else:
            continue
        for name, member in members:
            inner = join(pointer, name)
            if above in KINDS or name in METHODS or name == "example":
                yield inner
            waiting.append((inner, name, member))


class _Editor:
    """The text between the columns of a span, found as an editor does."""

    def __init__(self, text: str, encoding: Encoding) -> None:
        self._table = LineTable(text)
        self._encoding = encoding
        self._lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)]

    def key_at(self, span: Span) -> str:
        start = self._table.position(span.start, self._encoding)
        end = self._table.position(span.end, self._encoding)
        assert start.line == end.line
        assert start.line == bisect_right(self._starts, span.start) - 1
        line = self._lines[start.line]
        if self._encoding is Encoding.UTF32:
            return line[start.column : end.column]
        name, width = ("utf-8", 1) if self._encoding is Encoding.UTF8 else ("utf-16-le", 2)
        units = line.encode(name)
        return units[start.column * width : end.column * width].decode(name)


@pytest.mark.parametrize("encoding", list(Encoding))
@pytest.mark.parametrize("part", ["edge", "examples", "small", "multi"])
def test_positions_point_at_their_keys(part: str, encoding: Encoding) -> None:
    _check_positions([name for name in DOCUMENTS if name.parts[0] == part], encoding, limit=60)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", list(Encoding))
def test_all_positions_point_at_their_keys(encoding: Encoding) -> None:
    _check_positions(DOCUMENTS, encoding, limit=3_000)


@pytest.mark.parametrize("encoding", list(Encoding))
def test_positions_after_wide_characters(encoding: Encoding) -> None:
    text = (
        "openapi: 3.1.0\npaths:\n  /é😀: {get: {summary: 😀 é, responses: {'200': "
        "{description: 😀, headers: {x-😀: {schema: {type: object, "
        "properties: {é😀n: {example: 1}}}}}}}}}\n"
    )
    positions, editor = DocumentText.read(text).positions, _Editor(text, encoding)
    found = list(_pointers(_independent(text)))
    assert len(found) == 6
    for pointer in found:
        span = positions.key_span(pointer)
        assert span is not None
        assert unquoted(editor.key_at(span)) == split(pointer)[-1]


def _check_positions(names: list[Path], encoding: Encoding, limit: int) -> None:
    """Keys of elements of every kind, in columns of `encoding`."""
    count = 0
    for name in names:
        text = _text(name)
        data = _independent(text)
        if not is_openapi(text) or not isinstance(data, dict) or "\r" in text:
            continue
        try:
            positions = DocumentText.read(text).positions
        except DocumentError:
            continue
        editor = _Editor(text, encoding)
        found = list(_pointers(data))
        for pointer in random.Random(1).sample(found, min(limit, len(found))):
            span = positions.key_span(pointer)
            if span is None:
                # An alias repeats what stands elsewhere.
                assert "*" in text or "<<" in text, (name, pointer)
                continue
            last = split(pointer)[-1]
            if "\n" in span.of(text) or (last.isdecimal() and not _is_key(data, pointer)):
                continue
            key = unquoted(editor.key_at(span))
            assert key == last or key_text(_yaml_value(key)) == last, (name, pointer)
            count += 1
    assert count > 50


def _is_key(data: object, pointer: str) -> bool:
    for token in split(pointer)[:-1]:
        data = data[int(token)] if isinstance(data, list) else _named(data, token)
    return isinstance(data, dict)


def _named(data: object, token: str) -> object:
    return next(value for name, value in data.items() if str(name) == token)


def _yaml_value(text: str) -> object:
    import fast_yaml

    return fast_yaml.safe_load(text)


@pytest.mark.parametrize("name", [d for d in DOCUMENTS if d.parts[0] != "large"], ids=str)
def test_all_schemas_can_be_walked(name: Path) -> None:
    try:
        document = load(_text(name), str((SPECS / name).resolve()), Disk())
    except DocumentError:
        return
    seen = 0
    for view in schemas_of(document, limit=20_000):
        seen += 1
        assert isinstance(view.nullable, bool)
        if seen % 50 == 0:
            to_json_schema(view, depth=2)
    assert seen < 20_000
