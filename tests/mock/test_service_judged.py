"""Whole exchanges with the server of real documents, judged by a validator that is not ours.

Every operation gets the requests of our generated tests, the valid ones and the broken ones, for
three seeds; documents of more than `MANY` operations are sampled.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pe4king_core.generation import generate
from pe4king_core.mock.contract.bundling import bundled
from pe4king_core.mock.contract.exchanges import ExchangeJudge
from pe4king_core.mock.contract.fault import Fault, FaultKind
from pe4king_core.mock.contract.pointers import UnjudgedError
from pe4king_core.mock.exchange import Exchange, Sent
from pe4king_core.mock.handled import Why
from pe4king_core.mock.service import Options, Service
from pe4king_core.model.case import TestPlan
from pe4king_core.model.operation import Operation
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import UnreadableError, read
from tests.conftest import ROOT
from tests.e2e.documents import Disk, documents
from tests.e2e.shown import with_credentials
from tests.mock.requests.sending import sent_of

pytestmark = pytest.mark.slow

MANY = 40
SEEDS = (1, 2, 3)


def test_bookstore() -> None:
    judge(ROOT / "examples" / "bookstore" / "openapi.yaml")


@pytest.mark.parametrize("name", list(documents()))
def test_public_document(name: str, shared_specs: Path) -> None:
    judge(shared_specs / name)


def judge(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    document = load(text, str(path), Disk())
    try:
        raw = read(text)
    except UnreadableError:
        pytest.skip("only our own reader reads it")
    assert isinstance(raw, dict)
    judged = ExchangeJudge(bundled(raw, str(path), Disk()))
    keys = [operation.key for operation in document.operations]
    chosen = frozenset(keys[:: max(1, len(keys) // MANY)])
    told: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in SEEDS:
        service = Service(document, Options(seed=seed))
        for model in generate(document, TestPlan(operations=chosen, seed=seed, behavioural=False)):
            for case in model.cases:
                sent = sent_of(case)
                if sent is not None:
                    sent = with_credentials(sent, case.operation)
                    wrong += faults(service, judged, sent, told)
    print(f"{path.name}: {dict(told)}, {len(wrong)} faults")  # noqa: T201
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:20])


def faults(service: Service, judged: ExchangeJudge, sent: Sent, told: Counter[str]) -> list[str]:
    handled = service.answer(sent)
    assert handled.why is not Why.ERROR, (sent, handled.answer)
    key = handled.operation.key if handled.operation is not None else ""
    told[f"{handled.answer.status // 100}xx"] += 1
    try:
        found = judged.faults(Exchange(sent, handled.answer), key)
    except UnjudgedError:
        told["unjudged"] += 1
        return []
    if handled.operation is not None and not has_such(handled.operation, handled.answer.status):
        found = [each for each in found if each.kind is not FaultKind.STATUS]
        told["no such status documented"] += 1
    kept = [each for each in found if not is_read_otherwise(each)]
    told["read otherwise"] += len(found) - len(kept)
    asked = f"{sent.method} {sent.target[:150]} {sent.body[:200]!r}"
    answered = f"{handled.answer.status} {handled.answer.body[:200]!r}"
    return [f"{each} {asked}\n    {answered}" for each in kept]


def is_read_otherwise(fault: Fault) -> bool:
    """What the validator reads more narrowly, and is not wrong for all that.

    It tries only so many readings of a form, whose numbers may be texts, and does not know
    `nullable` in OpenAPI 3.1.
    """
    form = fault.words.startswith("form: ") and fault.words.endswith('is not of type "string"')
    return fault.kind is FaultKind.ACCEPTED and (form or ": null is not valid under" in fault.words)


def has_such(operation: Operation, status: int) -> bool:
    """Whether anything is documented that tells of success, or of a refusal, as `status` does."""
    keys = [key.lower() for key in operation.responses]
    if status == 404:
        return bool({"404", "410", "4xx", "default"} & set(keys))
    if status < 400:
        return any(key == "default" or (key[0] in "23") for key in keys)
    refusals = {"400", "405", "406", "413", "415", "422", "4xx", "default"}
    return bool(refusals & set(keys))
