"""Python expressions to values, as far as they can be told without running anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.model.fact import STATUS
from pe4king_core.model.json import EACH, join
from pe4king_core.testcode.literals import number
from pe4king_core.testcode.python import answers
from pe4king_core.testcode.python.arguments import items_of, members_of, name_of, part_of
from pe4king_core.testcode.python.binding import bind_name
from pe4king_core.testcode.python.calls import read_call
from pe4king_core.testcode.python.classes import attribute
from pe4king_core.testcode.python.containers import (
    dictionary,
    dictionary_comprehension,
    gathered,
    listed,
    record,
    sequence,
)
from pe4king_core.testcode.python.deciding import decided
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.functions import environment_member
from pe4king_core.testcode.python.objects import (
    Adapter,
    Bound,
    Class,
    Client,
    Fluent,
    Function,
    Indices,
    Instance,
    Library,
    Made,
    Package,
    Record,
    Super,
    Truth,
    Typed,
    agreed,
    is_none,
)
from pe4king_core.testcode.python.resolving import member_of_package
from pe4king_core.testcode.python.statuses import status_flag
from pe4king_core.testcode.python.strings import parts_at, string, strings
from pe4king_core.testcode.python.texts import is_text, parts_of, percent, percent_named
from pe4king_core.testcode.reasons import LOOP
from pe4king_core.testcode.routes import joined
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Fallback,
    Items,
    Known,
    Measure,
    Measured,
    Part,
    Sent,
    Template,
    TypeNames,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node


_CONDITIONS = frozenset(
    {"comparison_operator", "not_operator", "boolean_operator", "parenthesized_expression"}
)
MAX_STEPS = 10_000
"""So many expressions are read for what comes before a test, and for its body; what goes on
beyond that nobody wrote by hand."""
_DEPTH = 80
_LONGEST = 20_000


def evaluate(frame: Frame, node: Node | None) -> Value:
    """What the expression `node` stands for; HTTP calls in it are recorded."""
    if node is None:
        return UNKNOWN
    session = frame.session
    session.steps += 1
    if session.steps > MAX_STEPS or frame.depth >= _DEPTH:
        return UNKNOWN
    frame.depth += 1
    try:
        return _bounded(_READERS.get(node.type, _visit)(frame, node))
    finally:
        frame.depth -= 1


def _bounded(value: Value) -> Value:
    """`value`, unless it grew beyond what anybody writes (`A = B + B; C = A + A ...`)."""
    match value:
        case Known(str() | list() as known) if len(known) > _LONGEST:
            return Unknown()
        case Items(members) if len(members) > _LONGEST:
            return Unknown()
        case Template(parts) if len(parts) > _LONGEST or any(
            isinstance(part, str) and len(part) > _LONGEST for part in parts
        ):
            return Unknown()
    return value


def _visit(frame: Frame, node: Node) -> Value:
    """Nothing we understand, but calls inside it are seen."""
    return _first([frame.value(inner) for inner in children(node)])


def _first(values: Iterable[Value]) -> Value:
    """Unknown, but from the answer that the first of `values` comes from."""
    return Unknown(next(filter(None, map(call_of, values)), None))


def _wrapped(frame: Frame, node: Node) -> Value:
    inner = children(node)
    return frame.value(inner[0]) if len(inner) == 1 else _visit(frame, node)


def _identifier(frame: Frame, node: Node) -> Value:
    name = frame.of(node)
    known = frame.lookup(name)
    return answers.type_names(name) if known is UNKNOWN else known


def _number(frame: Frame, node: Node) -> Value:
    value = number(frame.of(node))
    return UNKNOWN if value is None else Known(value)


def _literal(value: bool | None) -> Callable[[Frame, Node], Value]:
    return lambda _frame, _node: Known(value)


def _unary(frame: Frame, node: Node) -> Value:
    value = frame.value(node.child_by_field_name("argument"))
    known = value.value if isinstance(value, Known) else None
    is_number = isinstance(known, int | float) and not isinstance(known, bool)
    if is_number and frame.of(node).startswith("-"):
        return Known(-known)  # type: ignore[operator]  # a number, see above
    return Unknown(call_of(value))


def _binary(frame: Frame, node: Node) -> Value:
    sides = [node.child_by_field_name(side) for side in ("left", "right")]
    operator = frame.of(node.child_by_field_name("operator"))
    left = frame.value(sides[0])
    if operator == "%" and isinstance(plain(left), Known) and is_text(plain(left)):
        return _percent(frame, plain(left), sides[1])
    right = frame.value(sides[1])
    if operator == "+" and (is_text(plain(left)) or is_text(plain(right))):
        names = [name_of(frame, side) for side in sides]
        return joined((*parts_of(plain(left), names[0]), *parts_of(plain(right), names[1])))
    if operator == "/" and is_text(plain(left)):
        parts = list(parts_of(plain(left)))
        if isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip("/")
        return joined((*parts, "/", *parts_of(plain(right), name_of(frame, sides[1]))))
    if operator in ("+", "|"):
        added = _added(left, right, operator)
        if added is not None:
            return added
    if isinstance(left, Part) and isinstance(right, Known):
        if operator == "//" and right.value == 100 and left.subject == STATUS:
            return Measured(left, Measure.HUNDREDS)
        if operator == "%":
            return Measured(left, Measure.MODULO, right.value)
    if isinstance(left, Part) and operator in ("-", "*", "+", "/"):
        return Measured(left, Measure.OTHER)
    return _first((left, right))


def _percent(frame: Frame, left: Value, right: Node | None) -> Value:
    text = str(left.value) if isinstance(left, Known) else ""
    is_tuple = right is not None and right.type == "tuple"
    nodes = children(right) if right is not None and is_tuple else [right]
    members = members_of(frame.value(right)) if not is_tuple else None
    if members:
        return percent_named(text, members)
    return percent(text, [parts_at(frame, each) for each in nodes])


def _added(left: Value, right: Value, operator: str) -> Value | None:
    """Two lists, or two dictionaries, put together."""
    if operator == "|":
        mine, other = members_of(left), members_of(right)
        return record({**mine, **other}) if mine is not None and other is not None else None
    first, second = items_of(left), items_of(right)
    return listed([*first, *second]) if first is not None and second is not None else None


def _attribute(frame: Frame, node: Node) -> Value:
    text = frame.of(node)
    status = answers.status_constant(text)
    if status is not None:
        return Known(status)
    known = frame.names.get(text)
    if known is not None:
        return known
    name = frame.of(node.child_by_field_name("attribute"))
    return member(frame, frame.value(node.child_by_field_name("object")), name, node)


def member(frame: Frame, value: Value, name: str, node: Node) -> Value:
    """`value.name`."""
    match value:
        case Answer(call):
            said = status_flag(frame, value, name)
            return Truth(said, call) if said else answers.answer_field(call, name)
        case Instance() | Class() | Typed() | Super():
            return attribute(frame, value, name, node)
        case Package():
            return member_of_package(frame, value, name)
        case Library(full):
            return Library(f"{full}.{name}")
        case Record(members) if name in members:
            return members[name]
        case Function() if name == "__name__":
            return Known(value.name)
        case Adapter() | Client() | Made() | Record() | Items() | Fluent():
            return Bound(value, name)
        case Truth():
            return Unknown(value.call)
        case Known() | Template() | Sent():
            return (
                value if name in ("value", "path") and is_text(plain(value)) else Bound(value, name)
            )
    owner = call_of(value)
    return answers.type_names(name) if owner is None else Unknown(owner)


def _subscript(frame: Frame, node: Node) -> Value:
    value = frame.value(node.child_by_field_name("value"))
    key_node = node.child_by_field_name("subscript")
    key = plain(frame.value(key_node))
    match value:
        case Library("os.environ") if isinstance(key, Known):
            return environment_member(str(key.value))
        case TypeNames() | Library():
            return Adapter(key, listed=True) if isinstance(key, Class) else value
        case Part() if key == Indices(value):
            return answers.stepped(value, EACH)
        case Typed(part, model, True):
            inner = answers.member(part, key)
            return Typed(inner, model) if isinstance(inner, Part) else inner
        case Typed(part):
            return answers.member(part, key)
        case Class():
            return value
    if isinstance(value, Sent) and isinstance(value.content, Record) and isinstance(key, Known):
        inside = value.content.members.get(str(key.value), UNKNOWN)
        return Sent(value.calls, join(value.pointer, str(key.value)), plain(inside))
    members = members_of(value) if isinstance(plain(value), Record) else None
    if members is not None and isinstance(key, Known):
        found = members.get(str(key.value), UNKNOWN)
        if isinstance(value, Sent) and isinstance(plain(found), Known):
            return Sent(value.calls, join(value.pointer, str(key.value)), plain(found))
        return frame.session.as_sent(found)
    items = items_of(value) if isinstance(plain(value), Items) else None
    if items is not None and isinstance(key, Known) and isinstance(key.value, int):
        return items[key.value] if -len(items) <= key.value < len(items) else UNKNOWN
    if key_node is not None and key_node.type == "slice" and isinstance(value, Part):
        return Measured(value, Measure.OTHER)
    return answers.member(value, key)


def _comprehension(frame: Frame, node: Node) -> Value:
    with frame.recorder.troubled(LOOP):
        return gathered(frame, node)


def _dictionary_comprehension(frame: Frame, node: Node) -> Value:
    with frame.recorder.troubled(LOOP):
        return dictionary_comprehension(frame, node)


def _named(frame: Frame, node: Node) -> Value:
    value = frame.value(node.child_by_field_name("value"))
    bind_name(frame, frame.of(node.child_by_field_name("name")), value)
    return value


def _lambda(frame: Frame, node: Node) -> Value:
    return Function("", frame.module, node, frame.source, (), frame, frame.owner)


def _conditional(frame: Frame, node: Node) -> Value:
    inner = children(node)
    if len(inner) != 3:
        return _visit(frame, node)
    outcome = decided(frame, inner[1])
    if outcome is not None:
        return frame.value(inner[0] if outcome else inner[2])
    frame.value(inner[1])
    values = [frame.value(inner[0]), frame.value(inner[2])]
    found = agreed(values)
    if isinstance(found, Part) and any(is_none(each) for each in values):
        return replace(found, fallback=Fallback.NULL)
    return found


def _condition(frame: Frame, node: Node) -> Value:
    outcome = decided(frame, node)
    if outcome is not None:
        return Known(outcome)
    claims = frame.truth(node)
    if claims:
        return Truth(claims, claims[0].call)
    return Unknown(_spoken_of(frame, node))


def _spoken_of(frame: Frame, node: Node) -> str | None:
    """The call that the first part of a condition comes from."""
    pending = [node]
    while pending:
        current = pending.pop()
        if current.type in _CONDITIONS:
            pending += children(current)[::-1]
            continue
        found = call_of(frame.value(current))
        if found is not None:
            return found
    return None


def _boolean(frame: Frame, node: Node) -> Value:
    """`a or b` is a value too: the first one where it is certain."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return _visit(frame, node)
    outcome = decided(frame, left)
    if outcome is not None:
        return frame.value(left if outcome is (operator.type == "or") else right)
    simple = operator.type == "or" and left.type not in _CONDITIONS
    value = part_of(frame.value(left)) if simple else UNKNOWN
    if isinstance(value, Part):
        default = plain(frame.value(right))
        if isinstance(default, Known) and not default.value:
            return value
    return _condition(frame, node)


_READERS: dict[str, Callable[[Frame, Node], Value]] = {
    "identifier": _identifier,
    "integer": _number,
    "float": _number,
    "true": _literal(True),
    "false": _literal(False),
    "none": _literal(None),
    "string": string,
    "concatenated_string": strings,
    "tuple": sequence,
    "expression_list": sequence,
    "set": sequence,
    "list": sequence,
    "dictionary": dictionary,
    "parenthesized_expression": _wrapped,
    "await": _wrapped,
    "unary_operator": _unary,
    "binary_operator": _binary,
    "attribute": _attribute,
    "subscript": _subscript,
    "call": read_call,
    "list_comprehension": _comprehension,
    "generator_expression": _comprehension,
    "set_comprehension": _comprehension,
    "dictionary_comprehension": _dictionary_comprehension,
    "named_expression": _named,
    "lambda": _lambda,
    "conditional_expression": _conditional,
    "comparison_operator": _condition,
    "not_operator": _condition,
    "boolean_operator": _boolean,
}
