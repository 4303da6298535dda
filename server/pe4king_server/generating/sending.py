"""A file of tests on its way from a child to its parent.

There are thousands of outlines of cases: as columns of plain values they cost less than half of
what they cost as objects.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import starmap
from operator import attrgetter
from typing import Any, TypeAlias

from pe4king_core.model.message import Message
from pe4king_core.rendering.written import CaseOutline, WrittenTests

Sent: TypeAlias = tuple[WrittenTests, tuple[tuple[Any, ...], ...]]
"""A file without its cases, and a column of all cases for each of `_FIELDS`."""

_FIELDS = ("id", "name", "operation", "kind", "behaviour", "value", "title.en", "title.ru")
_values = attrgetter(*_FIELDS)


def sent(made: WrittenTests) -> Sent:
    """What `received` makes `made` of."""
    return replace(made, cases=()), tuple(zip(*map(_values, made.cases), strict=True))


def received(item: Any) -> WrittenTests:
    """The file of tests. Raises ValueError where a child says something else."""
    match item:
        case (WrittenTests() as made, ()):
            return made
        case (WrittenTests() as made, (*plain, english, russian)) if len(plain) == len(_FIELDS) - 2:
            rows = zip(*plain, map(Message, english, russian), strict=True)
            return replace(made, cases=tuple(starmap(CaseOutline, rows)))
    raise ValueError("this is no file of tests")
