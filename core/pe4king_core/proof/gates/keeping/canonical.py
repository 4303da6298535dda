"""Expressions of both languages in one spelling, with what their names stand for put in.

`r = client.get("/x"); assert r.ok` and `assert client.get('/x').ok` have the same spelling, so
renaming a variable, extracting a constant or a helper, quoting and layout change nothing.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_core.testcode.syntax import Source, children

if TYPE_CHECKING:
    from tree_sitter import Node

_LONGEST = 2_000
"""Longer spellings are put into others as their digest, so that they cannot explode."""
_DEEPEST = 60
_CALLS = frozenset({"call", "method_invocation"})
_LINKS = _CALLS | {"attribute", "field_access"}
_TRANSPARENT = frozenset(
    {"parenthesized_expression", "await", "cast_expression", "expression_statement"}
)
_COMPREHENSIONS = frozenset(
    {
        "list_comprehension",
        "set_comprehension",
        "dictionary_comprehension",
        "generator_expression",
    }
)
_NUMBERS = frozenset(
    {"integer", "float", "decimal_integer_literal", "decimal_floating_point_literal"}
)
_TYPES_ONLY = frozenset({"type_arguments", "annotation", "marker_annotation"})
_SAME_KINDS = {"expression_list": "tuple"}
_PUNCTUATION = frozenset("()[]{},;:.\"'") | {"->", "@"}
_SPELT = {"is": "==", "is not": "!=", "<>": "!="}
_QUALIFIERS = frozenset(
    {"Matchers", "CoreMatchers", "Assertions", "Assert", "RestAssured", "AssertionsForClassTypes"}
)
"""Classes whose methods mean the same with and without a static import."""

Env = dict[str, str]
Inline = Callable[["Node", Env], str | None]


@dataclass(slots=True)
class Speller:
    """Spells the nodes of one source.

    `inline` says what a call stands for, if not for itself; `enter` sees the body of a lambda
    before it is spelt, and says how, if not as it stands.
    """

    source: Source
    inline: Inline = field(default=lambda _node, _env: None)
    enter: Inline = field(default=lambda _node, _env: None)
    depth: int = 0
    _known: dict[int, tuple[Env, dict[int, str]]] = field(default_factory=dict)
    """What was spelt already, for each set of names; a chain is asked for at every link of it."""

    def spell(self, node: Node | None, env: Env) -> str:
        """The spelling of `node` where names stand for what `env` says."""
        if node is None:
            return ""
        known = self._known.setdefault(id(env), (env, {}))[1]
        if node.id in known:
            return known[node.id]
        for each in reversed(_holders(node)):
            self._spell(each, env)
        return self._spell(node, env)

    def forget(self, env: Env) -> None:
        """The names of `env` stand for something else from now on."""
        self._known.pop(id(env), None)

    def _spell(self, node: Node, env: Env) -> str:
        known = self._known.setdefault(id(env), (env, {}))[1]
        if node.id in known:
            return known[node.id]
        self.depth += 1
        try:
            if self.depth > _DEEPEST:
                return _short(self.source.of(node), 0)
            spelt = self._spelt(node, env)
        finally:
            self.depth -= 1
        self._known.setdefault(id(env), (env, {}))[1][node.id] = spelt
        return spelt

    def value(self, node: Node | None, env: Env) -> str:
        """The spelling of `node` as something that a name will stand for."""
        return _short(self.spell(node, env), _LONGEST)

    def _spelt(self, node: Node, env: Env) -> str:
        kind = node.type
        if kind == "identifier":
            name = self.source.of(node)
            return env.get(name, name)
        if kind in _TRANSPARENT:
            return self.spell(_last(node), env)
        if kind in ("string", "string_literal", "concatenated_string"):
            return self._text(node, env)
        if kind in _NUMBERS:
            return _number(self.source.of(node))
        if kind in _COMPREHENSIONS:
            return self._comprehension(node, env)
        special = _SPECIAL.get(kind)
        return special(self, node, env) if special is not None else self.parts(node, env)

    def parts(self, node: Node, env: Env) -> str:
        """The kind of `node` with its parts and the signs between them."""
        if not node.child_count:
            return self.source.of(node)
        found: list[str] = []
        for child in node.children:
            if "comment" in child.type or child.type in _TYPES_ONLY:
                continue
            if child.is_named:
                found.append(self.spell(child, env))
                continue
            sign = " ".join(self.source.of(child).split())
            if sign not in _PUNCTUATION:
                found.append(_SPELT.get(sign, sign))
        return f"{_SAME_KINDS.get(node.type, node.type)}[{' '.join(found)}]"

    def _text(self, node: Node, env: Env) -> str:
        text = self.source.of(node)
        if any(child.type == "interpolation" for child in node.children):
            return self._interpolated(node, env)
        try:
            return repr(ast.literal_eval(text))
        except (ValueError, SyntaxError):
            return text

    def _interpolated(self, node: Node, env: Env) -> str:
        found: list[str] = []
        for child in children(node):
            if child.type == "interpolation":
                found.append(self.spell(child.child_by_field_name("expression"), env))
            elif child.type == "string_content":
                found.append(repr(self.source.of(child)))
        return f"text[{' '.join(found)}]"

    def _comprehension(self, node: Node, env: Env) -> str:
        inner = dict(env)
        clauses = [each for each in children(node) if each.type == "for_in_clause"]
        for clause in clauses:
            self.bind_each(clause, inner)
        body = self.spell(node.child_by_field_name("body"), inner)
        rest = [
            self.spell(each, inner)
            for each in children(node)
            if each.type in ("for_in_clause", "if_clause")
        ]
        return f"each[{body} {' '.join(rest)}]"

    def bind_each(self, clause: Node, env: Env) -> str:
        """Let the names of a loop stand for the items of what it goes through."""
        looped = self.value(clause.child_by_field_name("right"), env)
        bind(self, clause.child_by_field_name("left"), f"item[{looped}]", env)
        return looped


def _holders(node: Node) -> list[Node]:
    """The links of a chain of calls before its last one, the last first."""
    found: list[Node] = []
    at: Node | None = node
    while at is not None and at.type in _LINKS:
        at = at.child_by_field_name("object") or at.child_by_field_name("function")
        if at is not None and at.type in _LINKS:
            found.append(at)
    return [each for each in found if each.type in _CALLS]


def bind(speller: Speller, target: Node | None, value: str, env: Env) -> None:
    """Let the names in `target` stand for `value`, or for its parts."""
    if target is None:
        return
    speller.forget(env)
    if target.type in ("identifier", "attribute", "field_access"):
        env[speller.source.of(target).removeprefix("this.")] = value
        return
    for index, inner in enumerate(children(target)):
        bind(speller, inner, f"{value}#{index}", env)


def _last(node: Node) -> Node | None:
    inner = children(node)
    return inner[-1] if inner else None


def _number(text: str) -> str:
    return text if text.startswith("0x") else text.replace("_", "").rstrip("lLdDfF")


def _short(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"<{hashlib.sha256(text.encode()).hexdigest()[:20]}>"


def _attribute(speller: Speller, node: Node, env: Env) -> str:
    whole = speller.source.of(node).removeprefix("this.")
    if whole in env:
        return env[whole]
    holder = node.child_by_field_name("object")
    name = node.child_by_field_name("attribute") or node.child_by_field_name("field")
    return f"{speller.spell(holder, env)}.{speller.source.of(name) if name else ''}"


def _keyword(speller: Speller, node: Node, env: Env) -> str:
    name = node.child_by_field_name("name")
    value = speller.spell(node.child_by_field_name("value"), env)
    return f"{speller.source.of(name) if name else ''}={value}"


def _named(speller: Speller, node: Node, env: Env) -> str:
    value = speller.value(node.child_by_field_name("value"), env)
    bind(speller, node.child_by_field_name("name"), value, env)
    return value


def _call(speller: Speller, node: Node, env: Env) -> str:
    inlined = speller.inline(node, env)
    if inlined is not None:
        return inlined
    head = callee(speller, node, env)
    given = node.child_by_field_name("arguments")
    listed = [] if given is None else children(given)
    if given is not None and given.type == "generator_expression":
        listed = [given]
    arguments = [speller.spell(each, env) for each in listed]
    return f"{head}({', '.join(arguments)})"


def callee(speller: Speller, node: Node, env: Env) -> str:
    """The spelling of what the call `node` calls."""
    function = node.child_by_field_name("function")
    if function is not None:
        return speller.spell(function, env)
    name = node.child_by_field_name("name")
    holder = node.child_by_field_name("object")
    called = speller.source.of(name) if name is not None else ""
    if holder is None or speller.source.of(holder).rpartition(".")[2] in _QUALIFIERS:
        return called
    return f"{speller.spell(holder, env)}.{called}"


def _lambda(speller: Speller, node: Node, env: Env) -> str:
    inner = dict(env)
    parameters = node.child_by_field_name("parameters")
    names = [parameters] if parameters is not None and not parameters.named_child_count else []
    if parameters is not None and not names:
        names = [each.child_by_field_name("name") or each for each in children(parameters)]
    for index, name in enumerate(names):
        inner[speller.source.of(name)] = f"${index}"
    body = node.child_by_field_name("body")
    entered = speller.enter(body, inner) if body is not None else None
    return f"lambda[{speller.spell(body, inner) if entered is None else entered}]"


_SPECIAL: dict[str, Callable[[Speller, Node, Env], str]] = {
    "attribute": _attribute,
    "field_access": _attribute,
    "keyword_argument": _keyword,
    "named_expression": _named,
    "call": _call,
    "method_invocation": _call,
    "lambda": _lambda,
    "lambda_expression": _lambda,
}
