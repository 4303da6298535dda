"""Facts that hold for every answer a document allows: status, content type, headers, fields.

Nothing here may fail on a conforming answer: optional fields are checked if present, null where
it is allowed, each item of an array, each branch under its discriminator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pe4king_core.model.case import Depth
from pe4king_core.model.fact import (
    CONTENT_TYPE,
    STATUS,
    AssertionFact,
    Check,
    Condition,
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    MultipleOf,
    OneOf,
    Presence,
    Unique,
    body,
    header,
)
from pe4king_core.model.json import EACH, join, split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation, Response
from pe4king_core.model.schema import Bounds, JsonType, Schema

ASSERTED_FORMATS = frozenset(
    {"uuid", "date", "date-time", "time", "email", "uri", "ipv4", "ipv6", "hostname"}
)
"""Formats that can be told by a regular expression that every valid value matches."""

MAX_BODY_FACTS = 80
MAX_NESTING = 5


@dataclass(frozen=True, slots=True)
class _Where:
    """The place of a schema in the answer, and under which circumstances it is there."""

    pointer: str
    presence: Presence = Presence.REQUIRED
    guards: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    ancestors: tuple[Schema, ...] = ()

    @property
    def level(self) -> int:
        return sum(token != EACH for token in split(self.pointer))


def status_fact(call: str, *statuses: int, client_error: bool = False) -> AssertionFact:
    """The status of `call`: one code, one of several, or any 4xx."""
    check: Check
    if client_error:
        check = InRange(Bounds(400, 499))
    else:
        check = Equals(Literal(statuses[0])) if len(statuses) == 1 else OneOf(statuses)
    return AssertionFact(call, STATUS, check)


def response_facts(
    operation: Operation, status: int, *, call: str = "C1", depth: Depth = Depth.L5_TYPES
) -> tuple[AssertionFact, ...]:
    """What `operation` promises of its answer with `status`, the status itself left out.

    Ordered as a reader expects: content type, headers, then the body from the top down.
    """
    response = operation.response_for(status)
    if response is None or depth < Depth.L2_BODY:
        return ()
    facts = [*_content_type(response, call)]
    if depth >= Depth.L3_FIELDS:
        facts += _headers(response, call, depth)
    media = response.json
    if media is not None and media.schema is not None and len(_kinds(response)) == 1:
        facts += _body_facts(media.schema, call, depth)
    return tuple(replace(fact, when=status) for fact in facts)


def _kinds(response: Response) -> set[bool]:
    return {media.is_json for media in response.content.values()}


def _content_type(response: Response, call: str) -> Iterator[AssertionFact]:
    names = tuple(
        dict.fromkeys(
            media.name.split(";", 1)[0].strip().lower() for media in response.content.values()
        )
    )
    if not names or any("*" in name for name in names):
        return
    yield AssertionFact(
        call,
        CONTENT_TYPE,
        Equals(Literal(names[0])) if len(names) == 1 else OneOf(names),
        source=response.pointer,
        reason=Message(
            en=f"the document promises {' or '.join(names)}",
            ru=f"документ обещает {' или '.join(names)}",
        ),
    )


def _headers(response: Response, call: str, depth: Depth) -> Iterator[AssertionFact]:
    for item in response.headers.values():
        if item.name.lower() == "content-type":
            continue
        presence = Presence.REQUIRED if item.required else Presence.IF_PRESENT
        schema = item.schema
        check: Check | None = None
        if depth >= Depth.L5_TYPES and schema is not None and schema.only_type in _HEADER_TYPES:
            check = HasType(schema.types - {JsonType.NULL})
        if check is None and presence is Presence.IF_PRESENT:
            continue
        yield AssertionFact(
            call,
            header(item.name),
            check,
            presence,
            source=item.pointer,
            reason=Message(
                en=f"the document describes the header {item.name}",
                ru=f"документ описывает заголовок {item.name}",
            ),
        )


_HEADER_TYPES = frozenset({JsonType.INTEGER, JsonType.NUMBER, JsonType.BOOLEAN})


def _body_facts(schema: Schema, call: str, depth: Depth) -> list[AssertionFact]:
    found = list(_walk(schema, _Where(""), call, depth))
    found = list({fact.key: fact for fact in found}.values())
    if len(found) <= MAX_BODY_FACTS:
        return found
    levels = sorted(range(len(found)), key=lambda index: (_level(found[index]), index))
    kept = sorted(levels[:MAX_BODY_FACTS])
    return [found[index] for index in kept]


def _level(fact: AssertionFact) -> int:
    return len(split(fact.subject.name)) + len(fact.conditions)


def _walk(schema: Schema, where: _Where, call: str, depth: Depth) -> Iterator[AssertionFact]:
    """The facts of `schema` at `where` and, as deep as wanted, of what is inside it."""
    if schema in where.ancestors or schema.never or where.level > MAX_NESTING:
        return
    if where.level > 1 and depth < Depth.L4_NESTED:
        return
    yield from _own_facts(schema, where, call, depth)
    inside = replace(where, ancestors=(*where.ancestors, schema))
    for conjunct in schema.conjuncts.values():
        yield from _walk(conjunct, inside, call, depth)
    guards = where.guards
    if where.presence is Presence.IF_PRESENT or schema.nullable:
        guards = (*guards, where.pointer)
    inside = replace(inside, guards=guards, presence=Presence.REQUIRED)
    yield from _properties(schema, inside, call, depth)
    yield from _branches(schema, inside, call, depth)
    if schema.items is not None and schema.only_type is JsonType.ARRAY:
        yield from _walk(
            schema.items, replace(inside, pointer=join(where.pointer, EACH)), call, depth
        )


def _properties(schema: Schema, where: _Where, call: str, depth: Depth) -> Iterator[AssertionFact]:
    if schema.only_type is not JsonType.OBJECT and schema.types:
        return
    for name, child in schema.properties.items():
        # In a subject `*` and numbers mean items of arrays.
        if child.write_only or name == EACH or name.isdecimal():
            continue
        required = name in schema.required
        if not required and depth < Depth.L5_TYPES:
            continue
        presence = Presence.REQUIRED if required else Presence.IF_PRESENT
        place = replace(where, pointer=join(where.pointer, name), presence=presence)
        yield from _walk(child, place, call, depth)


def _branches(schema: Schema, where: _Where, call: str, depth: Depth) -> Iterator[AssertionFact]:
    """Under a discriminator each branch's facts hold where its tag is found."""
    tag = schema.discriminator
    if tag is None or not tag.mapping:
        return
    at_tag = join(where.pointer, tag.property_name)
    if all(tag.property_name in branch.required for branch in schema.branches.values()):
        yield AssertionFact(
            call,
            body(at_tag),
            OneOf(tuple(tag.mapping)) if len(tag.mapping) > 1 else Equals(Literal(*tag.mapping)),
            guards=where.guards,
            conditions=where.conditions,
            source=schema.pointer,
            reason=Message(en="the discriminator", ru="дискриминатор"),
        )
    if depth < Depth.L4_NESTED:
        return
    for pointer, branch in schema.branches.items():
        tags = tuple(value for value, target in tag.mapping.items() if target == pointer)
        if not tags:
            continue
        place = replace(where, conditions=(*where.conditions, Condition(at_tag, tags)))
        for fact in _properties(branch, place, call, depth):
            if fact.subject.name != at_tag:
                yield fact


