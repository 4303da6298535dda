"""`pe4king generate DOC`: tests for a whole document or some of its operations."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from pe4king_core.errors import DocumentError, UserError
from pe4king_core.model.fact import CaseKind
from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_server.actions.base import ActionContext, counted, plural
from pe4king_server.actions.generate import propose_files
from pe4king_server.cli.lines import FilePlaces
from pe4king_server.cli.output import Output, one_line, shown_path
from pe4king_server.cli.reading import document_store, surroundings
from pe4king_server.disk import write_edits
from pe4king_server.files import DiskFiles, Files, read_document, uri_of
from pe4king_server.models import NoModels
from pe4king_server.settings import Settings, parse_settings

_SHOWN_FINDINGS = 10
_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def generate_command(options: argparse.Namespace, output: Output) -> int:
    """Write the tests and say what was written."""
    path = Path(options.document)
    with document_store(options.allow_host) as store:
        files = DiskFiles(path.absolute().parent)
        text = read_file(path, files)
        document = store.load(uri_of(path), text, surroundings(path))
        places = FilePlaces(path, text)
        _demand_operations(document, places)
        _print_findings(document, places, output)
        context = ActionContext(files, store, _settings(options), NoModels())
        return _write(document, context, options, output)


def _write(
    document: ApiDocument, context: ActionContext, options: argparse.Namespace, output: Output
) -> int:
    kinds = _kinds(options.kinds)
    proposal = propose_files(document, _operations(document, options.operation), context, kinds)
    output.proposal(proposal)
    if options.dry_run:
        for edit in proposal.edits:
            output.diff(edit)
        return 0
    for written in write_edits(proposal.edits):
        output.line(f"  {shown_path(uri_of(written))}")
    operations, title = len(document.operations), one_line(document.title)
    output.say(
        Message(
            f"{counted(operations, 'operation')} in {title}.",
            f"{title}: {plural(operations, 'операция', 'операции', 'операций')}.",
        ),
        "dim",
    )
    return 0


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
            "output": uri_of(Path(options.out)),
            "client": options.client,
            "depth": options.depth,
            "package": options.package,
            "allure": not options.no_allure,
            "maxTestsPerEndpoint": options.max,
        }
    )


def read_file(path: Path, files: Files) -> str:
    """The text of `path`. Raises UserError that says why it cannot be read."""
    text = files.read(uri_of(path))
    return read_document(path) if text is None else text


def _kinds(given: str) -> frozenset[CaseKind]:
    known = {str(kind): kind for kind in (CaseKind.POSITIVE, CaseKind.NEGATIVE)}
    names = [name.strip() for name in given.split(",") if name.strip()]
    wrong = next((name for name in names if name not in known), None)
    if wrong is not None or not names:
        raise UserError(
            Message(
                f"--kinds knows {', '.join(known)}, not {wrong or 'nothing'}.",
                f"--kinds допускает {', '.join(known)}, но не {wrong or 'пустое значение'}.",
            ),
            code="usage",
        )
    return frozenset(known[name] for name in names)


def _operations(document: ApiDocument, wanted: list[str]) -> frozenset[str]:
    keys: set[str] = set()
    for name in wanted:
        operation = document.operation(name)
        if operation is None:
            import difflib

            known = [item.operation_id or item.key for item in document.operations]
            near = difflib.get_close_matches(name, known, n=1)
            raise UserError(
                Message(f"There is no operation {name}.", f"Операции {name} нет."),
                next_step=Message(f"Did you mean {near[0]}?", f"Возможно, {near[0]}?")
                if near
                else None,
                code="operation-missing",
            )
        keys.add(operation.key)
    return frozenset(keys)
