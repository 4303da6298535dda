"""Whether a Java test does nothing but read: then one of its requests can be made once more.

Every call in it must be one that is known to change nothing; a single unknown one is enough to
leave the test alone, because it may prepare or undo what the request depends on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.source import TestFile, TestFunction
from pe4king_core.testcode.syntax import Source, walk
from pe4king_core.weaving.java_beside import annotations_of

if TYPE_CHECKING:
    from tree_sitter import Node

_LEAVING = re.compile(r"\bassum\w*\(|\bskip|Disabled|Ignore\b|\babort\(", re.IGNORECASE)
_ORDERED = re.compile(
    r"@(?:TestMethodOrder|FixMethodOrder|Order|Stepwise)\b|\bdependsOn\w+\s*=|\bpriority\s*="
)
_DESCRIBING = frozenset(
    {"Test", "DisplayName", "Tag", "Tags", "Category", "Epic", "Epics", "Feature", "Features"}
    | {"Story", "Stories", "Owner", "Severity", "Description", "TmsLink", "Issue", "Link"}
    | {"AllureId", "Timeout"}
)
_PLAIN_TEST = re.compile(r"@(?:\w+\.)*Test(?:\s*\(\s*(?:(?:groups|description)\b[^()]*)?\))?\Z")
_FORBIDDEN = frozenset(
    {"while_statement", "do_statement", "return_statement", "break_statement", "switch_expression"}
    | {"continue_statement", "class_declaration", "class_body", "synchronized_statement"}
)
_ASSERTING = re.compile(r"(?:assert|verify|expect|check|fail\Z|should)")
_READING = frozenset(
    {"path", "jsonPath", "getString", "getInt", "getLong", "getBoolean", "getDouble", "getFloat"}
    | {"getList", "getMap", "getObject", "get", "then", "extract", "as", "asString", "statusCode"}
    | {"getStatusCode", "header", "getHeader", "contentType", "getContentType", "body", "getBody"}
    | {"size", "isEmpty", "contains", "add", "addAll", "asPrettyString", "prettyPrint", "print"}
    | {"equals", "length", "startsWith", "endsWith", "stream", "time", "getTime", "headers"}
)
_TOOLS = frozenset(
    {"List", "Map", "Set", "Arrays", "String", "Integer", "Long", "Double", "Boolean", "Objects"}
    | {"Collections", "Assertions", "Assert", "System.out", "Matchers", "CoreMatchers"}
    | {"MatcherAssert", "JsonPath", "ContentType", "SoftAssertions", "Allure"}
)
_CREATED = re.compile(
    r"(?:HashSet|ArrayList|HashMap|LinkedHashMap|LinkedHashSet|TreeSet|TreeMap|LinkedList"
    r"|SoftAssertions|SoftAssert|TypeRef)\b"
)


def is_calm(file: TestFile, test: TestFunction, source: Source, method: Node) -> bool:
    """Whether the test changes nothing outside of it and may run in any order."""
    if _LEAVING.search(test.span.of(file.text)) or _ORDERED.search(file.text):
        return False
    if not _only_described(source, method):
        return False
    for node in walk(method):
        if node.type in _FORBIDDEN:
            return False
        if node.type == "method_invocation" and not _is_harmless(file, test, source, node):
            return False
        if node.type == "object_creation_expression":
            kind = node.child_by_field_name("type")
            if kind is None or not _CREATED.match(source.of(kind).rpartition(".")[2]):
                return False
        if node.type == "assignment_expression" and not _is_local(source, test, node):
            return False
    return True


def _only_described(source: Source, method: Node) -> bool:
    found = list(annotations_of(source, method))
    plain = all(_PLAIN_TEST.match(text) for name, text in found if name == "Test")
    names = {name for name, _ in found}
    return "Test" in names and plain and names <= _DESCRIBING


def _is_local(source: Source, test: TestFunction, node: Node) -> bool:
    left = node.child_by_field_name("left")
    return left is not None and left.type == "identifier" and source.of(left) in test.local_names


def _is_harmless(file: TestFile, test: TestFunction, source: Source, node: Node) -> bool:
    """Whether the chain that `node` begins is a request of the test, or only looks at something."""
    target, named = node.child_by_field_name("object"), node.child_by_field_name("name")
    if target is not None and target.type == "method_invocation":
        return True
    span = source.span(node)
    for call in test.calls:
        if call.span.start == span.start and span.end <= call.span.end:
            return True
    name = source.of(named) if named is not None else ""
    if target is None or target.type == "this":
        matcher = any(each.startswith("static org.hamcrest.") for each in file.imports)
        known = _ASSERTING.match(name) is not None
        return known or (matcher and _is_matcher(file, name))
    root = source.of(target)
    if root in _TOOLS or root.rpartition(".")[2] in _TOOLS:
        return True
    is_local = re.split(r"\W", root)[0] in test.local_names
    return is_local and (name in _READING or _ASSERTING.match(name) is not None)


def _is_matcher(file: TestFile, name: str) -> bool:
    """Whether `name` can only come out of an import of Hamcrest: the file declares no such."""
    declared = re.search(
        rf"\b[\w>\]]+\s+{re.escape(name)}\s*\([^;{{}}]*\)[^;{{}}()]*\{{", file.text
    )
    explicit = any(
        each.startswith("static org.hamcrest.") and each.rpartition(".")[2] == name
        for each in file.imports
    )
    stars = [each for each in file.imports if each.startswith("static ") and each.endswith(".*")]
    only = bool(stars) and all(
        "hamcrest" in each or "restassured" in each.lower() for each in stars
    )
    return explicit or (only and declared is None)
