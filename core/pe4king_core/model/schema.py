"""One schema as every room sees it, whatever dialect it was written in.

A `Schema` is a view of one place in a document: its own keywords are plain values, its
subschemas are made when they are first asked for, so recursive documents need no special care.
`pointer` names the place after all references were followed and is the schema's identity:
two views of one place are equal.

Dialects (Swagger 2.0, OpenAPI 3.0, JSON Schema 2020-12) are told apart by the loader only:
`nullable: true` is the type "null" here, `exclusiveMinimum: true` is a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pe4king_core.model.json import Json


class JsonType(StrEnum):
    """The types of JSON Schema."""

    NULL = "null"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    ARRAY = "array"
    OBJECT = "object"


class SchemaMap(Mapping[str, "Schema"]):
    """Named subschemas, each made when it is first asked for; order as in the document."""

    __slots__ = ("_made", "_makers")

    def __init__(self, makers: Mapping[str, Callable[[], Schema]]) -> None:
        self._makers = makers
        self._made: dict[str, Schema] = {}

    def __getitem__(self, name: str) -> Schema:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._makers[name]()
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    # By identity: comparing by content would make every subschema, without end in cycles.
    __eq__ = object.__eq__
    __hash__ = object.__hash__


_NO_SCHEMAS = SchemaMap({})


@dataclass(frozen=True, slots=True)
class Bounds:
    """An interval of numbers; `None` is open, the flags exclude the end itself."""

    low: int | float | None = None
    high: int | float | None = None
    exclusive_low: bool = False
    exclusive_high: bool = False

    @property
    def limited(self) -> bool:
        """Whether at least one end is closed off."""
        return self.low is not None or self.high is not None

    def contains(self, value: int | float) -> bool:
        """Whether `value` lies inside."""
        if self.low is not None and (
            value < self.low or (self.exclusive_low and value == self.low)
        ):
            return False
        return self.high is None or not (
            value > self.high or (self.exclusive_high and value == self.high)
        )


@dataclass(frozen=True, slots=True)
class Discriminator:
    """The property that tells which branch applies, and the value of each branch's pointer."""

    property_name: str
    mapping: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """One schema. Lengths count code points, sizes count items or properties (JSON Schema)."""

    pointer: str
    types: frozenset[JsonType] = frozenset()
    """Allowed types; empty means any."""
    title: str = ""
    description: str = ""
    format: str | None = None
    pattern: str | None = None
    enum: tuple[Json, ...] | None = None
    """Allowed values; `const` is an enum of one."""
    bounds: Bounds = Bounds()
    multiple_of: int | float | None = None
    length: Bounds = Bounds()
    size: Bounds = Bounds()
    """Number of items of an array."""
    property_count: Bounds = Bounds()
    unique_items: bool = False
    properties: Mapping[str, Schema] = _NO_SCHEMAS
    required: frozenset[str] = frozenset()
    additional_allowed: bool = True
    """False where no property beyond `properties` may appear."""
    branches: Mapping[str, Schema] = _NO_SCHEMAS
    """oneOf or anyOf subschemas, by pointer; all other keywords hold beside them."""
    exclusive_branches: bool = False
    """True for oneOf: exactly one branch must hold."""
    conjuncts: Mapping[str, Schema] = _NO_SCHEMAS
    """allOf parts that could not be merged into this view; all of them hold."""
    discriminator: Discriminator | None = None
    default: Json = None
    has_default: bool = False
    examples: tuple[Json, ...] = ()
    read_only: bool = False
    write_only: bool = False
    deprecated: bool = False
    never: bool = False
    """The schema `false`: nothing is valid."""
    unread: frozenset[str] = frozenset()
    """Keywords present in the document that this view does not express (not, if, contains ...)."""
    others: Mapping[str, Schema] = field(default=_NO_SCHEMAS, repr=False)
    """Subschemas by keyword: `items`, `additionalProperties`."""

    @property
    def items(self) -> Schema | None:
        """The schema of each item of an array, if stated."""
        return self.others.get("items")

    @property
    def additional(self) -> Schema | None:
        """The schema of properties beyond `properties`, if stated."""
        return self.others.get("additionalProperties")

    @property
    def nullable(self) -> bool:
        """Whether null is a valid value."""
        if self.never:
            return False
        by_type = not self.types or JsonType.NULL in self.types
        by_enum = self.enum is None or None in self.enum
        by_branch = not self.branches or any(b.nullable for b in self.branches.values())
        return (
            by_type and by_enum and by_branch and all(c.nullable for c in self.conjuncts.values())
        )

    def allows(self, json_type: JsonType) -> bool:
        """Whether values of `json_type` are not ruled out by `types` alone."""
        if json_type is JsonType.INTEGER and JsonType.NUMBER in self.types:
            return True
        return not self.types or json_type in self.types

    @property
    def only_type(self) -> JsonType | None:
        """The one allowed type beside null, if there is exactly one."""
        types = self.types - {JsonType.NULL}
        return next(iter(types)) if len(types) == 1 else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and other.pointer == self.pointer

    def __hash__(self) -> int:
        return hash(self.pointer)
