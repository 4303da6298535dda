"""Variables that hold an object of a class made from an answer, for whoever writes code on."""

from __future__ import annotations

import re

from pe4king_core.model.fact import SubjectKind
from pe4king_core.model.json import EACH
from pe4king_core.model.source import ModelVariable
from pe4king_core.testcode.java.models import declaration, fields_of, item_type, json_name
from pe4king_core.testcode.java.objects import Typed
from pe4king_core.testcode.java.outline import Field, TypeDecl
from pe4king_core.testcode.java.resolving import find_methods
from pe4king_core.testcode.java.scope import Context

_PRIMITIVES = frozenset({"int", "long", "short", "byte", "double", "float", "boolean", "char"})

_CONVERTING = re.compile(
    r"@(?:Json(?:Deserialize|Creator|Setter|Adapter|Unwrapped|Format|TypeInfo)|Builder|Convert)\b"
)


def bind_typed(context: Context, name: str, value: Typed) -> None:
    """The variable `name` holds `value` behind this statement."""
    part = value.part
    if part.subject.kind is not SubjectKind.BODY or EACH in part.subject.name.split("/"):
        return
    owner = declaration(context.run.lookup, value.type)
    if owner is None:
        if item_type(value.type) is None or _of_plain_items(value):
            context.recorder.bind_body(name, part.call, part.subject.name)
        return
    if context.recorder.level:
        return
    members: dict[str, str] = {}
    optional: set[str] = set()
    texts: set[str] = set()
    for field in fields_of(context.run.lookup, owner):
        key, access = json_name(field), _access(context, owner, field)
        if key is not None and access is not None:
            members.setdefault(key, access)
            if field.type not in _PRIMITIVES:
                optional.add(key)
            if field.type == "String" and _is_kept(context, owner, field, access):
                texts.add(key)
    context.recorder.bind_model(
        ModelVariable(
            name,
            part.call,
            part.subject.name,
            0,
            owner.name,
            tuple(members.items()),
            frozenset(optional),
            frozenset(texts),
        )
    )


def _of_plain_items(value: Typed) -> bool:
    item = item_type(value.type)
    return item is not None and not item.arguments and item.name in ("String", "Object", "Integer")


def _access(context: Context, owner: TypeDecl, field: Field) -> str | None:
    """How code reads the field: `.title()`, `.getTitle()`, `.title`; None where it cannot."""
    if field.owner.kind == "record":
        return f".{field.name}()"
    stem = field.name[:1].upper() + field.name[1:]
    prefix = "is" if field.type == "boolean" else "get"
    for name in (f"{prefix}{stem}", f"get{stem}", field.name):
        if find_methods(context.run.lookup, owner, name, 0):
            return f".{name}()"
    names = {each.name for each in (*field.annotations, *field.owner.annotations)}
    if names & {"Getter", "Data", "Value"}:
        return f".{prefix}{stem}()"
    text = field.owner.unit.source.of(field.owner.node)
    is_public = f"public {field.type} {field.name}" in " ".join(text.split())
    return f".{field.name}" if is_public else None


def _is_kept(context: Context, owner: TypeDecl, field: Field, access: str) -> bool:
    """Whether `access` gives what the JSON had: nothing on the way makes another value of it."""
    text = " ".join(field.owner.unit.source.of(field.owner.node).split())
    if _CONVERTING.search(text):
        return False
    if field.owner.kind == "record":
        return not re.search(rf"\b{re.escape(field.owner.name)}(?: \([^)]*\))? \{{", text[1:])
    name = re.escape(field.name)
    stem = field.name[:1].upper() + field.name[1:]
    for method in find_methods(context.run.lookup, owner, f"set{stem}", 1):
        body = " ".join(method.owner.unit.source.of(method.body).split()) if method.body else ""
        if not re.fullmatch(rf"\{{ ?(?:this\.)?{name} = \w+; ?(?:return this; ?)?\}}", body):
            return False
    for method in find_methods(context.run.lookup, owner, access.strip(".()"), 0):
        body = " ".join(method.owner.unit.source.of(method.body).split()) if method.body else ""
        if not re.fullmatch(rf"\{{ ?return (?:this\.)?{name}; ?\}}", body):
            return False
    return True
