"""`pe4king generate DOC`: tests for a whole document or some of its operations."""

from __future__ import annotations

import argparse
import shlex
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from pe4king_core.errors import DocumentError
from pe4king_core.generation import selected_operations
from pe4king_core.model.case import TestPlan
from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi.parsing.reading import collector_paused
from pe4king_server.actions.base import ActionContext, counted, plural
from pe4king_server.actions.generate import Generated, generated, plan_of
from pe4king_server.cli.generate_proof import with_evidence
from pe4king_server.cli.generated import list_cases, summarise, tell_check, tell_dry
from pe4king_server.cli.lines import FilePlaces
from pe4king_server.cli.output import Output, one_line
from pe4king_server.cli.reading import document_store, surroundings
from pe4king_server.cli.selection import (
    chosen_kinds,
    chosen_operations,
    chosen_tags,
    demand_some,
)
from pe4king_server.disk import write_edits
from pe4king_server.documents import DocumentStore
from pe4king_server.files import Files, read_document, uri_of, workspace_of
from pe4king_server.generating.helpers import Helpers
from pe4king_server.models import NoModels
from pe4king_server.nearby import NearbyFiles
from pe4king_server.proving.around import Around
from pe4king_server.settings import DEFAULT_OUTPUT, Settings, parse_settings

if TYPE_CHECKING:
    from pe4king_core.openapi.units.document_text import DocumentText

_SHOWN_FINDINGS = 10
_LARGE = 500_000
"""Characters of a document that most likely has many operations."""
_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def generate_command(options: argparse.Namespace, output: Output) -> int:
    """Write the tests and say what was written."""
    options.untouched = True  # what an interruption says
    path = Path(options.document)
    kinds = chosen_kinds(options.kinds)
    settings = _settings(options)
    helpers = Helpers()
    with collector_paused(), closing(helpers), document_store(options.allow_host) as store:
        files = _files(path, options.out)
        document, text = _loaded(path, files, store, helpers)
        context = ActionContext(
            files,
            store,
            settings,
            NoModels(),
            output.language,
            helpers=helpers,
            around=Around.here(files, settings),
        )
        plan = plan_of(
            context,
            chosen_operations(document, options.operation),
            kinds=kinds,
            tags=chosen_tags(document, options.tag),
            paths=tuple(options.path),
        )
        if not (plan.operations or plan.tags or plan.paths):
            helpers.prepare(document, text)
        demand_some(selected_operations(document, plan), document, options.path)
        store.rest()
        code = _write(document, plan, context, options, output)
        # The full check takes its time: nobody should have to wait for it before the tests.
        if not options.list:
            _print_findings(document, FilePlaces(path, text.text), output)
        return code


def _loaded(
    path: Path, files: Files, store: DocumentStore, helpers: Helpers
) -> tuple[ApiDocument, DocumentText]:
    """The document at `path` with its text, which is not kept beside it.

    Raises DocumentError that says where, also if no operation is left of what is broken.
    """
    text = read_file(path, files)
    if len(text) > _LARGE:
        helpers.start()
    places = FilePlaces(path, text)
    try:
        document = store.load(uri_of(path), text, surroundings(path))
    except DocumentError as error:
        raise places.placed(error) from error
    _demand_operations(document, places)
    read = store.text_of(document)
    assert read is not None  # noqa: S101 - it was read just now
    return document, read


def _write(
    document: ApiDocument,
    plan: TestPlan,
    context: ActionContext,
    options: argparse.Namespace,
    output: Output,
) -> int:
    started = time.perf_counter()
    title = Message("Writing tests", "Создание тестов").text(output.language)
    with output.progress(title) as bar:
        exact = options.list or options.check
        folder = uri_of(Path(DEFAULT_OUTPUT))
        made = generated(document, plan, context, done=bar, exact=exact, folder=folder)
    if options.list:
        list_cases(made, output)
        return 0
    if options.check:
        return tell_check(made, output)
    if options.dry_run:
        tell_dry(made, output)
        return 0
    made = with_evidence(made, document, context, output, run=not options.no_run)
    options.untouched = False
    write_edits(made.proposal.edits)
    _tell(made, document, plan, context, options, output, time.perf_counter() - started)
    return 0


def _tell(
    made: Generated,
    document: ApiDocument,
    plan: TestPlan,
    context: ActionContext,
    options: argparse.Namespace,
    output: Output,
    seconds: float,
) -> None:
    summarise(made, document, plan, context, output, verbose=options.verbose)
    operations, title = len(selected_operations(document, plan)), one_line(document.title)
    output.say(
        Message(
            f"{counted(operations, 'operation')} of {title} in {seconds:.1f} s.",
            f"{title}: {plural(operations, 'операция', 'операции', 'операций')} "
            f"за {seconds:.1f} с.",
        ),
        "dim",
    )


def _files(path: Path, out: str) -> Files:
    """The project that the tests go to, else the folders of the document and of the tests."""
    current = Path.cwd()
    target = (current / (out or DEFAULT_OUTPUT)).absolute()
    project = workspace_of(target / "x", current)
    return NearbyFiles(project, [path.absolute().parent, target])


def _demand_operations(document: ApiDocument, places: FilePlaces) -> None:
    """Raises DocumentError where no operation is left because of what is broken."""
    if document.entries:
        return
    for finding in document.findings:
        if finding.severity is Severity.ERROR:
            told = Message(places.line(finding, "en"), places.line(finding, "ru"))
            raise DocumentError(told, code=finding.code)


def _print_findings(document: ApiDocument, places: FilePlaces, output: Output) -> None:
    """The gravest findings, and how to see the others."""
    findings = document.findings
    grave = [finding for finding in findings if finding.severity in _STYLES]
    grave.sort(key=lambda finding: list(_STYLES).index(finding.severity))
    shown = grave[:_SHOWN_FINDINGS]
    for finding in shown:
        output.line(places.line(finding, output.language), _STYLES[finding.severity])
    hidden = len(findings) - len(shown)
    if hidden:
        command = f"pe4king inspect {shlex.quote(places.file)}"
        count = plural(hidden, "замечание", "замечания", "замечаний")
        output.say(
            Message(
                f"{counted(hidden, 'more finding' if shown else 'finding')}: {command}",
                f"{'Ещё' if shown else 'Есть'} {count}: {command}",
            ),
            "dim",
        )


def _settings(options: argparse.Namespace) -> Settings:
    return parse_settings(
        {
            "format": options.format,
            "output": uri_of(Path(options.out)) if options.out else "",
            "client": options.client,
            "classes": options.classes,
            "depth": options.depth,
            "package": options.package,
            "allure": not options.no_allure,
            "feature": options.feature,
            "owner": options.owner,
            "severity": options.severity,
            "behavioural": not options.no_behaviour,
            "seed": options.seed,
            "maxTestsPerEndpoint": options.max,
            "ownTests": not options.no_own,
        }
    )


def read_file(path: Path, files: Files) -> str:
    """The text of `path`. Raises UserError that says why it cannot be read."""
    text = files.read(uri_of(path))
    return read_document(path) if text is None else text
