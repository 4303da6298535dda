"""What `pe4king inspect` prints for people: operations, findings, statistics."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set
from typing import TYPE_CHECKING

from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_server.actions.base import counted
from pe4king_server.cli.lines import FilePlaces
from pe4king_server.cli.output import Output, one_line

if TYPE_CHECKING:
    from pe4king_core.openapi.statistics import Statistics

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFORMATION: "dim"}
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_SHOWN_PARTS = 8
_HEADS = (
    Message("line", "строка"),
    Message("method", "метод"),
    Message("path", "путь"),
    Message("operation", "операция"),
    Message("parameters", "параметры"),
    Message("body", "тело"),
    Message("responses", "ответы"),
    Message("findings", "замечания"),
)


def print_report(
    document: ApiDocument,
    statistics: Statistics,
    places: FilePlaces,
    output: Output,
    wanted: Set[Severity],
) -> None:
    """The document as a person reads it; findings of the severities in `wanted`."""
    output.line(one_line(f"{document.title or '-'} {document.version}").rstrip(), "bold")
    kind = "Swagger" if document.specification.startswith("2") else "OpenAPI"
    name = one_line(f"{kind} {document.specification}, {places.file}")
    output.say(
        Message(
            f"{name}, {counted(statistics.lines, 'line')}",
            f"{name}, строк: {_spaced(f'{statistics.lines:,}')}",
        ),
        "dim",
    )
    _print_operations(document, places, output, wanted)
    _print_findings(document, places, output, wanted)
    _print_statistics(statistics, output)


def _print_operations(
    document: ApiDocument, places: FilePlaces, output: Output, wanted: Set[Severity]
) -> None:
    operations = (*document.operations, *document.webhooks)
    output.line()
    if not operations:
        output.say(Message("No operations.", "Операций нет."), "yellow")
        return
    heads = tuple(head.text(output.language) for head in _HEADS)
    output.table([heads, *(_row(each, places, wanted) for each in operations)])


def _row(operation: Operation, places: FilePlaces, wanted: Set[Severity]) -> tuple[str, ...]:
    body = operation.request_body
    found = sum(finding.severity in wanted for finding in operation.findings)
    return (
        str(places.of(operation.name_span.start)[0]),
        operation.method,
        operation.path,
        operation.operation_id or "-",
        str(len(operation.parameters)),
        ", ".join(body.content) if body and body.content else "-",
        " ".join(operation.responses) or "-",
        str(found) if found else "",
    )


def _print_findings(
    document: ApiDocument, places: FilePlaces, output: Output, wanted: Set[Severity]
) -> None:
    counts = Counter(finding.severity for finding in document.findings)
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    notes = counts[Severity.INFORMATION]
    output.line()
    output.say(
        Message(
            f"Findings: {counted(errors, 'error')}, {counted(warnings, 'warning')}, "
            f"{notes:,} for information",
            f"Замечания: ошибок {errors}, предупреждений {warnings}, сведений {notes}",
        ),
        "bold",
    )
    for finding in document.findings:
        if finding.severity in wanted:
            output.line(places.line(finding, output.language), _STYLES[finding.severity])


def _print_statistics(figures: Statistics, output: Output) -> None:
    rows: list[tuple[Message, str]] = [
        (Message("paths", "путей"), f"{figures.paths:,}"),
        (Message("operations", "операций"), _counted(figures.operations, figures.methods)),
        (Message("webhooks", "вебхуков"), f"{figures.webhooks:,}"),
        (Message("callback operations", "операций в callbacks"), f"{figures.callbacks:,}"),
        (Message("parameters", "параметров"), _counted(figures.parameters, figures.parameters_in)),
        (Message("request bodies", "тел запросов"), _named(figures.request_media)),
        (Message("response bodies", "тел ответов"), _named(figures.response_media)),
        (Message("responses", "ответов"), _named(figures.statuses)),
        (Message("named schemas", "именованных схем"), f"{figures.schemas:,}"),
        (Message("references", "ссылок $ref"), f"{figures.references:,}"),
        (Message("links", "связей (links)"), f"{figures.links:,}"),
        (Message("examples", "примеров"), f"{figures.examples:,}"),
        (Message("security schemes", "схем безопасности"), f"{figures.security_schemes:,}"),
        (Message("deprecated operations", "устаревших операций"), f"{figures.deprecated:,}"),
    ]
    output.line()
    output.say(Message("Statistics", "Статистика"), "bold")
    told = [Message(value, _spaced(value)) for _, value in rows]
    names = [name.text(output.language) for name, _ in rows]
    values = [value.text(output.language) for value in told]
    output.table(list(zip(names, values, strict=True)), head=False)


def _spaced(text: str) -> str:
    """`text` with the thousands of its numbers set off as in Russian."""
    return _THOUSANDS.sub("\u00a0", text)


def _counted(total: int, parts: Mapping[str, int]) -> str:
    return f"{total:,} ({_named(parts)})" if parts else f"{total:,}"


def _named(parts: Mapping[str, int]) -> str:
    shown = sorted(parts.items(), key=lambda part: -part[1])[:_SHOWN_PARTS]
    text = ", ".join(f"{name} {count:,}" for name, count in shown)
    return f"{text}, …" if len(parts) > len(shown) else text or "0"
