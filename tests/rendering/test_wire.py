"""What generated tests really send: the styles of OpenAPI, seen by a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests

from pe4king_core.generation import generate
from pe4king_core.model.case import TestModel, TestPlan, TestStyle
from pe4king_core.model.fact import CaseKind
from pe4king_core.openapi import load
from pe4king_core.rendering.formats import formats
from tests.rendering.java_kit import java_kit
from tests.rendering.wire_table import ROWS, Recorder, document, recorder

PLAN = TestPlan(kinds=frozenset({CaseKind.POSITIVE}), behavioural=False)


class Session(requests.Session):
    """Adds the base URL, as the client of generated suites does."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def request(  # type: ignore[override]  # as its callers do, with the path alone
        self, method: str, url: str, **named: Any
    ) -> requests.Response:
        return super().request(method, self._url + url, **named)


CLIENTS: dict[str, Callable[[str], AbstractContextManager[Any]]] = {
    "httpx": lambda url: httpx.Client(base_url=url),
    "requests": Session,
}


def model(text: str) -> TestModel:
    [made] = generate(load(text, "file:///wire.json"), PLAN)
    return made


def sent_by_python(text: str, client: str, recorded: Recorder) -> None:
    """Runs the generated tests of the document `text`."""
    style = TestStyle(client=client, allure=False)
    code = formats()["pytest"].render(model(text), style).text
    names: dict[str, Any] = {}
    exec(code, names)
    with CLIENTS[client](recorded.url) as api:
        for name, test in names.items():
            if name.startswith("test_"):
                test(api)


def sent_by_java(text: str, folder: Path, recorded: Recorder) -> None:
    made = formats()["junit-restassured"]
    style = TestStyle(allure=False)
    wire = model(text)
    files = [made.render(wire, style), *made.support([wire], (), style)]
    sources = {file.path: file.text for file in files if file.path.endswith(".java")}
    kit = java_kit()
    outcomes = kit.run_tests(kit.compile(sources, folder), {"API_BASE_URL": recorded.url})
    assert {name: one.message for name, one in outcomes.items() if not one.passed} == {}


@pytest.fixture(scope="module", params=["httpx", "requests"])
def python_requests(request: pytest.FixtureRequest) -> Iterator[Recorder]:
    with recorder() as recorded:
        sent_by_python(document(), request.param, recorded)
        yield recorded


@pytest.mark.parametrize("number", range(len(ROWS)), ids=lambda number: str(ROWS[number]))
def test_python_sends_what_the_style_says(number: int, python_requests: Recorder) -> None:
    assert python_requests.arrived(number) == ROWS[number].expected


@pytest.mark.java
def test_java_sends_what_the_style_says(tmp_path: Path) -> None:
    with recorder() as recorded:
        sent_by_java(document(), tmp_path, recorded)
    found = {number: recorded.arrived(number) for number in range(len(ROWS))}
    assert found == {number: row.expected for number, row in enumerate(ROWS)}
