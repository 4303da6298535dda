"""The tests of a Java file: how they are found and read; see `incremental`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pe4king_core.model.source import SourceLanguage, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.testcode.codebase import CodeView
from pe4king_core.testcode.dialects import Facts, Part
from pe4king_core.testcode.java.bounds import assigned, guessed_places, in_classes, members, parsed
from pe4king_core.testcode.java.function import read_function
from pe4king_core.testcode.java.header import Header, read_header
from pe4king_core.testcode.java.places import sound_places
from pe4king_core.testcode.places import Region
from pe4king_core.testcode.syntax import Source, indentation

LANGUAGE = SourceLanguage.JAVA
_FIELD = re.compile(r"[\w>\]]\s+([^\W\d][\w$]*)\s*[=;,]")
_CLIENT = "rest-assured"


def stubs(outside: str, found: Sequence[Sequence[Region]]) -> list[str]:
    """A stub for each run of tests that gives the fields a value that the tests give one."""
    assigned = [frozenset[str]().union(*(region.assigned for region in run)) for run in found]
    names = frozenset[str]().union(*assigned)
    fields = names and names.intersection(_FIELD.findall(outside))
    return [
        ("public" if any(region.plain for region in run) else "@Test")
        + " void test() {"
        + "".join(f" {name} = 0;" for name in sorted(each & fields))
        + "}"
        for run, each in zip(found, assigned, strict=True)
    ]


def around(source: Source, view: CodeView) -> JavaAround:
    """The surroundings in `source`."""
    return JavaAround(read_header(source, view))


@dataclass(slots=True)
class JavaAround:
    """A Java file without its tests."""

    header: Header

    def facts(self, text: str) -> Facts:
        """What the file says around its tests."""
        header = self.header
        return Facts(header.imports, header.anchor, self._client(text))

    def _client(self, text: str) -> str:
        return self.header.client or (_CLIENT if "given()" in text else "")

    def read_test(self, part: Part) -> TestFunction:
        """The test in `part`."""
        source = parsed(part.text, part.indent)
        header = replace(self.header, client=self._client(part.text))
        for node, comment in members(source):
            if node.type == "method_declaration":
                damaged = part.damaged or source.root.has_error
                return read_function(source, node, comment, header, part.classes, damaged=damaged)
        return _unreadable(part)


def _unreadable(part: Part) -> TestFunction:
    """A test of which only the name and the bounds are known."""
    text, name = part.text, part.name
    opening = text.find("{", name.end)
    end = len(text)
    body = Span(opening + 1 if opening >= 0 else end, end)
    return TestFunction(
        name.of(text),
        ".".join((*part.classes, name.of(text))),
        LANGUAGE,
        Span(part.indent, end),
        name,
        body,
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
