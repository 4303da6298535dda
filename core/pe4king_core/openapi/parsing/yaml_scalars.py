"""What a plain YAML scalar means: the core schema of YAML 1.2 (section 10.3.2).

Two liberties, the same as fastyaml-rs takes, so that data do not depend on the parser: a sign
before `0x` and `0o`, and their upper-case spellings, still make a number.
"""

from __future__ import annotations

import re

CORE = "tag:yaml.org,2002:"
"""What `!!` stands for."""

MAX_DIGITS = 4_300
"""Longer integers are refused: Python converts them to text and back at quadratic cost."""

Scalar = None | bool | int | float | str

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(
        (sign + word for sign in ("", "+") for word in (".inf", ".Inf", ".INF")), 1e999
    ),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -1e999),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_NUMBER_STARTS = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"([-+]?)0(?:[oO]([0-7]+)|[xX]([0-9a-fA-F]+))")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


class LongNumberError(ValueError):
    """An integer of more than MAX_DIGITS digits."""


def plain_scalar(text: str) -> Scalar:
    """The value of the plain scalar `text`. Raises LongNumberError."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _INTEGER.fullmatch(text):
        return int(_short(text))
    if _FLOAT.fullmatch(text):
        return float(text)
    based = _BASED.fullmatch(text)
    if based is None:
        return text
    sign, octal, hexadecimal = based.groups()
    number = int(_short(octal), 8) if octal else int(_short(hexadecimal), 16)
    return -number if sign == "-" else number


def tagged_scalar(text: str, tag: str) -> Scalar:
    """The value of `text` under `tag`; what a tag does not fit, or nobody knows, stays text."""
    if tag in ("!", f"{CORE}str"):
        return text
    value = plain_scalar(text)
    kind = tag.removeprefix(CORE)
    if kind == "null":
        return None if value is None else text
    if kind == "bool":
        return value if isinstance(value, bool) else text
    if kind in ("int", "float"):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return text
        return _converted(value, kind)
    return text


def _converted(value: float, kind: str) -> int | float | str:
    try:
        return int(value) if kind == "int" else float(value)
    except (OverflowError, ValueError):
        return str(value)


def _short(digits: str) -> str:
    if len(digits) > MAX_DIGITS:
        raise LongNumberError
    return digits
