"""Reads the names and values of a `.env` file: no expansion, no commands, only text."""

from __future__ import annotations

import re

_LINE = re.compile(
    r"""[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*
        (?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)'|(?P<bare>.*?))
        [ \t]*(?:(?<=[ \t"'])\#.*)?$""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def read_dotenv(text: str) -> dict[str, str]:
    """The assignments in `text`; lines that are none are skipped, the last one of a name wins."""
    found: dict[str, str] = {}
    for line in re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff")):
        match = _LINE.match(line)
        if match is not None:
            found[match["name"]] = _value(match)
    return found


def _value(match: re.Match[str]) -> str:
    if match["double"] is not None:
        return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), match["double"])
    return match["single"] if match["single"] is not None else match["bare"].strip()
