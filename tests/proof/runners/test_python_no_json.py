"""Bodies of answers that the client's own JSON reading rejects: checks, not accidents."""

from __future__ import annotations

from tests.proof.runners.pytest_kit import Project, no_body, no_json

HEAD = """
import json
import os
import urllib.request

import httpx
import pytest
import requests
import urllib3

URL = os.environ["BASE_URL"] + "/books/7"
"""


def test_a_body_that_is_no_json_is_a_failed_check(project: Project) -> None:
    project.write(
        helpers="""
import json


def parsed(response):
    return json.loads(response.text)
""",
        test_reading=HEAD
        + """
from helpers import parsed


@pytest.fixture(scope="session")
def client():
    with httpx.Client() as client:
        yield client


def test_requests():
    assert requests.get(URL).json()["id"] == 7


def test_httpx(client):
    assert client.get(URL).json()["id"] == 7


def test_text():
    text = requests.get(URL).text
    assert json.loads(text)["id"] == 7


def test_content():
    assert json.loads(httpx.get(URL).content)["id"] == 7


def test_urllib():
    with urllib.request.urlopen(URL) as response:
        assert json.loads(response.read())["id"] == 7


def test_urllib_file():
    with urllib.request.urlopen(URL) as response:
        assert json.load(response)["id"] == 7


def test_urllib3():
    assert json.loads(urllib3.PoolManager().request("GET", URL).data)["id"] == 7


def test_helper():
    assert parsed(httpx.get(URL))["id"] == 7
""",
    )

    played = project.play(no_json, no_body)

    names = [each.name for each in played.plan.items]
    assert {name: played.plan.endings(name) for name in names} == {
        name: ["passed", "failed", "failed"] for name in names
    }
    assert len(names) == 8
    assert played.plan.results["test_requests"][-1].message.startswith(
        "requests.exceptions.JSONDecodeError: Expecting value"
    )


def test_other_texts_and_other_errors_are_crashes(project: Project) -> None:
    project.write(
        test_crashes=HEAD
        + """

@pytest.fixture
def book():
    return requests.get(URL).json()


def test_own_text():
    response = requests.get(URL)
    assert json.loads("{" + response.text)


def test_part():
    assert json.loads(requests.get(URL).text[3:])


def test_lines():
    assert requests.get(URL).text.splitlines()[1]


def test_prepared(book):
    assert book["id"] == 7
"""
    )

    played = project.play(no_json)

    assert {name: each[-1].ended for name, each in played.plan.results.items()} == {
        "test_own_text": "crashed",
        "test_part": "crashed",
        "test_lines": "crashed",
        "test_prepared": "fixture error",
    }
