"""Every real document of the shared corpus: loads or says why, with its operations in place."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePosixPath

import pytest
from openapi_kit import schemas_of

from pe4king_core.errors import DocumentError
from pe4king_core.openapi import is_openapi, load
from pe4king_core.openapi.keys import unquoted
from pe4king_core.openapi.slice import to_json_schema

SHARED = Path(os.environ.get("PE4KING_SHARED", Path(__file__).parents[2].parent / "shared"))
SPECS = SHARED / "specs"
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
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


def _items(text: str) -> dict[str, object]:
    data = _independent(text)
    paths = data.get("paths") if isinstance(data, dict) else None
    return paths if isinstance(paths, dict) else {}


def _has_referenced_items(text: str) -> bool:
    return any(isinstance(item, dict) and "$ref" in item for item in _items(text).values())


def _expected(text: str) -> list[str]:
    """Operation keys, counted without our code."""
    return [
        f"{method.upper()} {path}"
        for path, item in _items(text).items()
        if isinstance(item, dict) and not path.startswith("x-")
        for method in item
        if method in METHODS
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
    keys = [operation.key for operation in document.operations]
    if not _has_referenced_items(text):
        assert counts[name.as_posix()] in (len(keys), "")
        assert keys == _expected(text) or _independent(text) is None
        for operation in document.operations:
            name_in_text = unquoted(operation.name_span.of(text)).upper()
            assert name_in_text == operation.method
            assert document.operation_at(operation.name_span.start) is operation
    for finding in document.findings:
        assert finding.code.startswith(("doc-", "document-"))
        assert 0 <= finding.span.start <= finding.span.end <= len(text)


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
