"""`pe4king inspect FILE`: what is in an OpenAPI document, and what is wrong with it."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pe4king_core.errors import DocumentError, UserError
from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.text import Encoding, LineTable, Span
from pe4king_server.cli.output import Output, shown_path
from pe4king_server.files import DiskFiles, read_document, uri_of
from pe4king_server.neighbours import Neighbours
from pe4king_server.reading.process import ReaderProcess
from pe4king_server.reading.reader import ChildReader
from pe4king_server.remote import RemoteTexts

if TYPE_CHECKING:
    from pe4king_core.openapi.statistics import Statistics

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFORMATION)
_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFORMATION: "dim"}
_NAMES = {
    Severity.ERROR: Message("error", "ошибка"),
    Severity.WARNING: Message("warning", "предупреждение"),
    Severity.INFORMATION: Message("note", "замечание"),
}


def inspect_command(options: argparse.Namespace, output: Output) -> int:
    """Print operations, findings and figures; 1 where the document cannot be used.

    With `--fail-on` also where a finding is at least as severe.
    """
    path = Path(options.document)
    text = ""
    try:
        text = read_document(path)
        document, statistics = _load(path, text, options.allow_host)
    except UserError as error:
        finding = _finding_of(error)
        places = _Places(path, text)
        if options.json:
            _print({"file": places.file, "findings": [places.as_json(finding, output.language)]})
        else:
            output.line(places.line(finding, output.language), "red")
            if error.next_step is not None:
                output.say(error.next_step)
        return 1
    report = _Report(document, statistics, _Places(path, text), output)
    wanted = _ORDER[: _ORDER.index(Severity(options.level)) + 1]
    if options.json:
        report.print_json(wanted)
    else:
        report.print_table(wanted)
    bar = Severity(options.fail_on) if options.fail_on else None
    severe = bar and any(_ORDER.index(f.severity) <= _ORDER.index(bar) for f in document.findings)
    return 1 if severe else 0


def _load(path: Path, text: str, hosts: list[str]) -> tuple[ApiDocument, Statistics]:
    """The document at `path`, read in a child process, and its figures. Raises UserError."""
    from pe4king_core.openapi import load_text
    from pe4king_core.openapi.document_text import DocumentText
    from pe4king_core.openapi.statistics import statistics_of

    files = Neighbours(DiskFiles(path.absolute().parent), RemoteTexts.allowed(hosts))
    process = ReaderProcess()
    try:
        reader = ChildReader(process)
        parts = DocumentText.read(text, reader)
        document = load_text(parts, uri_of(path), files, reader)
        return document, statistics_of(document, parts)
    finally:
        process.close()


def _finding_of(error: UserError) -> Finding:
    span = getattr(error, "span", Span(0, 0)) if isinstance(error, DocumentError) else Span(0, 0)
    return Finding(error.code, Severity.ERROR, error.message, span)


class _Places:
    """Lines and columns (both from 1, columns in characters) in one file."""

    def __init__(self, path: Path, text: str) -> None:
        self.file = shown_path(uri_of(path))
        self._lines = LineTable(text)

    def of(self, offset: int) -> tuple[int, int]:
        """Line and column of `offset`."""
        place = self._lines.position(offset, Encoding.UTF32)
        return place.line + 1, place.column + 1

    def line(self, finding: Finding, language: str) -> str:
        """`file:line:column: severity: text [code]`, as editors and CI systems read it."""
        line, column = self.of(finding.span.start)
        severity = _NAMES[finding.severity].text(language)
        text = finding.message.text(language)
        return f"{self.file}:{line}:{column}: {severity}: {text} [{finding.code}]"

    def as_json(self, finding: Finding, language: str) -> dict[str, Any]:
        """A finding with its range."""
        line, column = self.of(finding.span.start)
        end_line, end_column = self.of(finding.span.end)
        return {
            "code": finding.code,
            "severity": str(finding.severity),
            "message": finding.message.text(language),
            "pointer": finding.pointer,
            "line": line,
            "column": column,
            "endLine": end_line,
            "endColumn": end_column,
        }


class _Report:
    """One document, told in one language."""

    def __init__(
        self, document: ApiDocument, statistics: Statistics, places: _Places, output: Output
    ) -> None:
        self._document = document
        self._statistics = statistics
        self._places = places
        self._output = output

    def print_json(self, wanted: tuple[Severity, ...]) -> None:
        """Everything as one JSON object."""
        document = self._document
        _print(
            {
                "file": self._places.file,
                "specification": document.specification,
                "title": document.title,
                "version": document.version,
                "servers": [server.url for server in document.servers],
                "statistics": asdict(self._statistics),
                "operations": [self._operation(each) for each in document.operations],
                "webhooks": [self._operation(each) for each in document.webhooks],
                "findings": [
                    self._places.as_json(finding, self._output.language)
                    for finding in document.findings
                    if finding.severity in wanted
                ],
            }
        )

    def _operation(self, operation: Operation) -> dict[str, Any]:
        line, column = self._places.of(operation.name_span.start)
        body = operation.request_body
        return {
            "method": operation.method,
            "path": operation.path,
            "operationId": operation.operation_id,
            "pointer": operation.pointer,
            "line": line,
            "column": column,
            "endLine": self._places.of(max(operation.span.end - 1, 0))[0],
            "summary": operation.summary,
            "tags": list(operation.tags),
            "deprecated": operation.deprecated,
            "parameters": [
                {
                    "name": parameter.name,
                    "in": str(parameter.location),
                    "required": parameter.required,
                }
                for parameter in operation.parameters
            ],
            "requestBody": None
            if body is None
            else {"required": body.required, "content": list(body.content)},
            "responses": {key: list(each.content) for key, each in operation.responses.items()},
            "security": [
                [scheme.name for scheme in requirement.schemes]
                for requirement in operation.security
            ],
            "callbacks": [callback.name for callback in operation.callbacks],
            "findings": [finding.code for finding in operation.findings],
        }

    def print_table(self, wanted: tuple[Severity, ...]) -> None:
        """The document as a person reads it."""
        document, output = self._document, self._output
        output.line(f"{document.title or '-'} {document.version}".rstrip(), "bold")
        lines = self._statistics.lines
        output.say(
            Message(
                f"OpenAPI {document.specification}, {self._places.file}, {lines:,} lines",
                f"OpenAPI {document.specification}, {self._places.file}, строк: {lines:,}",
            )
            if not document.specification.startswith("2")
            else Message(
                f"Swagger {document.specification}, {self._places.file}, {lines:,} lines",
                f"Swagger {document.specification}, {self._places.file}, строк: {lines:,}",
            ),
            "dim",
        )
        self._print_operations()
        self._print_findings(wanted)
        self._print_statistics()

    def _print_operations(self) -> None:
        say = self._output.language
        heads = (
            Message("line", "строка"),
            Message("method", "метод"),
            Message("path", "путь"),
            Message("operationId", "operationId"),
            Message("parameters", "параметры"),
            Message("body", "тело"),
            Message("responses", "ответы"),
            Message("findings", "замечания"),
        )
        rows = [tuple(head.text(say) for head in heads)]
        for operation in (*self._document.operations, *self._document.webhooks):
            body = operation.request_body
            found = len(operation.findings)
            rows.append(
                (
                    str(self._places.of(operation.name_span.start)[0]),
                    operation.method,
                    operation.path,
                    operation.operation_id or "-",
                    str(len(operation.parameters)),
                    ", ".join(body.content) if body and body.content else "-",
                    " ".join(operation.responses) or "-",
                    str(found) if found else "",
                )
            )
        self._output.line()
        if len(rows) > 1:
            self._output.table(rows)
        else:
            self._output.say(Message("No operations.", "Операций нет."), "yellow")

    def _print_findings(self, wanted: tuple[Severity, ...]) -> None:
        findings, output = self._document.findings, self._output
        counts = {level: sum(f.severity is level for f in findings) for level in _ORDER}
        output.line()
        output.say(
            Message(
                f"Findings: {counts[Severity.ERROR]} errors, {counts[Severity.WARNING]} warnings, "
                f"{counts[Severity.INFORMATION]} notes",
                f"Находки: ошибок {counts[Severity.ERROR]}, "
                f"предупреждений {counts[Severity.WARNING]}, "
                f"замечаний {counts[Severity.INFORMATION]}",
            ),
            "bold",
        )
        for finding in findings:
            if finding.severity in wanted:
                output.line(self._places.line(finding, output.language), _STYLES[finding.severity])

    def _print_statistics(self) -> None:
        figures, output = self._statistics, self._output
        rows: list[tuple[Message, str]] = [
            (Message("paths", "путей"), f"{figures.paths:,}"),
            (Message("operations", "операций"), _counted(figures.operations, figures.methods)),
            (Message("webhooks", "вебхуков"), f"{figures.webhooks:,}"),
            (Message("callback operations", "операций в callbacks"), f"{figures.callbacks:,}"),
            (
                Message("parameters", "параметров"),
                _counted(figures.parameters, figures.parameters_in),
            ),
            (Message("request bodies", "тел запросов"), _named(figures.request_media)),
            (Message("answers", "ответов"), _named(figures.response_media)),
            (Message("statuses", "статусов"), _named(figures.statuses)),
            (Message("named schemas", "именованных схем"), f"{figures.schemas:,}"),
            (Message("references", "ссылок $ref"), f"{figures.references:,}"),
            (Message("links", "links"), f"{figures.links:,}"),
            (Message("examples", "примеров"), f"{figures.examples:,}"),
            (Message("security schemes", "схем безопасности"), f"{figures.security_schemes:,}"),
            (Message("deprecated operations", "устаревших операций"), f"{figures.deprecated:,}"),
        ]
        output.line()
        output.say(Message("Statistics", "Статистика"), "bold")
        output.table([(name.text(output.language), value) for name, value in rows], head=False)


def _counted(total: int, parts: dict[str, int]) -> str:
    return f"{total:,} ({_named(parts)})" if parts else f"{total:,}"


def _named(parts: dict[str, int]) -> str:
    shown = sorted(parts.items(), key=lambda part: -part[1])[:8]
    text = ", ".join(f"{name} {count:,}" for name, count in shown)
    return f"{text}, …" if len(parts) > len(shown) else text or "0"


def _print(value: dict[str, Any]) -> None:
    import sys

    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
