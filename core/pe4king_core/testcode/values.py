"""What an expression in a test may stand for, as far as we can tell without running it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from pe4king_core.model.fact import Subject
from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing we understand; `call` where it certainly comes from that call's answer."""

    call: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A value written in the test."""

    value: Json


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a text that is computed at run time, with the name the test gives it.

    `outside`: it comes from the environment or a configuration, as addresses do.
    """

    name: str = ""
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A text of which only parts are known."""

    parts: tuple[str | Hole, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple or set whose members are not all plain values."""

    members: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a parameter of a test stands for in each of its runs."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class TypeNames:
    """A class or classes of the language, as the JSON types they stand for."""

    types: frozenset[JsonType]


@dataclass(frozen=True, slots=True)
class Sent:
    """A variable that was sent as the JSON body of `calls`, or the part of it at `pointer`."""

    calls: tuple[str, ...]
    pointer: str
    content: Value


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole response of a call."""

    call: str


@dataclass(frozen=True, slots=True)
class Validated:
    """REST Assured's answer after `.then()`; `root` is the path set by `rootPath`."""

    call: str
    root: str | None = ""


@dataclass(frozen=True, slots=True)
class Headers:
    """All headers of a response."""

    call: str


@dataclass(frozen=True, slots=True)
class BodyText:
    """The body of a response before it is parsed."""

    call: str


class Fallback(StrEnum):
    """What an access yields where the part is missing."""

    NONE = "none"
    """It fails."""
    NULL = "null"
    DEFAULT = "default"
    ZERO = "zero"
    """0 or false, as Java's primitive types have it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an answer: its status, a header, a place in its JSON body."""

    call: str
    subject: Subject
    fallback: Fallback = Fallback.NONE
    optional: tuple[str, ...] = ()
    """Pointers of ancestors whose absence was catered for on the way."""


class Measure(StrEnum):
    """Something computed from a part."""

    LENGTH = "length"
    TYPE = "type"
    KEYS = "keys"
    DISTINCT = "distinct"
    HUNDREDS = "hundreds"
    MODULO = "modulo"
    SUM = "sum"
    CAPPED = "capped"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Measured:
    """`measure` of a part; `argument` is the divisor of `MODULO`, the most that `CAPPED` gives."""

    part: Part
    measure: Measure
    argument: Json = None


@dataclass(frozen=True, slots=True)
class Collected:
    """The list of what lies at `inner` in each item of the array `array`."""

    array: Part
    inner: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """`of` in ascending or descending order."""

    of: Part | Collected
    descending: bool = False


class Special:
    """A value that only the reader of one language knows (an object of a class, a lambda)."""

    __slots__ = ()

    @property
    def origin(self) -> str | None:
        """The call that it comes from, if any."""
        return None


Value: TypeAlias = (
    Unknown
    | Known
    | Template
    | Items
    | Rows
    | TypeNames
    | Sent
    | Answer
    | Validated
    | Headers
    | BodyText
    | Part
    | Measured
    | Collected
    | Ordered
    | Special
)

UNKNOWN = Unknown()


def call_of(value: Value) -> str | None:
    """The call that `value` comes from, if any."""
    match value:
        case Answer(call) | Validated(call) | Headers(call) | BodyText(call) | Part(call):
            return call
        case Unknown(call):
            return call
        case Measured(part):
            return part.call
        case Collected(array):
            return array.call
        case Ordered(of):
            return call_of(of)
        case Special():
            return value.origin
    return None


def plain(value: Value) -> Value:
    """`value` without the note that it was sent."""
    return value.content if isinstance(value, Sent) else value


def capped(one: Value, other: Value) -> Measured | None:
    """The smaller of `one` and `other` where that is a part of an answer, cut at a whole number."""
    for part, most in ((one, plain(other)), (other, plain(one))):
        if isinstance(part, Part) and isinstance(most, Known) and type(most.value) is int:
            return Measured(part, Measure.CAPPED, most.value)
    return None
