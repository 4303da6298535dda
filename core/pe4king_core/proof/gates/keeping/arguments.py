"""Calls and parameters by syntax: what is called, with what, and what the callee's names get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.proof.gates.keeping.canonical import Env, Speller
from pe4king_core.proof.gates.keeping.definitions import Definition, Definitions
from pe4king_core.testcode.syntax import children

if TYPE_CHECKING:
    from tree_sitter import Node

_UNARY = frozenset(
    {"assertTrue", "assertFalse", "assertNull", "assertNotNull", "assertIsNone", "assertIsNotNone"}
)


def called(defined: Definitions, node: Node) -> tuple[str, Node | None]:
    """The name that a call uses, and what stands before its dot."""
    source = defined.source
    function = node.child_by_field_name("function")
    if function is None:
        name = node.child_by_field_name("name")
        return source.of(name) if name is not None else "", node.child_by_field_name("object")
    if function.type == "attribute":
        name = function.child_by_field_name("attribute")
        return source.of(name) if name is not None else "", function.child_by_field_name("object")
    return source.of(function), None


def parameters(defined: Definitions, each: Definition) -> list[str]:
    """The names of the parameters of a function."""
    listed = each.node.child_by_field_name("parameters")
    found: list[str] = []
    for node in children(listed) if listed is not None else []:
        name = node.child_by_field_name("name")
        first = name or (node if node.type == "identifier" else next(iter(children(node)), None))
        if first is not None:
            found.append(defined.source.of(first))
    return found


def bound(
    defined: Definitions, each: Definition, values: list[tuple[bool, str]], *, of_object: bool
) -> Env:
    """What the parameters of a function stand for; `values` says which arguments have a name."""
    names = parameters(defined, each)
    if of_object and each.owner and names[:1] in (["self"], ["cls"]):
        names = names[1:]
    env = _defaults(defined, each)
    rest: list[str] = []
    for index, (is_named, value) in enumerate(values):
        keyword, _, stated = value.partition("=")
        if is_named and keyword in names:
            env[keyword] = stated
        elif not is_named and index < len(names):
            env[names[index]] = value
        else:
            rest.append(value)
    listed = each.node.child_by_field_name("parameters")
    for node in children(listed) if listed is not None else []:
        if "splat" in node.type and children(node):
            name = defined.source.of(children(node)[0])
            env[name] = f"rest[{env.get(name, '')} {' '.join(rest)}]"
    return env


def _defaults(defined: Definitions, each: Definition) -> Env:
    listed = each.node.child_by_field_name("parameters")
    found: Env = {}
    for node in children(listed) if listed is not None else []:
        name, value = (node.child_by_field_name(part) for part in ("name", "value"))
        if name is not None and value is not None:
            found[defined.source.of(name)] = Speller(defined.source).spell(value, {})
    return found


def given(node: Node) -> list[Node]:
    """The arguments of a call."""
    listed = node.child_by_field_name("arguments")
    if listed is None:
        return []
    return [listed] if listed.type == "generator_expression" else children(listed)


def is_linked(node: Node) -> bool:
    """Whether another link stands behind a call."""
    parent = node.parent
    return parent is not None and parent.type in ("attribute", "method_invocation")


def pairs(name: str, spelt: list[str]) -> list[list[str]]:
    """`body("a", x, "b", y)` is two checks."""
    if name in ("body", "content", "headers", "cookies") and len(spelt) > 2 and not len(spelt) % 2:
        return [spelt[at : at + 2] for at in range(0, len(spelt), 2)]
    return [spelt]


def told(name: str, spelt: list[str]) -> list[str]:
    """The arguments of an assertion without its message."""
    plain = [each for each in spelt if not each.startswith(("msg=", "message=", "reason="))]
    most = 1 if name in _UNARY else 2
    if len(plain) <= most:
        return plain
    texts = [at for at in (len(plain) - 1, 0) if plain[at][:1] in "\"'" or plain[at][:5] == "text["]
    return plain[: texts[0]] + plain[texts[0] + 1 :] if texts else plain
