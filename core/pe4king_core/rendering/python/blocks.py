"""Blocks of rendered lines: what stands under one condition stands together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pe4king_core.rendering.python.fit import fitted
from pe4king_core.rendering.python.text import WIDTH, columns

_STEP = 4
_PRESENT = re.compile(r"if (?P<key>.+) in (?P<parent>[^ ]+):")


def together(lines: Sequence[str]) -> list[str]:
    """`lines` with neighbouring `if` blocks joined that ask for the same value.

    One asks whether it is there, the next whether it is not None: the same, where the first
    goes on to assert its type.
    """
    result = list(lines)
    index = 0
    while index < len(result):
        end = _end(result, index, _depth(result[index])) if _header(result, index)[0] else index
        if end > index and end < len(result) and _asks_again(result, index, end):
            body = _header(result, end)[1]
            result[end:body] = []
        else:
            index += 1
    return result


def _asks_again(lines: Sequence[str], index: int, second: int) -> bool:
    """Whether the block at `second` has the condition of the one before, at `index`."""
    if _depth(lines[index]) != _depth(lines[second]) or not _header(lines, second)[0]:
        return False
    first, again = lines[index].strip(), lines[second].strip()
    if first == again:
        return first != "if ("
    there = _PRESENT.fullmatch(first)
    if there is None:
        return False
    key, parent = there.group("key", "parent")
    typed = f"assert isinstance({parent}[{key}], "
    asserted = lines[index + 1].strip().startswith(typed)
    return asserted and again == f"if {parent}.get({key}) is not None:"


def joined(lines: Sequence[str], indent: int) -> list[str]:
    """`lines` with such pairs joined by `and`; `indent` is where the lines will stand."""
    result = list(lines)
    index = 0
    while index < len(result) - 1:
        if not _join_at(result, index, indent):
            index += 1
    return result


def broken(lines: Sequence[str], indent: int) -> list[str]:
    """`lines` with statements that are too wide broken as a formatter would; those that stand
    over several lines already stay."""
    result: list[str] = []
    opened = -1
    for line in lines:
        if opened >= 0:
            closes = line.strip().startswith((")", "]", "}")) and _depth(line) == opened
            opened = -1 if closes else opened
            result.append(line)
        elif line.endswith(("(", "[", "{")):
            opened = _depth(line)
            result.append(line)
        elif indent + columns(line) > WIDTH:
            pad = " " * _depth(line)
            result += [pad + part for part in fitted(line.strip(), indent + len(pad))]
        else:
            result.append(line)
    return result


def _join_at(lines: list[str], index: int, indent: int) -> bool:
    depth = _depth(lines[index])
    conditions, body = _header(lines, index)
    if not conditions or body >= len(lines):
        return False
    inner, inner_body = _header(lines, body)
    if not inner or _depth(lines[body]) != depth + _STEP:
        return False
    end = _end(lines, body, depth + _STEP)
    if _end(lines, body, depth) != end:
        return False
    if any(indent + depth + 8 + columns(part) > WIDTH for part in (*conditions, *inner)):
        return False
    lines[index:end] = [
        *_written([*conditions, *inner], depth, indent),
        *(line[_STEP:] if line.strip() else line for line in lines[inner_body:end]),
    ]
    return True


def _header(lines: Sequence[str], index: int) -> tuple[list[str], int]:
    """The conditions of the `if` at `index`, and where its body starts; none for other lines."""
    line = lines[index].strip()
    if line.startswith("if ") and line.endswith(":") and line != "if (":
        return [line[3:-1]], index + 1
    if line != "if (":
        return [], index
    closing = index + 1
    while lines[closing].strip() != "):":
        closing += 1
    parts = [part.strip().removeprefix("and ") for part in lines[index + 1 : closing]]
    return parts, closing + 1


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _end(lines: Sequence[str], start: int, depth: int) -> int:
    """The line behind the block whose header, at `start` or above, stands at `depth`."""
    index = _header(lines, start)[1]
    while index < len(lines) and (not lines[index].strip() or _depth(lines[index]) > depth):
        index += 1
    return index


def _written(conditions: Sequence[str], depth: int, indent: int) -> list[str]:
    pad = " " * depth
    flat = f"{pad}if {' and '.join(conditions)}:"
    if indent + columns(flat) <= WIDTH:
        return [flat]
    first, *rest = conditions
    inner = " " * (depth + _STEP)
    return [f"{pad}if (", f"{inner}{first}", *(f"{inner}and {c}" for c in rest), f"{pad}):"]
