"""Facts: what a test should check or try, before it is written in any language.

Rules and models both produce facts; renderers and weavers turn them into code. A fact says
where it comes from (`basis`, `source`) and why it is worth having (`reason`).
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TypeAlias

from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.record import record
from pe4king_core.model.schema import Bounds, JsonType


class Basis(StrEnum):
    """What a fact rests on. `LAW` is behaviour that the document does not state."""

    DOCUMENT = "document"
    EXAMPLE = "example"
    LAW = "law"
    MODEL = "model"


class SubjectKind(StrEnum):
    """The part of an answer that an assertion speaks of."""

    STATUS = "status"
    CONTENT_TYPE = "content_type"
    HEADER = "header"
    BODY = "body"


@record(frozen=True, slots=True)
class Subject:
    """`name` is a header's name, or a JSON pointer into the body with `*` for each item."""

    kind: SubjectKind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}({self.name})" if self.name else str(self.kind)


STATUS = Subject(SubjectKind.STATUS)
CONTENT_TYPE = Subject(SubjectKind.CONTENT_TYPE)


def header(name: str) -> Subject:
    """The response header `name`."""
    return Subject(SubjectKind.HEADER, name)


def body(pointer: str = "") -> Subject:
    """The place `pointer` in the JSON body; the empty pointer is the whole body."""
    return Subject(SubjectKind.BODY, pointer)


class Presence(StrEnum):
    """Whether the subject must be there. `IF_PRESENT`: the check holds where it is."""

    REQUIRED = "required"
    IF_PRESENT = "if_present"
    ABSENT = "absent"


@record(frozen=True, slots=True)
class Literal:
    """A value known when the test is written."""

    value: Json


@record(frozen=True, slots=True)
class RequestValue:
    """What was sent: `pointer` into the request body of `call`; "" is the fact's own call."""

    pointer: str
    call: str = ""
    parameter: str = ""
    """The path parameter that holds the value instead."""


@record(frozen=True, slots=True)
class ResponseValue:
    """What came back: `pointer` into the body that `call` answered with."""

    call: str
    pointer: str
    header: str = ""
    """The header that holds the value instead; of `Location` it is the last segment of the path."""
    sure: bool = True
    """Whether the document promises it; a test that finds none of the others is skipped."""


EarlierValue: TypeAlias = RequestValue | ResponseValue
"""What a request takes from an earlier call."""


@record(frozen=True, slots=True)
class SumOf:
    """The sum of the numbers at `pointer` (with `*`) of the same answer."""

    pointer: str


@record(frozen=True, slots=True)
class CountOf:
    """The number of items of the array at `pointer` of the same answer."""

    pointer: str
    most: int | None = None
    """The longest page that the answer may have; what counts more than that counts this."""


Operand: TypeAlias = Literal | RequestValue | ResponseValue | SumOf | CountOf


@record(frozen=True, slots=True)
class Equals:
    """Equal to the operand; numbers compare numerically."""

    operand: Operand


@record(frozen=True, slots=True)
class OneOf:
    """Equal to one of the values."""

    values: tuple[Json, ...]


@record(frozen=True, slots=True)
class HasType:
    """Of one of the JSON types; an integer is a number too."""

    types: frozenset[JsonType]


@record(frozen=True, slots=True)
class HasFormat:
    """A string of a named format (`uuid`, `date-time`, `email` ...)."""

    name: str


@record(frozen=True, slots=True)
class Matches:
    """A string in which the ECMA-262 `pattern` is found (not anchored by itself)."""

    pattern: str


@record(frozen=True, slots=True)
class InRange:
    """A number inside `bounds`."""

    bounds: Bounds


@record(frozen=True, slots=True)
class MultipleOf:
    """A number that is a multiple of `factor`."""

    factor: int | float


@record(frozen=True, slots=True)
class HasLength:
    """A string whose number of code points lies inside `bounds`."""

    bounds: Bounds


@record(frozen=True, slots=True)
class HasSize:
    """An array whose number of items lies inside `bounds`."""

    bounds: Bounds


@record(frozen=True, slots=True)
class Contains:
    """An array or string that contains the operand."""

    operand: Operand
    at: str = ""
    """The member of the array's items, objects all, that is compared instead of the items."""
    absent: bool = False
    """Whether no item may be equal to the operand instead; with `at` only."""


