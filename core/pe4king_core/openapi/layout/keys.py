"""Keys and items and where they stand: block YAML, flow YAML and JSON of any layout.

No YAML is parsed, so a document that is being typed still has its keys. A `Key` knows the range
of its value; `children` of that range are its members. Block collections are read by indentation
(`blocks`), flow collections by their brackets (`flows`), JSON by the standard library's decoder,
which skips values at its own speed (`objects`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pe4king_core.model.text import Span
from pe4king_core.openapi.layout import blocks, flows, objects
from pe4king_core.openapi.layout.blocks import Kind, Node, node
from pe4king_core.openapi.layout.marks import Key, unquoted, with_line_feeds

__all__ = ["Key", "children", "members_of_root", "root", "unquoted", "with_line_feeds"]

_OPENING = re.compile(r"(?:(?:#[^\n]*|%[^\n]*|[ \t\r]*)\n)*+(?:---(?=\s|\Z))?")
_JSON_START = re.compile(r"\ufeff?[ \t\r\n]*+\{[ \t\r\n]*+(?:[\"{}]|\Z)")
_JSON_LIKE = re.compile(r'\{\s*+["{}]|\[\s*+(?:["{\[\]\d\-]|true|false|null)')
_LATER_START = re.compile(r"""\n(?=\{|["']?[A-Za-z$][^\s:]{0,200}:(?:[ \t\r\n]|\Z))""")
_DOCUMENT_END = re.compile(r"\n(?:---|\.\.\.)(?=\s|\Z)")
_MAX_WALKED = 200_000
"""Larger JSON that is broken is not also walked as a YAML flow collection."""


def root(text: str, end: int | None = None) -> Span:
    """The range of the first document in `text`, without stray text before its first key.

    `end` is where it ends, where that is known.
    """
    start = 1 if text.startswith("\ufeff") else 0
    opening = _OPENING.match(text, start)
    start = opening.end() if opening else start
    if end is None:
        mark = _DOCUMENT_END.search(text, start)
        end = mark.start() + 1 if mark else len(text)
    whole = Span(start, end)
    if node(text, whole).kind is Kind.SCALAR:
        stray = _LATER_START.search(text, whole.start, whole.end)
        return Span(stray.end(), whole.end) if stray else whole
    return whole


def members_of_root(text: str) -> Iterator[Key]:
    """The top-level keys of `text`."""
    yield from children(text, root(text))


def children(text: str, value: Span) -> Iterator[Key]:
    """The members of the collection that stands at `value`; nothing where there is none."""
    first = node(text, value)
    if first.kind is Kind.MAPPING:
        yield from blocks.mapping(text, first.content, value.end)
    elif first.kind is Kind.SEQUENCE:
        yield from blocks.sequence(text, first.content, value.end)
    elif first.kind is Kind.FLOW:
        yield from _flow(text, first.content, value.end)


def _flow(text: str, opening: int, end: int) -> list[Key]:
    json_like = _JSON_LIKE.match(text, opening, end) is not None
    found = objects.sound_members(text, opening, end) if json_like else None
    if found is not None:
        return found
    as_json = objects.members(text, opening, end) if json_like else []
    if json_like and _is_json(text) and end - opening > _MAX_WALKED:
        return as_json
    as_flow, sound = flows.members(text, opening, end)
    whole = sound and (not _is_json(text) or len(as_flow) >= len(as_json))
    return as_flow if whole or not json_like else as_json


def _is_json(text: str) -> bool:
    """Whether `text` is meant to be JSON: all of it is one JSON collection, but for a line."""
    return _JSON_START.match(text) is not None


def end_of(text: str, first: Node, end: int) -> int:
    """Where the scalar or flow collection `first` ends in a range that ends at `end`."""
    if first.kind is not Kind.FLOW:
        return blocks.scalar_end(text, first, end)
    json_like = _JSON_LIKE.match(text, first.content, end)
    stop = objects.value_end(text, first.content) if json_like else None
    if stop is not None and stop <= end:
        return stop
    if _is_json(text):
        return first.content + len(text[first.content : end].rstrip())
    return flows.value_end(text, first.content, end)
