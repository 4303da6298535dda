"""The tests of a Python file: how they are found and read; see `incremental`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pe4king_core.model.source import SourceLanguage, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.testcode.codebase import CodeView
from pe4king_core.testcode.dialects import Facts, Part
from pe4king_core.testcode.places import Place, Region
from pe4king_core.testcode.python.function import read_function
from pe4king_core.testcode.python.header import Header, read_header
from pe4king_core.testcode.python.layout import is_uneven
from pe4king_core.testcode.python.places import STUB, guessed_places, parsed, sound_places
from pe4king_core.testcode.syntax import Source, children, indentation, line_end, parse_part

LANGUAGE = SourceLanguage.PYTHON
_DEFINITION = re.compile(
    r"^[ \t\f\ufeff]*(?:@|(?:async[ \t]+)?def[ \t]+\w|class[ \t]+\w)", re.MULTILINE
)


def stubs(_: str, found: Sequence[Sequence[Region]]) -> list[str]:
    """A stub for each run of tests; what they assign is their own."""
    return [STUB] * len(found)


def in_classes(_: str, places: Sequence[Place]) -> list[Place]:
    """`places`, which know their classes."""
    return list(places)


def assigned(_: str) -> frozenset[str]:
    """Nothing that other tests see."""
    return frozenset()


def around(source: Source, view: CodeView) -> PythonAround:
    """The surroundings in `source`."""
    header = read_header(source, view)
    if source.root.has_error:
        _mend(header, source.text)
    return PythonAround(source, header)


def _mend(header: Header, text: str) -> None:
    """In a file with errors, add what stands above the first definition."""
    first = _DEFINITION.search(text)
    end = first.start() if first else len(text)
    above = read_header(parse_part(text, Span(0, end), LANGUAGE), header.view)
    header.anchor = above.anchor
    header.imports |= above.imports
    header.module.names = {**above.module.names, **header.module.names}


@dataclass(slots=True)
class PythonAround:
    """A Python file without its tests."""

    source: Source
    header: Header

    def facts(self, _: str) -> Facts:
        """What the file says around its tests."""
        header = self.header
        return Facts(header.imports, header.anchor, header.client, header.fixtures)

    def read_test(self, part: Part) -> TestFunction:
        """The test in `part`."""
        text = part.text
        source, block = parsed(text[: part.indent], text[part.indent :])
        for node in children(block)[:1]:
            definition = node.child_by_field_name("definition") or node
            if definition.type == "function_definition":
                damaged = part.damaged or source.root.has_error or is_uneven(source, node, block)
                return read_function(
                    source, node, definition, self.header, part.classes, damaged=damaged
                )
        return _unreadable(part)


def _unreadable(part: Part) -> TestFunction:
    """A test of which only the name and the bounds are known."""
    text, name = part.text, part.name
    span = Span(part.indent, len(text))
    body = Span(min(line_end(text, name.end) + 1, span.end), span.end)
    return TestFunction(
        name.of(text),
        ".".join((*part.classes, name.of(text))),
        LANGUAGE,
        span,
        name,
        body if body.start >= name.end else Span(span.end, span.end),
        indentation(text, body.start),
        damaged=True,
    )


__all__ = [
    "LANGUAGE",
    "around",
    "assigned",
    "guessed_places",
    "in_classes",
    "sound_places",
    "stubs",
]
