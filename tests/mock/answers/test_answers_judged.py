"""Answers for real documents, judged by a validator that is not ours.

Every documented answer of every operation, in every media type, for several turns; documents of
more than `MANY` operations are sampled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.errors import DocumentError
from pe4king_core.mock.answers.answers import VARIANTS, Answers, Variety
from pe4king_core.mock.contract.answers import AnswerJudge
from pe4king_core.mock.contract.operations import single_file
from pe4king_core.mock.contract.schemas import UnjudgedError
from pe4king_core.mock.exchange import Answer
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import UnreadableError, read
from tests.conftest import ROOT

MANY = 60
FEW_TURNS = (0, 1, 2, 3, 5, 9, 13)
"""For the large documents: one of each kind, as a value of theirs takes long."""


def whole(path: Path) -> tuple[ApiDocument, Mapping[str, Any]] | None:
    """The document and its data; None where it is broken on purpose or split over files."""
    try:
        text = path.read_text(encoding="utf-8")
        document, raw = load(text, str(path)), read(text)
    except (DocumentError, UnicodeDecodeError, UnreadableError):
        return None
    if not isinstance(raw, dict) or not single_file(raw) or not document.operations:
        return None
    return document, raw


def sampled(document: ApiDocument) -> Sequence[Operation]:
    step = max(len(document.operations) // MANY, 1)
    return document.operations[::step]


def answers_of(
    answers: Answers, operation: Operation, turns: Sequence[int]
) -> Iterator[tuple[str, Answer]]:
    for status, response in answers.others(operation):
        for name in response.content or [""]:
            media = answers.media(response, name) or answers.media(response)
            for turn in turns:
                answer = answers.answer(status, response, media=media, turn=turn, detail="")
                # Who carries an answer to HEAD leaves the body out.
                sent = replace(answer, body=b"") if operation.method == "HEAD" else answer
                yield f"{operation.key} {status} {name} {turn}", sent


def judge(path: Path, turns: Sequence[int], seed: int = 1) -> tuple[Counter[str], list[str]]:
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    found = whole(path)
    if found is None:
        return counts, wrong
    document, raw = found
    answers, answer_judge = Answers(document, seed, Variety.FULL), AnswerJudge(raw)
    for operation in sampled(document):
        for name, answer in answers_of(answers, operation, turns):
            try:
                faults = answer_judge.faults(operation.method, operation.path, answer)
            except UnjudgedError as error:
                counts[f"unjudged: {error}"[:60]] += 1
                continue
            counts["judged"] += 1
            wrong += [f"{path.name} {name}: {fault}" for fault in faults]
    return counts, wrong


def judge_all(paths: Sequence[Path], turns: Sequence[int], seed: int = 1) -> Counter[str]:
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for path in paths:
        some, more = judge(path, turns, seed)
        counts += some
        wrong += more
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:40])
    return counts


def documents(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix in (".json", ".yaml", ".yml"))
    return sorted(path for path in found if path.name != "manifest.json")


def test_answers_of_the_bookstore() -> None:
    bookstore = ROOT / "examples" / "bookstore" / "openapi.yaml"
    for seed in (1, 2):
        counts = judge_all([bookstore], range(VARIANTS), seed)
        assert counts["judged"] == counts.total() > 500


@pytest.mark.slow
def test_answers_of_small_documents(shared_specs: Path) -> None:
    counts = judge_all(documents(shared_specs / "small"), FEW_TURNS, seed=3)
    assert counts["judged"] == counts.total() > 2_500


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["small", "mid", "edge", "examples"])
def test_answers_of_documents(folder: str, shared_specs: Path) -> None:
    counts = judge_all(documents(shared_specs / folder), range(VARIANTS))
    assert counts["judged"] > 1_500
    assert counts.total() - counts["judged"] <= counts["judged"] / 50, counts


@pytest.mark.slow
@pytest.mark.parametrize("name", ["github-api", "kubernetes", "openai", "stripe-spec3"])
def test_answers_of_large_documents(name: str, shared_specs: Path) -> None:
    (path,) = (shared_specs / "large").glob(f"{name}.*")
    counts = judge_all([path], FEW_TURNS)
    assert counts["judged"] > 700
    assert counts.total() - counts["judged"] <= counts["judged"] / 20, counts
