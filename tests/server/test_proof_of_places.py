"""Proposals that reach beyond the tests they write: settings, helpers, hosts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pe4king_core.model.message import Message
from pe4king_core.model.proposal import FileEdit, Proposal
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import Level, LevelResult, LevelState
from pe4king_core.proof.proposed import Surroundings
from pe4king_core.testcode import read_tests
from pe4king_server.actions.evidence import edit_evidence, file_evidence
from pe4king_server.actions.proven import with_proof
from pe4king_server.cli import main
from pe4king_server.consent import Consents
from pe4king_server.errors import BrokenProposalError
from pe4king_server.files import uri_of
from pe4king_server.proving.changed import Readers, changed_tests
from pe4king_server.proving.known_hosts import KnownHosts
from pe4king_server.settings import parse_settings
from tests.cli.test_prove import DOCUMENT
from tests.server.environment_kit import put
from tests.server.test_proof_of_proposals import context_of

CODE = """\
import requests
from helpers import BASE, book_path

LIMIT = 5


def checked(response):
    assert response.status_code == 200


def test_one():
    checked(requests.get(BASE + book_path(1)))


def test_many():
    assert requests.get(BASE + "/books", params={"limit": LIMIT}).status_code == 200


class TestMore:
    path = "/books/2"

    def test_two(self):
        assert requests.get(BASE + self.path).status_code == 200
"""
ALL = ["test_one", "test_many", "TestMore.test_two"]
HELPERS = """\
import os

BASE = os.environ["API_BASE_URL"]
ROOT = "/books"


def book_path(number):
    return f"{ROOT}/{number}"
"""


@pytest.mark.parametrize(
    "name", ["pytest.ini", "pyproject.toml", "pom.xml", ".env", "conftest.pth", "Makefile"]
)
def test_a_file_that_is_no_code_is_no_edit(tmp_path: Path, name: str) -> None:
    uri = uri_of(tmp_path / name)
    made = FileEdit(uri, (Edit(Span(0, 0), "[pytest]\n"),), create=True)
    with pytest.raises(BrokenProposalError) as caught:
        file_evidence([made], Surroundings())
    assert caught.value.result.level is Level.SAFE
    assert name in caught.value.result.reason.ru
    with pytest.raises(BrokenProposalError):
        edit_evidence(uri, read_tests("", SourceLanguage.PYTHON), made.edits, Surroundings())


def test_a_new_file_of_our_templates_is_one_a_changed_one_is_not(tmp_path: Path) -> None:
    uri = uri_of(tmp_path / "pom.xml")
    made = FileEdit(uri, (Edit(Span(0, 0), "<project/>"),), create=True)
    assert file_evidence([made], Surroundings(), support=[uri]).state(Level.CONTRACT)
    changed = FileEdit(uri, (Edit(Span(0, 0), "<!-- -->"),), "<project/>")
    with pytest.raises(BrokenProposalError):
        file_evidence([changed], Surroundings(), support=[uri])


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("LIMIT = 5", "LIMIT = 6", ["test_many"]),
        ("== 200\n\n\ndef test_one", "== 201\n\n\ndef test_one", ["test_one"]),
        ('path = "/books/2"', 'path = "/books/3"', ["TestMore.test_two"]),
        ("class TestMore:", "class TestMore(Base):", ["TestMore.test_two"]),
        ("import requests\n", "import json\nimport requests\n", []),
        ("LIMIT = 5", "# the most\nLIMIT = 5", []),
        ("LIMIT = 5", "LIMIT = 5\n\n\ndef unused():\n    return 1", []),
        ("LIMIT = 5", "LIMIT = 5\nrequests.get = print", ALL),
        ("import requests", "import fakes as requests", ALL),
        (
            "LIMIT = 5",
            "@pytest.fixture(autouse=True)\ndef quiet():\n    yield",
            ALL,
        ),
        ('"limit": LIMIT', '"limit": 2', ["test_many"]),
    ],
)  # fmt: skip
def test_tests_that_read_what_is_changed_are_changed(old: str, new: str, names: list[str]) -> None:
    assert CODE.count(old) == 1
    before, after = (
        read_tests(text, SourceLanguage.PYTHON) for text in (CODE, CODE.replace(old, new))
    )
    assert list(changed_tests(before, after)) == names


def readers(root: Path) -> Readers:
    return Readers(
        root,
        lambda path: path.read_text(encoding="utf-8"),
        lambda _, text: read_tests(text, SourceLanguage.PYTHON),
    )


def test_tests_of_other_files_are_found_through_helpers(tmp_path: Path) -> None:
    put(tmp_path / "helpers.py", HELPERS)
    put(tmp_path / "test_code.py", CODE)
    put(tmp_path / "test_other.py", "def test_other():\n    assert 1\n")
    path = tmp_path / "helpers.py"
    changed = HELPERS.replace('ROOT = "/books"', 'ROOT = "/novels"')
    assert readers(tmp_path).of({path: (HELPERS, changed)}) == {
        tmp_path / "test_code.py": ("test_one",)
    }
    assert readers(tmp_path).of({path: (HELPERS, f"{HELPERS}\nMORE = 1\n")}) == {}


def test_what_a_conftest_gives_is_read_below_it(tmp_path: Path) -> None:
    put(tmp_path / "in" / "test_a.py", "def test_a(book):\n    assert book\n")
    put(tmp_path / "in" / "test_b.py", "def test_b():\n    assert 1\n")
    put(tmp_path / "test_c.py", "def test_c(book):\n    assert book\n")
    conftest = "import pytest\n\n\n@pytest.fixture\ndef book():\n    return 1\n"
    changed = {tmp_path / "in" / "conftest.py": (conftest, conftest.replace("1", "None"))}
    assert readers(tmp_path).of(changed) == {tmp_path / "in" / "test_a.py": ("test_a",)}


JAVA = """\
package shop;
import static org.hamcrest.Matchers.*;
import org.junit.jupiter.api.*;
class BooksTest {
    static final String KEY = "k";
    @BeforeEach void open() { }
    String path(int id) { return "/books/" + id; }
    @Test void one() { get(path(1)); }
    @Test void many() { get("/books"); }
}
"""


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("/books/\"", "/novels/\"", ["BooksTest.one"]),
        ('KEY = "k"', 'KEY = "l"', []),
        ("open() { }", "open() { close(); }", ["BooksTest.one", "BooksTest.many"]),
        ("import org.junit", "import static io.restassured.RestAssured.*;\nimport org.junit", []),
        ("import org.junit", "import static shop.Fake.get;\nimport org.junit",
         ["BooksTest.one", "BooksTest.many"]),
    ],
)  # fmt: skip
def test_members_of_java_classes_are_told_apart(old: str, new: str, names: list[str]) -> None:
    assert JAVA.count(old) == 1
    before, after = (
        read_tests(text, SourceLanguage.JAVA) for text in (JAVA, JAVA.replace(old, new))
    )
    assert list(changed_tests(before, after)) == names


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ('BASE = "https://shop.example/v1"', True),
        ('HOST = "shop.example:8443"', True),
        ('BASE = f"https://{STAGE}.example.org"', False),
        ('# https://shop.example\nBASE = "https://nice-shop.example"', False),
        ('"""Not https://shop.example."""\nBASE = 1', False),
        ('BASE = "https://shop.example.org"', False),
    ],
)  # fmt: skip
def test_a_host_is_known_where_code_names_it(tmp_path: Path, text: str, known: bool) -> None:
    put(tmp_path / "config.py", text)
    put(tmp_path / "README.md", "Call https://shop.example now.")
    assert KnownHosts(tmp_path, (), {})("shop.example") is known


