"""How one run of a Python test ends: what counts as a failed assertion, and what does not."""

from __future__ import annotations

from pe4king_core.proof.running import Ended, RunResult
from tests.proof.runners.pytest_kit import Api, Played, Project, no_price, other_title, wrong_status

HEAD = """
import os
import unittest

import httpx
import jsonschema
import pydantic
import pytest
import requests

URL = os.environ["BASE_URL"] + "/books/7"


class Book(pydantic.BaseModel):
    id: int
    title: str
    price: float
"""


def ended(played: Played, name: str) -> tuple[Ended, str]:
    """How the last run ended, and the first line of what it said."""
    result: RunResult = played.plan.results[name][-1]
    return result.ended, result.message.partition("\n")[0]


def test_failed_assertions_are_failures(project: Project) -> None:
    project.write(
        test_kinds=HEAD
        + """

def test_assert():
    assert requests.get(URL).json()["title"] == "Solaris"


def test_fail():
    if requests.get(URL).json()["title"] != "Solaris":
        pytest.fail("another book")


def test_schema():
    schema = {"properties": {"title": {"const": "Solaris"}}}
    jsonschema.validate(requests.get(URL).json(), schema)


def test_check():
    from pytest_check import check

    with check:
        assert requests.get(URL).json()["title"] == "Solaris"


def test_group():
    try:
        assert requests.get(URL).json()["title"] == "Solaris"
    except AssertionError as error:
        raise ExceptionGroup("soft assertions", [error]) from None


def test_subtests(subtests):
    with subtests.test("title"):
        assert requests.get(URL).json()["title"] == "Solaris"


class TestCase(unittest.TestCase):
    def test_equal(self):
        self.assertEqual("Solaris", requests.get(URL).json()["title"])

    def test_sub_test(self):
        with self.subTest("title"):
            self.assertEqual("Solaris", requests.get(URL).json()["title"])
"""
    )

    played = project.play(other_title)

    names = [each.name for each in played.plan.items]
    assert {name: played.plan.endings(name) for name in names} == {
        name: ["passed", "failed"] for name in names
    }
    assert len(names) == 8
    assert ended(played, "test_fail")[1] == "Failed: another book"
    assert "'Fiasco' == 'Solaris'" in ended(played, "test_check")[1]
    assert "'Solaris' was expected" in ended(played, "test_schema")[1]


def test_models_that_do_not_fit_are_failures_and_other_errors_crashes(project: Project) -> None:
    project.write(
        test_crashes=HEAD
        + """

def test_model():
    Book(**requests.get(URL).json())


def test_key():
    assert requests.get(URL).json()["price"] > 1


class TestCase(unittest.TestCase):
    def test_key(self):
        self.assertGreater(requests.get(URL).json()["price"], 1)
"""
    )

    played = project.play(no_price)

    assert ended(played, "test_model")[0] is Ended.FAILED
    assert ended(played, "test_key") == (Ended.CRASHED, "KeyError: 'price'")
    assert ended(played, "TestCase.test_key") == (Ended.CRASHED, "KeyError: 'price'")


def test_a_status_that_the_test_itself_refuses_is_a_failure(project: Project) -> None:
    """`raise_for_status` is an assertion on the status, for our reader too."""
    project.write(
        test_refusal=HEAD
        + """

def test_requests():
    requests.get(URL).raise_for_status()


def test_httpx():
    httpx.get(URL).raise_for_status()


@pytest.fixture
def book():
    answer = requests.get(URL)
    answer.raise_for_status()
    return answer.json()


def test_fixture(book):
    assert book["id"] == 7


def test_own_error():
    if requests.get(URL).status_code != 200:
        raise requests.HTTPError("own")
"""
    )

    played = project.play(wrong_status)

    assert ended(played, "test_requests")[0] is Ended.FAILED
    assert ended(played, "test_httpx")[0] is Ended.FAILED
    assert ended(played, "test_fixture")[0] is Ended.FIXTURE_ERROR
    assert ended(played, "test_own_error")[0] is Ended.CRASHED


def test_what_fails_before_or_after_a_test_is_no_kill(project: Project) -> None:
    project.write(
        test_around=HEAD
        + """

def wanted():
    assert requests.get(URL).json()["title"] == "Solaris"


@pytest.fixture
def before():
    wanted()


@pytest.fixture
def after():
    yield
    wanted()


def test_before(before):
    pass


def test_after(after):
    pass


def test_both(after):
    wanted()


class TestBefore(unittest.TestCase):
    def setUp(self):
        wanted()

    def test_it(self):
        pass


class TestAfter(unittest.TestCase):
    def tearDown(self):
        wanted()

    def test_it(self):
        pass


class TestBoth(unittest.TestCase):
    tearDown = TestAfter.tearDown

    def test_it(self):
        wanted()
"""
    )

    played = project.play(other_title, Api.reset)

    for name in ("test_before", "test_after", "TestBefore.test_it", "TestAfter.test_it"):
        assert played.plan.endings(name) == ["passed", "fixture error", "passed"], name
    for name in ("test_both", "TestBoth.test_it"):
        assert played.plan.endings(name) == ["passed", "failed", "passed"], name


def test_the_message_names_the_line_of_the_test(project: Project) -> None:
    project.write(
        checks="""
def same(one, other):
    assert one == other
""",
        test_lines="""
from checks import same


def test_helper():
    same(1, 1)
    same(1, 2)


def test_object():
    assert object() is None
""",
    )

    played = project.play(other_title)

    [_, helper] = played.plan.results["test_helper"]
    [_, plain] = played.plan.results["test_object"]
    assert (helper.line, plain.line) == (7, 11)
    assert helper.message == "assert one == other"
    assert plain.message.startswith("assert <object object> is None")


def test_skipped_tests_and_those_that_are_meant_to_fail_say_nothing(project: Project) -> None:
    project.write(
        test_skips="""
import unittest

import pytest


def test_skip():
    pytest.skip("no data")


@pytest.mark.skip(reason="later")
def test_marked():
    pass


@pytest.mark.xfail(reason="a known bug")
def test_expected():
    assert False


@pytest.mark.xfail(strict=True)
def test_unexpected():
    pass


@unittest.skip("later")
class TestCase(unittest.TestCase):
    def test_it(self):
        pass
"""
    )

    played = project.play(other_title)

    names = [each.name for each in played.plan.items]
    assert len(names) == 5
    marked = {"test_expected", "test_unexpected"}
    for name in names:
        wanted = Ended.EXPECTED if name in marked else Ended.SKIPPED
        assert played.plan.results[name][-1].ended is wanted
    assert ended(played, "test_skip")[1] == "Skipped: no data"
    assert ended(played, "test_marked")[1] == "Skipped: later"
