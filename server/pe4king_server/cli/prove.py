"""`pe4king prove TESTS`: which tests pass where they should, and which faults they notice."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pe4king_core.errors import UserError
from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message
from pe4king_core.proof.report import Judged, ProofReport
from pe4king_server.cli.consent import require_consent
from pe4king_server.cli.output import Output, one_line, shown_path
from pe4king_server.cli.prove_tally import Tally
from pe4king_server.cli.reading import document_store
from pe4king_server.environment.python import VARIABLE
from pe4king_server.files import DiskFiles, is_there, uri_of, workspace_of
from pe4king_server.settings import Settings, parse_settings
from pe4king_server.sources.store import SourceStore

if TYPE_CHECKING:
    from pe4king_core.mock.recording.recorded import Recorded
    from pe4king_core.model.operation import ApiDocument
    from pe4king_core.model.source import SourceLanguage
    from pe4king_core.proof.proving.job import Progress, ProofJob
    from pe4king_server.documents import DocumentStore
    from pe4king_server.environment.model import Environment
    from pe4king_server.proving.carrying import KeptRunner
    from pe4king_server.proving.selection import ReadFile

_ANOTHER = Message("with --python FILE", "через --python ФАЙЛ")


def prove_command(options: argparse.Namespace, output: Output) -> int:
    """Run, tell, write the page.

    1 where a test fails on a conforming server, none could be proven, or too few mutants die.
    """
    from pe4king_server.proving.job import runner_for
    from pe4king_server.proving.selection import test_files

    paths = test_files(map(Path, options.tests))
    root = workspace_of(paths[0], Path.cwd()).resolve()
    outside = next((each for each in paths if not each.resolve().is_relative_to(root)), None)
    if outside is not None:
        raise _elsewhere(outside, root)
    for each in options.spec:
        _require_document(each)
    settings = parse_settings({"document": [uri_of(Path(each)) for each in options.spec]})
    recorded = _recorded(options.recorded)
    with document_store(options.allow_host) as store:
        jobs = _jobs(paths, root, store, settings, recorded, options)
        require_consent(root, output, yes=options.yes)
        report = _carried_out([(job, runner_for(*who, _ANOTHER)) for job, who in jobs], output)
        broken = tuple(_broken_documents(jobs[0][0]))
    report = replace(report, problems=(*broken, *report.problems))
    return show_report(report, options, output)


def _broken_documents(job: ProofJob) -> Iterator[Message]:
    """What is wrong in a document is no part of the server that tests are run against."""
    for api in job.apis:
        count = sum(each.severity is Severity.ERROR for each in api.document.findings)
        name = one_line(shown_path(api.document.uri))
        if count:
            yield Message(
                f"Errors in {name}: {count}. What they touch is missing from the server, so tests "
                f"may fail for that: `pe4king inspect {name}`.",
                f"Ошибок в {name}: {count}. Того, что они задевают, на сервере нет, и тесты могут "
                f"падать из-за этого: `pe4king inspect {name}`.",
            )


def _jobs(
    paths: Sequence[Path],
    root: Path,
    store: DocumentStore,
    settings: Settings,
    recorded: Sequence[Recorded],
    options: argparse.Namespace,
) -> list[tuple[ProofJob, tuple[SourceLanguage, Environment]]]:
    """One job a language, with what its runner is made of."""
    from pe4king_server.proving.apis import apis_of
    from pe4king_server.proving.job import Wanted, environment_for, made_job
    from pe4king_server.proving.naming import choices_of, with_choices
    from pe4king_server.proving.selection import by_language, read_files

    files = DiskFiles(root)
    documents = store.find(files, settings.document, uri_of(paths[0]))
    read = read_files(paths, documents, files, SourceStore())
    choices = choices_of(options.test, read)
    read = with_choices(read, choices)
    used = _used(documents, read, chosen=bool(settings.document))
    apis = apis_of(used, store, files, recorded)
    wanted = Wanted(
        options.seeds,
        options.mutants,
        options.seconds,
        tuple(dict.fromkeys(each.name for each in choices)),
        choices,
        tuple(options.base_url_name),
    )
    made = []
    for language, group in by_language(read).items():
        found = environment_for(group[0].path, files, settings, _environ(options.python))
        made.append((made_job(root, group, apis, wanted, files), (language, found)))
    return made


def _environ(python: str) -> dict[str, str]:
    """The environment to look for an interpreter in; one that was named comes first."""
    if not python:
        return dict(os.environ)
    path = shutil.which(python)
    if path is None:
        raise UserError(Message(f"{python} is no program.", f"{python} — не программа."))
    return {**os.environ, VARIABLE: str(Path(path).absolute())}


def _used(
    documents: Sequence[ApiDocument], read: Sequence[ReadFile], *, chosen: bool
) -> Sequence[ApiDocument]:
    """The documents that the tests are about: all that were named, else those with their calls."""
    if chosen:
        return documents
    called = {document.uri for each in read for document in each.documents}
    return [each for each in documents if each.uri in called] or documents[:1]


def _carried_out(jobs: Sequence[tuple[ProofJob, KeptRunner]], output: Output) -> ProofReport:
    from pe4king_server.proving.carrying import carry_out, joined

    title = Message("Proving tests", "Проверка тестов").text(output.language)
    reports = []
    with output.progress(title) as bar:

        def watch(progress: Progress) -> None:
            bar(progress.done, progress.tests)

        for job, runner in jobs:
            reports.append(carry_out(job, runner, watch))
    return joined(reports)


def show_report(report: ProofReport, options: argparse.Namespace, output: Output) -> int:
    """Print the report and write the page; returns the exit code."""
    title = Message("Proof of {}", "Доказательство: {}").text(output.language)
    has_page = bool(options.html and report.tests)
    if has_page:
        from pe4king_server.cli.prove_page import proof_page

        named = ", ".join(shown_path(uri_of(Path(each))) for each in options.tests)
        _write(Path(options.html), proof_page(report, title.format(named), output.language))
    if options.json:
        from pe4king_server.cli.inspect_json import print_json
        from pe4king_server.cli.prove_json import proof_json

        print_json(proof_json(report, output.language))
    else:
        from pe4king_server.cli.prove_table import print_proof

        print_proof(report, output)
        if has_page:
            output.say(Message(f"Heat map: {options.html}", f"Тепловая карта: {options.html}"))
    return _code(report, options.min_kills, output)


def _code(report: ProofReport, least: int | None, output: Output) -> int:
    tally = Tally(report)
    if not tally.harmless or not tally.verdicts()[Judged.PASSES]:
        return 1
    hindrance = _too_few(tally, least) if least else None
    if hindrance is None:
        return 0
    output.problem(UserError(hindrance))
    return 1


def _too_few(tally: Tally, least: int) -> Message | None:
    """Why the part of the mutants that are killed is less than wanted, or cannot be known."""
    from pe4king_core.proof.proving.reasons import NOT_RUN, OUT_OF_TIME

    count = tally.all
    late = sum(test.reason in (NOT_RUN, OUT_OF_TIME) for test in tally.report.tests)
    if late or not count.reached:
        return Message(
            f"Nothing can be said of --min-kills: mutants reached: {count.reached}, tests not "
            f"judged for want of time: {late}.",
            f"О --min-kills ничего нельзя сказать: задето мутантов: {count.reached}, не оценено "
            f"тестов из-за нехватки времени: {late}.",
        )
    if 100 * count.killed >= least * count.reached:
        return None
    share = f"{count.killed}/{count.reached}"
    return Message(
        f"Too few mutants are killed, contract and laws together: {share} is less than "
        f"{least} % (--min-kills).",
        f"Убито слишком мало мутантов, контракта и законов вместе: {share} меньше "
        f"{least} % (--min-kills).",
    )


def _require_document(name: str) -> None:
    if not is_there(Path(name)):
        raise UserError(
            Message(f"There is no document {one_line(name)}.", f"Документа {one_line(name)} нет.")
        )


def _recorded(names: Sequence[str]) -> list[Recorded]:
    from pe4king_core.mock.recording.reading import read_recording

    return [each for name in names for each in read_recording(Path(name)).exchanges]


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UserError(
            Message(
                f"{path} cannot be written: {reason}.", f"Не удаётся записать {path}: {reason}."
            )
        ) from error


def _elsewhere(path: Path, root: Path) -> UserError:
    return UserError(
        Message(
            f"{path} does not belong to {root}: tests of one project are proven at a time.",
            f"{path} не относится к {root}: за раз проверяются тесты одного проекта.",
        )
    )
