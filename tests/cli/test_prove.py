"""`pe4king prove` as a user runs it: consent, verdicts, kills, what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pe4king_server.cli import main
from pe4king_server.consent import Consents
from tests.server.environment_kit import put

DOCUMENT = """openapi: 3.1.0
info: {title: Books, version: '1'}
servers: [{url: 'http://localhost:8080/v1'}]
paths:
  /books/{id}:
    get:
      operationId: getBook
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                required: [id, title]
                properties:
                  id: {type: integer}
                  title: {type: string, minLength: 1}
"""
HEAD = """import os
from pathlib import Path

import requests

BASE_URL = os.environ["BASE_URL"]
"""
WEAK = """

def test_weak():
    assert requests.get(f"{BASE_URL}/books/1").status_code == 200
"""
STRONG = """

def test_strong():
    answer = requests.get(f"{BASE_URL}/books/1")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    body = answer.json()
    assert type(body) is dict
    assert type(body.get("id")) is int
    assert type(body.get("title")) is str and body["title"]
"""
WRONG = """

def test_wrong():
    assert requests.get(f"{BASE_URL}/books/1").json()["title"] == "Dune" * 3000
"""
LEAVES = """

def test_leaves_something():
    Path(__file__).with_name("left.txt").write_text(os.environ.get("SECRET_OF_MINE", "none"))
    assert requests.get(f"{BASE_URL}/books/1").status_code == 200
