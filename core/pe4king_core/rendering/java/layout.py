"""Line breaks of Java expressions as google-java-format makes them: 100 columns, continuation 4.

Works on the flat text of an expression that we built ourselves: calls, chains and literals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pe4king_core.rendering.java.text import at_margin

WIDTH = 100
CONTINUATION = 4
_SHORTEST = 4
"""No piece of a broken literal is shorter."""
_LONGEST_KEPT = 400
"""Longer calls are rare, and seldom the same."""
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')
_PIECE = re.compile(r" *(?:[^ \\]|\\[^n])*(?:\\n)?")
_TOKEN = re.compile(r'"""[\r\n].*?(?<!\\)"""|"(?:[^"\\]|\\.)*"|[()\[\]{},]', re.DOTALL)


def link(code: str, indent: int, reserve: int = 0, width: int = WIDTH) -> str:
    """One call such as `.body("id", notNullValue())`, broken where it does not fit.

    The first line has no indentation of its own but starts at column `indent`; `reserve` is the
    number of characters that follow the last line.
    """
    is_block = "\r" in code
    if not is_block and ("\n" in code or indent + len(code) + reserve <= width):
        return code
    if len(code) <= _LONGEST_KEPT:
        return _kept(code, indent, reserve, width)
    return _broken(code, indent, reserve, width)


def _broken(code: str, indent: int, reserve: int, width: int) -> str:
    is_block = "\r" in code
    if is_block and code.startswith('"""'):
        return at_margin(code, indent)
    if code.startswith('"') and _LITERAL.fullmatch(code):
        return _wrapped(code[1:-1], indent, reserve, width)
    call = _last_call(code)
    if call is None:
        return code
    opening, arguments = call
    inner = indent + CONTINUATION
    pad = "\n" + " " * inner
    together = ", ".join(arguments)
    if not is_block and inner + len(together) + 1 + reserve <= width:
        return f"{code[: opening + 1]}{pad}{together})"
    last = len(arguments) - 1
    lines = [
        link(argument, inner, 1 if index < last else 1 + reserve, width)
        for index, argument in enumerate(arguments)
    ]
    return f"{code[: opening + 1]}{pad}{(',' + pad).join(lines)})"


_kept = lru_cache(maxsize=16_384)(_broken)
"""The tests of one document have many calls in common."""


def _wrapped(text: str, indent: int, reserve: int, width: int) -> str:
    """The literal of `text` broken before spaces, one `+` a line."""
    pieces = [piece for piece in _PIECE.findall(text) if piece]
    room = width - indent - 2
    lines: list[str] = []
    left, start = sum(map(len, pieces)), 0
    while start < len(pieces):
        if left <= room:
            room -= reserve
        line, start = pieces[start], start + 1
        while (
            start < len(pieces)
            and not line.endswith("\\n")
            and (len(line) <= _SHORTEST or len(line) + len(pieces[start]) <= room)
        ):
            line, start = line + pieces[start], start + 1
        left -= len(line)
        lines.append(line)
        if len(lines) == 1:
            room -= CONTINUATION + len("+ ")
    between = f'"\n{" " * (indent + CONTINUATION)}+ "'
    return f'"{between.join(lines)}"'


def chain(head: str, links: Sequence[str], indent: int, reserve: int = 1) -> str:
    """`head` followed by `links`: on one line where it fits, else every link on its own."""
    if indent + len(head) + sum(map(len, links)) + reserve <= WIDTH:
        flat = head + "".join(links)
        if "\n" not in flat and "\r" not in flat:
            return flat
    if not links:
        return link(head, indent, reserve)
    inner = indent + CONTINUATION
    pad = "\n" + " " * inner
    room = WIDTH - inner
    parts = [
        text if len(text) <= room and "\r" not in text else link(text, inner) for text in links[:-1]
    ]
    return pad.join((head, *parts, link(links[-1], inner, reserve)))


def assignment(left: str, head: str, links: Sequence[str], indent: int) -> str:
    """`left = head.link().link();`, with the whole value on a new line where it does not fit."""
    if indent + len(left) + len(head) + sum(map(len, links)) + len(" = ;") <= WIDTH:
        flat = f"{left} = {head}{''.join(links)};"
        if "\n" not in flat and "\r" not in flat:
            return flat
    inner = indent + CONTINUATION
    return f"{left} =\n{' ' * inner}{chain(head, links, inner)};"


def _last_call(code: str) -> tuple[int, list[str]] | None:
    """Where the argument list that ends `code` opens, and the arguments in it."""
    if not code.endswith(")"):
        return None
    opening, depth, start = 0, 0, 0
    arguments: list[str] = []
    for found in _TOKEN.finditer(code):
        mark, position = found[0], found.start()
        if mark in "([{":
            if depth == 0:
                opening, start, arguments = position, position + 1, []
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif mark == "," and depth == 1:
            arguments.append(code[start:position].strip())
            start = position + 1
    last = code[start:-1].strip()
    return (opening, [*arguments, last]) if last else None


def arguments_of(text: str) -> Iterator[str]:
    """The arguments in `text`, which is what stands between the parentheses of a call."""
    depth = start = 0
    for found in _TOKEN.finditer(text):
        mark = found[0]
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif mark == "," and depth == 0:
            yield text[start : found.start()].strip()
            start = found.end()
    yield text[start:].strip()
