"""What makes a made-up value agree with itself: ids that differ, counts that count, times in order.

Like all variations these are proposals, taken back where the schema does not allow them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from pe4king_core.generation.wording import words_of
from pe4king_core.mock.answers.edits import Edit, Path
from pe4king_core.model.json import Json

_IDS = frozenset({"id", "uuid", "guid", "uid", "number", "key", "sku"})
_LABELS = frozenset({"name", "title", "login", "slug", "username", "email", "label", "subject"})
_TOTALS = frozenset(
    {"total", "count", "totalcount", "totalitems", "totalresults", "totalelements", "itemcount"}
    | {"numberofelements", "resultcount", "totalrecords", "itemscount", "resultscount"}
)
_ABOUT = frozenset({"meta", "pagination", "paging", "page", "metadata"})
_EARLIER = frozenset({"created", "create", "creation", "started", "start", "begin"})
_LATER = frozenset({"updated", "update", "modified", "changed", "finished", "ended", "end"})
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HOUR = re.compile(r"[0-2]\d:[0-5]\d(:[0-5]\d)?")
_LAST_HOUR = 23
_OPENING = frozenset({"open", "opens", "opening", "start", "starts", "from", "begin", "begins"})
_CLOSING = frozenset({"close", "closes", "closing", "end", "ends", "until", "to", "finish"})
_LONG_ID = re.compile(r"[0-9a-fA-F-]{16,}")
"""Ids that are the same by no chance, such as UUIDs."""
_TAIL = re.compile(r"[0-9]*$")


def coherent(value: Json) -> list[Edit]:
    """The edits after which `value` agrees with itself."""
    return list(_edits(value, ()))


def _edits(value: Json, path: Path) -> Iterator[Edit]:
    if isinstance(value, Mapping):
        yield from _counts(value, path)
        yield from _times(value, path)
        yield from _hours(value, path)
        yield from _others_ids(value, path)
        for name, member in value.items():
            yield from _edits(member, (*path, name))
    elif isinstance(value, list | tuple):
        yield from _identities(value, path)
        for number, item in enumerate(value):
            yield from _edits(item, (*path, number))


def _identities(items: Sequence[Json], path: Path) -> Iterator[Edit]:
    """Items of a list differ in their ids, and in what they are called."""
    seen: dict[str, set[Json]] = {}
    for number, item in enumerate(items):
        if not isinstance(item, Mapping):
            continue
        identity = _identity(item)
        for name, member in item.items():
            other: Json
            known = seen.setdefault(name, set())
            if name == identity and isinstance(member, str | int):
                other = _unlike(member, known)
            elif isinstance(member, str) and words_of(name)[-1:] in _LABEL_WORDS:
                other = _renamed(member, known)
            else:
                continue
            known.add(other)
            if other != member:
                yield Edit((*path, number, name), other)


def _identity(item: Mapping[str, Json]) -> str | None:
    """The member that tells an item from others: `id`, else the first like `eventId`."""
    own = next((name for name in item if is_identity(name)), None)
    if own is None and "date" in item:
        return "date"  # such as the opening hours of a day
    ended = (name for name in item if words_of(name)[-1:] in _ID_WORDS)
    return own or next(ended, None)


def is_identity(name: str) -> bool:
    """Whether a member called so tells what it belongs to from others of its kind."""
    words = words_of(name)
    return len(words) == 1 and words[0] in _IDS


_ID_WORDS = frozenset((word,) for word in _IDS)
_LABEL_WORDS = frozenset((word,) for word in _LABELS)


def _renamed(label: str, known: set[Json]) -> str:
    """`label`, or one with a number: `Rex 2`, `rex-2`, `rex2@example.com`."""
    head, at, domain = label.partition("@")
    joint = "" if at else "-" if head.islower() and " " not in head else " "
    found, number = label, 1
    while found in known:
        number += 1
        found = f"{head}{joint}{number}{at}{domain}"
    return found


def _others_ids(value: Mapping[str, Json], path: Path) -> Iterator[Edit]:
    """What a thing belongs to has another id than the thing itself."""
    own = _identity(value)
    mine = value[own] if own is not None else None
    known: set[Json] = {mine} if isinstance(mine, str) else set()
    for name, member in value.items():
        words = words_of(name)
        other = len(words) > 1 and words[-1:] in _ID_WORDS and name != own
        if other and isinstance(member, str) and member in known and _LONG_ID.fullmatch(member):
            found = _unlike(member, known)
            known.add(found)
            yield Edit((*path, name), found)


def _hours(value: Mapping[str, Json], path: Path) -> Iterator[Edit]:
    """What opens closes some hours later."""
    hours = {name: str(each) for name, each in value.items() if _HOUR.fullmatch(str(each))}
    opens = [name for name in hours if not _OPENING.isdisjoint(words_of(name))]
    closes = [name for name in hours if not _CLOSING.isdisjoint(words_of(name))]
    if len(opens) == len(closes) == 1 and hours[opens[0]] >= hours[closes[0]]:
        start = hours[opens[0]]
        hour = int(start[:2])
        if hour < _LAST_HOUR:
            yield Edit((*path, closes[0]), f"{min(hour + 8, _LAST_HOUR):02}{start[2:]}")


def _unlike(value: str | int, known: set[Json]) -> str | int:
    """`value`, or one like it that is not `known`."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        return _later_day(value, known)
    found, number = value, 0
    while found in known:
        number += 1
        if isinstance(value, int):
            found = value + number
        else:
            ending = str(number)
            tail = _TAIL.search(value)
            cut = min(len(tail[0]) if tail is not None else 0, len(ending))
            found = value[: len(value) - cut] + ending
            if found in known or cut < len(ending):
                found = value[: -len(ending)] + ending
    return found


