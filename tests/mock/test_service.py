"""The conforming server without HTTP: which answer a request gets, and why."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from pe4king_core.mock.answers.answers import Failure
from pe4king_core.mock.contract.exchanges import ExchangeJudge
from pe4king_core.mock.exchange import Exchange, Sent
from pe4king_core.mock.handled import Why
from pe4king_core.mock.scripts import Script
from pe4king_core.mock.service import Service
from pe4king_core.openapi.units.document_text import DocumentText
from tests.mock.service_document import KEY, TEXT, asked, said, service

READ = DocumentText.read(TEXT).data


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "why", "key"),
    [
        ("GET", "/v1/shelves", None, 200, Why.ANSWERED, "GET /shelves"),
        ("GET", "/shelves?limit=3", None, 200, Why.ANSWERED, "GET /shelves"),
        ("POST", "/v1/shelves", {"theme": "sea"}, 201, Why.ANSWERED, "POST /shelves"),
        ("POST", "/v1/shelves", {"theme": ""}, 422, Why.INVALID, "POST /shelves"),
        ("POST", "/v1/shelves", b"{", 422, Why.INVALID, "POST /shelves"),
        ("GET", "/v1/shelves?limit=0", None, 400, Why.INVALID, "GET /shelves"),
        ("DELETE", "/v1/shelves/1", None, 204, Why.ANSWERED, "DELETE /shelves/{shelfId}"),
        ("GET", "/v1/books", None, 404, Why.UNKNOWN_PATH, None),
        ("POST", "/v1/shelfAdded", None, 404, Why.UNKNOWN_PATH, None),
        ("PUT", "/v1/shelves", None, 405, Why.METHOD, None),
        ("OPTIONS", "/v1/shelves", None, 204, Why.OPTIONS, None),
        ("HEAD", "/v1/shelves", None, 200, Why.ANSWERED, "GET /shelves"),
    ],
)
def test_each_request_gets_its_documented_answer(
    method: str, target: str, body: Any, status: int, why: Why, key: str | None
) -> None:
    handled = asked(service(), method, target, body)
    assert (handled.answer.status, handled.why) == (status, why)
    assert (handled.operation.key if handled.operation else None) == key
    exchange = Exchange(handled.sent, handled.answer)
    assert ExchangeJudge(READ).faults(exchange, key or "") == []  # type: ignore[arg-type]


def test_invalid_requests_are_told_what_is_wrong() -> None:
    handled = asked(service(), "GET", "/v1/shelves?limit=0")
    fault = handled.faults[0]
    assert (fault.where, fault.name, fault.reason) == ("query", "limit", "range")
    assert said(handled.answer)["message"] == "query limit: 0 is less than 1"
    assert handled.status_key == "400"


def test_credentials_are_asked_for_before_anything_else() -> None:
    handled = asked(service(), "GET", "/v1/shelves?limit=0", key=False)
    assert (handled.answer.status, handled.why) == (401, Why.CREDENTIALS)
    assert asked(service(), "GET", "/v1/health", key=False).answer.status == 200
    fixed = service(credentials=("secret",))
    assert asked(fixed, "GET", "/v1/shelves").answer.status == 401
    right = asked(fixed, "GET", "/v1/shelves", None, ("X-Key", "secret"), key=False)
    assert right.answer.status == 200


def test_methods_that_are_not_documented_are_told_which_are() -> None:
    for method, status in (("PATCH", 405), ("OPTIONS", 204)):
        answer = asked(service(), method, "/v1/shelves").answer
        assert (answer.status, answer.header("allow")) == (status, "GET, POST, HEAD, OPTIONS")
    problem = asked(service(), "PATCH", "/v1/shelves").answer
    assert problem.header("content-type") == "application/problem+json"
    assert "PATCH" in said(problem)["detail"]


def test_methods_are_refused_in_the_words_of_the_document_where_it_has_some() -> None:
    text = TEXT.replace(
        'responses: {"204": {description: gone}, "404"',
        'responses: {"204": {description: gone}, default',
    )
    handled = asked(service(text), "PUT", "/v1/shelves/1")
    answer = handled.answer
    assert (answer.status, handled.why, handled.operation) == (405, Why.METHOD, None)
    assert answer.header("content-type") == "application/json"
    assert answer.header("allow") == "GET, DELETE, HEAD, OPTIONS"
    assert "PUT" in said(answer)["message"]


def test_head_has_the_headers_of_get_without_its_body() -> None:
    get, head = (asked(service(), method, "/v1/shelves").answer for method in ("GET", "HEAD"))
    assert head.body == b""
    assert head.header("content-length") == str(len(get.body))
    assert head.header("x-total") == get.header("x-total")


def test_accept_chooses_the_media_type() -> None:
    def answer(accept: str) -> tuple[int, str | None]:
        found = asked(service(), "GET", "/v1/shelves", None, ("Accept", accept)).answer
        return found.status, found.header("content-type")

    assert answer("application/xml") == (200, "application/xml")
    assert answer("*/*") == (200, "application/json")
    assert answer("image/png")[0] == 406


def test_other_media_types_than_documented_are_refused() -> None:
    sent = Sent("POST", "/v1/shelves", [KEY, ("Content-Type", "text/csv")], b"a,b")
    handled = service().answer(sent)
    assert (handled.answer.status, handled.why) == (422, Why.MEDIA_TYPE)
    assert b"Content-Type `text/csv` is none of application/json" in handled.answer.body
    other = service(TEXT.replace('"422": {$ref', "default: {$ref"))
    assert other.answer(sent).status_key == "default"


def test_what_was_removed_is_missing() -> None:
    shelves = service()
    made = said(asked(shelves, "POST", "/v1/shelves", {"theme": "sea"}).answer)
    target = f"/v1/shelves/{made['id']}"
    assert said(asked(shelves, "GET", target).answer)["theme"] == "sea"
    assert asked(shelves, "DELETE", target).answer.status == 204
    handled = asked(shelves, "GET", target)
    assert (handled.answer.status, handled.why) == (404, Why.MISSING)
    shelves.reset()
    assert asked(shelves, "GET", target).answer.status == 200


def test_prefer_chooses_among_the_documented_answers() -> None:
    def answer(prefer: str) -> tuple[int, Why, Any]:
        found = asked(service(), "GET", "/v1/shelves/1", None, ("Prefer", prefer))
        return found.answer.status, found.why, said(found.answer)

    assert answer("code=404")[:2] == (404, Why.PREFERRED)
    assert answer("example=large")[2] == {"id": 8, "theme": "large", "color": "blue"}
    assert answer('respond-async, code="200"; example=small')[2]["theme"] == "small"
    status, _, told = answer("code=418")
    assert (status, "200, 404" in told["detail"]) == (400, True)
    status, _, told = answer("example=huge")
    assert (status, "small, large" in told["detail"]) == (400, True)
    assert answer("handling=strict")[:2] == (200, Why.ANSWERED)


def test_prefer_dynamic_gives_another_answer_each_time() -> None:
    shelves = service()
    prefer = ("Prefer", "dynamic=true")
    found = [asked(shelves, "GET", "/v1/shelves", None, prefer).answer.body for _ in range(8)]
    again = service()
    assert len(set(found)) > 3
    assert found == [asked(again, "GET", "/v1/shelves", None, prefer).answer.body for _ in range(8)]


def test_a_request_has_one_answer_in_each_seed() -> None:
    def bodies(seed: int) -> list[bytes]:
        targets = [f"/v1/shelves?limit={number}" for number in range(1, 21)]
        return [asked(service(seed=seed), "GET", each).answer.body for each in targets]

    assert bodies(5) == bodies(5)
    assert bodies(5) != bodies(6)
    assert len(set(bodies(5))) > 5
    judge = ExchangeJudge(READ)  # type: ignore[arg-type]
    for seed in range(2, 12):
        handled = asked(service(seed=seed), "GET", "/v1/shelves")
        assert judge.faults(Exchange(handled.sent, handled.answer)) == []


def test_scripts_set_what_the_next_calls_get() -> None:
    shelves = service()
    shelves.script(
        Script("getShelf", members={"/theme": "scripted", "color": "green"}, times=1),
        Script("GET /shelves/{shelfId}", status=404, nth=3),
    )
    found = [asked(shelves, "GET", "/v1/shelves/1") for _ in range(4)]
    assert [each.why for each in found] == [
        Why.SCRIPTED, Why.ANSWERED, Why.SCRIPTED, Why.ANSWERED,
    ]  # fmt: skip
    body = said(found[0].answer)
    assert (body["theme"], body["color"], body["id"]) == ("scripted", "green", 1)
    assert (found[2].answer.status, found[2].status_key) == (404, "404")


def test_scripts_by_path_with_body_headers_and_delay() -> None:
    shelves = service()
    shelves.script(
        Script("GET /v1/shelves/2", body={"id": "odd"}, has_body=True, headers=(("X-A", "b"),),
               delay=5.0)
    )  # fmt: skip
    assert asked(shelves, "GET", "/v1/shelves/1").why is Why.ANSWERED
    found = asked(shelves, "GET", "/v1/shelves/2")
    assert said(found.answer) == {"id": "odd"}
    assert (found.answer.header("x-a"), found.delay) == ("b", 5.0)


def test_scripts_leave_invalid_requests_alone_unless_they_say_so() -> None:
    shelves = service()
    shelves.script(Script("addShelf", status=503))
    assert asked(shelves, "POST", "/v1/shelves", {}).answer.status == 422
    assert asked(shelves, "POST", "/v1/shelves", {"theme": "a"}).answer.status == 503
    shelves.script(Script("addShelf", status=503, always=True))
    assert asked(shelves, "POST", "/v1/shelves", {}).answer.status == 503
    shelves.script(Script("GET /nowhere", status=200, body="here", has_body=True, always=True))
    assert asked(shelves, "GET", "/nowhere").answer.body == b"here"
    shelves.reset()
    assert asked(shelves, "GET", "/nowhere").answer.status == 404


def test_the_rate_of_failures_is_kept_and_the_same_each_time() -> None:
    def statuses() -> list[int]:
        failing = service(fail_rate=0.25)
        return [
            asked(failing, "POST", "/v1/shelves", {"theme": "a"}).answer.status for _ in range(400)
        ]

    found = statuses()
    assert set(found) == {201, 503}
    assert 60 < found.count(503) < 140
    assert found == statuses()


def test_delays_lie_within_their_bounds() -> None:
    slow = service(delay=(10.0, 30.0))
    found = {asked(slow, "GET", "/v1/health", key=False).delay for _ in range(50)}
    assert len(found) > 10
    assert all(10 <= each <= 30 for each in found)


def test_an_exception_inside_is_an_answer_and_the_service_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shelves = service()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("inside")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr("pe4king_core.mock.calling.read_request", broken)
        handled = asked(shelves, "GET", "/v1/shelves")
    assert (handled.answer.status, handled.why) == (500, Why.ERROR)
    assert handled.answer.header("content-type") == "application/problem+json"
    assert "GET /shelves" in said(handled.answer)["detail"]
    assert "inside" not in handled.answer.body.decode()
    assert "inside" in caplog.text
    assert asked(shelves, "GET", "/v1/shelves").answer.status == 200


def test_what_is_not_read_gets_the_documented_answer() -> None:
    shelves, told = service(), "too large"
    documented = shelves.refused(
        Sent("POST", "/v1/shelves", ()), Failure.TOO_LARGE, Why.TOO_LARGE, told
    )
    assert (documented.answer.status, said(documented.answer)) == (413, {"message": told})
    plain = shelves.refused(Sent("GET", "/v1/shelves", ()), Failure.TOO_LARGE, Why.TOO_LARGE, told)
    assert plain.answer.status == 413  # though the document has none here, but 400
    nobody = shelves.refused(Sent("GET", "/no", ()), Failure.TOO_LARGE, Why.TOO_LARGE, told)
    assert nobody.answer.status == 404


def mutant(shelves: Service, operation: str, part: str) -> Any:
    return next(each for each in shelves.mutants(operation) if part in each.name)


def test_a_contract_mutant_breaks_its_answer_and_no_other() -> None:
    shelves, judge = service(), ExchangeJudge(READ)  # type: ignore[arg-type]
    shelves.mutant = mutant(shelves, "getShelf", "200 /theme: missing")
    handled = asked(shelves, "GET", "/v1/shelves/1")
    assert handled.why is Why.MUTANT
    assert "theme" not in said(handled.answer)
    assert judge.faults(Exchange(handled.sent, handled.answer))
    assert asked(shelves, "GET", "/v1/shelves").why is Why.ANSWERED
    shelves.mutant = None
    assert "theme" in said(asked(shelves, "GET", "/v1/shelves/1").answer)


def test_ignoring_mutants_accept_what_is_wrong_in_one_way() -> None:
    shelves = service()
    shelves.mutant = mutant(shelves, "listShelves", "accepted without credentials")
    assert asked(shelves, "GET", "/v1/shelves", key=False).answer.status == 200
    assert asked(shelves, "GET", "/v1/shelves?limit=0").answer.status == 400
    shelves.mutant = next(
        each for each in shelves.mutants("listShelves")
        if each.subject == "query limit" and each.value == "range"
    )  # fmt: skip
    assert asked(shelves, "GET", "/v1/shelves", key=False).answer.status == 401
    assert asked(shelves, "GET", "/v1/shelves?limit=0").answer.status == 200
    assert asked(shelves, "GET", "/v1/shelves?limit=x").answer.status == 400


def test_a_law_mutant_is_carried_out_by_the_state() -> None:
    shelves = service()
    shelves.mutant = next(
        each for each in shelves.mutants("removeShelf") if each.law == "gone-after-delete"
    )
    assert asked(shelves, "DELETE", "/v1/shelves/1").answer.status == 204
    assert asked(shelves, "GET", "/v1/shelves/1").answer.status == 200


@pytest.mark.parametrize("target", ["", "*", "//", "/%zz", "/v1/shelves/%00", "?", "/" * 5_000])
def test_odd_targets_get_an_answer(target: str) -> None:
    handled = asked(service(), "GET", target)
    assert 400 <= handled.answer.status < 500
    assert handled.why is not Why.ERROR


def test_bodies_of_any_kind_get_an_answer() -> None:
    shelves = service()
    for body in (b"\xff\xfe", b"[" * 100_000, b'{"theme": NaN}', b"null", json.dumps("a").encode()):
        handled = asked(shelves, "POST", "/v1/shelves", body)
        assert (handled.answer.status, handled.why) == (422, Why.INVALID), body[:20]
