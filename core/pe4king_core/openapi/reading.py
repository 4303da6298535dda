"""Text to data: JSON by the standard library, YAML (1.2 core schema) by fastyaml-rs.

The only module that knows a parser. What cannot be read raises `UnreadableError` with its line.
"""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

from pe4king_core.errors import DocumentError
from pe4king_core.model.message import Message
from pe4king_core.model.text import Span
from pe4king_core.openapi.raw import Raw

MAX_CHARACTERS = 100_000_000
"""Twice the largest document seen in the wild."""

MAX_ALIAS_BYTES = 64 * 1024 * 1024
"""How much text YAML aliases may expand to."""

_MAX_DEPTH = 256
_MAX_REPAIRS = 200
_PLACE = re.compile(r" at line (\d+), column (\d+)")
_CLOSING = re.compile(r"[ \t]*[\]}]")


class UnreadableError(DocumentError):
    """The text cannot be read as a document; `span` is the line on which reading stopped."""

    def __init__(self, message: Message, *, code: str, span: Span, next_step: Message) -> None:
        super().__init__(message, next_step=next_step, code=code)
        self.span = span


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keeps the garbage collector off: a load makes many objects and no garbage cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def read(text: str) -> Raw:
    """The data in `text`. Raises UnreadableError."""
    if len(text) > MAX_CHARACTERS:
        raise _unreadable(
            text,
            1,
            "document-too-large",
            Message(
                f"The document has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read.",
                f"В документе {len(text):,} символов; читается не больше {MAX_CHARACTERS:,}.",
            ),
        )
    body = text.removeprefix("\ufeff")
    with collector_paused():
        if body.lstrip()[:1] in ("{", "["):
            return _read_json(text, body)
        return _read_yaml(text, body)


def _read_json(text: str, body: str) -> Raw:
    try:
        return json.loads(body)
    except RecursionError as error:
        raise _too_deep(text, 1) from error
    except ValueError as error:
        # Commented or loosely written JSON is YAML; what is neither is reported as JSON.
        try:
            return _read_yaml(text, body)
        except UnreadableError as as_yaml:
            if as_yaml.code == "document-too-deep":
                raise
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        detail = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise _syntax_error(text, line, "JSON", detail) from error


def _read_yaml(text: str, body: str) -> Raw:
    import fast_yaml

    lines: list[str] | None = None
    for _ in range(_MAX_REPAIRS):
        try:
            return fast_yaml.safe_load(
                body if lines is None else "\n".join(lines),
                max_depth=_MAX_DEPTH,
                max_alias_bytes=MAX_ALIAS_BYTES,
                max_scan_ahead=MAX_CHARACTERS,
            )
        except ValueError as error:
            lines = body.split("\n") if lines is None else lines
            if not _repaired(lines, str(error)):
                raise _yaml_error(text, error) from error
    raise _syntax_error(text, 1, "YAML", "too many badly indented brackets")


def _repaired(lines: list[str], problem: str) -> bool:
    """Indents the closing bracket that the parser complained of.

    YAML wants a flow collection to stay right of its parent key; libyaml and many tools do not.
    """
    place = _PLACE.search(problem)
    if place is None or "indentation" not in problem:
        return False
    number = int(place[1]) - 1
    if number >= len(lines) or not _CLOSING.match(lines[number]):
        return False
    above = lines[number - 1] if number else ""
    width = max(len(above) - len(above.lstrip()), len(lines[number]))
    lines[number] = " " * (width + 1) + lines[number].lstrip()
    return True


def _yaml_error(text: str, error: ValueError) -> UnreadableError:
    problem = str(error).removeprefix("YAML parse error: ").removeprefix("YAML syntax error: ")
    place = _PLACE.search(problem)
    line = int(place[1]) if place else 1
    if ("resource limit" in problem and "nesting" in problem) or "depth" in problem:
        return _too_deep(text, line)
    return _syntax_error(text, line, "YAML", _PLACE.sub("", problem).strip())


def _syntax_error(text: str, line: int, notation: str, detail: str) -> UnreadableError:
    return _unreadable(
        text,
        line,
        "document-syntax",
        Message(
            f"Line {line}: this is not valid {notation} ({detail}).",
            f"Строка {line}: это не {notation} ({detail}).",
        ),
        Message("Correct this line, then try again.", "Исправьте эту строку и повторите."),
    )


def _too_deep(text: str, line: int) -> UnreadableError:
    return _unreadable(
        text,
        line,
        "document-too-deep",
        Message(
            f"Line {line}: the document is nested too deeply to be read safely.",
            f"Строка {line}: вложенность документа слишком велика, читать его небезопасно.",
        ),
    )


def _unreadable(
    text: str, line: int, code: str, message: Message, next_step: Message | None = None
) -> UnreadableError:
    return UnreadableError(
        message,
        code=code,
        span=line_span(text, line),
        next_step=next_step
        or Message("Split the document into smaller files.", "Разбейте документ на файлы меньше."),
    )


def line_span(text: str, line: int) -> Span:
    """The span of the one-based `line` without its line end."""
    start = 0
    for _ in range(line - 1):
        following = text.find("\n", start)
        if following < 0:
            break
        start = following + 1
    end = text.find("\n", start)
    return Span(start, len(text) if end < 0 else end)
