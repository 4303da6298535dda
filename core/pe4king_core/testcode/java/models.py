"""Classes that stand for JSON: which member of the JSON a field is, and what was put in one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from pe4king_core.model.fact import SubjectKind, body
from pe4king_core.model.json import join
from pe4king_core.testcode.java.objects import Entries, Instance, Typed, TypeRef
from pe4king_core.testcode.java.outline import Annotation, Field, TypeDecl, Unit
from pe4king_core.testcode.java.resolving import Lookup, ancestors, find_field, find_type
from pe4king_core.testcode.java.types import type_names
from pe4king_core.testcode.values import (
    UNKNOWN,
    Fallback,
    Hole,
    Known,
    Part,
    Sent,
    Template,
    Unknown,
    Value,
    plain,
)

_NAMING = frozenset({"JsonProperty", "SerializedName", "JsonbProperty", "Json"})
_HIDDEN = frozenset({"JsonIgnore", "Transient", "JsonbTransient", "Expose"})
_PRIMITIVES = frozenset({"int", "long", "short", "byte", "double", "float", "boolean", "char"})
_LISTS = frozenset(
    {"List", "Collection", "Set", "Iterable", "ArrayList", "LinkedList", "Stream", "HashSet"}
)
_WRAPPERS = frozenset({"Optional"})
_SCALARS = frozenset(
    {"String", "Integer", "Long", "Double", "Float", "Boolean", "Short", "Object", "BigDecimal"}
    | {"BigInteger", "Number", "UUID", "Instant", "LocalDate", "LocalDateTime", "OffsetDateTime"}
    | {"ZonedDateTime", "Date", "URI", "CharSequence", "Byte", "Character"}
)
_MAPS = frozenset({"Map", "HashMap", "LinkedHashMap", "TreeMap", "JsonNode", "JsonObject"})
_TOKEN = re.compile(r"[\w.$]+|[<>,?&\[\]]")


def type_ref(text: str, unit: Unit | None, inside: TypeDecl | None) -> TypeRef:
    """`Page<Book>`, `Book[]` as written in `unit`."""
    tokens = _TOKEN.findall(re.sub(r"@\w+\s*|\?\s*(?:extends|super)\b", "", text))
    found, _ = _parse(tokens, 0, unit, inside, 0)
    return found


def _parse(
    tokens: list[str], at: int, unit: Unit | None, inside: TypeDecl | None, depth: int
) -> tuple[TypeRef, int]:
    name = tokens[at] if at < len(tokens) else ""
    at += 1
    arguments: list[TypeRef] = []
    if at < len(tokens) and tokens[at] == "<" and depth < 10:
        at += 1
        while at < len(tokens) and tokens[at] != ">":
            if tokens[at] in (",", "?", "&"):
                at += 1
                continue
            inner, at = _parse(tokens, at, unit, inside, depth + 1)
            arguments.append(inner)
        at += 1
    found = TypeRef(name, tuple(arguments), unit, inside)
    while at + 1 < len(tokens) and tokens[at : at + 2] == ["[", "]"]:
        found = TypeRef("List", (found,), unit, inside)
        at += 2
    return found, at


def typed(part: Part, type_: TypeRef) -> Value:
    """`part` as an object of `type_`; plain values need no class."""
    simple = type_.name.rpartition(".")[2]
    if simple in _WRAPPERS and type_.arguments:
        return typed(part, type_.arguments[0])
    if simple in _PRIMITIVES:
        return replace(part, fallback=Fallback.ZERO)
    if not simple or simple in _SCALARS or (simple in _LISTS | _MAPS and not type_.arguments):
        return part
    return Typed(part, type_)


def item_type(type_: TypeRef) -> TypeRef | None:
    """The type of the items of a list type."""
    is_list = type_.name.rpartition(".")[2] in _LISTS
    return type_.arguments[-1] if is_list and type_.arguments else None


def value_type(type_: TypeRef) -> TypeRef | None:
    """The type of the values of a map type."""
    is_map = type_.name.rpartition(".")[2] in _MAPS
    return type_.arguments[-1] if is_map and len(type_.arguments) == 2 else None


def declaration(lookup: Lookup, type_: TypeRef) -> TypeDecl | None:
    """The class of `type_`, if its source is there."""
    if type_.unit is None or type_.name.rpartition(".")[2] in _LISTS | _MAPS | _SCALARS:
        return None
    return find_type(lookup, type_.unit, type_.inside, type_.name)


def member(lookup: Lookup, whole: Typed, name: str) -> Value:
    """The field `name` of an object that was made from JSON."""
    found = declaration(lookup, whole.type)
    field = find_field(lookup, found, name) if found is not None else None
    if field is None or found is None or field.static:
        return Unknown(whole.part.call)
    key = json_name(field)
    if key is None or whole.part.subject.kind is not SubjectKind.BODY:
        return Unknown(whole.part.call)
    part = replace(
        whole.part, subject=body(join(whole.part.subject.name, key)), fallback=Fallback.NULL
    )
    return typed(part, _substituted(found, whole.type, field))


def _substituted(owner: TypeDecl, type_: TypeRef, field: Field) -> TypeRef:
    """The type of `field` with the type arguments of `type_` put in."""
    known = dict(zip(owner.type_parameters, type_.arguments, strict=False))
    declared = type_ref(field.type, field.owner.unit, field.owner)
    return _put(declared, known) if known and field.owner is owner else declared


def _put(type_: TypeRef, known: dict[str, TypeRef]) -> TypeRef:
    if type_.name in known:
        return known[type_.name]
    return replace(type_, arguments=tuple(_put(each, known) for each in type_.arguments))


def json_name(field: Field) -> str | None:
    """The member of the JSON that `field` stands for; None where it is left out."""
    named = [*field.annotations, *_accessor_annotations(field)]
    if any(each.name in _HIDDEN for each in named):
        return None
    for each in named:
        if each.name in _NAMING:
            text = field.owner.unit.source.of(each.node)
            found = re.search(r'\(\s*(?:(?:value|name)\s*=\s*)?"([^"\\]+)"', text)
            if found:
                return found[1]
    strategies = [each for each in field.owner.annotations if each.name == "JsonNaming"]
    for each in strategies:
        return _strategic(field.name, field.owner.unit.source.of(each.node))
    return field.name


def _accessor_annotations(field: Field) -> Iterator[Annotation]:
    stem = field.name[:1].upper() + field.name[1:]
    for prefix in ("get", "set", "is"):
        for method in field.owner.methods(prefix + stem):
            yield from method.annotations


def _strategic(name: str, annotation: str) -> str | None:
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
    if "SnakeCase" in annotation:
        return words
    if "KebabCase" in annotation:
        return words.replace("_", "-")
    if "UpperCamel" in annotation:
        return name[:1].upper() + name[1:]
    if "LowerCase" in annotation:
        return name.lower()
    return name if "LowerCamel" in annotation else None


def accessed(lookup: Lookup, owner: TypeDecl, name: str) -> Field | None:
    """The field that the accessor `name` without a body of its own gives: record, Lombok."""
    found = find_field(lookup, owner, name)
    if found is not None and found.owner.kind == "record":
        return found
    getter = re.match(r"(?:get|is)([A-Z]\w*)\Z", name)
    stem = getter[1][:1].lower() + getter[1][1:] if getter else name
    for candidate in dict.fromkeys((stem, name)):
        found = find_field(lookup, owner, candidate)
        if found is not None and _has_accessor(found, fluent=getter is None):
            return found
    return None


def _has_accessor(field: Field, *, fluent: bool) -> bool:
    names = {each.name for each in (*field.annotations, *field.owner.annotations)}
    is_fluent = "fluent" in " ".join(
        field.owner.unit.source.of(each.node)
        for each in (*field.annotations, *field.owner.annotations)
        if each.name == "Accessors"
    )
    return bool(names & {"Getter", "Data", "Value"}) and is_fluent == fluent


def fields_of(lookup: Lookup, owner: TypeDecl) -> list[Field]:
    """The instance fields of `owner`, inherited ones last."""
    return [
        field
        for each in ancestors(lookup, owner)
        for field in each.members.fields.values()
        if not field.static
    ]


def json_members(value: Value) -> tuple[tuple[str, ...], bool] | None:
    """The members of a JSON object that the test writes, and whether those are all."""
    value = plain(value)
    if isinstance(value, Entries):
        return tuple(value.members), value.complete
    if isinstance(value, Instance):
        return _members_of(value)
    if isinstance(value, Template):
        return tuple(dict.fromkeys(_keys(value))), False
    known = value.value if isinstance(value, Known) else None
    if isinstance(known, str):
        try:
            known = json.loads(known)
        except (ValueError, RecursionError):
            return None
    return (tuple(map(str, known)), True) if isinstance(known, dict) else None


def open_texts(value: Value, pointer: str = "") -> Iterator[tuple[str, Template]]:
    """The texts in a JSON body that the test knows in part only, with their places."""
    value = plain(value)
    if isinstance(value, Template) and pointer:
        yield pointer, value
    elif isinstance(value, Template):
        yield from _texts_in(value)
    elif isinstance(value, Entries):
        for name, inner in value.members.items():
            yield from open_texts(inner, join(pointer, name))
    elif isinstance(value, Instance) and pointer.count("/") < 6:
        for name, inner in value.fields.items():
            field = value.type.members.fields.get(name)
            key = json_name(field) if field is not None and not field.static else None
            if key is not None:
                yield from open_texts(inner, join(pointer, key))


def _texts_in(value: Template) -> Iterator[tuple[str, Template]]:
    """The same for a JSON text with holes."""
    holes = [part for part in value.parts if isinstance(part, Hole)]
    text = "".join(part if isinstance(part, str) else "\ue000" for part in value.parts)
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return
    pending = [("", whole)]
    while pending:
        pointer, found = pending.pop(0)
        if isinstance(found, dict):
            pending = [(join(pointer, key), each) for key, each in found.items()] + pending
        elif isinstance(found, list):
            pending = [(join(pointer, str(at)), each) for at, each in enumerate(found)] + pending
        elif isinstance(found, str) and "\ue000" in found:
            parts: list[str | Hole] = []
            for index, piece in enumerate(found.split("\ue000")):
                if index:
                    parts.append(holes.pop(0))
                parts += [piece] if piece else []
            yield pointer, Template(tuple(parts))


def _keys(value: Template) -> list[str]:
    """The members of a JSON text with holes, where it holds one object without objects in it."""
    text = "".join(part if isinstance(part, str) else "0" for part in value.parts)
    return re.findall(r'"([^"\\]+)"\s*:', text) if text.count("{") == 1 else []


def _members_of(instance: Instance) -> tuple[tuple[str, ...], bool]:
    names: list[str] = []
    for field in instance.type.members.fields.values():
        value = instance.fields.get(field.name, UNKNOWN)
        key = None if field.static else json_name(field)
        if key is not None and value != Known(None) and field.name in instance.fields:
            names.append(key)
    return tuple(names), not instance.type.superclass


def sent_field(instance: Instance, name: str, value: Value) -> Value:
    """The field `name` of an object that was sent, with the note that it was."""
    field = instance.type.members.fields.get(name)
    key = json_name(field) if field is not None else None
    if not instance.sent or key is None or isinstance(plain(value), Known):
        return value
    return Sent(instance.sent, join("", key), value)


def is_plain_type(name: str) -> bool:
    """Whether values of this class are plain JSON values."""
    return type_names(name) != UNKNOWN
