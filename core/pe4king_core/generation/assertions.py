"""Facts that hold for every answer a document allows: status, content type, headers, fields.

Nothing here may fail on a conforming answer: optional fields are checked if present, null where
it is allowed, each item of an array, each branch under its discriminator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from pe4king_core.generation.places import is_object, tags_of
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
_MAX_TOKENS = 10
_MAX_LISTED = 200
"""No longer list of allowed values is written into a test."""
_BODYLESS = frozenset({204, 205, 304})
"""Statuses whose answers have no body (RFC 9110 sections 15.3.5, 15.3.6, 15.4.5)."""


@dataclass(frozen=True, slots=True)
class _Where:
    """The place of a schema in the answer, and under which circumstances it is there.

    `order` sorts places as a reader meets them in the document.
    """

    pointer: str
    presence: Presence = Presence.REQUIRED
    guards: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    ancestors: tuple[Schema, ...] = ()
    order: tuple[int, ...] = ()

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
    facts: list[AssertionFact] = []
    if has_body(operation, status):
        facts += _content_type(response, call)
    if depth >= Depth.L3_FIELDS:
        facts += _headers(response, call, depth)
    schema = body_schema(operation, status)
    if schema is not None:
        facts += _body_facts(schema, call, depth)
    return tuple(replace(fact, when=status) for fact in facts)


def shared_facts(
    operation: Operation, statuses: Sequence[int], *, call: str, depth: Depth
) -> tuple[AssertionFact, ...]:
    """What `operation` promises whichever of `statuses` it answers with."""
    sets = [response_facts(operation, code, call=call, depth=depth) for code in statuses]
    if len(sets) < 2:
        return sets[0] if sets else ()
    common = set.intersection(*({_alike(fact) for fact in facts} for facts in sets))
    return tuple(replace(fact, when=None) for fact in sets[0] if _alike(fact) in common)


def _alike(fact: AssertionFact) -> str:
    """Equal for facts that say the same, wherever in the document they come from."""
    return repr(replace(fact, when=None, source="", reason=Message("", "")))


def asked_as_json(operation: Operation) -> Operation:
    """`operation` for a caller that asks for JSON: where there is a JSON form, it is the answer."""
    responses = {}
    for key, response in operation.responses.items():
        json = {name: media for name, media in response.content.items() if media.is_json}
        responses[key] = replace(response, content=json) if json else response
    return replace(operation, responses=responses)


def has_body(operation: Operation, status: int) -> bool:
    """Whether an answer can have a body at all (RFC 9110 section 6.4.1)."""
    return operation.method != "HEAD" and status >= 200 and status not in _BODYLESS


def body_schema(operation: Operation, status: int) -> Schema | None:
    """The schema of the JSON answer with `status`; None where the answer may be another one."""
    response = operation.response_for(status)
    if response is None or not response.content or not has_body(operation, status):
        return None
    schemas = [media.schema for media in response.content.values() if media.is_json]
    if len(schemas) < len(response.content) or any(s != schemas[0] for s in schemas):
        return None
    return schemas[0]


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
        if depth >= Depth.L5_TYPES and schema is not None and not schema.nullable:
            check = HasType(schema.types) if schema.only_type in _HEADER_TYPES else None
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
    """The facts of the outermost places first, up to the limit, then in the document's order."""
    found: dict[str, tuple[tuple[int, ...], AssertionFact]] = {}
    level: Iterable[tuple[Schema, _Where]] = [] if schema.never else [(schema, _Where(""))]
    while len(found) < MAX_BODY_FACTS:
        inner: list[Iterator[tuple[Schema, _Where]]] = []
        for here, where in level:
            facts = _own_facts(here, where, call, depth)
            for fact in (*facts, *_tag_facts(here, where, call)):
                found.setdefault(fact.key, (where.order, fact))
            inner.append(_inside(here, where, depth))
            if len(found) >= MAX_BODY_FACTS:
                break
        if not inner:
            break
        level = chain.from_iterable(inner)
    kept = sorted(list(found.values())[:MAX_BODY_FACTS], key=lambda item: item[0])
    return [fact for _, fact in kept]


