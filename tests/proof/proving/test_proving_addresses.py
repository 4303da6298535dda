"""Tests whose address has another base path than the document: stages, gateways, versions."""

from __future__ import annotations

import pytest

from pe4king_core.proof.report import Judged
from tests.proof.proving.played import DOCUMENT, api, only, proof

REVIEWS = """
  /reviews:
    get: {operationId: listReviews, responses: {"200": {description: reviews}}}
components:
"""


def getting(path: str, host: str = "stage.example.com:8443") -> str:
    return f"""
def test_reads(client):
    url = str(client.base_url).removesuffix("/v1/")
    answer = client.get(url + "{path}", headers={{"Host": "{host}"}})
    assert answer.status_code == 200
"""


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        ("/api/v2/books", "/api/v2"),
        ("/v1/stage/books/7?full=1", "/stage"),
        ("/shop/books?limit=1", "/shop"),
    ],
)
def test_another_base_path_is_cut_off_and_told(path: str, prefix: str) -> None:
    report = proof(getting(path), generated=False)
    assert only(report).judged is Judged.PASSES
    assert only(report).cells
    [told] = report.problems
    assert told.en.startswith(f"The document has no base path {prefix}: ")
    assert told.ru.startswith(f"Базового пути {prefix} в документе нет: ")


@pytest.mark.parametrize("path", ["/books/1/reviews", "/api/books/1/reviews", "/v1/api/films"])
def test_what_stands_behind_a_documented_name_is_no_address(path: str) -> None:
    apis = (api(DOCUMENT.replace("\ncomponents:\n", REVIEWS)),)
    report = proof(getting(path), generated=False, apis=apis)
    assert only(report).judged is Judged.UNPROVEN
    # The base path of the document is put there by us as often as by the test.
    shown = path.removeprefix("/v1")
    wanted = f"is not in the document: GET stage.example.com:8443{shown}"
    assert only(report).reason.en.endswith(wanted)
    assert not report.problems


def test_what_two_documents_know_is_taken_for_neither() -> None:
    other = DOCUMENT.replace("/v1", "/v2")
    report = proof(getting("/stage/books"), generated=False, apis=(api(), api(other, "other")))
    assert only(report).judged is Judged.UNPROVEN


def test_checks_are_named_for_calls_below_another_base_path() -> None:
    text = """
def test_reads(client):
    answer = client.get("/shop/books")
    assert answer.status_code == 200
"""
    report = proof(text, generated=False)
    assert only(report).judged is Judged.PASSES
    assert any(each.fact is not None for each in report.survivors)
