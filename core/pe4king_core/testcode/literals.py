"""String and number literals of Python and Java to values."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:(\r\n|\n|\r)|([0-7]{1,3})|x([0-9a-fA-F]{2})|u+([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))",
    re.DOTALL,
)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "a": "\a", "v": "\v", "s": " "}


def unescape(text: str) -> str:
    """`text` with the escape sequences of Python and Java replaced by their characters."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    newline, octal, byte, short, long, other = match.groups()
    if newline is not None:
        return ""
    if other is not None:
        return _SIMPLE.get(other, other if other in "\\'\"{}" else "\\" + other)
    code = int(octal, 8) if octal else int(byte or short or long, 16)
    return chr(code) if code < 0x110000 else "\ufffd"


def number(text: str) -> int | float | None:
    """A number literal of Python or Java; None for what neither an int nor a float can hold."""
    plain = text.replace("_", "")
    is_hex = plain[:2] in ("0x", "0X")
    if not is_hex:
        plain = plain.rstrip("lLfFdD")
    elif plain[-1:] in "lL":
        plain = plain[:-1]
    try:
        return int(plain, 0)
    except ValueError:
        pass
    try:
        return float(plain)
    except ValueError:
        return None


def text_block(content: str) -> str:
    """The value of a Java text block (JLS 3.10.6): common indentation stripped."""
    lines = re.split(r"\r\n|\n|\r", content)[1:]
    widths = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    if lines and not lines[-1].strip():
        widths.append(len(lines[-1]))
    width = min(widths, default=0)
    return unescape("\n".join(line[width:].rstrip() for line in lines))
