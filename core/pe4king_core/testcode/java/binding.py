"""What variables and fields hold: declarations and assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.model.fact import SubjectKind
from pe4king_core.model.json import EACH
from pe4king_core.testcode.java import names, texts
from pe4king_core.testcode.java.expressions import evaluate
from pe4king_core.testcode.java.foreign import is_foreign
from pe4king_core.testcode.java.models import type_ref, typed
from pe4king_core.testcode.java.objects import (
    Instance,
    Stated,
    Typed,
)
from pe4king_core.testcode.java.requests import ENTRANCES
from pe4king_core.testcode.java.resolving import find_field
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.java.truths import claims_of
from pe4king_core.testcode.java.typed_variables import bind_typed
from pe4king_core.testcode.reasons import FOREIGN
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Known,
    Part,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def declare(context: Context, node: Node) -> None:
    """A declaration of local variables."""
    declared = context.of(node.child_by_field_name("type"))
    for declarator in node.children_by_field_name("declarator"):
        name = context.of(declarator.child_by_field_name("name"))
        source = declarator.child_by_field_name("value")
        value = evaluate(context, source)
        if declared in ("boolean", "Boolean") and source is not None:
            value = condition(context, source, value)
        if declared != "var":
            context.declared[name] = declared
        elif source is not None and source.type == "object_creation_expression":
            context.declared[name] = context.of(source.child_by_field_name("type"))
        value = names.hidden(context, declared, _typed(context, name, declared, value), source)
        bind(context, name, value)


def _typed(context: Context, name: str, declared: str, value: Value) -> Value:
    """`value` with what the declared type tells about it."""
    if isinstance(value, Answer) and is_foreign(declared):
        context.recorder.doubt(value.call, FOREIGN)
    if isinstance(value, Part) and "<" in declared and value.subject.kind is SubjectKind.BODY:
        return typed(value, type_ref(declared, context.unit, context.type))
    return names.typed_by_declaration(name, declared, value)


def bind(context: Context, name: str, value: Value) -> None:
    """The local name `name` holds `value` from here on."""
    recorder = context.recorder
    before = context.names.get(name)
    if isinstance(before, Answer):
        successor = value.call if isinstance(value, Answer) else None
        recorder.release_response(before.call, name, successor)
    if isinstance(before, Part | Typed):
        recorder.forget_body(name)
    context.names[name] = value
    if isinstance(value, Answer):
        recorder.bind_response(value.call, name)
    elif isinstance(value, Typed):
        bind_typed(context, name, value)
    elif isinstance(value, Part) and value.subject.kind is SubjectKind.BODY:
        pointer = value.subject.name
        if EACH not in pointer.split("/"):
            recorder.bind_body(name, value.call, pointer)


def assign(context: Context, node: Node) -> None:
    """`target = value`, also for fields and REST Assured's static settings."""
    left = node.child_by_field_name("left")
    source = node.child_by_field_name("right")
    value = evaluate(context, source)
    operator = context.of(node.child_by_field_name("operator"))
    if left is None:
        return
    if operator not in ("=", ""):
        before = plain(evaluate(context, left))
        added = operator == "+=" and texts.is_text(before)
        value = texts.added(before, plain(value)) if added else Unknown(call_of(value))
    set_target(context, left, value, source)


def set_target(context: Context, left: Node, value: Value, source: Node | None = None) -> None:
    """What the expression `left` names holds `value`, which `source` gave, from here on."""
    text = "".join(context.of(left).split())
    if left.type == "identifier" and text in context.names:
        declared = context.declared.get(text, "")
        bind(context, text, names.hidden(context, declared, value, source))
    elif left.type == "identifier":
        declared = names.declared_type(context, text)
        value = names.hidden(context, declared, value, source)
        _bind_field(context, text, value)
        if not names.assign(context, text, value, own=False):
            if context.unit.imports_static(text, "RestAssured"):
                context.run.settings[text] = value
            else:
                bind(context, text, value)
    elif text.startswith("this."):
        names.assign(context, text.removeprefix("this."), value, own=True)
    elif left.type == "field_access":
        _set_member(context, left, text, value)
    elif left.type == "array_access":
        name = context.of(left.child_by_field_name("array"))
        if name in context.names:
            context.names[name] = UNKNOWN


def _bind_field(context: Context, name: str, value: Value) -> None:
    """A field of the test's class that holds an answer is the test's own variable for it."""
    if context.type is None or find_field(context.run.lookup, context.type, name) is None:
        return
    before = names.named(context, name, evaluate)
    if isinstance(before, Answer):
        successor = value.call if isinstance(value, Answer) else None
        context.recorder.release_field(before.call, name, successor)
    if isinstance(value, Answer):
        context.recorder.bind_response(value.call, name)


def _set_member(context: Context, left: Node, text: str, value: Value) -> None:
    """`RestAssured.basePath = x`, `book.title = x`, `Config.url = x`."""
    owner_text, _, setting = text.rpartition(".")
    if owner_text.rpartition(".")[2] in ENTRANCES:
        context.run.settings[setting] = value
        return
    name = context.of(left.child_by_field_name("field"))
    target = left.child_by_field_name("object")
    owner = names.type_named(context, context.of(target))
    if owner is not None:
        if name in owner.members.fields:
            context.run.statics[owner, name] = value
        return
    found = evaluate(context, target)
    if isinstance(found, Instance):
        found.fields[name] = value


def condition(context: Context, node: Node, value: Value) -> Value:
    """`value` of a boolean expression as what it says of answers, where it says something."""
    if isinstance(value, Known | Part) or call_of(value) is None:
        return value
    claims = claims_of(context, node)
    return Stated(claims) if claims else value
