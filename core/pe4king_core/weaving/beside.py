"""A test beside an existing one, for checks that have no place in it.

Where a check is refused because of where the request stands (in a loop, on a crowded line, in a
block whose exceptions are handled), a new test makes the same request once, keeps the response
and checks it. The two are known by their names and the request, so weaving again adds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pe4king_core.model.fact import STATUS, AssertionFact, Equals, Literal
from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage, TestCall, TestFile, TestFunction
from pe4king_core.model.text import Edit, Span
from pe4king_core.testcode import is_covered
from pe4king_core.testcode.reasons import DEFERRED, LOOP, REASSIGNED
from pe4king_core.weaving.beside_text import Draft, draft_of, written
from pe4king_core.weaving.calls import weave_call
from pe4king_core.weaving.java_repeat import java_repeat
from pe4king_core.weaving.layout import line_end_behind, names_in
from pe4king_core.weaving.python_repeat import python_repeat
from pe4king_core.weaving.reasons import (
    BARE,
    CAUGHT,
    CHANGED,
    CONVERTED,
    CROWDED,
    FILLED_IN,
    HELPER_KEEPS,
    NOT_A_MEMBER,
    ONLY_BODY,
    ONLY_PART,
    UNSEEN_TYPE,
    stands_beside,
)
from pe4king_core.weaving.refusals import expected_status
from pe4king_core.weaving.repeats import certain_status, changes_nothing, speaks_of_itself
from pe4king_core.weaving.siblings import place_behind

Refused = tuple[tuple[AssertionFact, Message], ...]

_OF_PLACE = frozenset(
    {BARE, CAUGHT, CHANGED, CONVERTED, CROWDED, FILLED_IN, HELPER_KEEPS, NOT_A_MEMBER, ONLY_BODY}
    | {ONLY_PART, UNSEEN_TYPE, LOOP, REASSIGNED, DEFERRED}
)
"""Reasons that speak of where the request stands, not of what is asked."""
_FAILURE = 400
_COUNTED = re.compile(r"(?:_?(\d+))?")


@dataclass(frozen=True, slots=True)
class Beside:
    """Insertions for tests beside one test, their names, and what is refused still."""

    edits: tuple[Edit, ...] = ()
    imports: frozenset[str] = frozenset()
    refused: Refused = ()
    names: tuple[str, ...] = ()


def said_beside(file: TestFile, test: TestFunction, facts: Sequence[AssertionFact]) -> Refused:
    """Facts that the test need not check, as it stands beside another one that does."""
    found: list[tuple[AssertionFact, Message]] = []
    for other in _neighbours(file, test):
        if _number(other, test) is None:
            continue
        for call in test.calls:
            same = [each for each in other.calls if _is_twin(file, other, each, test, call)]
            found += [
                (fact, stands_beside(other.name))
                for fact in facts
                if fact.call == call.id
                and any(is_covered(other, replace(fact, call=each.id)) for each in same)
            ]
    return tuple(found)


def weave_beside(file: TestFile, test: TestFunction, refused: Refused) -> Beside:
    """What of `refused` can be checked by tests beside `test`, one for each request."""
    result = Beside(refused=refused)
    for call in test.calls:
        about = tuple(pair for pair in refused if pair[0].call == call.id)
        left = tuple(pair for pair in about if pair[1] in _OF_PLACE and speaks_of_itself(pair[0]))
        status = certain_status(test, call, [fact for fact, _ in about])
        if not left or status is None or test.damaged or call.unresolved is not None:
            continue
        facts = [fact for fact, _ in left if fact.when in (None, status)]
        there = _sibling(file, test, call)
        if there is not None:
            result = _joined(result, _write_on(file, there, facts))
        elif any(other.span == call.span for other in test.calls if other is not call):
            continue
        elif status < _FAILURE or CAUGHT not in [reason for _, reason in left]:
            result = _joined(result, _write_new(file, test, call, facts, status, result.names))
    return result


@dataclass(frozen=True, slots=True)
class _Made:
    """What became of the facts of one request; `settled` are added or have a better reason."""

    edits: tuple[Edit, ...] = ()
    imports: frozenset[str] = frozenset()
    added: tuple[AssertionFact, ...] = ()
    told: Refused = ()
    name: str = ""


def _joined(result: Beside, made: _Made) -> Beside:
    told = [fact for fact, _ in made.told]
    kept = tuple(
        (fact, made.told[told.index(fact)][1] if fact in told else reason)
        for fact, reason in result.refused
        if fact not in made.added
    )
    names = (*result.names, *([made.name] if made.edits else []))
    return Beside((*result.edits, *made.edits), result.imports | made.imports, kept, names)


def _write_on(
    file: TestFile, there: tuple[TestFunction, TestCall], facts: Sequence[AssertionFact]
) -> _Made:
    """`facts` into a test beside that is there already, as far as it does not check them."""
    sibling, call = there
    told = [fact for fact in facts if is_covered(sibling, replace(fact, call=call.id))]
    left = [replace(fact, call=call.id) for fact in facts if fact not in told]
    woven = weave_call(file, sibling, call, left)
    kept = [fact for fact, _ in woven.refused]
    added = tuple(
        fact for fact in facts if fact not in told and replace(fact, call=call.id) not in kept
    )
    reason = stands_beside(sibling.name)
    settled = tuple((fact, reason) for fact in told)
    return _Made(woven.edits, woven.imports, added, settled, sibling.name)


def _write_new(
    file: TestFile,
    test: TestFunction,
    call: TestCall,
    facts: Sequence[AssertionFact],
    status: int,
    taken: Sequence[str],
) -> _Made:
    """A new test with `facts`, where the request can certainly be made again."""
    if not changes_nothing(test) or test.parametrized or call.setup:
        return _Made()
    if line_end_behind(file, test.span.end) is None:
        return _Made()
    name = _free_name(file, test, taken)
    repeater = python_repeat if file.language is SourceLanguage.PYTHON else java_repeat
    repeat = repeater(file, test, call) if name else None
    if repeat is None:
        return _Made()
    draft = draft_of(file, test, call, repeat, name)
    return _filled(file, test, draft, facts, status)


def _filled(
    file: TestFile,
    test: TestFunction,
    draft: Draft,
    facts: Sequence[AssertionFact],
    status: int,
) -> _Made:
    [call] = draft.test.calls
    stated = [replace(fact, call=call.id) for fact in facts]
    if not any(fact.subject == STATUS for fact in stated):
        stated.insert(0, AssertionFact(call.id, STATUS, Equals(Literal(status))))
    woven = weave_call(draft.file, draft.test, call, stated)
    turned_away = [fact for fact, _ in woven.refused]
    added = tuple(fact for fact in facts if replace(fact, call=call.id) not in turned_away)
    if not added or any(fact.subject == STATUS for fact, _ in woven.refused):
        return _Made()
    place, gap = place_behind(file, test)
    edit = Edit(Span(place, place), gap + written(draft, woven.edits))
    return _Made((edit,), woven.imports, added, (), draft.test.name)


def _sibling(
    file: TestFile, test: TestFunction, call: TestCall
) -> tuple[TestFunction, TestCall] | None:
    """The test beside `test` that makes the request of `call`, and its call."""
    for other in _neighbours(file, test):
        if _number(test, other) is None or other.damaged:
            continue
        for each in other.calls:
            if _is_twin(file, other, each, test, call):
                return other, each
    return None


def _is_twin(
    file: TestFile, other: TestFunction, theirs: TestCall, test: TestFunction, call: TestCall
) -> bool:
    """Whether two tests make the same request and do not expect different statuses."""
    statuses = {expected_status(other, theirs, ()), expected_status(test, call, ())} - {None}
    return len(statuses) < 2 and _same_request(file, theirs, call)


def _same_request(file: TestFile, one: TestCall, other: TestCall) -> bool:
    """Whether two calls send the same: as written, or as far as the request is read."""
    if "".join(one.span.of(file.text).split()) == "".join(other.span.of(file.text).split()):
        return True
    read = one.unresolved is None and other.unresolved is None
    return read and (one.method, one.path, one.parts) == (other.method, other.path, other.parts)


def _neighbours(file: TestFile, test: TestFunction) -> list[TestFunction]:
    scope = test.qualified_name.rpartition(".")[0]
    return [
        other
        for other in file.tests
        if other.qualified_name.rpartition(".")[0] == scope and other.name != test.name
    ]


def _stem(test: TestFunction) -> str:
    """The name of a test beside: `test_list_answer`, `listAnswer`."""
    camel = test.language is SourceLanguage.JAVA or re.fullmatch(r"test[A-Z]\w*", test.name)
    spelled = "_" in test.name and (test.language is SourceLanguage.PYTHON)
    return f"{test.name}Answer" if camel and not spelled else f"{test.name}_answer"


def _number(test: TestFunction, other: TestFunction) -> int | None:
    """Which of the tests beside `test` the name of `other` says it is; None for none."""
    stem = _stem(test)
    found = _COUNTED.fullmatch(other.name.removeprefix(stem))
    if found is None or not other.name.startswith(stem):
        return None
    return int(found[1] or 1)


def _free_name(file: TestFile, test: TestFunction, taken: Sequence[str]) -> str:
    """A name for one more test beside; empty where one of that name does something else."""
    stem = _stem(test)
    used = names_in(file.text) | set(taken)
    known = {other.name for other in _neighbours(file, test) if _is_pair(file, test, other)}
    number = 1
    name = stem
    while name in used:
        if name not in known and name not in taken:
            return ""
        number += 1
        name = f"{stem}_{number}" if "_" in stem else f"{stem}{number}"
    return name


def _is_pair(file: TestFile, test: TestFunction, other: TestFunction) -> bool:
    return any(_is_twin(file, other, each, test, one) for one in test.calls for each in other.calls)
