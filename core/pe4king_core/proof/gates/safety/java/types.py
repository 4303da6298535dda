"""Imports, types, methods and annotations of Java, against the tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.hosts import HOLE
from pe4king_core.proof.gates.safety.java import tables
from pe4king_core.proof.gates.safety.java.code import JavaCode, above
from pe4king_core.proof.gates.safety.java.folding import texts
from pe4king_core.proof.gates.safety.knowing import Known

if TYPE_CHECKING:
    from tree_sitter import Node

_BY_TYPE = (
    (tables.TYPES_PROGRAMS, Harm.PROGRAMS),
    (tables.TYPES_CODE, Harm.CODE),
    (tables.TYPES_FILES, Harm.FILES),
    (tables.TYPES_NETWORK, Harm.NETWORK),
    (tables.TYPES_THREADS, Harm.THREADS),
)
_BY_METHOD = (
    (tables.METHODS_CODE, Harm.CODE),
    (tables.METHODS_PROGRAMS, Harm.PROGRAMS),
    (tables.METHODS_FILES, Harm.FILES),
    (tables.METHODS_THREADS, Harm.THREADS),
)
_LONGEST_DOMAIN = 3
_OF_CLASSES = frozenset({"getSimpleName", "getName", "isInstance", "getTypeName", "cast"})
_DECLARATIONS = frozenset(
    {"class_declaration", "interface_declaration", "enum_declaration", "record_declaration"}
)


def dangers(code: JavaCode, known: Known) -> Iterator[Danger]:
    """What is imported, named and called."""
    own = _own_names(code)
    for node in code.nodes:
        match node.type:
            case "import_declaration":
                yield from _import(code, node, known)
            case "scoped_identifier" | "scoped_type_identifier" | "field_access":
                yield from _qualified(code, node)
            case "type_identifier":
                yield from _type(code, node, own)
            case "identifier":
                if _stands_for_type(node):
                    yield from _type(code, node, own)
            case "method_invocation":
                yield from _method(code, node)
            case "object_creation_expression":
                yield from _created(code, node)
            case "method_reference":
                yield from _reference(code, node)
            case "annotation" | "marker_annotation":
                yield from _annotation(code, node)
            case _:
                yield from _declaration(code, node)


def harm_of(name: str) -> Harm | None:
    """Why the type or package `name` may not be used; None where it may or is not known."""
    if name.startswith(tables.HARMFUL):
        return Harm.CODE
    if not name.startswith(tables.PLATFORM):
        return None
    if name.startswith(tables.REFUSED) and not name.startswith(tables.EXCEPT):
        return _harm_by_package(name)
    return None if name.startswith(tables.ALLOWED) else _harm_by_package(name)


def _harm_by_package(name: str) -> Harm:
    simple = name.rpartition(".")[2]
    for names, harm in _BY_TYPE:
        if simple in names:
            return harm
    for prefix, harm in (
        ("java.io", Harm.FILES),
        ("java.nio", Harm.FILES),
        ("java.net", Harm.NETWORK),
        ("javax.net", Harm.NETWORK),
        ("java.rmi", Harm.NETWORK),
        ("java.util.concurrent", Harm.THREADS),
        ("java.lang.Thread", Harm.THREADS),
        ("java.lang.Process", Harm.PROGRAMS),
        ("java.lang", Harm.CODE),
        ("javax.script", Harm.CODE),
    ):
        if name.startswith(prefix):
            return harm
    return Harm.MODULE


def _import(code: JavaCode, node: Node, known: Known) -> Iterator[Danger]:
    words = code.of(node).removeprefix("import").rstrip(" ;").split()
    name = "".join(word for word in words if word != "static")
    # All of a package that holds both is judged by what is used of it.
    mixed = name in ("java.util.*", "java.lang.*", "java.io.*", "java.util.concurrent.*")
    if mixed:
        return
    harm = harm_of(name)
    if harm is not None:
        yield code.danger(node, harm, name)
        return
    if name.startswith((*tables.PLATFORM, *tables.LIBRARIES)) or _is_own(code, name, known):
        return
    yield code.danger(node, Harm.UNKNOWN, name, fatal=False)


def _is_own(code: JavaCode, name: str, known: Known) -> bool:
    """Whether the import leads into the project: by its first two names, or by a file in it."""
    start = code.package.split(".")[:2]
    if len(start[0]) > _LONGEST_DOMAIN and code.package.count(".") == 1:
        start = start[:1]  # `shop.tests`: its own names begin at once
    if start != [""] and name.split(".")[: len(start)] == start:
        return True
    if known.root is None:
        return False
    folder = "/".join(name.split(".")[:2])
    places = ("src/test/java", "src/main/java", "src", ".")
    return any((known.root / place / folder).is_dir() for place in places)


def _own_names(code: JavaCode) -> frozenset[str]:
    """Simple names that this file or what it imports by name gives another meaning."""
    found = set(code.types)
    for node in code.imports:
        name = code.of(node).removeprefix("import").strip(" ;")
        if not name.startswith(("static ", *tables.PLATFORM, *tables.HARMFUL)):
            found.add(name.rpartition(".")[2])
    return frozenset(found)


def _qualified(code: JavaCode, node: Node) -> Iterator[Danger]:
    """`java.lang.Runtime` written out where it is used."""
    parent = node.parent
    if parent is None or parent.type == node.type:
        return
    if any(each.type in ("import_declaration", "package_declaration") for each in above(node)):
        return
    name = "".join(code.of(node).split())
    if parent.type == "method_invocation" and parent.child_by_field_name("object") == node:
        name = f"{name}"
    harm = harm_of(name)
    if harm is not None:
        yield code.danger(node, harm)


def _stands_for_type(node: Node) -> bool:
    """Whether a name in an expression may be a class: `Files.readString(…)`, `Files::exists`."""
    parent = node.parent
    if parent is None:
        return False
    if parent.type in ("method_invocation", "field_access"):
        return parent.child_by_field_name("object") == node
    return parent.type == "method_reference" and parent.named_children[0] == node


def _type(code: JavaCode, node: Node, own: frozenset[str]) -> Iterator[Danger]:
    name = code.of(node)
    if name in own or any(each.type == "import_declaration" for each in above(node)):
        return
    for names, harm in _BY_TYPE:
        if name in names:
            yield code.danger(node, harm)
            return
    if name == "Thread":
        parent = node.parent
        sleeps = parent is not None and code.name(parent) == "sleep"
        if not sleeps:
            yield code.danger(node, Harm.THREADS)


def _method(code: JavaCode, node: Node) -> Iterator[Danger]:
    name = code.name(node)
    if name in code.methods:
        return
    for names, harm in _BY_METHOD:
        if name in names:
            yield code.danger(node, harm)
            return
    if name in tables.METHODS_OF_CLASSES and code.arguments(node):
        yield code.danger(node, Harm.CODE)
    owner = node.child_by_field_name("object")
    if owner is None:
        return
    of_class = owner.type == "class_literal" or code.name(owner) == "getClass"
    if of_class and name not in _OF_CLASSES:
        yield code.danger(node, Harm.CODE)


def _created(code: JavaCode, node: Node) -> Iterator[Danger]:
    """A stream that is given a name is a file."""
    made = code.of(node.child_by_field_name("type")).rpartition(".")[2]
    arguments = code.arguments(node)
    writes = made in ("PrintStream", "Formatter") and bool(arguments)
    if writes and HOLE not in texts(code, arguments[0]):
        yield code.danger(node, Harm.FILES)


def _reference(code: JavaCode, node: Node) -> Iterator[Danger]:
    name = code.of(node).rpartition("::")[2].strip()
    for names, harm in _BY_METHOD:
        if name in names and name not in code.methods:
            yield code.danger(node, harm)


def _annotation(code: JavaCode, node: Node) -> Iterator[Danger]:
    name, text = code.name(node).rpartition(".")[2], code.of(node)
    if name == "JsonTypeInfo" and "CLASS" in text:
        yield code.danger(node, Harm.CODE)
    elif name in ("MethodSource", "EnabledIf", "DisabledIf") and "#" in text:
        named = text.partition('"')[2].partition("#")[0]
        if named.startswith(tables.PLATFORM):
            yield code.danger(node, Harm.CODE)
    elif name in ("Grab", "Library", "AutoService"):
        yield code.danger(node, Harm.CODE)


def _declaration(code: JavaCode, node: Node) -> Iterator[Danger]:
    if node.type in _DECLARATIONS:
        if code.name(node) in tables.LOAD_BEARING:
            yield code.danger(node, Harm.JUDGING, code.name(node))
    elif node.type in ("superclass", "super_interfaces"):
        for each in node.named_children:
            listed = each.named_children if each.type == "type_list" else [each]
            for held in listed:
                if code.of(held).rpartition(".")[2] in tables.JUDGING:
                    yield code.danger(held, Harm.JUDGING)
    elif node.type == "modifiers" and "native" in code.of(node).split():
        yield code.danger(node, Harm.CODE, "native")
    elif node.type == "method_declaration" and code.name(node) == "finalize":
        yield code.danger(node, Harm.CODE, "finalize")
