"""Python source text for values: literals as `ruff format` leaves them.

Text from documents is hostile; every string goes through `string`, every comment through
`comment`, so nothing can leave its quotes.
"""

from __future__ import annotations

import builtins
import keyword
import math
import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache

from pe4king_core.model.humps import spaced_humps
from pe4king_core.model.json import Json

WIDTH = 88
_RESERVED = frozenset(dir(builtins)) | {"allure", "httpx", "pytest", "re", "requests", "self"}
_PLAIN = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


class Code(str):
    """An expression inside a value: `literal` and `pretty` write it as it stands."""

    __slots__ = ()


class Row(tuple[Json, ...]):
    """Values that are written as a tuple."""

    __slots__ = ()


def string(value: str, quote: str = "") -> str:
    """`value` as a string literal in double quotes, or single where that saves escapes."""
    # Nearly every text is plain, and there are many.
    if value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    quote = quote or ("'" if value.count('"') > value.count("'") else '"')
    return quote + "".join(_escaped(character, quote) for character in value) + quote


def _escaped(character: str, quote: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    if character == quote:
        return "\\" + quote
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def raw_string(value: str) -> str:
    """`value` as a raw string literal where that is possible and nicer (patterns), else plain."""
    if "\\" not in value or '"' in value or not value.isprintable() or value.endswith("\\"):
        return string(value)
    return f'r"{value}"'


def comment(text: str) -> str:
    """`text` on one line, safe behind `#`."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split())).strip()


def docstring(text: str) -> str:
    """`text` as a one-line docstring literal."""
    safe = comment(text).replace("\\", "\\\\")
    if '"""' in safe or safe.endswith('"'):
        safe = safe.replace('"', '\\"')
    if safe.startswith('"'):
        safe = f" {safe}"  # as formatters part a quote from those of the docstring
    return f'"""{safe}"""'


def literal(value: Json) -> str:
    """`value` on one line."""
    if isinstance(value, str):
        return value if isinstance(value, Code) else string(value)
    if value is None or isinstance(value, bool | int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{string(k)}: {literal(v)}" for k, v in value.items()) + "}"
    opening, closing = "()" if isinstance(value, Row) else "[]"
    return opening + ", ".join(literal(item) for item in value) + closing


def _number(value: bool | int | float | None) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def columns(text: str) -> int:
    """How wide `text` is shown: letters of some scripts take two columns, accents none."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pretty(value: Json, *, column: int, indent: int, reserve: int = 0, width: int = WIDTH) -> str:
    """`value` on one line where it fits behind `column`, else one element a line.

    `indent` is the indentation of the statement, `reserve` what follows on the last line.
    """
    flat = literal(value)
    if column + columns(flat) + reserve <= width or not isinstance(value, Mapping | list | tuple):
        return flat
    if not value:
        return flat
    inner = indent + 4
    if isinstance(value, Mapping):
        keys = [f"{string(key)}: " for key in value]
        values: Sequence[Json] = list(value.values())
        opening, closing = "{", "}"
    else:
        keys = [""] * len(value)
        values = value
        opening, closing = "()" if isinstance(value, Row) else "[]"
    lines = [
        " " * inner
        + key
        + pretty(item, column=inner + columns(key), indent=inner, reserve=1, width=width)
        + ","
        for key, item in zip(keys, values, strict=True)
    ]
    return "\n".join((opening, *lines, " " * indent + closing))


def call(
    function: str, arguments: Sequence[str], *, indent: int, reserve: int = 0, width: int = WIDTH
) -> str:
    """`function(arguments)` on one line, else all arguments on the next, else one a line."""
    flat = f"{function}({', '.join(arguments)})"
    multiline = any("\n" in argument for argument in arguments)
    if not multiline and indent + columns(flat) + reserve <= width:
        return flat
    pad = " " * (indent + 4)
    second = pad + ", ".join(arguments)
    if not multiline and columns(second) <= width:
        return f"{function}(\n{second}\n{' ' * indent})"
    lines = [f"{pad}{argument},\n" for argument in arguments]
    return f"{function}(\n{''.join(lines)}{' ' * indent})"


def definition(name: str, parameters: Sequence[str], width: int = WIDTH) -> str:
    """The header of a function, broken where it is too wide."""
    inner = ", ".join(parameters)
    flat = f"def {name}({inner}):"
    if columns(flat) <= width or not parameters:
        return flat
    if len(parameters) > 1 and columns(inner) + 4 <= width:
        return f"def {name}(\n    {inner}\n):"
    listed = "".join(f"    {parameter},\n" for parameter in parameters)
    return f"def {name}(\n{listed}):"


def identifier(text: str, taken: Container[str] = frozenset()) -> str:
    """A snake_case identifier for `text` in any script, no keyword, not in `taken`."""
    name = _identifier(text)
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}_{number}", number + 1
    return candidate


@lru_cache(4096)
def _identifier(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)  # as Python reads names
    spaced = spaced_humps(text, "_")
    words = re.sub(r"\W+", "_", spaced).strip("_").lower() or "value"
    name = words if words.isidentifier() else f"_{words}"
    if not name.isidentifier():
        name = "value"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in _RESERVED:
        name += "_"
    return name


def short_identifier(text: str, most: int) -> str:
    """An identifier for `text` without the last words, which would make it longer than `most`."""
    name = identifier(text)
    if len(name) <= most:
        return name
    return identifier(name[: most + 1].rpartition("_")[0].strip("_") or name[:most])


def singular(name: str) -> str:
    """A name for one item of the list called `name`: `categories` gives `category`."""
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("ses", "se"), ("s", "")):
        if name.endswith(ending) and len(name) > len(ending) + 1 and not name.endswith("ss"):
            return name[: -len(ending)] + replacement
    return f"{name}_item"
