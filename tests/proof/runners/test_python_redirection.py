"""Wherever a Python test sends its requests, they come to our server; where not, that is said."""

from __future__ import annotations

import pytest

from tests.proof.runners.pytest_kit import Project, other_title

CLIENTS = """
import asyncio
import http.client
import json
import os
import urllib.request

import httpx
import pytest
import requests
import urllib3

URL = "{url}"


def by_requests(path):
    answer = requests.get(URL + path)
    assert answer.url == URL + path
    return answer.json()


def by_session(path):
    with requests.Session() as session:
        session.headers["X-Api-Key"] = "k"
        return session.get(URL + path, timeout=5).json()


def by_httpx(path):
    answer = httpx.get(URL + path)
    assert str(answer.url) == URL + path
    return answer.json()


def by_httpx_client(path):
    with httpx.Client(base_url=URL) as client:
        return client.get(path).json()


def by_httpx_async(path):
    async def asked():
        async with httpx.AsyncClient(base_url=URL) as client:
            return (await client.get(path)).json()

    return asyncio.run(asked())


def by_urllib3(path):
    return json.loads(urllib3.PoolManager().request("GET", URL + path).data)


def by_urllib(path):
    with urllib.request.urlopen(URL + path) as answer:
        return json.load(answer)


def by_http_client(path):
    scheme, _, host = URL.partition("://")
    made = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = made(host)
    connection.request("GET", path)
    return json.loads(connection.getresponse().read())


WAYS = [each for name, each in sorted(globals().items()) if name.startswith("by_")]


@pytest.mark.parametrize("way", WAYS)
def test_title(way):
    assert way("/v1/books/7?fields=title&q=%D0%9B")["title"] == "Solaris"
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "url",
    ["https://api.example.com", "http://localhost:8000", "http://127.0.0.1:9", "http://10.0.0.1"],
)
def test_written_out_addresses_are_sent_to_our_server(project: Project, url: str) -> None:
    project.write(test_clients=CLIENTS.replace("{url}", url))

    played = project.play(other_title, base_path="/v1")

    results = played.plan.results
    assert len(results) == 8
    for name in results:
        assert played.plan.endings(name) == ["passed", "failed"], name
    host = url.partition("://")[2]
    assert played.api.requests == [("GET", "/v1/books/7?fields=title&q=%D0%9B", host)] * 16


@pytest.mark.slow
def test_requests_come_below_the_place_where_our_server_has_the_api(project: Project) -> None:
    project.write(test_clients=CLIENTS.replace("{url}", "http://localhost:8000"))

    played = project.play(base_path="/shop/v2/")

    assert {target for _, target, _ in played.api.requests} == {
        "/shop/v2/v1/books/7?fields=title&q=%D0%9B"
    }


def test_the_names_that_tests_read_lead_to_our_server(project: Project) -> None:
    project.write(
        test_names="""
import os

import requests

URL = os.environ["API_BASE_URL"]


def test_title():
    assert os.environ["API_KEY"] == "placeholder"
    assert requests.get(URL + "/books/7").json()["title"] == "Solaris"
    assert requests.get(os.environ["OTHER"] + "/books/8").status_code == 200
"""
    )

    played = project.play(
        base_urls=("API_BASE_URL", "OTHER"),
        base_path="/v1",
        environment={"API_KEY": "placeholder"},
    )

    assert played.plan.endings("test_title") == ["passed"]
    assert [target for _, target, _ in played.api.requests] == ["/v1/books/7", "/v1/books/8"]


def test_nothing_of_our_own_environment_is_seen(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLM_API_KEY", "sk-secret")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.com:3128")
    project.write(
        test_environment="""
import os


def test_environment():
    assert "sk-secret" not in " ".join(os.environ.values())
    assert "HTTP_PROXY" not in os.environ
"""
    )

    assert project.play().plan.endings("test_environment") == ["passed"]


FLASK = """
import flask

app = flask.Flask("shop")


@app.get("/books/7")
def book():
    return {"title": "Solaris"}


def test_title():
    assert app.test_client().get("/books/7").json["title"] == "Solaris"
"""
STARLETTE = """
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

app = Starlette(routes=[Route("/books/7", lambda request: JSONResponse({"title": "Solaris"}))])


def test_starlette():
    assert TestClient(app).get("/books/7").json()["title"] == "Solaris"
"""
ASGI = """
import asyncio

import httpx
from test_starlette import app


def test_asgi():
    async def asked():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return (await client.get("/books/7")).json()

    assert asyncio.run(asked())["title"] == "Solaris"
"""
MOCKED = """
import httpx


def test_mocked():
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"title": "Solaris"}))
    with httpx.Client(transport=transport, base_url="http://test") as client:
        assert client.get("/books/7").json()["title"] == "Solaris"
"""
OWN_SERVER = """
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import requests


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204)
        self.end_headers()


def test_own():
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request).start()
        assert requests.get("http://127.0.0.1:%d/" % server.server_port).status_code == 204
"""


@pytest.mark.slow
def test_requests_that_never_leave_the_process_are_told_of(project: Project) -> None:
    project.write(
        test_flask=FLASK,
        test_starlette=STARLETTE,
        test_asgi=ASGI,
        test_mocked=MOCKED,
        test_own=OWN_SERVER,
    )

    played = project.play(
        names=("test_title", "test_starlette", "test_asgi", "test_mocked", "test_own")
    )

    assert played.api.requests == []
    assert {each for name in played.plan.results for each in played.plan.endings(name)} == {
        "passed"
    }
    application = "the test calls the application itself (a test client), not a server"
    assert sorted(played.problems) == [
        f"test_asgi.py: {application}",
        f"test_flask.py: {application}",
        "test_mocked.py: a library answers the test's requests in the server's place",
        "test_own.py: the test calls a server that it starts itself",
        f"test_starlette.py: {application}",
    ]
    [result] = played.plan.results["test_asgi"]
    assert result.message == f"test_asgi.py: {application}"
