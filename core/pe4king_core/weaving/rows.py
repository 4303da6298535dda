"""The lines of a text by their numbers, from one on, and the offsets at which they start."""

from __future__ import annotations

import re

_LINE_END = re.compile(r"\r\n|\n|\r")


class Rows:
    """See module."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def line(self, number: int) -> str:
        """The line without its end; empty behind the text."""
        if not 0 < number <= len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[self._starts[number - 1] : end].rstrip("\r\n")

    def start(self, number: int) -> int:
        """Where the line starts; the end of the text behind the last one."""
        return self._starts[number - 1] if number <= len(self._starts) else len(self.text)

    def indent(self, number: int) -> str:
        """The white space that the line begins with."""
        line = self.line(number)
        return line[: len(line) - len(line.lstrip())]

    def above(self, number: int, comment: str) -> int:
        """The start of the lines that begin with `comment` right above the line, or of itself."""
        while number > 1 and self.line(number - 1).lstrip().startswith(comment):
            number -= 1
        return self.start(number)

    def behind(self, number: int, column: int) -> int:
        """The start of the line behind the block that ends with line `number`.

        Comments further in than `column` belong to it.
        """
        last = number
        while number < len(self._starts):
            number += 1
            line = self.line(number).lstrip()
            if line and not (line.startswith("#") and len(self.indent(number)) > column):
                break
            last = number if line else last
        return self.start(last + 1)
