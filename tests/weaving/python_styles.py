"""Python tests in many styles, for the laws of weaving, and a way to really run them."""

from __future__ import annotations

import asyncio
import inspect
import unittest
from dataclasses import dataclass, field

from pytest_check import check, check_log

from pe4king_core.model.json import Json

STYLES = {
    "assert on a response": """\
def test_a(client):
    response = client.get("/books/1")
    assert response.status_code == 200
""",
    "single quotes and tabs": """\
class TestBooks:
\tdef test_a(self, client):
\t\tr = client.get('/books/1')
\t\tassert r.status_code == 200
""",
    "body kept": """\
def test_a(client):
    data = client.get("/books/1").json()
    print(data)
""",
    "body kept, response kept": """\
def test_a(client):
    r = client.get("/books/1")
    assert r.status_code == 200
    data = r.json()
    print(data)
""",
    "answer thrown away": """\
def test_a(client):
    client.get("/books/1")
""",
    "answer asked once": """\
def test_a(client):
    assert client.get("/books/1").status_code == 200
""",
    "answer asked in an argument": """\
def test_a(client):
    print(client.get("/books/1").status_code, flush=True)
    if client.get("/books").status_code == 200:
        print("yes")
""",
    "answer awaited": """\
async def test_a(async_client):
    assert (await async_client.get("/books/1")).status_code == 200
""",
    "awaited and thrown away": """\
async def test_a(async_client):
    await async_client.get("/books/1")""",
    "unittest": """\
import unittest

import requests


class BooksTest(unittest.TestCase):
    def setUp(self):
        self.client = requests.Session()

    def test_a(self):
        response = self.client.get("/books/1")
        self.assertEqual(response.status_code, 200)
""",
    "unittest without a name": """\
from unittest import TestCase

import requests


class BooksTest(TestCase):
    client = requests.Session()

    def test_a(self):
        self.assertEqual(self.client.get('/books/1').status_code, 200)
""",
    "pytest-check": """\
from pytest_check import check


def test_a(client):
    r = client.get("/books/1")
    check.equal(r.status_code, 200)
""",
    "pytest-check as a block": """\
from pytest_check import check


def test_a(client):
    r = client.get("/books/1")
    with check:
        assert r.status_code == 200
""",
    "hamcrest": """\
from hamcrest import assert_that, equal_to


def test_a(client):
    r = client.get("/books/1")
    assert_that(r.status_code, equal_to(200))
""",
    "hamcrest with everything": """\
from hamcrest import *


def test_a(client):
    r = client.get("/books/1")
    assert_that(r.status_code, is_(200))
""",
    "hamcrest as a module": """\
import hamcrest as h


def test_a(client):
    h.assert_that(client.get("/books/1").status_code, h.equal_to(200))
""",
    "assertpy": """\
from assertpy import assert_that


def test_a(client):
    r = client.get("/books/1")
    assert_that(r.status_code).is_equal_to(200)
""",
    "flask": """\
def test_a(client):
    rv = client.get("/books/1")
    assert rv.status_code == 200
    assert rv.get_json is not None
    data = rv.get_json()
""",
    "with block": """\
def test_a(client):
    with client.get("/books/1") as answer:
        assert answer.status_code == 200
    print("done")
""",
    "carriage returns": (
        "def test_a(client):\r\n    r = client.get('/a')\r\n    assert r.status_code == 200\r\n"
        "\r\nx = 1\r\n"
    ),
    "byte order mark": (
        "\ufeff# coding: utf-8\nimport os\ndef test_a(client):\n  r = client.get('/a')\n"
    ),
}
FIXTURES = {
    "response of a fixture": """\
import pytest


@pytest.fixture
def created(client):
    return client.get("/books/1")


def test_a(created):
    assert created.status_code == 200
""",
    "body of a fixture": """\
import pytest


@pytest.fixture
def book(client):
    yield client.get("/books/1").json()


def test_a(book):
    \"\"\"A book.\"\"\"
    print(book)
""",
}
HELPERS = {
    "function": """\
def get_book(client, number):
    return client.get(f"/books/{number}")


def test_a(client):
    response = get_book(client, 1)
    assert response.status_code == 200
""",
    "client class": """\
class Books:
    def __init__(self, session):
        self.session = session

    def one(self, number):
        return self.session.get(f"/books/{number}")


def test_a(client):
    api = Books(client)
    response = api.one(1)


def test_b(client):
    Books(client).one(2)
""",
}


@dataclass
class FakeResponse:
    """What requests, httpx and Flask give, as far as tests use it."""

    content: Json
    status_code: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def json(self) -> Json:
        return self.content

    get_json = json

    def __enter__(self) -> FakeResponse:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class FakeClient:
    """Answers everything with one body."""

    def __init__(self, content: Json) -> None:
        self.answer = FakeResponse(content)

    def get(self, _path: str) -> FakeResponse:
        return self.answer


class FakeAsyncClient(FakeClient):
    """The same for tests that wait."""

    async def get(self, _path: str) -> FakeResponse:  # type: ignore[override]  # awaited
        return self.answer


def passes(code: str, content: Json, name: str = "test_a") -> bool:
    """Whether the test in `code` passes where the server answers with `content`."""
    module: dict[str, object] = {"__name__": "woven", "print": lambda *_, **__: None}
    exec(compile(code.lstrip("\ufeff"), "woven", "exec"), module)
    given = {
        "client": FakeClient(content),
        "async_client": FakeAsyncClient(content),
        "created": FakeResponse(content),
        "book": content,
        "check": check,
    }
    test = module.get(name) or _method(module, name, given["client"])
    try:
        result = test(**{each: given[each] for each in inspect.signature(test).parameters})  # type: ignore[operator, arg-type]
        if inspect.iscoroutine(result):
            asyncio.run(result)
        return not check_log.get_failures()
    except Exception:  # noqa: BLE001 - whatever a woven line raises
        return False
    finally:
        check_log.clear_failures()


def _method(module: dict[str, object], name: str, client: object) -> object:
    for found in list(module.values()):
        if isinstance(found, type) and name in vars(found):
            case = found(name) if issubclass(found, unittest.TestCase) else found()
            case.client = client
            return getattr(case, name)
    raise AssertionError(name)
