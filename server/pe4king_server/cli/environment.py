"""`pe4king status [FILE]`: which document and which environment the tests have."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from pe4king_core.model.message import Message
from pe4king_server.cli.inspect_json import print_json
from pe4king_server.cli.output import Output, one_line, shown_path
from pe4king_server.cli.reading import document_store
from pe4king_server.environment.probes import Probe, probe
from pe4king_server.files import DiskFiles, read_document, uri_of, workspace_of
from pe4king_server.settings import parse_settings
from pe4king_server.sources.store import SourceStore
from pe4king_server.status import as_json, remarks, rows, status_of


def status_command(options: argparse.Namespace, output: Output) -> int:
    """Print what was found; 0 even where something is missing, which is said."""
    path = Path(options.file or ".")
    if not path.is_dir():
        read_document(path)  # raises where it is not there
    settings = parse_settings(
        {
            "document": [uri_of(Path(options.spec))] if options.spec else [],
            "baseUrl": options.base_url,
        }
    )
    here = path.absolute()
    folder = here if path.is_dir() else here.parent
    files = DiskFiles(workspace_of(folder / "_", Path.cwd()))
    with document_store(options.allow_host) as store:
        status = status_of(
            uri_of(here), files, store, SourceStore(), settings, os.environ, Path.home()
        )
    probes = probe(status.environment) if options.versions else ()
    if options.json:
        told = as_json(status, output.language)
        if options.versions:
            told["versions"] = [_as_json(each, output.language) for each in probes]
        print_json(told)
        return 0
    language = output.language
    table = [
        (row.what.text(language), row.value.text(language), row.origin.text(language))
        for row in rows(status, shown_path)
    ]
    output.table(table, head=False)
    for each in probes:
        output.line(f"  {each.program}: {_told(each).text(language)}")
    for message in remarks(status):
        output.line(one_line(message.text(language)), "yellow")
    return 0


def _told(answer: Probe) -> Message:
    return answer.problem or Message(one_line(answer.answer), one_line(answer.answer))


def _as_json(answer: Probe, language: str) -> dict[str, object]:
    problem = None if answer.problem is None else answer.problem.text(language)
    return {
        "program": str(answer.program),
        "answer": answer.answer or None,
        "problem": problem,
    }
