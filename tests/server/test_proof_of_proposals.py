"""What a proposal is offered with: every level that reads, and with consent what running shows."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.proposal import FileEdit, Proposal
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import (
    Evidence,
    Kills,
    Level,
    LevelResult,
    LevelState,
    Outcome,
)
from pe4king_core.proof.proposed import Surroundings
from pe4king_core.testcode import read_tests
from pe4king_server.actions.base import ActionContext, Proven, Report, TestTarget
from pe4king_server.actions.evidence import edit_evidence, evidence_line, file_evidence, titled
from pe4king_server.actions.proven import with_proof
from pe4king_server.cli import main
from pe4king_server.consent import Consents
from pe4king_server.documents import DocumentStore
from pe4king_server.errors import BrokenProposalError
from pe4king_server.files import DiskFiles, uri_of
from pe4king_server.models import NoModels
from pe4king_server.proving.around import Around
from pe4king_server.proving.prover import ActionProver
from pe4king_server.settings import Settings, SettingsError, parse_settings
from pe4king_server.sources.store import SourceStore
from tests.cli.test_prove import DOCUMENT, HEAD, WEAK
from tests.lsp_kit.session import editor
from tests.server.environment_kit import put

CHECK = '    assert requests.get(f"{BASE_URL}/books/1").status_code == 200\n'
NAME = "tests/test_books.py"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PE4KING_PYTHON", sys.executable)
    folder = tmp_path / "work"
    put(folder / "openapi.yaml", DOCUMENT)
    put(folder / "pytest.ini", "[pytest]\n")
    put(folder / NAME, HEAD + WEAK)
    monkeypatch.chdir(folder)
    return folder


def changed(before: str, old: str, new: str) -> Edit:
    start = before.index(old)
    return Edit(Span(start, start + len(old)), new)


def context_of(work: Path, settings: Settings | None = None) -> ActionContext:
    files, store, sources = DiskFiles(work), DocumentStore(), SourceStore()
    around = Around.here(files, settings or Settings())
    prover = ActionProver(files, store, sources, around)
    return ActionContext(
        files,
        store,
        settings or Settings(),
        NoModels(),
        sources=sources,
        around=around,
        prover=prover,
    )


def proposed(work: Path, more: str) -> tuple[Proposal, TestTarget]:
    """A proposal that adds `more` to the end of the test."""
    place = work / NAME
    text = place.read_text(encoding="utf-8")
    uri = uri_of(place)
    edit = FileEdit(uri, (Edit(Span(len(text), len(text)), more),), text)
    title = Message("Title", "Заголовок")
    return Proposal(title, title, (edit,)), TestTarget(uri, text, "test_weak")


@pytest.mark.parametrize(
    ("old", "new", "level"),
    [
        (CHECK, '    requests.get(f"{BASE_URL}/books/1")\n', Level.KEEPS),
        ("== 200", "in (200, 500)", Level.KEEPS),
        (CHECK, "    import pytest\n    pytest.skip('later')\n" + CHECK, Level.KEEPS),
        (CHECK, CHECK.replace("/books/1", "/novels/1"), Level.KEEPS),
        (CHECK, CHECK + "    os.system('id')\n", Level.SAFE),
        (CHECK, CHECK + "    open('/etc/passwd').read()\n", Level.SAFE),
        (CHECK, CHECK + "    requests.get('http://evil.example/v1/books/1')\n", Level.SAFE),
        (CHECK, CHECK + "    assert (\n", Level.PARSES),
        (
            CHECK,
            CHECK + '    assert requests.get(f"{BASE_URL}/books/1").json()["titel"]\n',
            Level.CONTRACT,
        ),
        (
            CHECK,
            CHECK + '    assert requests.get(f"{BASE_URL}/novels/7/x").ok\n',
            Level.CONTRACT,
        ),
    ],
)
def test_what_a_gate_turns_down_is_no_edit(work: Path, old: str, new: str, level: Level) -> None:
    text = HEAD + WEAK
    store, files = DocumentStore(), DiskFiles(work)
    document = store.load(uri_of(work / "openapi.yaml"), DOCUMENT, files)
    around = Around.here(files, Settings())(uri_of(work / NAME), (document,))
    with pytest.raises(BrokenProposalError) as caught:
        edit_evidence(
            uri_of(work / NAME),
            read_tests(text, SourceLanguage.PYTHON),
            [changed(text, old, new)],
            around,
        )
    assert caught.value.result.level is level
    reason = caught.value.result.reason
    assert reason.en in caught.value.text("en")
    assert reason.ru in caught.value.text("ru")


def test_a_proposal_has_every_level_that_reads(work: Path) -> None:
    text = HEAD + WEAK
    store, files = DocumentStore(), DiskFiles(work)
    document = store.load(uri_of(work / "openapi.yaml"), DOCUMENT, files)
    around = Around.here(files, Settings())(uri_of(work / NAME), (document,))
    more = CHECK.replace("assert ", "body = ").replace(".status_code == 200", ".json()")
    edit = changed(text, CHECK, f'{CHECK}{more}    assert body["title"]\n')
    found = edit_evidence(
        uri_of(work / NAME), read_tests(text, SourceLanguage.PYTHON), [edit], around
    )
    reading = [Level.PARSES, Level.RESOLVES, Level.KEEPS, Level.CONTRACT, Level.SAFE]
    assert [(each.level, each.state) for each in found.levels] == [
        (level, LevelState.PASSED) for level in reading
    ]
    assert found.outcome is Outcome.AMBER


def test_very_much_text_is_parsed_and_the_rest_is_said_to_be_open() -> None:
    text = "def test_a():\n    assert True\n\n\n" * 20_000
    edit = FileEdit("file:///w/test_a.py", (Edit(Span(0, 0), text),), create=True)
    found = file_evidence([edit], Surroundings())
    assert found.state(Level.PARSES) is LevelState.PASSED
    for level in (Level.RESOLVES, Level.KEEPS, Level.SAFE):
        assert found.state(level) is LevelState.NOT_RUN
    broken = FileEdit("file:///w/test_a.py", (Edit(Span(0, 0), text + "(\n"),), create=True)
    with pytest.raises(BrokenProposalError):
        file_evidence([broken], Surroundings())


def test_kills_are_told_in_the_line_and_in_the_title() -> None:
    levels = (
        LevelResult(Level.PARSES, LevelState.PASSED),
        LevelResult(Level.KEEPS, LevelState.WARNED, Message("why", "почему")),
        LevelResult(Level.KILLS, LevelState.PASSED),
    )
    evidence = Evidence(levels, Kills(3, 9, 12))
    told = evidence_line(evidence)
    assert told.en.startswith("parses ✓ keeps ! kills 3 → 9 of 12 (not run: ")
    assert told.ru.startswith("parses ✓ keeps ! убито 3 → 9 из 12 (не проверялось: ")
    title = Message("Pe4King: 2 checks", "Pe4King: 2 проверки")
    shown = titled(Proposal(title, title, evidence=evidence))
    assert shown.en == "Pe4King: 2 checks · kills 3 → 9 of 12"
    assert titled(Proposal(title, title)) == title


async def test_a_proposal_that_fails_when_run_is_no_edit(work: Path) -> None:
    class Failing:
        async def __call__(
            self, edits: Sequence[FileEdit], documents: Sequence[ApiDocument], report: Report
        ) -> Proven:
            reason = Message("test_weak: assert 1 == 2", "test_weak: assert 1 == 2")
            return Proven(
                LevelResult(Level.PASSES, LevelState.FAILED, reason),
                LevelResult(Level.KILLS, LevelState.NOT_RUN),
            )

    proposal, target = proposed(work, "    assert True\n")
    context = context_of(work)
    failing = ActionContext(
        context.files, context.documents, context.settings, context.models, prover=Failing()
    )
    with pytest.raises(BrokenProposalError) as caught:
        await with_proof(proposal, target, failing)
    assert "assert 1 == 2" in caught.value.text("en")


@pytest.mark.parametrize(
    ("consents", "settings", "told"),
    [
        (False, {}, "pe4king consent give"),
        (True, {"proof": {"run": False}}, "pe4king.proof.run"),
    ],
)
async def test_nothing_runs_without_consent_or_when_switched_off(
    work: Path,
    monkeypatch: pytest.MonkeyPatch,
    consents: bool,
    settings: dict[str, object],
    told: str,
) -> None:
    monkeypatch.setattr("pe4king_core.proof.proving.proving.prove", None)
    if consents:
        Consents.of_user().give(work)
    proposal, target = proposed(work, "    assert 1 < 2\n")
    found = await with_proof(proposal, target, context_of(work, parse_settings(settings)))
    for level in (Level.PASSES, Level.KILLS):
        assert found.evidence.state(level) is LevelState.NOT_RUN
    assert told in found.evidence.levels[-1].reason.en


def test_settings_of_a_workspace_switch_off_but_never_on(work: Path) -> None:
    assert parse_settings({"proof": {"run": True}}).proof.run
    around = Around.here(DiskFiles(work), parse_settings({"proof": {"run": True}}))
    assert not around.may_run(work)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"run": "yes"}, "pe4king.proof.run"),
        ({"seeds": 0}, "pe4king.proof.seeds"),
        ({"seeds": 21}, "pe4king.proof.seeds"),
        ({"mutants": 1001}, "pe4king.proof.mutants"),
        ({"seconds": 3601}, "pe4king.proof.seconds"),
        ({"mutant": 3}, "mutants"),
        ({"network": True}, "pe4king.proof"),
    ],
)
def test_what_cannot_be_set_is_told(given: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings({"proof": given})
    assert named in caught.value.text("en")


def test_an_interpreter_of_the_workspace_is_not_started_without_consent(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PE4KING_PYTHON")
    put(work / ".venv" / "pyvenv.cfg", "version = 3.12.1\n")
    put(work / ".venv" / "bin" / "python", "#!/bin/sh\n")
    (work / ".venv" / "bin" / "python").chmod(0o755)
    around = Around.here(DiskFiles(work), Settings())
    assert around(uri_of(work / NAME)).python is None
    Consents.of_user().give(work)
    assert around(uri_of(work / NAME)).python == work / ".venv" / "bin" / "python"


@pytest.mark.slow
def test_the_command_line_shows_kills_before_and_after(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Consents.of_user().give(work)
    before = (work / NAME).read_bytes()
    assert main(["enhance", NAME, "--no-ai"]) == 0
    shown = capsys.readouterr().out
    assert "passes ✓ kills " in shown
    assert "not run" not in shown
    assert (work / NAME).read_bytes() == before


@pytest.mark.slow
async def test_an_editor_sees_kills_in_the_title(work: Path) -> None:
    Consents.of_user().give(work)
    async with editor("vscode", workspace=work) as ed:
        await ed.open(NAME)
        actions = await ed.code_actions(NAME, "def test_weak")
        [enhance] = [each for each in actions if "Enhance" in each.title]
        result = await ed.run(enhance)
        assert isinstance(result, dict)
        assert result["status"] == "applied", ed.messages
        [applied] = ed.applied
        assert applied.label is not None
        assert " · kills " in applied.label


@pytest.mark.slow
async def test_a_proof_that_nobody_waits_for_ends(work: Path) -> None:
    put(work / NAME, HEAD + "import time\n" + WEAK + "    time.sleep(0.2)\n")
    Consents.of_user().give(work)
    proposal, target = proposed(work, "    assert 1 < 2\n")
    began = asyncio.Event()
    from pe4king_server.worker import ThreadWorker

    context = context_of(work)
    around = Around.here(context.files, context.settings)
    worker = ThreadWorker()
    prover = ActionProver(context.files, context.documents, context.sources, around, worker)
    documents = context.documents.find(context.files, (), target.uri)
    task = asyncio.ensure_future(prover(proposal.edits, documents, lambda _: began.set()))
    await asyncio.wait_for(began.wait(), 60)
    task.cancel()
    await asyncio.wait([task])
    # The thread is free again: what it ran has ended, with everything that it had started.
    await asyncio.wait_for(worker(os.getpid), 60)
    assert not _descendants(os.getpid(), "child.py")


def _descendants(pid: int, word: str) -> list[str]:
    """Command lines of processes with `word` that belong to `pid`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "status").read_text()
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # it has ended meanwhile
        if f"PPid:\t{pid}\n" in status and word in line:
            found.append(line)
    return found
