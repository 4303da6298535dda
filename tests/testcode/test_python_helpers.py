"""Python tests that reach the API through helpers of their own and of other files."""

from __future__ import annotations

import pytest
import telling

from pe4king_core.model.source import SourceLanguage, TestFunction
from pe4king_core.testcode import CodeBase, CodeView, read_tests

ROOT = "file:///w/tests/"
CONFTEST = """\
import os

import pytest
import requests

from .shop.client import Shop

BASE = os.environ.get("SHOP_URL", "http://localhost:8080/v1")


@pytest.fixture(scope="session")
def shop():
    with requests.Session() as session:
        yield Shop(session, BASE)


@pytest.fixture
def book(shop):
    response = shop.create({"title": "Emma"})
    assert response.status_code == 201
    yield response.json()
    shop.remove(response.json()["id"])


@pytest.fixture
def make_order(shop):
    def make(quantity=1, **more):
        return shop.send("POST", "/orders", json={"quantity": quantity, **more})

    return make
"""
CLIENT = """\
from . import routes


class Base:
    def __init__(self, session, base):
        self.session, self.base = session, base.rstrip("/")

    def send(self, method, path, expected=None, **options):
        response = self.session.request(method, self.base + path, timeout=3, **options)
        if expected is not None:
            assert response.status_code == expected
        return response


class Shop(Base):
    def create(self, book):
        return self.send("POST", routes.Books.ALL, json=book)

    def read(self, book_id, expected=200):
        return self.send("GET", routes.Books.ONE.format(id=book_id), expected).json()

    def remove(self, book_id):
        return self.send("DELETE", routes.Books.ONE.format(id=book_id), expected=204)
"""
ROUTES = """\
from enum import StrEnum


class Books(StrEnum):
    ALL = "/books"
    ONE = "/books/{id}"
"""
FILES = {
    f"{ROOT}conftest.py": CONFTEST,
    f"{ROOT}shop/__init__.py": "",
    f"{ROOT}shop/client.py": CLIENT,
    f"{ROOT}shop/routes.py": ROUTES,
}


def read(text: str, **files: str) -> TestFunction:
    base = dict(FILES) | {f"{ROOT}{name}.py": content for name, content in files.items()}
    uri = f"{ROOT}test_it.py"
    base[uri] = text
    view = CodeView(CodeBase(base.get, base), uri)
    return read_tests(text, SourceLanguage.PYTHON, view).tests[-1]


def told(test: TestFunction) -> list[str]:
    lines = [f"{each.id} {each.method or '?'} {each.path or '?'}" for each in test.calls]
    return lines + [telling.assertion(each) for each in test.assertions]


def test_clients_routes_and_fixtures_of_other_files() -> None:
    test = read('def test_a(shop, book):\n    assert shop.read(book["id"])["title"] == "Emma"\n')
    assert told(test) == [
        "C1 POST /v1/books",
        "C2 GET /v1/books/{}",
        "C1 status == 201",
        "C2 status == 200",
        "C2 body(/title) == 'Emma'",
    ]
    assert [call.setup for call in test.calls] == [True, False]
    assert test.calls[0].sent_json
    assert test.calls[0].parts.body_names == ("title",)
    assert test.calls[1].via == ("read", "send")
    (held,) = test.body_variables
    assert (held.name, held.call, held.pointer) == ("book", "C1", "")


def test_factories_and_what_was_sent() -> None:
    test = read(
        "def test_a(make_order, note):\n"
        "    order = make_order(3, comment=note).json()\n"
        '    assert order["comment"] == note\n'
    )
    assert told(test) == ["C1 POST /v1/orders", "C1 body(/comment) == sent /comment"]
    assert test.calls[0].parts.body_names == ("quantity", "comment")


@pytest.mark.parametrize(
    ("helper", "expected"),
    [
        ("if r.status_code != 200:\n        raise AssertionError(r.text)", "C1 status == 200"),
        ("assert_that(r.status_code, equal_to(200))", "C1 status == 200"),
        ("assert r.ok, r.text", "C1 status range [, 399]"),
        ("errors = []\n    if r.status_code != 200:\n        errors.append(1)\n"
         "    assert not errors", "C1 status == 200"),
        ("for name in ('id',):\n        assert name in r.json()", "C1 body(/id)"),
        ("data = r.json()\n    assert data.items() >= {'a': 1}.items()", "C1 body(/a) == 1"),
        ("return lambda: r", None),
    ],
)  # fmt: skip
def test_assertion_helpers(helper: str, expected: str | None) -> None:
    test = read(
        "import requests\nfrom hamcrest import assert_that, equal_to\n\n\n"
        f"def check(r):\n    {helper}\n\n\n"
        "def test_a():\n    r = requests.get('/books')\n    look = check\n    look(r)\n"
    )
    assert told(test) == ["C1 GET /books", *([expected] if expected else [])]
    assert all(each.via == ("check",) for each in test.assertions)


