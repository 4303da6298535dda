"""What an action is, what it works on, and what it is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import ParamSpec, Protocol, TypeVar

from pe4king_core.errors import SourceError, UserError
from pe4king_core.improvement.missing import is_judged
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.proposal import FileEdit, Proposal
from pe4king_core.model.source import TestFile, TestFunction
from pe4king_core.model.verdict import Kills, LevelResult
from pe4king_core.proof.proposed import Surroundings
from pe4king_server.document_choice import Understood
from pe4king_server.documents import DocumentStore, operations_of
from pe4king_server.files import Files
from pe4king_server.generating.helpers import Helpers
from pe4king_server.models import Models
from pe4king_server.settings import Settings
from pe4king_server.sources.store import SourceStore

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OperationTarget:
    """An operation in a document: the document's URI and text, and the operation's key."""

    uri: str
    text: str
    operation: str


@dataclass(frozen=True, slots=True)
class TestTarget:
    """A test in a file: the file's URI and text, and the test's (qualified) name."""

    __test__ = False

    uri: str
    text: str
    test: str


Target = OperationTarget | TestTarget


class Worker(Protocol):
    """Runs a function that needs the processor for a while, away from the event loop."""

    async def __call__(
        self, function: Callable[P, T], /, *arguments: P.args, **options: P.kwargs
    ) -> T:
        """The function's result; its exceptions come through."""
        ...


@dataclass(frozen=True, slots=True)
class Proven:
    """What running says of a proposal; `counts` is None where no mutant was tried."""

    passes: LevelResult
    kills: LevelResult
    counts: Kills | None = None


Report = Callable[[Message], None]


class Prover(Protocol):
    """Runs the tests that edits touch, without them and with them."""

    async def __call__(
        self, edits: Sequence[FileEdit], documents: Sequence[ApiDocument], report: Report
    ) -> Proven:
        """What came of it; never fails."""
        ...


def _nothing_around(uri: str, documents: Sequence[ApiDocument]) -> Surroundings:
    del uri
    return Surroundings(documents)


def _silent(_: Message) -> None:
    return None


async def run_inline(function: Callable[P, T], /, *arguments: P.args, **options: P.kwargs) -> T:
    """The worker of programs with nothing else to do."""
    return function(*arguments, **options)


@dataclass(frozen=True, slots=True)
class ActionContext:
    """Everything an action may use; made by the composition for each run."""

    files: Files
    documents: DocumentStore
    settings: Settings
    models: Models
    language: str = "en"
    """The user's language; what is written into sources follows it."""
    sources: SourceStore = field(default_factory=SourceStore)
    worker: Worker = run_inline
    helpers: Helpers = field(default_factory=Helpers)
    """Processes that take part in the work on a large document."""
    around: Callable[[str, Sequence[ApiDocument]], Surroundings] = field(default=_nothing_around)
    """What gates may look at around the file with a URI, for tests of some documents."""
    prover: Prover | None = None
    """Runs proposals, where somebody wants that."""
    report: Report = field(default=_silent)


@dataclass(frozen=True, slots=True)
class Action:
    """One task. `run` never edits anything: it returns a Proposal or raises UserError."""

    id: str
    title: Message
    order: int
    run: Callable[[Target, ActionContext], Awaitable[Proposal]]
    kind: str = "refactor.rewrite"
    """LSP code action kind below which the action is offered on tests."""


@dataclass(frozen=True, slots=True)
class TestInContext:
    """A test with its file and what its calls mean."""

    __test__ = False

    file: TestFile
    test: TestFunction
    understood: Understood

    @property
    def operations(self) -> dict[str, Operation]:
        """The operations of its calls by call id."""
        return self.understood.operations

    @property
    def document(self) -> ApiDocument | None:
        """The document that they come from."""
        return self.understood.document


def read_target(target: TestTarget, context: ActionContext) -> tuple[TestFile, TestFunction]:
    """The file and the test of `target`. Raises SourceError where there is no such test."""
    from pe4king_core.testcode import language_of

    if language_of(target.uri) is None:
        raise SourceError(
            Message(
                "Only Python and Java tests can be read.",
                "Читаются только тесты на Python и Java.",
            )
        )
    file = context.sources.tests_of(target.uri, target.text, context.files)
    test = file.test_named(target.test)
    if test is None:
        raise SourceError(
            Message(
                f"There is no test {target.test} in this file.",
                f"Теста {target.test} в этом файле нет.",
            )
        )
    return file, test


def understand(target: TestTarget, context: ActionContext) -> TestInContext:
    """The test with the operations of its calls.

    Raises UserError where the test is damaged, no document is there, or no call is in one.
    """
    file, test = read_target(target, context)
    if test.damaged:
        raise SourceError(
            Message(
                f"{test.name} has a syntax error: finish typing it, then try again.",
                f"В {test.name} синтаксическая ошибка: допишите тест и повторите.",
            ),
            code="source-damaged",
        )
    documents = context.documents.find(context.files, context.settings.document, target.uri)
    understood = operations_of(test, documents, file, target.uri)
    return TestInContext(file, test, understood)


def require_operations(found: TestInContext) -> None:
    """Raises SourceError, saying what is in the way, where no call is in a document."""
    test = found.test
    if any(call.id in found.operations and is_judged(test, call) for call in test.calls):
        return
    own = [call for call in test.calls if not call.setup] or list(test.calls)
    unresolved = next((call.unresolved for call in own if call.unresolved), None)
    problems = found.understood.problems
    told = next((problems[call.id] for call in own if call.id in problems), None)
    reason = (
        unresolved
        or told
        or Message(
            "No HTTP call is visible in the test itself.", "В самом тесте не видно HTTP-вызова."
        )
    )
    raise SourceError(
        Message(
            f"{test.name} cannot be matched with an operation: {reason.en}",
            f"Не удалось сопоставить {test.name} с операцией: {reason.ru}",
        ),
        code="source-unmatched",
    )


def operation_of(target: OperationTarget, context: ActionContext) -> tuple[ApiDocument, Operation]:
    """The document and the operation of `target`. Raises UserError where either is missing."""
    document = context.documents.load(target.uri, target.text, context.files)
    operation = document.operation(target.operation)
    if operation is None:
        raise UserError(
            Message(
                f"{target.operation} is not in the document.",
                f"Операции {target.operation} в документе нет.",
            ),
            code="operation-missing",
        )
    return document, operation


def plural(count: int, one: str, few: str, many: str) -> str:
    """The Russian form for `count`: 1 тест, 2 теста, 5 тестов."""
    if count % 10 == 1 and count % 100 != 11:
        return f"{count} {one}"
    if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        return f"{count} {few}"
    return f"{count} {many}"


def counted(count: int, noun: str) -> str:
    """`1 check`, `2 checks`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
