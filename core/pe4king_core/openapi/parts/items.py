"""Path items: their parts where they are references with siblings, and their methods."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pe4king_core.model.finding import Severity
from pe4king_core.openapi.layout.positions import METHODS
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.parts.pathnames import report_paths
from pe4king_core.openapi.raw import Place, text_of

_METHOD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_MORE = "additionalOperations"


def parts_of(reading: Reading, item: Place) -> tuple[Place, ...]:
    """The path item `item` itself and what its `$ref` leads to; earlier parts win.

    OpenAPI allows siblings of `$ref` in a path item and leaves conflicts open.
    """
    chain = reading.chain(item)
    if len(chain) == 1 and isinstance(item.value, dict):
        return chain
    return tuple(part for part in chain if isinstance(part.value, dict))


def methods_of(reading: Reading, item: Place) -> Iterator[tuple[str, Place]]:
    """The methods of a path item, upper case, with the places of their operations.

    Since OpenAPI 3.2 those of `additionalOperations` as well, as they are written.
    """
    seen: set[str] = set()
    for part in parts_of(reading, item):
        for name, place in part.members():
            if _is_method(reading, name) and name not in seen:
                seen.add(name)
                yield name.upper(), place
    for part in parts_of(reading, item) if reading.version >= (3, 2) else ():
        more = part.get(_MORE)
        for name, place in more.members() if more else ():
            fixed = name.lower() if name.lower() in METHODS else name
            if fixed not in seen and _METHOD_NAME.fullmatch(name):
                seen.add(fixed)
                yield fixed.upper() if fixed in METHODS else name, place


def method_at(reading: Reading, item: Place, method: str) -> Place | None:
    """The place of the operation `method` (as `methods_of` gives it) of a path item."""
    fixed = method.lower()
    if method == fixed.upper() and _is_method(reading, fixed):
        for part in parts_of(reading, item):
            raw = part.value if isinstance(part.value, dict) else {}
            if fixed in raw:
                return part.child(fixed, raw[fixed])
    return next((place for name, place in methods_of(reading, item) if name == method), None)


def text_of_item(reading: Reading, item: Place, name: str) -> str:
    """`summary` or `description` of a path item."""
    for part in parts_of(reading, item):
        raw = part.value if isinstance(part.value, dict) else {}
        if text := text_of(raw.get(name)):
            return text
    return ""


def members_of(reading: Reading, holder: Place | None) -> Iterator[tuple[str, Place]]:
    """The path items of `paths` or `webhooks`; extensions and empty ones are left out."""
    found = reading.quiet_mapping(holder)
    for name, member in found.members() if found is not None else ():
        if member.value is not None and not name.startswith("x-"):
            yield name, member


def report_items(reading: Reading, holder: Place | None, name: str) -> None:
    """Reports what is wrong with the frame of `paths` or `webhooks`: keys, items and methods."""
    report = reading.report
    paths = reading.mapping(holder, f"`{name}`")
    if paths is not None and name == "paths":
        report_paths(reading, paths)
    for path, member in members_of(reading, holder):
        report.near = member.pointer
        reading.mapping(member, f"`{path}`")
        for method, place in methods_of(reading, member):
            report.near = place.pointer if not place.source.prefix else member.pointer
            reading.mapping(place, f"{method} {path}")
        _report_more(reading, member)


def _is_method(reading: Reading, name: str) -> bool:
    return name in METHODS and (name != "query" or reading.version >= (3, 2))


def _report_more(reading: Reading, item: Place) -> None:
    """Names in `additionalOperations` that are no further methods."""
    for part in parts_of(reading, item) if reading.version >= (3, 2) else ():
        more = part.get(_MORE)
        for name, place in more.members() if more else ():
            if name.lower() in METHODS:
                reading.warn(
                    "doc-additional-operation",
                    place,
                    f"`{name}` has a field of its own: move it to `{name.lower()}` of the path "
                    "item.",
                    f"У метода `{name}` есть своё поле: перенесите его в `{name.lower()}` пути.",
                )
            elif not _METHOD_NAME.fullmatch(name) and not name.startswith("x-"):
                reading.warn(
                    "doc-additional-operation",
                    place,
                    f"`{name}` is no method of HTTP; the operation is left out.",
                    f"`{name}` — не метод HTTP; операция пропущена.",
                    Severity.ERROR,
                )
