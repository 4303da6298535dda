"""Python tests: loops over written values, deferred requests, patterns, what is shared by tests."""

from __future__ import annotations

import pytest
import telling

from pe4king_core.model.source import SourceLanguage, TestFunction
from pe4king_core.testcode import CodeBase, CodeView, read_tests
from pe4king_core.testcode.reasons import DEFERRED, LOOP

HEAD = "import asyncio\n\nimport httpx\nimport pytest_check as check\nimport requests\n\n\n"


def read(body: str, head: str = HEAD) -> TestFunction:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    [test] = read_tests(f"{head}def test_a(box):\n{lines}", SourceLanguage.PYTHON).tests
    return test


def told(test: TestFunction) -> list[str]:
    return [telling.assertion(each) for each in test.assertions]


@pytest.mark.parametrize(
    "body",
    [
        "found = [requests.get(f'/books/{i}') for i in (1, 2, 3)]",
        "found = {i: requests.get(f'/books/{i}') for i in (1, 2, 3)}",
        "assert all(requests.get(f'/books/{i}').ok for i in (1, 2, 3))",
        "for i in (1, 2, 3):\n    assert requests.get(f'/books/{i}').ok",
        "for i in (1, 2, 3):\n    check_it(requests.get(f'/books/{i}'))",
    ],
)
def test_a_request_in_a_loop_over_written_values_is_one_call(body: str) -> None:
    [call] = read(body).calls
    assert (call.method, call.path, call.unsure) == ("GET", "/books/{}", LOOP)


def test_a_loop_that_only_asserts_is_unrolled() -> None:
    test = read(
        "response = requests.get('/a')\nfor name in ('x', 'y'):\n"
        "    assert name in response.json()\n"
        "assert all(each in response.json() for each in ('p', 'q'))"
    )
    assert told(test) == ["C1 body(/x)", "C1 body(/y)", "C1 body(/p)", "C1 body(/q)"]


@pytest.mark.parametrize(
    ("body", "calls"),
    [
        ("wait_for(lambda: requests.get('/a').ok)", 1),
        ("def send():\n    requests.post('/a')\nrun_in_thread(send)", 1),
        ("box.addfinalizer(lambda: requests.delete('/a'))", 0),
        ("rows = sorted(box, key=lambda row: row.get('id'))", 0),
    ],
)
def test_a_request_that_is_given_away_may_be_sent(body: str, calls: int) -> None:
    found = read(body).calls
    assert [each.unsure for each in found] == [DEFERRED] * calls


def test_what_waits_for_an_answer_gives_it() -> None:
    test = read("answer = wait_for(lambda: requests.get('/a'))\nassert answer.status_code == 200")
    assert [(each.path, each.response) for each in test.calls] == [("/a", "answer")]
    assert told(test) == ["C1 status == 200"]


def test_patterns_name_parts_of_the_answer() -> None:
    test = read(
        "answer = requests.get('/a')\nmatch answer.json():\n"
        "    case {'code': code, 'details': [{'field': field}, *rest]}:\n"
        "        assert code == 'bad'\n        assert field == 'name'\n        assert rest\n"
        "    case [first, second]:\n        assert first['id'] == 1"
    )
    assert [each.subject.name for each in test.assertions if each.subject] == [
        "/code",
        "/details/0/field",
        "/0/id",
    ]
    assert all(each.opaque for each in test.assertions if each.subject)


@pytest.mark.parametrize(
    ("line", "bounds"),
    [
        ("check.between(total, 0, 9)", ["(0, ]", "[, 9)"]),
        ("check.between(total, 0, 9, ge=True)", ["[0, ]", "[, 9)"]),
        ("check.between_equal(total, 0, 9)", ["[0, ]", "[, 9]"]),
    ],
)
def test_the_ends_of_an_interval(line: str, bounds: list[str]) -> None:
    test = read(f"total = requests.get('/a').json()['total']\n{line}")
    assert told(test) == [f"C1 body(/total) range {each}" for each in bounds]


def test_the_later_answer_is_what_an_assertion_is_about() -> None:
    test = read(
        "made = requests.post('/a')\nfound = requests.get('/b')\n"
        "assert made.json()['id'] == found.json()['id']\n"
        "assert made.json()['n'] < found.json()['n']\n"
        "assert odd(made.text, found.text)"
    )
    assert [each.call for each in test.assertions] == ["C2"] * 3
    assert told(test)[0] == "C2 body(/id) == C1/id"
    assert test.calls[0].anchor == test.assertions[0].span.end, "the first is still spoken of"


