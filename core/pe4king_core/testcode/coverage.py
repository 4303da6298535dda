"""Whether a test checks a fact already, by the same or by a stronger assertion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pe4king_core.model.fact import (
    AssertionFact,
    Check,
    Contains,
    Equals,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    NotNull,
    OneOf,
    Presence,
    Subject,
    SubjectKind,
)
from pe4king_core.model.json import EACH, Json, join, split
from pe4king_core.model.schema import JsonType
from pe4king_core.model.source import SourceLanguage, TestAssertion, TestFunction
from pe4king_core.testcode.implication import implies, satisfies

_HAS_SIZE = re.compile(r"[\s,(](?:\w+\.)*hasSize\(")
"""Hamcrest's matcher, which only arrays satisfy; Python's `len` is asked of texts as well."""
_NUMBER_LOOKS = {
    JsonType.INTEGER: ("^-?\\d+$", "^\\d+$", "^[0-9]+$"),
    JsonType.NUMBER: ("^-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?$", "^-?\\d+$", "^\\d+$"),
    JsonType.BOOLEAN: ("^(?:true|false)$",),
}


@dataclass(frozen=True, slots=True)
class _Said:
    """What one assertion says: the check, whether null or absence pass it as well."""

    assertion: TestAssertion
    presence: Presence
    nullable: bool = False


def _is_sized(assertion: TestAssertion) -> bool:
    """Whether a Java assertion speaks of an array's size, in a helper as well."""
    if _HAS_SIZE.search(assertion.text):
        return True
    sized = isinstance(assertion.check, HasSize) and assertion.check.bounds.high != 0
    return bool(assertion.via) and sized


def is_covered(test: TestFunction, fact: AssertionFact) -> bool:
    """Whether the assertions of `test` leave nothing of `fact` unchecked."""
    said = [
        each
        for each in (_said(assertion, fact) for assertion in test.assertions)
        if each is not None
    ]
    loose = test.language is SourceLanguage.JAVA
    if fact.presence is Presence.ABSENT:
        return any(
            each.presence is Presence.ABSENT
            and _same_place(each.assertion.subject, fact.subject, loose=loose)
            for each in said
        )
    required = fact.presence is Presence.REQUIRED
    if required and not any(_shows_presence(each, fact, loose=loose) for each in said):
        return False
    return fact.check is None or all(
        _is_checked(said, fact, check, loose=loose) for check in _parts(fact)
    )


def _parts(fact: AssertionFact) -> tuple[Check, ...]:
    """The check of `fact`, the two ends of an interval each for itself."""
    match fact.check:
        case None:
            return ()
        case HasType(types) if fact.nullable:
            return (HasType(types | {JsonType.NULL}),)
        case OneOf(values) if fact.nullable:
            return (OneOf((*values, None)),)
        case InRange(bounds) | HasSize(bounds) | HasLength(bounds) if (
            bounds.low is not None and bounds.high is not None
        ):
            low = replace(bounds, high=None, exclusive_high=False)
            high = replace(bounds, low=None, exclusive_low=False)
            return (replace(fact.check, bounds=low), replace(fact.check, bounds=high))
    return (fact.check,)


def _is_checked(said: Sequence[_Said], fact: AssertionFact, check: Check, *, loose: bool) -> bool:
    """Whether `check` is made wherever `fact` wants it."""
    passing = [each for each in said if _shows_check(each, fact.subject, check, loose=loose)]
    tolerant = fact.presence is not Presence.REQUIRED or fact.nullable or _accepts_null(check)
    if tolerant or any(not each.nullable for each in passing):
        return bool(passing)
    return bool(passing) and any(
        _shows_check(each, fact.subject, NotNull(), loose=loose) and not each.nullable
        for each in said
    )


def _said(assertion: TestAssertion, fact: AssertionFact) -> _Said | None:
    """What `assertion` says about answers for which `fact` speaks; None where it says nothing."""
    if assertion.call != fact.call or assertion.subject is None:
        return None
    if not assertion.conditional:
        return _Said(assertion, assertion.presence)
    if assertion.opaque or assertion.when not in (None, fact.when):
        return None
    allowed = {(each.pointer, each.values) for each in fact.conditions}
    if any((each.pointer, each.values) not in allowed for each in assertion.conditions):
        return None
    itself = {fact.subject.name} if isinstance(fact.check, Contains) else set()
    allowed_guards = {*fact.guards, *itself}
    if EACH in split(fact.subject.name) and fact.guards:
        allowed_guards |= {
            each for each in assertion.guards if _spread(each)[1] == _spread(fact.subject.name)[1]
        }
    if not set(assertion.guards) <= allowed_guards:
        return None
    if itself & set(assertion.guards):
        return _Said(assertion, Presence.IF_PRESENT, nullable=True)
    return _Said(assertion, assertion.presence, assertion.nullable)


