"""`pe4king mock` behind Prism as a proxy, which compares requests and answers with the document.

The requests are those of our generated tests that are meant to succeed. What one of them removes is
there again for the next: it would be told to be gone also where no 404 is documented.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pe4king_core.generation import generate
from pe4king_core.mock.exchange import Sent
from pe4king_core.model.case import TestPlan
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load
from tests.conftest import ROOT
from tests.e2e.prism import prism
from tests.e2e.served import Served
from tests.e2e.shown import with_credentials
from tests.e2e.suites import TRUE_KINDS
from tests.mock.requests.sending import sent_of

pytestmark = pytest.mark.slow

SEEDS = (1, 2)
DOCUMENTS = (
    "small/petstore3.yaml",
    "small/museum.yaml",
    "small/realworld.yml",
    "small/vampi.yml",
    "small/sendgrid-sso-v3.yaml",
    "mid/resend.yaml",
)


def test_bookstore() -> None:
    check(ROOT / "examples" / "bookstore" / "openapi.yaml")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_public_document(name: str, shared_specs: Path) -> None:
    check(shared_specs / name)


def test_prism_would_tell_of_a_violation() -> None:
    path = ROOT / "examples" / "bookstore" / "openapi.yaml"
    script = {"operation": "GET /books", "body": {"books": "none"}, "always": True}
    with Served(path, log=False) as served, prism().proxy(path, served.base_url) as proxy:
        httpx.post(f"{served.base_url}/__pe4king/scripts", json=script, trust_env=False)
        with httpx.Client(base_url=proxy.base_url, trust_env=False, timeout=60) as client:
            assert violations(client, Sent("GET", "/books", []))


def check(path: Path) -> None:
    document = load(path.read_text(encoding="utf-8"), path.as_uri())
    asked, told = 0, list[str]()
    with (
        Served(path, log=False) as served,
        prism().proxy(path, served.base_url) as proxy,
        httpx.Client(base_url=proxy.base_url, trust_env=False, timeout=60) as client,
    ):
        for sent in requests(document):
            asked += 1
            told += violations(client, sent)
            if sent.method == "DELETE":
                httpx.post(f"{served.base_url}/__pe4king/reset", trust_env=False)
    print(f"{path.name}: {asked} requests, {len(told)} violations")  # noqa: T201
    assert asked
    assert not told, "\n".join(told)


def requests(document: ApiDocument) -> Iterator[Sent]:
    for seed in SEEDS:
        plan = TestPlan(kinds=TRUE_KINDS, behavioural=False, seed=seed)
        for model in generate(document, plan):
            for case in model.cases:
                sent = sent_of(case)
                if sent is not None:
                    yield with_credentials(sent, case.operation)


def violations(client: httpx.Client, sent: Sent) -> list[str]:
    headers = [each for each in sent.headers if each[0].lower() not in ("host", "content-length")]
    answer = client.request(sent.method, sent.target, headers=headers, content=sent.body or None)
    found: list[dict[str, Any]] = json.loads(answer.headers.get("sl-violations", "[]"))
    if "stoplight.io/prism/errors" in answer.text:
        found.append({"message": answer.text[:300]})
    asked = f"{sent.method} {sent.target[:200]} {sent.body[:300]!r}"
    return [f"{asked}\n    {each}\n    {answer.status_code} {answer.text[:500]}" for each in found]
