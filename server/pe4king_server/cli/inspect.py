"""`pe4king inspect FILE`: what is in an OpenAPI document, and what is wrong with it."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from pe4king_core.errors import DocumentError, UserError
from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.text import Span
from pe4king_server.cli.inspect_json import print_json, report, unreadable
from pe4king_server.cli.inspect_place import print_place
from pe4king_server.cli.inspect_table import print_report
from pe4king_server.cli.lines import FilePlaces, as_grave_as
from pe4king_server.cli.output import Output
from pe4king_server.cli.reading import surroundings
from pe4king_server.files import read_document, uri_of
from pe4king_server.neighbours import Neighbours
from pe4king_server.reading.process import ReaderProcess
from pe4king_server.reading.reader import ChildReader
from pe4king_server.remote import RemoteTexts


def inspect_command(options: argparse.Namespace, output: Output) -> int:
    """Print operations, findings and figures, or what stands at one place.

    1 where the document cannot be used; with `--fail-on` also where a finding is as grave.
    """
    path = Path(options.document)
    remote = RemoteTexts.allowed(options.allow_host)
    text = ""
    try:
        text = read_document(path)
        with closing(ReaderProcess()) as process:
            reader = ChildReader(process)
            if options.at or options.pointer is not None:
                return print_place(path, text, reader, options, output)
            return _print_report(
                path, text, Neighbours(surroundings(path), remote), reader, options, output
            )
    except DocumentError as error:
        return _refuse(error, FilePlaces(path, text or _text_before(error)), options, output)
    except UserError as error:
        if not options.json:
            raise
        return _refuse(error, FilePlaces(path, text), options, output)


def _print_report(
    path: Path,
    text: str,
    files: Neighbours,
    reader: ChildReader,
    options: argparse.Namespace,
    output: Output,
) -> int:
    from pe4king_core.openapi import load_text
    from pe4king_core.openapi.parsing.reading import collector_paused
    from pe4king_core.openapi.statistics import statistics_of
    from pe4king_core.openapi.units.document_text import DocumentText

    with collector_paused():
        parts = DocumentText.read(text, reader)
        document = load_text(parts, uri_of(path), files, reader)
        places, statistics = FilePlaces(path, text), statistics_of(document, parts)
        wanted = as_grave_as(Severity(options.level))
        if options.json:
            print_json(report(document, statistics, places, output.language, wanted))
        else:
            print_report(document, statistics, places, output, wanted)
    if options.fail_on is None:
        return 0
    bar = as_grave_as(Severity(options.fail_on))
    return 1 if any(finding.severity in bar for finding in document.findings) else 0


def _refuse(
    error: UserError, places: FilePlaces, options: argparse.Namespace, output: Output
) -> int:
    """Tell why nothing can be told; returns the exit code."""
    span = getattr(error, "span", Span(0, 0))
    finding = Finding(error.code, Severity.ERROR, error.message, span)
    if options.json:
        print_json(unreadable(finding, error.next_step, places, output.language))
        return 1
    output.line(places.line(finding, output.language), "red")
    if error.next_step is not None:
        output.say(error.next_step)
    return 1


def _text_before(error: DocumentError) -> str:
    """The text before the bytes that are none, for their line and column."""
    cause = error.__cause__
    if not isinstance(cause, UnicodeDecodeError):
        return ""
    return cause.object[: cause.start].decode(cause.encoding, "replace")
