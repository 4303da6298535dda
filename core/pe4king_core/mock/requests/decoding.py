"""Texts of targets, headers and cookies as they were meant, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_to_bytes

_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
Pair = tuple[str, str]


class EncodingError(Exception):
    """A text that cannot be decoded; the message says why in a few words."""


def decoded(raw: str, *, plus: bool = False, lenient: bool = False) -> str:
    """`raw` without percent-encoding; `plus`: in a form, where `+` is a space.

    Raises EncodingError; a lenient reader takes what cannot be decoded as it stands.
    """
    if plus and "+" in raw:
        raw = raw.replace("+", " ")
    if "%" not in raw and raw.isascii():
        return raw
    if _ESCAPE.search(raw) and not lenient:
        raise EncodingError("percent-encoding")
    octets = unquote_to_bytes(raw.encode("utf-8", "surrogatepass"))
    try:
        return octets.decode("utf-8", "replace" if lenient else "strict")
    except UnicodeDecodeError as error:
        raise EncodingError("not UTF-8") from error


def pairs_of(raw: str) -> list[Pair]:
    """Names, decoded, and texts, as they were sent, of a query or form."""
    found: list[Pair] = []
    for part in raw.split("&") if raw else ():
        name, _, text = part.partition("=")
        if part:
            found.append((decoded(name, plus=True, lenient=True), text))
    return found


def cookies_of(headers: Iterable[str]) -> list[Pair]:
    """Names and texts of the cookies in all Cookie headers (RFC 6265 section 4.2.1)."""
    found: list[Pair] = []
    for header in headers:
        for part in header.split(";"):
            name, mark, text = part.strip().partition("=")
            if mark:
                found.append((decoded(name, lenient=True), _unquoted(text)))
    return found


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1] if quoted else text


def header_texts(raw: str) -> Iterator[str]:
    """What the text of a header may stand for: itself, UTF-8 in it, percent-encoding in it."""
    text = raw.strip(" \t")
    yield text
    if not text.isascii():
        try:
            yield text.encode("latin-1").decode("utf-8")
        except ValueError:
            return
    elif "%" in text:
        try:
            unescaped = decoded(text)
        except EncodingError:
            return
        if unescaped != text:
            yield unescaped
