"""What may be asserted about an answer: every place that the document describes.

The legal pointers become enums in the answer's schema, and what a model cannot be trusted to
work out (optional and nullable places, guards, discriminator conditions) is taken from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pe4king_core.model.fact import (
    CONTENT_TYPE,
    STATUS,
    Condition,
    Subject,
    body,
    header,
)
from pe4king_core.model.json import EACH, Json, join
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import JsonType, Schema

DEPTH_LIMIT = 6
COUNT_LIMIT = 250
HEADER_PREFIX = "header "


@dataclass(frozen=True, slots=True)
class Target:
    """One place of an answer; `source` is the pointer of its description in the document."""

    subject: Subject
    source: str
    types: frozenset[JsonType] = frozenset()
    required: bool = True
    nullable: bool = False
    guards: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class CallTargets:
    """The places of one call's answer by the names they have in prompts and answers.

    Names are `status`, `content_type`, `header NAME`, and JSON pointers into the body.
    """

    call: str
    operation: Operation
    status: int
    targets: Mapping[str, Target]
    sent: frozenset[str] = frozenset()
    """Pointers into the request body."""


def call_targets(call: str, operation: Operation, status: int) -> CallTargets:
    """What may be asserted about the answer of `call` with this `status`."""
    response = operation.response_for(status)
    pointer = response.pointer if response is not None else operation.pointer
    targets = {
        str(STATUS): Target(STATUS, pointer),
        str(CONTENT_TYPE): Target(CONTENT_TYPE, pointer),
    }
    if response is not None:
        for item in response.headers.values():
            name = HEADER_PREFIX + item.name
            targets[name] = Target(header(item.name), item.pointer, required=item.required)
        if response.json is not None and response.json.schema is not None:
            targets |= body_targets(response.json.schema)
    return CallTargets(call, operation, status, targets, request_pointers(operation))


def request_pointers(operation: Operation) -> frozenset[str]:
    """The pointers into the JSON request body that the document describes."""
    media = operation.request_body.json if operation.request_body is not None else None
    if media is None or media.schema is None:
        return frozenset()
    return frozenset(body_targets(media.schema, sending=True))


def body_targets(schema: Schema, *, sending: bool = False) -> dict[str, Target]:
    """All places of a body by pointer, outer ones first, limited in depth and number."""
    walk = _Walk(sending)
    walk.visit(schema, _Place(), depth=0, path=frozenset())
    return walk.found


@dataclass(frozen=True, slots=True)
class _Place:
    pointer: str = ""
    required: bool = True
    guards: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


class _Walk:
    def __init__(self, sending: bool) -> None:
        self._sending = sending
        self.found: dict[str, Target] = {}

    def visit(self, schema: Schema, place: _Place, depth: int, path: frozenset[str]) -> None:
        if depth > DEPTH_LIMIT or schema.never or schema.pointer in path:
            return
        known = self.found.get(place.pointer)
        if known is None and len(self.found) >= COUNT_LIMIT:
            return
        target = _target(schema, place)
        self.found[place.pointer] = target if known is None else _either(known, target)
        self._parts(schema, _inside(schema, place), depth, path | {schema.pointer})

    def _parts(self, schema: Schema, place: _Place, depth: int, path: frozenset[str]) -> None:
        for name, child in schema.properties.items():
            hidden = child.read_only if self._sending else child.write_only
            if hidden or name == EACH:
                continue
            pointer = join(place.pointer, name)
            others = tuple(c for c in place.conditions if c.pointer != pointer)
            required = name in schema.required
            inner = replace(place, pointer=pointer, required=required, conditions=others)
            self.visit(child, inner, depth + 1, path)
        if schema.items is not None:
            inner = replace(place, pointer=join(place.pointer, EACH), required=True)
            self.visit(schema.items, inner, depth + 1, path)
        for conjunct in schema.conjuncts.values():
            if conjunct.pointer not in path:
                self._parts(conjunct, place, depth, path | {conjunct.pointer})
        self._branches(schema, place, depth, path)

    def _branches(self, schema: Schema, place: _Place, depth: int, path: frozenset[str]) -> None:
        if schema.discriminator is None:
            return
        name = join(place.pointer, schema.discriminator.property_name)
        for pointer, branch in schema.branches.items():
            values = _values(schema.discriminator.mapping, {pointer, branch.pointer})
            if values and branch.pointer not in path:
                condition = Condition(name, values)
                inner = replace(place, conditions=(*place.conditions, condition))
                self._parts(branch, inner, depth, path | {branch.pointer})


def _values(mapping: Mapping[str, str], pointers: set[str]) -> tuple[str, ...]:
    return tuple(value for value, pointer in mapping.items() if pointer in pointers)


def _target(schema: Schema, place: _Place) -> Target:
    return Target(
        body(place.pointer),
        schema.pointer,
        types=schema.types,
        required=place.required,
        nullable=schema.nullable,
        guards=place.guards,
        conditions=place.conditions,
    )


def _either(one: Target, other: Target) -> Target:
    """A place that two branches describe: only what both of them promise is promised."""
    values: dict[str, tuple[Json, ...]] = {c.pointer: c.values for c in one.conditions}
    shared = [c for c in other.conditions if c.pointer in values]
    merged = [Condition(c.pointer, _union(values[c.pointer], c.values)) for c in shared]
    return replace(
        one,
        types=one.types | other.types if one.types and other.types else frozenset(),
        required=one.required and other.required,
        nullable=one.nullable or other.nullable,
        conditions=tuple(merged),
    )


def _union(one: tuple[Json, ...], other: tuple[Json, ...]) -> tuple[Json, ...]:
    return one + tuple(value for value in other if value not in one)


def _inside(schema: Schema, place: _Place) -> _Place:
    if place.required and not schema.nullable:
        return place
    return replace(place, guards=(*place.guards, place.pointer))
