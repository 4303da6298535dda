"""What only Python has among the values of a test: functions, classes, objects, clients."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_core.testcode.claims import Claims
from pe4king_core.testcode.values import (
    UNKNOWN,
    Hole,
    Known,
    Part,
    Special,
    Unknown,
    Value,
    call_of,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from pe4king_core.testcode.python.frame import Frame
    from pe4king_core.testcode.python.outline import Module
    from pe4king_core.testcode.syntax import Source


@dataclass(frozen=True, slots=True)
class Library(Special):
    """Something whose source is not ours, by its full name: `requests.Session`."""

    name: str

    @property
    def root(self) -> str:
        """The distribution it comes from, as imported."""
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Made(Special):
    """What calling something of a library gave, where we know no more: `redis.Redis()`."""

    by: Library


@dataclass(frozen=True, slots=True)
class Package(Special):
    """A module of the code base, or a folder on the way to one."""

    name: str
    module: Module | None = None
    importer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function(Special):
    """A function whose source we have; `closure` is where it was defined, if in a function."""

    name: str
    module: Module
    node: Node
    """The definition or lambda itself, without decorators."""
    source: Source
    decorators: tuple[Node, ...] = ()
    closure: Frame | None = None
    owner: Class | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Class(Special):
    """A class whose source we have."""

    name: str
    module: Module
    node: Node
    source: Source
    decorators: tuple[Node, ...] = ()
    closure: Frame | None = None

    @property
    def body(self) -> Node | None:
        """Its statements."""
        return self.node.child_by_field_name("body")


@dataclass(slots=True, eq=False)
class Client(Special):
    """An HTTP client of a library; paths are appended to `base`."""

    kind: str
    base: tuple[str | Hole, ...] = ()
    joins: bool = False
    """It joins paths as URLs are joined: a leading slash replaces the base's path."""
    headers: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Instance(Special):
    """An object of a class whose source we have; `client` where the class extends one."""

    cls: Class
    attributes: dict[str, Value] = field(default_factory=dict)
    client: Client | None = None
    certain: bool = True
    """Whether all of its classes can be read, so that what we do not find is not there."""


@dataclass(frozen=True, slots=True)
class Bound(Special):
    """A method of `receiver` that is not called yet; `method` None for one of a library."""

    receiver: Value
    name: str
    method: Function | None = None

    @property
    def origin(self) -> str | None:
        """The call that its receiver comes from."""
        return call_of(self.receiver) if self.method is None else None


@dataclass(frozen=True, slots=True)
class Super(Special):
    """`super()` in a method of `owner`."""

    receiver: Value
    owner: Class


@dataclass(frozen=True, slots=True)
class Partial(Special):
    """`functools.partial(function, ...)`."""

    function: Value
    positional: tuple[Argument, ...]
    named: tuple[tuple[str, Argument], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Record(Special):
    """A dictionary not all of whose members are plain values."""

    members: dict[str, Value]
    complete: bool = True

    @property
    def origin(self) -> str | None:
        """Of no call: it was made by the test."""
        return None


@dataclass(frozen=True, slots=True)
class Typed(Special):
    """An object of the class `model` made from `part`; any attribute goes where it is None.

    `listed`: `part` is an array, and each item became such an object.
    """

    part: Part
    model: Class | None
    listed: bool = False

    @property
    def origin(self) -> str | None:
        """The call of the part."""
        return self.part.call


@dataclass(frozen=True, slots=True)
class Repeated(Special):
    """A list each of whose members is `value` (answers of one request that is sent often)."""

    value: Value

    @property
    def origin(self) -> str | None:
        """The call that the members come from."""
        return call_of(self.value)


@dataclass(frozen=True, slots=True)
class Indices(Special):
    """`range(len(x))`, or one number of it."""

    of: Part


@dataclass(frozen=True, slots=True)
class Adapter(Special):
    """What validates data against `model`, or a list of such: `TypeAdapter(list[Book])`."""

    model: Class | None
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Truth(Special):
    """Whether something holds: what follows where it does, and the call that it speaks of."""

    claims: Claims
    call: str | None

    @property
    def origin(self) -> str | None:
        """The call it speaks of."""
        return self.call


@dataclass(frozen=True, slots=True)
class Failures(Special):
    """`[name for name in names if name not in body]`: what holds where the list is empty."""

    claims: Claims

    @property
    def origin(self) -> str | None:
        """The call they speak of."""
        return self.claims[0].call if self.claims else None


@dataclass(frozen=True, slots=True)
class Dumped(Special):
    """`json.dumps(content)`."""

    content: Value


@dataclass(frozen=True, slots=True)
class Matcher(Special):
    """A Hamcrest matcher that is not applied yet."""

    name: str
    arguments: tuple[Value, ...]
    named: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Fluent(Special):
    """`assert_that(subject)` of a fluent library, on which further assertions are called."""

    subject: Value
    soft: str = ""

    @property
    def origin(self) -> str | None:
        """The call that the subject comes from."""
        return call_of(self.subject)


@dataclass(frozen=True, slots=True)
class Pairs(Special):
    """`x.items()`, or `enumerate(x)`."""

    of: Value
    numbered: bool = False

    @property
    def origin(self) -> str | None:
        """The call that the dictionary comes from."""
        return call_of(self.of)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call: its value and the name a reader would use for it."""

    value: Value
    name: str = ""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call; `complete`: none came out of something unknown (`**options`)."""

    positional: tuple[Argument, ...] = ()
    named: dict[str, Argument] = field(default_factory=dict)
    complete: bool = True
    spread: Value | None = None
    """What `**` was put before, where its members are not known."""

    @property
    def values(self) -> list[Value]:
        """The values of the positional arguments."""
        return [each.value for each in self.positional]

    def value(self, index: int | None, *names: str) -> Value:
        """The argument at `index` or called one of `names`."""
        found = self.argument(index, *names)
        return UNKNOWN if found is None else found.value

    def argument(self, index: int | None, *names: str) -> Argument | None:
        """The argument at `index` or called one of `names`, if it is given."""
        for name in names:
            if name in self.named:
                return self.named[name]
        given = index is not None and index < len(self.positional)
        return self.positional[index] if given and index is not None else None


def agreed(values: list[Value]) -> Value:
    """The one value that all of `values` are, else nothing certain.

    None beside what came from an answer is left out: what is done with it needs the answer.
    """
    some = [each for each in values if call_of(each) is not None]
    rest = [each for each in values if call_of(each) is None]
    if some and all(is_none(each) for each in rest):
        values = some
    if not values:
        return UNKNOWN
    first = values[0]
    if all(each is first or each == first for each in values[1:]):
        return first
    calls = {call_of(each) for each in values}
    return Unknown(calls.pop() if len(calls) == 1 else None)


def is_none(value: Value) -> bool:
    """Whether `value` is None for certain."""
    return isinstance(value, Known) and value.value is None
