"""Which documented answer is taken: success, every one of them, and for each kind of failure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pe4king_core.mock.answers.answers import Answers, Failure
from pe4king_core.mock.answers.problems import PROBLEM
from pe4king_core.openapi import load
from tests.mock.answers.answers_kit import answering


@pytest.mark.parametrize(
    ("documented", "status"),
    [
        (["404", "201", "200"], 200),
        (["206", "200"], 200),
        (["206", "404"], 206),
        (["2XX", "404"], 200),
        (["202", "204"], 202),
        (["404", "default"], 200),
        (["302", "404"], 302),
    ],
)
def test_success(documented: list[str], status: int) -> None:
    answers, operation = answering({key: {} for key in documented})
    found = answers.success(operation)
    assert found is not None
    assert found[0] == status


def test_no_success_is_documented() -> None:
    answers, operation = answering({"404": {}, "101": {}})
    assert answers.success(operation) is None


@pytest.mark.parametrize(
    ("documented", "statuses"),
    [
        (["200", "404"], [200, 404]),
        (["200", "default"], [200, 400]),
        (["200", "400", "default"], [200, 400, 401]),
        (["default"], [200]),
        (["101", "2XX", "4xx", "404", "5XX"], [200, 400, 404, 500]),
        (["200", "2XX"], [200, 201]),
    ],
)
def test_every_documented_answer_has_a_status(documented: list[str], statuses: list[int]) -> None:
    answers, operation = answering({key: {} for key in documented})
    assert [status for status, _ in answers.others(operation)] == statuses


@pytest.mark.parametrize(
    ("fault", "documented", "status", "key"),
    [
        (Failure.INVALID, {"422": "", "404": ""}, 422, "422"),
        (Failure.INVALID, {"405": "Invalid input", "404": ""}, 405, "405"),
        (Failure.INVALID, {"404": "", "401": "", "403": "", "409": ""}, 400, None),
        (Failure.INVALID, {"401": "Invalid token", "404": "Invalid id"}, 400, None),
        (Failure.INVALID, {"401": "", "default": ""}, 400, "default"),
        (Failure.INVALID, {"429": ""}, 400, None),
        (Failure.CREDENTIALS, {"404": ""}, 401, None),
        (Failure.PATH, {"404": ""}, 404, "404"),
        (Failure.CREDENTIALS, {"403": "", "401": ""}, 401, "401"),
        (Failure.CREDENTIALS, {"403": ""}, 403, "403"),
        (Failure.MISSING, {"410": ""}, 410, "410"),
        (Failure.MISSING, {"4XX": "", "default": ""}, 404, "4XX"),
        (Failure.MISSING, {"default": ""}, 404, "default"),
        (Failure.CONFLICT, {"422": ""}, 422, "422"),
        (Failure.ACCEPT, {"400": ""}, 406, None),
        (Failure.MEDIA_TYPE, {"415": ""}, 415, "415"),
        (Failure.ACCEPT, {"4XX": ""}, 406, "4XX"),
        (Failure.MEDIA_TYPE, {"400": "", "404": ""}, 400, "400"),
        (Failure.MEDIA_TYPE, {"default": ""}, 415, "default"),
        (Failure.METHOD, {}, 405, None),
        (Failure.TOO_LARGE, {"400": ""}, 413, None),
        (Failure.SERVER, {"503": ""}, 503, "503"),
        (Failure.SERVER, {"5XX": ""}, 500, "5XX"),
    ],
)
def test_failures(fault: Failure, documented: dict[str, str], status: int, key: str | None) -> None:
    responses: dict[str, Any] = {name: {"description": said} for name, said in documented.items()}
    answers, operation = answering({"200": {}, **responses})
    found, response = answers.failure(operation, fault)
    assert found == status
    assert (response and response.status) == key


def test_undocumented_failures_of_swagger_have_its_type() -> None:
    for version, media_type in (("swagger", "application/json"), ("openapi", PROBLEM)):
        number = "2.0" if version == "swagger" else "3.0.3"
        paths = {"/a": {"get": {"responses": {"200": {"description": ""}}}}}
        text = json.dumps({version: number, "info": {"title": "", "version": "1"}, "paths": paths})
        made = Answers(load(text, "memory.json")).answer(400, None, detail="why")
        assert made.header("Content-Type") == media_type
        assert json.loads(made.body)["detail"] == "why"
