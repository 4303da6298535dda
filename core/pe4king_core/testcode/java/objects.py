"""The values that only Java's reader knows: requests, objects of classes, lambdas, assertions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_core.model.source import BodyKind
from pe4king_core.testcode.values import Collected, Hole, Part, Special, Value, call_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from pe4king_core.testcode.claims import Claims
    from pe4king_core.testcode.java.outline import TypeDecl, Unit
    from pe4king_core.testcode.java.scope import Context

Parts = tuple[str | Hole, ...]


@dataclass(frozen=True, slots=True)
class Expected(Special):
    """Assertions that stand before their request: what `expect()` or a specification says."""

    links: tuple[tuple[Context, Node], ...] = ()


@dataclass(frozen=True, slots=True)
class Request(Special):
    """A REST Assured request, or its builder; None for a base that it does not set itself."""

    base_uri: Parts | None = None
    base_path: Parts | None = None
    named: tuple[tuple[str, str], ...] = ()
    """Names of what it carries: `query`, `headers`, `cookies`, `form`, or `either` for `param`,
    which is query or form as the method wants it."""
    values: tuple[tuple[str, str, str], ...] = ()
    """The same names with what they are set to, as JSON text; "" where that is not known."""
    body: BodyKind = BodyKind.NONE
    content: Value | None = None
    """What was given to `body(...)`."""
    variable: str = ""
    """The local name of what was given to `body(...)`."""
    media: str = ""
    complete: bool = True
    expected: tuple[tuple[Context, Node], ...] = ()
    expecting: bool = False

    def names(self, kind: str) -> list[str]:
        """The names of one kind."""
        return [name for each, name in self.named if each == kind]


@dataclass(slots=True, eq=False)
class Instance(Special):
    """An object of a class whose source is there; `fields` holds what was read or set so far."""

    type: TypeDecl
    fields: dict[str, Value] = field(default_factory=dict)
    outer: Instance | None = None
    constant: str = ""
    """Its name, for a constant of an enum."""
    sent: tuple[str, ...] = ()
    """The calls that it was sent with as a JSON body."""


@dataclass(slots=True, eq=False)
class Building(Special):
    """A Lombok builder of `type`."""

    type: TypeDecl
    fields: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Entries(Special):
    """A map or JSON object that the code fills; `complete` while all its keys are known."""

    members: dict[str, Value] = field(default_factory=dict)
    complete: bool = True
    sent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry(Special):
    """`Map.entry(key, value)`."""

    key: Value
    value: Value


@dataclass(frozen=True, slots=True)
class TypeRef(Special):
    """A type as written at a place: `List<Book>`; arrays are lists."""

    name: str
    arguments: tuple[TypeRef, ...] = ()
    unit: Unit | None = None
    inside: TypeDecl | None = None


@dataclass(frozen=True, slots=True)
class Typed(Special):
    """The JSON at `part`, as an object of the class `type`."""

    part: Part
    type: TypeRef

    @property
    def origin(self) -> str | None:
        """The call of its answer."""
        return self.part.call


@dataclass(frozen=True, slots=True)
class Constant(Special):
    """A constant of an enum whose source is not there: `Method.GET`."""

    type: str
    name: str


@dataclass(slots=True, eq=False)
class Lambda(Special):
    """A lambda or method reference, with what it sees."""

    context: Context
    node: Node
    level: int = 0
    """How many helpers deep it is written."""


@dataclass(slots=True, eq=False)
class Matching(Special):
    """A Hamcrest matcher that is kept, or comes from a helper."""

    context: Context
    node: Node


@dataclass(frozen=True, slots=True)
class Collector(Special):
    """Something that collects failures (`SoftAssertions`, TestNG's `SoftAssert`)."""

    library: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Asserted(Special):
    """AssertJ's or Truth's `assertThat(value)`."""

    value: Value
    library: str = "assertj"
    soft: str = ""

    @property
    def origin(self) -> str | None:
        """The call that it speaks of."""
        return call_of(self.value)


@dataclass(frozen=True, slots=True)
class Extracted(Special):
    """Several values at once (`extracting("id", "title")`)."""

    values: tuple[Value, ...]

    @property
    def origin(self) -> str | None:
        """The call of the first that has one."""
        return next(filter(None, map(call_of, self.values)), None)


@dataclass(frozen=True, slots=True)
class Stated(Special):
    """A condition, as what it says of answers where it is true; if `denied`, where it is false."""

    claims: Claims
    denied: bool = False

    @property
    def origin(self) -> str | None:
        """The call of the first claim."""
        return self.claims[0].call if self.claims else None


@dataclass(frozen=True, slots=True)
class Client(Special):
    """Something that belongs to another HTTP client than REST Assured."""

    type: str


def bare(value: Value) -> Value:
    """`value` without what is known of its class."""
    return value.part if isinstance(value, Typed) else value


def listed(value: Value) -> Part | Collected | None:
    """`value` as a list of an answer, if it may be one."""
    plain = bare(value)
    return plain if isinstance(plain, Part | Collected) else None
