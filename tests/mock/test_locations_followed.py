"""Where a made thing is: its `Location` leads to it, wherever its document stands."""

from __future__ import annotations

import json
from urllib.parse import urljoin

import httpx
import pytest

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.http.app import MockApp
from pe4king_core.mock.http.mounts import Mount, Mounts
from pe4king_core.mock.http.serving import Running
from pe4king_core.mock.recording.recorded import Recorded
from pe4king_core.mock.recording.recording import Recording
from pe4king_core.mock.service import Service
from pe4king_core.openapi import load
from pe4king_core.proof.proving.addresses import Forgiving
from tests.mock.service_document import KEY, TEXT, asked, service

MADE = '        "201":\n          description: made\n'
OTHER = "http://else.where:1"


def with_location(schema: str) -> str:
    header = f"          headers: {{Location: {{required: true, schema: {{{schema}}}}}}}\n"
    return TEXT.replace(MADE, MADE + header)


@pytest.mark.parametrize(
    "text", [TEXT, with_location("type: string"), with_location("type: string, format: uri")]
)
def test_it_leads_to_what_was_made_in_each_of_several_documents(text: str) -> None:
    mounts = Mounts.of([("shelves", service(text)), ("boxes", service(text))])
    alone = Mounts.of([("shelves", service(text))])
    for served, bases in ((mounts, ("/shelves/v1", "/boxes/v1")), (alone, ("/v1",))):
        with (
            Running(MockApp(served)) as running,
            httpx.Client(headers=dict([KEY]), trust_env=False, timeout=20) as client,
        ):
            for base in bases:
                url = f"{running.base_url}{base}/shelves"
                made = client.post(url, json={"theme": "maps"})
                location = urljoin(url, made.headers["location"])
                assert location == f"{url}/{made.json()['id']}"
                assert client.get(location).json() == made.json()


def test_it_keeps_to_the_documents_own_form() -> None:
    pattern = with_location("type: string, pattern: '^/v1/shelves/[0-9]+$'")
    mounts = Mounts.of([("shelves", service(pattern)), ("boxes", service(TEXT))])
    of, inside, _ = mounts.find(Sent("POST", "/shelves/v1/shelves", ()))
    answer = asked(of, "POST", inside.target, {"theme": "maps"}).answer
    assert (answer.header("location") or "").startswith("/v1/shelves/")


def test_it_has_the_stage_under_which_tests_look_for_the_api() -> None:
    mounts = Forgiving([Mount("0", service(TEXT))])
    headers = (KEY, ("Content-Type", "application/json"))
    sent = Sent("POST", "/stage/v7/shelves", headers, b'{"theme": "maps"}')
    of, inside, found = mounts.find(sent)
    made = of.answer(inside, found).answer
    location = made.header("location") or ""
    assert location == f"/stage/v7/shelves/{json.loads(made.body)['id']}"
    of, inside, found = mounts.find(Sent("GET", location, (KEY,)))
    assert json.loads(of.answer(inside, found).answer.body) == json.loads(made.body)


@pytest.mark.parametrize(
    ("recorded", "location", "asked_at", "told"),
    [
        ("/shelves", "/shelves/7", "/v1/shelves", "{mount}/v1/shelves/7"),
        ("/v1/shelves", "/v1/shelves/7", "/shelves", "{mount}/shelves/7"),
        ("/v1/shelves", "/v1/shelves/7", "/v1/shelves", "{mount}/v1/shelves/7"),
        ("/shelves", "/elsewhere/7", "/v1/shelves", "/elsewhere/7"),
        ("/shelves", f"{OTHER}/shelves/7", "/v1/shelves", f"{OTHER}/shelves/7"),
    ],
)
@pytest.mark.parametrize("mount", ["", "/docs"])
def test_a_recorded_one_is_where_the_api_is_now(
    recorded: str, location: str, asked_at: str, told: str, mount: str
) -> None:
    headers, body = [KEY, ("Content-Type", "application/json")], b'{"theme": "maps"}'
    given = Answer(201, [headers[1], ("Location", location)], b'{"id": 7, "theme": "maps"}')
    document = load(TEXT, "file:///shelves.yaml")
    recording = Recording(document, [Recorded(Sent("POST", recorded, headers, body), given)])
    of = Mount("shelves", Service(document, recording=recording), mount)
    sent = of.inside(Sent("POST", mount + asked_at, headers, body))
    assert of.service.answer(sent).answer.header("location") == told.format(mount=mount)
