"""References that lead nowhere, wherever they stand.

Schemas are only looked at when somebody asks for them, so their references are checked here:
the different ones are found by one regular expression over the text and tried. Only where one
fails is the data searched for its places, because a text may also speak of `$ref` in prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pe4king_core.model.finding import Severity
from pe4king_core.openapi.content import Reading
from pe4king_core.openapi.keys import unquoted
from pe4king_core.openapi.positions import OperationIndex
from pe4king_core.openapi.raw import Place, Raw, escape
from pe4king_core.openapi.references import Unresolved

_REF = re.compile(
    r"""\$ref["']?[ \t\r\n]*:[ \t\r\n]*("(?:[^"\\\n]|\\.)*+"?|'(?:[^'\n]|'')*+'?|[^\s"',}\]]+)"""
)
_LITERAL = frozenset({"example", "examples", "default", "enum", "const"})
_NAMED = frozenset({"properties", "patternProperties", "schemas", "definitions", "parameters"})
_MAX_DEPTH = 300
_MAX_PLACES = 200


def report_references(reading: Reading, index: OperationIndex, root: Place) -> None:
    """Reports every `$ref` of the document itself that cannot be followed."""
    references = {unquoted(match[1]) for match in _REF.finditer(index.text)}
    broken = {
        reference
        for reference in references
        if isinstance(reading.references.resolve(root.source, reference), Unresolved)
    }
    if not broken:
        return
    for number, (pointer, reference) in enumerate(_places(root.value, "", broken, literal=False)):
        if number >= _MAX_PLACES:
            return
        found = reading.references.resolve(root.source, reference)
        if isinstance(found, Unresolved):
            reading.report.add(found.code, pointer, found.message, Severity.ERROR)


def _places(
    value: Raw, pointer: str, broken: set[str], *, literal: bool, depth: int = 0
) -> Iterator[tuple[str, str]]:
    """Pointer and text of the references in `broken`; values of examples are no references."""
    if depth > _MAX_DEPTH or literal:
        return
    if isinstance(value, list):
        for number, member in enumerate(value):
            yield from _places(
                member, f"{pointer}/{number}", broken, literal=False, depth=depth + 1
            )
    if not isinstance(value, dict):
        return
    reference = value.get("$ref")
    if isinstance(reference, str) and reference in broken:
        yield pointer, reference
    named = pointer.rsplit("/", 1)[-1] in _NAMED
    for key, member in value.items():
        if isinstance(member, dict | list):
            name = escape(str(key))
            yield from _places(
                member,
                f"{pointer}/{name}",
                broken,
                literal=not named and (key in _LITERAL or str(key).startswith("x-")),
                depth=depth + 1,
            )
