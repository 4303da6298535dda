"""`pe4king enhance|negative|explain FILE`: the editor's actions on files, as diffs."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from pe4king_core.daemon_threads import leave_threads_behind
from pe4king_core.errors import DocumentError, SourceError, UserError
from pe4king_core.model.message import Message
from pe4king_core.model.proposal import Proposal
from pe4king_core.testcode.files import language_of
from pe4king_server.actions import actions
from pe4king_server.actions.base import (
    Action,
    ActionContext,
    OperationTarget,
    Target,
    TestTarget,
)
from pe4king_server.actions.proven import with_proof
from pe4king_server.cli.generate import read_file
from pe4king_server.cli.output import Output, shown_path
from pe4king_server.cli.reading import document_store
from pe4king_server.disk import write_edits
from pe4king_server.files import DiskFiles, uri_of, workspace_of
from pe4king_server.model_service import ModelHost, model_service
from pe4king_server.proving.around import Around
from pe4king_server.proving.prover import ActionProver
from pe4king_server.settings import parse_settings
from pe4king_server.sources.store import SourceStore

_ACTIONS = {"enhance": "enhance", "negative": "generateNegativeTests", "explain": "explain"}


def on_tests(options: argparse.Namespace, output: Output) -> int:
    """Run the action on every chosen test; exit code 1 where none could be done."""
    path = Path(options.file)
    on_document = language_of(uri_of(path)) is None
    files = DiskFiles(Path.cwd() if on_document else workspace_of(path, Path.cwd()))
    settings = parse_settings(
        {
            "document": uri_of(Path(options.spec)) if options.spec else "",
            "depth": options.depth,
            "focus": options.focus,
            "ai": not options.no_ai,
        }
    )
    host = ModelHost()
    models = model_service(settings, files, output.language, host)
    action = actions()[_ACTIONS[options.command]]

    async def run(context: ActionContext) -> int:
        leave_threads_behind()
        try:
            return await _run_all(path, options, action, context, output)
        finally:
            await host.close()

    with document_store(options.allow_host) as store:
        around, sources = Around.here(files, settings), SourceStore()
        context = ActionContext(
            files,
            store,
            settings,
            models,
            output.language,
            sources,
            around=around,
            prover=ActionProver(files, store, sources, around),
        )
        return 0 if asyncio.run(run(context)) else 1


async def _run_all(
    path: Path, options: argparse.Namespace, action: Action, context: ActionContext, output: Output
) -> int:
    """How many targets came to a result. Each sees the files as the one before left them."""
    done = 0
    for name in _names(path, options, context):
        target = _target(path, name, context)
        try:
            proposal = await with_proof(await action.run(target, context), target, context)
        except DocumentError:
            raise  # it is the same for every test
        except UserError as error:
            output.problem(error)
            continue
        done += 1
        _present(proposal, options, output)
    return done


def _names(path: Path, options: argparse.Namespace, context: ActionContext) -> Sequence[str]:
    """The tests of a test file, or the operations of a document, that are wanted."""
    text = read_file(path, context.files)
    language = language_of(uri_of(path))
    if language is None and path.suffix in (".py", ".java"):
        raise SourceError(
            Message(
                f"{path.name} is not named as a test file.",
                f"{path.name} назван не как файл тестов.",
            ),
            next_step=Message(
                "Tests are read from test_*.py, *_test.py, Test*.java, *Test.java and *IT.java.",
                "Тесты читаются из test_*.py, *_test.py, Test*.java, *Test.java и *IT.java.",
            ),
        )
    if language is None:
        document = context.documents.load(uri_of(path), text, context.files)
        return options.operation or [operation.key for operation in document.operations]
    tests = context.sources.tests_of(uri_of(path), text, context.files).tests
    if not tests:
        raise SourceError(Message(f"There are no tests in {path}.", f"В {path} нет тестов."))
    return options.test or [test.qualified_name for test in tests]


def _target(path: Path, name: str, context: ActionContext) -> Target:
    uri = uri_of(path)
    if language_of(uri) is None:
        return OperationTarget(uri, read_file(path, context.files), name)
    return TestTarget(uri, read_file(path, context.files), name)


def _present(proposal: Proposal, options: argparse.Namespace, output: Output) -> None:
    if proposal.explanation is not None:
        output.markdown(proposal.explanation.markdown.text(output.language))
        if proposal.message != proposal.title:
            output.say(proposal.message, "yellow")
    else:
        output.proposal(proposal)
    if not proposal.edits or (proposal.explanation is not None and not options.write):
        return
    if options.write:
        for written in write_edits(proposal.edits):
            output.line(f"  {shown_path(uri_of(written))}")
        return
    for edit in proposal.edits:
        output.diff(edit)
