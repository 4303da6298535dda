"""Texts built with `%` and `str.format`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pe4king_core.testcode.python.requests import Argument
from pe4king_core.testcode.routes import joined, template_of
from pe4king_core.testcode.values import Hole, Value, plain

_PERCENT = re.compile(r"%(?:\((\w+)\))?[-+ #0]*[\d*]*(?:\.\d+)?([sdifrx%])")
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}:!]*)(?:![rsa])?(?::[^{}]*)?\}")


def percent(text: str, arguments: Sequence[tuple[str | Hole, ...]]) -> Value:
    """`text % arguments`, each argument as the parts of its text."""
    left = list(arguments)
    parts: list[str | Hole] = []
    position = 0
    for match in _PERCENT.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        if match.group(2) == "%":
            parts.append("%")
        elif match.group(1) or not left:
            parts.append(Hole(match.group(1) or ""))
        else:
            parts += left.pop(0)
    return joined((*parts, text[position:]))


def formatted(text: str, arguments: Sequence[Argument], named: Mapping[str, Argument]) -> Value:
    """`text.format(*arguments, **named)`."""
    parts: list[str | Hole] = []
    position = index = 0
    for match in _BRACES.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        field = match.group(1)
        at = int(field) if field and field.isdecimal() and len(field) < 4 else index
        if field is None:
            parts.append(match.group()[0])
        elif field in named:
            parts += template_of(plain(named[field].value), field)
        elif (not field or field.isdecimal()) and at < len(arguments):
            index += 1
            parts += template_of(plain(arguments[at].value), arguments[at].name)
        else:
            parts.append(Hole(field))
    return joined((*parts, text[position:]))
