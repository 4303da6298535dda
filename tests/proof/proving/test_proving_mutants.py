"""The kill matrix: what one test does to each mutant, and which mutants it is run against."""

from __future__ import annotations

from typing import Any

import pytest

from pe4king_core.mock.mutant import MutantKind
from pe4king_core.model.fact import HasType, SubjectKind
from pe4king_core.model.message import Message
from pe4king_core.proof.proving.job import Progress
from pe4king_core.proof.report import CellState, Count, Judged, ProofReport
from pe4king_core.proof.running import Director, RunReport, RunRequest, TestItem
from tests.proof.proving.played import (
    TESTS,
    Played,
    api,
    cells,
    only,
    proof,
    states,
    unnoticed,
)

FLOW = """
def test_flow(client):
    made = client.post("/books", json={"title": "Dune", "genre": "novel"})
    assert made.status_code == 201
    book = made.json()["id"]
    read = client.get(f"/books/{book}")
    assert read.status_code == 200
    assert read.json()["title"] == "Dune"
    assert client.delete(f"/books/{book}").status_code == 204
    assert client.get(f"/books/{book}").status_code == 404
"""


def test_laws_are_killed_where_they_show() -> None:
    report = proof(FLOW)
    assert only(report).judged is Judged.PASSES
    assert states(report, "not-removed") == {CellState.KILLED}
    assert states(report, "not-kept") == {CellState.KILLED}
    assert states(report, "kept-changed", "/title") == {CellState.KILLED}
    assert states(report, "kept-changed", "/genre") == {CellState.SURVIVED}
    assert report.count(MutantKind.LAW).killed > 0


def test_a_law_whose_fault_shows_in_no_answer_is_not_reached() -> None:
    text = """
def test_makes(client):
    made = client.post("/books", json={"title": "Dune"})
    assert made.status_code == 201
"""
    report = proof(text)
    assert states(report, "not-kept") == {CellState.NOT_REACHED}
    assert states(report, "kept-changed", "/title") == {CellState.NOT_REACHED}
    assert states(report, "echo-changed", "/title") == {CellState.SURVIVED}


def test_lists_that_are_wrong() -> None:
    text = """
def test_lists(client):
    made = client.post("/books", json={"title": "Dune"}).json()
    assert made["id"] in [each["id"] for each in client.get("/books").json()]

def test_one(client):
    assert len(client.get("/books?limit=1").json()) == 1
"""
    report = proof(text)
    assert CellState.KILLED in states(report, "not-listed")
    assert CellState.KILLED in states(report, "empty-list")
    assert CellState.KILLED in states(report, "page-ignored")
    assert CellState.SURVIVED in states(report, "order-reversed")


def test_crashes_and_set_up_are_no_kills() -> None:
    text = """
def each(client):
    return client.post("/books", json={"title": "Dune"}).json()["id"]

def test_reads(client, book):
    response = client.get(f"/books/{book}")
    assert response.status_code == 200
    title = response.json()["title"].upper()
"""
    report = proof(text, generated=False)
    assert only(report).judged is Judged.PASSES
    of_set_up = [
        c for c in cells(report, "missing member", "/id") if c.state is not CellState.SURVIVED
    ]
    assert {c.state for c in of_set_up} == {CellState.FIXTURE_ERROR}
    assert "KeyError" in of_set_up[0].message
    assert CellState.CRASHED in states(report, "missing member", "/title")


def test_left_out_checks_are_seen_by_those_who_send_what_is_wrong() -> None:
    text = """
def test_rejects(client):
    response = client.get("/books", params={"limit": 0})
    assert response.status_code == 400

def test_lists(client):
    assert client.get("/books").status_code == 200
"""
    report = proof(text)
    rejects, lists = report.tests
    numbers = [n for n, m in enumerate(report.mutants) if m.operator == "invalid request accepted"]
    by_number = {cell.mutant: cell.state for cell in rejects.cells}
    assert CellState.KILLED in {by_number[n] for n in numbers}
    assert {c.state for c in lists.cells if c.mutant in numbers} == {CellState.NOT_REACHED}


def test_as_many_as_are_asked_for_of_all_that_is_asserted() -> None:
    report = proof(FLOW, mutants=12)
    test = only(report)
    tried = [c for c in test.cells if c.state is not CellState.NOT_REACHED]
    run = {report.mutants[cell.mutant].operation for cell in tried}
    assert run == {"POST /books", "GET /books/{bookId}", "DELETE /books/{bookId}"}
    kinds = {report.mutants[cell.mutant].kind for cell in tried}
    assert kinds == {MutantKind.CONTRACT, MutantKind.LAW}
    assert report.left_out > 0
    assert len(test.cells) + report.left_out == len(report.mutants)


@pytest.mark.slow
def test_what_is_killed_often_enough_is_left_out() -> None:
    text = FLOW + FLOW.replace("test_flow", "test_flow_again")
    first, second = proof(text, enough=1).tests
    killed = {cell.mutant for cell in first.cells if cell.state is CellState.KILLED}
    assert killed
    assert killed.isdisjoint(cell.mutant for cell in second.cells)
    every = proof(text).tests
    assert len(every[0].cells) == len(every[1].cells) == len(second.cells) + len(killed)


