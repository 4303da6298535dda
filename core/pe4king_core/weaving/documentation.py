"""A docstring or Javadoc made of plain sentences."""

from __future__ import annotations

import re
import textwrap

from pe4king_core.errors import RefusedError
from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.model.text import Edit, Span
from pe4king_core.testcode.syntax import indentation
from pe4king_core.weaving.layout import starts_line
from pe4king_core.weaving.reasons import DAMAGED, DOCUMENTED, ONE_LINE

_WIDTH = 88
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\\": "&#92;", "@": "&#64;"}


def insert_documentation(file: TestFile, test: TestFunction, comment: str) -> tuple[Edit, ...]:
    """Insertions that document `test` with the sentences of `comment`; none for an empty one.

    Blank lines part paragraphs, other lines keep their ends. Raises RefusedError where there is
    documentation already or where it cannot be put in.
    """
    if test.damaged:
        raise RefusedError(DAMAGED)
    if test.documentation is not None:
        raise RefusedError(DOCUMENTED)
    python = file.language is SourceLanguage.PYTHON
    place = test.body_span.start if python else test.span.start
    if not starts_line(file.text, place):
        raise RefusedError(ONE_LINE)
    indent = indentation(file.text, place)
    lines = _wrapped(_printable(comment), _WIDTH - len(indent.expandtabs()) - 3)
    if not lines:
        return ()
    written = _docstring(lines) if python else _javadoc(lines)
    text = "".join(
        f"{indent if number else ''}{line}".rstrip() + file.newline
        for number, line in enumerate(written)
    )
    return (Edit(Span(place, place), text + indent),)


def _printable(text: str) -> str:
    """`text` without characters that do not show, or that change the direction of reading."""
    lines = re.split(r"\r\n|\n|\r", text)
    return "\n".join("".join(c if c.isprintable() else " " for c in line) for line in lines)


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for line in text.strip().split("\n"):
        lead = line[: len(line) - len(line.lstrip())]
        following = lead + ("  " if line.lstrip().startswith(("* ", "- ")) else "")
        lines += textwrap.wrap(
            line.strip(),
            max(width, 30),
            initial_indent=lead,
            subsequent_indent=following,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return lines if any(line.strip() for line in lines) else []


def _docstring(lines: list[str]) -> list[str]:
    safe = [line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') for line in lines]
    if len(safe) == 1:
        last = safe[0]
        return [f'"""{last[:-1]}\\""""' if last.endswith('"') else f'"""{last}"""']
    if safe[0].startswith('"'):
        safe[0] = "\\" + safe[0]
    return [f'"""{safe[0]}', *safe[1:], '"""']


def _javadoc(lines: list[str]) -> list[str]:
    safe = ["".join(_HTML.get(c, c) for c in line).replace("*/", "*&#47;") for line in lines]
    return ["/**", *(f" * {line}".rstrip() for line in safe), " */"]
