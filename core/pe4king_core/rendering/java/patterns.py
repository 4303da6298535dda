"""ECMA-262 patterns as Java regular expressions for a full match.

`matchesPattern` and `==~` match the whole text, a JSON Schema pattern is found anywhere in it,
so anchors are dropped and open ends are filled up. Constructs that Java reads differently are
translated; what has no exact counterpart gives None. One difference is accepted for the sake of
readable code: Java's `.` does not match U+0085.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

_ANYTHING = "(?s:.*)"
_SPACE = r"\s\p{Z}\ufeff"
_BOUNDARY = {
    "b": r"(?:(?<=\w)(?!\w)|(?<!\w)(?=\w))",
    "B": r"(?:(?<=\w)(?=\w)|(?<!\w)(?!\w))",
}
_ESCAPE = re.compile(
    r"\\(?:u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|c([A-Za-z])"
    r"|([pP])\{([^}]*)\}|(0)(?![0-9])|([^0-9A-Za-z])|([dDwWtnrf])|([bBsSv]))",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d+(?:,\d*)?\})\??")
_PROPERTY = re.compile(r"(?:[CLMNPSZ][a-z]?)|(?:Script|sc)=\w+")
_GROUP = re.compile(r"\((?:\?(?::|=|!|<=|<!|<[A-Za-z_$][\w$]*>))?")


class _Untranslatable(Exception):
    """The pattern has something in it that Java cannot say."""


@dataclass(slots=True)
class _Reader:
    text: str
    position: int = 0
    branches: list[list[str]] = field(default_factory=lambda: [[]])
    """Translated pieces of each top-level alternative; anchors are `^` and `$`."""
    depth: int = 0
    quantifiable: bool = False

    def put(self, piece: str, *, quantifiable: bool = True) -> None:
        self.branches[-1].append(piece)
        self.quantifiable = quantifiable

    def match(self, expression: re.Pattern[str]) -> re.Match[str]:
        found = expression.match(self.text, self.position)
        if found is None:
            raise _Untranslatable
        self.position = found.end()
        return found


@lru_cache(maxsize=1024)
def java_pattern(pattern: str) -> str | None:
    """The Java expression whose full match means that the ECMA-262 `pattern` is found."""
    reader = _Reader(pattern)
    try:
        while reader.position < len(pattern):
            _read_one(reader)
    except _Untranslatable:
        return None
    return _full_match(reader.branches) if reader.depth == 0 else None


def _read_one(reader: _Reader) -> None:
    character = reader.text[reader.position]
    if character == "\\":
        reader.put(_escape(reader.match(_ESCAPE)))
    elif character == "[":
        reader.put(_character_class(reader))
    elif character == "(":
        _open_group(reader)
    elif character in "*+?" or (
        character == "{" and _QUANTIFIER.match(reader.text, reader.position)
    ):
        if not reader.quantifiable:
            raise _Untranslatable
        reader.put(reader.match(_QUANTIFIER)[0], quantifiable=False)
    else:
        reader.position += 1
        _read_plain(reader, character)


def _read_plain(reader: _Reader, character: str) -> None:
    if character == ")":
        reader.depth -= 1
        if reader.depth < 0:
            raise _Untranslatable
        reader.put(")")
    elif character == "|" and reader.depth == 0:
        reader.branches.append([])
        reader.quantifiable = False
    elif character in "^$|":
        nested = {"^": "^", "$": r"\z", "|": "|"}
        reader.put(nested[character] if reader.depth else character, quantifiable=False)
    else:
        reader.put("\\" + character if character in "{}]" else character)


def _open_group(reader: _Reader) -> None:
    opening = reader.match(_GROUP)[0]
    if opening == "(" and reader.text.startswith("?", reader.position):
        raise _Untranslatable
    if opening in {"(?<=", "(?<!"} and re.search(r"[*+]|,\}", reader.text):
        raise _Untranslatable
    reader.depth += 1
    named = opening.startswith("(?<") and opening.endswith(">")
    reader.put("(" if named else opening, quantifiable=False)


def _escape(found: re.Match[str], *, in_class: bool = False) -> str:
    code, unit, byte, control, case, name, zero, plain, same, other = found.groups()
    if code is not None:
        return rf"\x{{{code}}}"
    if unit is not None or byte is not None or control is not None or same is not None:
        return found[0]
    if case is not None:
        if not _PROPERTY.fullmatch(name):
            raise _Untranslatable
        return rf"\{case}{{{name.replace('Script=', 'script=').replace('sc=', 'script=')}}}"
    if zero is not None:
        return r"\x00"
    if plain is not None:
        return "/" if plain == "/" else found[0]
    return _special_in_class(other) if in_class else _special(other)


def _special(letter: str) -> str:
    specials = {"s": f"[{_SPACE}]", "S": f"[^{_SPACE}]", "v": r"\x0B"} | _BOUNDARY
    return specials[letter]


def _special_in_class(letter: str) -> str:
    specials = {"s": _SPACE, "S": f"[^{_SPACE}]", "v": r"\x0B", "b": r"\x08"}
    if letter not in specials:
        raise _Untranslatable
    return specials[letter]


def _character_class(reader: _Reader) -> str:
    text = reader.text
    start = reader.position
    reader.position += 1
    negated = text.startswith("^", reader.position)
    reader.position += negated
    parts: list[str] = []
    while not text.startswith("]", reader.position):
        if reader.position >= len(text):
            raise _Untranslatable
        if text[reader.position] == "\\":
            parts.append(_escape(reader.match(_ESCAPE), in_class=True))
            continue
        character = text[reader.position]
        parts.append("\\" + character if character in "[&" else character)
        reader.position += 1
    reader.position += 1
    source = text[start : reader.position]
    if not parts:
        return r"[\s\S]" if negated else "(?!)"
    if source in {r"[\s\S]", r"[\S\s]"}:
        return source
    if negated and r"\S" in source:
        raise _Untranslatable
    return f"[{'^' * negated}{''.join(parts)}]"


def _full_match(branches: list[list[str]]) -> str:
    if len(branches) == 1:
        return _branch(branches[0])
    if all(branch[:1] == ["^"] and branch[-1:] == ["$"] and len(branch) > 1 for branch in branches):
        return "|".join(_branch(branch) for branch in branches)
    inside = "|".join("".join(_anchor(piece) for piece in branch) for branch in branches)
    return f"{_ANYTHING}(?:{inside}){_ANYTHING}"


def _branch(branch: list[str]) -> str:
    start = branch[:1] == ["^"]
    end = branch[-1:] == ["$"] and len(branch) > start
    inside = "".join(_anchor(piece) for piece in branch[start : len(branch) - end])
    if not inside and not (start and end):
        return _ANYTHING
    return (_ANYTHING * (not start)) + inside + (_ANYTHING * (not end))


def _anchor(piece: str) -> str:
    return r"\z" if piece == "$" else piece
