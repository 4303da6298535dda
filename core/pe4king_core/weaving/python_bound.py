"""Names that a Python test has not surely given a value where something is to be written.

The question is that of definite assignment: a name counts where every way that leads to the
place gives it a value. What stands in an arm of `if` or `match` counts behind it only if all arms
that go on do so; what stands in a loop, in a `with` (which may swallow an exception) or in a `try`
with handlers does not. Ways that end before (`return`, `pytest.fail()`) are no ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pe4king_core.model.source import TestCall, TestFunction
from pe4king_core.testcode.syntax import children
from pe4king_core.weaving.python_given import captured, certain, given_by, targets
from pe4king_core.weaving.python_tree import TestTree

if TYPE_CHECKING:
    from tree_sitter import Node

_ENDING = frozenset({"return_statement", "raise_statement", "break_statement"})
_FAILING = re.compile(r"(?:pytest|self|cls)\.(?:fail|skip|xfail|exit|skipTest)\(|assert\s+False\b")
_DEFINING = frozenset(
    {"function_definition", "class_definition", "import_statement", "import_from_statement"}
)

_Bound: TypeAlias = frozenset[str] | None
"""The names that have a value; None where no way leads."""


@dataclass(frozen=True, slots=True)
class _Fork:
    """A compound statement: its blocks, each with what is bound at its start.

    `past`: what is bound behind it where none of its blocks was run; None where one always is.
    """

    blocks: tuple[tuple[Node, _Bound], ...] = ()
    past: _Bound = None


def unsure_names(test: TestFunction, tree: TestTree, call: TestCall, place: int) -> frozenset[str]:
    """Names that the test gives a value somewhere, but not surely before the offset `place`.

    `place` lies in the block in which the answer of `call` lives.
    """
    given = frozenset(name for node in tree.own() for name in given_by(tree, node))
    body = tree.function.child_by_field_name("body")
    if not given or body is None:
        return frozenset()
    start = tree.source.span(body).start
    if not call.setup:
        start = tree.block_of_with(call.statement) or call.statement.start
    reached = _Reading(tree).reached(body, frozenset(test.parameters), start, place)
    return given - (reached or frozenset())


def _either(ways: Iterable[_Bound]) -> _Bound:
    arriving = [each for each in ways if each is not None]
    return frozenset.intersection(*arriving) if arriving else None


def _more(bound: _Bound, names: Iterable[str]) -> _Bound:
    return None if bound is None else bound | frozenset(names)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Follows the statements of one test."""

    tree: TestTree

    def reached(self, block: Node, bound: _Bound, start: int, place: int) -> _Bound:
        """What is bound at `place`, in the innermost block that holds the offset `start`."""
        for statement in children(block):
            span = self.tree.source.span(statement)
            if span.contains(start):
                for inner, entering in self._fork(statement, bound).blocks:
                    if self.tree.source.span(inner).contains(start):
                        return self.reached(inner, entering, start, place)
            if span.start >= place:
                break
            bound = self._behind(statement, bound)
        return bound

    def _through(self, block: Node, bound: _Bound) -> _Bound:
        for statement in children(block):
            bound = self._behind(statement, bound)
        return bound

    def _behind(self, statement: Node, bound: _Bound) -> _Bound:
        """What is bound behind a statement that was run to its end."""
        match statement.type:
            case "if_statement" | "match_statement":
                fork = self._fork(statement, bound)
                return _either([self._through(*each) for each in fork.blocks] + [fork.past])
            case "for_statement" | "while_statement" | "with_statement":
                return self._fork(statement, bound).past
            case "try_statement":
                return self._behind_try(statement, bound)
            case "decorated_definition":
                definition = statement.child_by_field_name("definition")
                return bound if definition is None else self._behind(definition, bound)
            case "delete_statement":
                gone = {name for each in children(statement) for name in targets(self.tree, each)}
                return None if bound is None else bound - gone
            case "assert_statement" | "expression_statement":
                return self._behind_expression(statement, bound)
            case kind if kind in _DEFINING:
                return _more(bound, given_by(self.tree, statement))
        return None if statement.type in _ENDING else bound

    def _behind_expression(self, statement: Node, bound: _Bound) -> _Bound:
        if _FAILING.match(self.tree.source.of(statement)):
            return None
        parts = children(statement)
        if statement.type == "assert_statement":
            return _more(bound, certain(self.tree, parts[0] if parts else None, truth=True))
        return _more(bound, (name for each in parts for name in self._assigned(each)))

    def _assigned(self, node: Node) -> Iterator[str]:
        """The names that `a = b = value`, or any other expression, surely gives a value."""
        right = node.child_by_field_name("right") if node.type == "assignment" else None
        if right is None:
            # A declaration alone (`body: dict`) gives none.
            yield from certain(self.tree, node)
            return
        yield from targets(self.tree, node.child_by_field_name("left"))
        yield from self._assigned(right)

    def _fork(self, statement: Node, bound: _Bound) -> _Fork:
        match statement.type:
            case "if_statement":
                return self._if(statement, bound)
            case "for_statement" | "while_statement":
                return self._loop(statement, bound)
            case "with_statement":
                return self._with(statement, bound)
            case "try_statement":
                return self._try(statement, bound)
            case "match_statement":
                return self._match(statement, bound)
        return _Fork()

    def _if(self, statement: Node, bound: _Bound) -> _Fork:
        blocks: list[tuple[Node, _Bound]] = []
        for clause in [statement, *statement.children_by_field_name("alternative")]:
            if clause.type == "else_clause":
                blocks += self._block(clause.child_by_field_name("body"), bound)
                return _Fork(tuple(blocks))
            condition = clause.child_by_field_name("condition")
            holds = _more(bound, certain(self.tree, condition, truth=True))
            blocks += self._block(clause.child_by_field_name("consequence"), holds)
            bound = _more(bound, certain(self.tree, condition, truth=False))
        return _Fork(tuple(blocks), bound)

    def _loop(self, statement: Node, bound: _Bound) -> _Fork:
        condition = statement.child_by_field_name("condition")
        looked = condition or statement.child_by_field_name("right")
        past = _more(bound, certain(self.tree, looked))
        inside = _more(past, targets(self.tree, statement.child_by_field_name("left")))
        inside = _more(inside, certain(self.tree, condition, truth=True))
        other = statement.child_by_field_name("alternative")
        blocks = self._block(statement.child_by_field_name("body"), inside)
        blocks += self._block(other.child_by_field_name("body") if other else None, past)
        return _Fork(tuple(blocks), past)

    def _with(self, statement: Node, bound: _Bound) -> _Fork:
        head = next((each for each in children(statement) if each.type == "with_clause"), None)
        for item in children(head) if head is not None else []:
            bound = _more(bound, self._entered(item.child_by_field_name("value")))
        blocks = self._block(statement.child_by_field_name("body"), bound)
        return _Fork(tuple(blocks), bound)

    def _entered(self, value: Node | None) -> Iterator[str]:
        yield from certain(self.tree, value)
        if value is not None and value.type == "as_pattern":
            yield from targets(self.tree, value.child_by_field_name("alias"))

    def _try(self, statement: Node, bound: _Bound) -> _Fork:
        body = statement.child_by_field_name("body")
        blocks = self._block(body, bound)
        for clause in children(statement):
            inner = next((each for each in children(clause) if each.type == "block"), None)
            match clause.type:
                case "else_clause":
                    done = self._through(body, bound) if body is not None else bound
                    blocks += self._block(inner, done)
                case "finally_clause":
                    blocks += self._block(inner, bound)
                case "except_clause" | "except_group_clause":
                    caught = self._entered(clause.child_by_field_name("value"))
                    blocks += self._block(inner, _more(bound, caught))
        return _Fork(tuple(blocks), bound)

    def _behind_try(self, statement: Node, bound: _Bound) -> _Bound:
        """The body (and `else`) went through, or a handler did; `finally` ran in any case."""
        ways: list[_Bound] = []
        always: _Bound = bound
        for block, entering in self._fork(statement, bound).blocks:
            clause = block.parent.type if block.parent is not None else ""
            ended = self._through(block, entering)
            if clause == "finally_clause":
                always = ended
            elif clause == "else_clause":
                ways[0] = ended
            else:
                ways.append(ended)
        arrived = _either(ways)
        return None if arrived is None or always is None else arrived | always

    def _match(self, statement: Node, bound: _Bound) -> _Fork:
        for subject in statement.children_by_field_name("subject"):
            bound = _more(bound, certain(self.tree, subject))
        blocks: list[tuple[Node, _Bound]] = []
        body = statement.child_by_field_name("body")
        for clause in children(body) if body is not None else []:
            guard = clause.child_by_field_name("guard")
            condition = children(guard)[0] if guard is not None and children(guard) else None
            patterns = [each for each in children(clause) if each.type == "case_pattern"]
            fits = _more(bound, (name for each in patterns for name in captured(self.tree, each)))
            fits = _more(fits, certain(self.tree, condition, truth=True))
            blocks += self._block(clause.child_by_field_name("consequence"), fits)
            if guard is None and len(patterns) == 1 and _fits_all(patterns[0]):
                return _Fork(tuple(blocks))
        return _Fork(tuple(blocks), bound)

    def _block(self, block: Node | None, bound: _Bound) -> list[tuple[Node, _Bound]]:
        return [] if block is None else [(block, bound)]


def _fits_all(pattern: Node) -> bool:
    """Whether a pattern is `_` or a name."""
    inner = children(pattern)
    return not inner or (inner[0].type == "dotted_name" and inner[0].named_child_count == 1)
