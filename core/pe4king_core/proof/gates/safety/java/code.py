"""A Java text as the rules see it: its tree, its imports, and what names are given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Span
from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.testcode.syntax import parse

if TYPE_CHECKING:
    from tree_sitter import Node

_WITH_ARGUMENTS = frozenset({"method_invocation", "object_creation_expression"})
_COMMENTS = frozenset({"line_comment", "block_comment"})


class JavaCode:
    """One text and its tree; never fails, errors are nodes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._source = parse(text, SourceLanguage.JAVA)
        self.nodes = list(_nodes(self._source.root))
        self.imports = [each for each in self.nodes if each.type == "import_declaration"]
        self.package = ""
        self.assigned: dict[str, list[Node]] = defaultdict(list)
        """The expressions that a variable, field or parameter of that name is given, anywhere."""
        self.methods: dict[str, list[Node]] = defaultdict(list)
        self.folded: dict[int, frozenset[str]] = {}
        """What was found out of the texts that expressions (by their ids) come to."""
        self.types: set[str] = set()
        """The classes of this file."""
        for node in self.nodes:
            self._collect(node)
        for node in self.nodes:
            if node.type == "method_invocation":
                self._pass_arguments(node)

    def of(self, node: Node | None) -> str:
        """The text of `node` as written."""
        return "" if node is None else self._source.of(node)

    def span(self, node: Node) -> Span:
        """Where `node` stands."""
        return self._source.span(node)

    def danger(self, node: Node, harm: Harm, what: str = "", *, fatal: bool = True) -> Danger:
        """The danger that `node` is; `what` is how it is called, by default its own text."""
        # With what a call is given: another argument is another danger.
        parent = node.parent
        whole = parent if parent is not None and parent.type in _WITH_ARGUMENTS else node
        spelled = "".join(self.of(whole).split())
        return Danger.of(what or self.of(node), harm, spelled, self.span(node), fatal=fatal)

    def name(self, node: Node) -> str:
        """What a call, a class or a member is called."""
        return self.of(node.child_by_field_name("name"))

    def arguments(self, node: Node) -> list[Node]:
        """The arguments of a call or of a creation."""
        held = node.child_by_field_name("arguments")
        if held is None:
            return []
        return [each for each in held.named_children if each.type not in _COMMENTS]

    def _collect(self, node: Node) -> None:
        if node.type == "package_declaration":
            self.package = self.of(node).removeprefix("package").strip(" ;\n\r\t")
        elif node.type in ("variable_declarator", "enhanced_for_statement"):
            value = node.child_by_field_name("value")
            if value is not None:
                self.assigned[self.name(node)].append(value)
        elif node.type == "assignment_expression":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                self.assigned[self.of(left).rpartition(".")[2]].append(right)
        elif node.type == "method_declaration":
            self.methods[self.name(node)].append(node)
        elif node.type in (
            *("class_declaration", "interface_declaration", "enum_declaration"),
            *("record_declaration", "annotation_type_declaration"),
        ):
            self.types.add(self.name(node))

    def _pass_arguments(self, call: Node) -> None:
        for method in self.methods.get(self.name(call), ()):
            held = method.child_by_field_name("parameters")
            parameters = [] if held is None else held.named_children
            for parameter, value in zip(parameters, self.arguments(call), strict=False):
                self.assigned[self.name(parameter)].append(value)


def _nodes(root: Node) -> Iterator[Node]:
    """Every named node but comments, in source order, however deep."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type not in _COMMENTS:
            yield node
            stack += reversed(node.named_children)


def inside(node: Node) -> Iterator[Node]:
    """`node` and everything in it."""
    return _nodes(node)


def above(node: Node) -> Iterator[Node]:
    """The nodes around `node`, innermost first."""
    current = node.parent
    while current is not None:
        yield current
        current = current.parent
