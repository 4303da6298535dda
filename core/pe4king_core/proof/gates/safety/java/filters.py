"""Code that stands between the client and the API: it may answer in the API's place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.java.code import JavaCode

if TYPE_CHECKING:
    from tree_sitter import Node

_TYPES = frozenset({"Filter", "OrderedFilter", "Interceptor", "HttpRequestInterceptor"})
_SETTERS = frozenset({"filter", "filters", "addFilter", "replaceFiltersWith"})
_PARAMETERS = 3
"""Of a filter of REST Assured; that of a stream has one."""


def dangers(code: JavaCode) -> Iterator[Danger]:
    """Lambdas and classes that are filters."""
    for node in code.nodes:
        if node.type == "lambda_expression" and _is_filter(code, node):
            yield code.danger(node, Harm.JUDGING)
        elif node.type == "object_creation_expression" and _has_body(node):
            if _simple(code.of(node.child_by_field_name("type"))) in _TYPES:
                yield code.danger(node, Harm.JUDGING)
        elif node.type in ("super_interfaces", "superclass"):
            named = (each for each in code.of(node).replace(",", " ").split()[1:])
            if any(_simple(each) in _TYPES for each in named):
                yield code.danger(node, Harm.JUDGING)


def _is_filter(code: JavaCode, node: Node) -> bool:
    parameters = node.child_by_field_name("parameters")
    if parameters is None or len(parameters.named_children) != _PARAMETERS:
        return False
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "argument_list" and parent.parent is not None:
        return code.name(parent.parent) in _SETTERS
    declared = parent.parent if parent.type == "variable_declarator" else None
    kind = declared.child_by_field_name("type") if declared is not None else None
    return _simple(code.of(kind)) in _TYPES


def _has_body(node: Node) -> bool:
    return any(each.type == "class_body" for each in node.named_children)


def _simple(name: str) -> str:
    return name.strip().rpartition(".")[2]
