"""What a Java file declares: package, imports, types with their fields, methods, constructors.

Built from the tree without reading any code in it; the members of a type are listed when they
are first asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode.syntax import Source, children, parse

if TYPE_CHECKING:
    from tree_sitter import Node

_KINDS = {
    "class_declaration": "class",
    "interface_declaration": "interface",
    "enum_declaration": "enum",
    "record_declaration": "record",
}
_TYPE_NAME = re.compile(r"[\w.]+")
_NESTING = 8


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a method, or one component of a record."""

    name: str
    type: str
    variadic: bool = False
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotation:
    """`@name(arguments)`; `node` is the annotation."""

    name: str
    node: Node


@dataclass(slots=True, eq=False)
class Field:
    """One field; `value` is its initialiser."""

    owner: TypeDecl
    name: str
    type: str
    value: Node | None
    static: bool
    final: bool
    annotations: tuple[Annotation, ...] = ()
    _stable: bool | None = None

    @property
    def stable(self) -> bool:
        """Whether only initialisers and constructors may give it a value, as far as one sees."""
        if self._stable is None:
            self._stable = self.final or not self._assigned_again()
        return self._stable

    def _assigned_again(self) -> bool:
        text = self.owner.text
        again = rf"(?<![\w.]){re.escape(self.name)}\s*(?:[-+*/|&]?=(?!=)|\+\+|--)"
        assigned = len(re.findall(again, text)) - (self.value is not None)
        return assigned > 0 or f"this.{self.name} =" in text


@dataclass(slots=True, eq=False)
class Method:
    """One method or constructor; `body` is None where it is abstract."""

    owner: TypeDecl
    name: str
    node: Node
    static: bool
    parameters: tuple[Parameter, ...]
    annotations: tuple[Annotation, ...]

    @property
    def body(self) -> Node | None:
        """The block with its statements."""
        return self.node.child_by_field_name("body")

    @property
    def type(self) -> str:
        """The declared type of what it returns."""
        return _text(self.owner.unit.source, self.node.child_by_field_name("type"))

    def accepts(self, count: int) -> bool:
        """Whether it can be called with `count` arguments."""
        if self.parameters and self.parameters[-1].variadic:
            return count >= len(self.parameters) - 1
        return count == len(self.parameters)


@dataclass(slots=True)
class Members:
    """What the body of a type declares."""

    fields: dict[str, Field] = field(default_factory=dict)
    methods: dict[str, list[Node]] = field(default_factory=dict)
    constructors: list[Node] = field(default_factory=list)
    constants: dict[str, Node] = field(default_factory=dict)
    nested: dict[str, TypeDecl] = field(default_factory=dict)
    static_blocks: list[Node] = field(default_factory=list)
    blocks: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class TypeDecl:
    """A class, interface, enum or record, or the body of an enum's constant."""

    unit: Unit
    node: Node
    name: str
    kind: str
    outer: TypeDecl | None = None
    superclass: str = ""
    interfaces: tuple[str, ...] = ()
    type_parameters: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    static: bool = False
    _members: Members | None = None
    _methods: dict[int, Method] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole declaration as written."""
        return self.unit.source.of(self.node)

    @property
    def members(self) -> Members:
        """Its members, listed once."""
        if self._members is None:
            self._members = Members()
            body = self.node.child_by_field_name("body") or self.node
            _list_members(self, body, self._members)
            for each in self.components:
                self._members.fields.setdefault(
                    each.name,
                    Field(self, each.name, each.type, None, False, True, each.annotations),
                )
        return self._members

    @property
    def components(self) -> tuple[Parameter, ...]:
        """The components of a record."""
        if self.kind != "record":
            return ()
        return parameters_of(self.unit.source, self.node)

    def has(self, *names: str) -> bool:
        """Whether one of these annotations stands before it."""
        return any(each.name in names for each in self.annotations)

    def methods(self, name: str) -> list[Method]:
        """Its own methods called `name`."""
        return [self._method(node, name) for node in self.members.methods.get(name, ())]

    def constructors(self) -> list[Method]:
        """Its own constructors."""
        return [self._method(node, self.name) for node in self.members.constructors]

    def annotated(self, names: frozenset[str]) -> list[Method]:
        """Its own methods with one of the annotations `names`, in source order."""
        found = [
            (node.start_byte, name, node)
            for name, nodes in self.members.methods.items()
            for node in nodes
            if names & {each.name for each in annotations_of(self.unit.source, node)}
        ]
        return [self._method(node, name) for _, name, node in sorted(found, key=lambda x: x[0])]

    def _method(self, node: Node, name: str) -> Method:
        found = self._methods.get(node.id)
        if found is None:
            source = self.unit.source
            is_static = "static" in _modifiers(node)
            found = self._methods[node.id] = Method(
                self,
                name,
                node,
                is_static,
                parameters_of(source, node),
                annotations_of(source, node),
            )
        return found


@dataclass(slots=True, eq=False)
class Unit:
    """One file."""

    source: Source
    uri: str
    package: str = ""
    imports: dict[str, str] = field(default_factory=dict)
    """Simple names of imported types, with their qualified names."""
    packages: list[str] = field(default_factory=list)
    """What `import x.*` names: packages, or types."""
    static_imports: dict[str, list[str]] = field(default_factory=dict)
    """Names of members, with the types they are imported from."""
    static_types: list[str] = field(default_factory=list)
    """Types whose static members are all imported."""
    types: dict[str, TypeDecl] = field(default_factory=dict)

    def imports_static(self, name: str, *types: str) -> bool:
        """Whether `name` comes from one of `types` (simple names) by a static import."""
        found = self.static_imports.get(name) or self.static_types
        return any(each.rpartition(".")[2] in types for each in found)


def read_unit(text: str, uri: str) -> Unit:
    """The outline of a file's text; what does not parse is left out."""
    return unit_of(parse(text, SourceLanguage.JAVA), uri)


