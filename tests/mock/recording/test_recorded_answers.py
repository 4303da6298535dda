"""Recorded answers: which one a request gets, in what order, and which are not given at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.handled import Why
from pe4king_core.mock.recording.recorded import Recorded
from pe4king_core.mock.recording.recording import Recording
from pe4king_core.mock.service import Options, Service
from pe4king_core.mock.state.unknown import Unknown
from pe4king_core.openapi import load
from pe4king_core.openapi.units.document_text import DocumentText
from tests.mock.service_document import KEY, TEXT, asked, said

JSON = ("Content-Type", "application/json")
Exchange = tuple[str, str, Any, int, Any]
"""Method, target, what is sent, status, what is answered."""


def document() -> Any:
    return load(TEXT, "file:///shelves.yaml")


def raw() -> Mapping[str, Any]:
    data: Mapping[str, Any] = DocumentText.read(TEXT).data  # type: ignore[assignment]
    return data


def recorded(exchanges: Sequence[Exchange]) -> list[Recorded]:
    return [
        Recorded(
            Sent(method, target, [KEY, JSON], b"" if body is None else json.dumps(body).encode()),
            Answer(status, [JSON, ("X-Total", "1")], json.dumps(answer).encode()),
            line=number,
        )
        for number, (method, target, body, status, answer) in enumerate(exchanges, 2)
    ]


def recording(*exchanges: Exchange, strict: bool = True) -> Recording:
    return Recording(document(), recorded(exchanges), raw if strict else None)


def served(*exchanges: Exchange, strict: bool = True) -> Service:
    return Service(document(), Options(), recording(*exchanges, strict=strict), raw=raw)


def shelf(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "theme": f"shelf {number}", **more}


def test_recorded_answers_come_before_made_ones() -> None:
    of = served(("GET", "/v1/shelves/3", None, 200, shelf(3)))
    same = asked(of, "GET", "/v1/shelves/3")
    assert (same.why, said(same.answer)) == (Why.RECORDED, shelf(3))
    assert said(asked(of, "GET", "/shelves/3").answer) == shelf(3)  # at another base path
    other = asked(of, "GET", "/v1/shelves/4")
    assert other.why is Why.ANSWERED
    assert said(other.answer)["id"] == 4


def test_the_nearest_query_and_body_are_taken() -> None:
    of = served(
        ("GET", "/v1/shelves?limit=5", None, 200, [shelf(5)]),
        ("GET", "/v1/shelves", None, 200, [shelf(1)]),
        ("POST", "/v1/shelves", {"theme": "a"}, 201, shelf(11)),
        ("POST", "/v1/shelves", {"theme": "a", "color": "red"}, 201, shelf(12, color="red")),
    )
    assert said(asked(of, "GET", "/v1/shelves").answer) == [shelf(1)]
    assert said(asked(of, "GET", "/v1/shelves?limit=5").answer) == [shelf(5)]
    made = asked(of, "POST", "/v1/shelves", {"theme": "b", "color": "red"})
    assert said(made.answer)["id"] == 12


def test_an_error_is_answered_to_the_very_same_request_only() -> None:
    refusal = ("POST", "/v1/shelves", {"theme": ""}, 422, {"message": "theme is empty"})
    of = served(refusal, ("GET", "/v1/shelves/9", None, 404, {"message": "no shelf 9"}))
    same = asked(of, "POST", "/v1/shelves", {"theme": ""})
    assert (same.why, said(same.answer)) == (Why.RECORDED, {"message": "theme is empty"})
    assert same.faults
    assert asked(of, "POST", "/v1/shelves", {"theme": 1}).why is Why.INVALID
    assert asked(of, "POST", "/v1/shelves", {"theme": "fine"}).why is Why.ANSWERED
    assert said(asked(of, "GET", "/v1/shelves/9").answer) == {"message": "no shelf 9"}
    # The recorded request had credentials: what is missing here is another fault.
    assert asked(of, "POST", "/v1/shelves", {"theme": ""}, key=False).answer.status != 422


def test_a_flow_is_answered_as_it_went() -> None:
    of = served(
        ("GET", "/v1/shelves", None, 200, []),
        ("POST", "/v1/shelves", {"theme": "a"}, 201, shelf(1)),
        ("GET", "/v1/shelves", None, 200, [shelf(1)]),
        ("GET", "/v1/shelves/1", None, 200, shelf(1)),
        ("POST", "/v1/shelves", {"theme": "a"}, 201, shelf(2)),
        ("GET", "/v1/shelves", None, 200, [shelf(1), shelf(2)]),
    )

    def listed() -> list[int]:
        return [each["id"] for each in said(asked(of, "GET", "/v1/shelves").answer)]

    def add() -> int:
        number: int = said(asked(of, "POST", "/v1/shelves", {"theme": "a"}).answer)["id"]
        return number

    for _ in range(2):
        assert [listed(), listed(), add(), listed(), listed()] == [[], [], 1, [1], [1]]
        assert [add(), listed()] == [2, [1, 2]]
        of.reset()


def test_what_was_recorded_is_known_where_unknown_things_are_refused() -> None:
    of = served(("GET", "/v1/shelves/3", None, 200, shelf(3)))
    of.configure(Options(unknown=Unknown.REFUSED))
    assert said(asked(of, "GET", "/v1/shelves/3").answer) == shelf(3)
    assert asked(of, "GET", "/v1/shelves/4").answer.status == 404


def test_what_changes_by_itself_comes_one_after_the_other() -> None:
    states = [shelf(1, theme=theme) for theme in ("waiting", "running", "ready")]
    of = served(*(("GET", "/v1/shelves/1", None, 200, state) for state in states))
    got = [said(asked(of, "GET", "/v1/shelves/1").answer)["theme"] for _ in range(4)]
    assert got == ["waiting", "running", "ready", "ready"]


WRONG = ("GET", "/v1/shelves/3", None, 200, {"id": "three", "theme": "a"})
TEAPOT = ("GET", "/v1/shelves/4", None, 418, {"message": "short and stout"})
UNKNOWN = ("GET", "/v1/boxes/1?a=b", None, 200, {"box": 1})


def test_what_the_document_does_not_allow_is_left_out_and_said() -> None:
    of = recording(WRONG, TEAPOT, UNKNOWN, ("GET", "/v1/shelves/1", None, 200, shelf(1)))
    assert len(of) == 1
    told = {each.recorded.line: (each.operation, each.reason) for each in of.unused}
    assert told[2][0] == "GET /shelves/{shelfId}"
    assert "three" in told[2][1]
    assert "418" in told[3][1]
    assert told[4] == ("", "the document has no such operation")
    strict = Service(document(), Options(), of, raw=raw)
    assert said(asked(strict, "GET", "/v1/shelves/3").answer)["id"] == 3
    assert asked(strict, "GET", "/v1/boxes/1?a=b").answer.status == 404


def test_as_recorded_everything_is_given() -> None:
    of = served(WRONG, TEAPOT, UNKNOWN, strict=False)
    assert said(asked(of, "GET", "/v1/shelves/3").answer)["id"] == "three"
    assert asked(of, "GET", "/v1/shelves/4").answer.status == 418
    assert said(asked(of, "GET", "/v1/boxes/1?a=b").answer) == {"box": 1}
    assert said(asked(of, "GET", "/boxes/1").answer) == {"box": 1}
    assert asked(of, "GET", "/v1/boxes/2").answer.status == 404


def test_half_a_body_is_never_answered() -> None:
    (whole,) = recorded([("GET", "/v1/shelves/3", None, 200, shelf(3))])
    cut = Recorded(whole.sent, whole.answer, answer_size=10**6)
    assert [each.reason for each in Recording(document(), [cut]).unused] == [
        "only the beginning of the body was recorded"
    ]


def test_the_client_and_scripts_may_still_choose() -> None:
    of = served(("GET", "/v1/shelves/3", None, 200, shelf(3)))
    chosen = asked(of, "GET", "/v1/shelves/3", None, ("Prefer", "example=large"))
    assert (chosen.why, said(chosen.answer)["id"]) == (Why.PREFERRED, 8)
    xml = asked(of, "GET", "/v1/shelves/3", None, ("Accept", "application/xml"))
    assert xml.why is not Why.RECORDED
    head = asked(of, "HEAD", "/v1/shelves/3")
    assert (head.why, head.answer.body) == (Why.RECORDED, b"")


def test_a_changed_document_is_asked_again() -> None:
    current = [raw()]
    exchanges = recorded([("GET", "/v1/shelves/3", None, 200, shelf(3, size=0))])
    made = Recording(document(), exchanges, lambda: current[0])
    assert [len(made), len(made.unused)] == [0, 1]
    text = TEXT.replace("size: {type: integer, minimum: 1}", "size: {type: integer}")
    current[0] = DocumentText.read(text).data  # type: ignore[assignment]
    of = Service(document(), Options(), made, raw=raw)
    again = of.succeeded_by(load(text, "file:///shelves.yaml"))
    assert said(asked(again, "GET", "/v1/shelves/3").answer) == shelf(3, size=0)


def test_all_answers_of_an_operation_are_ranked() -> None:
    of = recording(
        ("GET", "/v1/shelves/1", None, 404, {"message": "none"}),
        ("GET", "/v1/shelves/1", None, 200, shelf(1)),
        ("GET", "/v1/shelves/2", None, 200, shelf(2)),
        ("GET", "/v1/shelves", None, 200, []),
    )
    operation = document().operation("getShelf")
    answers = of.answers_for(operation, Sent("GET", "/v1/shelves/2", [KEY, JSON]))
    assert [each.status for each in answers] == [200, 200, 404]
    assert json.loads(answers[0].body) == shelf(2)
    assert of.answers_for(document().operation("health"), Sent("GET", "/health", [])) == ()


@pytest.mark.parametrize("target", ["/v1/%ff%fe", "/v1/shelves/" + "9" * 5_000, "*", "/?&=&=%"])
def test_hostile_requests_end(target: str) -> None:
    of = served(("GET", "/v1/shelves/3", None, 200, shelf(3)), strict=False)
    assert asked(of, "GET", target).answer.status >= 400