def _later_day(day: str, known: set[Json]) -> str:
    try:
        found = date.fromisoformat(day)
        while found.isoformat() in known:
            found += timedelta(days=1)
    except (ValueError, OverflowError):
        return day
    return found.isoformat()


def counted(value: Json) -> int | None:
    """How many things a list, or an object around one list, holds; None for anything else."""
    if isinstance(value, list | tuple):
        return len(value)
    members = value.values() if isinstance(value, Mapping) else ()
    lists = [member for member in members if isinstance(member, list | tuple)]
    return len(lists[0]) if len(lists) == 1 else None


def _counts(value: Mapping[str, Json], path: Path) -> Iterator[Edit]:
    """A total is the length of the only list beside it."""
    lists = {name: member for name, member in value.items() if isinstance(member, list | tuple)}
    if len(lists) != 1:
        return
    ((name, items),) = lists.items()
    # What has an id is no list: its total is a price, or counts something else.
    whole = frozenset() if "id" in value else _TOTALS
    named = whole | {f"{''.join(words_of(name))}count", f"{''.join(words_of(name))}total"}
    for holder, inside in _about(value, path):
        for key, member in holder.items():
            counts = isinstance(member, int) and not isinstance(member, bool)
            if counts and "".join(words_of(key)) in named and member != len(items):
                yield Edit((*inside, key), len(items))


def _about(value: Mapping[str, Json], path: Path) -> Iterator[tuple[Mapping[str, Json], Path]]:
    yield value, path
    for name, member in value.items():
        if isinstance(member, Mapping) and "".join(words_of(name)) in _ABOUT:
            yield member, (*path, name)


def _times(value: Mapping[str, Json], path: Path) -> Iterator[Edit]:
    """What was created before it was changed."""
    first = _moment(value, _EARLIER)
    last = _moment(value, _LATER)
    if first is None or last is None:
        return
    early, late = value[first], value[last]
    if (
        isinstance(early, str)
        and isinstance(late, str)
        and len(early) == len(late)
        and early > late
    ):
        yield Edit((*path, first), late)
        yield Edit((*path, last), early)


def _moment(value: Mapping[str, Json], words: frozenset[str]) -> str | None:
    for name, member in value.items():
        timed = isinstance(member, str) and _TIME.fullmatch(member)
        if timed and not words.isdisjoint(words_of(name)):
            return name
    return None
