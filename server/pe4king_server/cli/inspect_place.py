"""`pe4king inspect FILE --at LINE[:COLUMN]` and `--pointer`: one element and where it stands."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_server.cli.inspect_json import print_json
from pe4king_server.cli.lines import FilePlaces
from pe4king_server.cli.output import Output, one_line

if TYPE_CHECKING:
    from pe4king_core.openapi.places import PlacedElement
    from pe4king_core.openapi.units.document_text import DocumentText
    from pe4king_core.openapi.units.unit import UnitReader

_PLACE = re.compile(r"([1-9][0-9]{0,8})(?::([1-9][0-9]{0,8}))?")


def line_and_column(text: str, language: str) -> tuple[int, int | None]:
    """`LINE` or `LINE:COLUMN`, both from 1. Raises ArgumentTypeError."""
    match = _PLACE.fullmatch(text)
    if match is None:
        told = Message(
            f"{text!r} is no LINE or LINE:COLUMN; both count from 1",
            f"{text!r} — не LINE и не LINE:COLUMN; счёт с 1",
        )
        raise argparse.ArgumentTypeError(told.text(language))
    return int(match[1]), int(match[2]) if match[2] else None


def print_place(
    path: Path, text: str, reader: UnitReader, options: argparse.Namespace, output: Output
) -> int:
    """Print the element at a place. Raises UserError where there is none."""
    from pe4king_core.openapi.units.document_text import DocumentText

    document = DocumentText.read(text, reader)
    places = FilePlaces(path, text)
    found = (
        _at(document, places, *options.at) if options.at else _of(document, places, options.pointer)
    )
    if options.json:
        print_json(_as_json(found, places, output.language))
        return 0
    element, span = found.element, found.span
    label = one_line(element.label.text(output.language))
    output.line(f"{one_line(places.named(found.name_span.start))}: {label}", "bold")
    end_line, end_column = places.of(span.end)
    line, column = places.of(span.start)
    rows = (
        (Message("pointer", "указатель"), element.pointer or '""'),
        (Message("kind", "вид"), str(element.kind)),
        (Message("range", "диапазон"), f"{line}:{column}-{end_line}:{end_column}"),
    )
    output.table([(name.text(output.language), value) for name, value in rows], head=False)
    return 0


def _as_json(found: PlacedElement, places: FilePlaces, language: str) -> dict[str, Any]:
    element = found.element
    return {
        "file": places.file,
        "pointer": element.pointer,
        "kind": str(element.kind),
        "name": element.name,
        "label": element.label.text(language),
        **places.as_range(found.span),
        "key": places.as_range(found.name_span),
    }


def _at(document: DocumentText, places: FilePlaces, line: int, column: int | None) -> PlacedElement:
    from pe4king_core.openapi.places import element_at

    if line > places.lines:
        count = places.lines
        raise UserError(
            Message(
                f"{places.file} has no line {line}; the last one is {count}.",
                f"В {places.file} нет строки {line}, последняя — {count}.",
            ),
            code="place-missing",
        )
    if column is None:
        shown = places.line_span(line).of(document.text)
        column = len(shown) - len(shown.lstrip()) + 1 if shown.strip() else len(shown) + 1
    return element_at(document, _specification(document), places.offset(line, column))


def _of(document: DocumentText, places: FilePlaces, given: str) -> PlacedElement:
    from pe4king_core.openapi.places import element_of

    # As a fragment of a URI it is percent-encoded (RFC 6901 section 6).
    pointer = unquote(given[1:]) if given.startswith("#") else given
    found = None
    if pointer[:1] in ("", "/"):
        found = element_of(document, _specification(document), pointer)
    if found is not None:
        return found
    nearest = document.positions.find(pointer) if pointer.startswith("/") else None
    raise UserError(
        Message(f"{places.file} has nothing at {given}.", f"В {places.file} нет места {given}."),
        next_step=_hint(nearest.pointer if nearest else None),
        code="place-missing",
    )


def _hint(nearest: str | None) -> Message:
    if nearest:
        return Message(f"There is {nearest}.", f"Есть {nearest}.")
    return Message(
        "Write a JSON pointer such as /paths/~1books/get (`/` in a name is `~1`, `~` is `~0`).",
        "Укажите JSON-указатель, например /paths/~1books/get (`/` в имени — `~1`, `~` — `~0`).",
    )


def _specification(document: DocumentText) -> str:
    """The version that the document states; the empty string where it states none."""
    from pe4king_core.openapi.raw import text_of

    data = document.data
    if not isinstance(data, dict):
        return ""
    return text_of(data.get("openapi")) or text_of(data.get("swagger"))
