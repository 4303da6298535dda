"""What generated tests really send, judged by a validator that is not ours.

Every request goes to a server that remembers it. A negative test's request is invalid, whichever
way it is read; a request of a positive or edge test is valid.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.generation import generate
from pe4king_core.mock.contract.operations import single_file
from pe4king_core.mock.contract.requests import RequestJudge
from pe4king_core.mock.contract.schemas import UnjudgedError
from pe4king_core.mock.exchange import Sent
from pe4king_core.model.case import TestCase, TestModel, TestStyle
from pe4king_core.model.fact import CaseKind, Credentials
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import UnreadableError, read
from pe4king_core.rendering.formats import formats
from tests.conftest import ROOT
from tests.e2e import documents as corpus
from tests.e2e.hotel.app import hotel_app
from tests.e2e.judging.recorder import Recorder, Scripted
from tests.e2e.judging.scripts import answers_before
from tests.e2e.suites import rendered, run_pytest

pytestmark = pytest.mark.slow

BOOKSTORE = ROOT / "examples" / "bookstore" / "openapi.yaml"


@dataclass(frozen=True, slots=True)
class Subject:
    """A document, as the product reads it and as it stands."""

    name: str
    document: ApiDocument
    raw: Mapping[str, Any]
    models: tuple[TestModel, ...]

    def cases(self) -> Iterator[tuple[str, TestCase]]:
        """Every case with the node that pytest calls it by."""
        for model in self.models:
            path = formats()["pytest"].render(replace(model, cases=()), TestStyle()).path
            for case in model.cases:
                yield f"{self.name}/{path}::test_{case.name}", case


def own_subjects() -> Iterator[Subject]:
    """The documents of the two services."""
    hotel = hotel_app().openapi()
    texts = {"bookstore": BOOKSTORE.read_text(encoding="utf-8"), "hotel": json.dumps(hotel)}
    for name, text in texts.items():
        document = load(text, f"file:///{name}.yaml")
        raw = read(text)
        assert isinstance(raw, dict)
        yield Subject(name, document, raw, generate(document, corpus.plan_for(document)))


def public_subjects() -> Iterator[Subject]:
    """The real documents that are one file."""
    for name, document in corpus.documents().items():
        raw = whole(corpus.SPECS / name)
        if raw is not None and single_file(raw):
            folder = "".join(c if c.isalnum() else "_" for c in name)
            yield Subject(folder, document, raw, corpus.models(name))


def whole(path: Path) -> dict[str, Any] | None:
    """The data of a document; None for one with faults, of which only parts can be read."""
    try:
        data = read(path.read_text(encoding="utf-8"))
    except UnreadableError:
        return None
    return data if isinstance(data, dict) else None


@dataclass(slots=True)
class Verdicts:
    """How many requests were judged, and those that are not what their tests say."""

    judged: Counter[str]
    unjudged: Counter[str]
    wrong: list[str]


def judge(subjects: list[Subject], folder: Path) -> Verdicts:
    verdicts = Verdicts(Counter(), Counter(), [])
    scripts = {
        node: answers_before(case)
        for subject in subjects
        for node, case in subject.cases()
        if case.given
    }
    with Recorder(Scripted(scripts)) as recorder:
        recorder.install(folder)
        for subject in subjects:
            files = rendered(subject.document, subject.models, "pytest", TestStyle())
            files.write(folder / subject.name)
        done = run_pytest(folder, {"API_BASE_URL": recorder.base_url}, "--tb=no")
        for subject in subjects:
            judge_subject(subject, recorder, verdicts)
    assert recorder.exchanges, done.printed[-3000:]
    return verdicts


def judge_subject(subject: Subject, recorder: Recorder, verdicts: Verdicts) -> None:
    request_judge = RequestJudge(subject.raw)
    for node, case in subject.cases():
        exchanges = recorder.exchanges.get(node, [])
        if len(exchanges) <= len(case.given):
            verdicts.unjudged[f"not sent: {case.law or case.id}"] += 1
            continue
        try:
            wrong = fault(request_judge, case, exchanges[len(case.given)].sent)
        except UnjudgedError as error:
            verdicts.unjudged[str(error)[:60]] += 1
        else:
            verdicts.judged[case.kind.value] += 1
            verdicts.wrong += [f"{node}: {wrong}"] if wrong else []


def fault(request_judge: RequestJudge, case: TestCase, sent: Sent) -> str:
    """What speaks against the case; empty where its request is what it should be."""
    faults = request_judge.faults(sent, case.operation.path)
    shown = f"{sent.method} {sent.target[:200]} {sent.body[:300]!r}"
    if case.kind is not CaseKind.NEGATIVE:
        return f"not valid: {faults} {shown}" if faults else ""
    if case.request.credentials is not Credentials.VALID:
        operation = request_judge.operations.of(case.operation.method, case.operation.path)
        needed = operation is not None and operation.needs_credentials
        return "" if needed else "no credentials are needed"
    if case.law == "unknown-id":
        return f"an unknown id, but not valid: {faults} {shown}" if faults else ""
    return "" if faults else f"not invalid: {shown}"


def test_requests_of_the_services(tmp_path: Path) -> None:
    verdicts = judge(list(own_subjects()), tmp_path)
    assert not verdicts.wrong, "\n".join(verdicts.wrong[:40])
    assert verdicts.judged["negative"] > 300
    assert not verdicts.unjudged, verdicts.unjudged


def test_requests_of_public_documents(tmp_path: Path, shared_specs: Path) -> None:
    verdicts = judge(list(public_subjects()), tmp_path)
    assert not verdicts.wrong, f"{len(verdicts.wrong)}:\n" + "\n".join(verdicts.wrong[:60])
    assert verdicts.judged["negative"] > 3_000
    assert verdicts.unjudged.total() < verdicts.judged.total() / 10, verdicts.unjudged
