"""What one edit changes: the units that it touches are read again, all others are shared.

The result is the same as that of reading the whole new text, with one liberty: what is broken may
be told from the unit in which it stands, so that other units stay as they are.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.json import join
from pe4king_core.model.text import Edit, Span
from pe4king_core.openapi.layout.marks import skip_space
from pe4king_core.openapi.parsing.reading import UnreadableError, line_span
from pe4king_core.openapi.units.open_ends import may_be_sound
from pe4king_core.openapi.units.salvage import BAD_JSON, NOT_A_MEMBER, SYNTAX, UNUSUAL_KEY
from pe4king_core.openapi.units.splitting import is_section
from pe4king_core.openapi.units.unit import Unit, UnitReader, Units

_DIED = frozenset({"document-parser-died", "document-too-slow"})
_MANY_FAULTS = 50
_DOCUMENT_MARK = re.compile(r"(?:^|(?<=\r))(?:---|\.\.\.)(?=\s|\Z)", re.MULTILINE)
_BETWEEN = re.compile(r"[ \t\r\n,]*")
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Touched:
    """The numbers of the units that are read again, and their place in the new text."""

    first: int
    last: int
    span: Span
    closed: bool
    """Whether the text goes on as it must after members."""


def units_after(
    old: Units, old_text: str, edit: Edit, text: str, reader: UnitReader
) -> tuple[Units, Touched] | None:
    """The units after `edit`, which led to `text`; None where only the whole text tells them.

    What ends or stops the parser is a fault of its unit. Raises what `reader` raises otherwise.
    """
    faulty = [number for number, unit in enumerate(old.units) if unit.faults]
    if old.whole or old.faults or len(faulty) > _MANY_FAULTS or (faulty and not old.heads):
        return None
    touched = _touched(old, old_text, edit, text)
    if touched is None:
        return None
    between = touched.span.of(text)
    section = old.units[touched.first].path[:-1]
    try:
        part = reader.read_part(between, section, old.notation)
    except UnreadableError as error:
        part = _unread(old, touched, between, error) if error.code in _DIED else None
        return None if part is None else (_replaced(old, edit, touched, part), touched)
    if part is None or not _fits(old, touched, part, between):
        return None
    if not touched.closed and not any(unit.faults for unit in part.units):
        _add_fault(part.units[-1])
    new = _replaced(old, edit, touched, part)
    stay = any(not touched.first <= number <= touched.last for number in faulty)
    if (stay or any(unit.faults for unit in part.units)) and _may_be_sound(new, text):
        return None
    return new, touched


def _touched(old: Units, old_text: str, edit: Edit, text: str) -> Touched | None:
    """The units that the edit touches or borders on; None unless all are of one section."""
    first = bisect_right(old.starts, edit.span.start) - 1
    last = bisect_right(old.starts, edit.span.end) - 1
    if first < 0:
        return None
    if first > 0 and _end(old, first - 1) == edit.span.start:
        first -= 1
    section = old.units[first].path[:-1]
    if any(unit.path[:-1] != section for unit in old.units[first : last + 1]):
        return None
    shift = len(edit.text) - (edit.span.end - edit.span.start)
    start = old.starts[first]
    if old.notation == "yaml":
        end = _end(old, last) + shift
        if edit.span.end > _end(old, last) or (end < len(text) and text[end - 1] != "\n"):
            return None
        if _DOCUMENT_MARK.search(text, max(start - 1, 0), end):
            return None
        return Touched(first, last, Span(start, end), closed=True)
    before, after = _end(old, first), max(_end(old, last), edit.span.end)
    for gap in (Span(before, edit.span.start), Span(_end(old, last), after)):
        if not _BETWEEN.fullmatch(old_text, gap.start, max(gap.end, gap.start)):
            return None
    return _members_of_json(text, Touched(first, last, Span(start, after + shift), closed=False))


def _members_of_json(text: str, touched: Touched) -> Touched:
    """`touched` without the comma after its members: between them new ones are typed."""
    found = touched.span.of(text).rstrip(_SPACE)
    comma = found.endswith(",")
    if comma:
        found = found[:-1].rstrip(_SPACE)
    follows = skip_space(text, touched.span.end)
    mark = text[follows : follows + 1]
    span = Span(touched.span.start, touched.span.start + len(found))
    return replace(touched, span=span, closed=mark == '"' if comma else mark in (",", "}"))


def _end(old: Units, number: int) -> int:
    return old.starts[number] + old.units[number].length


def _fits(old: Units, touched: Touched, part: Units, between: str) -> bool:
    """Whether the units read anew take the place of those before without further doubt."""
    if not part.units or part.starts[0] != 0:
        return False
    section = part.units[0].path[:-1]
    if len(section) < 2 and any(is_section(unit.path) for unit in part.units):
        return False
    if old.notation == "yaml":
        return part.units[0].key.start == old.units[touched.first].key.start
    if any(unit.faults for unit in part.units):
        return True
    if part.starts[-1] + part.units[-1].length != len(between):
        return False
    return len(part.units) > 1 or _ends_with(between, part.units[0].value_span)


def _ends_with(text: str, value: Span) -> bool:
    """Whether nothing follows the value in JSON: a broken member may look sound otherwise."""
    try:
        end = json.JSONDecoder().raw_decode(text, skip_space(text, value.start))[1]
    except (ValueError, RecursionError):
        return False
    return end == value.end


def _has_unknown_key(unit: Unit) -> bool:
    """Whether the parser sees another key than the one by which the text was cut."""
    return any(
        fault.message in (UNUSUAL_KEY, NOT_A_MEMBER) and fault.pointer == unit.pointer
        for fault in unit.faults
    )


def _add_fault(unit: Unit) -> None:
    """Says that a comma is missing after `unit`, or is one too many."""
    span = Span(unit.length, unit.length + 1)
    unit.faults = (Finding(SYNTAX, Severity.ERROR, BAD_JSON, span, unit.pointer),)


def _may_be_sound(new: Units, text: str) -> bool:
    """Whether a unit is broken only by itself."""
    faulty = [
        (start, unit) for start, unit in zip(new.starts, new.units, strict=True) if unit.faults
    ]
    if len(faulty) > _MANY_FAULTS or any(_has_unknown_key(unit) for _, unit in faulty):
        return True
    broken = [
        (Span(start, start + unit.length), start + unit.value_span.start)
        for start, unit in faulty
        if not any(fault.code in _DIED for fault in unit.faults)
    ]
    return bool(broken) and may_be_sound(text, broken, new.notation)


def _unread(old: Units, touched: Touched, text: str, error: UnreadableError) -> Units:
    """One unit for all that could not be read because the parser died or did not come back."""
    before = old.units[touched.first]
    key = Span(min(before.key.start, len(text)), min(before.key.end, len(text)))
    value = Span(min(before.value_span.start, len(text)), len(text))
    pointer = join("", *before.path)
    fault = Finding(error.code, Severity.ERROR, error.message, line_span(text, 1), pointer)
    unit = Unit(before.path, len(text), key, value, None, faults=(fault,))
    return Units(old.notation, (unit,), [0])


def _replaced(old: Units, edit: Edit, touched: Touched, part: Units) -> Units:
    shift = len(edit.text) - (edit.span.end - edit.span.start)
    start = touched.span.start
    units = (*old.units[: touched.first], *part.units, *old.units[touched.last + 1 :])
    starts = old.starts[: touched.first]
    starts += [start + offset for offset in part.starts]
    starts += [offset + shift for offset in old.starts[touched.last + 1 :]]
    return Units(old.notation, units, starts, heads=old.heads)
