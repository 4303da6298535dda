"""Where test methods begin and end in Java code that does not parse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pe4king_core.model.text import Span
from pe4king_core.testcode.syntax import line_start

_HEAD = re.compile(
    r"@(?:\w+\.)*(?:Test|ParameterizedTest|RepeatedTest|TestTemplate|Theory)\b(?!\w)"
    r"[^;{}]*?\b(?:void|[A-Z]\w*)\s+(?P<name>[^\W\d][\w$]*)\s*\([^;{}]*?\)[^;{}()]*\{",
)
_CLASS = re.compile(r"\b(?:class|record)\s+([^\W\d]\w*)[^;{}()]*\{")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n\r])*"?|\'(?:\\.|[^\'\\\n\r])*\'?'
    r"|//[^\n\r]*|/\*.*?(?:\*/|\Z)|[{}]",
    re.DOTALL,
)
_STRAY = re.compile(
    r"(?:\s|//[^\n\r]*|/\*.*?\*/)*"
    r"(?:[^\s\w@/}]|[a-z]\w*\s*[.(=]|(?:if|for|while|return|try|assert|throw|new)\b)",
    re.DOTALL,
)
"""What cannot stand between two methods: the rest of a body that was closed too early."""
_DOCUMENT = re.compile(r"/\*\*(?:[^*]|\*(?!/))*\*/\s*\Z")
_ANNOTATION = re.compile(r"@(?:\w+\.)*\w+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?\s*\Z")


@dataclass(frozen=True, slots=True)
class Bound:
    """One test method; `open` where its end could only be guessed."""

    span: Span
    name: Span
    head_end: int
    classes: tuple[str, ...]
    open: bool


def bounds(text: str) -> Iterator[Bound]:
    """Every test method of `text`, told by annotation and braces."""
    heads = list(_HEAD.finditer(text))
    declared = list(_CLASS.finditer(text))
    starts = [_start(text, head.start()) for head in heads]
    for index, (head, start) in enumerate(zip(heads, starts, strict=True)):
        limit = starts[index + 1] if index + 1 < len(starts) else len(text)
        closing = _closing(text, head.end(), limit)
        is_open = closing is None or _STRAY.match(text, closing, limit) is not None
        end = len(text[:limit].rstrip()) if closing is None else closing
        name = Span(head.start("name"), head.end("name"))
        span = Span(start, max(end, head.end()))
        yield Bound(span, name, head.end(), _classes(text, declared, start), is_open)


def _start(text: str, start: int) -> int:
    """With the annotations and the documentation comment above."""
    window = max(0, start - 4000)
    while True:
        above = text[window:start]
        found = _ANNOTATION.search(above[-600:])
        if found is not None:
            start -= len(above[-600:]) - found.start()
            continue
        comment = _DOCUMENT.search(above)
        return window + comment.start() if comment else start


def _closing(text: str, position: int, limit: int) -> int | None:
    """The offset behind the brace that closes the body which begins at `position`."""
    depth = 1
    for token in _TOKEN.finditer(text, position, limit):
        if token[0] == "{":
            depth += 1
        elif token[0] == "}":
            depth -= 1
            if depth == 0:
                return token.end()
    return None


def _classes(text: str, declared: list[re.Match[str]], position: int) -> tuple[str, ...]:
    """Those of the `declared` classes that are around `position`, by indentation of heads."""
    found: list[tuple[int, str]] = []
    for match in declared:
        if match.start() >= position:
            break
        line = line_start(text, match.start())
        front = text[line : match.start()]
        indent = len(front) - len(front.lstrip())
        found = [each for each in found if each[0] < indent]
        found.append((indent, match.group(1)))
    return tuple(name for _, name in found)