def _inside(schema: Schema, where: _Where, depth: Depth) -> Iterator[tuple[Schema, _Where]]:
    """The places right inside `where` that are to be looked at, in their order."""
    for index, (child, place) in enumerate(_children(schema, where, depth)):
        if child in place.ancestors or child.never or place.level > MAX_NESTING:
            continue
        if place.level > 1 and depth < Depth.L4_NESTED:
            continue
        if len(split(place.pointer)) <= _MAX_TOKENS:
            yield child, replace(place, order=(*where.order, index))


def _children(schema: Schema, where: _Where, depth: Depth) -> Iterator[tuple[Schema, _Where]]:
    inside = replace(where, ancestors=(*where.ancestors, schema))
    for conjunct in schema.conjuncts.values():
        yield conjunct, inside
    guards = where.guards
    if where.presence is Presence.IF_PRESENT or schema.nullable:
        guards = (*guards, where.pointer)
    inside = replace(inside, guards=guards, presence=Presence.REQUIRED)
    if is_object(schema):
        yield from _properties(schema, inside, depth)
        yield from _branches(schema, inside, depth)
    elif schema.items is not None and schema.only_type is JsonType.ARRAY:
        yield schema.items, replace(inside, pointer=join(where.pointer, EACH))


def _properties(schema: Schema, where: _Where, depth: Depth) -> Iterator[tuple[Schema, _Where]]:
    for name, child in schema.properties.items():
        # In a subject `*` and numbers mean items of arrays.
        if child.write_only or not _is_key(name):
            continue
        required = name in schema.required
        if not required and depth < Depth.L5_TYPES:
            continue
        presence = Presence.REQUIRED if required else Presence.IF_PRESENT
        yield child, replace(where, pointer=join(where.pointer, name), presence=presence)


def _branches(schema: Schema, where: _Where, depth: Depth) -> Iterator[tuple[Schema, _Where]]:
    """Under a discriminator each branch's properties hold where its tag is found."""
    tag = schema.discriminator
    if tag is None or depth < Depth.L4_NESTED or not _is_key(tag.property_name):
        return
    at_tag = join(where.pointer, tag.property_name)
    for branch in schema.branches.values():
        tags = tags_of(schema, branch)
        if not tags:
            continue
        place = replace(where, conditions=(*where.conditions, Condition(at_tag, tags)))
        for child, inside in _properties(branch, place, depth):
            if inside.pointer != at_tag:
                yield child, inside


def _is_key(name: str) -> bool:
    return name != EACH and not name.isdecimal()


def _tag_facts(schema: Schema, where: _Where, call: str) -> Iterator[AssertionFact]:
    """That the discriminator is there and names a branch, where every branch has a name."""
    tag = schema.discriminator
    branches = [b for b in schema.branches.values() if b.types != {JsonType.NULL}]
    if tag is None or not branches or not _is_key(tag.property_name) or not is_object(schema):
        return
    tags = [tags_of(schema, branch) for branch in branches]
    if not all(tags) or not all(tag.property_name in branch.required for branch in branches):
        return
    values = tuple(value for values in tags for value in values)
    optional = where.presence is Presence.IF_PRESENT or schema.nullable
    yield AssertionFact(
        call,
        body(join(where.pointer, tag.property_name)),
        OneOf(values) if len(values) > 1 else Equals(Literal(*values)),
        guards=(*where.guards, where.pointer) if optional else where.guards,
        conditions=where.conditions,
        source=schema.pointer,
        reason=Message(en="the discriminator", ru="дискриминатор"),
    )


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
    if schema.enum is not None and len(schema.enum) <= _MAX_LISTED:
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


_COMPARABLE = frozenset({JsonType.STRING, JsonType.INTEGER, JsonType.NUMBER})


def comparable_items(schema: Schema) -> bool:
    """Whether items are equal in a test exactly when they are in JSON, where 1 is not true."""
    return schema.items is not None and schema.items.only_type in _COMPARABLE


def _array_checks(schema: Schema) -> Iterator[tuple[Check, Message]]:
    if schema.size.low or schema.size.high is not None:
        yield HasSize(schema.size), Message(en="the size is limited", ru="размер ограничен")
    if schema.unique_items and comparable_items(schema):
        yield Unique(), Message(en="the items differ", ru="элементы различны")
