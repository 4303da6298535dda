"""Whether a Python test does nothing but read: then one of its requests can be made once more.

Every call in it must be one that is known to change nothing; a single unknown one is enough to
leave the test alone, because it may prepare or undo what the request depends on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.source import TestFile, TestFunction
from pe4king_core.testcode.syntax import children, walk
from pe4king_core.weaving.python_beside import is_shared
from pe4king_core.weaving.python_tree import TestTree

if TYPE_CHECKING:
    from tree_sitter import Node

_LEAVING = re.compile(r"skip|xfail|importorskip", re.IGNORECASE)
_FORBIDDEN = frozenset(
    {"yield", "return_statement", "break_statement", "continue_statement", "global_statement"}
    | {"nonlocal_statement", "while_statement", "match_statement", "class_definition"}
    | {"import_statement", "import_from_statement"}
)
_BUILTIN = frozenset(
    {"len", "str", "int", "float", "bool", "set", "list", "dict", "tuple", "sorted", "range"}
    | {"enumerate", "zip", "isinstance", "any", "all", "sum", "min", "max", "print", "type"}
    | {"abs", "round", "frozenset", "is_", "AssertionError"}
)
_METHODS = frozenset(
    {"json", "get_json", "get_data", "items", "keys", "values", "append", "add", "extend"}
    | {"format", "lower", "upper", "strip", "split", "startswith", "endswith", "join", "count"}
    | {"raise_for_status", "gather", "subTest", "index", "get"}
)
_ASSERTING = re.compile(r"_*(?:assert|fail\b|check\b|verify|expect|equal\b|is_\w+\Z|has_\w+\Z)")
_GROWING = frozenset({"append", "add", "extend"})


def is_calm(file: TestFile, test: TestFunction, tree: TestTree, used: frozenset[str]) -> bool:
    """Whether the test changes nothing outside of it, and none of the names in `used`."""
    if _LEAVING.search(test.span.of(file.text)) or not _has_shared_marks(tree):
        return False
    for node in walk(tree.function):
        inner = node.type == "function_definition" and node != tree.function
        if inner or node.type in _FORBIDDEN:
            return False
        if node.type == "call" and not _is_harmless(file, test, tree, node, used):
            return False
        if _writes_into(tree, node, used | frozenset(test.parameters) | {"self", "cls"}, test):
            return False
    return True


def _has_shared_marks(tree: TestTree) -> bool:
    """Whether all decorators hold for a test beside as well, or only describe the test."""
    decorated = tree.function.parent
    if decorated is None or decorated.type != "decorated_definition":
        return True
    found = [tree.source.of(each) for each in children(decorated) if each.type == "decorator"]
    return all(
        ("\n" not in each and is_shared(each)) or each.startswith("@allure.") for each in found
    )


def _is_harmless(
    file: TestFile, test: TestFunction, tree: TestTree, node: Node, used: frozenset[str]
) -> bool:
    span = tree.source.span(node)
    if any(call.span == span for call in test.calls):
        return True
    function = node.child_by_field_name("function")
    if function is None:
        return False
    written = tree.source.of(function)
    if function.type == "identifier":
        bound = {re.split(r"\s+as\s+|\.", name)[-1] for name in file.imports if _matcher(name)}
        is_own = written in test.local_names
        known = written in _BUILTIN or written in bound or _ASSERTING.match(written)
        return bool(known) and not is_own
    attribute = function.child_by_field_name("attribute")
    if function.type != "attribute" or attribute is None:
        return False
    name = tree.source.of(attribute)
    if name in _GROWING:
        return re.split(r"\W", written)[0] not in used
    return name in _METHODS or _ASSERTING.match(name) is not None


def _matcher(name: str) -> bool:
    return name.partition(".")[0] in ("hamcrest", "assertpy")


def _writes_into(tree: TestTree, node: Node, kept: frozenset[str], test: TestFunction) -> bool:
    """Whether something is written into an object that others see, or one of `kept` given anew."""
    targets: list[Node] = []
    if node.type in ("assignment", "augmented_assignment"):
        left = node.child_by_field_name("left")
        targets = [left] if left is not None else []
    elif node.type == "delete_statement":
        targets = children(node)
    for target in targets:
        for each in walk(target):
            root = re.split(r"\W", tree.source.of(each))[0]
            if each.type == "identifier" and root in test.parameters:
                return True
            inside = each.type in ("attribute", "subscript")
            if inside and (root in kept or root not in test.local_names):
                return True
    return False
