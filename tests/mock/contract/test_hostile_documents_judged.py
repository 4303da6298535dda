"""Documents and answers that mean harm: a verdict, or a clean word that there is none."""

from __future__ import annotations

import copy
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pe4king_core.mock.contract.exchanges import ExchangeJudge
from pe4king_core.mock.contract.pointers import UnjudgedError
from pe4king_core.mock.exchange import Answer, Exchange, Sent
from pe4king_core.openapi.parsing.reading import read
from tests.conftest import ROOT
from tests.mock.contract.raw_documents import answering, told

A = "#/components/schemas/A"
B = "#/components/schemas/B"
TO_A = {"$ref": A}
HOSTILE: dict[str, dict[str, Any]] = {
    "itself": {"A": TO_A},
    "itself in allOf": {"A": {"allOf": [TO_A]}},
    "not itself": {"A": {"not": TO_A}},
    "each other": {"A": {"anyOf": [{"$ref": B}]}, "B": {"oneOf": [TO_A, {"type": "string"}]}},
    "recursive": {"A": {"properties": {"a": TO_A}, "items": TO_A}},
    "backtracking": {"A": {"type": "string", "pattern": "^(a+)+$"}},
    "a pattern that is none": {"A": {"pattern": "("}},
    "huge": {"A": {"type": "array", "minItems": 10**30}},
    "no keywords": {"A": {"type": ["x"], "properties": [], "required": "a", "enum": 5}},
    "infinite": {"A": {"minimum": float("inf")}},
    "a list": {"A": [1]},
    "lost": {"B": {}},
}
BODIES = (
    b"5",
    b'"' + b"a" * 40 + b'!"',
    b"[" * 100_000,
    b"[" * 300 + b"]" * 300,
    b'{"a":' * 300 + b"1" + b"}" * 300,
    b"NaN",
    b"\xff\xfe",
    b"1" + b"0" * 5000,
    b'"\\ud800"',
    b"{}",
)
JUNK = (None, True, -1.5, "", "x", [], {}, {"$ref": "#/no"}, {"$ref": "#"}, {"$ref": 5}, [None])


@pytest.mark.parametrize("name", HOSTILE)
def test_schemas(name: str) -> None:
    raw = answering(TO_A, components=HOSTILE[name])
    for body in BODIES:
        try:
            told(raw, body)
        except UnjudgedError as error:
            assert str(error)  # noqa: PT017  # either end is right


def spoiled(data: Any, seed: int) -> Any:
    """The document with junk in some places."""
    random = Random(seed)
    made = copy.deepcopy(data)
    places = list(_places(made))
    for _ in range(random.choice((1, 3, 20))):
        holder, key = random.choice(places)
        holder[key] = copy.deepcopy(random.choice(JUNK))
    return made


def _places(node: Any) -> Any:
    for key in list(node) if isinstance(node, dict) else range(len(node)):
        yield node, key
        if isinstance(node[key], dict | list):
            yield from _places(node[key])


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_documents_with_junk_in_them(part: int) -> None:
    data = _bookstore()
    ends: Counter[str] = Counter()
    for seed in range(part * 50, part * 50 + 50):
        judge = ExchangeJudge(spoiled(data, seed))
        for path in data["paths"]:
            for method in ("GET", "POST", "DELETE"):
                ends[_end(judge, f"{method} {path}")] += 1
    assert ends["judged"] > ends["unjudged"] > 0


def _end(judge: ExchangeJudge, key: str) -> str:
    method, _, path = key.partition(" ")
    headers = (("Content-Type", "application/json"), ("X-API-Key", "a"))
    target = path.replace("{", "").replace("}", "") + "?limit=5"
    sent = Sent(method, target, headers, b'{"title": "a"}')
    try:
        for status in (200, 404):
            judge.faults(Exchange(sent, Answer(status, headers, b'{"id": 1}')), key)
    except UnjudgedError:
        return "unjudged"
    return "judged"


def _bookstore() -> Any:
    path: Path = ROOT / "examples" / "bookstore" / "openapi.yaml"
    return read(path.read_text(encoding="utf-8"))
