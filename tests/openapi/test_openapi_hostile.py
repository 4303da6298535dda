"""Documents that mean harm, and damaged real ones: findings or an error with a line, no more.

They are loaded in processes of limited memory; who dies or hangs there fails here by name.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import hostile_loading
import pytest
from hostile_documents import DOCUMENTS, schema
from hypothesis import given, settings
from hypothesis import strategies as st

PROGRAM = Path(hostile_loading.__file__)
MEGABYTES = 4_000
PIECES = st.sampled_from(
    [
        *(
            "\n",
            "\n  ",
            "\n    ",
            "  ",
            " ",
            ":",
            ": ",
            "- ",
            "? ",
            "{",
            "}",
            "[",
            "]",
            ",",
            '"',
            "'",
        ),
        *("#", "|", ">", "&a ", "*a", "!!set ", "!x ", "<<: ", "%", "---", "...", "\t", "\r", "\\"),
        *(
            "\0",
            "\ud800",
            "\u2028",
            "\ufeff",
            "1",
            "0x1F",
            "1e999",
            ".nan",
            "~",
            "true",
            "/x",
            "{id}",
        ),
        *("openapi: 3.1.0\n", "swagger: '2.0'\n", '{"openapi": "3.0.0", ', "paths", "get", "$ref"),
        *("components", "schemas", "properties", "allOf", "type", "responses", "200", "parameters"),
        *("#/components/schemas/A", "#/paths", "schema", "content", "application/json", "required"),
    ]
)


def outcomes(scale: int, seconds: int, arguments: list[str]) -> dict[str, dict[str, object]]:
    """What came of each document; one that hung or killed the process is a failure."""
    command = [sys.executable, str(PROGRAM), str(scale), str(MEGABYTES), *arguments]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
        output, end = run.stdout, f"died ({run.returncode}): {run.stderr[-500:]}"
    except subprocess.TimeoutExpired as error:
        output, end = (error.stdout or b"").decode(), "hangs"
    found: dict[str, dict[str, object]] = {}
    for line in output.splitlines():
        entry = json.loads(line)
        found[entry["name"]] = entry
    for entry in found.values():
        if len(entry) == 1:
            entry["failure"] = end
    return found


@pytest.mark.slow
def test_hostile_documents():
    found = outcomes(10_000, 120, [])
    assert {name: entry for name, entry in found.items() if "failure" in entry} == {}
    assert found.keys() == DOCUMENTS.keys()
    for name, code in {
        "laughs": "document-aliases",
        "alias of what holds it": "document-syntax",
        "brackets": "document-too-deep",
        "indents": "document-too-deep",
        "objects in JSON": "document-too-deep",
        "long hexadecimal number": "document-number",
        "unclosed quoted key": "document-syntax",
        "documents": "doc-several-documents",
        "duplicate keys in JSON": "doc-duplicate-key",
        "control characters": "doc-control-character",
        "surrogate in a path": "doc-surrogate",
        "files of the system": "doc-ref-remote",
        "references in a circle": "doc-ref-cycle",
    }.items():
        assert code in found[name]["codes"], name


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_hostile_documents_of_full_size(name):
    assert "failure" not in outcomes(250_000, 120, [name])[name]


@settings(max_examples=200)
@given(st.lists(PIECES | st.text(max_size=5), max_size=60).map("".join))
def test_any_text(text):
    hostile_loading.outcome(text)


@settings(max_examples=100)
@given(st.lists(PIECES, max_size=30).map("".join), st.integers(0, 400))
def test_any_text_inside_a_document(text, place):
    sound = schema("{type: object, properties: {a: {type: string}}}")
    place = min(place, len(sound))
    hostile_loading.outcome(sound[:place] + text + sound[place:])


def mutants(folder: Path, seed: int, count: int, largest: int) -> list[str]:
    """Names and seeds for `hostile_loading.py`, which makes the damaged documents itself."""
    paths = [
        path
        for path in sorted(folder.rglob("*.*"))
        if path.suffix in (".yaml", ".yml", ".json") and 200 < path.stat().st_size < largest
    ]
    source = random.Random(seed)
    return [f"{source.choice(paths)}#{source.randrange(1 << 30)}" for _ in range(count)]


def test_damaged_real_documents(shared_specs: Path):
    names = mutants(shared_specs, 1, 300, 12_000)
    found = outcomes(0, 120, names)
    assert {name: entry for name, entry in found.items() if "failure" in entry} == {}
    assert len(found) == len(set(names))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 4))
def test_more_damaged_real_documents(shared_specs: Path, seed: int):
    names = mutants(shared_specs, seed, 300, 100_000)
    found = outcomes(0, 590, names)
    assert {name: entry for name, entry in found.items() if "failure" in entry} == {}
    assert len(found) == len(set(names))
