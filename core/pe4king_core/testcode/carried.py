"""What a request carries, leaf by leaf: where each value goes, and its text where it is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from pe4king_core.model.json import Json, join
from pe4king_core.testcode.values import Items, Known, Rows, Value, plain

Members = Callable[[Value], tuple[Mapping[str, Value], bool] | None]
"""The members of an object of one language, and whether these are all; None of anything else."""
Leaf = tuple[str, str]
"""A pointer, and the value there as JSON text; "" where it, or a part of it, is not known."""

_DEEPEST = 12
_MOST = 400
"""No more leaves than this of one value: longer lists repeat themselves."""


def leaves(value: Value, members: Members) -> tuple[Leaf, ...]:
    """The leaves of `value`; each row's, where it differs from row to row."""
    found = _leaves(value, members, "", 0)
    return tuple(leaf for leaf, _ in zip(found, range(_MOST), strict=False))


def _leaves(value: Value, members: Members, pointer: str, depth: int) -> Iterator[Leaf]:
    value = plain(value)
    if depth > _DEEPEST:
        yield pointer, ""
        return
    if isinstance(value, Known):
        yield from _known(value.value, pointer, depth)
        return
    if isinstance(value, Rows):
        for each in value.values:
            yield from _leaves(each, members, pointer, depth + 1)
        return
    if isinstance(value, Items):
        for index, each in enumerate(value.members):
            yield from _leaves(each, members, join(pointer, str(index)), depth + 1)
        return
    listed = members(value)
    if listed is None or not listed[1] or not listed[0]:
        yield pointer, "" if listed is None or not listed[1] else "{}"
    for name, each in listed[0].items() if listed is not None else ():
        yield from _leaves(each, members, join(pointer, name), depth + 1)


def _known(value: Json, pointer: str, depth: int) -> Iterator[Leaf]:
    inner: list[tuple[str, Json]] = []
    if isinstance(value, Mapping):
        inner = [(str(name), each) for name, each in value.items()]
    elif isinstance(value, Sequence) and not isinstance(value, str):
        inner = [(str(index), each) for index, each in enumerate(value)]
    if not inner or depth > _DEEPEST:
        yield pointer, _text(value)
        return
    for name, each in inner:
        yield from _known(each, join(pointer, name), depth + 1)


def _text(value: Json) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return ""  # bytes and the like are no JSON
