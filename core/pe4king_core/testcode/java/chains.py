"""The links of a REST Assured chain behind `.then()`: assertions, and where more of them go."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.model.fact import STATUS, Presence, body
from pe4king_core.model.source import CallStyle
from pe4king_core.model.text import Span
from pe4king_core.testcode.claims import Claim, Claims, header_subject
from pe4king_core.testcode.java.answers import whole
from pe4king_core.testcode.java.groovy import gpath
from pe4king_core.testcode.java.matchers import matched, matched_condition
from pe4king_core.testcode.java.objects import Expected, Request
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.syntax import children, indentation, line_start
from pe4king_core.testcode.values import (
    Answer,
    Fallback,
    Known,
    Part,
    Unknown,
    Validated,
    Value,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

Evaluate = Callable[[Context, "Node | None"], Value]
LIBRARY = "rest-assured"
_QUIET = frozenset(
    [
        "then",
        "that",
        "and",
        "assertThat",
        "log",
        "all",
        "everything",
        "ifValidationFails",
        "ifError",
        "ifStatusCodeIsEqualTo",
        "ifStatusCodeMatches",
        "parser",
        "using",
        "onFailMessage",
        "defaultParser",
        "expect",
        "build",
    ]
)
_LOGGED = frozenset({"body", "headers", "cookies", "status"})
_SPECS = frozenset({"spec", "specification", "responseSpecification", "addResponseSpecification"})
_ROOTS = frozenset({"root", "rootPath", "appendRootPath", "appendRoot"})


def validated_link(
    context: Context, value: Validated, name: str, node: Node, evaluate: Evaluate
) -> Value:
    """What the link `name` of a chain gives; its assertions are recorded."""
    listed = node.child_by_field_name("arguments")
    nodes = children(listed) if listed is not None else []
    if name in ("extract", "response") and not nodes:
        return Answer(value.call)
    if name in _SPECS and nodes and _by_specification(context, value, name, node, nodes, evaluate):
        _move_anchor(context, value.call, node)
        return value
    if name in _ROOTS or name in ("noRootPath", "noRoot", "detachRootPath", "detachRoot"):
        value = replace(value, root=_root(context, value, name, nodes, evaluate))
    elif name not in _QUIET and not (name in _LOGGED and not nodes):
        _assert(context, value, name, node, nodes, evaluate)
    _move_anchor(context, value.call, node)
    return value


def _by_specification(
    context: Context, value: Validated, name: str, node: Node, nodes: list[Node], evaluate: Evaluate
) -> bool:
    """`.spec(ok())`: what the specification expects; False where that is not known."""
    given = evaluate(context, nodes[0])
    if not isinstance(given, Expected | Request):
        return False
    links = given.links if isinstance(given, Expected) else given.expected
    expect(context, value, links, evaluate, link_span(context, node), name)
    return True


def expect(
    context: Context,
    value: Validated,
    links: Sequence[tuple[Context, Node]],
    evaluate: Evaluate,
    span: Span,
    name: str = "spec",
) -> None:
    """Records at `span` what the `links` of a specification say of the answer `value`."""
    with context.recorder.within(name, span):
        for inner, link in links:
            said = inner.of(link.child_by_field_name("name"))
            value = _expected(context, value, inner, said, link, evaluate)


def _expected(
    context: Context, value: Validated, inner: Context, said: str, link: Node, evaluate: Evaluate
) -> Validated:
    short = re.sub(r"^expect([A-Z])", lambda found: found[1].lower(), said)
    with context.run.entered(link.id) as allowed:
        if allowed:
            found = validated_link(inner, value, short, link, evaluate)
            return found if isinstance(found, Validated) else value
    return value


def _root(
    context: Context, value: Validated, name: str, nodes: list[Node], evaluate: Evaluate
) -> str | None:
    path = plain(evaluate(context, nodes[0])) if nodes else None
    text = path.value if isinstance(path, Known) else None
    if name in ("noRootPath", "noRoot"):
        return ""
    if name.startswith("detach") or len(nodes) != 1 or not isinstance(text, str):
        return None
    if not name.startswith("append") or not value.root:
        return text if not name.startswith("append") or value.root == "" else None
    return f"{value.root}.{text}"


def _assert(
    context: Context, value: Validated, name: str, node: Node, nodes: list[Node], evaluate: Evaluate
) -> None:
    span = link_span(context, node)
    call = value.call
    match name:
        case "statusCode" if len(nodes) == 1:
            claims = matched(context, Part(call, STATUS), nodes[0], evaluate)
            context.recorder.claim(span, claims, call, library=LIBRARY)
        case "contentType" if len(nodes) == 1:
            part = Part(call, header_subject("content-type"), Fallback.NULL)
            claims = matched(context, part, nodes[0], evaluate)
            context.recorder.claim(span, claims, call, library=LIBRARY)
        case "header" | "headers" if len(nodes) >= 2:
            _pairs(context, value, span, nodes, evaluate, _header_claims)
        case "body" | "content" if len(nodes) >= 2:
            _pairs(context, value, span, nodes, evaluate, _body_claims)
        case "body" | "content" if len(nodes) == 1:
            evaluate(context, nodes[0])
            claims = (_text_claim(context, call, nodes[0]),)
            context.recorder.claim(span, claims, call, library=LIBRARY)
        case _:
            for each in nodes:
                evaluate(context, each)
            context.recorder.claim(span, (), call, library=LIBRARY)


def _text_claim(context: Context, call: str, node: Node) -> Claim:
    """A matcher of the body as a text says whether there is one, and no more to us."""
    text = "".join(context.of(node).split())
    is_empty = re.search(r"(?<!not\()(?:emptyString|emptyOrNullString)\(\)", text)
    presence = Presence.ABSENT if is_empty and "not(" not in text else Presence.REQUIRED
    return Claim(call, body(), None, presence)


Pair = Callable[[Context, Validated, "list[Node]", Evaluate], Claims]


def _pairs(
    context: Context,
    value: Validated,
    span: Span,
    nodes: list[Node],
    evaluate: Evaluate,
    claims: Pair,
) -> None:
    """`.body("a", is(1), "b", is(2))`: an assertion for each pair."""
    if len(nodes) % 2:
        found = claims(context, value, nodes, evaluate)
        context.recorder.claim(span, found, value.call, library=LIBRARY)
        return
    for index in range(0, len(nodes), 2):
        pair = nodes[index : index + 2]
        first, last = context.source.span(pair[0]), context.source.span(pair[1])
        where = span if len(nodes) == 2 else Span(first.start, last.end)
        made = claims(context, value, pair, evaluate)
        context.recorder.claim(where, made, value.call, library=LIBRARY)


def _header_claims(
    context: Context, value: Validated, nodes: list[Node], evaluate: Evaluate
) -> Claims:
    name = plain(evaluate(context, nodes[0]))
    text = name.value if isinstance(name, Known) else None
    if not isinstance(text, str):
        return ()
    return matched(
        context, Part(value.call, header_subject(text), Fallback.NULL), nodes[-1], evaluate
    )


def _body_claims(
    context: Context, value: Validated, nodes: list[Node], evaluate: Evaluate
) -> Claims:
    path = plain(evaluate(context, nodes[0]))
    text = path.value if isinstance(path, Known) else None
    if not isinstance(text, str) or value.root is None or len(nodes) != 2:
        return ()
    joined = ".".join(part for part in (value.root, text) if part)
    found = gpath(whole(value.call), joined)
    if isinstance(found, tuple):
        return matched_condition(context, found, nodes[1], evaluate)
    if isinstance(found, Unknown):
        return ()
    return matched(context, found, nodes[1], evaluate)


def link_span(context: Context, node: Node) -> Span:
    """The link `.name(...)` with its dot."""
    span = context.source.span(node)
    target, name = node.child_by_field_name("object"), node.child_by_field_name("name")
    if target is None or name is None:
        return span
    behind = context.source.span(target).end
    dot = context.source.text.rfind(".", behind, context.source.span(name).start)
    return Span(max(dot, behind), span.end)


def _move_anchor(context: Context, call: str, node: Node) -> None:
    """New links go behind this one, if it belongs to the statement of the call."""
    draft = context.recorder.drafts.get(call)
    span = link_span(context, node)
    if draft is None or context.recorder.level or span.start < draft.span.start:
        return
    if span.end > draft.statement.end or draft.style is CallStyle.RESPONSE:
        return
    draft.style = CallStyle.CHAIN
    draft.anchor = span.end
    own_indent = _own_indent(context, node)
    if own_indent is None:
        return
    if not draft.chain_indent:
        verb = _own_indent(context, _verb(node, draft.span, context))
        if verb is not None and len(verb) > len(own_indent):
            own_indent = verb
        draft.chain_indent = own_indent
    elif context.of(node.child_by_field_name("name")) not in _QUIET:
        draft.chain_indent = own_indent


def _own_indent(context: Context, node: Node) -> str | None:
    """The white space in front of a link that starts its line, with its dot or behind it."""
    text = context.source.text
    name = node.child_by_field_name("name") or node
    for start in (link_span(context, node).start, context.source.span(name).start):
        if not text[line_start(text, start) : start].strip():
            return indentation(text, start)
    return None


def _verb(node: Node, span: Span, context: Context) -> Node:
    """The link of the chain below `node` that sent the request at `span`."""
    current = node
    while context.source.span(current).end > span.end:
        target = current.child_by_field_name("object")
        if target is None or target.type != "method_invocation":
            break
        current = target
    return current
