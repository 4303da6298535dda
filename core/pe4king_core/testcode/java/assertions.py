"""Assertions of JUnit, TestNG and Hamcrest, and own ones that cannot be read, to claims."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.fact import HasFormat, HasType, InRange, NotNull
from pe4king_core.model.text import Span
from pe4king_core.testcode.claims import Claims, claim, comparison
from pe4king_core.testcode.intervals import around
from pe4king_core.testcode.java.matchers import matched
from pe4king_core.testcode.java.objects import Asserted, Collector, Stated, Typed, bare
from pe4king_core.testcode.java.outline import Unit
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.java.truths import claims_of, denied
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    Known,
    Part,
    TypeNames,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    Evaluate = Callable[[Context, Node | None], Value]

ASSERTION = re.compile(r"(?:assert|expect|verify|validate|check|should|ensure)(?=[A-Z_]|\Z)")
_FORMATS = {
    "UUID.fromString": "uuid", "OffsetDateTime.parse": "date-time", "Instant.parse": "date-time",
    "ZonedDateTime.parse": "date-time", "LocalDate.parse": "date",
}  # fmt: skip
_EQUALITIES = frozenset(
    {"assertEquals", "assertNotEquals", "assertSame", "assertIterableEquals", "assertArrayEquals"}
)
_LIBRARIES = (
    ("org.testng", "testng"),
    ("org.junit.jupiter", "junit5"),
    ("org.assertj", "assertj"),
    ("com.google.common.truth", "truth"),
    ("org.hamcrest", "hamcrest"),
    ("org.junit", "junit4"),
    ("junit.framework", "junit4"),
)


def library_of(unit: Unit, name: str, receiver: str) -> str:
    """The library that `name` or `receiver.name` comes from, by the imports."""
    simple = receiver.rpartition(".")[2]
    owners = [unit.imports[simple]] if simple in unit.imports else []
    if not receiver:
        owners = [*unit.static_imports.get(name, ()), *unit.static_types]
    elif "." in receiver:
        owners.append(receiver)
    for owner in [*owners, *unit.imports.values()]:
        for package, library in _LIBRARIES:
            if owner.startswith(package) and _fits(library, name):
                return library
    return ""


def _fits(library: str, name: str) -> bool:
    if name in ("assertThat", "then", "assertWithMessage"):
        return library in ("assertj", "truth", "hamcrest", "junit4")
    return library in ("junit4", "junit5", "testng")


def record(
    context: Context,
    node: Node,
    name: str,
    receiver: str,
    evaluate: Evaluate,
    collector: Collector | None = None,
) -> Value:
    """Records what the call `node` of an assertion method claims; `assertThat(x)` goes on."""
    nodes = _arguments(node)
    span = context.source.span(node)
    library = (
        collector.library if collector is not None else library_of(context.unit, name, receiver)
    )
    soft = collector.name if collector is not None else ""
    if name in ("assertThat", "then", "assertThatCode") and len(nodes) == 1:
        value = _decision(context, node, nodes[0], evaluate(context, nodes[0]))
        fluent = library if library == "truth" else "assertj"
        return Asserted(value, fluent, soft)
    if name in ("assertAll", "verifyAll", "expectAll") and (collector is not None or not nodes):
        return Unknown()
    claims, call = _claims(context, nodes, name, library, evaluate)
    if name in ("assertThat", "checkThat"):
        library = "hamcrest"
    context.recorder.claim(span, claims, call, library=library, soft=soft)
    return Unknown(call)


def _decision(context: Context, node: Node, condition: Node, value: Value) -> Value:
    """`value` of the expression `condition` where `assertThat(it).isTrue()` asks it, as claims."""
    if isinstance(value, Known | Part | Stated | Typed) or call_of(value) is None:
        return value
    link = node.parent
    while link is not None and link.type == "method_invocation":
        name = context.of(link.child_by_field_name("name"))
        if name in ("isTrue", "isFalse"):
            claims = (denied if name == "isFalse" else claims_of)(context, condition)
            return Stated(claims, denied=name == "isFalse") if claims else value
        link = link.parent
    return value


def _claims(
    context: Context, nodes: list[Node], name: str, library: str, evaluate: Evaluate
) -> tuple[Claims, str | None]:
    """The claims of an assertion, and the call that it speaks of."""
    if name in ("assertTrue", "assertFalse", "isTrue") and nodes:
        condition = nodes[0]
        if condition.type == "string_literal" and len(nodes) > 1:
            condition = nodes[1]
        claims = (denied if name == "assertFalse" else claims_of)(context, condition)
        return claims, call_of(evaluate(context, condition))
    values = [bare(evaluate(context, each)) for each in nodes]
    call = next(filter(None, map(call_of, values)), None)
    if name in _EQUALITIES and len(values) >= 2:
        return _equality(values, "!=" if name == "assertNotEquals" else "==", library), call
    if name in ("assertThat", "checkThat") and len(nodes) >= 2:
        value = values[-2]
        if isinstance(values[-1], Known) and isinstance(values[-1].value, bool):
            claims = claims_of(context, nodes[-1])
            return claims, call
        return matched(context, value, nodes[-1], evaluate), call or call_of(values[-1])
    return _of_part(name, values), call


def _of_part(name: str, values: list[Value]) -> Claims:
    part = next((each for each in values if isinstance(each, Part)), None)
    if part is None:
        return ()
    types = next((each for each in values if isinstance(each, TypeNames)), None)
    match name:
        case "assertNotNull":
            return (claim(part, NotNull()),)
        case "assertNull":
            return comparison(part, "==", Known(None))
        case "assertInstanceOf" if types is not None:
            return (claim(part, HasType(types.types)),)
    return (claim(part, None),)


def _equality(values: list[Value], sign: str, library: str) -> Claims:
    """Two values are compared; a message or a tolerance may stand before or behind them."""
    if len(values) > 2 and _message_first(values, library):
        values = values[1:]
    left, right = values[0], values[1]
    if isinstance(left, Known) or call_of(left) is None:
        left, right = right, left
    if len(values) > 2 and isinstance(left, Part) and sign == "==":
        near = _near(plain(right), plain(values[2]))
        if near is not None:
            return (claim(left, near),)
        if _is_tolerance(plain(values[2])):
            return (claim(left, None),)
    return comparison(left, sign, right)


def _message_first(values: list[Value], library: str) -> bool:
    if library in ("junit5", "testng"):
        return False
    first = plain(values[0])
    if len(values) > 3:
        return True
    is_text = isinstance(first, Known) and isinstance(first.value, str)
    rest = [call_of(each) for each in values[1:]]
    if is_text and (rest[1] is not None or library == "junit4"):
        return True
    return call_of(values[0]) is None and rest[0] is None and rest[1] is not None


def _near(value: Value, tolerance: Value) -> InRange | None:
    """`assertEquals(1.5, x, 0.01)`."""
    if not isinstance(value, Known) or not isinstance(tolerance, Known):
        return None
    middle, delta = value.value, tolerance.value
    if isinstance(delta, bool) or not isinstance(delta, int | float):
        return None
    if isinstance(middle, bool) or not isinstance(middle, int | float) or delta == 0:
        return None
    return InRange(around(middle, delta))


def _is_tolerance(value: Value) -> bool:
    """Whether it is a number other than zero: what is compared need not be equal."""
    known = value.value if isinstance(value, Known) else None
    return isinstance(known, int | float) and not isinstance(known, bool) and known != 0


def record_parsed(context: Context, node: Node, value: Value, evaluate: Evaluate) -> None:
    """`UUID.fromString(x)`, `OffsetDateTime.parse(x)`: x has the format, or the call fails."""
    if node.type == "method_invocation" and call_of(value):
        claims = _parsed(context, node, evaluate)
        if claims:
            context.recorder.claim(context.source.span(node), claims)


def _parsed(context: Context, node: Node, evaluate: Evaluate) -> Claims:
    called = context.of(node).partition("(")[0]
    nodes = _arguments(node)
    if called not in _FORMATS or len(nodes) != 1:
        return ()
    value = bare(evaluate(context, nodes[0]))
    return (claim(value, HasFormat(_FORMATS[called])),) if isinstance(value, Part) else ()


def stated(context: Context, node: Node, evaluate: Evaluate) -> None:
    """The statement `assert condition : message`."""
    inner = children(node)
    if inner:
        claims = claims_of(context, inner[0])
        call = call_of(evaluate(context, inner[0]))
        context.recorder.claim(_whole(context, node), claims, call, library="assert")


def _whole(context: Context, node: Node) -> Span:
    return context.source.span(node)


def _arguments(node: Node) -> list[Node]:
    listed = node.child_by_field_name("arguments")
    return children(listed) if listed is not None else []
