"""What names stand for: local names, fields of objects and classes, constants of enums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.testcode.java.inlining import construct, simple_name, unread
from pe4king_core.testcode.java.models import member, sent_field
from pe4king_core.testcode.java.objects import (
    Collector,
    Constant,
    Expected,
    Instance,
    Request,
    Typed,
)
from pe4king_core.testcode.java.outline import Field, TypeDecl, constant_type
from pe4king_core.testcode.java.resolving import (
    find_constant,
    find_field,
    find_type,
    static_owners,
)
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.java.types import content_type_constant, status_constant
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Known,
    Unknown,
    Validated,
    Value,
    call_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    Evaluate = Callable[[Context, "Node | None"], Value]

_COLLECTORS = {
    "SoftAssertions": "assertj", "AutoCloseableSoftAssertions": "assertj",
    "BDDSoftAssertions": "assertj", "JUnitSoftAssertions": "assertj",
    "SoftAssertionsProvider": "assertj", "SoftAssert": "testng", "ErrorCollector": "junit4",
}  # fmt: skip


def typed_by_declaration(name: str, declared: str, value: Value) -> Value:
    """`value` of a variable called `name`, with what its declared type tells."""
    simple = simple_name(declared)
    if simple in ("RequestSpecification", "RequestSpecBuilder"):
        return value if isinstance(value, Request | Expected) else Request(complete=False)
    if simple in _COLLECTORS and (value == UNKNOWN or isinstance(value, Collector)):
        return Collector(_COLLECTORS[simple], name)
    return value


def collector(type_name: str) -> Collector | None:
    """The collector of failures that an object of this class is."""
    library = _COLLECTORS.get(simple_name(type_name))
    return Collector(library) if library else None


def named(context: Context, name: str, evaluate: Evaluate) -> Value:
    """What the simple name `name` stands for."""
    local = context.lookup(name)
    if local != UNKNOWN or name in context.names:
        return local
    outer, this = context.type, context.this
    while outer is not None:
        found = find_field(context.run.lookup, outer, name)
        if found is not None:
            return field_value(
                context, found, this if outer is context.type else _outer(this), evaluate
            )
        enum = find_constant(context.run.lookup, outer, name)
        if enum is not None:
            return constant(context, enum, name, evaluate)
        if outer is not context.type:
            this = _outer(this)
        outer = outer.outer
    for owner in static_owners(context.run.lookup, context.unit, name):
        value = static_member(context, owner, name, evaluate)
        if value is not None:
            return value
    if name in context.run.settings:
        return context.run.settings[name]
    return _imported(context, name)


def _imported(context: Context, name: str) -> Value:
    """A constant of a library by a static import (`JSON`, `POST`), or by its look alone."""
    owners = context.unit.static_imports.get(name, ())
    found = [library_constant(f"{owner}.{name}") for owner in owners]
    return next((each for each in found if each != UNKNOWN), library_constant(name))


def _outer(this: Instance | Typed | None) -> Instance | Typed | None:
    return this.outer if isinstance(this, Instance) else None


def static_member(context: Context, owner: TypeDecl, name: str, evaluate: Evaluate) -> Value | None:
    """The static field or enum constant `name` of `owner`; None where it has none."""
    enum = find_constant(context.run.lookup, owner, name)
    if enum is not None:
        return constant(context, enum, name, evaluate)
    found = find_field(context.run.lookup, owner, name)
    return field_value(context, found, None, evaluate) if found is not None else None


def field_value(
    context: Context, field: Field, this: Instance | Typed | None, evaluate: Evaluate
) -> Value:
    """The value of `field`, of the object `this` where it is not static."""
    if field.static:
        key = (field.owner, field.name)
        if key not in context.run.statics:
            context.run.statics[key] = UNKNOWN
            context.run.statics[key] = _initial(context, field, None, evaluate)
        return context.run.statics[key]
    if isinstance(this, Typed):
        return member(context.run.lookup, this, field.name)
    if this is None:
        return typed_by_declaration(field.name, field.type, UNKNOWN)
    if field.name not in this.fields:
        this.fields[field.name] = UNKNOWN
        this.fields[field.name] = _initial(context, field, this, evaluate)
    return sent_field(this, field.name, this.fields[field.name])


def _initial(context: Context, field: Field, this: Instance | None, evaluate: Evaluate) -> Value:
    """What the initialiser of `field` gives; nothing is certain where others may set it."""
    owner = field.owner
    value: Value = UNKNOWN
    if field.value is not None and field.stable:
        inner = context.within(owner.unit, owner, this)
        recorder = context.recorder
        with (
            context.run.entered(field) as allowed,
            recorder.within(field.name, recorder.here(), setup=True),
        ):
            value = evaluate(inner, field.value) if allowed else UNKNOWN
    return typed_by_declaration(field.name, field.type, value)


def constant(context: Context, enum: TypeDecl, name: str, evaluate: Evaluate) -> Value:
    """The constant `name` of an enum whose source is there."""
    key = (enum, name)
    found = context.run.statics.get(key)
    if found is not None:
        return found
    node = enum.members.constants[name]
    own = constant_type(enum, node)
    listed = node.child_by_field_name("arguments")
    inner = context.within(enum.unit, enum)
    made = Instance(own, constant=name)
    context.run.statics[key] = made
    values = [evaluate(inner, each) for each in (children(listed) if listed is not None else ())]
    built = construct(context, enum, values, context.recorder.here())
    if isinstance(built, Instance):
        made.fields = built.fields
    return made


def assign(context: Context, name: str, value: Value, *, own: bool) -> bool:
    """Sets the field `name` (of `this`, if `own`); False where `name` is no field."""
    if not own and name in context.names:
        return False
    outer, this = context.type, context.this
    while outer is not None:
        found = find_field(context.run.lookup, outer, name)
        if found is not None:
            value = typed_by_declaration(name, found.type, value)
            if found.static:
                context.run.statics[found.owner, name] = value
            elif isinstance(this, Instance):
                this.fields[name] = value
            return True
        if own:
            return False
        this, outer = _outer(this), outer.outer
    return False


def declared_type(context: Context, name: str) -> str:
    """The declared type of the variable or field `name`."""
    if name in context.declared:
        return context.declared[name]
    outer = context.type
    while outer is not None:
        found = find_field(context.run.lookup, outer, name)
        if found is not None:
            return found.type
        outer = outer.outer
    return ""


def type_named(context: Context, text: str) -> TypeDecl | None:
    """The type that `text` names here, if it names one whose source is there."""
    plain = "".join(text.split())
    if not plain.rpartition(".")[2][:1].isupper() or plain in context.names:
        return None
    return find_type(context.run.lookup, context.unit, context.type, plain)


def member_of(context: Context, target: Value, name: str, evaluate: Evaluate) -> Value:
    """`target.name` where `target` is an object."""
    if isinstance(target, Instance):
        found = find_field(context.run.lookup, target.type, name)
        return field_value(context, found, target, evaluate) if found is not None else UNKNOWN
    if isinstance(target, Typed):
        return member(context.run.lookup, target, name)
    return Unknown(call_of(target))


def library_constant(text: str) -> Value:
    """A constant of a library: a status, a media type, any other constant of an enum."""
    status = status_constant(text)
    if status is not None:
        return Known(status)
    media_type = content_type_constant(text)
    if media_type is not None:
        return Known(media_type)
    owner, _, name = text.rpartition(".")
    simple = owner.rpartition(".")[2]
    if simple[:1].isupper() and not simple.isupper() and name.isupper():
        return Constant(simple, name)
    return UNKNOWN


def hidden(context: Context, declared: str, value: Value, node: Node | None) -> Value:
    """`value` of a variable of the type `declared`: a response may come from a hidden call."""
    simple = simple_name(declared)
    is_answer = simple in ("Response", "ValidatableResponse")
    if not is_answer or call_of(value) is not None or node is None:
        if isinstance(value, Validated) and simple == "Response":
            return Answer(value.call)
        return value
    if node.type != "method_invocation":
        return UNKNOWN
    return unread(context, declared, context.source.span(node))
