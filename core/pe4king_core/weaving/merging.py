"""Tests that a generated file lacks, taken from what it would be today, with what they use.

    existing ─► outline ┐
                        ├─► what is missing ─► where it goes ─► insertions
    rendered ─► outline ┘

Both are cut into definitions. A test that is missing comes as it is rendered; helpers, fixtures,
payloads and constants that it uses come along where the file has none of that name. One that the
file has is used, whatever has become of it, as long as it serves; else ours comes under another
name. Each goes behind the one that it is rendered behind, so what was deleted comes back in its
place. Nothing of the file is changed or moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pe4king_core.errors import RefusedError
from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit
from pe4king_core.weaving.choosing import chosen
from pe4king_core.weaving.definitions import Outline
from pe4king_core.weaving.java_definitions import java_outline
from pe4king_core.weaving.placing import placed
from pe4king_core.weaving.python_definitions import python_outline


@dataclass(frozen=True, slots=True)
class Merged:
    """Insertions into the file, and what is to be told of it."""

    edits: tuple[Edit, ...] = ()
    differing: tuple[str, ...] = ()
    """What tests share and the file has with other words than it would have today."""
    unserved: tuple[str, ...] = ()
    """Tests that are wanted and whose surroundings the file does not have."""


def merge(
    existing: str,
    rendered: str,
    wanted: Sequence[str],
    language: SourceLanguage,
    around: frozenset[str] = frozenset(),
) -> Merged:
    """What puts the tests `wanted` of `rendered` into `existing`.

    `around`: fixtures that `existing` finds elsewhere. Raises RefusedError where `existing` has
    syntax errors.
    """
    theirs = outline(existing, language)
    ours = outline(rendered, language)
    choice = chosen(theirs, ours, frozenset(wanted), around)
    edits = placed(existing, theirs, ours, choice, language) if choice.taken else ()
    return Merged(edits, choice.differing, choice.unserved)


def outline(text: str, language: SourceLanguage) -> Outline:
    """The definitions of `text`. Raises RefusedError where it has syntax errors."""
    read = python_outline if language is SourceLanguage.PYTHON else java_outline
    try:
        return read(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None) or 1
        raise RefusedError(
            Message(f"syntax error in line {line}.", f"синтаксическая ошибка в строке {line}."),
            code="unreadable-tests",
        ) from error
