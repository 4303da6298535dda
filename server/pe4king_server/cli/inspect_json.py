"""What `pe4king inspect --json` prints; `docs/inspect.md` describes its fields."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Set
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_server.cli.lines import FilePlaces

if TYPE_CHECKING:
    from pe4king_core.openapi.statistics import Statistics


def print_json(value: dict[str, Any]) -> None:
    """`value` in UTF-8, whatever the terminal's encoding; half characters as JSON escapes."""
    parts = json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(value)
    data = "".join((*parts, "\n")).encode("utf-8", "backslashreplace")
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(data.decode("utf-8"))
    else:
        buffer.write(data)
    sys.stdout.flush()


def report(
    document: ApiDocument,
    statistics: Statistics,
    places: FilePlaces,
    language: str,
    wanted: Set[Severity],
) -> dict[str, Any]:
    """Everything that is told of a document; findings of the severities in `wanted`."""
    return {
        "file": places.file,
        "specification": document.specification,
        "title": document.title,
        "version": document.version,
        "servers": [server.url for server in document.servers],
        "statistics": asdict(statistics),
        "operations": [_operation(each, places, wanted) for each in document.operations],
        "webhooks": [_operation(each, places, wanted) for each in document.webhooks],
        "findings": [
            places.as_json(finding, language)
            for finding in document.findings
            if finding.severity in wanted
        ],
    }


def unreadable(
    finding: Finding, next_step: Message | None, places: FilePlaces, language: str
) -> dict[str, Any]:
    """The same fields for a file that cannot be used, and what to do about it."""
    return {
        "file": places.file,
        "specification": None,
        "title": None,
        "version": None,
        "servers": [],
        "statistics": None,
        "operations": [],
        "webhooks": [],
        "findings": [places.as_json(finding, language)],
        "nextStep": None if next_step is None else next_step.text(language),
    }


def _operation(operation: Operation, places: FilePlaces, wanted: Set[Severity]) -> dict[str, Any]:
    line, column = places.of(operation.name_span.start)
    end_line, end_column = places.of(max(operation.span.end, operation.name_span.end))
    body = operation.request_body
    return {
        "method": operation.method,
        "path": operation.path,
        "operationId": operation.operation_id,
        "pointer": operation.pointer,
        "line": line,
        "column": column,
        "endLine": end_line,
        "endColumn": end_column,
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
            {
                scheme.name: list(requirement.scopes.get(scheme.name, ()))
                for scheme in requirement.schemes
            }
            for requirement in operation.security
        ],
        "callbacks": [callback.name for callback in operation.callbacks],
        "findings": dict(
            Counter(each.code for each in operation.findings if each.severity in wanted)
        ),
    }
