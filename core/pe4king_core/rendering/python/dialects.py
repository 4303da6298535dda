"""Conditions in the words of a test library: plain `assert`, unittest, pytest-check, PyHamcrest,
assertpy.

Where a library has no words that mean exactly the condition, the plain assertion is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias

from pe4king_core.rendering.python.conditions import Condition, Relation
from pe4king_core.rendering.python.text import call, raw_string

_Words: TypeAlias = Mapping[Relation, tuple[str, ...]]
"""The name of a function and its arguments, for each relation that it can say."""
_NO_IMPORTS: frozenset[str] = frozenset()
_APPROX = re.compile(r"pytest\.approx\((.*)\)", re.DOTALL)
_CALLED = re.compile(r"\b([a-z_]+)(?=\()")
_OPERAND = re.compile(r"\{\w+\}")
_GROUPS = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_PATTERNS = frozenset({Relation.SEARCH, Relation.FULLMATCH})


class Written(NamedTuple):
    """Lines without base indentation and the imports that they need."""

    lines: tuple[str, ...]
    imports: frozenset[str] = _NO_IMPORTS


class Dialect(Protocol):
    """The way of one test library to write assertions."""

    @property
    def says_or(self) -> bool:
        """Whether a choice of two conditions reads well as one assertion."""
        ...

    def write(self, condition: Condition, room: int) -> Written:
        """`condition` as assertions that are at most `room` columns wide where possible."""
        ...


def plain(condition: Condition) -> Written:
    """`condition` as the language's own assertion, which can say everything."""
    return Written((f"assert {condition.text}",), condition.imports)


@dataclass(frozen=True, slots=True)
class Plain:
    """`assert x == 1`."""

    says_or: bool = True

    def write(self, condition: Condition, room: int) -> Written:  # noqa: ARG002 - of the protocol
        """The condition as it stands; its text was broken to fit when it was made."""
        return plain(condition)


@dataclass(frozen=True, slots=True)
class CheckBlock:
    """`with check:` of pytest-check around plain assertions; `context` is the manager."""

    context: str = "check"
    says_or: bool = True

    def write(self, condition: Condition, room: int) -> Written:  # noqa: ARG002 - of the protocol
        """Every assertion in a block of its own, so that all failures are told."""
        inner = [f"    {line}" for line in f"assert {condition.text}".split("\n")]
        return Written((f"with {self.context}:", *inner), condition.imports)


