"""What a Python module defines, found without reading the inside of anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode.syntax import Source, children, parse

if TYPE_CHECKING:
    from tree_sitter import Node

_BRANCHES = frozenset(
    {"if_statement", "try_statement", "block", "else_clause", "elif_clause", "except_clause"}
)
_TOO_LONG = 4_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """`from module import name`, or `import module` where `name` is None."""

    module: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Defined:
    """A function or class with its decorators."""

    node: Node
    decorators: tuple[Node, ...] = ()

    @property
    def is_class(self) -> bool:
        """Whether it is a class."""
        return self.node.type == "class_definition"


@dataclass(frozen=True, slots=True)
class Assigned:
    """A name given a value; `index` where it is one of several targets of a tuple."""

    right: Node | None
    annotation: Node | None = None
    index: int | None = None
    again: bool = False
    """It is assigned more than once, or changed: its value is not certain."""


Entry = Imported | Defined | Assigned


@dataclass(slots=True, eq=False)
class Module:
    """One module: its names in the order in which they are bound."""

    uri: str
    source: Source
    names: dict[str, Entry] = field(default_factory=dict)
    stars: tuple[str, ...] = ()
    fixtures: dict[str, tuple[Source, Defined]] | None = None
    """Its fixtures, once they were asked for."""
    bodies: dict[int, dict[str, Entry]] = field(default_factory=dict)
    """The outlines of class bodies, by the body's identity."""

    def members(self, body: Node | None, source: Source | None = None) -> dict[str, Entry]:
        """The names that the class body `body` binds; `source` where it is a part's."""
        if body is None:
            return {}
        found = self.bodies.get(body.id)
        if found is None:
            found, _ = bindings(source or self.source, body)
            self.bodies[body.id] = found
        return found


def outline(text: str, uri: str) -> Module | None:
    """The outline of a file's text; None for one that nobody wrote by hand."""
    if len(text) > _TOO_LONG:
        return None
    return outline_of(parse(text, SourceLanguage.PYTHON), uri)


def outline_of(source: Source, uri: str) -> Module:
    """The outline of a parsed file."""
    names, stars = bindings(source, source.root)
    return Module(uri, source, names, stars)


def bindings(source: Source, block: Node) -> tuple[dict[str, Entry], tuple[str, ...]]:
    """What the statements of `block` bind, and the modules it takes everything from."""
    names: dict[str, Entry] = {}
    stars: list[str] = []
    for node in _statements(block, 0):
        for name, entry in _bound(source, node):
            if name == "*" and isinstance(entry, Imported):
                stars.append(entry.module)
                continue
            before = names.get(name)
            if isinstance(before, Imported) and _is_fallback(node):
                continue
            again = isinstance(before, Assigned) and before.right is not None
            if again and isinstance(entry, Assigned):
                names[name] = replace(entry, again=True)
            else:
                names[name] = entry
    return names, tuple(stars)


def _is_fallback(node: Node) -> bool:
    """Whether `node` stands in an `except` or `else`: what comes first is taken."""
    parent = node.parent
    while parent is not None and parent.type == "block":
        parent = parent.parent
    return parent is not None and parent.type in ("except_clause", "else_clause")


def _statements(block: Node, depth: int) -> Iterator[Node]:
    """The statements of `block`, also those under `if TYPE_CHECKING:` and in `try:`."""
    for node in children(block):
        if node.type in _BRANCHES:
            if depth < 8:
                yield from _statements(node, depth + 1)
        else:
            yield node


def _bound(source: Source, node: Node) -> Iterator[tuple[str, Entry]]:
    match node.type:
        case "import_statement":
            yield from _imports(source, node)
        case "import_from_statement":
            yield from _imports_from(source, node)
        case "function_definition" | "class_definition":
            yield _name(source, node), Defined(node)
        case "decorated_definition":
            definition = node.child_by_field_name("definition")
            if definition is not None:
                decorators = tuple(each for each in children(node) if each.type == "decorator")
                yield _name(source, definition), Defined(definition, decorators)
        case "expression_statement":
            for inner in children(node)[:1]:
                yield from _assigned(source, inner)


def _name(source: Source, node: Node) -> str:
    name = node.child_by_field_name("name")
    return source.of(name) if name is not None else ""


def _imports(source: Source, node: Node) -> Iterator[tuple[str, Entry]]:
    for each in node.children_by_field_name("name"):
        if each.type == "aliased_import":
            alias = each.child_by_field_name("alias")
            name = each.child_by_field_name("name")
            if alias is not None and name is not None:
                yield source.of(alias), Imported(source.of(name))
        else:
            root = source.of(each).partition(".")[0]
            yield root, Imported(root)


def _imports_from(source: Source, node: Node) -> Iterator[tuple[str, Entry]]:
    module_node = node.child_by_field_name("module_name")
    module = source.of(module_node) if module_node is not None else ""
    if any(each.type == "wildcard_import" for each in node.named_children):
        yield "*", Imported(module)
    for each in node.children_by_field_name("name"):
        alias = each.child_by_field_name("alias")
        name = each.child_by_field_name("name") if alias is not None else each
        if name is not None:
            text = source.of(name)
            yield source.of(alias) if alias is not None else text, Imported(module, text)


def _assigned(source: Source, node: Node) -> Iterator[tuple[str, Entry]]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if node.type == "augmented_assignment" and left is not None:
        yield source.of(left), Assigned(right, again=True)
    if node.type != "assignment" or left is None:
        return
    while right is not None and right.type == "assignment":
        yield from _assigned(source, right)
        right = right.child_by_field_name("right")
    if left.type in ("pattern_list", "tuple_pattern"):
        for index, each in enumerate(children(left)):
            yield source.of(each), Assigned(right, index=index)
    elif left.type == "identifier":
        yield source.of(left), Assigned(right, node.child_by_field_name("type"))
