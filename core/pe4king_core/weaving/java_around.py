"""The code around a request in a Java test: what follows it, what it stands in, what it gives.

Types are only told from what the file shows: a declared type, `given()`, a specification. What
is not shown stays unknown, and nothing is written that needs to know it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage, TestCall, TestFile, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.testcode.syntax import Source, children, parse_part, walk

if TYPE_CHECKING:
    from tree_sitter import Node

RESPONSES = frozenset({"Response", "MockMvcResponse", "WebTestClientResponse"})
VALIDATABLES = frozenset({"ValidatableResponse", "ValidatableMockMvcResponse"})
EXTRACTABLE = "ExtractableResponse"
_STARTS = frozenset({"given", "when", "with", "expect"})
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request"})
_CLASSES = frozenset({"RestAssured", "SerenityRest", "RestAssuredMockMvc", "SpringRestAssured"})
_SAME = frozenset({"andReturn", "thenReturn", "peek", "prettyPeek"})
"""Methods of a response that give the response."""
_BLOCKS = frozenset({"block", "constructor_body", "switch_block_statement_group"})
_RUN_ONCE = frozenset({"assertSoftly"})
_STRAIGHT = frozenset(
    {"block", "lambda_expression", "argument_list", "method_invocation", "expression_statement"}
)
_SKIP_EXCEPTION = re.compile(r"\bnew\s+[\w.]*(?:Skip|Abort|Assum|Pending)\w*")
_SKIPPING = re.compile(r"assum(?:e|ing)[A-Z]|abort\Z|assumeThat\Z")
_TYPE_BEFORE = re.compile(r"\b([A-Za-z_][\w.]*)(?:<[^;{}()]{0,100}>)?(?:\[\])*\s+\Z")
_SWALLOWING = re.compile(r"\b(?:Throwable|Error|AssertionError|AssertionFailedError)\b")


@dataclass(frozen=True, slots=True)
class Link:
    """One call of a chain: `span` begins behind the call before it, with the dot."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Around:
    """A request's expression in its surroundings."""

    span: Span
    links: tuple[Link, ...]
    """What is called on its result, in order."""
    own_statement: bool
    """The expression with its links is a whole statement: its value is thrown away."""
    in_block: bool
    """The statement stands in a block, so that another one may follow it."""
    swallowed: bool
    """A failed assertion would be caught here."""
    variable: str = ""
    """The variable that is declared with the expression as its value."""
    declared: str = ""
    """Its type as written."""
    root: str = ""
    """What the chain of the request starts from: a name, or empty for a plain method."""
    first: str = ""
    """The first method of the chain."""
    simple: bool = False
    """That method is the whole expression."""


def look_around(file: TestFile, test: TestFunction, call: TestCall) -> Around | None:
    """The surroundings of `call`; None where its expression is not in the test's own text."""
    if not (test.span.start <= call.span.start and call.span.end <= test.span.end):
        return None
    source = parsed(file, test)
    node = expression_at(source, call.span)
    if node is None:
        return None
    links, top = _links(source, node)
    statement = _statement(top)
    root, first = _root(source, node)
    variable, declared = _declared(source, top)
    return Around(
        call.span,
        links,
        top.parent is not None and top.parent.type == "expression_statement",
        statement is not None and statement.parent is not None and statement.parent.type in _BLOCKS,
        _is_swallowed(source, node),
        variable,
        declared,
        root,
        first,
        (node.child_by_field_name("object") or node).type != "method_invocation"
        or node.child_by_field_name("object") is None,
    )


def parsed(file: TestFile, test: TestFunction) -> Source:
    """The text of `test` alone as a tree."""
    return parse_part(file.text, test.span, SourceLanguage.JAVA, before="class X{", after="\n}")


def whole_expression(source: Source, span: Span) -> Span:
    """The chain of calls that the link at `span` is a part of."""
    start, end = span.start - source.base, span.end - source.base
    node: Node | None = source.root.descendant_for_byte_range(start, max(start, end - 1))
    while node is not None and node.type != "method_invocation":
        node = node.parent
    if node is None:
        return span
    return source.span(_links(source, node)[1])


