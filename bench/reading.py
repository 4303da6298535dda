"""Reading tests: one keystroke in a large file, a whole workspace, and how right it is.

The peer of a keystroke, in the same run: one bare full parse of the same text by tree-sitter, which
finds no test and knows no call. Keystrokes fall into tests of a 5,000-line file, some leave the
code broken and the next one mends it; each is followed by the whole list of tests. The workspace
has 2,000 test files with helper modules, made of the suites of the corpus. Right and wrong are
counted on the corpus by `tests/testcode/corpus_kit.py`.
"""

from __future__ import annotations

import gc
import json
import os
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pe4king_core.model.source import SourceLanguage

KEYSTROKES = 90
FILES = 2_000
_ROOT = Path(__file__).parents[1]
_CORPUS = _ROOT / "tests" / "testcode" / "corpus"
_TYPED = ("x", "x", "x", "x", '"', "(", "[", "{", "}", ")", "\n", '"""', ".")
_LINES = 5_000


def run(arguments: Sequence[str]) -> int:
    """Measure and print; `keystroke`, `workspace` or `right` alone, if named."""
    wanted = set(arguments) or {"keystroke", "workspace", "right"}
    figures: dict[str, float | None] = dict.fromkeys(
        ("precision", "recall", "keystroke_ratio", "files_per_second")
    )
    if "right" in wanted:
        figures["precision"], figures["recall"] = _right()
    if "keystroke" in wanted:
        figures["keystroke_ratio"] = max(map(_keystrokes, SourceLanguage))
    if "workspace" in wanted:
        figures["files_per_second"] = _workspace()
    print()
    print(json.dumps(figures))
    return 0


def _right() -> tuple[float, float]:
    """Precision and recall on the corpus: the lowest of calls and assertions, both languages."""
    sys.path.insert(0, str(_ROOT))
    from tests.testcode.corpus_kit import score, suites

    precision, recall = [], []
    print(f"{'corpus':24}{'calls':>16}{'assertions':>16}")
    for language in ("python", "java"):
        scores = [score(suite) for suite in suites(language)]
        row = []
        for what in ("calls", "assertions"):
            tallies = [getattr(each, what) for each in scores]
            right = sum(each.right for each in tallies)
            found = right + sum(each.wrong for each in tallies)
            known = right + sum(each.missed for each in tallies)
            precision.append(right / found)
            recall.append(right / known)
            row.append(f"{precision[-1]:.3f} {recall[-1]:.3f}")
        print(f"{language:24}{row[0]:>16}{row[1]:>16}")
    return round(min(precision), 4), round(min(recall), 4)


@dataclass(slots=True)
class _Timed:
    """Times of keystrokes, in seconds."""

    peer: list[float]
    typed: list[float]
    mended: list[float]
    outside: list[float]


def _keystrokes(language: SourceLanguage) -> float:
    """The median keystroke against one full parse, both in this run."""
    text = _large_file(language)
    timed = _type(text, language)
    # Parsed between the keystrokes: whatever else the machine does slows both.
    peer = statistics.median(timed.peer)
    keys = sorted([*timed.typed, *timed.mended])
    ratio = statistics.median(keys) / peer
    print()
    print(f"{language}: {text.count(chr(10))} lines, bare parse {peer * 1e3:.1f} ms")
    for name, times in (
        ("typed", timed.typed),
        ("mended", timed.mended),
        ("both", keys),
        ("in a helper", timed.outside),
    ):
        ordered = sorted(times)
        print(
            f"  {name:14}median {statistics.median(ordered) * 1e3:7.2f} ms"
            f"  p95 {ordered[int(len(ordered) * 0.95)] * 1e3:7.2f}  max {ordered[-1] * 1e3:7.2f}"
        )
    print(f"  median of both against the parse: {ratio:.2f}")
    return round(ratio, 3)


def _type(text: str, language: SourceLanguage) -> _Timed:
    from pe4king_core.testcode import read_tests
    from pe4king_core.testcode.incremental import TestReader

    chance = random.Random(7)
    reader = TestReader(language)
    tests = reader.read(text).tests
    timed = _Timed([], [], [], [])
    for number in range(KEYSTROKES):
        test = chance.choice(tests)
        offset = chance.randrange(test.body_span.start, test.body_span.end)
        typed = text[:offset] + _TYPED[number % len(_TYPED)] + text[offset:]
        timed.typed.append(_time(lambda typed=typed: reader.read(typed)))
        if number % 10 == 0 and reader.read(typed) != read_tests(typed, language):
            raise AssertionError(f"a keystroke at {offset} of the {language} file is read wrongly")
        timed.mended.append(_time(lambda: reader.read(text)))
        timed.peer.append(_time(lambda: _bare_parse(text, language)))
    start = text.index("BASE")
    for number in range(5):
        typed = f"{text[:start]}{'X' * (number + 1)}{text[start:]}"
        timed.outside.append(_time(lambda typed=typed: reader.read(typed)))
    return timed


def _bare_parse(text: str, language: SourceLanguage) -> object:
    from pe4king_core.testcode.syntax import parser_of

    return parser_of(language).parse(text.encode())


def _large_file(language: SourceLanguage) -> str:
    """About 5,000 lines with 200 tests or more."""
    python = language is SourceLanguage.PYTHON
    head, test, tail = (_PYTHON_HEAD, _PYTHON_TEST, "") if python else (_JAVA_HEAD, _JAVA_TEST, "}")
    count = _LINES // test.count("\n")
    return head + "".join(test.replace("@N", str(number)) for number in range(count)) + tail


