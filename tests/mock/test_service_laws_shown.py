"""A law mutant tells when its fault shows; what exists can be kept and brought back."""

from __future__ import annotations

import httpx

from pe4king_core.mock.handled import Why
from pe4king_core.mock.http.app import MockApp
from pe4king_core.mock.http.mounts import Mounts
from pe4king_core.mock.http.serving import Running
from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.service import Service
from tests.mock.service_document import asked, said, service


def broken(operator: str, subject: str = "") -> tuple[Service, Mutant]:
    of = service()
    found = next(
        each for each in of.mutants() if each.operator == operator and subject in ("", each.subject)
    )
    of.mutant = found
    return of, found


def test_what_is_not_removed_shows_when_it_is_read() -> None:
    of, _ = broken("not-removed")
    made = said(asked(of, "POST", "/v1/shelves", {"theme": "night"}).answer)["id"]
    assert asked(of, "GET", f"/v1/shelves/{made}").why is Why.ANSWERED
    assert asked(of, "DELETE", f"/v1/shelves/{made}").why is Why.ANSWERED
    shown = asked(of, "GET", f"/v1/shelves/{made}")
    assert (shown.why, shown.answer.status) == (Why.MUTANT, 200)


def test_what_is_not_kept_shows_as_missing() -> None:
    of, _ = broken("not-kept")
    made = said(asked(of, "POST", "/v1/shelves", {"theme": "night"}).answer)["id"]
    shown = asked(of, "GET", f"/v1/shelves/{made}")
    assert (shown.why, shown.answer.status) == (Why.MUTANT, 404)


def test_a_member_that_was_not_sent_shows_nothing() -> None:
    of, _ = broken("kept-changed", "/color")
    made = said(asked(of, "POST", "/v1/shelves", {"theme": "night"}).answer)["id"]
    assert asked(of, "GET", f"/v1/shelves/{made}").why is Why.ANSWERED
    made = said(asked(of, "POST", "/v1/shelves", {"theme": "day", "color": "red"}).answer)["id"]
    shown = asked(of, "GET", f"/v1/shelves/{made}")
    assert shown.why is Why.MUTANT
    assert said(shown.answer)["color"] != "red"


def test_nothing_shows_after_the_mutant_is_taken_away() -> None:
    of, _ = broken("echo-changed", "/theme")
    assert asked(of, "POST", "/v1/shelves", {"theme": "night"}).why is Why.MUTANT
    of.mutant = None
    assert asked(of, "POST", "/v1/shelves", {"theme": "night"}).why is Why.ANSWERED


def test_what_exists_is_brought_back_in_another_service() -> None:
    of, other = service(), service(seed=2)
    made = said(asked(of, "POST", "/v1/shelves", {"theme": "night"}).answer)["id"]
    kept = of.snapshot()
    asked(of, "DELETE", f"/v1/shelves/{made}")
    of.restore(kept)
    other.restore(kept)
    for each in (of, other):
        assert said(asked(each, "GET", f"/v1/shelves/{made}").answer)["theme"] == "night"


def test_without_a_control_room_its_paths_are_unknown() -> None:
    app = MockApp(Mounts.of([("shelves", service())]), control=False)
    with (
        Running(app) as running,
        httpx.Client(base_url=running.base_url, trust_env=False) as client,
    ):
        assert client.get("/__pe4king").status_code == 404
        assert client.put("/__pe4king/options", json={"seed": 3}).status_code == 404
