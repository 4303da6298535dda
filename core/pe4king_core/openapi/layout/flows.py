"""Members of YAML flow collections, walked by their brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pe4king_core.model.text import Span
from pe4king_core.openapi.layout.marks import MAX_DEPTH, Key, entry_end, entry_start, unquoted

_TOKEN = re.compile(
    r"""(?P<quoted>"(?:[^"\\]|\\.)*+"?|'(?:[^']|'')*+'?)
    |(?P<bracket>[{}\[\],])
    |(?P<comment>(?:(?<=\s)|(?<=[{}\[\],]))\#[^\n]*)
    |(?P<colon>:(?=[\s,\[\]{}]|\Z)|(?<=["'}\]]):)
    |(?P<property>[&!][^\s,\[\]{}]*|\?(?=\s))
    |(?P<plain>(?:[^\s,\[\]{}:\#]|:(?![\s,\[\]{}]|\Z)|(?<!\s)\#)(?:[^\s,\[\]{}:\#]
        |:(?![\s,\[\]{}]|\Z)|(?<!\s)\#|\s++(?![\s,\[\]{}:\#]|\Z)|\s++(?=:\S)(?!:[,\[\]{}]))*+)
    |\S""",
    re.VERBOSE | re.DOTALL,
)


_REST = re.compile(r"(?:\s+|(?<=\s)#[^\n]*)*+")


@dataclass(slots=True)
class _Entry:
    """What is known of the member that is being read; -1 where nothing yet."""

    start: int = -1
    key_start: int = -1
    key_end: int = -1
    colon: int = -1
    value: int = -1
    last: int = -1
    complete: bool = False


def members(text: str, opening: int, end: int) -> tuple[list[Key], bool]:
    """Members of the flow collection whose bracket is at `opening`; whether it is sound."""
    found: list[Key] = []
    mapping = text[opening] == "{"
    depth = 0
    sound = True
    entry = _Entry()
    for token in _TOKEN.finditer(text, opening, end):
        kind, mark = token.lastgroup, token[0]
        if kind == "comment":
            continue
        outer = depth == 1
        if kind == "bracket":
            depth += (mark in "{[") - (mark in "}]")
            if depth == 0 or (outer and mark == ","):
                _close(text, entry, found, mapping=mapping)
                if depth == 0:
                    return found, sound and _REST.fullmatch(text, token.end(), end) is not None
                entry = _Entry()
                continue
            if depth > MAX_DEPTH:
                sound = False
                break
            if depth == 1 and token.start() == opening:
                continue
        if outer and kind == "colon" and mapping and entry.colon < 0:
            _key_ends(entry, token.start())
            entry.colon = token.end()
            entry.complete = False
            continue
        sound = sound and not (entry.complete and (outer or (kind == "bracket" and mark in "{[")))
        _extend(entry, token, kind)
        entry.complete = depth == 1 and (kind in ("quoted", "plain") or mark in "}]")
    _close(text, entry, found, mapping=mapping)
    return found, False


def value_end(text: str, start: int, end: int) -> int:
    """The end of the flow collection at `start`; `end` where it is not closed."""
    depth = 0
    for token in _TOKEN.finditer(text, start, end):
        if token.lastgroup == "bracket":
            depth += (token[0] in "{[") - (token[0] in "}]")
            if depth == 0:
                return token.end()
            if depth > MAX_DEPTH:
                break
    return end


def _key_ends(entry: _Entry, colon: int) -> None:
    entry.key_end = entry.last if entry.last >= 0 else colon
    if entry.key_start < 0:
        entry.key_start = entry.start if entry.start >= 0 else colon


def _extend(entry: _Entry, token: re.Match[str], kind: str | None) -> None:
    if entry.colon >= 0 and entry.value < 0:
        entry.value = token.start()
    if entry.start < 0:
        entry.start = token.start()
    if entry.key_start < 0 and kind != "property":
        entry.key_start = token.start()
    entry.last = token.end()


def _close(text: str, entry: _Entry, found: list[Key], *, mapping: bool) -> None:
    """Adds the member that `entry` tells of, if it tells of any."""
    if entry.start < 0 and entry.colon < 0:
        return
    if not mapping:
        value = Span(entry.start, entry.last)
        bracket = text[entry.key_start] in "{[" if entry.key_start >= 0 else False
        span = Span(entry.key_start, entry.key_start + 1) if bracket else value
        name = str(len(found))
    else:
        if entry.colon < 0:
            _key_ends(entry, entry.last)
            entry.colon = entry.last
        span = Span(entry.key_start, entry.key_end)
        name = unquoted(span.of(text))
        value = Span(entry.colon, entry.colon) if entry.value < 0 else Span(entry.value, entry.last)
    start = min(span.start, value.start) if not mapping else span.start
    region = Span(entry_start(text, start), entry_end(text, max(value.end, span.end)))
    found.append(Key(name, span, value, region, exact=True))