"""
OURS = '"""Tests of books, written by Pe4King."""\n'


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PE4KING_PYTHON", sys.executable)
    folder = tmp_path / "work"
    put(folder / "openapi.yaml", DOCUMENT)
    put(folder / "pytest.ini", "[pytest]\n")
    put(folder / "tests" / "test_books.py", HEAD + WEAK + STRONG)
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, *tests: str, head: str = HEAD) -> None:
    put(folder / "tests" / "test_books.py", head + "".join(tests))


def proof(capsys: pytest.CaptureFixture[str], *options: str, code: int = 0) -> dict[str, object]:
    assert main(["prove", "tests", "--yes", "--json", *options]) == code
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def verdicts(told: dict[str, object]) -> dict[str, str]:
    tests = told["tests"]
    assert isinstance(tests, list)
    return {test["name"]: test["verdict"] for test in tests}


def kills(told: dict[str, object]) -> dict[str, tuple[int, int]]:
    tests = told["tests"]
    assert isinstance(tests, list)
    return {test["name"]: (test["kills"]["killed"], test["kills"]["reached"]) for test in tests}


def cells(told: dict[str, object], name: str, state: str) -> list[str]:
    """The faults that the test called `name` did this with."""
    tests, mutants = told["tests"], told["mutants"]
    assert isinstance(tests, list)
    assert isinstance(mutants, list)
    [test] = [each for each in tests if each["name"] == name]
    return [mutants[place]["fault"] for place in test["cells"][state]]


def test_nothing_is_run_without_consent(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pe4king_core.proof.proving.proving.prove", None)
    assert main(["prove", "tests"]) == 1
    told = capsys.readouterr().err
    assert f"there is no consent to run the tests of {work}" in told
    assert "pe4king consent give" in told
    assert "--yes" in told


def test_a_workspace_cannot_consent_for_itself(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Consents.of_user().give(work)
    given = Path(os.environ["XDG_STATE_HOME"], "pe4king", "consent")
    [file] = given.iterdir()
    text = file.read_text(encoding="utf-8")
    Consents.of_user().withdraw(work)
    for place in (".pe4king/consent", "consent", ".local/state/pe4king/consent"):
        put(work / place / file.name, text)
    put(work / ".env", "PE4KING_CONSENT=yes\n")
    put(work / ".pe4king.toml", "[proof]\nconsent = true\n")
    assert main(["prove", "tests"]) == 1
    assert "no consent" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "There is no nowhere"),
        (["openapi.yaml"], "There are no tests in openapi.yaml"),
        (["tests", "--test", "test_none"], "There is no test test_none"),
        (["tests", "--spec", "nothing.yaml"], "nothing.yaml"),
        (["tests", "--python", "no-such-python"], "no-such-python is no program"),
        (["tests", "--recorded", "none.jsonl"], "none.jsonl"),
    ],
)
def test_what_cannot_be_proven_is_told_before_anything_is_run(
    work: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["prove", "--yes", *arguments]) == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--seeds=0", "--seeds=21", "--mutants=x", "--min-kills=101"])
def test_amounts_have_limits(work: Path, option: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["prove", "tests", option])
    assert ended.value.code == 2


@pytest.mark.slow
def test_a_strong_test_kills_what_a_weak_one_lets_live(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = proof(capsys, "--spec", "openapi.yaml", "--html", "proof.html")
    assert verdicts(told) == {"test_weak": "passes", "test_strong": "passes"}
    found = kills(told)
    assert found["test_weak"][0] < found["test_weak"][1] / 2
    assert found["test_strong"][0] > 0.8 * found["test_strong"][1]
    # A header that is not there is a `KeyError` of the test, not a check that failed.
    assert cells(told, "test_strong", "survived") == []
    assert cells(told, "test_strong", "crash") == ["GET /books/{id} 200: no content type"]
    page = (work / "proof.html").read_text(encoding="utf-8")
    assert "test_strong" in page
    assert "GET /books/{id}" in page


@pytest.mark.slow
def test_the_document_and_only_the_tests_wanted_are_found(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = proof(capsys, "--test", "test_weak")
    assert verdicts(told) == {"test_weak": "passes"}
    proof(capsys, "--test", "test_weak", "--min-kills", "90", code=1)


@pytest.mark.slow
def test_what_a_test_asserts_against_the_document_is_unproven_not_wrong(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(work, WEAK, "\n\ndef test_nothing():\n    assert 1 + 1 == 2\n")
    assert main(["prove", "tests", "--yes"]) == 0
    text = capsys.readouterr().out
    assert "unproven" in text
    assert "test_nothing: " in text
    assert "Tests: passes 1, unproven 1" in text


@pytest.mark.slow
def test_a_generated_test_has_to_hold_for_every_answer(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(work, WEAK, WRONG, head=OURS + HEAD)
    told = proof(capsys, code=1)
    assert verdicts(told) == {"test_weak": "passes", "test_wrong": "false alarm"}


@pytest.mark.slow
def test_nothing_is_left_and_no_secret_is_read(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_MINE", "hunter2")
    write(work, LEAVES)
    before = {path: path.read_bytes() for path in sorted(work.rglob("*")) if path.is_file()}
    told = proof(capsys)
    assert verdicts(told) == {"test_leaves_something": "passes"}
    after = {path: path.read_bytes() for path in sorted(work.rglob("*")) if path.is_file()}
    assert after == before
    assert "hunter2" not in json.dumps(told)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no pseudo terminals")
@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("\n", 1), ("n\n", 1)])
def test_the_question_is_asked_once(work: Path, answer: str, code: int) -> None:
    write(work, WEAK)
    done = on_terminal(work, answer)
    assert done[0] == code
    assert "Run them? [y/N]" in done[1]
    assert Consents.of_user().given(work) == (code == 0)
    if code == 0:
        again = on_terminal(work, "")
        assert again[0] == 0
        assert "Run them?" not in again[1]


def on_terminal(folder: Path, answer: str) -> tuple[int, str]:
    """Exit code, and what a person sees on standard error, who types `answer`."""
    mine, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "pe4king_server", "prove", "tests"],
        cwd=folder,
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        os.write(mine, answer.encode())
        seen = b""
        try:
            while part := os.read(mine, 4096):
                seen += part
        except OSError:  # how Linux says that nobody has the other end any more
            pass
        code = process.wait()
    os.close(mine)
    return code, seen.decode()


@pytest.mark.slow
def test_errors_of_the_document_are_told(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(work / "openapi.yaml", DOCUMENT + "                  of: {$ref: '#/nowhere'}\n")
    told = proof(capsys, "--test", "test_weak")
    problems = told["problems"]
    assert isinstance(problems, list)
    assert any("Errors in openapi.yaml: 1." in each for each in problems)


@pytest.mark.slow
def test_one_row_a_node_id_and_another_base_path(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = """

@pytest.mark.parametrize("number", [1, 2])
def test_rows(number):
    url = f"https://stage.example.com/shop/books/{number}"
    assert requests.get(url).status_code == 200


@pytest.mark.xfail(reason="BUG-7")
def test_later():
    assert requests.get(f"{BASE_URL}/books/1").status_code == 500
"""
    write(work, WEAK, rows, head="import pytest\n" + HEAD)
    wanted = ["test_rows[2]", "tests/test_books.py::test_later"]
    told = proof(capsys, "--test", wanted[0], "--test", wanted[1])
    tests, problems = told["tests"], told["problems"]
    assert isinstance(tests, list)
    assert isinstance(problems, list)
    assert [(each["name"], each["row"], each["verdict"]) for each in tests] == [
        ("test_rows", "2", "passes"),
        ("test_later", None, "unproven"),
    ]
    assert tests[1]["reason"].startswith("it is expected to fail (xfail)")
    assert any("no base path /shop" in each for each in problems)
    assert main(["prove", "tests", "--yes", "--test", "test_rows[9]"]) == 1
    assert "test_rows has no row 9. It has 1, 2." in capsys.readouterr().out


@pytest.mark.slow
def test_what_is_no_interpreter_is_told(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", str(work / "tests"), "--yes", "--python", "true"]) == 1
    assert "it may be no Python interpreter" in capsys.readouterr().out
