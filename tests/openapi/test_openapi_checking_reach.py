"""What operations reach, in any graph of references, compared with a plain search."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pe4king_core.openapi import load
from pe4king_core.openapi.checks.checking import MAX_REACHED

FAULTS: dict[str, dict[str, Any]] = {
    "doc-ref-unresolved": {"$ref": "#/components/schemas/Nothing"},
    "doc-schema-negative": {"type": "string", "minLength": -1},
    "doc-schema-keyword-type": {"type": "integer", "maxLength": 5},
}


def reference(number: int) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/S{number}"}


def document(targets: list[list[int]], faults: list[list[str]], starts: list[int]) -> str:
    schemas = {
        f"S{number}": {
            "type": "object",
            "properties": {f"r{other}": reference(other) for other in targets[number]}
            | {code: FAULTS[code] for code in faults[number]},
        }
        for number in range(len(targets))
    }
    paths = {
        f"/p{number}": {
            "get": {
                "responses": {
                    "200": {"description": "x", "content": {"a/b": {"schema": reference(start)}}}
                }
            }
        }
        for number, start in enumerate(starts)
    }
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": paths,
            "components": {"schemas": schemas},
        }
    )


def reached(start: int, targets: list[list[int]]) -> set[int]:
    seen, waiting = {start}, [start]
    while waiting:
        new = set(targets[waiting.pop()]) - seen
        seen |= new
        waiting += new
    return seen


@given(st.data())
def test_an_operation_has_the_faults_of_all_it_reaches_and_no_others(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 8))
    numbers = st.integers(0, size - 1)
    targets = data.draw(st.lists(st.lists(numbers, max_size=3), min_size=size, max_size=size))
    codes = st.lists(st.sampled_from(sorted(FAULTS)), max_size=2, unique=True)
    faults = data.draw(st.lists(codes, min_size=size, max_size=size))
    starts = data.draw(st.lists(numbers, min_size=1, max_size=5))
    found = load(document(targets, faults, starts), "file:///api.json")
    for operation, start in zip(found.operations, starts, strict=True):
        expected = {
            (code, f"/components/schemas/S{number}/properties/{code}")
            for number in reached(start, targets)
            for code in faults[number]
        }
        assert {
            (finding.code, pointer)
            for finding in operation.findings
            for _, pointer in expected
            if finding.pointer.startswith(pointer)
        } == expected
        assert len(operation.findings) == len(expected)


def test_of_too_many_the_gravest_are_told() -> None:
    size = MAX_REACHED + 50
    targets = [[(number + 1) % size] for number in range(size)]
    faults = [["doc-schema-keyword-type"] for _ in range(size)]
    faults[size // 2] = ["doc-ref-unresolved"]
    faults[size - 1] = ["doc-schema-negative"]
    found = load(document(targets, faults, [0, 7]), "file:///api.json")
    for operation in found.operations:
        codes = {finding.code for finding in operation.findings}
        assert {"doc-ref-unresolved", "doc-schema-negative"} < codes
        assert len(operation.findings) <= MAX_REACHED
