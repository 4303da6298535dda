"""The syntax tree of a text that is being typed: each state is parsed from the one before.

Only a tree without errors is used again. Where code is half typed the parser guesses, and what it
guesses depends on what it knew before; a text must be read alike whatever it was before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import edit_between
from pe4king_core.testcode.syntax import ascii_bytes, parser_of

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_CHUNK = 65_536
"""Bytes that the parser is given at once."""


class LiveTree:
    """The tree of the latest text. For one thread at a time."""

    def __init__(self, language: SourceLanguage) -> None:
        self._language = language
        self._text = ""
        self._data = b""
        self._tree: Tree | None = None
        """The latest tree without errors, with every edit since."""

    def update(self, text: str) -> Node | None:
        """The root of the tree of `text`, None where it has errors; valid until the next call."""
        self._apply(text)
        tree = sound_tree(self._data, self._language, self._tree)
        if tree is None:
            return None
        self._tree = tree
        return tree.root_node

    def _apply(self, text: str) -> None:
        """Take over `text`, and tell the tree what changed."""
        before, data = self._text, self._data
        if text == before:
            return
        edit = edit_between(before, text)
        # A line end is masked by what stands beside it, a mark by being the first.
        start = max(edit.span.start - 1, 0)
        old_end = min(edit.span.end + 1, len(before))
        new_end = len(text) - (len(before) - old_end)
        middle = ascii_bytes(text, self._language, start, new_end)
        self._text, self._data = text, data[:start] + middle + data[old_end:]
        if self._tree is not None:
            self._tree.edit(
                start,
                old_end,
                new_end,
                _point(data, start),
                _point(data, old_end),
                _point(self._data, new_end),
            )


def sound_tree(data: bytes, language: SourceLanguage, before: Tree | None) -> Tree | None:
    """The tree of `data`, None where it has errors; `before`: an earlier one, told of the edits.

    The parser is stopped at the first error: guessing what is meant takes most of its time.
    """
    broken = False
    view = memoryview(data)

    def chunk(offset: int, _: object) -> memoryview:
        return view[offset : offset + _CHUNK]

    def stop(_: int, has_error: bool) -> bool:
        nonlocal broken
        broken = broken or has_error
        return broken

    parser = parser_of(language)
    try:
        if before is None:
            tree = parser.parse(chunk, progress_callback=stop)
        else:
            tree = parser.parse(chunk, before, progress_callback=stop)
    except ValueError:
        return None  # stopped
    return None if broken or tree.root_node.has_error else tree


def _point(data: bytes, offset: int) -> tuple[int, int]:
    """Row and column of `offset`."""
    return data.count(b"\n", 0, offset), offset - data.rfind(b"\n", 0, offset) - 1
