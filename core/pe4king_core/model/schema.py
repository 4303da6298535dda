"""One schema as every room sees it, whatever dialect it was written in.

A `Schema` is a view of one place in a document: its own keywords are plain values, its
subschemas are made when they are first asked for, so recursive documents need no special care.
`pointer` names the place after all references were followed and is the schema's identity:
two views of one place are equal.

Dialects (Swagger 2.0, OpenAPI 3.0, JSON Schema 2020-12) are told apart by the loader only:
`nullable: true` is the type "null" here, `exclusiveMinimum: true` is a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, KeysView, Mapping
from dataclasses import field
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Never, TypeVar, overload

from pe4king_core.model.json import Json
from pe4king_core.model.record import record

_T = TypeVar("_T")


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
            made = self._made[name] = self._new(name)
        return made

    def _new(self, name: str) -> Schema:
        return self._makers[name]()

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    @overload
    def get(self, name: str, /) -> Schema | None: ...
    @overload
    def get(self, name: str, default: Schema | _T, /) -> Schema | _T: ...
    def get(self, name: str, default: object = None, /) -> object:
        """The subschema `name`, or `default`."""
        return self[name] if name in self._makers else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def keys(self) -> KeysView[str]:
        """The names; a view of a real dictionary compares and looks up much faster."""
        return self._makers.keys()

    def __len__(self) -> int:
        return len(self._makers)

    # By identity: comparing by content would make every subschema, without end in cycles.
    __eq__ = object.__eq__
    __hash__ = object.__hash__


class SchemaMembers(SchemaMap):
    """Named subschemas that one function makes; only the names have to be known."""

    __slots__ = ("_make",)

    def __init__(self, names: Mapping[str, object], make: Callable[[str], Schema]) -> None:
        super().__init__({})
        self._makers = names  # type: ignore[assignment]  # of which only the keys are used
        self._make = make

    def _new(self, name: str) -> Schema:
        if name not in self._makers:
            raise KeyError(name)
        return self._make(name)


_NOTHING: Mapping[str, Never] = MappingProxyType({})


def _nothing() -> Mapping[str, Never]:
    return _NOTHING


@record(frozen=True, slots=True)
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


@record(frozen=True, slots=True)
class Discriminator:
    """The property that tells which branch applies, and the value of each branch's pointer."""

    property_name: str
    mapping: Mapping[str, str]
    default: str | None = None
    """The pointer of the branch that applies without the property (OpenAPI 3.2)."""


@cache
def _only(types: frozenset[JsonType]) -> JsonType | None:
    """The one type beside null; there are few sets of types, and each is asked for often."""
    others = types - {JsonType.NULL}
    return next(iter(others)) if len(others) == 1 else None


@record(frozen=True, slots=True, eq=False)
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
    prefix_items: Mapping[str, Schema] = field(default_factory=_nothing)
    """Schemas of the first items, by their number: "0", "1" ..."""
    contains_count: Bounds = Bounds()
    """How many items must be valid against `others["contains"]`."""
    properties: Mapping[str, Schema] = field(default_factory=_nothing)
    pattern_properties: Mapping[str, Schema] = field(default_factory=_nothing)
    """By pattern (ECMA-262); a property may match several, and stand in `properties` as well."""
    required: frozenset[str] = frozenset()
    dependent_required: Mapping[str, frozenset[str]] = field(default_factory=_nothing)
    """Names that must be there where the key is."""
    dependent_schemas: Mapping[str, Schema] = field(default_factory=_nothing)
    """What holds for the whole object where the key is there."""
    additional_allowed: bool = True
    """False where no property beyond `properties` may appear."""
    branches: Mapping[str, Schema] = field(default_factory=_nothing)
    """oneOf or anyOf subschemas, by pointer; all other keywords hold beside them."""
    exclusive_branches: bool = False
    """True for oneOf: exactly one branch must hold."""
    conjuncts: Mapping[str, Schema] = field(default_factory=_nothing)
    """allOf parts that could not be merged into this view; all of them hold."""
    discriminator: Discriminator | None = None
    content_encoding: str | None = None
    content_media_type: str | None = None
    default: Json = None
    has_default: bool = False
    examples: tuple[Json, ...] = ()
    read_only: bool = False
    write_only: bool = False
    deprecated: bool = False
    never: bool = False
    """The schema `false`: nothing is valid."""
    unread: frozenset[str] = frozenset()
    """Keywords in the document that this view does not express; what it says is not all."""
    others: Mapping[str, Schema] = field(default_factory=_nothing, repr=False)
    """Subschemas by keyword: `items` (behind `prefix_items`), `additionalProperties`, `not`, `if`,
    `then`, `else`, `contains`, `propertyNames`, `unevaluatedProperties`, `unevaluatedItems`,
    `contentSchema`."""
    all_evaluated: frozenset[JsonType] = frozenset()
    """OBJECT where some keyword speaks of every property, ARRAY of every item: an
    `unevaluated...` keyword around this schema then has nothing left to speak of."""
    annotations: Mapping[str, Json] = field(default_factory=_nothing, repr=False)
    """What says nothing of values, as it stands: `xml`, `externalDocs`, `$comment`."""
    wraps: str = ""
    """The place of the one schema that this one is, beside null and annotations; mostly none."""

    @property
    def items(self) -> Schema | None:
        """The schema of every item of an array, if stated (and no `prefix_items` are)."""
        return None if self.prefix_items else self.others.get("items")

    @property
    def additional(self) -> Schema | None:
        """The schema of every property beyond `properties`, if stated (and no pattern is)."""
        return None if self.pattern_properties else self.others.get("additionalProperties")

    def subschemas(self) -> Iterator[Schema]:
        """All direct subschemas, each made as it is reached."""
        for members in (
            self.properties,
            self.pattern_properties,
            self.dependent_schemas,
            self.prefix_items,
            self.others,
            self.branches,
            self.conjuncts,
        ):
            yield from members.values()

    @property
    def nullable(self) -> bool:
        """Whether null is valid as far as types, values and choices tell (not `not` and `if`)."""
        if self.never or (self.types and JsonType.NULL not in self.types):
            return False
        waiting, seen = [self], {id(self)}
        while waiting:
            schema = waiting.pop()
            if schema.never or not schema.allows(JsonType.NULL):
                return False
            if schema.enum is not None and None not in schema.enum:
                return False
            if schema.branches and not any(b.nullable for b in schema.branches.values()):
                return False
            new = [part for part in schema.conjuncts.values() if id(part) not in seen]
            seen.update(map(id, new))
            waiting += new
        return True

    def allows(self, json_type: JsonType) -> bool:
        """Whether values of `json_type` are not ruled out by `types` alone."""
        if json_type is JsonType.INTEGER and JsonType.NUMBER in self.types:
            return True
        return not self.types or json_type in self.types

    @property
    def only_type(self) -> JsonType | None:
        """The one allowed type beside null, if there is exactly one."""
        return _only(self.types)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and other.pointer == self.pointer

    def __hash__(self) -> int:
        return hash(self.pointer)
