"""A user's own test: the server answers what it asserts already, where the document allows it."""

from __future__ import annotations

import pytest

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.recording.recorded import Recorded
from pe4king_core.mock.recording.recording import Recording
from pe4king_core.proof.report import CellState, Judged
from tests.proof.proving.played import DOCUMENT, api, only, proof, states

HEAD = "def test_own(client):\n"


@pytest.mark.parametrize(
    "body",
    [
        '    assert client.get("/books/7").json()["title"] == "The Hobbit"',
        '    assert client.get("/books/999999").status_code == 200',
        '    assert client.get("/books/7").status_code == 404',
        '    assert client.post("/books", json={"title": "x"}).status_code == 409',
        '    assert len(client.get("/books").json()) == 3',
        '    found = client.get("/books").json()\n    assert found[0]["genre"] == "poetry"\n'
        "    assert found[0]['pages'] >= 700",
        '    body = client.get("/books/7").json()\n    assert body["title"] == "A"\n'
        '    assert body["genre"] == "travel"\n    assert body["id"] == 7',
        '    first, second = client.get("/books/1"), client.get("/books/2")\n'
        '    assert first.json()["title"] == "One"\n    assert second.json()["title"] == "Two"',
        '    assert client.get("/books/7").status_code in (404, 200)',
        '    assert client.post("/books", json={}).status_code == 409',
        '    assert client.get("/books/7").json()["title"].startswith("The Fox")',
        '    found = client.get("/books").json()\n'
        '    pages = [each["pages"] for each in found]\n'
        "    assert pages == sorted(pages, reverse=True)",
        '    error = client.get("/books/7")\n    assert error.status_code == 404\n'
        '    assert error.json()["message"] == "no such book"',
    ],
)
def test_what_it_asserts_is_answered(body: str) -> None:
    test = only(proof(HEAD + body + "\n", generated=False))
    assert (test.judged, test.reason.en) == (Judged.PASSES, "")
    assert test.operations
    assert any(cell.state is not CellState.NOT_REACHED for cell in test.cells)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('assert client.get("/books/7").json()["genre"] == "crime"', "does not allow"),
        ('assert client.get("/books/7").json()["pages"] == 0', "does not allow"),
        ('assert client.get("/books/7").json()["title"] == ""', "does not allow"),
        ('assert client.get("/books/7").status_code == 500', "answers as the document says"),
    ],
)
def test_what_the_document_forbids_is_unproven_never_a_false_alarm(body: str, reason: str) -> None:
    test = only(proof(f"{HEAD}    {body}\n", generated=False))
    assert test.judged is Judged.UNPROVEN
    assert reason in test.reason.en


def test_a_refusal_in_the_users_words_still_shows_what_is_accepted() -> None:
    text = HEAD + '    assert client.post("/books", json={"title": ""}).status_code == 409\n'
    report = proof(text, generated=False)
    assert only(report).judged is Judged.PASSES
    assert CellState.KILLED in states(report, "invalid request accepted")


def test_generated_tests_get_no_help() -> None:
    test = only(proof(HEAD + '    assert client.get("/books/7").json()["title"] == "The Hobbit"\n'))
    assert test.judged is Judged.FALSE_ALARM


LOGIN = """
def each(client):
    answer = client.post("/auth/login", json={"user": "me", "password": "secret"})
    assert answer.status_code == 200
    return answer.json()["access_token"]

def test_reads(client, token):
    response = client.get("/books/1", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200
"""


def test_logins_that_the_document_does_not_have_are_answered() -> None:
    report = proof(LOGIN, generated=False)
    assert only(report).judged is Judged.PASSES
    assert states(report, "wrong status") == {CellState.KILLED}


def test_what_is_made_is_found_again_beside_scripts() -> None:
    text = HEAD + (
        '    made = client.post("/books", json={"title": "Dune"}).json()\n'
        '    assert client.get("/books/7").json()["title"] == "Seven"\n'
        '    kept = client.get("/books").json()\n'
        '    assert made["id"] in [each["id"] for each in kept]\n'
    )
    report = proof(text, generated=False)
    assert only(report).judged is Judged.PASSES
    assert states(report, "not-listed") == {CellState.KILLED}


def test_recorded_answers_come_first() -> None:
    made = api()
    answer = Answer(
        200, (("Content-Type", "application/json"),), b'{"id": 7, "title": "From the real one"}'
    )
    recorded = Recorded(Sent("GET", "/v1/books/7", ()), answer)
    recording = Recording(made.document, [recorded], made.raw)
    text = (
        HEAD + '    assert client.get("/books/7").json()["title"].upper() == "FROM THE REAL ONE"\n'
    )
    with_it = api(DOCUMENT, recording=recording)
    assert only(proof(text, generated=False, apis=[with_it])).judged is Judged.PASSES
    assert only(proof(text, generated=False)).judged is Judged.UNPROVEN
