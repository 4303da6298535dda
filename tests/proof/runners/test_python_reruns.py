"""One start of pytest, one test again and again: what is new for every run, and what stays."""

from __future__ import annotations

from tests.proof.runners.pytest_kit import BOOK, Api, Project, other_title

SHARED = """
import os

import pytest
import requests

MADE = []


@pytest.fixture(scope="session")
def session():
    MADE.append("session")
    with requests.Session() as made:
        yield made
    MADE.append("session closed")


@pytest.fixture(scope="module", autouse=True)
def module():
    MADE.append("module")


@pytest.fixture
def book(session):
    MADE.append("book")
    return session.get(os.environ["BASE_URL"] + "/books/7").json()
"""


def fault_of_title(kills: bool) -> object:
    def fault(api: Api) -> None:
        api.book = {**BOOK, "title": "Fiasco"} if kills else {**BOOK, "price": 1}

    return fault


def test_function_fixtures_run_again_so_that_one_mutant_of_23_is_killed(project: Project) -> None:
    """An item that is its own next item is never torn down: all 23 would be "killed" or none."""
    project.write(
        tests__conftest=SHARED,
        tests__test_title="def test_title(book):\n    assert book['title'] == 'Solaris'\n",
    )
    faults = [fault_of_title(number == 11) for number in range(23)]

    played = project.play(*faults)  # type: ignore[arg-type]

    endings = played.plan.endings("test_title")
    assert endings == ["passed"] * 12 + ["failed"] + ["passed"] * 11
    assert len(played.api.requests) == 24


def test_what_outlives_a_test_is_made_once_and_stays(project: Project) -> None:
    project.write(
        tests__conftest=SHARED,
        tests__test_shared="""
from conftest import MADE


class TestBooks:
    def setup_class(cls):
        MADE.append("class")

    def test_first(self, book):
        pass

    def test_second(self, book):
        pass


def test_after(session):
    assert not MADE, " ".join(MADE)
""",
    )

    played = project.play(other_title, other_title)

    told = [each.message.partition("\n")[0] for each in played.plan.results["test_after"]]
    assert told == ["AssertionError: session module class" + " book" * 6] * 3


def test_every_run_has_a_new_instance_of_the_class(project: Project) -> None:
    project.write(
        test_instances="""
import unittest


class TestPlain:
    def test_it(self):
        assert not hasattr(self, "seen")
        self.seen = True

    def setup_method(self):
        assert not hasattr(self, "made")
        self.made = True


class TestCase(unittest.TestCase):
    def setUp(self):
        self.books = []

    def test_it(self):
        self.assertFalse(hasattr(self, "seen"))
        self.seen = True
        self.books.append(1)
        self.assertEqual([1], self.books)
"""
    )

    played = project.play(other_title, other_title)

    assert played.plan.endings("TestPlain.test_it") == ["passed"] * 3
    assert played.plan.endings("TestCase.test_it") == ["passed"] * 3


def test_a_failure_of_something_shared_is_not_kept_for_the_next_run(project: Project) -> None:
    """pytest remembers that a session's fixture or a class's set-up failed, and fails the rest."""
    project.write(
        test_shared="""
import pytest

COUNT = {"fixture": 0, "class": 0}


@pytest.fixture(scope="session")
def shop():
    COUNT["fixture"] += 1
    assert COUNT["fixture"] > 1
    return "shop"


def test_fixture(shop):
    assert shop == "shop"


class TestClass:
    @classmethod
    def setup_class(cls):
        COUNT["class"] += 1
        if COUNT["class"] == 1:
            raise RuntimeError("not yet")

    def test_it(self):
        pass
"""
    )

    played = project.play(other_title, other_title)

    assert played.plan.endings("test_fixture") == ["fixture error", "passed", "passed"]
    assert played.plan.endings("TestClass.test_it") == ["fixture error", "passed", "passed"]


def test_tests_are_told_as_our_reader_names_them(project: Project) -> None:
    project.write(
        api__test_names="""
import unittest

import pytest


@pytest.mark.parametrize("size", [1, 20])
@pytest.mark.parametrize("sort", ["title", "-price"])
def test_list(size, sort):
    pass


class TestBooks:
    class TestDeep:
        @pytest.mark.parametrize("identity", [7], ids=["seven"])
        def test_read(self, identity):
            pass


class ShopCase(unittest.TestCase):
    def test_shop(self):
        pass
"""
    )

    played = project.play()

    told = [(each.name, each.row) for each in played.plan.items]
    assert told == [
        ("test_list", "title-1"),
        ("test_list", "title-20"),
        ("test_list", "-price-1"),
        ("test_list", "-price-20"),
        ("TestBooks.TestDeep.test_read", "seven"),
        ("ShopCase.test_shop", ""),
    ]
    assert {each.file for each in played.plan.items} == {project.root / "api/test_names.py"}
    assert len({each.id for each in played.plan.items}) == 6


def test_only_the_wanted_tests_are_run(project: Project) -> None:
    project.write(
        test_some="""
def test_one():
    pass


def test_two():
    pass


class TestBooks:
    def test_one(self):
        pass
""",
        test_others="raise RuntimeError('not asked for')",
    )

    played = project.play(files=["test_some.py"], names=("test_two", "TestBooks.test_one"))

    assert [each.name for each in played.plan.items] == ["test_two", "TestBooks.test_one"]
    assert played.problems == []


def test_async_tests_run_again_too(project: Project) -> None:
    asking = """
    async with httpx.AsyncClient(base_url=os.environ["BASE_URL"]) as client:
        book = (await client.get("/books/7")).json()
    assert book["title"] == "Solaris"
"""
    project.write(
        test_asyncio=f"""
import asyncio
import os
import unittest

import httpx
import pytest


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.mark.asyncio
async def test_asyncio():{asking}

@pytest.mark.anyio
async def test_anyio():{asking}

class TestCase(unittest.IsolatedAsyncioTestCase):
    async def test_it(self):
        await asyncio.sleep(0)
        async with httpx.AsyncClient(base_url=os.environ["BASE_URL"]) as client:
            self.assertEqual("Solaris", (await client.get("/books/7")).json()["title"])
"""
    )

    played = project.play(other_title, Api.reset, other_title)

    endings = ["passed", "failed", "passed", "failed"]
    assert played.plan.endings("test_asyncio") == endings
    assert played.plan.endings("test_anyio") == endings
    assert played.plan.endings("TestCase.test_it") == endings
