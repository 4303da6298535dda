"""`pe4king generate DOC`: tests for a whole document or some of its operations."""

from __future__ import annotations

import argparse
from pathlib import Path

from pe4king_core.errors import UserError
from pe4king_core.model.fact import CaseKind
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_server.actions.base import ActionContext, counted, plural
from pe4king_server.actions.generate import propose_files
from pe4king_server.cli.output import Output, shown_path
from pe4king_server.disk import write_edits
from pe4king_server.documents import DocumentStore
from pe4king_server.files import DiskFiles, Files, read_document, uri_of
from pe4king_server.models import NoModels
from pe4king_server.remote import RemoteTexts
from pe4king_server.settings import parse_settings


def generate_command(options: argparse.Namespace, output: Output) -> int:
    """Write the tests and say what was written."""
    path = Path(options.document)
    document, context = open_document(path, options)
    for finding in document.findings:
        output.say(finding.message, "yellow")
    kinds = _kinds(options.kinds)
    proposal = propose_files(document, _operations(document, options.operation), context, kinds)
    output.proposal(proposal)
    if options.dry_run:
        for edit in proposal.edits:
            output.diff(edit)
        return 0
    for written in write_edits(proposal.edits):
        output.line(f"  {shown_path(uri_of(written))}")
    operations = len(document.operations)
    output.say(
        Message(
            f"{counted(operations, 'operation')} in {document.title}.",
            f"{document.title}: {plural(operations, 'операция', 'операции', 'операций')}.",
        ),
        "dim",
    )
    return 0


def open_document(path: Path, options: argparse.Namespace) -> tuple[ApiDocument, ActionContext]:
    """The document at `path` and a context whose workspace is its folder."""
    files = DiskFiles(path.absolute().parent)
    text = read_file(path, files)
    settings = parse_settings(
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
    store = DocumentStore(RemoteTexts.allowed())
    document = store.load(uri_of(path), text, files)
    return document, ActionContext(files, store, settings, NoModels())


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
