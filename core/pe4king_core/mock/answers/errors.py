"""Documented errors that tell what really happened: text, status, the faults one by one.

An error's value is made up at first, and whatever is made up in an error misleads: who shows faults
beside the fields of a form would show some that nobody made. So lists of faults hold the real ones,
and optional members that tell another story are left out. What the schema does not allow stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple

from pe4king_core.generation.wording import words_of
from pe4king_core.mock.answers.edits import GONE, Edit, Path, applied, edited
from pe4king_core.model.json import Json

_TEXTS = (
    *("detail", "message", "errormessage", "errordescription", "description", "msg", "reason"),
    *("title", "error", "issue", "text"),
)
_STATUSES = frozenset({"status", "statuscode", "code", "errorcode", "httpstatus", "httpcode"})
_CODES = ("code", "errorcode")
_NAMES = ("title", "error")
_HOLDERS = frozenset({"error", "errors", "detail", "details", "problem", "fault"})
_LISTS = frozenset(
    {"errors", "error", "details", "detail", "messages", "reasons", "causes", "issues", "faults"}
    | {"violations", "problems", "fields", "failures", "parameters", "params"}
)
_FIELDS = ("field", "param", "parameter", "property", "pointer", "name", "path", "attribute", "key")
_SUBJECTS = ("field", "param", "parameter", "property")
"""Members that say which part of the request an error is about."""
_VALUES = ("value", "rejectedvalue", "input", "received")
_KEPT = frozenset(
    {*_TEXTS, *_STATUSES, *_HOLDERS, "type", "instance", "success", "ok", "timestamp", "time"}
    | {"requestid", "traceid", "correlationid", "documentationurl", "docurl", "moreinfo", "id"}
    | {"url", "version", "href", "kind", "object", "date", "path"}
)
"""Members that tell no other story."""
_OF_FIELDS = (400, 409, 422)
"""Errors whose lists of faults are worth seeing when one is asked for."""
_DEEPEST = 3
_MOST_ITEMS = 20
_TYPES = ("invalid_request_error", "invalid_request", "error")
"""Kinds of errors that lists of them have for a request that is refused."""
IsValid = Callable[[Json], bool]


class Wrong(NamedTuple):
    """One fault of a request: the parameter or the pointer in the body, what is wrong with it, both
    in one line, and the word of the document for it."""

    field: str
    text: str
    line: str
    keyword: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened; `is_made_up`: the value at hand is no example of the document."""

    status: int
    detail: str = ""
    wrongs: Sequence[Wrong] = ()
    is_made_up: bool = True
    label: str = ""
    """What the document calls it; said where there is no `detail`."""


def told(value: Json, event: Event, is_valid: IsValid) -> Json:
    """`value` of an error with what happened, as far as the schema has room for it."""
    if event.detail:
        lists = dict(_fault_lists(value, (), inside=False))
        for path, items in lists.items():
            value = _listed(value, path, items, event, is_valid)
        if event.is_made_up:
            kept = _SUBJECTS if event.wrongs else ()
            stories = [each for each in _stories(value, (), kept) if each.path not in lists]
            value = applied(value, stories, is_valid)
    elif event.is_made_up and event.status not in _OF_FIELDS:
        for path, _ in _fault_lists(value, (), inside=False):
            value = _first_valid(value, [Edit(path, [])], is_valid)
    for edits in _edits(value, (), event):
        value = _first_valid(value, edits, is_valid)
    return value


def _first_valid(value: Json, edits: Sequence[Edit], is_valid: IsValid) -> Json:
    for edit in edits:
        made = edited(value, [edit])
        if is_valid(made):
            return made
    return value


def _edits(value: Json, path: Path, event: Event) -> Iterator[Sequence[Edit]]:
    """What to say where; of each group the first that is allowed."""
    if isinstance(value, list | tuple) and not event.detail:
        for item in value[:1]:
            yield from _edits(item, (*path, 0), event)
    elif isinstance(value, Mapping):
        yield from _own(value, path, event)
        for name, member in value.items() if len(path) < _DEEPEST else ():
            if _plain(name) in _HOLDERS:
                yield from _edits(member, (*path, name), event)


