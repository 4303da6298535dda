"""Tests that check the document's examples, or how made-up values look, instead of the API."""

from __future__ import annotations

import pytest

from pe4king_core.model.verdict import LevelState
from pe4king_core.proof.proving.compared import compared
from pe4king_core.proof.proving.job import Api
from pe4king_core.proof.report import Judged, TestProof
from tests.proof.proving.played import DOCUMENT, api, only, proof

EXAMPLES = {
    "title: {type: string, minLength: 1, maxLength: 100}": "example: Solaris",
    "pages: {type: integer, minimum: 1}": "example: 412",
    "genre: {type: string, enum: [novel, travel, poetry]}": "default: travel",
    "name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50}": "example: 3",
}
"""What the document says of these, by where."""
SHELF = "        shelf: {type: string, const: north}\n        pages: {"
HEAD = """
def test_own(client):
    response = client.get("/books/7")
    assert response.status_code == 200
    body = response.json()
"""


def documented() -> Api:
    text = DOCUMENT.replace("        pages: {", SHELF)
    for where, more in EXAMPLES.items():
        assert where in text
        text = text.replace(where, f"{where.removesuffix('}')}, {more}}}")
    return api(text.replace("}, example: 3}", "}, example: 3"))


def judged(text: str, *, generated: bool = True) -> TestProof:
    return only(proof(text, generated=generated, apis=(documented(),), mutants=0))


@pytest.mark.parametrize(
    "check",
    [
        'assert body["title"] == "Solaris"',
        'assert body["title"].startswith("Sol")',
        'assert body.get("pages", 500) > 100',
        'assert body.get("pages", 1) < 90_000',
        'assert body.get("genre", "travel") == "travel"',
    ],
)
def test_a_check_of_what_the_document_shows_is_a_false_alarm(check: str) -> None:
    test = judged(f"{HEAD}    {check}\n")
    assert test.judged is Judged.FALSE_ALARM


def test_the_reason_says_which_answers_it_fails_on() -> None:
    test = judged(f'{HEAD}    assert body.get("pages", 500) > 100\n')
    assert "none of its examples, the lowest numbers" in test.reason.en
    assert "без его примеров, наименьшие числа" in test.reason.ru
    test = judged(f'{HEAD}    assert body.get("pages", 1) != 1_000_000\n')
    assert test.judged is Judged.FALSE_ALARM


@pytest.mark.parametrize(
    "text",
    [
        f'{HEAD}    assert body["id"] == 7\n',
        f'{HEAD}    assert body.get("shelf", "north") == "north"\n',
        f'{HEAD}    assert body.get("pages", 1) >= 1\n',
        """
def test_sent(client):
    made = client.post("/books", json={"title": "Solaris", "genre": "travel"}).json()
    assert made["title"] == "Solaris"
    found = client.get(f"/books/{made['id']}").json()
    assert (found["id"], found["title"], found["genre"]) == (made["id"], "Solaris", "travel")
""",
        """
def test_limited(client):
    assert len(client.get("/books", params={"limit": 3}).json()) <= 3
""",
    ],
)
def test_what_was_sent_asked_for_or_is_fixed_may_be_compared(text: str) -> None:
    test = judged(text)
    assert (test.judged, test.ends, test.reason.en) == (Judged.PASSES, 2, "")


def test_of_the_users_own_test_it_is_at_most_noted() -> None:
    text = f'{HEAD}    assert body.get("pages", 500) > 100\n'
    assert judged(text, generated=False).judged is Judged.PASSES
    unread = judged(text.replace("500)", "500) + 0"), generated=False)
    assert (unread.judged, unread.ends) == (Judged.PASSES, 0)
    assert "none of its examples" in unread.reason.en


def test_a_proposal_that_adds_such_a_check_to_a_test_fails() -> None:
    apis = (documented(),)
    before = proof(HEAD, generated=False, apis=apis, mutants=0)
    new = f'{HEAD}    assert body.get("pages", 500) > 100\n'
    after = proof(new, generated=False, before=HEAD, apis=apis, mutants=0)
    found = compared(before, after, ["test_own"])
    assert found.passes.state is LevelState.FAILED
    assert "none of its examples" in found.passes.reason.en