def test_only_one_kind() -> None:
    report = proof(FLOW, kinds=frozenset({MutantKind.LAW}))
    assert {mutant.kind for mutant in report.mutants} == {MutantKind.LAW}
    assert report.count(MutantKind.CONTRACT) == Count()


def without_times(report: ProofReport) -> object:
    tests = [(t.item, t.judged, t.reason, t.operations, t.cells, t.seeds) for t in report.tests]
    return tests, report.mutants, report.survivors, report.left_out


def test_the_same_proof_again_is_the_same() -> None:
    assert without_times(proof(FLOW, mutants=30)) == without_times(proof(FLOW, mutants=30))


def test_progress_is_told_after_every_run() -> None:
    told: list[Progress] = []
    proof(FLOW, mutants=5, watcher=told.append)
    assert [each.runs for each in told] == list(range(1, len(told) + 1))
    assert told[0].tests == 1
    assert told[-1].planned == told[-1].runs


def test_survivors_have_the_fact_that_would_kill_them() -> None:
    text = """
def test_makes(client):
    made = client.post("/books", json={"title": "Dune"})
    assert made.status_code == 201
"""
    report = proof(text)
    found = {report.mutants[s.mutant].name: s for s in report.survivors}
    typed = next(s for name, s in found.items() if "/id: text instead of number" in name)
    assert typed.fact is not None
    assert typed.fact.subject.kind is SubjectKind.BODY
    assert typed.fact.subject.name == "/id"
    assert isinstance(typed.fact.check, HasType)
    assert typed.test == "test_books.py::test_makes"
    echo = next(s for s in report.survivors if report.mutants[s.mutant].operator == "echo-changed")
    assert echo.fact is not None
    assert echo.fact.law == "echo"
    killed = {m.name for m in report.mutants} - {m.name for m in unnoticed(report)}
    assert any("answered with" in name for name in killed)


def test_a_runner_that_was_started_again_goes_on() -> None:
    text = """
def shared(client):
    return client.post("/books", json={"title": "Shared"}).json()["id"]

def test_reads(client, book):
    response = client.get(f"/books/{book}")
    assert response.status_code == 200
    assert response.json()["title"] == "Shared"
"""
    plain = only(proof(text))
    runner = Played(text, crashes_after=11)
    again = only(proof(text, runner=runner))
    assert runner.restarts == 1
    assert again.judged is Judged.PASSES
    changed = [(a, b) for a, b in zip(plain.cells, again.cells, strict=True) if a != b]
    assert [b.state for _, b in changed] == [CellState.TIMEOUT]


def test_without_time_tests_are_judged_and_mutants_left_out() -> None:
    report = proof(FLOW, total_seconds=0.0)
    assert only(report).judged is Judged.PASSES
    assert report.left_out == len(report.mutants) - len(only(report).cells) > 0


@pytest.mark.parametrize("path", ["/v1/v1/books", "/v1books", "/v1/books?limit=1", "/books"])
def test_an_address_that_has_the_base_path_already_or_no_slash(path: str) -> None:
    text = f"""
def test_reads(client):
    url = str(client.base_url).removesuffix("/v1/")
    assert client.get(url + "{path}").status_code == 200
"""
    assert only(proof(text)).judged is Judged.PASSES


def test_a_test_gets_what_the_one_before_it_left_behind() -> None:
    text = """
made = {}

def test_makes(client):
    made["id"] = client.post("/books", json={"title": "Dune"}).json()["id"]

def test_reads(client):
    response = client.get("/books/" + str(made["id"]))
    assert response.status_code == 200
    assert response.json()["title"] == "Dune"
"""
    report = proof(text)
    assert [test.judged for test in report.tests] == [Judged.PASSES] * 2


def test_what_one_test_removes_another_one_has_again() -> None:
    text = """
def test_removes(client):
    assert client.delete("/books/7").status_code == 204

def test_reads(client):
    assert client.get("/books/7").status_code == 200
"""
    report = proof(text)
    assert [test.judged for test in report.tests] == [Judged.PASSES] * 2


def test_tests_that_were_given_up_are_told() -> None:
    class Lost(Played):
        def run(self, request: RunRequest, director: Director, sandbox: Any) -> RunReport:
            item = TestItem("test_books.py::test_flow", TESTS, "test_flow")
            director.collected([item])
            director.again(item)
            return RunReport("lost 1", (Message("it died", "умер"),))

    report = proof(FLOW, runner=Lost(FLOW))
    assert only(report).judged is Judged.UNPROVEN
    assert "was not run" in only(report).reason.en
    assert [each.en for each in report.problems] == ["it died"]


def test_two_documents_behind_one_address() -> None:
    films = api(
        "openapi: 3.1.0\ninfo: {title: Films, version: '1'}\n"
        "servers: [{url: 'https://api.example.org/v1'}]\n"
        "paths: {/films: {get: {responses: {'200': {description: ok, content: {application/json:"
        " {schema: {type: array, items: {type: string}}}}}}}}}\n",
        "films",
    )
    text = """
def test_both(client):
    assert client.get("/books").status_code == 200
    films = client.get("/films")
    assert isinstance(films.json(), list)
"""
    report = proof(text, apis=[api(), films])
    assert only(report).judged is Judged.PASSES
    assert only(report).operations == ("GET /books", "GET /films")
    assert {mutant.operation for mutant in report.mutants} == {"GET /books", "GET /films"}