_UNITTEST: _Words = {
    Relation.TRUE: ("assertTrue", "{left}"),
    Relation.EQUAL: ("assertEqual", "{left}", "{right}"),
    Relation.IS: ("assertIs", "{left}", "{right}"),
    Relation.NOTHING: ("assertIsNone", "{left}"),
    Relation.SOMETHING: ("assertIsNotNone", "{left}"),
    Relation.AT_LEAST: ("assertGreaterEqual", "{left}", "{right}"),
    Relation.ABOVE: ("assertGreater", "{left}", "{right}"),
    Relation.AT_MOST: ("assertLessEqual", "{left}", "{right}"),
    Relation.BELOW: ("assertLess", "{left}", "{right}"),
    Relation.KEY: ("assertIn", "{left}", "{right}"),
    Relation.NO_KEY: ("assertNotIn", "{left}", "{right}"),
    Relation.MEMBER: ("assertIn", "{left}", "{right}"),
    Relation.NO_MEMBER: ("assertNotIn", "{left}", "{right}"),
    Relation.ONE_OF: ("assertIn", "{left}", "{right}"),
    Relation.INSTANCE: ("assertIsInstance", "{left}", "{right}"),
    Relation.TYPE: ("assertIs", "type({left})", "{right}"),
    Relation.TYPES: ("assertIn", "type({left})", "{right}"),
    Relation.SEARCH: ("assertRegex", "{left}", "{pattern}"),
    Relation.FULLMATCH: ("assertRegex", "{left}", "{whole}"),
}
_CHECK: _Words = {
    Relation.TRUE: ("is_true", "{left}"),
    Relation.EQUAL: ("equal", "{left}", "{right}"),
    Relation.IS: ("is_", "{left}", "{right}"),
    Relation.NOTHING: ("is_none", "{left}"),
    Relation.SOMETHING: ("is_not_none", "{left}"),
    Relation.AT_LEAST: ("greater_equal", "{left}", "{right}"),
    Relation.ABOVE: ("greater", "{left}", "{right}"),
    Relation.AT_MOST: ("less_equal", "{left}", "{right}"),
    Relation.BELOW: ("less", "{left}", "{right}"),
    Relation.KEY: ("is_in", "{left}", "{right}"),
    Relation.NO_KEY: ("is_not_in", "{left}", "{right}"),
    Relation.MEMBER: ("is_in", "{left}", "{right}"),
    Relation.NO_MEMBER: ("is_not_in", "{left}", "{right}"),
    Relation.ONE_OF: ("is_in", "{left}", "{right}"),
    Relation.INSTANCE: ("is_instance", "{left}", "{right}"),
    Relation.TYPE: ("is_", "type({left})", "{right}"),
    Relation.TYPES: ("is_in", "type({left})", "{right}"),
}
_HAMCREST: Mapping[Relation, str] = {
    Relation.EQUAL: "equal_to({right})",
    Relation.IS: "same_instance({right})",
    Relation.NOTHING: "none()",
    Relation.SOMETHING: "not_none()",
    Relation.AT_LEAST: "greater_than_or_equal_to({right})",
    Relation.ABOVE: "greater_than({right})",
    Relation.AT_MOST: "less_than_or_equal_to({right})",
    Relation.BELOW: "less_than({right})",
    Relation.KEY: "has_key({left})",
    Relation.NO_KEY: "not_(has_key({left}))",
    Relation.ONE_OF: "is_in({right})",
    Relation.INSTANCE: "instance_of({right})",
    Relation.TYPE: "same_instance({right})",
    Relation.TYPES: "is_in({right})",
    Relation.SEARCH: "matches_regexp({pattern})",
    Relation.FULLMATCH: "matches_regexp({whole})",
}
_ASSERTPY: _Words = {
    Relation.EQUAL: ("is_equal_to", "{right}"),
    Relation.IS: ("is_same_as", "{right}"),
    Relation.NOTHING: ("is_none",),
    Relation.SOMETHING: ("is_not_none",),
    Relation.AT_LEAST: ("is_greater_than_or_equal_to", "{right}"),
    Relation.ABOVE: ("is_greater_than", "{right}"),
    Relation.AT_MOST: ("is_less_than_or_equal_to", "{right}"),
    Relation.BELOW: ("is_less_than", "{right}"),
    Relation.KEY: ("contains_key", "{left}"),
    Relation.NO_KEY: ("does_not_contain_key", "{left}"),
    Relation.ONE_OF: ("is_in", "{items}"),
    Relation.INSTANCE: ("is_instance_of", "{right}"),
    Relation.TYPE: ("is_type_of", "{right}"),
    Relation.TYPES: ("is_in", "{items}"),
    Relation.SEARCH: ("matches", "{pattern}"),
    Relation.FULLMATCH: ("matches", "{whole}"),
}


@dataclass(frozen=True, slots=True)
class Functions:
    """Assertions that are one call each: `self.assertEqual(a, b)`, `check.equal(a, b)`.

    `prefix` stands before the name; `approximately` compares numbers that were computed, where
    the suite may not have pytest.
    """

    prefix: str
    words: _Words = field(hash=False, repr=False)
    approximately: str = ""
    says_or: bool = False

    def write(self, condition: Condition, room: int) -> Written:
        """One call for each part of the condition."""
        return _joined([self._call(part, room) for part in condition.parts or (condition,)])

    def _call(self, condition: Condition, room: int) -> Written:
        words, imports = self.words.get(condition.relation), _needed(condition)
        if words is None and condition.relation in _PATTERNS:
            literal = raw_string(condition.right)
            test = f"re.{condition.relation}({literal}, {condition.left})"
            words, imports = self.words[Relation.TRUE], condition.imports
            condition = Condition(test)
        computed = _APPROX.fullmatch(condition.right) if self.approximately else None
        if computed is not None:
            arguments = [condition.left, computed[1]]
            return Written(_fitted(self.prefix + self.approximately, arguments, room))
        if words is None:
            return plain(condition)
        return Written(
            _fitted(self.prefix + words[0], _filled(words[1:], condition), room), imports
        )


