"""Proofs without a child process: a runner that plays Python tests over HTTP in this process.

A test is a function `test_...(client)` of a text; `shared(client)` is made once for all of them,
as a module's fixture is, `each(client)` for every run.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx

from pe4king_core.mock.http.serving import address, bound
from pe4king_core.mock.mutant import Mutant
from pe4king_core.model.source import SourceLanguage
from pe4king_core.openapi import load
from pe4king_core.openapi.units.document_text import DocumentText
from pe4king_core.proof.proving.job import Api, Progress, ProofJob, TestSource
from pe4king_core.proof.proving.proving import prove
from pe4king_core.proof.report import Cell, CellState, ProofReport, TestProof
from pe4king_core.proof.running import (
    Director,
    Ended,
    RunReport,
    RunRequest,
    RunResult,
    TestItem,
)
from pe4king_core.testcode import read_tests

ROOT = Path("/project")
TESTS = ROOT / "test_books.py"

DOCUMENT = """\
openapi: 3.1.0
info: {title: Books, version: "1"}
servers: [{url: "https://api.example.org/v1"}]
paths:
  /books:
    get:
      operationId: listBooks
      parameters:
      - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
      responses:
        "200":
          description: books
          content:
            application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Book"}}}
        "400": {$ref: "#/components/responses/Error"}
    post:
      operationId: addBook
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/NewBook"}}}
      responses:
        "201":
          description: made
          content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}
        "400": {$ref: "#/components/responses/Error"}
        "409": {$ref: "#/components/responses/Error"}
  /books/{bookId}:
    parameters: [{name: bookId, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getBook
      responses:
        "200":
          description: one
          content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}
        "404": {$ref: "#/components/responses/Error"}
    delete:
      operationId: removeBook
      responses: {"204": {description: gone}, "404": {$ref: "#/components/responses/Error"}}
components:
  responses:
    Error:
      description: wrong
      content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}
  schemas:
    NewBook:
      type: object
      required: [title]
      properties:
        title: {type: string, minLength: 1, maxLength: 100}
        genre: {type: string, enum: [novel, travel, poetry]}
    Book:
      type: object
      required: [id, title]
      properties:
        id: {type: integer}
        title: {type: string, minLength: 1, maxLength: 100}
        genre: {type: string, enum: [novel, travel, poetry]}
        pages: {type: integer, minimum: 1}
    Error:
      type: object
      required: [message]
      properties: {message: {type: string}}
"""


def api(text: str = DOCUMENT, name: str = "books", **more: Any) -> Api:
    """A document to prove against."""
    data: Any = DocumentText.read(text).data
    return Api(name, load(text, f"file:///{name}.yaml"), lambda: data, **more)


def source(text: str, *, generated: bool = True, before: str | None = None) -> TestSource:
    """A test file; `generated`: all its tests are."""
    file = read_tests(text, SourceLanguage.PYTHON)
    names = frozenset(test.qualified_name for test in file.tests) if generated else frozenset()
    old = None if before is None else read_tests(before, SourceLanguage.PYTHON)
    return TestSource(TESTS, file, names, old)


def proof(
    text: str,
    *,
    generated: bool = True,
    before: str | None = None,
    apis: Sequence[Api] = (),
    watcher: Callable[[Progress], None] | None = None,
    runner: Played | None = None,
    total_seconds: float = 600.0,
    **more: Any,
) -> ProofReport:
    """What the tests of `text` are worth."""
    request = RunRequest(ROOT, (TESTS,), total_seconds=total_seconds)
    job = ProofJob(
        tuple(apis) or (api(),),
        request,
        (source(text, generated=generated, before=before),),
        **more,
    )
    return prove(job, runner or Played(text), sandbox(), watcher)


def only(report: ProofReport) -> TestProof:
    """The proof of the only test."""
    (found,) = report.tests
    return found


def cells(report: ProofReport, operator: str, subject: str = "") -> list[Cell]:
    """What the tests did to the mutants of an operator."""
    wanted = {
        number
        for number, mutant in enumerate(report.mutants)
        if mutant.operator == operator and subject in ("", mutant.subject)
    }
    return [cell for test in report.tests for cell in test.cells if cell.mutant in wanted]


def states(report: ProofReport, operator: str, subject: str = "") -> set[CellState]:
    """The states of these cells."""
    return {cell.state for cell in cells(report, operator, subject)}


def unnoticed(report: ProofReport) -> list[Mutant]:
    """The mutants that survived."""
    return [report.mutants[each.mutant] for each in report.survivors]


@contextmanager
def sandbox() -> Iterator[Any]:
    """Only the listening socket of a sandbox."""
    listener = bound("127.0.0.1", 0)
    try:
        yield SimpleNamespace(listener=listener)
    finally:
        listener.close()


class Played:
    """The tests of a text, run as often as the director wants.

    `crashes_after` so many runs of one test the runner has to be started again.
    """

    def __init__(
        self, text: str, crashes_after: int | None = None, hosts: tuple[str, ...] = ()
    ) -> None:
        """`hosts` are said to have been called by all tests."""
        self._hosts = hosts
        self._code = compile(text, str(TESTS), "exec")
        self._crashes_after = crashes_after
        self.runs: list[str] = []
        self.restarts = 0
        self.environment: Mapping[str, str] = {}

    def run(self, request: RunRequest, director: Director, sandbox: Any) -> RunReport:
        self.environment = request.environment
        url = address(sandbox.listener) + request.base_path
        names: dict[str, Any] = {}
        exec(self._code, names)
        found = [name for name in names if name.startswith("test_")]
        items = [TestItem(f"test_books.py::{name}", TESTS, name) for name in found]
        director.collected(items)
        with httpx.Client(base_url=url, trust_env=False, timeout=20) as client:
            for item in items:
                count = 0
                while director.again(item):
                    count += 1
                    if count == self._crashes_after:
                        director.ended(item, RunResult(Ended.TIMEOUT, "hung"))
                        self.restarts += 1
                        names.pop("shared data", None)
                        director.collected(items[items.index(item) :])
                        continue
                    self.runs.append(item.name)
                    director.ended(item, _played(names, item.name, client))
        hosts = {item.id: self._hosts for item in items if self._hosts}
        return RunReport("played 1", restarts=self.restarts, hosts=hosts)


def _played(names: dict[str, Any], name: str, client: httpx.Client) -> RunResult:
    try:
        if "shared" in names and "shared data" not in names:
            names["shared data"] = names["shared"](client)
        own = [names["each"](client)] if "each" in names else []
    except Exception as error:  # noqa: BLE001 - whatever a test raises
        return RunResult(Ended.FIXTURE_ERROR, _told(error))
    shared = [names["shared data"]] if "shared" in names else []
    try:
        names[name](client, *shared, *own)
    except AssertionError as error:
        line = traceback.extract_tb(error.__traceback__)[-1].lineno
        return RunResult(Ended.FAILED, _told(error), line)
    except Exception as error:  # noqa: BLE001 - whatever a test raises
        return RunResult(Ended.CRASHED, _told(error))
    return RunResult(Ended.PASSED)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