def _own_facts(schema: Schema, where: _Where, call: str, depth: Depth) -> Iterator[AssertionFact]:
    base = AssertionFact(
        call,
        body(where.pointer),
        presence=where.presence,
        guards=where.guards,
        conditions=where.conditions,
        source=schema.pointer,
    )
    checks = list(_checks(schema, depth, top=where.pointer == ""))
    if not checks and where.presence is Presence.REQUIRED and _has_key(where.pointer):
        yield replace(base, reason=_required(where.pointer))
    for check, reason in checks:
        yield replace(base, check=check, nullable=schema.nullable, reason=reason)


def _has_key(pointer: str) -> bool:
    tokens = split(pointer)
    return bool(tokens) and tokens[-1] != EACH


def _required(pointer: str) -> Message:
    name = split(pointer)[-1]
    return Message(en=f"{name} is required", ru=f"поле {name} обязательно")


def _checks(schema: Schema, depth: Depth, *, top: bool) -> Iterator[tuple[Check, Message]]:
    """Checks of the value itself; below L5 only the body's own type."""
    types = schema.types - {JsonType.NULL}
    if depth < Depth.L5_TYPES:
        if top and types:
            yield HasType(types), _typed(types)
        return
    if schema.enum is not None:
        values = tuple(value for value in schema.enum if value is not None)
        if values:
            yield _enumerated(values)
        return
    if types:
        yield HasType(types), _typed(types)
    only = schema.only_type
    if only is JsonType.STRING:
        yield from _string_checks(schema)
    elif only in (JsonType.INTEGER, JsonType.NUMBER):
        yield from _number_checks(schema)
    elif only is JsonType.ARRAY:
        yield from _array_checks(schema)


def _enumerated(values: tuple[object, ...]) -> tuple[Check, Message]:
    listed = ", ".join(str(value) for value in values[:6]) + (" ..." if len(values) > 6 else "")
    reason = Message(en=f"one of: {listed}", ru=f"одно из: {listed}")
    if len(values) == 1:
        return Equals(Literal(values[0])), reason  # type: ignore[arg-type]  # JSON by construction
    return OneOf(values), reason  # type: ignore[arg-type]  # JSON by construction


def _typed(types: frozenset[JsonType]) -> Message:
    names = " or ".join(kind for kind in JsonType if kind in types)
    return Message(en=f"the type is {names}", ru=f"тип: {names.replace(' or ', ' или ')}")


def _string_checks(schema: Schema) -> Iterator[tuple[Check, Message]]:
    if schema.format in ASSERTED_FORMATS:
        yield (
            HasFormat(schema.format),
            Message(en=f"the format is {schema.format}", ru=f"формат: {schema.format}"),
        )
    if schema.pattern is not None:
        yield (
            Matches(schema.pattern),
            Message(en=f"matches {schema.pattern}", ru=f"соответствует {schema.pattern}"),
        )
    limited = schema.length.low or schema.length.high is not None
    if limited and schema.format not in ASSERTED_FORMATS:
        yield HasLength(schema.length), Message(en="the length is limited", ru="длина ограничена")


def _number_checks(schema: Schema) -> Iterator[tuple[Check, Message]]:
    if schema.bounds.limited:
        yield InRange(schema.bounds), Message(en="the value is limited", ru="значение ограничено")
    if schema.multiple_of:
        yield (
            MultipleOf(schema.multiple_of),
            Message(en=f"a multiple of {schema.multiple_of}", ru=f"кратно {schema.multiple_of}"),
        )


def _array_checks(schema: Schema) -> Iterator[tuple[Check, Message]]:
    if schema.size.low or schema.size.high is not None:
        yield HasSize(schema.size), Message(en="the size is limited", ru="размер ограничен")
    if schema.unique_items:
        yield Unique(), Message(en="the items differ", ru="элементы различны")