def test_tuples_are_compared_member_by_member() -> None:
    test = read("got = requests.get('/a')\nassert (got.status_code, got.reason) == (200, 'OK')")
    assert told(test) == ["C1 status == 200"]


def test_raise_for_status_gives_the_answer_of_httpx() -> None:
    test = read("body = httpx.get('/a').raise_for_status().json()\nassert body['id'] == 3")
    assert told(test) == ["C1 status range [200, 299]", "C1 body(/id) == 3"]


@pytest.mark.parametrize(
    ("status", "claims"),
    [("404", ["C1 status == 404"]), ("[200, 201]", ["C1 status in [200, 201]"]), ("'*'", ["C1 ?"])],
)
def test_the_status_that_webtest_expects(status: str, claims: list[str]) -> None:
    head = "from webtest import TestApp\n\napp = TestApp(main())\n\n\n"
    assert told(read(f"app.get('/a', status={status})", head)) == claims


def test_a_key_that_is_taken_elsewhere_is_a_key() -> None:
    test = read(
        "found = requests.get('/a').json()\nassert 'offset' in found['tracks']\n"
        "assert found['tracks']['offset'] == 5\nassert 'rock' in found['genres']"
    )
    assert told(test) == [
        "C1 body(/tracks/offset)",
        "C1 body(/tracks/offset) == 5",
        "C1 body(/genres) contains 'rock'",
    ]


@pytest.mark.parametrize("empty", ["assert not missing", "assert missing == []"])
def test_a_list_of_what_is_missing_is_empty(empty: str) -> None:
    test = read(
        "body = requests.get('/a').json()\n"
        f"missing = [name for name in ('x', 'y') if name not in body]\n{empty}"
    )
    assert told(test) == ["C1 body(/x)", "C1 body(/y)"]


SHARED = """\
import requests


class TestBooks:
    def setup_method(self):
        self.book = requests.post("/books", json={"title": "Emma"}).json()
        self.path = "/books"

    def test_a(self):
        self.path = "/shelves"
        self.book["title"] = "Persuasion"
        assert requests.get(self.path).ok

    def test_bb(self):
        assert requests.get(self.path).json()["title"] == self.book["title"]
        assert requests.get(f"{self.path}/{self.book['id']}").ok
"""


def test_a_set_up_that_tests_share_is_the_same_for_each() -> None:
    both = read_tests(SHARED, SourceLanguage.PYTHON).tests
    cut = SHARED.index("    def test_a"), SHARED.index("    def test_bb")
    alone = read_tests(SHARED[: cut[0]] + SHARED[cut[1] :], SourceLanguage.PYTHON).tests
    assert [each.path for each in both[0].calls] == ["/books", "/shelves"]
    assert [each.path for each in both[1].calls] == ["/books", "/books", "/books/{}"]
    assert told(both[1]) == told(alone[0])
    for test in both:
        assert test.name_span.of(SHARED) == test.calls[0].span.of(SHARED) == test.name
        assert test.calls[0].setup


APP = """\
class Store:
    def __init__(self, settings):
        self.rows = {}
        self.settings = settings

    def get(self, key):
        return self.rows.get(key)


def make_store(settings):
""" + "".join(f"    settings['option {n}'] = settings.get('other {n}', {n})\n" for n in range(30))


def test_code_of_the_application_is_no_client() -> None:
    text = (
        "import requests\n\nfrom app.store import Store, make_store\n\n\n"
        "def test_a():\n    made = make_store({})\n    made.get('/made')\n"
        "    Store({}).get('/stored')\n    assert requests.get('/a').ok\n"
    )
    files = {
        "file:///w/app/store.py": APP + "    return Store(settings)\n",
        "file:///w/tests/test_a.py": text,
    }
    view = CodeView(CodeBase(files.get, files), "file:///w/tests/test_a.py")
    [test] = read_tests(text, SourceLanguage.PYTHON, view).tests
    assert [each.path for each in test.calls] == ["/a"]
    assert "file:///w/app/store.py" in view.consulted
