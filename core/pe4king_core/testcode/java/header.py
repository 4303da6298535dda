"""What stands around the tests of a Java file: imports, the types it declares."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_core.testcode.codebase import CodeView, alone
from pe4king_core.testcode.java.beginnings import Beginnings
from pe4king_core.testcode.java.outline import Unit, annotations_of, unit_of
from pe4king_core.testcode.java.resolving import Lookup
from pe4king_core.testcode.syntax import Source, next_line

if TYPE_CHECKING:
    from tree_sitter import Node

_IMPORT = re.compile(r"^[ \t\ufeff]*import\s+((?:static\s+)?[\w.*]+)\s*;", re.MULTILINE)
_PACKAGE = re.compile(r"^[ \t\ufeff]*package\s+[\w.]+\s*;", re.MULTILINE)
_TYPE = re.compile(
    r"^[ \t\ufeff]*(?:@\w|(?:public|final|abstract|sealed)\s|(?:class|interface|record|enum)\s)",
    re.MULTILINE,
)


@dataclass(slots=True)
class Header:
    """The file around the tests, as far as reading and weaving need it."""

    imports: frozenset[str]
    anchor: int
    client: str
    unit: Unit
    view: CodeView = field(default_factory=alone)
    """The files around."""
    lookup: Lookup = field(default_factory=Lookup)
    """What was found in them."""
    beginnings: Beginnings = field(default_factory=Beginnings)
    """What the set-up of its classes does."""


def read_header(source: Source, view: CodeView) -> Header:
    """Imports, the place of the next one, and what the file declares."""
    text = source.text
    first_type = _TYPE.search(text)
    end = first_type.start() if first_type else len(text)
    found = list(_IMPORT.finditer(text, 0, end))
    above = found or list(_PACKAGE.finditer(text, 0, end))
    anchor = next_line(text, above[-1].end()) if above else len(text) - len(text.lstrip("\ufeff"))
    imports = frozenset(" ".join(match[1].split()) for match in found)
    client = "rest-assured" if "restassured" in text or "given()" in text else ""
    return Header(imports, anchor, client, unit_of(source, view.uri), view, Lookup(view))


def annotation_names(source: Source, node: Node) -> list[str]:
    """The names of the annotations of a declaration."""
    return [each.name for each in annotations_of(source, node)]