def _own(value: Mapping[str, Json], path: Path, event: Event) -> Iterator[Sequence[Edit]]:
    texts = {_plain(name): name for name, text in value.items() if isinstance(text, str)}
    said = next((texts[name] for name in _TEXTS if name in texts), None)
    text = event.detail or (event.label if event.is_made_up else "")
    if said is not None and text:
        yield [Edit((*path, said), each) for each in (text, event.label or text)]
    for name in _SUBJECTS if event.wrongs else ():
        if name in texts:
            yield [Edit((*path, texts[name]), event.wrongs[0].field.removeprefix("/"))]
    if event.is_made_up:
        phrase = phrase_of(event.status)
        yield from (
            [Edit((*path, texts[name]), phrase)]
            for name in _NAMES
            if name in texts and texts[name] != said
        )
        codes = [texts[name] for name in _CODES if name in texts]
        yield from (
            [Edit((*path, name), each) for each in _codes(event.status)]
            for name in codes
            if not str(value[name]).isdecimal()
        )
        kind = texts.get("type", "")
        if kind and ":" not in str(value[kind]):
            yield [Edit((*path, kind), each) for each in (*_codes(event.status), *_TYPES)]
    for name, member in value.items():
        if _plain(name) not in _STATUSES or isinstance(member, bool):
            continue
        if isinstance(member, int):
            yield [Edit((*path, name), event.status)]
        elif isinstance(member, str) and member.isdecimal():
            yield [Edit((*path, name), str(event.status))]


def _codes(status: int) -> tuple[str, ...]:
    """Names of a failure for programs, as documents write them."""
    words = phrase_of(status).lower().replace("-", " ").split()
    small = "_".join(words)
    return small, small.upper(), "".join(word.capitalize() for word in words)


def phrase_of(status: int) -> str:
    """The phrase of RFC 9110 for a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _stories(value: Json, path: Path, kept: Sequence[str]) -> Iterator[Edit]:
    """Members that were made up and tell of something else."""
    if not isinstance(value, Mapping):
        return
    for name, member in value.items():
        known = _plain(name)
        if isinstance(member, Mapping) and known in _HOLDERS and len(path) < _DEEPEST:
            yield from _stories(member, (*path, name), kept)
        elif known in kept:
            continue
        elif known not in _KEPT and known not in _LISTS and not isinstance(member, bool):
            yield Edit((*path, name), GONE)


def _fault_lists(value: Json, path: Path, *, inside: bool) -> Iterator[tuple[Path, Sequence[Json]]]:
    """Every list that tells of faults one by one; `inside` of what is called so all lists do."""
    if isinstance(value, list | tuple):
        if value and (inside or _tells(value[0])):
            yield path, value
    elif isinstance(value, Mapping) and len(path) < _DEEPEST:
        for name, member in value.items():
            known, last = _plain(name), (words_of(name) or ("",))[-1]
            named = inside or last in _LISTS
            if isinstance(member, list | tuple):
                yield from _fault_lists(member, (*path, name), inside=named)
            elif known in _HOLDERS:
                yield from _fault_lists(member, (*path, name), inside=True)


def _tells(item: Json) -> bool:
    return isinstance(item, Mapping) and any(_plain(name) in _TEXTS for name in item)


def _listed(
    value: Json, path: Path, items: Sequence[Json], event: Event, is_valid: IsValid
) -> Json:
    """`value` with the real faults in the list at `path`."""
    template = items[0]
    wrongs = event.wrongs[:_MOST_ITEMS]
    tries: list[list[Json]] = [] if wrongs else [[]]
    real = wrongs or [Wrong("", event.detail, event.detail)]
    for some in (real, real[:1]):
        for amount in (3, 2, 1):
            tries.append([_item(template, wrong, amount) for wrong in some])
    return _first_valid(value, [Edit(path, each) for each in tries], is_valid)


def _item(template: Json, wrong: Wrong, amount: int) -> Json:
    """One fault in the form of `template`; the higher `amount`, the more of it is replaced."""
    if isinstance(template, str):
        return wrong.line
    if not isinstance(template, Mapping):
        return template
    names = {_plain(name): name for name in template}
    made: dict[str, Json] = dict(template) if amount < 3 else _members(template)
    field = next((names[name] for name in _FIELDS if name in names), None)
    text = next((names[name] for name in _TEXTS if name in names), None)
    if text is not None:
        made[text] = wrong.text if field is not None and wrong.field else wrong.line
    if field is not None and amount > 1:
        made[field] = wrong.field if _plain(field) == "pointer" else wrong.field.removeprefix("/")
    if "loc" in names and amount > 1:
        made[names["loc"]] = [part for part in wrong.field.split("/") if part]
    for name in (*_CODES, "type", "rule") if amount > 1 else ():
        if isinstance(made.get(names.get(name, "")), str) and wrong.keyword:
            made[names[name]] = wrong.keyword
    for name in _VALUES if amount > 1 else ():
        if isinstance(template.get(names.get(name, "")), str):
            made[names[name]] = wrong.value
    return made


def _members(template: Mapping[str, Json]) -> dict[str, Json]:
    """Those that a fault can say something of."""
    known = {*_TEXTS, *_FIELDS, *_CODES, *_VALUES, "loc", "type", "rule"}
    return {name: member for name, member in template.items() if _plain(name) in known}


def _plain(name: str) -> str:
    return "".join(words_of(name))
