"""Names that a test binds, what they hold, and what spoils it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pe4king_core.model.fact import SubjectKind
from pe4king_core.model.json import EACH
from pe4king_core.model.source import ModelVariable
from pe4king_core.testcode.python import models
from pe4king_core.testcode.python.answers import stepped
from pe4king_core.testcode.python.arguments import items_of, read_arguments
from pe4king_core.testcode.python.containers import changed, updated
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.inlining import hidden_call
from pe4king_core.testcode.python.objects import (
    Class,
    Client,
    Instance,
    Record,
    Typed,
    agreed,
)
from pe4king_core.testcode.reasons import REASSIGNED
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Fallback,
    Items,
    Known,
    Part,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

CHANGING = frozenset(
    {"append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault"}
    | {"sort", "update", "add", "discard"}
)


def assignment(frame: Frame, node: Node) -> None:
    """`a = b = value`, `a, b = value`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    if right.type == "assignment":
        assignment(frame, right)
        right = right.child_by_field_name("left")
    value = frame.value(right)
    targets = members(left)
    if len(targets) == 1 and left.type not in ("pattern_list", "tuple_pattern"):
        bind(frame, left, response(frame, left, value, right))
        return
    found = items_of(value)
    nodes = members(right) if right is not None else []
    starred = False
    for index, target in enumerate(targets):
        if target.type == "list_splat_pattern" or starred:
            starred = True
            inner = children(target)[0] if target.type == "list_splat_pattern" else target
            bind(frame, inner, Unknown(call_of(value)))
            continue
        if found is not None and len(found) == len(targets):
            each: Value = found[index]
        elif isinstance(value, Part) and target.type == "identifier":
            each = stepped(value, str(index))
        else:
            each = Unknown(call_of(value))
        source = nodes[index] if len(nodes) == len(targets) else None
        bind(frame, target, response(frame, target, each, source))


def members(node: Node) -> list[Node]:
    """The targets of an assignment, or the values at its other side."""
    is_list = node.type in ("pattern_list", "tuple_pattern", "expression_list", "tuple")
    return children(node) if is_list else [node]


def response(frame: Frame, target: Node, value: Value, source: Node | None) -> Value:
    """A helper's result that the test uses as a response is a call that we cannot see."""
    name = frame.of(target)
    inner = source
    while inner is not None and inner.type == "await" and children(inner):
        inner = children(inner)[0]
    if name not in frame.responses or inner is None or inner.type != "call":
        return value
    known = isinstance(value, Answer | Instance | Typed)
    if known or (call_of(value) is not None and not isinstance(value, Unknown)):
        return value
    made = frame.made.get(inner.end_byte)
    if made is None:
        made = frame.made[inner.end_byte] = hidden_call(frame, inner)
    return made


def bind(frame: Frame, target: Node | None, value: Value) -> None:
    """`target` stands for `value` from here on."""
    if target is None:
        return
    if target.type == "subscript":
        holder = target.child_by_field_name("value")
        key = frame.value(target.child_by_field_name("subscript"))
        alter(frame, holder, lambda before: changed(before, key, value))
        return
    if target.type == "attribute":
        _bind_attribute(frame, target, value)
    elif target.type == "identifier":
        bind_name(frame, frame.of(target), value)


def remove(frame: Frame, target: Node) -> None:
    """`del target`, a member of something that the test made."""
    key = frame.value(target.child_by_field_name("subscript"))
    holder = target.child_by_field_name("value")
    alter(frame, holder, lambda before: changed(before, key, None))


def _bind_attribute(frame: Frame, target: Node, value: Value) -> None:
    holder = frame.value(target.child_by_field_name("object"))
    name = frame.of(target.child_by_field_name("attribute"))
    kept = Unknown() if value is UNKNOWN else value
    if isinstance(holder, Instance):
        holder.attributes[name] = kept
    elif isinstance(holder, Class):
        frame.session.values[(holder.node.id, name)] = kept
    elif not isinstance(holder, Client):
        bind_name(frame, frame.of(target), value)


def bind_name(frame: Frame, name: str, value: Value) -> None:
    """The name `name` stands for `value` from here on."""
    recorder = frame.recorder
    before = frame.names.get(name)
    if isinstance(before, Answer):
        successor = value.call if isinstance(value, Answer) else None
        recorder.release_response(before.call, name, successor)
    if isinstance(before, Part | Typed):
        recorder.forget_body(name)
    frame.names[name] = Unknown() if value is UNKNOWN else value
    if frame.silent:
        return
    note_binding(frame, name, value)


