"""Every document: negatives are invalid and edges valid, as an independent validator says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.generation.proofs.proving import (
    PLACES,
    certainly_invalid,
    json_media,
    media_of,
)
from pe4king_core.generation.requests import requests
from pe4king_core.generation.requests.requests import changed_value, valid_request
from pe4king_core.generation.variations.edge import edge_cases, sent_values
from pe4king_core.generation.variations.negative import negative_cases
from pe4king_core.generation.variations.schema_memo import SchemaMemo
from pe4king_core.model.case import Request, TestPlan
from pe4king_core.model.fact import Basis, CaseFact, CaseKind, Change, ChangeIn, ChangeKind
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.openapi import load
from pe4king_core.openapi.schema.values import Direction, violations
from tests.generation.schema_judge import SchemaJudge

pytestmark = pytest.mark.slow

_SHARED = Path(os.environ.get("PE4KING_SHARED", Path(__file__).parents[2].parent / "shared"))
_SPECS = _SHARED / "specs"
_AT_LEAST = {"mid/docker.yaml": 1_000, "mid/resend.yaml": 800, "large/github-api.json": 8_000}
_BROKEN = ("invalid", "malicious", "fail")


def documents() -> list[str]:
    found = [
        path.relative_to(_SPECS).as_posix()
        for path in sorted(_SPECS.rglob("*"))
        if path.suffix in (".json", ".yaml", ".yml") and path.parent != _SPECS
    ]
    whole = (name for name in found if not name.startswith("multi/"))
    return [name for name in whole if not any(word in name for word in _BROKEN)]


@dataclass
class Judgement:
    """What the judge said of the cases of one document."""

    judge: SchemaJudge
    judged: int = 0
    wrong: list[str] = field(default_factory=list)

    def request(self, request: Request, operation: Operation) -> None:
        """Judges a valid request; a body that several branches of oneOf allow may be sent."""
        media = media_of(operation.request_body, request) if operation.request_body else None
        positive = CaseFact(operation.key, CaseKind.POSITIVE, Message("valid request", ""))
        schema = media.schema if media is not None and media.is_json else None
        sent = request.body.value if request.body is not None else None
        if media and schema and not violations(sent, schema, direction=Direction.REQUEST):
            self._tell(positive, sent, f"{media.pointer}/schema", valid=True)
        for parameter in requests.tested_parameters(operation):
            values = sent_values(request, parameter.location)
            if parameter.name in values and parameter.schema is not None:
                self._tell(positive, values[parameter.name], parameter.schema.pointer, valid=True)

    def body(self, case: CaseFact, request: Request, operation: Operation, *, valid: bool) -> None:
        """Judges the body of `case`: JSON as a whole, forms field by field."""
        media = media_of(operation.request_body, request) if operation.request_body else None
        changes = [change for change in case.changes if change.where is ChangeIn.BODY]
        if media is None or media.schema is None or request.body is None or not changes:
            return
        if any(is_no_value(change) for change in changes):
            return
        if json_media(operation.request_body, request) is not None:
            for variant in (changes,) if valid else variants(changes):
                value = request.body.value
                for change in variant:
                    value = changed_value(value, change)
                self._tell(case, value, f"{media.pointer}/schema", valid=valid)
            return
        for change in changes:
            stated = media.schema.properties.get(change.name.removeprefix("/"))
            if change.kind is not ChangeKind.REMOVE and stated is not None:
                for value in (change.value,) if valid else looks(change.value):
                    self._tell(case, value, stated.pointer, valid=valid)

    def parameters(self, case: CaseFact, operation: Operation, *, valid: bool) -> None:
        """Judges the values that `case` gives to parameters, and the numbers they look like."""
        for change in case.changes:
            if change.where not in PLACES or change.kind is ChangeKind.REMOVE:
                continue
            if case.basis is Basis.LAW:
                continue
            pointer = parameter_schema(change, operation)
            for value in (change.value,) if valid else looks(change.value):
                self._tell(case, value, pointer, valid=valid)

    def _tell(self, case: CaseFact, value: Any, pointer: str, *, valid: bool) -> None:
        verdict = self.judge.is_valid(value, pointer)
        self.judged += verdict is not None
        if verdict is (not valid):
            self.wrong.append(f"{case.operation}: {case.title.en}: {str(value)[:200]} at {pointer}")


def is_no_value(change: Change) -> bool:
    """Whether the change leaves no JSON value to judge."""
    whole = not change.name and change.kind is ChangeKind.REMOVE
    return whole or change.kind is ChangeKind.RAW


def variants(changes: list[Change]) -> Iterator[list[Change]]:
    """The changes, and what a lenient server could see instead of a single one."""
    yield changes
    [change, *more] = changes
    if more or change.kind is ChangeKind.ADD:
        return
    if change.kind is ChangeKind.REMOVE:
        yield [replace(change, kind=ChangeKind.SET, value=None)]
        return
    for value in looks(change.value):
        yield [replace(change, value=value)]


def parameter_schema(change: Change, operation: Operation) -> str:
    location = PLACES[change.where]
    [found] = [p for p in operation.parameters if (p.name, p.location) == (change.name, location)]
    return found.schema.pointer if found.schema is not None else found.pointer


def looks(value: Any) -> Iterator[Any]:
    """The value, and what its text looks like; written apart from the product's own list."""
    yield value
    if isinstance(value, str):
        for read in (int, float):
            try:
                yield read(value)
            except ValueError:
                continue
        yield [value]
    elif isinstance(value, int | float):
        yield str(value)


@pytest.mark.skipif(not _SPECS.is_dir(), reason="PE4KING_SHARED has no documents")
@pytest.mark.parametrize("name", documents())
def test_negatives_are_invalid_and_all_others_are_valid(name: str) -> None:
    path = _SPECS / name
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        pytest.skip("not UTF-8")
    operations = load(text, path.as_uri()).operations
    if not len(operations):
        pytest.skip("no operations")
    judgement, memo, plan = Judgement(SchemaJudge(path)), SchemaMemo(), TestPlan()
    for operation in operations:
        request = valid_request(operation)
        if certainly_invalid(request, operation):
            continue
        judgement.request(request, operation)
        for case in negative_cases(operation, plan, request, memo).cases:
            judgement.body(case, request, operation, valid=False)
            judgement.parameters(case, operation, valid=False)
        for case in edge_cases(operation, plan, request, memo).cases:
            judgement.body(case, request, operation, valid=True)
            judgement.parameters(case, operation, valid=True)
    assert judgement.wrong == []
    assert judgement.judged >= _AT_LEAST.get(name, 0)


@pytest.mark.skipif(not _SPECS.is_dir(), reason="PE4KING_SHARED has no documents")
def test_the_judge_tells_valid_from_invalid() -> None:
    judge = SchemaJudge(_SPECS / "small/petstore3.yaml")
    assert judge.is_valid({"name": "a", "photoUrls": []}, "/components/schemas/Pet") is True
    assert judge.is_valid({"name": "a"}, "/components/schemas/Pet") is False
    assert judge.is_valid({}, "/components/schemas/Nothing") is None