@record(frozen=True, slots=True)
class Unique:
    """An array whose items all differ."""


@record(frozen=True, slots=True)
class Sorted:
    """An array ordered by `pointer` inside each item ("" for the items themselves)."""

    pointer: str = ""
    descending: bool = False


@record(frozen=True, slots=True)
class OnlyMembers:
    """An object with no members beyond `names`, any of which may be missing."""

    names: tuple[str, ...]


@record(frozen=True, slots=True)
class NotNull:
    """Any value but null."""


@record(frozen=True, slots=True)
class Conforms:
    """Valid against the schema at `pointer` of the document."""

    pointer: str


Check: TypeAlias = (
    Equals
    | OneOf
    | HasType
    | HasFormat
    | Matches
    | InRange
    | MultipleOf
    | HasLength
    | HasSize
    | Contains
    | Unique
    | Sorted
    | OnlyMembers
    | NotNull
    | Conforms
)


@record(frozen=True, slots=True)
class Condition:
    """The value at `pointer` of the body is one of `values` (a discriminator, mostly)."""

    pointer: str
    values: tuple[Json, ...]


@record(frozen=True, slots=True)
class AssertionFact:
    """One thing that must hold for the answer of `call`.

    `check` is None where presence alone is stated. `presence` speaks of the subject inside its
    parent. `nullable`: null satisfies the check as well. `guards` are pointers of ancestors that
    may be absent or null: where one is, the fact holds. `conditions` limit the fact to bodies
    for which all of them hold; a `*` in them means the same item as in the subject. `when`
    limits it to answers with that status. `source` is a pointer into the document.
    """

    call: str
    subject: Subject
    check: Check | None = None
    presence: Presence = Presence.REQUIRED
    nullable: bool = False
    guards: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    when: int | None = None
    basis: Basis = Basis.DOCUMENT
    source: str = ""
    reason: Message = Message("", "")
    law: str = ""
    """The name of the law, for `Basis.LAW` (`echo`, `count`, `sum` ...)."""

    @property
    def key(self) -> str:
        """What makes two facts the same fact, whatever their origin."""
        return f"{self.call} {self.subject} {self.check!r} {self.conditions!r}"


class CaseKind(StrEnum):
    """What a case is for."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    EDGE = "edge"


class Credentials(StrEnum):
    """Which credentials a request carries."""

    VALID = "valid"
    NONE = "none"
    WRONG = "wrong"
    OTHER = "other"


class ChangeIn(StrEnum):
    """The part of our valid request that a case changes."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"
    BODY = "body"
    MEDIA_TYPE = "media_type"
    METHOD = "method"


class ChangeKind(StrEnum):
    """How the part is changed; `RAW` replaces the body by text that is not JSON."""

    SET = "set"
    REMOVE = "remove"
    ADD = "add"
    RAW = "raw"


@record(frozen=True, slots=True)
class Change:
    """One change to a valid request; `name` is a parameter's name or a pointer into the body."""

    where: ChangeIn
    name: str
    kind: ChangeKind
    value: Json = None


@record(frozen=True, slots=True)
class CaseFact:
    """A case worth testing: changes to the valid request of `operation`, and what must follow.

    `title` becomes the test's name (`rejects quantity below minimum`). `expected` holds the
    statuses that the document allows for it; empty means the whole 4xx class.
    """

    operation: str
    kind: CaseKind
    title: Message
    changes: tuple[Change, ...] = ()
    credentials: Credentials = Credentials.VALID
    expected: tuple[int, ...] = ()
    assertions: tuple[AssertionFact, ...] = ()
    basis: Basis = Basis.DOCUMENT
    source: str = ""
    reason: Message = Message("", "")
    law: str = ""
    value: int = 0
    """How much the case is worth among those of its operation."""


@record(frozen=True, slots=True)
class FixFact:
    """Replace the assertion `target` (such as "A3") by `replacement`."""

    target: str
    replacement: AssertionFact


@record(frozen=True, slots=True)
class NoteFact:
    """Something to tell about calls or assertions, with no code."""

    text: Message
    targets: tuple[str, ...] = field(default=())
