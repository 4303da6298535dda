"""How inserted Java is laid out: the file's indentation, continuation, line width and tabs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pe4king_core.model.source import TestFile, TestFunction
from pe4king_core.rendering.java.layout import WIDTH, link
from pe4king_core.testcode.syntax import indentation
from pe4king_core.weaving.layout import indent_unit

_WIDE = 120
_TAB = 4
_NEIGHBOURS = 40
"""So many tests of a file are asked for its habits."""


@dataclass(frozen=True, slots=True)
class JavaLayout:
    """The habits of one file."""

    newline: str
    unit: str
    continuation: str
    """What a continued line has in front of it more than the statement's first line."""
    width: int
    trailing: bool = False
    """Dots stand at the ends of lines."""

    def links(self, indent: str, links: Sequence[str]) -> str:
        """Each link on a line of its own behind `indent`."""
        if self.trailing:
            lines = (self.line(indent, each.removeprefix("."), 2) for each in links)
            return "".join(f".{self.newline}{line}" for line in lines)
        return "".join(self.newline + self.line(indent, each) for each in links)

    def line(self, indent: str, code: str, reserve: int = 1) -> str:
        """`code` behind `indent`, its arguments broken where it is longer than a line."""
        column = columns(indent)
        first, *rest = link(code, column, reserve, self.width).split("\n")
        return self.newline.join((indent + first, *(self._moved(indent, x, column) for x in rest)))

    def _moved(self, indent: str, line: str, column: int) -> str:
        """A continued line, whose own step is four columns, in the file's steps."""
        text = line.lstrip(" ")
        steps = (len(line) - len(text) - column) // 4
        return indent + self.continuation * steps + text

    def statement(self, indent: str, code: str) -> str:
        """One statement without its `;`, a fluent one broken at its dots where it is too long."""
        parts = list(segments(code))
        if columns(indent) + len(code) < self.width or len(parts) < 2:
            return self.line(indent, code) + ";"
        return indent + parts[0] + self.links(indent + self.continuation, parts[1:]) + ";"


def layout_of(file: TestFile, test: TestFunction) -> JavaLayout:
    """The habits of `file`, those of `test` before those of others."""
    unit = indent_unit(file, test)
    others = file.tests[:_NEIGHBOURS]
    continuation = _continuation(file, [test]) or _continuation(file, others) or 2 * unit
    trailing = has_trailing_dots(file.text)
    return JavaLayout(file.newline, unit, continuation, _width(file.text), trailing)


def has_trailing_dots(text: str) -> bool:
    """Whether more lines end with the dot of the next link than begin with their own."""
    ends = len(re.findall(r"\)[ \t]*\.[ \t]*\r?$", text, re.MULTILINE))
    return ends > len(re.findall(r"^[ \t]*\.[ \t]*\w", text, re.MULTILINE))


def columns(code: str) -> int:
    """How wide a line is, a tab as four."""
    return len(code.expandtabs(_TAB))


def segments(code: str) -> Iterator[str]:
    """`assertThat(x).isEqualTo(y)` as `assertThat(x)` and `.isEqualTo(y)`."""
    depth = start = 0
    quoted = escaped = False
    for index, character in enumerate(code):
        if escaped:
            escaped = False
        elif quoted:
            escaped = character == "\\"
            quoted = character != '"'
        elif character == '"':
            quoted = True
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "." and depth == 0 and code[index - 1 : index] == ")":
            yield code[start:index]
            start = index
    yield code[start:]


def _continuation(file: TestFile, tests: Sequence[TestFunction]) -> str:
    """The step that most chains in `tests` make from their statement to their links."""
    counted: Counter[str] = Counter()
    for test in tests:
        for call in test.calls:
            if not test.span.contains(call.statement.start):
                continue
            outer = indentation(file.text, call.statement.start)
            step = call.chain_indent.removeprefix(outer)
            if step and call.chain_indent.startswith(outer):
                counted[step] += 1
    return counted.most_common(1)[0][0] if counted else ""


def _width(text: str) -> int:
    """120 where the file has several lines beyond 100 columns, none of them far beyond 120."""
    long = [len(line) for line in text.splitlines() if len(line.expandtabs(_TAB)) > WIDTH]
    return _WIDE if len(long) > 1 else WIDTH
