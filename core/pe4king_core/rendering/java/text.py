"""Java source text for values: string literals, text blocks, comments, identifiers.

Text from documents is hostile. `\\u` escapes are read by the Java compiler before anything else
(JLS 3.3), in comments as well, so every backslash that we do not mean is doubled, and no control
or invisible character is ever written as itself.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping

from pe4king_core.model.humps import spaced_humps
from pe4king_core.model.json import Json

LONGEST_CONSTANT = 60_000
"""Bytes of UTF-8 that one string constant may have (JVMS 4.4.7 allows 65535)."""

_SHORT_ARRAY = 60
_LONGEST_LINE = 100
"""With a longer line google-java-format moves a text block to the left margin."""
_LONGEST_NAME = 60
"""Letters of a class name, so that its file's name stays within the limits of file systems."""
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_LONG_RUN = re.compile(r"([^\\])\1{49,}", re.DOTALL)
_ASCII_WORD = re.compile(r"[A-Z]*[a-z0-9]+|[A-Z]+")
_KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        "abstract assert boolean break byte case catch char class const continue default do "
        "double else enum extends final finally float for goto if implements import instanceof "
        "int interface long native new package private protected public return short static "
        "strictfp super switch synchronized this throw throws transient try void volatile while "
        "true false null var yield record sealed permits _",
    )
)


def units(character: str) -> str:
    """`character` as the `\\uXXXX` escapes of its UTF-16 code units."""
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def string(value: str) -> str:
    """An expression for `value`: a literal, or joined literals where one would be too long."""
    if len(value.encode("utf-8", "surrogatepass")) > LONGEST_CONSTANT:
        size = LONGEST_CONSTANT // 4
        parts = [value[start : start + size] for start in range(0, len(value), size)]
        return f'String.join("", {", ".join(literal_string(part) for part in parts)})'
    runs = list(_LONG_RUN.finditer(value))
    if not runs:
        return literal_string(value)
    parts, end = [], 0
    for run in runs:
        parts += [literal_string(value[end : run.start()])] * (run.start() > end)
        parts.append(f"{literal_string(run[1])}.repeat({len(run[0])})")
        end = run.end()
    parts += [literal_string(value[end:])] * (end < len(value))
    return " + ".join(parts)


def literal_string(value: str) -> str:
    """`value` as exactly one string literal, for annotations and GPath expressions."""
    if value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    if value.isprintable():
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return '"' + "".join(_escaped(character) for character in value) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() else units(character)


def json_text(value: Json) -> str:
    """`value` as readable JSON text; what cannot be seen is written as JSON escapes."""
    text = _json(value, "")
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else units(c) for c in text)


def _json(value: Json, pad: str) -> str:
    """`value` over several lines; an array of scalars on one line where it is short."""
    if not isinstance(value, Mapping | list | tuple) or not value:
        return json.dumps({} if isinstance(value, Mapping) else value, ensure_ascii=False)
    inner = f"{pad}  "
    if isinstance(value, Mapping):
        parts = [
            f"{json.dumps(k, ensure_ascii=False)}: {_json(v, inner)}" for k, v in value.items()
        ]
        opening, closing = "{}"
    else:
        parts = [_json(item, inner) for item in value]
        opening, closing = "[]"
        scalars = not any(isinstance(item, Mapping | list | tuple) for item in value)
        flat = f"[{', '.join(parts)}]"
        if scalars and pad and len(flat) <= _SHORT_ARRAY:
            return flat
    lines = f",\n{inner}".join(parts)
    return f"{opening}\n{inner}{lines}\n{pad}{closing}"


def text_block(text: str, indent: int) -> str:
    """`text` and a line end as a text block (JLS 3.10.6) whose lines stand at `indent`.

    Long runs of one character become a placeholder and a `replace` call, so that a value of
    5000 characters does not hide the rest.
    """
    pad = " " * indent
    shown, calls = _without_runs(text)
    block = at_margin(flat_block(shown), indent)
    return "".join((block, *(f"\n{pad}    {call}" for call in calls)))


def flat_block(text: str) -> str:
    """A text block whose place is not known yet: `\\r` stands for its line breaks."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return "\r".join(('"""', *escaped.split("\n"), '"""'))


def at_margin(block: str, indent: int) -> str:
    """A flat text block with its lines at `indent`, or at the left margin for long lines."""
    first, *lines = block.split("\r")
    margin = " " * indent if max(map(len, lines)) + indent <= _LONGEST_LINE else ""
    return "\n".join((first, *(margin + line if line else "" for line in lines)))


def _without_runs(text: str) -> tuple[str, list[str]]:
    calls: list[str] = []

    def shortened(run: re.Match[str]) -> str:
        character, count = run[1], len(run[0])
        placeholder = f"<{count} x {character}>" if character.isalnum() else f"<{count} times>"
        if placeholder in text:
            return run[0]
        quoted = literal_string(placeholder)
        call = f".replace({quoted}, {literal_string(character)}.repeat({count}))"
        if call not in calls and any(quoted in other for other in calls):
            return run[0]
        calls.extend([call] * (call not in calls))
        return placeholder

    return re.sub(r"([^\\\s\"])\1{49,}", shortened, text), calls


def one_line(text: str) -> str:
    """The visible characters of `text` on one line."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def comment(text: str) -> str:
    """`text` on one line, safe inside any comment."""
    return one_line(text).replace("\\", "\\\\").replace("*/", "* /").replace("/*", "/ *")


def number(value: int | float) -> str:
    """`value` as a Java expression of the type that JSON parsers give it."""
    if isinstance(value, float):
        return repr(value)
    if -(2**31) <= value < 2**31:
        return str(value)
    if -(2**63) <= value < 2**63:
        return f"{value}L"
    return f'new BigInteger("{value}")'


def words(text: str) -> list[str]:
    """The words of `text` in any script, split at everything that is not a letter or digit."""
    if text.isascii():
        return _ASCII_WORD.findall(text)
    spaced = spaced_humps(unicodedata.normalize("NFC", text), " ")
    return "".join(c if _is_part(c) else " " for c in spaced).split()


def _is_part(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] == "L" or kind in {"Nd", "Nl", "Mn", "Mc"}


def camel(text: str, fallback: str = "value") -> str:
    """`text` as a lowerCamelCase identifier that is no keyword."""
    first, *rest = words(text) or [fallback]
    name = first[:1].lower() + first[1:] + "".join([word[:1].upper() + word[1:] for word in rest])
    if not _starts_identifier(name):
        name = fallback + name[:1].upper() + name[1:]
    return name + "Value" if name in _KEYWORDS else name


def pascal(text: str, fallback: str = "Api") -> str:
    """`text` as an UpperCamelCase identifier."""
    name = ""
    for word in words(text):
        if name and len(name) + len(word) > _LONGEST_NAME:
            break
        name += word[:1].upper() + word[1:]
    name = name[:_LONGEST_NAME] or fallback
    return name if _starts_identifier(name) else fallback + name


def _starts_identifier(name: str) -> bool:
    return name[0].isalpha()


def package_name(text: str) -> str:
    """`text` as a package: lower-case identifiers with dots, never empty."""
    parts = [camel(part, "api").lower() for part in text.split(".") if part.strip()]
    return ".".join(part + "_" if part in _KEYWORDS else part for part in parts) or "api"


def unique(name: str, taken: Iterable[str]) -> str:
    """`name`, or `name2`, `name3` ... where it is taken."""
    used = taken if isinstance(taken, set | frozenset) else set(taken)
    candidate, count = name, 2
    while candidate in used:
        candidate, count = f"{name}{count}", count + 1
    return candidate