def _workspace() -> float:
    """Files of a workspace read in one second, with all cores."""
    from pe4king_server.files import DiskFiles
    from pe4king_server.sources.store import SourceStore

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files = sum(_make_files(root, language) for language in ("python", "java"))
        with _Peak() as peak:
            start = time.perf_counter()
            store = SourceStore()
            index = store.index(DiskFiles(root))
            taken = time.perf_counter() - start
        again = _time(lambda: store.index(DiskFiles(root)))
        sample = sorted(index.files)[:: max(1, files // 200)]
        alone = _one_core(root, sample) / len(sample) * files
    tests = sum(map(len, index.files.values()))
    calls = [call for each in index.files.values() for test in each for call in test.calls]
    known = sum(call.unresolved is None for call in calls)
    print()
    print(
        f"workspace: {files} test files, {tests} tests, {len(calls)} calls, {known} of them known"
    )
    print(
        f"  all {os.cpu_count()} cores {taken:.1f} s, one core {alone:.1f} s (from {len(sample)})"
    )
    print(f"  ratio {alone / taken:.2f}; nothing changed: {again * 1e3:.0f} ms")
    print(f"  peak of all processes {peak.size / 1e6:.0f} MB, {peak.before / 1e6:.0f} MB before")
    if len(index.files) != files:
        raise AssertionError(f"{files - len(index.files)} test files were not read")
    return round(files / taken, 1)


def _one_core(root: Path, uris: Sequence[str]) -> float:
    from pe4king_server.files import DiskFiles
    from pe4king_server.sources.batches import read_batch

    listing = DiskFiles(root).list((".py", ".java"))
    return _time(lambda: list(read_batch("\n".join(uris), listing, {})))


def _make_files(root: Path, language: str) -> int:
    """Half of the test files: copies of the corpus' suites, each with other names."""
    from pe4king_core.testcode import language_of

    suites = sorted(path for path in (_CORPUS / language).iterdir() if path.is_dir())
    made = number = 0
    while made < FILES // 2:
        suite = suites[number % len(suites)]
        for path in sorted(suite.rglob(f"*.{'py' if language == 'python' else 'java'}.txt")):
            relative = path.relative_to(suite).with_suffix("")
            is_test = language_of(relative.name) is not None
            if is_test and made >= FILES // 2:
                continue
            made += is_test
            target = root / f"{suite.name}_{number}" / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_bytes().decode("utf-8")
            text = re.sub(r"\b(test_|shouldReturn)(\w+)", rf"\1\2_{number}", text)
            target.write_bytes(text.encode("utf-8"))
        number += 1
    return made


def _time(action: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        result = action()
        taken = time.perf_counter() - start
        del result
    finally:
        gc.enable()
    return taken


class _Peak:
    """The largest resident size of this process and its children together, while inside."""

    def __init__(self) -> None:
        self.size = self.before = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _Peak:
        self.before = sum(_sizes(os.getpid()))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.05):
            self.size = max(self.size, sum(_sizes(os.getpid())))


def _sizes(pid: int) -> Iterator[int]:
    """Resident bytes of a process and of those it started (Linux)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        children = Path(f"/proc/{pid}/task").glob("*/children")
        inner = [child for each in children for child in each.read_text().split()]
    except OSError:
        return
    found = re.search(r"VmRSS:\s+(\d+)", status)
    yield int(found[1]) * 1024 if found else 0
    for child in inner:
        yield from _sizes(int(child))


_PYTHON_HEAD = """import os
import pytest
import requests

BASE = os.environ.get("BASE_URL", "http://localhost:8080") + "/api/v1"


@pytest.fixture
def session():
    with requests.Session() as s:
        s.headers["Authorization"] = f"Bearer {os.environ.get('TOKEN', '')}"
        yield s


class TestBooks:

"""
_PYTHON_TEST = '''    @pytest.mark.parametrize("size", [1, 2, @N])
    def test_create_book_@N(self, session, size):
        """POST /shelves/{id}/books, case @N."""
        body = {
            "title": "book-@N",
            "tags": ["a", "b"],
            "size": size,
        }
        response = session.post(
            f"{BASE}/shelves/{@N}/books",
            json=body,
            params={"expand": ["author", "tags"]},
            timeout=30,
        )
        assert response.status_code in (200, 201), response.text
        data = response.json()
        assert data["title"] == "book-@N"
        assert isinstance(data["tags"], list)
        assert len(data["tags"]) >= 1
        for tag in data["tags"]:
            assert tag in body["tags"]

'''
_JAVA_HEAD = """package com.example.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.*;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import org.junit.jupiter.api.*;

@DisplayName("Books")
class BooksApiTest {
    private static final String BASE = "/api/v1";

    @BeforeAll
    static void setUp() {
        RestAssured.baseURI = System.getProperty("base.uri", "http://localhost:8080");
    }

"""
_JAVA_TEST = '''    @Test
    @DisplayName("POST /shelves/{id}/books - case @N")
    void createBook@N() {
        String body = """
            {
              "title": "book-@N",
              "tags": ["a", "b"],
              "size": 12
            }
            """;
        given()
            .contentType(ContentType.JSON)
            .pathParam("id", @N)
            .queryParam("expand", "author", "tags")
            .header("Authorization", "Bearer " + System.getenv("TOKEN"))
            .body(body)
        .when()
            .post(BASE + "/shelves/{id}/books")
        .then()
            .statusCode(anyOf(is(200), is(201)))
            .contentType(ContentType.JSON)
            .body("title", equalTo("book-@N"))
            .body("tags.size()", greaterThanOrEqualTo(1));
    }

'''