def unittest(receiver: str = "self") -> Functions:
    """The assert methods of `unittest.TestCase`."""
    return Functions(f"{receiver}.", _UNITTEST, "assertAlmostEqual")


def pytest_check(prefix: str = "check.") -> Functions:
    """The functions of pytest-check, which go on after a failure."""
    return Functions(prefix, _CHECK)


@dataclass(frozen=True, slots=True)
class Hamcrest:
    """`assert_that(x, equal_to(1))`; `prefix` where the module is imported as a whole."""

    prefix: str = ""
    says_or: bool = False

    def write(self, condition: Condition, room: int) -> Written:
        """One call for each part; the plain assertion where no matcher says it."""
        return _joined([self._matched(part, room) for part in condition.parts or (condition,)])

    def _matched(self, condition: Condition, room: int) -> Written:
        matcher = _HAMCREST.get(condition.relation)
        if matcher is None:
            return plain(condition)
        names = ["assert_that", *_CALLED.findall(matcher)]
        needs = set() if self.prefix else {f"hamcrest.{name}" for name in names}
        prefixed = _CALLED.sub(rf"{self.prefix}\1", matcher)
        arguments = [_subject(condition), *_filled([prefixed], condition)]
        lines = _fitted(f"{self.prefix}assert_that", arguments, room)
        return Written(lines, _needed(condition) | needs)


@dataclass(frozen=True, slots=True)
class Assertpy:
    """`assert_that(x).is_equal_to(1)`; `prefix` where the module is imported as a whole."""

    prefix: str = ""
    says_or: bool = False

    def write(self, condition: Condition, room: int) -> Written:
        """One chain for each part; the plain assertion where there is no link for it."""
        return _joined([self._linked(part, room) for part in condition.parts or (condition,)])

    def _linked(self, condition: Condition, room: int) -> Written:
        words = _ASSERTPY.get(condition.relation)
        if words is None:
            return plain(condition)
        is_type = condition.relation is Relation.TYPE
        subject = condition.left if is_type else _subject(condition)
        function = f"{self.prefix}assert_that({subject}).{words[0]}"
        needs = frozenset(() if self.prefix else ("assertpy.assert_that",))
        lines = _fitted(function, _filled(words[1:], condition), room)
        return Written(lines, _needed(condition) | needs)


def _needed(condition: Condition) -> frozenset[str]:
    """Imports of the operands; libraries bring their own search for patterns."""
    return frozenset() if condition.relation in _PATTERNS else condition.imports


def _subject(condition: Condition) -> str:
    """What the assertion speaks of: for a key the object that has it."""
    match condition.relation:
        case Relation.KEY | Relation.NO_KEY:
            return condition.right
        case Relation.TYPE | Relation.TYPES:
            return f"type({condition.left})"
    return condition.left


def _filled(words: Sequence[str], condition: Condition) -> list[str]:
    """`words` with the operands of `condition`.

    Searching for a pattern between both ends of a text is matching the whole of it.
    """
    is_choice = "|" in _GROUPS.sub("", condition.right)
    whole = f"(?:{condition.right})" if is_choice else condition.right
    operands = {
        "{left}": condition.left or condition.text,
        "{right}": condition.right,
        "{items}": condition.right[1:-1],
        "{pattern}": raw_string(condition.right),
        "{whole}": raw_string(rf"^{whole}\Z"),
    }
    return [_OPERAND.sub(lambda found: operands[found[0]], word) for word in words]


def _fitted(function: str, arguments: Sequence[str], room: int) -> tuple[str, ...]:
    """The call on one line where it fits, else its arguments on lines of their own."""
    return tuple(call(function, arguments, indent=0, width=room).split("\n"))


def _joined(written: Sequence[Written]) -> Written:
    lines = tuple(line for each in written for line in each.lines)
    return Written(lines, frozenset().union(*(each.imports for each in written)))