def unit_of(source: Source, uri: str) -> Unit:
    """The outline of a parsed file."""
    unit = Unit(source, uri)
    for node in source.root.named_children:
        if node.type == "package_declaration":
            named = children(node)
            unit.package = _dotted(source, named[-1]) if named else ""
        elif node.type == "import_declaration":
            _import(unit, node)
        elif node.type in _KINDS:
            declared = _declared(unit, node, None)
            unit.types.setdefault(declared.name, declared)
    return unit


def _import(unit: Unit, node: Node) -> None:
    named = children(node)
    if not named:
        return
    name = _dotted(unit.source, named[0])
    is_static = any(child.type == "static" for child in node.children)
    if named[-1].type == "asterisk":
        (unit.static_types if is_static else unit.packages).append(name)
    elif is_static:
        owner, _, member = name.rpartition(".")
        unit.static_imports.setdefault(member, []).append(owner)
    else:
        unit.imports[name.rpartition(".")[2]] = name


def _declared(unit: Unit, node: Node, outer: TypeDecl | None) -> TypeDecl:
    source = unit.source
    head = node.child_by_field_name("superclass")
    listed = node.child_by_field_name("interfaces") or next(
        (child for child in node.named_children if child.type == "extends_interfaces"), None
    )
    parameters = node.child_by_field_name("type_parameters")
    return TypeDecl(
        unit,
        node,
        _text(source, node.child_by_field_name("name")),
        _KINDS[node.type],
        outer,
        _text(source, children(head)[0]) if head is not None and children(head) else "",
        tuple(_type_list(source, listed)) if listed is not None else (),
        tuple(
            _text(source, each).partition(" ")[0]
            for each in (children(parameters) if parameters is not None else ())
        ),
        annotations_of(source, node),
        node.type != "class_declaration" or "static" in _modifiers(node),
    )


def constant_type(owner: TypeDecl, node: Node) -> TypeDecl:
    """The type of an enum's constant, which may have a body of its own."""
    if node.child_by_field_name("body") is None:
        return owner
    return TypeDecl(owner.unit, node, owner.name, "class", owner, owner.name, static=True)


def _type_list(source: Source, node: Node) -> Iterator[str]:
    for each in children(node):
        if each.type == "type_list":
            yield from (_text(source, inner) for inner in children(each))
        else:
            yield _text(source, each)


def _list_members(owner: TypeDecl, body: Node, members: Members) -> None:
    source = owner.unit.source
    for node in body.named_children:
        match node.type:
            case "method_declaration":
                name = _text(source, node.child_by_field_name("name"))
                members.methods.setdefault(name, []).append(node)
            case "field_declaration" | "constant_declaration":
                _fields(owner, node, members)
            case "constructor_declaration":
                members.constructors.append(node)
            case "static_initializer":
                members.static_blocks += children(node)
            case "block":
                members.blocks.append(node)
            case "enum_constant":
                members.constants[_text(source, node.child_by_field_name("name"))] = node
            case "enum_body_declarations":
                _list_members(owner, node, members)
            case kind if kind in _KINDS and _depth(owner) < _NESTING:
                nested = _declared(owner.unit, node, owner)
                nested.static = nested.static or owner.kind == "interface"
                members.nested.setdefault(nested.name, nested)


def _depth(owner: TypeDecl | None) -> int:
    depth = 0
    while owner is not None:
        owner, depth = owner.outer, depth + 1
    return depth


def _fields(owner: TypeDecl, node: Node, members: Members) -> None:
    source = owner.unit.source
    words = _modifiers(node)
    is_constant = owner.kind == "interface"
    for declarator in node.children_by_field_name("declarator"):
        name = _text(source, declarator.child_by_field_name("name"))
        members.fields[name] = Field(
            owner,
            name,
            _text(source, node.child_by_field_name("type")),
            declarator.child_by_field_name("value"),
            is_constant or "static" in words,
            is_constant or "final" in words,
            annotations_of(source, node),
        )


def parameters_of(source: Source, node: Node) -> tuple[Parameter, ...]:
    """The parameters of a method, constructor or record."""
    listed = node.child_by_field_name("parameters")
    found: list[Parameter] = []
    for each in children(listed) if listed is not None else ():
        if each.type == "formal_parameter":
            name = _text(source, each.child_by_field_name("name"))
            kind = _text(source, each.child_by_field_name("type"))
            found.append(Parameter(name, kind, False, annotations_of(source, each)))
        elif each.type == "spread_parameter":
            inner = [child for child in children(each) if child.type != "modifiers"]
            declarator = inner[-1] if inner else each
            name = _text(source, declarator.child_by_field_name("name") or declarator)
            found.append(Parameter(name, _text(source, inner[0]) if inner else "", True))
    return tuple(found)


def annotations_of(source: Source, node: Node) -> tuple[Annotation, ...]:
    """The annotations before a declaration."""
    found: list[Annotation] = []
    for modifiers in node.children:
        if modifiers.type == "modifiers":
            for each in modifiers.named_children:
                name = each.child_by_field_name("name")
                if name is not None:
                    found.append(Annotation(source.of(name).rpartition(".")[2], each))
            break
    return tuple(found)


def _modifiers(node: Node) -> frozenset[str]:
    for each in node.children:
        if each.type == "modifiers":
            return frozenset(child.type for child in each.children)
    return frozenset()


def _text(source: Source, node: Node | None) -> str:
    return source.of(node) if node is not None else ""


def _dotted(source: Source, node: Node) -> str:
    return "".join(source.of(node).split())
