"""Loops of Java that never end, and work or memory that no test of an API needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.java.code import JavaCode, above, inside

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_ROUNDS = 100_000
_LARGEST = 20_000_000
_LONGEST_SLEEP = 30
_LOOPS = frozenset({"while_statement", "do_statement", "for_statement", "enhanced_for_statement"})
_SCOPES = frozenset({"lambda_expression", "class_body", "method_declaration"})
_LIMITS = frozenset(
    {"limit", "takeWhile", "findFirst", "findAny", "anyMatch", "noneMatch", "allMatch", "iterator"}
)
_SIZED = ("ArrayList", "HashMap", "HashSet", "StringBuilder", "ArrayDeque", "BitSet")
_UNITS = {"MILLISECONDS": 0.001, "SECONDS": 1, "MINUTES": 60, "HOURS": 3600, "DAYS": 86400}


def dangers(code: JavaCode) -> Iterator[Danger]:
    """Every rule of this module on every node."""
    for node in code.nodes:
        match node.type:
            case "while_statement" | "do_statement" | "for_statement":
                yield from _loop(code, node)
            case "method_invocation":
                yield from _call(code, node)
            case "object_creation_expression":
                given = [number(code, each) or 0 for each in code.arguments(node)]
                collects = code.of(node.child_by_field_name("type")).startswith(_SIZED)
                if collects and max(given, default=0) > _LARGEST:
                    yield code.danger(node, Harm.LARGE)
            case "array_creation_expression":
                sizes = [each for each in node.named_children if each.type == "dimensions_expr"]
                total = 1.0
                for each in sizes:
                    total *= number(code, each.named_children[0]) or 1
                if total > _LARGEST:
                    yield code.danger(node, Harm.LARGE)
            case "annotation":
                if code.name(node).rpartition(".")[2] in ("RepeatedTest", "Repeat", "Test"):
                    values = [number(code, each) or 0 for each in inside(node)]
                    if "timeout" not in code.of(node).lower() and max(values, default=0) > 1000:
                        yield code.danger(node, Harm.LARGE)


def _loop(code: JavaCode, node: Node) -> Iterator[Danger]:
    body, condition = node.child_by_field_name("body"), node.child_by_field_name("condition")
    shown = code.of(node).partition("{")[0]
    if body is not None and not _exits(code, body) and not _changes(code, node, condition, body):
        yield code.danger(node, Harm.ENDLESS, shown)
    elif node.type == "for_statement" and _rounds(code, node) > _MOST_ROUNDS:
        yield code.danger(node, Harm.LARGE, shown)


def _exits(code: JavaCode, body: Node) -> bool:
    """Whether the body may leave the loop."""
    stack = [(body, False)]
    while stack:
        node, nested = stack.pop()
        if node.type in ("return_statement", "throw_statement", "yield_statement"):
            return True
        if node.type == "break_statement" and (not nested or node.named_children):
            return True
        if node.type == "method_invocation" and code.name(node) == "fail":
            return True
        if node.type == "if_statement":
            condition = node.child_by_field_name("condition")
            if condition is not None and code.of(condition).strip("() ") == "false":
                continue
        if node.type in _SCOPES:
            continue
        deeper = nested or node.type in _LOOPS or node.type == "switch_expression"
        stack += [(each, deeper) for each in node.named_children]
    return False


def _changes(code: JavaCode, node: Node, condition: Node | None, body: Node) -> bool:
    """Whether anything that the condition looks at can change while the loop runs."""
    if condition is None:
        return False
    text = code.of(condition).strip("() ")
    if text == "false" and node.type != "do_statement":
        return True
    if text == "false":
        return True
    if any(
        each.type in ("method_invocation", "assignment_expression") for each in inside(condition)
    ):
        return True
    if any(each.type == "update_expression" for each in inside(condition)):
        return True
    names = {code.of(each) for each in inside(condition) if each.type == "identifier"}
    update = node.child_by_field_name("update")
    if update is not None and _goes_away(code, condition, update):
        return False
    parts = [body] + ([update] if update is not None else [])
    return any(
        name in names
        for part in parts
        for each in inside(part)
        if each.type in ("assignment_expression", "update_expression")
        for name in _names(code, each)
    )


def _names(code: JavaCode, node: Node) -> Iterator[str]:
    target = node.child_by_field_name("left") or node
    yield from (code.of(each) for each in inside(target) if each.type == "identifier")


def _goes_away(code: JavaCode, condition: Node, update: Node) -> bool:
    """`i < 10; i--`: the bound is never met, or only after all numbers there are."""
    text, step = "".join(code.of(condition).split()), "".join(code.of(update).split())
    return ("<" in text and step.endswith("--")) or (">" in text and step.endswith("++"))


def _rounds(code: JavaCode, node: Node) -> float:
    """The largest number in the conditions of a loop and of those around it, multiplied."""
    total = 1.0
    for each in (node, *above(node)):
        if each.type in _SCOPES:
            break
        condition = each.child_by_field_name("condition") if each.type == "for_statement" else None
        if condition is not None:
            numbers = [number(code, part) for part in inside(condition)]
            total *= max((value for value in numbers if value), default=1)
    return total


def _call(code: JavaCode, node: Node) -> Iterator[Danger]:
    name, arguments = code.name(node), code.arguments(node)
    owner = code.of(node.child_by_field_name("object"))
    last = number(code, arguments[-1]) if arguments else None
    if (
        (name == "sleep" and owner.endswith("Thread") and (last or 0) > _LONGEST_SLEEP * 1000)
        or (
            name == "sleep"
            and (last or 0) * _UNITS.get(owner.rpartition(".")[2], 0) > _LONGEST_SLEEP
        )
        or (name == "repeat" and (last or 0) > _LARGEST / 10)
    ):
        yield code.danger(node, Harm.LARGE)
    elif name in ("wait", "park") and not arguments:
        yield code.danger(node, Harm.ENDLESS)
    elif name in ("range", "rangeClosed", "limit", "nCopies", "pow", "shiftLeft") and _is_long(
        code, arguments
    ):
        yield code.danger(node, Harm.LARGE)
    elif _is_infinite(code, node, owner, name):
        yield code.danger(node, Harm.ENDLESS)


def _is_long(code: JavaCode, arguments: list[Node]) -> bool:
    return max((number(code, each) or 0 for each in arguments), default=0) > _MOST_ROUNDS


def _is_infinite(code: JavaCode, node: Node, owner: str, name: str) -> bool:
    if not owner.endswith(("Stream", "Random()", "ints")) or name not in (
        *("generate", "iterate", "ints", "doubles"),
    ):
        return False
    if name == "iterate" and len(code.arguments(node)) == 3:
        return False
    if name in ("ints", "doubles") and code.arguments(node):
        return False
    chained = (code.name(each) for each in above(node) if each.type == "method_invocation")
    return not any(each in _LIMITS for each in chained)


def number(code: JavaCode, node: Node) -> float | None:
    """The value of a whole number as written, or of well-known names for large ones."""
    text = code.of(node).replace("_", "").rstrip("lL")
    if node.type == "binary_expression":
        sides = [
            number(code, each)
            for each in (node.child_by_field_name("left"), node.child_by_field_name("right"))
            if each is not None
        ]
        left, right = ([*sides, None, None])[:2]
        if left is None or right is None:
            return None
        operator = code.of(node.child_by_field_name("operator"))
        found = {"*": left * right, "+": left + right, "-": left - right}
        return found.get(operator, left * 2.0 ** min(right, 64) if operator == "<<" else None)
    if text in ("Integer.MAXVALUE", "Long.MAXVALUE", "MAXVALUE"):
        return 2.0**31
    if node.type in ("parenthesized_expression", "cast_expression") and node.named_children:
        return number(code, node.named_children[-1])
    if "integer_literal" not in node.type:
        return None
    try:
        return float(
            int(
                text,
                0 if not text.startswith("0") or len(text) == 1 else 16 if text[1:2] in "xX" else 8,
            )
        )
    except ValueError:
        return None