def test_classes_made_from_answers() -> None:
    models = (
        "from pydantic import BaseModel, ConfigDict, Field\n"
        "from pydantic.alias_generators import to_camel\n\n\n"
        "class Author(BaseModel):\n    full_name: str = Field(alias='name')\n\n\n"
        "class Book(BaseModel):\n    model_config = ConfigDict(alias_generator=to_camel)\n\n"
        "    page_count: int\n    note: str | None = None\n    author: Author\n"
    )
    test = read(
        "import requests\nfrom models import Book\n\n\ndef test_a():\n"
        "    book = Book.model_validate(requests.get('/books/1').json())\n"
        "    assert book.page_count == 3\n    assert book.author.full_name == 'Jane'\n",
        models=models,
    )
    assert told(test)[1:] == [
        "C1 body",
        "C1 body(/pageCount) == 3",
        "C1 body(/author/name) == 'Jane'",
    ]
    assert test.assertions[0].library == "pydantic"
    (held,) = test.model_variables
    assert (held.name, held.type, held.pointer) == ("book", "Book", "")
    assert ("pageCount", ".page_count") in held.members
    assert held.optional == {"note"}


def test_tables() -> None:
    test = read(
        "import pytest\nimport requests\n\n\n"
        "@pytest.mark.parametrize(('id', 'path', 'status'), [\n"
        "    (1, '/books/1', 200), pytest.param(2, '/orders/2', 404, id='x')])\n"
        "def test_a(id, path, status):\n"
        "    assert requests.get(f'/books/{id}').status_code == status\n"
        "    assert requests.get(path).status_code == 200\n"
    )
    assert told(test) == [
        "C1 GET /books/{}",
        "C2 GET ?",
        "C1 status in [200, 404]",
        "C2 status == 200",
    ]
    assert test.parametrized
    unresolved = test.calls[1].unresolved
    assert unresolved is not None
    assert "/orders/2" in unresolved.en


@pytest.mark.parametrize(
    "line",
    [
        "cache = {}\n    cache.get('/books')",
        "import redis\n    redis.Redis().get('/books')",
        "os.environ.get('/books')",
        "Api().get('/books')",
        "from unittest.mock import Mock\n    session = Mock()\n    session.get('/books')",
    ],
)
def test_what_is_no_client_is_not_taken_for_one(line: str) -> None:
    test = read(
        "import os\nimport redis\nfrom unittest.mock import Mock\n\n\n"
        "class Api:\n    def get(self, path):\n        return self.__dict__\n\n\n"
        f"def test_a():\n    {line}\n"
    )
    assert not test.calls


@pytest.mark.parametrize(
    ("expression", "path"),
    [
        ('httpx.Client(base_url="http://h/v1").get("/books")', "/v1/books"),
        ('httpx.Client(base_url="http://h/v1/").get("books")', "/v1/books"),
        ('requests.get(urljoin("http://h/v1/", "books"))', "/v1/books"),
        ('requests.get("/".join([URL, "books", str(uuid4())]))', "/books/{}"),
        ('requests.get(URL + "/books/{id}".replace("{id}", key))', "/books/{}"),
        ('requests.get("%s/books/%d" % (URL, 7))', "/books/7"),
        ('requests.get(f"{URL.rstrip(chr(47))}/books", params={"a": 1})', "/books"),
        ('getattr(requests, "get")(f"{os.environ[\'SHOP\']}/books")', "/books"),
        ('partial(requests.get, URL + "/books")()', "/books"),
        ('Own().get("/books")', "/v2/books"),
    ],
)
def test_paths(expression: str, path: str) -> None:
    test = read(
        "import os\nfrom functools import partial\nfrom urllib.parse import urljoin\n"
        "from uuid import uuid4\n\nimport httpx\nimport requests\n\n"
        'URL = os.getenv("BOOKSHOP_ADDRESS")\n\n\nclass Own(requests.Session):\n'
        "    def request(self, method, url, *args, **kwargs):\n"
        '        return super().request(method, f"http://h/v2{url}", *args, **kwargs)\n\n\n'
        f"def test_a(key):\n    {expression}\n"
    )
    (call,) = test.calls
    assert (call.method, call.path, call.unresolved) == ("GET", path, None)


def test_a_request_that_a_helper_repeats_is_not_certain() -> None:
    test = read(
        "import requests\n\n\ndef wait(ask):\n    while True:\n        r = ask()\n"
        "        if r.ok:\n            return r\n\n\n"
        "def test_a():\n    r = wait(lambda: requests.get('/books'))\n"
        "    assert r.json()['a'] == 1\n"
    )
    (call,) = test.calls
    assert call.path == "/books"
    assert call.unresolved is None
    assert call.unsure is not None


def test_set_up_of_base_classes_in_other_files() -> None:
    base = (
        "import unittest\nimport requests\n\n\nclass Case(unittest.TestCase):\n"
        "    @classmethod\n    def setUpClass(cls):\n        cls.http = requests.Session()\n\n"
        "    def setUp(self):\n        self.book = self.http.post('/books', json={}).json()\n"
    )
    test = read(
        "from cases import Case\n\n\nclass TestBooks(Case):\n    def test_a(self):\n"
        "        r = self.http.get(f\"/books/{self.book['id']}\")\n"
        "        self.assertEqual(r.json(), self.book)\n",
        cases=base,
    )
    assert told(test) == ["C1 POST /books", "C2 GET /books/{}", "C2 body == C1"]
    assert test.calls[0].setup
    assert test.assertions[0].library == "unittest"
