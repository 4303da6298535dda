"""What a file defines beside its tests: helpers, fixtures, set-up code and constants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode.dialects import dialect
from pe4king_core.testcode.syntax import Source, children, parse

if TYPE_CHECKING:
    from tree_sitter import Node

_SETUP = re.compile(r"(?:setup|setUp|setup_method|setup_class|setUpClass|setup_function)\Z")
_BEFORE = re.compile(r"@(?:\w+\.)*Before(?:Each|All|Class|Method)?\b")
_FIXTURE = re.compile(r"@(?:\w+\.)*(?:async_)?fixture\b")
_TYPES = frozenset({"class_declaration", "record_declaration", "interface_declaration"})


@dataclass(slots=True)
class Definition:
    """One function or method with its decorators or annotations, and the class around it."""

    name: str
    node: Node
    marks: str
    owner: tuple[str, ...] = ()

    @property
    def whole(self) -> Node:
        """It with its decorators."""
        parent = self.node.parent
        decorated = parent is not None and parent.type == "decorated_definition"
        return parent if decorated and parent is not None else self.node

    @property
    def body(self) -> Node | None:
        """Its statements."""
        return self.node.child_by_field_name("body")


@dataclass(slots=True)
class Definitions:
    """All functions of a file by name, the classes, and what is assigned outside of functions."""

    source: Source
    language: SourceLanguage
    functions: dict[str, list[Definition]] = field(default_factory=dict)
    classes: dict[tuple[str, ...], Node] = field(default_factory=dict)
    assigned: list[tuple[tuple[str, ...], Node, Node]] = field(default_factory=list)
    """Class path, target and value of assignments in modules and classes, in order."""
    places: frozenset[int] = frozenset()
    """Where the names of tests start."""

    def tests(self) -> dict[str, Definition]:
        """The tests by qualified name; of several with one name only the last is run."""
        return {
            ".".join((*each.owner, each.name)): each for each in self._all() if self.is_test(each)
        }

    def is_test(self, each: Definition) -> bool:
        """Whether a function is a test, as whoever reads tests sees it."""
        name = each.node.child_by_field_name("name")
        return name is not None and self.source.span(name).start in self.places

    def is_fixture(self, each: Definition) -> bool:
        """Whether a function gives tests a value by the name of a parameter."""
        return self.language is SourceLanguage.PYTHON and bool(_FIXTURE.search(each.marks))

    def set_ups(self, owner: tuple[str, ...]) -> list[Definition]:
        """What runs before each test of the class `owner`, outermost first."""
        return [
            each
            for each in self._all()
            if each.owner == owner[: len(each.owner)] and self._sets_up(each)
        ]

    def helper(self, name: str) -> Definition | None:
        """The one function called `name` that is no test; None where there are several."""
        found = self.functions.get(name, [])
        return found[0] if len(found) == 1 and not self.is_test(found[0]) else None

    def _sets_up(self, each: Definition) -> bool:
        if self.language is SourceLanguage.JAVA:
            return bool(_BEFORE.search(each.marks))
        return bool(_SETUP.match(each.name)) or (self.is_fixture(each) and "autouse" in each.marks)

    def _all(self) -> Iterator[Definition]:
        found = [each for listed in self.functions.values() for each in listed]
        yield from sorted(found, key=lambda each: each.node.start_byte)


def definitions(text: str, language: SourceLanguage) -> Definitions:
    """What `text` defines."""
    source = parse(text, language)
    tests = dialect(language).sound_places(source)
    places = frozenset(each.name.start for each in tests)
    found = Definitions(source, language, places=places)
    _collect(found, found.source.root, ())
    return found


def _collect(found: Definitions, block: Node, owner: tuple[str, ...]) -> None:
    for node in children(block):
        inner = node.child_by_field_name("definition") or node
        name = inner.child_by_field_name("name")
        if inner.type in ("function_definition", "method_declaration") and name is not None:
            marks = _marks(found.source, node, inner)
            each = Definition(found.source.of(name), inner, marks, owner)
            found.functions.setdefault(each.name, []).append(each)
        elif (inner.type == "class_definition" or inner.type in _TYPES) and name is not None:
            path = (*owner, found.source.of(name))
            found.classes[path] = node
            body = inner.child_by_field_name("body")
            if body is not None and len(path) < 8:
                _collect(found, body, path)
        elif inner.type in ("if_statement", "try_statement", "block", "else_clause"):
            _collect(found, inner, owner)
        else:
            _assignments(found, inner, owner)


def _assignments(found: Definitions, node: Node, owner: tuple[str, ...]) -> None:
    if node.type == "delete_statement":
        found.assigned += [(owner, each, each) for each in children(node)]
    for each in (node, *children(node)):
        if each.type not in ("assignment", "variable_declarator"):
            continue
        target = each.child_by_field_name("left") or each.child_by_field_name("name")
        value = each.child_by_field_name("right") or each.child_by_field_name("value")
        if target is not None and value is not None:
            found.assigned.append((owner, target, value))


def _marks(source: Source, node: Node, inner: Node) -> str:
    """The decorators, or the modifiers with their annotations."""
    if node is not inner:
        return "\n".join(source.of(each) for each in children(node) if each.type == "decorator")
    first = inner.child(0)
    is_modified = first is not None and first.type == "modifiers"
    return source.of(first) if is_modified and first is not None else ""
