"""What a proposal changes: the two levels of evidence that need a run."""

from __future__ import annotations

from pe4king_core.model.verdict import LevelState
from pe4king_core.proof.proving.compared import Compared, compared
from tests.proof.proving.played import Played, proof

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


IDLE = """
def test_idle(client):
    client.get("/books/7")
"""


def test_a_new_test_that_notices_none_of_many_faults_fails() -> None:
    found = compared(None, proof(IDLE))
    assert found.passes.state is LevelState.PASSED
    assert found.kills.state is LevelState.FAILED
    assert found.counts is not None
    assert (found.counts.before, found.counts.after) == (0, 0)
    assert f"none of the {found.counts.mutants} seeded faults" in found.kills.reason.en
    assert f"ни одной из {found.counts.mutants} внесённых" in found.kills.reason.ru


def test_of_a_few_faults_it_may_miss_all() -> None:
    found = compared(None, proof(IDLE, mutants=9))
    assert found.counts is not None
    assert found.counts.mutants == 9
    assert found.kills.state is LevelState.WARNED


def test_a_test_that_was_there_may_notice_nothing() -> None:
    own = proof(IDLE, generated=False)
    assert compared(own, own).kills.state is LevelState.WARNED


def test_a_new_test_that_hangs_fails_one_that_hung_before_does_not() -> None:
    hung = proof(OWN, runner=Played(OWN, crashes_after=1))
    found = compared(None, hung)
    assert found.passes.state is LevelState.FAILED
    assert "did not end within 10 seconds" in found.passes.reason.en
    assert compared(hung, hung).passes.state is LevelState.WARNED


def test_a_hang_on_a_server_with_a_fault_is_no_harm() -> None:
    own = OWN.replace('== "The Hobbit"', "")
    found = compared(None, proof(own, runner=Played(own, crashes_after=12)))
    assert found.passes.state is LevelState.PASSED


def test_a_call_of_another_host_fails_unless_it_is_known() -> None:
    own = OWN.replace('== "The Hobbit"', "")
    elsewhere = Played(own, hosts=("shop.example",))
    report = proof(own, runner=elsewhere, mutants=0)
    found = compared(None, report)
    assert found.passes.state is LevelState.FAILED
    assert "it calls another host: shop.example" in found.passes.reason.en
    assert "обращается к другому хосту: shop.example" in found.passes.reason.ru
    assert compared(report, report).passes.state is LevelState.PASSED
    known = compared(None, report, knows=lambda host: host == "shop.example")
    assert known.passes.state is LevelState.PASSED


def test_a_proof_tells_of_hosts_that_the_document_does_not_name() -> None:
    own = OWN.replace('== "The Hobbit"', "")
    hosts = ("api.example.org", "staging.example")
    report = proof(own, runner=Played(own, hosts=hosts), mutants=0)
    [told] = report.problems
    assert "staging.example" in told.en
    assert "api.example.org" not in told.en
    assert report.tests[0].hosts == hosts
