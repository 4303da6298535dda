"""Errors that say what was wrong: in the document's words where it has some, else RFC 9457."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus

from pe4king_core.generation.wording import words_of
from pe4king_core.mock.answers.bodies import as_json
from pe4king_core.mock.answers.edits import Edit, Path, applied
from pe4king_core.mock.exchange import Answer
from pe4king_core.model.json import Json

_TEXTS = (
    *("detail", "message", "errormessage", "errordescription", "description", "msg", "reason"),
    *("title", "error"),
)
_STATUSES = frozenset({"status", "statuscode", "code", "errorcode", "httpstatus", "httpcode"})
_HOLDERS = frozenset({"error", "errors", "detail", "details", "problem", "fault"})
_DEEPEST = 3


def told(value: Json, status: int, detail: str, is_valid: Callable[[Json], bool]) -> Json:
    """`value` of an error with its status and what is wrong, where the schema has room for it."""
    for edit in _edits(value, (), status, detail):
        value = applied(value, [edit], is_valid)
    return value


def _edits(value: Json, path: Path, status: int, detail: str) -> Iterator[Edit]:
    if isinstance(value, list | tuple):
        for item in value[:1]:
            yield from _edits(item, (*path, 0), status, detail)
    elif isinstance(value, Mapping):
        yield from _own(value, path, status, detail)
        for name, member in value.items() if len(path) < _DEEPEST else ():
            if "".join(words_of(name)) in _HOLDERS:
                yield from _edits(member, (*path, name), status, detail)


def _own(value: Mapping[str, Json], path: Path, status: int, detail: str) -> Iterator[Edit]:
    texts = {"".join(words_of(name)): name for name, text in value.items() if isinstance(text, str)}
    said = next((texts[name] for name in _TEXTS if name in texts), None)
    if said is not None and detail:
        yield Edit((*path, said), detail)
    for name, member in value.items():
        if "".join(words_of(name)) not in _STATUSES or isinstance(member, bool):
            continue
        if isinstance(member, int):
            yield Edit((*path, name), status)
        elif isinstance(member, str) and member.isdecimal():
            yield Edit((*path, name), str(status))


PROBLEM = "application/problem+json"


def problem(status: int, detail: str, media_type: str = PROBLEM) -> Answer:
    """An answer for which the document has no words: RFC 9457, or nothing for a success."""
    if status < 400:
        return Answer(status)
    try:
        title = HTTPStatus(status).phrase
    except ValueError:
        title = "Error"
    members: dict[str, Json] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
    }
    return Answer(status, (("Content-Type", media_type),), as_json(members))
