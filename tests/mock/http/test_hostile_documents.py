"""Documents that are broken, half-typed or odd: a clean refusal, or a server that answers."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.errors import DocumentError
from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.handled import Why
from pe4king_core.mock.service import Service
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import UnreadableError, read
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

MOST_OPERATIONS = 25
_ODD: tuple[Any, ...] = (
    None, True, -1, 1e308, "", "$ref", "{a}", [], {}, [None], {"": {}}, {"$ref": "#"}, {"$ref": 1},
    {"type": ["null", "x"]}, {"oneOf": []}, {"allOf": [None, True]}, {"minItems": 10**12},
    {"type": "string", "pattern": "(a+)+$", "minLength": 10**9}, {"enum": []}, {"const": {"a": []}},
    {"type": "array", "items": {"$ref": "#/paths"}}, "2XX", {"200": {"content": {"*/*": {}}}},
)  # fmt: skip


def tried(text: str, name: str) -> int:
    """How many requests were answered; 0 where the document is refused. Fails on any failure."""
    try:
        document = load(text, name)
    except DocumentError:
        return 0
    service = Service(document)
    answered = 0
    for operation in document.operations[:MOST_OPERATIONS]:
        for sent in requests(operation.method, operation.path):
            handled = service.answer(sent)
            assert handled.why is not Why.ERROR, (name, operation.key)
            assert 100 <= handled.answer.status <= 599
            answered += 1
    for sent in requests("GET", "/no/such/path"):
        assert service.answer(sent).why is not Why.ERROR
    return answered


def requests(method: str, path: str) -> Iterator[Sent]:
    headers = [("Content-Type", "application/json"), ("Authorization", "Bearer t")]
    target = path.replace("{", "").replace("}", "")
    for body in (b"", b"{}", b'{"a": [1, null]}'):
        yield Sent(method, target, headers, body)
    yield Sent(method, f"{target}?a=1&b[c]=2", [("Accept", "text/html;q=x")])
    yield Sent("HEAD", target, [])


def test_documents_of_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*ROOT.glob("tests/**/data/**/*.y*ml"), *ROOT.glob("tests/**/data/**/*.json")]
    texts += [*ROOT.glob("examples/**/openapi*.y*ml"), *ROOT.glob("examples/**/openapi*.json")]
    assert sum(tried(path.read_text("utf-8", "replace"), str(path)) for path in texts)


def test_public_documents_that_are_broken_on_purpose(shared_specs: Path) -> None:
    paths = [path for path in (shared_specs / "edge").rglob("*") if path.is_file()]
    answered = [tried(path.read_text("utf-8", "replace"), str(path)) for path in sorted(paths)]
    assert 0 in answered
    assert sum(answered)


@pytest.mark.parametrize("seed", range(6))
def test_half_typed_documents(seed: int) -> None:
    text = (ROOT / "examples" / "bookstore" / "openapi.yaml").read_text(encoding="utf-8")
    chance = random.Random(seed)
    answered = 0
    for _ in range(10):
        cut, end = sorted(chance.randrange(len(text)) for _ in range(2))
        answered += tried(text[:end], "cut.yaml")
        answered += tried(text[:cut] + text[min(end, cut + 200) :], "gap.yaml")
    assert answered


@pytest.mark.parametrize("seed", range(8))
def test_documents_with_odd_values_anywhere(seed: int) -> None:
    raw = read((ROOT / "examples" / "bookstore" / "openapi.yaml").read_text(encoding="utf-8"))
    chance = random.Random(seed)
    answered = 0
    for _ in range(12):
        broken = json.loads(json.dumps(raw))
        for _ in range(chance.randrange(1, 6)):
            _break(broken, chance)
        answered += tried(json.dumps(broken), "odd.json")
    assert answered


def _break(document: Any, chance: random.Random) -> None:
    """One member somewhere becomes something else, all places being as likely."""
    node, key = chance.choice(list(_places(document)))
    node[key] = deepcopy(chance.choice(_ODD))


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(node) if isinstance(node, dict) else range(len(node))
    for key in keys:
        yield node, key
        if isinstance(node[key], dict | list):
            yield from _places(node[key])


def test_what_is_no_document_is_refused() -> None:
    for text in ("", "\0", "[]", "null", "{", "openapi: 3.1.0", "a: &a [*a]", "\ufeff{}"):
        assert tried(text, "x.yaml") == 0
    with pytest.raises(UnreadableError):
        read("{")
