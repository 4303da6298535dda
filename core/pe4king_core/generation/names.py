"""Names of tests: say what is tested, are valid identifiers in any script, never collide."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pe4king_core.model.case import TestCase, TestModel
from pe4king_core.model.humps import spaced_humps
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.record import replace

MAX_NAME = 100
_MAX_OPERATION = 60
"""Characters that the operation's part may have where the name is too long for both."""
_MAX_SUMMARY = 80
_RETURNS = "returns"
_GAPS = re.compile(r"[^a-z0-9]+")
_UNICODE_GAPS = re.compile(r"[\W_]+")
_SIGN = re.compile(r" [-+](?=\w)")
_PARAMETER = re.compile(r"\{([^{}]*)\}")
_SAYS_NOTHING = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "trace", "query"}
    | {"list", "create", "read", "update", "remove", "find", "add", "index", "show", "search"}
    | {"operation", "endpoint", "call", "request", "handler", "test"}
)


@lru_cache(maxsize=8192)
def words(text: str) -> str:
    """`text` as snake_case: `listBooks` is `list_books`, `X-Api-Key` is `x_api_key`."""
    if text.isascii():
        return _GAPS.sub("_", spaced_humps(text, "_").lower()).strip("_")
    spaced = spaced_humps(unicodedata.normalize("NFKC", text), "_").lower()
    named = "".join(c if f"_{c}".isidentifier() else "_" for c in spaced)
    return _UNICODE_GAPS.sub("_", named).strip("_")


def operation_name(operation: Operation) -> str:
    """The operation in snake_case: its operationId, else method and path."""
    named = words(operation.operation_id or "")
    return named if named and named not in _SAYS_NOTHING else _name_of_path(operation)


def _name_of_path(operation: Operation) -> str:
    path = _PARAMETER.sub(r"by \1", operation.path)
    return words(f"{operation.method.lower()} {path}") or operation.method.lower()


def human_name(operation: Operation) -> str:
    """The operation for a reader: its summary, else the words of its operationId, else its key."""
    summary = " ".join(operation.summary.split()).rstrip(".")
    if summary:
        return shortened(summary, _MAX_SUMMARY, " ")
    named = words(operation.operation_id or "")
    if named and named not in _SAYS_NOTHING:
        return shortened(named.replace("_", " ").capitalize(), _MAX_SUMMARY, " ")
    return operation.key


def shortened(text: str, most: int, gap: str) -> str:
    """`text` cut between two words where it is longer than `most`."""
    if len(text) <= most:
        return text
    whole, _, _ = text[: most + 1].rpartition(gap)
    return whole or text[:most]


class OperationNames:
    """The names of a document's operations; an operationId that several share names none."""

    __slots__ = ("_ids", "_names")

    def __init__(self, operations: Iterable[Operation]) -> None:
        known = list(operations)
        self._names = Counter(words(item.operation_id or "") for item in known)
        self._ids = Counter(item.operation_id for item in known)

    def of(self, operation: Operation) -> str:
        """What the names of the operation's tests begin with."""
        shared = self._names[words(operation.operation_id or "")] > 1
        return _name_of_path(operation) if shared else operation_name(operation)

    def id_of(self, operation: Operation) -> str:
        """What the ids of the operation's cases begin with: its operationId, else its key."""
        own = operation.operation_id
        return own if own and self._ids[own] == 1 else operation.key


def case_name(operation: str, title: str) -> str:
    """`create_order_rejects_quantity_below_minimum`, shortened at words where it is too long.

    The operation's part gives way first: what is tested should stay readable.
    """
    what = words(_SIGN.sub(_said, title) if "-" in title or "+" in title else title)
    if operation.endswith(_RETURNS) and what.startswith(f"{_RETURNS}_"):
        what = f"answers{what.removeprefix(_RETURNS)}"  # returns of goods, for one
    name = f"{operation}_{what}"
    if len(name) > MAX_NAME:
        room = max(_MAX_OPERATION, MAX_NAME - len(what) - 1)
        start = shortened(operation, min(room, MAX_NAME - 2), "_")
        name = shortened(f"{start}_{what}", MAX_NAME, "_")
    return name if name.isidentifier() else f"_{name}"


def _said(sign: re.Match[str]) -> str:
    return " minus " if sign.group() == " -" else " plus "


def told_apart(titles: Sequence[Message], places: Sequence[tuple[str, ...]]) -> list[Message]:
    """`titles` of one operation; those that are alike name the whole place of their change.

    `places` are the names that lead to each change (`shipping`, `address`, `street`); the last
    of them stands in the title.
    """
    count = Counter(title.en for title in titles)
    return [
        _placed(title, place) if count[title.en] > 1 and len(place) > 1 else title
        for title, place in zip(titles, places, strict=True)
    ]


def _placed(title: Message, place: tuple[str, ...]) -> Message:
    last, whole = place[-1], ".".join(place)
    if last not in title.en:
        return Message(f"{title.en} in {whole}", f"{title.ru} в {whole}")
    return Message(title.en.replace(last, whole, 1), title.ru.replace(last, whole, 1))


def without_collisions(cases: Iterable[TestCase]) -> Iterator[TestCase]:
    """The cases with numbers behind names and ids that were used before."""
    names: set[str] = set()
    ids: set[str] = set()
    for case in cases:
        name, id_ = case.name, case.id
        if name in names:
            name = _free(name, "_", names)
        if id_ in ids:
            id_ = _free(id_, "-", ids)
        names.add(name)
        ids.add(id_)
        same = name == case.name and id_ == case.id
        yield case if same else replace(case, name=name, id=id_)


def _free(wanted: str, gap: str, used: set[str]) -> str:
    found, number = wanted, 2
    while found in used:
        found, number = f"{wanted}{gap}{number}", number + 1
    return found


def case_ids(model: TestModel) -> dict[str, str]:
    """The stable id of each case by its name, which rendered tests have in their own."""
    return {case.name: case.id for case in model.cases}
