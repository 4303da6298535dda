"""Where requests go in Java: only to the API under test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.hosts import (
    HOLE,
    host_of,
    is_absolute,
    is_address_name,
    is_foreign,
    looks_like_host,
)
from pe4king_core.proof.gates.safety.java.code import JavaCode, inside
from pe4king_core.proof.gates.safety.java.folding import literal, texts
from pe4king_core.proof.gates.safety.knowing import Known

if TYPE_CHECKING:
    from tree_sitter import Node

_VERBS = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "request", "baseUri", "baseUrl"}
    | {"setBaseUri", "uri", "url", "create", "newBuilder", "fetch", "call", "send", "visit", "open"}
    | {"connect", "download", "upload", "ping", "submit", "report", "notify", "exchange"}
    | {"getForObject", "getForEntity", "postForObject", "postForEntity", "bindToServer"}
)
_METHOD_FIRST = frozenset({"request", "call", "send", "fetch", "exchange"})
_CREATED = frozenset({"URI", "HttpGet", "HttpPost", "HttpPut", "HttpDelete", "HttpPatch"})
_SENDING = frozenset({"body", "post", "put", "patch", "delete"})
_MOST_VALUES = 50
"""A name that is given more values than these says nothing about an address."""


def dangers(code: JavaCode, known: Known) -> Iterator[Danger]:
    """Addresses that are not the API's."""
    for node, target in _targets(code):
        if _is_foreign(code, target, known.hosts):
            yield code.danger(node, Harm.ADDRESS, code.of(target))
    for node in code.nodes:
        if node.type == "method_invocation" and code.name(node) in ("proxy", "setProxy"):
            yield from _proxy(code, node)
        elif node.type in ("method_invocation", "assignment_expression"):
            yield from _port(code, node)


def called_hosts(code: JavaCode) -> frozenset[str]:
    """The hosts that requests of this text name."""
    found = {
        host_of(text.replace(HOLE, ""))
        for _, target in _targets(code)
        for text in texts(code, target)
    }
    return frozenset(found - {""})


def _targets(code: JavaCode) -> Iterator[tuple[Node, Node]]:
    """Where an address may stand, with the expression."""
    for node in code.nodes:
        if node.type == "method_invocation" and code.name(node) in _VERBS:
            for argument in code.arguments(node)[: 2 if code.name(node) in _METHOD_FIRST else 1]:
                yield node, argument
        elif node.type == "object_creation_expression":
            made = code.of(node.child_by_field_name("type")).rpartition(".")[2]
            if made in _CREATED:
                for argument in code.arguments(node)[:1]:
                    yield node, argument
        elif node.type == "variable_declarator":
            value = node.child_by_field_name("value")
            if value is not None and is_address_name(code.name(node)):
                yield node, value
        elif node.type == "assignment_expression":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if right is not None and is_address_name(code.of(left).rpartition(".")[2]):
                yield node, right
        elif node.type == "method_declaration" and is_address_name(code.name(node)):
            returns = (each for each in inside(node) if each.type == "return_statement")
            yield from ((each, each.named_children[0]) for each in returns if each.named_children)


def _is_foreign(code: JavaCode, target: Node, allowed: frozenset[str]) -> bool:
    found = texts(code, target)
    if any(is_foreign(each, allowed) for each in found):
        return True
    if not any(each.startswith(HOLE) or f"://{HOLE}" in each for each in found):
        return False
    return any(
        (is_absolute(each) and is_foreign(each, allowed))
        or (looks_like_host(each) and is_foreign(f"http://{each}", allowed))
        for each in _reachable(code, target)
    )


def _reachable(code: JavaCode, target: Node) -> set[str]:
    """Every text that `target` is made of, through the names of the file."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [target]
    while waiting:
        node = waiting.pop()
        if any(code.name(each) in _SENDING for each in inside(node) if _is_call(each)):
            continue  # an answer of the API may lead on, what was sent does not
        for each in inside(node):
            if each.type == "string_literal":
                found.add(literal(code, each))
            elif each.type == "identifier":
                name = code.of(each)
                values = code.assigned.get(name, [])
                if name not in seen and len(values) < _MOST_VALUES:
                    waiting += values
                seen.add(name)
    return found


def _is_call(node: Node) -> bool:
    return node.type == "method_invocation"


def _port(code: JavaCode, node: Node) -> Iterator[Danger]:
    """Ports of what else may run on the user's machine."""
    if node.type == "assignment_expression":
        named = code.of(node.child_by_field_name("left")).rpartition(".")[2]
        values = [node.child_by_field_name("right")]
    else:
        named, values = code.name(node), [*code.arguments(node)]
    if named in ("port", "setPort"):
        found = {text for each in values for text in texts(code, each)}
        if any(is_foreign(f"http://localhost:{each}", frozenset()) for each in found - {HOLE}):
            yield code.danger(node, Harm.ADDRESS)


def _proxy(code: JavaCode, node: Node) -> Iterator[Danger]:
    hosts = {"localhost", "127.0.0.1"}
    arguments = code.arguments(node)
    if arguments and not any(texts(code, each) <= hosts for each in arguments[:1]):
        yield code.danger(node, Harm.ADDRESS)
