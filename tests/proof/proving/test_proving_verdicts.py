"""What a test is judged to be by its runs against the conforming server."""

from __future__ import annotations

import pytest

from pe4king_core.proof.report import CellState, Judged
from tests.proof.proving.played import Played, only, proof, states

GOOD = """
def test_makes_a_book(client):
    response = client.post("/books", json={"title": "Dune"})
    assert response.status_code == 201
    body = response.json()
    assert isinstance(body["id"], int)
    assert body["title"] == "Dune"
"""


def test_a_sound_test_passes_on_every_seed_and_kills() -> None:
    report = proof(GOOD, seeds=3)
    test = only(report)
    assert (test.judged, test.seeds, test.reason.en) == (Judged.PASSES, 3, "")
    assert test.operations == ("POST /books",)
    assert states(report, "echo-changed", "/title") == {CellState.KILLED}
    assert states(report, "wrong status") == {CellState.KILLED}
    assert CellState.KILLED in states(report, "wrong type", "/id")
    assert report.runner == "played 1"


def test_what_a_test_does_not_look_at_survives() -> None:
    report = proof(GOOD)
    assert states(report, "below minimum", "/pages") == {CellState.SURVIVED}
    assert CellState.SURVIVED in states(report, "null", "/pages")


def test_what_shows_in_no_answer_is_not_reached() -> None:
    report = proof(GOOD)  # it sends no genre, so none comes back
    assert states(report, "undocumented value", "/genre") == {CellState.NOT_REACHED}


def test_failing_on_an_answer_that_the_document_allows_is_a_false_alarm() -> None:
    test = only(proof(GOOD + '    assert body["pages"] > 0\n', seeds=6))
    assert test.judged is Judged.FALSE_ALARM
    assert "KeyError: 'pages'" in test.reason.en
    assert "(seed " in test.reason.en
    assert "seed" in test.reason.ru
    assert test.cells == ()


def test_failing_on_the_first_answer_is_a_false_alarm_too() -> None:
    test = only(proof(GOOD.replace("== 201", "== 200")))
    assert test.judged is Judged.FALSE_ALARM
    assert "AssertionError" in test.reason.en


FLAKY = """
runs = []

def test_lists(client):
    runs.append(1)
    response = client.get("/books")
    assert response.status_code == 200
    assert len(runs) % 2, "every other time"
"""


def test_the_same_answers_and_another_outcome_is_flaky() -> None:
    test = only(proof(FLAKY))
    assert test.judged is Judged.FLAKY
    assert "every other time" in test.reason.en


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("    assert client is not None", "no request arrived"),
        ("    assert False, 'no data'", "before any request arrived at the server"),
        ("    client.get('/films')", "is not in the document: GET /films"),
        ("    assert client.get('/books?limit=900').status_code == 200", "its request is refused"),
        ("    assert client.get('/books').json() == 'sold out'", "does not allow"),
        ("    assert client.get('/books/1').status_code == 418", "answers as the document says"),
    ],
)
def test_what_cannot_be_proven_says_why(body: str, reason: str) -> None:
    test = only(proof(f"def test_something(client):\n{body}\n", generated=False))
    assert test.judged is Judged.UNPROVEN
    assert reason in test.reason.en
    assert test.reason.ru != test.reason.en
    assert test.cells == ()


SHARED = """
def shared(client):
    return client.post("/books", json={"title": "Shared"}).json()["id"]

def test_reads_what_is_shared(client, book):
    assert client.get(f"/books/{book}").json()["title"] == "Shared"

def test_reads_it_again(client, book):
    response = client.get(f"/books/{book}")
    assert response.status_code == 200
    assert response.json()["title"] == "Shared"
"""


def test_what_tests_share_stays_for_all_of_them() -> None:
    report = proof(SHARED)
    assert [test.judged for test in report.tests] == [Judged.PASSES] * 2
    assert states(report, "wrong type", "/title") == {CellState.KILLED}


def test_a_generous_server_is_tried_as_well() -> None:
    text = """
def test_rejects_a_text_for_a_number(client):
    response = client.get("/books", params={"limit": " 5"})
    assert response.status_code == 400
"""
    test = only(proof(text))
    assert test.judged is Judged.FALSE_ALARM
    assert "lenient" in test.reason.en
    assert "нестрогий" in test.reason.ru
    assert only(proof(text, lenient=False)).judged is Judged.PASSES


def test_generated_tests_that_need_data_get_them() -> None:
    runner = Played(GOOD)
    proof(GOOD, runner=runner, mutants=0)
    assert runner.environment == {"API_EXISTING_DATA": "1"}