def stands_straight(source: Source, span: Span, call: Span) -> bool:
    """Whether the expression at `span` runs exactly once whenever `call` has been made.

    It stands in the block of the call, or in a lambda of `assertSoftly` there.
    """
    outer = _ancestors(source, call)
    block = outer[0].id if outer else -1
    for node in _ancestors(source, span):
        if node.id == block:
            return True
        owner = node.parent.parent if node.type == "lambda_expression" and node.parent else None
        name = owner.child_by_field_name("name") if owner is not None else None
        if node.type == "lambda_expression" and (name is None or source.of(name) not in _RUN_ONCE):
            return False
        if node.type not in _STRAIGHT:
            return False
    return False


def _ancestors(source: Source, span: Span) -> list[Node]:
    """The nodes around the statement of what is at `span`, innermost first."""
    start, end = span.start - source.base, span.end - source.base
    node: Node | None = source.root.descendant_for_byte_range(start, max(start, end - 1))
    while node is not None and _is_inside_statement(node):
        node = node.parent
    found: list[Node] = []
    current = node.parent if node is not None else None
    while current is not None:
        found.append(current)
        current = current.parent
    return found


def _is_inside_statement(node: Node) -> bool:
    return not (node.type.endswith("_statement") or node.type == "local_variable_declaration")


def expression_at(source: Source, span: Span) -> Node | None:
    """The invocation (or creation) that stands exactly at `span`."""
    start, end = span.start - source.base, span.end - source.base
    node: Node | None = source.root.descendant_for_byte_range(start, end)
    while node is not None and (node.start_byte, node.end_byte) == (start, end):
        if node.type in ("method_invocation", "object_creation_expression"):
            return node
        node = node.parent
    return None


def _links(source: Source, node: Node) -> tuple[tuple[Link, ...], Node]:
    found: list[Link] = []
    current = node
    while current.parent is not None and current.parent.type == "method_invocation":
        outer = current.parent
        target, name = outer.child_by_field_name("object"), outer.child_by_field_name("name")
        if target is None or target.id != current.id or name is None:
            break
        span = Span(source.span(current).end, source.span(outer).end)
        found.append(Link(source.of(name), span))
        current = outer
    return tuple(found), current


def _statement(node: Node) -> Node | None:
    current: Node | None = node
    while current is not None:
        if current.type.endswith("_statement") or current.type == "local_variable_declaration":
            return current
        if current.type in ("lambda_expression", "method_declaration"):
            return None
        current = current.parent
    return None


def _declared(source: Source, top: Node) -> tuple[str, str]:
    declarator = top.parent
    if declarator is None or declarator.type != "variable_declarator":
        return "", ""
    name, declaration = declarator.child_by_field_name("name"), declarator.parent
    kind = declaration.child_by_field_name("type") if declaration is not None else None
    if name is None or kind is None:
        return "", ""
    return source.of(name), source.of(kind)


def _root(source: Source, node: Node) -> tuple[str, str]:
    current = node
    while True:
        target = current.child_by_field_name("object")
        if target is None or target.type != "method_invocation":
            break
        current = target
    name = current.child_by_field_name("name")
    target = current.child_by_field_name("object")
    return (
        source.of(target) if target is not None else "",
        source.of(name) if name is not None else "",
    )


def _is_swallowed(source: Source, node: Node) -> bool:
    inner, current = node, node.parent
    while current is not None and current.type != "method_declaration":
        body = current.child_by_field_name("body")
        guarded = current.type.startswith("try_") and body is not None and body.id == inner.id
        if guarded and any(
            clause.type == "catch_clause" and _SWALLOWING.search(_caught(source, clause))
            for clause in children(current)
        ):
            return True
        inner, current = current, current.parent
    return False


def _caught(source: Source, clause: Node) -> str:
    inner = children(clause)
    return source.of(inner[0]) if inner else ""


def leaves_between(file: TestFile, test: TestFunction, call: TestCall) -> bool:
    """Whether the test may end or be skipped between the request and its last assertion."""
    source = parsed(file, test)
    start, end = call.span.end - source.base, call.anchor - source.base
    for node in walk(source.root):
        if not start <= node.start_byte < end:
            continue
        name = source.of(node.child_by_field_name("name") or node)
        skips = node.type == "method_invocation" and _SKIPPING.match(name)
        aborts = node.type == "throw_statement" and _SKIP_EXCEPTION.search(source.of(node))
        if skips or aborts or (node.type == "return_statement" and not _in_lambda(node)):
            return True
    return False


