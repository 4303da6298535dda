"""Contract mutants over real documents: the judge rejects each and accepts what it was before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pe4king_core.errors import DocumentError
from pe4king_core.mock.answers.answers import Answers
from pe4king_core.mock.contract.answers import AnswerJudge
from pe4king_core.mock.contract.bundling import bundled, may_lead_elsewhere
from pe4king_core.mock.contract.exchanges import ExchangeJudge
from pe4king_core.mock.exchange import Answer, Exchange, Sent
from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.mutants.contract import IGNORING, ContractMutants, mutated
from pe4king_core.mock.mutants.operators import Breaks, Ignores
from pe4king_core.model.operation import Operation
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import UnreadableError, read
from tests.e2e.documents import SPECS, Disk
from tests.mock.mutants.mutated_services import Subject, subject_at

pytestmark = pytest.mark.slow

TURNS = 3
STEP = 2
RARE = frozenset({Breaks.NO_HEADER, Breaks.NOT_MULTIPLE, Breaks.REPEATED, Breaks.TOO_FEW})
"""What hardly any public document states; other tests have these."""


def documents() -> Iterator[tuple[str, Subject, AnswerJudge]]:
    """Every document that can be read, and a judge that has seen nothing of it yet."""
    for path in sorted(SPECS.rglob("*")):
        if path.suffix in (".json", ".yaml", ".yml") and path.name != "manifest.json":
            try:
                found = subject(path)
            except (DocumentError, UnreadableError, UnicodeDecodeError):
                continue  # deliberately unreadable
            if found is not None:
                yield (str(path.relative_to(SPECS)), *found)


def subject(path: Path) -> tuple[Subject, AnswerJudge] | None:
    text = path.read_text(encoding="utf-8")
    if not may_lead_elsewhere(text):
        data = read(text)
        found = subject_at(path)
    else:
        data = bundled(read(text), str(path), Disk())  # type: ignore[arg-type]  # a mapping
        document = load(text, str(path), Disk())
        judge = ExchangeJudge(data)
        service = subject_at(path).service
        found = Subject(document, service, judge, ContractMutants(judge), Answers(document))
    assert isinstance(data, dict)
    return (found, AnswerJudge(data)) if found.document.operations else None


def samples(found: Subject, operation: Operation) -> Iterator[tuple[Answer, str]]:
    for status, response in found.answers.others(operation):
        for turn in range(TURNS):
            yield found.answers.answer(status, response, turn=turn), response.status


def test_every_mutant_is_rejected(shared_specs: Path) -> None:
    operators: Counter[str] = Counter()
    wrong: list[str] = []
    for name, found, judge in documents():
        for operation in found.operations()[::STEP]:
            known = list(samples(found, operation)) if operation.method != "HEAD" else []
            for mutant in found.mutants.proven(operation, found.answers) if known else ():
                operators[mutant.operator] += 1
                if mutant.operator not in IGNORING:
                    wrong += [f"{name} {each}" for each in complaints(mutant, known, found, judge)]
    print(operators.total(), dict(operators))  # noqa: T201
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:40])
    assert {*Breaks, *Ignores} - set(operators) <= RARE
    assert operators.total() > 10_000


def complaints(
    mutant: Mutant, known: list[tuple[Answer, str]], found: Subject, judge: AnswerJudge
) -> Iterator[str]:
    """What speaks against a mutant: an answer that was wrong already, one that still is right."""
    method, _, path = mutant.operation.partition(" ")
    sent = Sent(method, path, ())
    broken = 0
    for answer, key in known:
        made = mutated(mutant, Exchange(sent, answer), key, found.judge)
        if made is None:
            continue
        broken += 1
        if judge.faults(method, path, answer):
            yield f"{mutant.name}: was wrong before"
        if not judge.faults(method, path, made):
            yield f"{mutant.name}: {made.status} {made.body[:100]!r} is right"
        if broken == 1 and made != mutated(mutant, Exchange(sent, answer), key, found.judge):
            yield f"{mutant.name}: not the same the second time"
    if not broken:
        yield f"{mutant.name}: changes nothing"
