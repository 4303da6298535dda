"""Which generated tests a file has already, told by their names, and which the user wants gone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from pe4king_core.model.case import TestCase
from pe4king_core.model.fact import Basis, CaseKind
from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode.incremental import TestReader

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
    """A case, the name of its test in the format at hand, and its state."""

    id: str
    name: str
    operation: str
    kind: CaseKind
    behaviour: bool
    """Whether it rests on a law, not on the document alone."""
    value: int
    title: Message
    state: State

    @classmethod
    def of(cls, case: TestCase, name: str, state: State) -> NamedCase:
        """What is kept of `case`; its request and assertions are not."""
        law = case.basis is Basis.LAW
        key = case.operation.key
        return cls(case.id, name, key, case.kind, law, case.value, case.title, state)


@dataclass(frozen=True, slots=True)
class Presence:
    """The cases of one file, and the tests there that belong to none of them."""

    cases: tuple[NamedCase, ...]
    others: tuple[str, ...] = ()

    def those(self, state: State) -> tuple[NamedCase, ...]:
        """The cases in `state`."""
        return tuple(each for each in self.cases if each.state is state)


def all_in(cases: Sequence[TestCase], names: Sequence[str], state: State) -> Presence:
    """Every case in the same state."""
    return Presence(
        tuple(NamedCase.of(case, name, state) for case, name in zip(cases, names, strict=True))
    )


def compare(
    cases: Sequence[TestCase], rendered: str, existing: str, language: SourceLanguage
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
        named.append(NamedCase.of(case, name, state))
    known = {name for name, _ in wanted}
    return Presence(tuple(named), tuple(name for name in there if name not in known))


def tests_in(text: str, language: SourceLanguage) -> list[tuple[str, str]]:
    """The names and sources of the tests in `text`, in their order."""
    places = TestReader(language).places(text)
    return [(place.name.of(text), place.span.of(text)) for _, place in places]


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