def _accepts_null(check: Check) -> bool:
    return not implies(check, NotNull())


def _same_place(left: Subject | None, right: Subject, *, loose: bool) -> bool:
    if left is None or left.kind is not right.kind:
        return False
    if left.kind is SubjectKind.HEADER:
        return left.name.lower() == right.name.lower()
    return left.name == right.name or (loose and _spread(left.name) == _spread(right.name))


def _spread(pointer: str) -> tuple[bool, tuple[str, ...]]:
    """A pointer as GPath can tell it: names, and whether there are items somewhere."""
    tokens = split(pointer)
    return EACH in tokens, tuple(token for token in tokens if token != EACH)


def _shows_presence(said: _Said, fact: AssertionFact, *, loose: bool) -> bool:
    """Whether the assertion fails where the subject of `fact` is missing."""
    subject, wanted = said.assertion.subject, fact.subject
    is_body = subject is not None and subject.kind is wanted.kind is SubjectKind.BODY
    if is_body and not wanted.name and said.presence is not Presence.ABSENT:
        return True
    if subject is None or said.presence is not Presence.REQUIRED:
        return False
    if _same_place(subject, wanted, loose=loose):
        return True
    if subject.kind is not SubjectKind.BODY or wanted.kind is not SubjectKind.BODY:
        return False
    if wanted.name.endswith("/" + EACH):
        return True
    if subject.name.startswith(wanted.name + "/"):
        return True
    match said.assertion.check:
        case Contains(Literal(str() as key)) if join(subject.name, key) == wanted.name:
            return True
    return _literal_at(said.assertion, wanted.name) is not None


def _shows_check(said: _Said, subject: Subject, check: Check, *, loose: bool) -> bool:
    assertion = said.assertion
    if assertion.subject is None:
        return False
    if _same_place(assertion.subject, subject, loose=loose):
        if subject.kind is SubjectKind.HEADER and isinstance(check, HasType):
            return _looks_like(assertion.check, check.types)
        if isinstance(check, HasType) and loose and _is_sized(assertion):
            return JsonType.ARRAY in check.types or implies(assertion.check, check)
        return implies(assertion.check, check)
    if subject.kind is not SubjectKind.BODY or assertion.subject.kind is not SubjectKind.BODY:
        return False
    if isinstance(check, NotNull | HasType) and _below(assertion.subject, subject):
        return isinstance(check, NotNull) or JsonType.OBJECT in check.types
    if isinstance(check, Contains) and isinstance(check.operand, Literal):
        member = check.operand.value
        if isinstance(member, str) and assertion.check is None:
            return assertion.subject.name == join(subject.name, member)
    values = _literal_at(assertion, subject.name)
    return values is not None and all(satisfies(value, check) for value in values)


def _below(inner: Subject, outer: Subject) -> bool:
    """Whether reading `inner` needs an object at `outer`."""
    rest = inner.name[len(outer.name) + 1 :] if inner.name.startswith(outer.name + "/") else ""
    first = rest.partition("/")[0]
    return bool(first) and first != EACH and not first.isdecimal()


def _looks_like(check: Check | None, types: frozenset[JsonType]) -> bool:
    """Headers are texts: a type is told by how the text looks."""
    looks = {pattern for each in types for pattern in _NUMBER_LOOKS.get(each, ())}
    if JsonType.STRING in types:
        return check is not None
    if isinstance(check, InRange):
        return JsonType.NUMBER in types
    if JsonType.BOOLEAN in types and isinstance(check, OneOf):
        return set(check.values) <= {"true", "false"}
    return isinstance(check, Matches) and check.pattern in looks


def _literal_at(assertion: TestAssertion, pointer: str) -> tuple[Json, ...] | None:
    """What the literal that a whole ancestor is compared with holds at `pointer`."""
    subject, check = assertion.subject, assertion.check
    is_literal = isinstance(check, Equals) and isinstance(check.operand, Literal)
    if not is_literal or subject is None or not pointer.startswith(subject.name + "/"):
        return None
    found: Sequence[Json] = (check.operand.value,)  # type: ignore[union-attr]  # a literal
    for token in split(pointer[len(subject.name) :]):
        following: list[Json] = []
        for value in found:
            if token == EACH and isinstance(value, list | tuple):
                following += value
            elif isinstance(value, dict) and token in value:
                following.append(value[token])
            elif isinstance(value, list | tuple) and token.isdecimal() and int(token) < len(value):
                following.append(value[int(token)])
            else:
                return None
        found = following
    return tuple(found)
