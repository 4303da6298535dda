"""`new X(...)`: objects of own classes, builders, collections and texts of the libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.model.source import BodyKind
from pe4king_core.testcode.java import answers, foreign, names, texts
from pe4king_core.testcode.java.expressions import arguments, evaluate, first_call
from pe4king_core.testcode.java.inlining import construct, simple_name
from pe4king_core.testcode.java.objects import Client, Entries, Expected, Request
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.literals import number
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import UNKNOWN, Known, Value, plain

if TYPE_CHECKING:
    from tree_sitter import Node

_MAPS = frozenset(
    {"HashMap", "LinkedHashMap", "TreeMap", "JSONObject", "JsonObject", "ConcurrentHashMap"}
)
_LISTS = frozenset({"ArrayList", "LinkedList", "HashSet", "LinkedHashSet", "TreeSet", "Vector"})
_REFERENCES = frozenset(
    {"TypeRef", "TypeReference", "TypeToken", "GenericType", "ParameterizedTypeReference"}
)


def created(context: Context, node: Node) -> Value:
    """The value of the expression `node`."""
    type_text = context.of(node.child_by_field_name("type"))
    name = simple_name(type_text)
    body = next((each for each in node.named_children if each.type == "class_body"), None)
    if name in _REFERENCES:
        inner = type_text.partition("<")[2].rpartition(">")[0]
        return answers.class_ref(context, inner) if inner else UNKNOWN
    values = [evaluate(context, each) for each in arguments(node)]
    kept = names.collector(name)
    if kept is not None:
        return kept
    if name == "RequestSpecBuilder":
        return Request()
    if name == "MultiPartSpecBuilder":
        return Request(body=BodyKind.MULTIPART)
    if name == "ResponseSpecBuilder":
        return Expected()
    if name in foreign.CLIENTS:
        return Client(name)
    parsed = answers.parsed(name, values)
    if parsed is not None:
        return parsed
    if name in _MAPS:
        return _map(context, values, body)
    if name in _LISTS:
        return values[0] if len(values) == 1 and not _is_number(values[0]) else UNKNOWN
    if name in ("BigDecimal", "BigInteger") and len(values) == 1:
        return _decimal(values[0])
    found = texts.builder(name, values)
    if found is not None:
        return found
    owner = names.type_named(context, type_text.partition("<")[0])
    if owner is not None and body is None:
        return construct(context, owner, values, context.source.span(node))
    return first_call(values)


def _is_number(value: Value) -> bool:
    return isinstance(value, Known) and isinstance(value.value, int)


def _map(context: Context, values: list[Value], body: Node | None) -> Value:
    """A new map; `{{ put("a", 1); }}` fills it."""
    made = Entries()
    given = plain(values[0]) if values else None
    if isinstance(given, Known) and isinstance(given.value, dict):
        made.members = {str(key): Known(value) for key, value in given.value.items()}
    elif isinstance(given, Entries):
        made.members, made.complete = dict(given.members), given.complete
    elif given is not None and not _is_number(given):
        return first_call(values)
    for block in children(body) if body is not None else ():
        for statement in children(block):
            for call in children(statement):
                nodes = arguments(call) if call.type == "method_invocation" else []
                key = texts.text_of(evaluate(context, nodes[0])) if len(nodes) == 2 else None
                if key is not None:
                    made.members[key] = evaluate(context, nodes[1])
    return made


def _decimal(value: Value) -> Value:
    is_text = isinstance(value, Known) and isinstance(value.value, str)
    parsed = number(str(value.value)) if isinstance(value, Known) and is_text else None
    return Known(parsed) if parsed is not None else value