def note_binding(frame: Frame, name: str, value: Value) -> None:
    """Tell the recorder which part of an answer `name` holds."""
    recorder = frame.recorder
    if isinstance(value, Answer):
        recorder.bind_response(value.call, name)
    elif isinstance(value, Part) and name.isidentifier() and _exact(value):
        recorder.bind_body(name, value.call, value.subject.name)
    elif isinstance(value, Typed) and name.isidentifier() and _exact(value.part):
        _note_model(frame, name, value)


def _note_model(frame: Frame, name: str, value: Typed) -> None:
    if value.model is not None and not value.listed:
        frame.recorder.bind_model(_model_variable(frame, name, value, value.model))


def _exact(part: Part) -> bool:
    exact = part.fallback is Fallback.NONE and not part.optional
    is_body = part.subject.kind is SubjectKind.BODY
    return is_body and exact and EACH not in part.subject.name.split("/")


def _model_variable(frame: Frame, name: str, value: Typed, model: Class) -> ModelVariable:
    declared = models.fields(frame, model)
    return ModelVariable(
        name,
        value.part.call,
        value.part.subject.name,
        0,
        model.name,
        tuple((each.alias, f".{each.name}") for each in declared.values()),
        frozenset(each.alias for each in declared.values() if each.optional),
    )


def alter(frame: Frame, node: Node | None, change: Callable[[Value], Value]) -> None:
    """The value that the expression `node` names was changed by the test."""
    if node is None:
        return
    before = frame.value(node)
    content = plain(before)
    known = isinstance(content, Record) or (
        isinstance(content, Known) and isinstance(content.value, dict | list)
    )
    known = known or isinstance(content, Items)
    root = node
    while root.type in ("subscript", "attribute", "call"):
        inner = root.child_by_field_name("value") or root.child_by_field_name("object")
        if inner is None:
            break
        root = inner
    if known and node.type in ("identifier", "attribute"):
        after = change(content)
        if frame.recorder.circumstances:
            after = agreed([content, after])
        _replace(frame, node, after)
    elif known and node.type == "subscript":
        after = change(content)
        bind(frame, node, after)
    elif root.type == "identifier":
        spoil(frame, frame.of(root))


def _replace(frame: Frame, node: Node, value: Value) -> None:
    kept = Unknown() if value is UNKNOWN else value
    if node.type == "identifier":
        name = frame.of(node)
        holder = frame
        while name not in holder.names and holder.closure is not None:
            holder = holder.closure
        (holder if name in holder.names else frame).names[name] = kept
    else:
        bind(frame, node, kept)


def spoil(frame: Frame, name: str) -> None:
    """The value of `name` is no longer what it was."""
    value = frame.names.get(name)
    if isinstance(value, Part | Typed):
        frame.names[name] = Unknown(call_of(value))
        frame.recorder.forget_body(name)
    elif isinstance(value, Known | Record | Items):
        frame.names[name] = Unknown()


def changed_by_method(frame: Frame, node: Node, name: str) -> None:
    """`x.append(...)`, `x.update(...)` as a statement."""
    function = node.child_by_field_name("function")
    holder = function.child_by_field_name("object") if function is not None else None
    if holder is None:
        return
    arguments = read_arguments(frame, node)
    if name == "update":
        alter(frame, holder, lambda before: updated(before, arguments))
    elif name == "pop" and arguments.positional:
        alter(frame, holder, lambda before: changed(before, arguments.value(0), None))
    else:
        alter(frame, holder, lambda before: Unknown(call_of(before)))


def merged_names(
    frame: Frame, before: dict[str, Value], branches: list[dict[str, Value]]
) -> dict[str, Value]:
    """The names behind an `if`, from those at the ends of its branches."""
    if len(branches) == 1:
        return branches[0]
    found: dict[str, Value] = {}
    for name in dict.fromkeys(name for branch in branches for name in branch):
        values = [branch.get(name, before.get(name)) for branch in branches]
        present = [value for value in values if value is not None]
        found[name] = _either_of(frame, present)
    return found


def _either_of(frame: Frame, values: list[Value]) -> Value:
    """One of `values`; of different answers the last, and none of them is certain."""
    merged = agreed(values)
    calls = [value.call for value in values if isinstance(value, Answer)]
    if len(calls) == len(values) and not isinstance(merged, Answer):
        made = list(frame.recorder.drafts)
        for call in calls:
            frame.recorder.doubt(call, REASSIGNED)
        return Answer(max(calls, key=made.index))
    return Unknown() if merged is UNKNOWN else merged