def _in_lambda(node: Node) -> bool:
    current: Node | None = node
    while current is not None and current.type != "method_declaration":
        if current.type == "lambda_expression":
            return True
        current = current.parent
    return False


def gives_response(file: TestFile, call: TestCall, around: Around) -> bool:
    """Whether the request's expression certainly is a REST Assured response."""
    if call.via:
        return given_type(file, call, around) in RESPONSES
    root = around.root.removeprefix("this.")
    simple = root.rpartition(".")[2]
    if simple in _CLASSES:
        return True
    if not root and around.first in _STARTS | _VERBS:
        return not _declares(file, around.first) and _imports(file, around.first)
    if not root:
        return _declares(file, around.first, "RequestSpecification")
    return _is_specification(file, simple)


def given_type(file: TestFile, call: TestCall, around: Around) -> str:
    """The type of what the helper that makes the request gives; empty where it is not seen."""
    if call.gives:
        return call.gives
    if around.root in ("", "this") and around.simple:
        for kind in (*sorted(RESPONSES | VALIDATABLES), EXTRACTABLE):
            if _declares(file, around.first, kind):
                return kind
    return ""


def _declares(file: TestFile, method: str, returned: str = "") -> bool:
    """Whether the file declares `method`, with the result type `returned` if that is given."""
    head = rf"(?<![\w.]){re.escape(method)}\s*\([^(){{}};]{{0,500}}\)[^;{{}}()]{{0,200}}\{{"
    for found in re.finditer(head, file.text):
        kind = _TYPE_BEFORE.search(file.text, max(0, found.start() - 200), found.start())
        if kind is None or kind[1] in ("new", "return", "else", "throw"):
            continue
        if not returned or kind[1].rpartition(".")[2] == returned:
            return True
    return False


def _imports(file: TestFile, method: str) -> bool:
    return any(
        name.startswith("static ")
        and name.rpartition(".")[0].rpartition(".")[2] in _CLASSES
        and name.rpartition(".")[2] in ("*", method)
        for name in file.imports
    )


def _is_specification(file: TestFile, name: str) -> bool:
    """Whether the variable or field `name` is declared as a request specification."""
    escaped = re.escape(name)
    if re.search(rf"\b(?:Mock\w+)?RequestSpecification\s+{escaped}\b\s*(?![\w(])", file.text):
        return True
    begun = r"(?:RestAssured\s*\.\s*)?given\s*\("
    return re.search(rf"\bvar\s+{escaped}\s*=\s*{begun}", file.text) is not None


def type_of(file: TestFile, test: TestFunction, name: str) -> str:
    """The simple name of the type with which `name` is declared; empty where that is not seen."""
    pattern = rf"\b([A-Za-z_][\w.]*)(?:<[^;=(){{}}]{{0,200}}>)?\s+{re.escape(name)}\s*[=;:,)]"
    for text in (test.span.of(file.text), file.text):
        kinds = {
            found[1].rpartition(".")[2]
            for found in re.finditer(pattern, text)
            if found[1] not in ("return", "new", "throw", "else", "instanceof")
        }
        if kinds:
            return next(iter(kinds)) if len(kinds) == 1 else ""
    return ""


def holds_response(file: TestFile, test: TestFunction, call: TestCall, around: Around) -> str:
    """The type of the variable that holds the answer, one of those above; else empty."""
    name = call.response or around.variable
    kind = type_of(file, test, name) if name else ""
    if kind in RESPONSES | VALIDATABLES or kind == EXTRACTABLE:
        return kind
    if kind != "var":
        return ""
    if re.search(rf"(?<![\w.]){re.escape(name)}\s*\.\s*then\s*\(\s*\)", test.span.of(file.text)):
        return "Response"
    if call.via and not around.links:
        return given_type(file, call, around)
    plain = all(link.name in _SAME for link in around.links)
    return "Response" if plain and gives_response(file, call, around) else ""
