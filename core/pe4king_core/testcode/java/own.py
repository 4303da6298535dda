"""Methods whose source is there: found by receiver, read in place; what Lombok writes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pe4king_core.model.text import Span
from pe4king_core.testcode.java import names
from pe4king_core.testcode.java.expressions import evaluate
from pe4king_core.testcode.java.inlining import call_method, choose, construct, unread
from pe4king_core.testcode.java.models import accessed, declaration
from pe4king_core.testcode.java.objects import Building, Instance, Typed
from pe4king_core.testcode.java.outline import Method, TypeDecl
from pe4king_core.testcode.java.requests import Link
from pe4king_core.testcode.java.resolving import (
    ancestors,
    declares,
    find_methods,
    find_type,
    static_owners,
    superclass,
)
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.java.texts import text_of
from pe4king_core.testcode.values import UNKNOWN, Known, Unknown, Value, call_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETTER = re.compile(r"(?:set|with)([A-Z])(\w*)\Z")
_WRITERS = frozenset({"Setter", "Data", "With", "Wither"})


def method(
    context: Context,
    owner: TypeDecl | None,
    value: Value | None,
    link: Link,
    *,
    above: bool = False,
) -> Value | None:
    """What the method `link` of a class or object with source gives; None where there is none."""
    count = len(link.values)
    if above:
        parent = superclass(context.run.lookup, context.type) if context.type is not None else None
        candidates = [(parent, context.this)] if parent is not None else []
    elif owner is not None:
        candidates = [(owner, context.this if _inherits(context, owner) else None)]
    elif isinstance(value, Instance | Typed):
        found = _class_of(context, value)
        candidates = [(found, value)] if found is not None else []
    else:
        candidates = list(_around(context, link.name))
    for type_, this in candidates:
        methods = find_methods(context.run.lookup, type_, link.name, count)
        if methods:
            return _called(context, methods, this, link)
        if declares(context.run.lookup, type_, link.name):
            return UNKNOWN
    if owner is not None:
        return _static_of(context, owner, link)
    if isinstance(value, Instance | Typed):
        return _written_by_none(context, value, link)
    return None


def _class_of(context: Context, value: Instance | Typed) -> TypeDecl | None:
    if isinstance(value, Instance):
        return value.type
    return declaration(context.run.lookup, value.type)


def _called(
    context: Context, methods: Sequence[Method], this: Instance | Typed | None, link: Link
) -> Value:
    chosen = choose(context, methods, link.values)
    if chosen is None:
        calls = {each.type for each in methods}
        return unread(context, calls.pop(), link.span) if len(calls) == 1 else UNKNOWN
    holder = None if chosen.static else this
    return call_method(context, chosen, holder, link.values, link.span)


def _inherits(context: Context, owner: TypeDecl) -> bool:
    return context.type is not None and owner in ancestors(context.run.lookup, context.type)


def _around(context: Context, name: str) -> Iterator[tuple[TypeDecl, Instance | Typed | None]]:
    """Where a plain `name(...)` may lead: the object, the classes around, static imports."""
    outer, this = context.type, context.this
    while outer is not None:
        dynamic = this.type if isinstance(this, Instance) else outer
        derived = outer in ancestors(context.run.lookup, dynamic)
        yield (dynamic if derived else outer), this
        this = this.outer if isinstance(this, Instance) else None
        outer = outer.outer
    for owner in static_owners(context.run.lookup, context.unit, name):
        yield owner, None


def declared_here(context: Context, name: str, count: int) -> bool:
    """Whether a plain `name(...)` leads to a method whose source is there."""
    return any(
        find_methods(context.run.lookup, type_, name, count) for type_, _ in _around(context, name)
    )


def _static_of(context: Context, owner: TypeDecl, link: Link) -> Value | None:
    """What every enum has, and what Lombok writes."""
    if owner.kind == "enum" and link.name == "valueOf":
        name = text_of(link.values[0]) if link.values else None
        if name in owner.members.constants:
            return names.constant(context, owner, name or "", evaluate)
        return UNKNOWN
    if link.name == "builder" and not link.values and owner.has("Builder", "SuperBuilder"):
        return Building(owner)
    if link.name == "of" and owner.has("AllArgsConstructor", "RequiredArgsConstructor", "Value"):
        return construct(context, owner, link.values, link.span)
    return None


def _written_by_none(context: Context, value: Instance | Typed, link: Link) -> Value | None:
    """Accessors of records and Lombok, the name of an enum's constant."""
    lookup = context.run.lookup
    owner = value.type if isinstance(value, Instance) else declaration(lookup, value.type)
    if owner is None:
        return None
    if not link.values:
        field = accessed(lookup, owner, link.name)
        if field is not None:
            return names.field_value(context, field, value, evaluate)
    if isinstance(value, Typed):
        return Unknown(call_of(value)) if link.name.startswith("get") and not link.values else None
    if value.constant and link.name in ("name", "toString"):
        return Known(value.constant)
    if link.name == "toBuilder" and owner.has("Builder", "SuperBuilder"):
        return Building(owner, dict(value.fields))
    setter = _SETTER.match(link.name)
    if setter and len(link.values) == 1 and owner.has(*_WRITERS):
        name = setter[1].lower() + setter[2]
        if link.name.startswith("with"):
            return Instance(owner, {**value.fields, name: link.values[0]})
        value.fields[name] = link.values[0]
        return value
    return None


def build(value: Building, link: Link) -> Value:
    """A link of a Lombok builder."""
    if link.name == "build" and not link.values:
        return Instance(value.type, dict(value.fields))
    if len(link.values) == 1:
        value.fields[link.name] = link.values[0]
    return value


def constructed(context: Context, owner: TypeDecl, values: Sequence[Value], span: Span) -> Value:
    """`new Owner(values)`."""
    return construct(context, owner, values, span)


def injected(context: Context, declared: str) -> Instance | None:
    """An object of a class with source that somebody else makes (injection, a parameter)."""
    if not declared or not declared[:1].isupper():
        return None
    found = find_type(context.run.lookup, context.unit, context.type, declared)
    if found is None or found.kind not in ("class", "interface"):
        return None
    return Instance(found)
