"""Proof of a proposal: the tests that it touches are run without it and with it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.proposal import FileEdit
from pe4king_core.model.text import apply_edits
from pe4king_core.model.verdict import Level, LevelResult, LevelState
from pe4king_core.proof.report import ProofReport
from pe4king_core.testcode.files import language_of
from pe4king_server.actions.base import Proven, Report, Worker, run_inline
from pe4king_server.consent import NOT_GIVEN
from pe4king_server.documents import DocumentStore
from pe4king_server.files import Files, is_below, path_of
from pe4king_server.proving.around import Around
from pe4king_server.proving.known_hosts import KnownHosts
from pe4king_server.proving.languages import source_language
from pe4king_server.proving.touched import Touched, Touching
from pe4king_server.sources.store import SourceStore

if TYPE_CHECKING:
    from pe4king_core.proof.proving.job import Progress

_OFF = Message(
    "running tests is switched off (pe4king.proof.run)",
    "запуск тестов выключен (pe4king.proof.run)",
)
_NO_TESTS = Message(
    "no test of it can be run by itself", "в нём нет тестов, которые можно запустить"
)
_MOST_FILES = 20
_MANY = Message(
    "too many files for one action; `pe4king prove` runs them",
    "слишком много файлов для одного действия; их запустит `pe4king prove`",
)


class _StoppedError(Exception):
    """Nobody waits for the proof any more."""


class ActionProver:
    """Proves the proposals of actions where `worker` works. `Prover` says what for."""

    def __init__(
        self,
        files: Files,
        documents: DocumentStore,
        sources: SourceStore,
        around: Around,
        worker: Worker = run_inline,
    ) -> None:
        self._files = files
        self._store = documents
        self._sources = sources
        self._around = around
        self._worker = worker

    async def __call__(
        self, edits: Sequence[FileEdit], documents: Sequence[ApiDocument], report: Report
    ) -> Proven:
        """What running says of `edits`; never fails: what could not be done is "not run"."""
        stopped = threading.Event()
        loop = asyncio.get_running_loop()

        def tell(message: Message) -> None:
            loop.call_soon_threadsafe(report, message)

        try:
            return await self._worker(self._proven, edits, documents, tell, stopped)
        except UserError as error:
            return not_run(Message(error.text("en"), error.text("ru")))
        finally:
            stopped.set()

    def _proven(
        self,
        edits: Sequence[FileEdit],
        documents: Sequence[ApiDocument],
        tell: Report,
        stopped: threading.Event,
    ) -> Proven:
        reason = self._hindrance(edits)
        if reason is not None:
            return not_run(reason)
        reached = Touching(self._files, self._sources, self._around).of(
            edits, documents, _MOST_FILES
        )
        touched = reached.files
        if not touched:
            return not_run(_NO_TESTS)
        from pe4king_core.proof.proving.compared import compared

        watch = partial(_watch, tell, stopped)
        here = self._unsaved(touched[0].path)
        before = self._carried_out(touched, documents, here, watch, with_it=False)
        after = self._carried_out(touched, documents, here | _overlay(edits), watch, with_it=True)
        if after is None or not (after.tests or after.harm):
            told = after.problems if after is not None else ()
            return not_run(next(iter(told), _NO_TESTS))
        known = self._known_hosts(touched[0], documents, here | _bases(edits))
        names = [name for each in touched for name in each.names]
        found = compared(before, after, names, known)
        return Proven(reached.told(found.passes), found.kills, found.counts)

    def _hindrance(self, edits: Sequence[FileEdit]) -> Message | None:
        """Why nothing can be run."""
        paths = [path for each in edits if source_language(each.uri) if (path := path_of(each.uri))]
        if not paths:
            return _NO_TESTS
        if sum(language_of(each.name) is not None for each in paths) > _MOST_FILES:
            return _MANY
        if not self._around.settings.proof.run:
            return _OFF
        return None if self._around.may_run(self._around.root(paths[0])) else NOT_GIVEN

    def _known_hosts(
        self, touched: Touched, documents: Sequence[ApiDocument], texts: Mapping[Path, str]
    ) -> KnownHosts:
        """Those that the tests may call; `texts` are without the proposal."""
        from pe4king_server.environment.look import Look
        from pe4king_server.environment.names import names_read
        from pe4king_server.proving.job import environment_for

        path, language = touched.path, touched.after.file.language
        found = environment_for(path, self._files, self._around.settings)
        look = Look(self._files, self._around.environ, Path.home())
        given = {*names_read(look, [path], language).placeholders.values()}
        if found.base_url is not None:
            given.add(found.base_url.value)
        return KnownHosts(self._around.root(path), documents, texts, frozenset(given))

    def _unsaved(self, near: Path) -> dict[Path, str]:
        """What the editor has open around, as it is there."""
        root = self._around.root(near)
        found: dict[Path, str] = {}
        for uri in self._files.opened:
            path, text = path_of(uri), self._files.read(uri)
            if path is not None and text is not None and is_below(uri, root.as_uri()):
                found[path] = text
        return found

    def _carried_out(
        self,
        touched: Sequence[Touched],
        documents: Sequence[ApiDocument],
        overlay: Mapping[Path, str],
        watch: Callable[[Progress], None],
        *,
        with_it: bool,
    ) -> ProofReport | None:
        """The report; None where there is no test to run."""
        from pe4king_server.proving.apis import apis_of
        from pe4king_server.proving.carrying import carry_out
        from pe4king_server.proving.job import Wanted, environment_for, made_job, runner_for

        files = [each.after if with_it else each.before for each in touched]
        there = [each for each in files if each is not None]
        known = {test.qualified_name for each in there for test in each.file.tests}
        names = tuple(name for each in touched for name in each.names if name in known)
        if not names:
            return None
        settings = self._around.settings
        proof = settings.proof
        wanted = Wanted(
            proof.seeds,
            proof.mutants,
            proof.seconds,
            names,
            overlay=overlay,
            before={e.path: e.before.file for e in touched if e.before} if with_it else {},
            new={each.path: each.new for each in touched} if with_it else {},
        )
        path = there[0].path
        language = there[0].file.language
        runner = runner_for(language, environment_for(path, self._files, settings))
        called = {document.uri: document for each in there for document in each.documents}
        apis = apis_of(called.values() or documents[:1], self._store, self._files)
        job = made_job(self._around.root(path), there, apis, wanted, self._files)
        return carry_out(job, runner, watch)


def not_run(reason: Message) -> Proven:
    """Neither `passes` nor `kills` could be found out."""
    passes, kills = (
        LevelResult(level, LevelState.NOT_RUN, reason) for level in (Level.PASSES, Level.KILLS)
    )
    return Proven(passes, kills)


def _bases(edits: Sequence[FileEdit]) -> dict[Path, str]:
    """The texts without the proposal."""
    return {path: edit.base for edit in edits if (path := path_of(edit.uri)) is not None}


def _overlay(edits: Sequence[FileEdit]) -> dict[Path, str]:
    return {
        path: apply_edits(edit.base, edit.edits)
        for edit in edits
        if (path := path_of(edit.uri)) is not None
    }


def _watch(tell: Report, stopped: threading.Event, progress: Progress) -> None:
    if stopped.is_set():
        raise _StoppedError
    tell(
        Message(
            f"Running tests: {progress.done} of {progress.tests}",
            f"Запуск тестов: {progress.done} из {progress.tests}",
        )
    )
