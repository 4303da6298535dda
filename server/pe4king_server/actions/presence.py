"""Which generated tests a file has already, told by their names, and which the user wants gone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from pe4king_core.model.source import SourceLanguage
from pe4king_core.rendering.written import CaseOutline
from pe4king_server.generating.names import tests_in

_LEAVE_OUT = re.compile(r"pe4king:\s*leave out\s+([^\r\n]+)")


class State(StrEnum):
    """What has become of a case in the file that its test goes to."""

    NEW = "new"
    THERE = "there"
    EDITED = "edited"
    """It is there, and its code is not what would be written now."""
    LEFT_OUT = "left-out"
    """A comment in the file asks for that."""


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case by the name of its test in the format at hand, and its state."""

    case: CaseOutline
    name: str
    state: State


@dataclass(frozen=True, slots=True)
class Presence:
    """The cases of one file, and the tests there that belong to none of them."""

    cases: tuple[NamedCase, ...]
    others: tuple[str, ...] = ()

    def those(self, state: State) -> tuple[NamedCase, ...]:
        """The cases in `state`."""
        return tuple(each for each in self.cases if each.state is state)


def all_in(cases: Sequence[CaseOutline], names: Sequence[str], state: State) -> Presence:
    """Every case in the same state."""
    return Presence(
        tuple(NamedCase(case, name, state) for case, name in zip(cases, names, strict=True))
    )


def compare(
    cases: Sequence[CaseOutline], rendered: str, existing: str, language: SourceLanguage
) -> Presence:
    """What `existing` has of `cases`, whose tests `rendered` holds in their order."""
    wanted = tests_in(rendered, language)
    there = dict(tests_in(existing, language))
    excluded = left_out(existing)
    named: list[NamedCase] = []
    for case, (name, code) in zip(cases, wanted, strict=True):
        if name in there:
            state = State.THERE if _same(there[name], code) else State.EDITED
        else:
            state = State.LEFT_OUT if _is_excluded(name, excluded) else State.NEW
        named.append(NamedCase(case, name, state))
    known = {name for name, _ in wanted}
    return Presence(tuple(named), tuple(name for name in there if name not in known))


def _same(left: str, right: str) -> bool:
    """Whether two sources differ in their line ends and indentation at most."""
    return [line.strip() for line in left.splitlines()] == [
        line.strip() for line in right.splitlines()
    ]


def left_out(text: str) -> tuple[str, ...]:
    """The patterns of `pe4king: leave out test_a, test_b_*` in comments of `text`."""
    return tuple(
        pattern
        for found in _LEAVE_OUT.finditer(text)
        for pattern in re.split(r"[,\s]+", found[1])
        if pattern and pattern not in ("*/", "-->")
    )


def _is_excluded(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
