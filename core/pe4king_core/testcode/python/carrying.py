"""What a Python request carries: parameters, headers, cookies, and the leaves of its body."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import unquote_plus

from pe4king_core.model.fact import ChangeIn
from pe4king_core.model.json import split
from pe4king_core.testcode.carried import leaves
from pe4king_core.testcode.python.objects import Dumped, Instance, Record
from pe4king_core.testcode.values import Hole, Known, Value, plain

Carried: TypeAlias = "tuple[ChangeIn, str, str]"


def named(where: ChangeIn, value: Value) -> Iterator[Carried]:
    """Parameters by name; of a list each item. One without a name: there may be others."""
    for pointer, text in leaves(value, _members):
        if pointer or not text:
            yield where, (*split(pointer), "")[0], text


def in_body(value: Value) -> Iterator[Carried]:
    """The leaves of a body."""
    content = plain(value)
    if isinstance(content, Known) and isinstance(content.value, str):
        content = _parsed(content)
    for pointer, text in leaves(content, _members):
        yield ChangeIn.BODY, pointer, text


def in_path(parts: Sequence[str | Hole]) -> Iterator[Carried]:
    """The query that is written into a path."""
    text = "".join(part if isinstance(part, str) else "\0" for part in parts)
    for name, value in re.findall(r"[?&]([\w.\-\[\]]+)=([^&#]*)", text):
        known = "" if "\0" in value else json.dumps(unquote_plus(value), ensure_ascii=False)
        yield ChangeIn.QUERY, name, known


def _parsed(content: Known) -> Value:
    """A body that is written as text; one that is no JSON is a text."""
    try:
        return Known(json.loads(str(content.value)))
    except (ValueError, RecursionError):
        return content


def _members(value: Value) -> tuple[Mapping[str, Value], bool] | None:
    match value:
        case Record(members, complete):
            return members, complete
        case Dumped(content):
            return _members(plain(content))
        case Instance(attributes=attributes):
            return {n: v for n, v in attributes.items() if v != Known(None)}, True
    return None
