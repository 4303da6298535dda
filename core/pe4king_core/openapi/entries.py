"""The operations of a document as its units show them: nothing is decoded to list them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pe4king_core.model.json import join
from pe4king_core.model.operation import LazyOperations, Operation, OperationEntry
from pe4king_core.model.text import Span
from pe4king_core.openapi.parts.operations import OperationReader
from pe4king_core.openapi.raw import Place
from pe4king_core.openapi.units.document_text import DocumentText
from pe4king_core.openapi.units.unit import Unit


def operations_of(
    text: DocumentText,
    section: Literal["paths", "webhooks"],
    reader: OperationReader,
    root: Place,
    version: tuple[int, int],
) -> LazyOperations:
    """The operations under `paths` or `webhooks`, each read when it is asked for.

    Where the text does not show them all (references, keys twice, aliases), the path items are
    decoded.
    """
    webhooks = section == "webhooks"
    if webhooks and version < (3, 1):
        return LazyOperations((), _nothing)
    items = _items(text, section)
    if items is None:
        return reader.webhooks(root) if webhooks else reader.operations(root)
    entries: list[OperationEntry] = []
    names: dict[str, str] = {}
    for name, (start, unit) in items.items():
        path = name if webhooks or name.startswith("/") else f"/{name}"
        if name.startswith("x-") or names.setdefault(path, name) != name:
            continue
        pointer = join(f"/{section}", name)
        entries += [
            OperationEntry(
                method.upper(),
                path,
                f"{pointer}/{method}",
                Span(start + begin, start + end),
                Span(start + key, start + key_end),
            )
            for method, key, key_end, begin, end in unit.members or ()
            if method != "query" or version >= (3, 2)
        ]
    read = reader.webhook if webhooks else reader.operation
    return LazyOperations(entries, _maker(names, read))


def _items(text: DocumentText, section: str) -> dict[str, tuple[int, Unit]] | None:
    """Path items with their offsets; None where the text does not tell their operations."""
    if text.is_whole:
        return None
    found: dict[str, tuple[int, Unit]] = {}
    for start, unit in text.numbered():
        if unit.path[0] != section:
            continue
        if len(unit.path) != 2 or (unit.members is None and not unit.path[1].startswith("x-")):
            return None
        found[unit.path[1]] = (start, unit)
    return found


Reader = Callable[[str, str, tuple[Span, Span]], Operation | None]


def _maker(names: dict[str, str], read: Reader) -> Callable[[OperationEntry], Operation]:
    def make(entry: OperationEntry) -> Operation:
        found = read(names[entry.path], entry.method, (entry.span, entry.name_span))
        # The text shows a mapping under the method; only an unreadable one is none.
        return found or Operation(
            entry.method, entry.path, entry.pointer, span=entry.span, name_span=entry.name_span
        )

    return make


def _nothing(entry: OperationEntry) -> Operation:
    raise LookupError(entry.key)
