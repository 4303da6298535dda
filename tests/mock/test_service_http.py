"""The mocked API over real sockets: CORS, limits, hostile clients, the control room."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from typing import Any

import httpx
import pytest

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.handled import Handled, Why
from pe4king_core.mock.http import protocol, wire
from pe4king_core.mock.http.app import MockApp
from pe4king_core.mock.http.log import RequestLog
from pe4king_core.mock.http.mounts import Mounts
from pe4king_core.mock.http.serving import Running
from tests.mock.service_document import TEXT, service

KEY = {"X-Key": "k"}
SMALL = 2_000
"""The largest body of these tests' server."""


@pytest.fixture
def url() -> Iterator[str]:
    app = MockApp(Mounts.of([("shelves", service())]), max_body=SMALL)
    with Running(app) as running:
        yield running.base_url


@pytest.fixture
def client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers=KEY, trust_env=False, timeout=20) as client:
        yield client


def raw(url: str, content: bytes, *, wait: bool = True) -> bytes:
    """What the server says to bytes; all of it until it closes, or the first part."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(content)
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
            if not wait:
                break
        return b"".join(parts)


def test_answers_travel_with_their_length_and_type(client: httpx.Client) -> None:
    answer = client.get("/v1/shelves", params={"limit": 2})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content)
    made = client.post("/v1/shelves", json={"theme": "ночь"})
    assert (made.status_code, made.json()["theme"]) == (201, "ночь")
    assert client.get(f"/v1/shelves/{made.json()['id']}").json()["theme"] == "ночь"
    gone = client.delete(f"/v1/shelves/{made.json()['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert "content-length" not in gone.headers
    head = client.head("/v1/shelves")
    assert (head.status_code, head.content) == (200, b"")


def test_pages_of_other_origins_may_use_the_api(client: httpx.Client) -> None:
    origin = {"Origin": "https://app.example.org"}
    asked = {"Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "x-key"}
    allowed = client.options("/v1/shelves/1", headers={**origin, **asked})
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == "https://app.example.org"
    assert allowed.headers["access-control-allow-methods"] == "DELETE"
    assert allowed.headers["access-control-allow-headers"] == "x-key"
    answer = client.get("/v1/shelves", headers=origin)
    assert answer.headers["access-control-allow-origin"] == "https://app.example.org"
    assert "X-Total" in answer.headers["access-control-expose-headers"]
    refused = client.get("/v1/shelves?limit=x", headers=origin)
    assert refused.status_code == 400
    assert refused.headers["access-control-allow-origin"] == "https://app.example.org"
    assert "access-control-allow-origin" not in client.get("/v1/shelves").headers


def test_cors_can_be_off() -> None:
    with Running(MockApp(Mounts.of([("shelves", service())]), cors=False)) as running:
        headers = {"Origin": "http://a", "Access-Control-Request-Method": "GET", **KEY}
        answer = httpx.options(f"{running.base_url}/v1/shelves", headers=headers, trust_env=False)
        assert answer.status_code == 204
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_large_bodies_get_the_documented_refusal(client: httpx.Client) -> None:
    fits = client.post("/v1/shelves", json={"theme": "a", "color": "red", "x": "y" * 1_000})
    assert fits.status_code == 201
    for size in (SMALL + 1, SMALL * 3, SMALL * 500):
        answer = client.post("/v1/shelves", content=b"x" * size)
        assert (answer.status_code, "larger than" in answer.json()["message"]) == (413, True)

    def parts() -> Iterator[bytes]:
        yield from [b"x" * 500] * 6

    assert client.post("/v1/shelves", content=parts()).status_code == 413
    assert client.get("/v1/shelves").status_code == 200


def test_expect_is_answered_before_the_body_is_sent(url: str) -> None:
    head = "POST /v1/shelves HTTP/1.1\r\nHost: a\r\nX-Key: k\r\nExpect: 100-continue\r\n"
    large = raw(url, f"{head}Content-Length: 999999\r\n\r\n".encode(), wait=False)
    assert large.startswith(b"HTTP/1.1 413 ")
    small = f"{head}Content-Type: application/json\r\nContent-Length: 13\r\n\r\n"
    assert raw(url, small.encode(), wait=False).startswith(b"HTTP/1.1 100 ")


@pytest.mark.parametrize(
    "content",
    [
        b"nonsense\r\n\r\n",
        b"GET /v1/shelves\r\n\r\n",
        b"GET / HTTP/1.1\r\nBroken header\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"GET /" + b"y" * 100_000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 600,
    ],
)
def test_what_is_no_http_is_refused_and_the_server_goes_on(
    url: str, client: httpx.Client, content: bytes
) -> None:
    told = raw(url, content, wait=False)
    assert told.startswith(b"HTTP/1.1 4")
    assert b"Traceback" not in told
    assert client.get("/v1/health").status_code == 200


def test_odd_but_sound_requests_are_answered(url: str) -> None:
    close = b"Host: a\r\nX-Key: k\r\nConnection: close\r\n\r\n"
    for line, status in (
        (b"GET /v1/shelves?limit=1&limit=2 HTTP/1.1\r\n", b"400"),
        (b"GET http://a/v1/shelves HTTP/1.1\r\n", b"200"),
        (b"GET /v1/shelves?a=%zz%00 HTTP/1.1\r\n", b"200"),
        (b"BREW /v1/shelves HTTP/1.1\r\n", b"405"),
        (b"OPTIONS * HTTP/1.1\r\n", b"404"),
        (b"GET //v1//shelves HTTP/1.1\r\n", b"404"),
    ):
        told = raw(url, line + close)
        assert told.startswith(b"HTTP/1.1 " + status), (line, told[:200])


def test_requests_in_a_row_on_one_connection(url: str) -> None:
    one = b"GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n"
    last = b"GET /v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    assert raw(url, one * 20 + last).count(b"HTTP/1.1 200 OK") == 21


def test_slow_clients_are_let_go(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(wire, "BODY_SECONDS", 0.2)
    assert raw(url, b"").startswith(b"HTTP/1.1 408 ")
    assert raw(url, b"GET /v1/hea").startswith(b"HTTP/1.1 408 ")
    half = b"POST /v1/shelves HTTP/1.1\r\nHost: a\r\nX-Key: k\r\nContent-Length: 90\r\n\r\n{"
    assert raw(url, half).startswith(b"HTTP/1.1 408 ")
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = HTTPResponse(connection)
        answer.begin()
        assert (answer.status, answer.read()) == (200, b"sample")
        connection.sendall(b"GET /v1/sh")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 408 ")


def test_clients_that_leave_in_the_middle_do_no_harm(url: str, client: httpx.Client) -> None:
    host, port = url.removeprefix("http://").split(":")
    for content in (
        b"",
        b"GE",
        b"POST /v1/shelves HTTP/1.1\r\nContent-Length: 50\r\nHost: a\r\n\r\n{",
    ):
        for _ in range(20):
            with socket.create_connection((host, int(port)), timeout=20) as connection:
                connection.sendall(content)
    assert client.get("/v1/health").status_code == 200


def test_many_connections_at_once(url: str, client: httpx.Client) -> None:
    host, port = url.removeprefix("http://").split(":")
    request = b"GET /v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with ThreadPoolExecutor(8) as pool:
        open_ones = list(
            pool.map(lambda _: socket.create_connection((host, int(port)), 30), range(400))
        )
        try:
            for each in open_ones:
                each.sendall(request)
            answers = [HTTPResponse(each) for each in open_ones]
            for answer in answers:
                answer.begin()
                answer.close()
            assert {answer.status for answer in answers} == {200}
        finally:
            for each in open_ones:
                each.close()
    assert client.get("/v1/health").status_code == 200


def two(*texts: str) -> MockApp:
    return MockApp(Mounts.of([(f"doc{n}", service(text)) for n, text in enumerate(texts)]))


def test_several_documents_stand_below_their_base_paths() -> None:
    other = TEXT.replace("/v1", "/v2").replace("/shelves", "/boxes")
    with (
        Running(two(TEXT, other)) as running,
        httpx.Client(base_url=running.base_url, headers=KEY, trust_env=False) as client,
    ):
        assert client.get("/v1/shelves").status_code == 200
        assert client.get("/v2/boxes").status_code == 200
        assert client.get("/boxes").status_code == 200
        assert client.get("/v2/shelves").status_code == 404


def test_documents_in_each_others_way_stand_below_their_names() -> None:
    other = TEXT.replace("title: Shelves", "title: Others").replace("maximum: 50", "maximum: 5")
    with (
        Running(two(TEXT, other)) as running,
        httpx.Client(base_url=running.base_url, headers=KEY, trust_env=False) as client,
    ):
        statuses = [
            client.get(f"/doc{number}/v1/shelves?limit=9").status_code for number in range(2)
        ]
        assert statuses == [200, 400]
        assert client.get("/v1/shelves").status_code == 404
        documents = client.get("/__pe4king").json()["documents"]
        assert [each["basePath"] for each in documents] == ["/doc0/v1", "/doc1/v1"]


def test_the_first_server_says_where_a_document_is() -> None:
    text = TEXT.replace("servers: [", "servers: [{url: /api}, {url: /much/longer}, ")
    mounts = Mounts.of([("shelves", service(text))])
    assert mounts.all[0].base_path == "/api"
    relative = Mounts.of([("shelves", service(TEXT.replace("https://api.example.org/v1", "/")))])
    assert relative.all[0].base_path == ""
    broken = Mounts.of([("shelves", service(TEXT.replace("api.example.org", "[api")))])
    assert broken.all[0].base_path.strip("/") in ("", "v1")


def control(client: httpx.Client, method: str, path: str, body: Any = None) -> Any:
    answer = client.request(method, f"/__pe4king{path}", json=body)
    assert answer.status_code in (200, 204), answer.text
    return answer.json() if answer.content else None


def test_control_tells_and_resets(client: httpx.Client) -> None:
    client.get("/v1/shelves?limit=x")
    made = client.post("/v1/shelves", json={"theme": "a"}).json()
    client.delete(f"/v1/shelves/{made['id']}")
    status = control(client, "GET", "")
    assert status["requests"] == 3
    assert status["answers"] == {"invalid request": 1, "answered": 2}
    about = status["documents"][0]
    assert (about["name"], about["operations"], about["basePath"]) == ("shelves", 5, "/v1")
    first = control(client, "GET", "/log?last=3")[0]
    assert first["target"] == "/v1/shelves?limit=x"
    assert first["faults"][0]["in"] == "query"
    assert client.get(f"/v1/shelves/{made['id']}").status_code == 404
    control(client, "POST", "/reset")
    assert control(client, "GET", "/log") == []
    assert client.get(f"/v1/shelves/{made['id']}").status_code == 200


def test_control_scripts_the_next_calls(client: httpx.Client) -> None:
    scripts = [
        {"operation": "getShelf", "status": 404, "times": 1},
        {"method": "get", "path": "/v1/shelves/3", "members": {"/theme": "told"}},
    ]
    assert control(client, "POST", "/scripts", {"scripts": scripts}) == {
        "scripts": 2,
        "ids": [1, 2],
    }
    assert client.get("/v1/shelves/1").status_code == 404
    assert client.get("/v1/shelves/1").status_code == 200
    assert client.get("/v1/shelves/3").json()["theme"] == "told"
    control(client, "DELETE", "/scripts")
    assert client.get("/v1/shelves/3").json()["theme"] != "told"


def test_control_switches_mutants(client: httpx.Client) -> None:
    listed = control(client, "GET", "/mutants?operation=getShelf")
    missing = next(each for each in listed if each["name"].endswith("/theme: missing"))
    for wanted in (missing, {"name": missing["name"]}):
        assert control(client, "PUT", "/mutant", wanted) == missing
        assert "theme" not in client.get("/v1/shelves/1").json()
        assert control(client, "GET", "")["documents"][0]["mutant"] == missing["name"]
        control(client, "DELETE", "/mutant")
        assert "theme" in client.get("/v1/shelves/1").json()


def test_control_changes_options(client: httpx.Client) -> None:
    before = client.get("/v1/shelves").content
    wanted = {"seed": 4, "lenient": True, "fail": 0.0, "variety": "full"}
    told = control(client, "PUT", "/options", wanted)
    assert (told[0]["seed"], told[0]["lenient"], told[0]["variety"]) == (4, True, "full")
    assert client.get("/v1/shelves").content != before
    control(client, "PUT", "/options", {"fail": 1})
    assert client.post("/v1/shelves", json={"theme": "a"}).status_code == 503


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "told"),
    [
        ("POST", "/scripts", {"operation": "nope"}, 400, "no operation 'nope'"),
        ("POST", "/scripts", {"operation": "getShelf", "statuz": 1}, 400, "no `statuz`"),
        ("POST", "/scripts", {"operation": "getShelf", "status": 99}, 400, "`status`"),
        ("PUT", "/mutant", {"name": "nope"}, 400, "no mutant"),
        ("PUT", "/mutant", {"operator": "x", "kind": "y"}, 400, "MutantKind"),
        ("PUT", "/options", {"seed": "x"}, 400, "`seed`"),
        ("PUT", "/options", {"delay": [1]}, 400, "`delay`"),
        ("PUT", "/options", {"variety": "wild"}, 400, "one of: plain, full"),
        ("PUT", "/options", {"fail": 2}, 400, "`fail`"),
        ("PUT", "/options", {"document": "other"}, 400, "one of: shelves"),
        ("PUT", "/options", [1], 400, "no JSON object"),
        ("GET", "/log?last=x", None, 400, "`last`"),
        ("GET", "/nope", None, 404, "Not Found"),
        ("DELETE", "/log", None, 405, "Method Not Allowed"),
    ],
)
def test_control_says_what_is_wrong(
    client: httpx.Client, method: str, path: str, body: Any, status: int, told: str
) -> None:
    answer = client.request(method, f"/__pe4king{path}", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.json()["detail"]


def test_control_takes_no_broken_json(client: httpx.Client) -> None:
    answer = client.post("/__pe4king/scripts", content=b"{")
    assert (answer.status_code, "no JSON" in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:4010"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_control_is_not_there_for_web_pages(client: httpx.Client, headers: dict[str, str]) -> None:
    for method, path in (("GET", ""), ("POST", "/reset"), ("OPTIONS", "/reset")):
        answer = client.request(method, f"/__pe4king{path}", headers=headers)
        assert answer.status_code == 403
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_control_is_there_for_this_machine(client: httpx.Client, url: str) -> None:
    port = url.rsplit(":", 1)[1]
    for host in ("localhost", f"localhost:{port}", f"[::1]:{port}", f"127.0.0.1:{port}"):
        headers = {"Host": host, "Origin": f"http://{host}"}
        assert client.get("/__pe4king", headers=headers).status_code == 200
    assert json.loads(client.get("/__pe4king/mutants").content)


def test_an_exception_inside_is_an_answer_and_the_server_goes_on(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("inside")

    for place in ("requests.routing.Router.find", "state.state.State.shaped"):
        with monkeypatch.context() as patch:
            patch.setattr(f"pe4king_core.mock.{place}", broken)
            answer = client.get("/v1/shelves")
        assert answer.status_code == 500
        assert "shelves" in answer.json()["detail"]
        assert client.get("/v1/shelves").status_code == 200


def test_paths_that_only_look_like_control_are_the_documents(client: httpx.Client) -> None:
    assert (
        client.get("/__pe4kings")
        .json()["detail"]
        .startswith("The document has no path /__pe4kings.")
    )


def test_scripts_are_listed_and_removed_one_by_one(client: httpx.Client) -> None:
    get, add = "/v1/shelves/1", {"operation": "getShelf", "body": {"own": 1}}
    first = control(client, "POST", "/scripts", {**add, "status": 418, "times": 9})["ids"][0]
    second = control(client, "POST", "/scripts", {"method": "get", "path": get, "status": 404})
    assert client.get(get).status_code == 404
    control(client, "DELETE", "/scripts", {"id": second["ids"][0]})
    assert client.get(get).status_code == 418
    assert control(client, "GET", "/scripts") == [
        {**add, "id": first, "status": 418, "times": 9, "played": 1}
    ]
    unknown = client.request("DELETE", "/__pe4king/scripts", json={"id": 99})
    assert (unknown.status_code, "no script 99" in unknown.json()["detail"]) == (400, True)
    assert client.request("GET", "/__pe4king/mutants?operation=zzz").status_code == 400
    nothing = client.post("/__pe4king/scripts", json={}).json()
    assert nothing["detail"] == "`operation` is missing (or `method` and `path`)."
    assert nothing["title"] == "Bad Request"


def test_the_log_has_what_was_sent(client: httpx.Client) -> None:
    client.post("/v1/shelves", content='{"theme": "é"}', headers={"X-Own": "told"})
    entry = control(client, "GET", "/log?last=1")[0]
    assert ["x-own", "told"] in entry["headers"]
    assert (entry["body"], entry["bodySize"]) == ('{"theme": "é"}', 15)
    long = RequestLog()
    long.add(Handled(Sent("POST", "/", (), b"a" * 20_000), Answer(200), Why.ANSWERED), "/", 1.0)
    kept = long.last()[0].in_full()
    assert (kept["body"], kept["bodySize"]) == ("a" * 8_192, 20_000)
    client.get("/v1/shelves?limit=0")
    fault = control(client, "GET", "/log?last=1")[0]["faults"][0]
    assert (fault["reason"], fault["message"]) == ("range", "query limit: 0 is less than 1")


def test_a_path_that_was_meant_is_named(client: httpx.Client) -> None:
    assert client.get("/v1/shelves/").json()["detail"].endswith("Was /v1/shelves meant?")
    assert "begin with /v1" in client.get("/").json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "sent", "told"),
    [
        ("POST", "/scripts", {"operation": "getShelf"}, "The script changes nothing"),
        ("POST", "/scripts", {"operation": "getShelf", "status": 700}, "from 200 to 599"),
        ("PUT", "/options", {"delay": [5, 1]}, "the least milliseconds, then the most"),
    ],
)
def test_commands_that_cannot_be_meant_are_refused(
    client: httpx.Client, method: str, path: str, sent: dict[str, Any], told: str
) -> None:
    answer = client.request(method, f"/__pe4king{path}", json=sent)
    assert answer.status_code == 400
    assert told in answer.json()["detail"]


def test_what_is_no_http_is_in_the_log(url: str, client: httpx.Client) -> None:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"GET /v1/\x01 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
    last = control(client, "GET", "/log?last=1")[0]
    assert (last["status"], last["why"], last["target"]) == (400, "no HTTP", "-")
