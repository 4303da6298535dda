"""Assert methods of unittest and assertion helpers of other libraries to claims."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.fact import HasType, Matches, NotNull
from pe4king_core.testcode.claims import Claims, claim, comparison
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.formats import ecma
from pe4king_core.testcode.logic import negation
from pe4king_core.testcode.python.expressions import arguments_of
from pe4king_core.testcode.python.truths import claims_of
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import Items, Known, Part, TypeNames, Value, call_of

if TYPE_CHECKING:
    from tree_sitter import Node

_SIGNS = {
    "assertEqual": "==", "assertEquals": "==", "assertIs": "==", "assertDictEqual": "==",
    "assertListEqual": "==", "assertNotEqual": "!=", "assertIsNot": "!=", "assertIn": "in",
    "assertNotIn": "not in", "assertGreater": ">", "assertGreaterEqual": ">=",
    "assertLess": "<", "assertLessEqual": "<=",
}  # fmt: skip
_ASSERTING = re.compile(
    r"(?:assert|expect|should|verify|validate|check|ensure)(?=_|[A-Z]|$)|(?:equal|is_true|is_in)$"
)


def is_assertion(name: str) -> bool:
    """Whether a function called `name` asserts something."""
    return bool(_ASSERTING.match(name))


def assertion_claims(context: Context, node: Node, name: str) -> tuple[Claims, str | None]:
    """The claims of the assertion call `node`, and the call that it speaks of."""
    positional, _ = arguments_of(context, node)
    values = [each.value for each in positional]
    call = next(filter(None, map(call_of, values)), None)
    inner = node.child_by_field_name("arguments")
    nodes = children(inner) if inner is not None else []
    if name == "assertTrue" and nodes:
        return claims_of(context, nodes[0]), call
    if name == "assertFalse" and nodes:
        return negation(claims_of(context, nodes[0])), call
    if len(values) >= 2 and name in _SIGNS:
        return comparison(values[0], _SIGNS[name], values[1]), call
    return _one_part(name, values), call


def _one_part(name: str, values: list[Value]) -> Claims:
    first = values[0] if values else None
    second = values[1] if len(values) > 1 else None
    if not isinstance(first, Part):
        return ()
    match name:
        case "assertIsNone":
            return comparison(first, "==", Known(None))
        case "assertIsNotNone":
            return (claim(first, NotNull()),)
        case "assertIsInstance":
            return (claim(first, _type_check(second)),)
        case "assertRegex" if isinstance(second, Known) and isinstance(second.value, str):
            return (claim(first, Matches(ecma(second.value))),)
    return (claim(first, None),)


def _type_check(value: Value | None) -> HasType | None:
    members = value.members if isinstance(value, Items) else (value,)
    names = [each.types for each in members if isinstance(each, TypeNames)]
    if not names or len(names) != len(members):
        return None
    return HasType(frozenset().union(*names))
