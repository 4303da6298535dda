"""Cookies that a test sends beside those that its client has itself."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import yaml

from pe4king_core.generation import generate
from pe4king_core.model.case import TestModel, TestStyle
from pe4king_core.openapi import load
from pe4king_core.rendering.formats import formats
from tests.rendering.test_wire import CLIENTS, PLAN
from tests.rendering.wire_table import recorder

FORMAT = formats()["pytest"]


def texts(*, place: str = "cookie") -> TestModel:
    """The positive test of an operation with one cookie; its key is in `place`."""
    language = {"name": "lang", "in": "cookie", "required": True, "schema": {"enum": ["en"]}}
    read = {"parameters": [language], "responses": {"204": {"description": "ok"}}}
    key = {"type": "apiKey", "in": place, "name": "sid"}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/texts": {"get": read}},
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": key}},
    }
    [made] = generate(load(yaml.safe_dump(document), "file:///t.yaml"), PLAN)
    return made


@pytest.mark.parametrize("client", ["httpx", "requests"])
def test_the_cookies_of_the_client_are_sent_as_well(client: str) -> None:
    names: dict[str, Any] = {}
    exec(FORMAT.render(texts(), TestStyle(client=client, allure=False)).text, names)
    [test] = [each for name, each in names.items() if name.startswith("test_")]
    with recorder() as recorded, CLIENTS[client](recorded.url) as api:
        api.cookies.set("sid", "abc")
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Setting per-request cookies")
            test(api)
    [(_, headers, _)] = recorded.requests
    assert sorted(headers["cookie"].split("; ")) == ["lang=en", "sid=abc"]


def test_httpx_is_given_a_header_where_it_has_no_cookies() -> None:
    style = TestStyle(allure=False)
    assert 'headers={"Cookie": "lang=en"}' in FORMAT.render(texts(place="header"), style).text
    assert 'cookies={"lang": "en"}' in FORMAT.render(texts(), style).text


@pytest.mark.parametrize(("place", "ignored"), [("cookie", True), ("header", False)])
def test_the_warning_of_httpx_is_ignored_where_it_comes(place: str, ignored: bool) -> None:
    made = texts(place=place)
    [scheme] = [each for r in made.cases[0].operation.security for each in r.schemes]
    conftest = FORMAT.support([made], [scheme], TestStyle())[0].text
    compile(conftest, "conftest.py", "exec")
    assert ("ignore:Setting per-request cookies" in conftest) is ignored
    assert (
        "per-request" not in FORMAT.support([made], [scheme], TestStyle(client="requests"))[0].text
    )
