"""State over real documents: whatever is sent and remembered, no answer breaks the document, with
the sound service and with every law mutant."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.errors import DocumentError
from pe4king_core.generation.samples.samples import Samples
from pe4king_core.mock.answers.answers import Answers
from pe4king_core.mock.contract.answers import AnswerJudge
from pe4king_core.mock.contract.operations import single_file
from pe4king_core.mock.contract.schemas import UnjudgedError
from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.mutants.laws import law_mutants
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.state.state import State
from pe4king_core.model.json import Json
from pe4king_core.model.operation import ApiDocument, Operation, ParameterIn
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import UnreadableError, read
from tests.mock.state.calls import bookstore, hotel

pytestmark = pytest.mark.slow

_MOST_OPERATIONS = 60
_MOST_MUTANTS = 25
_BESIDE = 6
_FOLDERS = ("small", "mid", "large", "examples")


class Subject:
    """One document, read twice: by the product, and as it stands."""

    def __init__(self, text: str, name: str) -> None:
        self.document: ApiDocument = load(text, name)
        self.raw = read(text)
        self.judge = AnswerJudge(self.raw) if isinstance(self.raw, dict) else None
        self.answers = Answers(self.document)
        entries = self.document.entries
        step = max(1, len(entries) // _MOST_OPERATIONS)
        # Neighbours make and read the same things, so whole runs of operations are taken.
        self.operations = [
            found
            for start in range(0, len(entries), step * 6)
            for entry in entries[start : start + 6]
            if (found := self.document.operation(entry.key)) is not None
        ]


def story(
    state: State, subject: Subject, operations: list[Operation] | None = None
) -> Iterator[tuple[Operation, int, Json]]:
    """Every operation three times, twice with the same ids; what State makes of the answers."""
    samples = Samples()
    for turn in range(3):
        order = sorted(
            operations or subject.operations, key=lambda each: (turn < 2, each.method == "DELETE")
        )
        for operation in order:
            request = request_to(operation, samples, turn // 2)
            success = subject.answers.success(operation)
            if success is None or state.missing(request):
                continue
            status, response = success
            media = subject.answers.media(response, "application/json, */*;q=0.1")
            value: Json = None
            if media is not None and media.schema is not None and media.is_json:
                made_up = subject.answers.value(media, turn)
                value = state.shaped(request, status, response, media, made_up)
                yield operation, status, value
            state.headers(request, status, response, value)
            state.done(request, status, value)


def request_to(operation: Operation, samples: Samples, turn: int) -> ReadRequest:
    values: dict[ParameterIn, dict[str, Json]] = {place: {} for place in ParameterIn}
    for each in operation.parameters:
        if each.schema is not None and (each.required or turn == 0):
            values[each.location][each.name] = samples.of(each.schema, each.name)
    body, name = None, ""
    if operation.request_body is not None and operation.request_body.content:
        media = operation.request_body.json
        chosen = media or next(iter(operation.request_body.content.values()))
        body, name = samples.of(chosen.schema, ""), chosen.name
    path = values[ParameterIn.PATH]
    route = operation.route.format_map(_Filled(path)) if "{" in operation.route else operation.route
    sent = Sent(operation.method, route, ())
    return ReadRequest(
        sent, operation, path, values[ParameterIn.QUERY], {}, {}, body, bool(name), name, route
    )


class _Filled(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "sample"


def around(subject: Subject, mutant: Mutant) -> list[Operation]:
    """The operations beside that of the mutant, which make and read the same things."""
    keys = [each.key for each in subject.operations]
    at = keys.index(mutant.operation)
    return subject.operations[max(0, at - _BESIDE) : at + _BESIDE]


def faults(subject: Subject, mutant: Mutant | None = None) -> tuple[int, list[str]]:
    """How many answers were judged, and what is wrong with them."""
    state = State(subject.document, answers=subject.answers, only=mutant)
    judged, wrong = 0, []
    told = around(subject, mutant) if mutant is not None else None
    for operation, status, value in story(state, subject, told):
        assert subject.judge is not None
        found = judged_answer(subject, operation, status, value)
        if found is None:
            continue
        judged += 1
        # What is invalid before State has seen it is no fault of State's.
        wrong += [f"{operation.key} {status}: {each} {json.dumps(value)[:300]}" for each in found]
    return judged, wrong


def judged_answer(
    subject: Subject, operation: Operation, status: int, value: Json
) -> list[Any] | None:
    response = operation.response_for(status)
    media = subject.answers.media(response, "application/json, */*;q=0.1") if response else None
    if subject.judge is None or response is None or media is None:
        return None
    answer = subject.answers.answer(status, response, media=media, value=value)
    usual = subject.answers.answer(status, response, media=media)
    try:
        if subject.judge.faults(operation.method, operation.path, usual):
            return None
        return list(subject.judge.faults(operation.method, operation.path, answer))
    except UnjudgedError:
        return None


def public(specs: Path) -> Iterator[tuple[str, Subject]]:
    for folder in _FOLDERS:
        for path in sorted((specs / folder).rglob("*")):
            if path.suffix not in (".json", ".yaml", ".yml"):
                continue
            try:
                text = path.read_text(encoding="utf-8")
                subject = Subject(text, str(path))
            except (DocumentError, UnreadableError, UnicodeDecodeError):
                continue
            if isinstance(subject.raw, Mapping) and single_file(subject.raw):
                yield str(path.relative_to(specs)), subject


def test_answers_of_public_documents_stay_valid(shared_specs: Path) -> None:
    judged, wrong = 0, []
    for name, subject in public(shared_specs):
        count, found = faults(subject)
        judged += count
        wrong += [f"{name}: {each}" for each in found]
    assert not wrong, f"{len(wrong)} of {judged}:\n" + "\n".join(wrong[:30])
    assert judged > 1_000


def test_no_law_mutant_breaks_a_public_document(shared_specs: Path) -> None:
    tried, wrong = 0, []
    for name, subject in public(shared_specs):
        mutants = [m for op in subject.operations for m in law_mutants(subject.document, op)]
        for mutant in mutants[:: max(1, len(mutants) // _MOST_MUTANTS)]:
            tried += 1
            wrong += [f"{name} {mutant.name}: {each}" for each in faults(subject, mutant)[1]]
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:30])
    assert tried > 300


@pytest.mark.parametrize("text", [bookstore, hotel])
def test_no_law_mutant_breaks_our_services(text: Any) -> None:
    subject = Subject(text(), "file:///own.yaml")
    for operation in subject.operations:
        for mutant in law_mutants(subject.document, operation):
            judged, wrong = faults(subject, mutant)
            assert judged > 2
            assert not wrong, (mutant.name, wrong[:3])


def test_the_same_story_is_told_again_after_a_reset() -> None:
    subject = Subject(hotel(), "file:///own.json")
    state = State(subject.document, answers=subject.answers)
    first = [value for _, _, value in story(state, subject)]
    state.reset()
    assert [value for _, _, value in story(state, subject)] == first
    state.reset()
    empty = state.snapshot()
    list(story(state, subject))
    state.restore(empty)
    assert [value for _, _, value in story(state, subject)] == first
