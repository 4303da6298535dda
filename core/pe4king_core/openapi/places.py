"""What stands at a place of a text, and where an element stands: the grammar meets positions.

Works in documents that are being typed and in broken ones: positions need no sound data, and
without data an element only lacks the name that stands in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pe4king_core.model.text import Span
from pe4king_core.openapi.checks.elements import Element, describe
from pe4king_core.openapi.layout.positions import Positions
from pe4king_core.openapi.units.document_text import DocumentText


@dataclass(frozen=True, slots=True)
class PlacedElement:
    """An element with its range: `span` from its key to the end of its value.

    `name_span` is the key with its quotes, of an item its scalar or first line, of the document
    empty.
    """

    element: Element
    span: Span
    name_span: Span


def element_at(text: DocumentText, specification: str, offset: int) -> PlacedElement:
    """The innermost element at `offset`, at worst the document.

    The rest of a line belongs to the element that it tells of, a blank line to the collection
    around it.
    """
    pointer = text.positions.at(max(0, min(offset, len(text.text))))
    return _placed(text, specification, pointer)


def element_of(text: DocumentText, specification: str, pointer: str) -> PlacedElement | None:
    """The element that `pointer` names; None where the text has no such place."""
    found = text.positions.find(pointer) if pointer else None
    if pointer and (found is None or not found.exact):
        return None
    return _placed(text, specification, pointer)


def _placed(text: DocumentText, specification: str, pointer: str) -> PlacedElement:
    element = describe(pointer, specification, text.data)
    span, name_span = _spans(text.positions, pointer)
    return PlacedElement(element, span, name_span)


def _spans(positions: Positions, pointer: str) -> tuple[Span, Span]:
    value = positions.value_span(pointer) or Span(0, 0)
    key = positions.key_span(pointer)
    if key is None:
        return value, Span(value.start, value.start)
    if value.start == value.end:
        return key, key
    return Span(min(key.start, value.start), max(key.end, value.end)), key
