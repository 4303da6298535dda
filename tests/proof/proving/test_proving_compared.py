"""What a proposal changes: the two levels of evidence that need a run."""

from __future__ import annotations

from pe4king_core.model.verdict import LevelState
from pe4king_core.proof.proving.compared import Compared, compared
from tests.proof.proving.played import proof

OWN = """
def test_own(client):
    response = client.get("/books/7")
    assert response.status_code == 200
    body = response.json()
    assert body["title"] == "The Hobbit"
"""


def proposed(*more: str, own: str = OWN) -> Compared:
    """The proposal to add lines to the user's own test."""
    new = own + "".join(f"    {line}\n" for line in more)
    return compared(
        proof(own, generated=False), proof(new, generated=False, before=own), ["test_own"]
    )


def test_more_kills_are_counted() -> None:
    found = proposed('assert isinstance(body["id"], int)', 'assert body.get("pages", 1) >= 1')
    assert found.passes.state is LevelState.PASSED
    assert found.kills.state is LevelState.PASSED
    assert found.counts is not None
    assert found.counts.before < found.counts.after <= found.counts.mutants
    assert f"{found.counts.before} -> {found.counts.after} of" in found.kills.reason.en


def test_what_holds_for_some_answers_only_fails() -> None:
    found = proposed('assert body["pages"] > 0')
    assert found.passes.state is LevelState.FAILED
    assert "test_own: on other answers that the document allows" in found.passes.reason.en


def test_what_only_the_proposal_asserts_is_not_taken_as_given() -> None:
    found = proposed('assert body["genre"] == "poetry"', 'assert body["id"] == 8')
    assert found.passes.state is LevelState.FAILED
    assert "test_own" in found.passes.reason.ru


def test_what_was_unproven_stays_amber() -> None:
    own = OWN.replace("== 200", "== 418")
    found = proposed("assert body", own=own)
    assert found.passes.state is LevelState.WARNED
    assert (found.kills.state, found.counts) == (LevelState.NOT_RUN, None)


def test_a_new_test_has_no_kills_before() -> None:
    found = compared(None, proof(OWN.replace('== "The Hobbit"', "")))
    assert found.passes.state is LevelState.PASSED
    assert found.counts is not None
    assert found.counts.before == 0 < found.counts.after


def test_a_new_test_that_is_a_false_alarm_fails() -> None:
    found = compared(None, proof(OWN))
    assert found.passes.state is LevelState.FAILED
    assert found.kills.state is LevelState.NOT_RUN


def test_tests_that_are_not_meant_do_not_count() -> None:
    found = compared(None, proof(OWN), ["test_other"])
    assert found.passes.state is LevelState.NOT_RUN
