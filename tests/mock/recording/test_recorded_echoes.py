"""Recorded answers tell what is sent now where they told what was sent when they were recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.handled import Why
from pe4king_core.mock.recording.recorded import Recorded
from pe4king_core.mock.recording.recording import Recording
from pe4king_core.mock.service import Service
from pe4king_core.openapi import load
from pe4king_core.openapi.units.document_text import DocumentText
from tests.mock.service_document import KEY, TEXT, asked, said

JSON = ("Content-Type", "application/json")
MASKED, OTHER = "wqcl.qk8b36oe@etvihvb.zqk", "ufkp.w804z959@lzumqoe.zqh"
MINE, YOURS = "ann.1@example.com", "bob.2@example.com"


def served(*exchanges: tuple[str, str, Any, int, Any], strict: bool = True, **more: str) -> Service:
    document = load(TEXT, "file:///shelves.yaml")
    made = [
        Recorded(
            Sent(method, target, [KEY, JSON], b"" if body is None else json.dumps(body).encode()),
            Answer(status, [JSON, ("X-Total", "1"), *more.items()], json.dumps(answer).encode()),
        )
        for method, target, body, status, answer in exchanges
    ]
    raw: Any = DocumentText.read(TEXT).data
    recording = Recording(document, made, (lambda: raw) if strict else None)
    assert not recording.unused
    return Service(document, recording=recording, raw=lambda: raw)


def answered(of: Service, method: str, target: str, body: Any = None) -> Any:
    handled = asked(of, method, target, body)
    assert handled.why is Why.RECORDED
    return said(handled.answer)


def shelf(number: int, theme: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "theme": theme, **more}


def test_what_was_sent_is_told_as_it_is_sent_now() -> None:
    of = served(
        ("POST", "/v1/shelves", {"theme": "a", "color": "red"}, 201, shelf(1, "a", color="red"))
    )
    sent = {"theme": "b", "color": "blue"}
    assert answered(of, "POST", "/v1/shelves", sent) == shelf(1, "b", color="blue")
    assert answered(of, "POST", "/v1/shelves", {"theme": "c"}) == shelf(1, "c", color="red")


def test_a_value_like_no_other_is_told_in_all_that_follows() -> None:
    of = served(
        ("POST", "/v1/shelves", {"theme": MASKED}, 201, shelf(1, MASKED)),
        ("POST", "/v1/shelves", {"theme": OTHER}, 201, shelf(2, OTHER)),
        ("GET", "/v1/shelves/1", None, 200, shelf(1, MASKED)),
        ("GET", "/v1/shelves", None, 200, [shelf(1, MASKED), shelf(2, OTHER)]),
    )
    for first, second in ((MINE, YOURS), (MASKED, "cid.3@example.com")):
        of.configure(of.options)
        for number, theme in enumerate((first, second), 1):
            assert answered(of, "POST", "/v1/shelves", {"theme": theme}) == shelf(number, theme)
        assert answered(of, "GET", "/v1/shelves/1") == shelf(1, first)
        assert answered(of, "GET", "/v1/shelves") == [shelf(1, first), shelf(2, second)]


def test_a_later_request_with_it_is_the_recorded_one() -> None:
    taken = {"message": MASKED}
    of = served(
        ("POST", "/v1/shelves", {"theme": MASKED, "color": "red"}, 201, shelf(1, MASKED)),
        ("POST", "/v1/shelves", {"theme": MASKED, "color": "red"}, 422, taken),
    )
    sent = {"theme": MINE, "color": "red"}
    assert answered(of, "POST", "/v1/shelves", sent) == shelf(1, MINE)
    assert answered(of, "POST", "/v1/shelves", sent) == {"message": MINE}
    assert asked(of, "POST", "/v1/shelves", {**sent, "theme": YOURS}).answer.status == 201


def test_it_is_found_in_paths_and_queries_and_told_in_links() -> None:
    made = {"id": 7, "name": MASKED, "self": f"/v1/boxes/{MASKED}"}
    of = served(
        ("POST", "/v1/boxes", {"name": MASKED}, 201, made),
        ("GET", f"/v1/boxes/{MASKED}", None, 200, made),
        ("GET", f"/v1/boxes?name={OTHER}", None, 200, []),
        ("GET", f"/v1/boxes?name={MASKED}", None, 200, [made]),
        strict=False,
        Location=f"/v1/boxes/{MASKED}",
    )
    mine = {"id": 7, "name": MINE, "self": f"/v1/boxes/{MINE}"}
    first = asked(of, "POST", "/v1/boxes", {"name": MINE})
    assert first.answer.header("location") == f"/v1/boxes/{MINE}"
    assert said(first.answer) == mine
    assert answered(of, "GET", "/v1/boxes/ann.1%40example.com") == mine
    assert answered(of, "GET", "/v1/boxes?name=ann.1%40example.com") == [mine]


def test_what_would_not_be_allowed_stays_as_it_was_recorded() -> None:
    of = served(("POST", "/v1/shelves", {"theme": "a", "size": 5}, 201, shelf(1, "a", size=5)))
    assert answered(of, "POST", "/v1/shelves", {"theme": "b", "size": 6}) == shelf(1, "b", size=6)
    assert answered(of, "POST", "/v1/shelves", {"theme": "b", "size": 0}) == shelf(1, "b", size=5)


def test_values_of_the_server_and_common_ones_stay() -> None:
    known, common = "theme-00000001", "poetry"
    of = served(
        ("GET", "/v1/shelves/1", None, 200, shelf(1, known)),
        ("POST", "/v1/shelves", {"theme": known}, 201, shelf(2, known, near=[shelf(1, known)])),
        ("POST", "/v1/shelves", {"theme": common}, 201, shelf(3, common)),
        ("GET", "/v1/shelves/4", None, 200, shelf(4, common)),
    )
    told = answered(of, "POST", "/v1/shelves", {"theme": "theme-00000099"})
    assert told == shelf(2, "theme-00000099", near=[shelf(1, known)])
    assert answered(of, "GET", "/v1/shelves/1") == shelf(1, known)
    assert answered(of, "POST", "/v1/shelves", {"theme": "prose"}) == shelf(3, "prose")
    assert answered(of, "GET", "/v1/shelves/4") == shelf(4, common)


def test_a_known_value_does_not_stand_for_another() -> None:
    of = served(
        ("POST", "/v1/shelves", {"theme": MASKED}, 201, shelf(1, MASKED)),
        ("GET", "/v1/shelves/1", None, 200, shelf(1, MASKED)),
        ("GET", "/v1/shelves/2", None, 200, shelf(2, OTHER)),
    )
    assert answered(of, "POST", "/v1/shelves", {"theme": OTHER}) == shelf(1, OTHER)
    assert answered(of, "GET", "/v1/shelves/1") == shelf(1, MASKED)


def test_a_name_that_stands_twice_is_taken_from_the_nearer_place() -> None:
    def order(ship: str, bill: str) -> dict[str, Any]:
        return {"ship": {"city": ship}, "bill": {"city": bill}, "lines": [{"amount": 2}]}

    told = {**order("Hamburg", "Hamburg"), "city": "Hamburg"}
    of = served(("POST", "/v1/orders", order("Hamburg", "Hamburg"), 201, told), strict=False)
    sent = {**order("Paris", "Rome"), "lines": [{"amount": 3}]}
    assert answered(of, "POST", "/v1/orders", sent) == {**sent, "city": "Hamburg"}


def test_numbers_of_queries_are_told_as_numbers() -> None:
    told = {"limit": 2, "exact": True, "items": [{"limit": 2}]}
    of = served(("GET", "/v1/boxes?limit=2&exact=true", None, 200, told), strict=False)
    now = answered(of, "GET", "/v1/boxes?limit=3&exact=false")
    assert now == {"limit": 3, "exact": False, "items": [{"limit": 2}]}
    assert answered(of, "GET", "/v1/boxes?limit=many&exact=true") == told


@pytest.mark.parametrize("body", [b"[" * 50_000, b'{"theme": "\xff"}', b'{"theme": "\\ud800"}'])
def test_hostile_bodies_end(body: bytes) -> None:
    of = served(("POST", "/v1/boxes", {"theme": "a"}, 201, {"theme": "a"}), strict=False)
    handled = asked(of, "POST", "/v1/boxes", body)
    assert (handled.why, handled.answer.status) == (Why.RECORDED, 201)
    assert json.loads(handled.answer.body)["theme"]


@pytest.mark.parametrize(
    "kind", ["application/json; charset=hex", "application/json", "text/plain"]
)
def test_what_cannot_be_written_again_is_told_as_it_is(kind: str) -> None:
    content = b'{"theme": "a"}' if kind == "text/plain" else b'{"theme": "\xff"}'
    sent = Sent("POST", "/v1/boxes", [KEY, JSON], b'{"theme": "a"}')
    made = Recorded(sent, Answer(201, [("Content-Type", kind)], content))
    document = load(TEXT, "file:///shelves.yaml")
    of = Service(document, recording=Recording(document, [made]))
    assert asked(of, "POST", "/v1/boxes", {"theme": "b"}).answer.body == content