def test_a_host_is_known_by_its_settings_and_by_what_is_put_before_its_domain(
    tmp_path: Path,
) -> None:
    put(tmp_path / "test.properties", "# base=https://no.example\nbase=https://yes.example/v1\n")
    put(tmp_path / "a.py", 'BASE = f"https://{STAGE}.api.shop.example/v1"')
    put(tmp_path / "A.java", '// "https://said.example"\nString a = "https://java.example";')
    knows = KnownHosts(tmp_path, (), {}, frozenset({"https://given.example/v1", "token"}))
    asked = ("yes", "no", "said", "java", "given", "two.api.shop", "evil")
    found = [each for each in asked if knows(f"{each}.example")]
    assert found == ["yes", "java", "given", "two.api.shop"]
    assert knows("token")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PE4KING_PYTHON", sys.executable)
    folder = tmp_path / "work"
    put(folder / "openapi.yaml", DOCUMENT)
    put(folder / "pytest.ini", "[pytest]\npythonpath = .\n")
    put(folder / "helpers.py", HELPERS)
    put(folder / "test_code.py", CODE)
    monkeypatch.chdir(folder)
    Consents.of_user().give(folder)
    return folder


async def proven(work: Path, name: str, old: str, new: str) -> tuple[LevelResult, ...]:
    """The levels of the proposal to change `old` in a file, as it is offered."""
    text = (work / name).read_text(encoding="utf-8")
    start = text.index(old)
    edit = FileEdit(uri_of(work / name), (Edit(Span(start, start + len(old)), new),), text)
    from pe4king_server.actions.base import TestTarget

    title = Message("Title", "Заголовок")
    target = TestTarget(uri_of(work / "test_code.py"), CODE, "test_one")
    settings = parse_settings({"proof": {"seeds": 1, "mutants": 2}})
    proposal = Proposal(title, title, (edit,))
    return (await with_proof(proposal, target, context_of(work, settings))).evidence.levels


@pytest.mark.slow
async def test_a_helper_is_proven_by_the_tests_that_read_it(work: Path) -> None:
    passes, _ = await proven(work, "helpers.py", "{number}", "{number:d}")
    assert passes.state is LevelState.PASSED
    with pytest.raises(BrokenProposalError) as caught:
        await proven(work, "helpers.py", "{number}", "{number:s}")
    assert "test_one" in caught.value.result.reason.en


@pytest.mark.slow
async def test_a_proposal_may_call_the_host_that_the_tests_name(work: Path) -> None:
    put(
        work / "helpers.py",
        HELPERS.replace('os.environ["API_BASE_URL"]', '"https://a.shop.example"'),
    )
    more = "LIMIT = 5\n\n\ndef test_new():\n    checked(requests.get(BASE + book_path(3)))"
    passes, _ = await proven(work, "test_code.py", "LIMIT = 5", more)
    assert passes.state is LevelState.PASSED, passes.reason.en
    with pytest.raises(BrokenProposalError) as caught:
        await proven(work, "test_code.py", "LIMIT = 5", more.replace("BASE +", "'http://b.shop' +"))
    assert "another host: b.shop" in caught.value.result.reason.en


@pytest.mark.slow
def test_prove_tells_whom_tests_call_in_their_own_words(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(
        work / "helpers.py",
        HELPERS.replace('os.environ["API_BASE_URL"]', '"https://a.shop.example"'),
    )
    assert main(["prove", "test_code.py", "--spec", "openapi.yaml", "--mutants", "2"]) == 0
    told = capsys.readouterr()
    assert "The tests call a.shop.example" in told.out + told.err
