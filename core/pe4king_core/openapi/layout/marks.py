"""What every reader of keys shares: the `Key`, and white space, lines and quotes around it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from pe4king_core.model.text import Span


@dataclass(frozen=True, slots=True)
class Key:
    """One member: a mapping's key, or a sequence's item with its number as the name.

    `span` is the key with its quotes; of an item the whole scalar, the first line of a block
    collection or the bracket of a flow collection. `value` is where the value is looked for: from
    the colon or the dash to the next member, or `exact`ly the value (in flow collections, JSON).
    `region` is what an editor would fold: from the member's line to the line before the next
    member of the same or an outer level, without trailing blank lines and comments.
    """

    name: str
    span: Span
    value: Span
    region: Span
    exact: bool = False


MAX_DEPTH = 300
"""Deeper collections are not looked into; documents nested deeper than 256 are not read."""

_LONGEST_INDENT = 200
_SPACE = re.compile(r"[ \t\r\n]*+")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[ \t]*\r?\n[ \t]*|(.))", re.DOTALL
)
_FOLD = re.compile(r"[ \t]*\r?\n[ \t\r\n]*")
_NAMED = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def has_lone_returns(text: str) -> bool:
    """Whether a line ends in a carriage return alone."""
    return "\r" in text and _LONE_RETURN.search(text) is not None


def with_line_feeds(text: str) -> str:
    """`text` of the same length in which a lone carriage return is a line feed."""
    return _LONE_RETURN.sub("\n", text) if "\r" in text else text


def skip_space(text: str, position: int) -> int:
    """The first place from `position` on that is no white space."""
    match = _SPACE.match(text, position)
    return match.end() if match else position


def line_start(text: str, position: int) -> int:
    """The start of the line on which `position` stands, after a byte order mark."""
    start = text.rfind("\n", 0, position) + 1
    return 1 if start == 0 and position and text.startswith("\ufeff") else start


def entry_start(text: str, position: int) -> int:
    """The start of the line where only white space stands before `position`, else `position`."""
    before = max(position - _LONGEST_INDENT, 0)
    line = text.rfind("\n", before, position) + 1
    if line == 0 and before > 0:
        return position
    return line if not text[line:position].strip("\ufeff \t") else position


def entry_end(text: str, position: int) -> int:
    """The start of the next line where only a comma follows `position`, else `position`."""
    line = text.find("\n", position, position + _LONGEST_INDENT)
    if line < 0 or text[position:line].strip() not in ("", ","):
        return position
    return line + 1


def unquoted(key: str) -> str:
    """The text that a key means."""
    if key.startswith('"'):
        try:
            return str(json.loads(key))
        except ValueError:
            body = key[1:-1] if len(key) > 1 and key.endswith('"') else key[1:]
            return _ESCAPE.sub(_escaped, _folded(body, escapes=True))
    if key.startswith("'"):
        return _folded(key[1:-1]).replace("''", "'")
    return _folded(key)


def _folded(body: str, *, escapes: bool = False) -> str:
    """Line breaks of a scalar of several lines as YAML reads them, except escaped ones."""
    if "\n" not in body:
        return body
    parts: list[str] = []
    position = 0
    for match in _FOLD.finditer(body):
        if escapes and body.endswith("\\", 0, match.start()):
            continue
        parts += (body[position : match.start()], "\n" * (match[0].count("\n") - 1) or " ")
        position = match.end()
    return "".join((*parts, body[position:]))


def _escaped(match: re.Match[str]) -> str:
    number = match[1] or match[2] or match[3]
    if number:
        code = int(number, 16)
        return chr(code) if code <= 0x10FFFF else match[0]
    letter = match[4]
    return "" if letter is None else _NAMED.get(letter, letter)
