"""Places in one file as people and programs read them: `file:line:column`, counted from 1."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pe4king_core.errors import DocumentError
from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.message import Message
from pe4king_core.model.text import Encoding, LineTable, Position, Span
from pe4king_server.cli.output import one_line, shown_path
from pe4king_server.files import uri_of

_STATED_PLACE = re.compile(r"\A(?:Line|Строка) \d+(?:, (?:column|столбец) \d+)?: ")

SEVERITIES = {
    Severity.ERROR: Message("error", "ошибка"),
    Severity.WARNING: Message("warning", "предупреждение"),
    Severity.INFORMATION: Message("information", "сведение"),
}
"""What severities are called, the gravest first."""


def as_grave_as(severity: Severity) -> frozenset[Severity]:
    """`severity` and all that are graver."""
    order = list(SEVERITIES)
    return frozenset(order[: order.index(severity) + 1])


class FilePlaces:
    """Lines and columns in one file; columns are characters."""

    def __init__(self, path: Path, text: str) -> None:
        self.file = shown_path(uri_of(path))
        self._lines = LineTable(text)

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def of(self, offset: int) -> tuple[int, int]:
        """Line and column of `offset`."""
        place = self._lines.position(offset, Encoding.UTF32)
        return place.line + 1, place.column + 1

    def offset(self, line: int, column: int) -> int:
        """The offset at `line` and `column`; past the end of the line it is that end."""
        return self._lines.offset(Position(line - 1, column - 1), Encoding.UTF32)

    def line_span(self, line: int) -> Span:
        """The span of `line`."""
        return self._lines.line_span(line - 1)

    def named(self, offset: int) -> str:
        """`file:line:column` of `offset`."""
        line, column = self.of(offset)
        return f"{self.file}:{line}:{column}"

    def line(self, finding: Finding, language: str) -> str:
        """`file:line:column: severity: text [code]`, as editors and CI systems read it."""
        severity = SEVERITIES[finding.severity].text(language)
        text = _STATED_PLACE.sub("", one_line(finding.message.text(language)))
        return f"{one_line(self.named(finding.span.start))}: {severity}: {text} [{finding.code}]"

    def placed(self, error: DocumentError) -> DocumentError:
        """`error` with the name of the file before its text."""
        told = Message(
            f"{one_line(self.file)}: {error.message.en}",
            f"{one_line(self.file)}: {error.message.ru}",
        )
        return DocumentError(told, next_step=error.next_step, code=error.code)

    def as_range(self, span: Span) -> dict[str, Any]:
        """`span` for programs; the end is the place after its last character."""
        line, column = self.of(span.start)
        end_line, end_column = self.of(span.end)
        return {"line": line, "column": column, "endLine": end_line, "endColumn": end_column}

    def as_json(self, finding: Finding, language: str) -> dict[str, Any]:
        """A finding with its range."""
        return {
            "code": finding.code,
            "severity": str(finding.severity),
            "message": finding.message.text(language),
            "pointer": finding.pointer,
            **self.as_range(finding.span),
        }
