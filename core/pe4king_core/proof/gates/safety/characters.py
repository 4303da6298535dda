"""Characters that make a text look different from what it says (CVE-2021-42574 and its kin)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pe4king_core.model.text import Span
from pe4king_core.proof.gates.safety.danger import Danger, Harm

_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2064\u3164\uffa0]"
)
_WORD = re.compile(r"\w+")
_LATIN = re.compile(r"[A-Za-z]")
_LIKE_LATIN = frozenset("асԁеһіјӏорԛѕԝхуъвнкмтгАВСЕНІЈКМОРЅТХУԚԜαορνιкτυχγωηΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
"""Cyrillic and Greek letters that look like Latin ones."""


def dangers(text: str) -> Iterator[Danger]:
    """Signs that turn the direction, and identifiers with letters that look like others."""
    for found in _DIRECTION.finditer(text):
        yield _hidden(f"U+{ord(found[0]):04X}", found)
    for found in _INVISIBLE.finditer(text):
        joins = found[0] == "\u200d" and _joins_pictures(text, found.start())
        if not joins:
            yield _hidden(f"U+{ord(found[0]):04X}", found)
    if text.isascii():
        return
    for found in _WORD.finditer(text):
        if not found[0].isascii() and _is_disguised(found[0]):
            yield _hidden(found[0], found)


def _joins_pictures(text: str, index: int) -> bool:
    """Whether the joiner at `index` makes one emoji of two."""
    around = (text[index - 1 : index], text[index + 1 : index + 2])
    return all(each and (unicodedata.category(each) == "So" or each == "\ufe0f") for each in around)


def _is_disguised(word: str) -> bool:
    if unicodedata.normalize("NFKC", word) != word and _LATIN.search(
        unicodedata.normalize("NFKC", word)
    ):
        return any("\uff00" <= c <= "\uffef" or ord(c) > 0x1D3FF for c in word)
    return any(_mixes(part) for part in re.split(r"_|\d", word))


def _mixes(part: str) -> bool:
    """Whether Latin letters stand among others that all look like Latin ones."""
    if not _LATIN.search(part):
        return False
    others = [
        c for c in part if not c.isascii() and not unicodedata.name(c, "").startswith("LATIN")
    ]
    return bool(others) and all(c in _LIKE_LATIN for c in others)


def _hidden(what: str, found: re.Match[str]) -> Danger:
    return Danger.of(what, Harm.HIDDEN, found[0], Span(*found.span()))
