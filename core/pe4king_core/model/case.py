"""Test plans (what to write) and test models (what will be written, in no language yet)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import IntEnum, StrEnum
from typing import TypeAlias

from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    CaseKind,
    Change,
    Condition,
    Credentials,
    EarlierValue,
    Presence,
)
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.record import record


class Depth(IntEnum):
    """Oracle depth: how much of an answer a test checks (SPEC section 2)."""

    L0_NONE = 0
    L1_STATUS = 1
    L2_BODY = 2
    L3_FIELDS = 3
    L4_NESTED = 4
    L5_TYPES = 5
    L6_RULES = 6


class Focus(StrEnum):
    """What an enhancement looks at first."""

    TYPES = "types"
    BOUNDS = "bounds"
    NESTING = "nesting"
    RULES = "rules"


@record(frozen=True, slots=True)
class Labels:
    """Who owns the tests and how much they matter (Allure's feature, story, severity, owner)."""

    feature: str = ""
    owner: str = ""
    severity: str = ""


@record(frozen=True, slots=True)
class TestPlan:
    """What to write. An operation is selected by its name, a tag and a path together.

    Empty `operations` means all; names are keys or operationIds. Empty `tags` and `paths` (globs
    such as `/books/**`) mean all as well.
    """

    __test__ = False

    operations: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    kinds: frozenset[CaseKind] = frozenset(CaseKind)
    max_tests_per_endpoint: int | None = None
    depth: Depth = Depth.L5_TYPES
    labels: Labels = Labels()
    behavioural: bool = True
    """Whether cases that rest on a law (unknown id, echo, create-then-read ...) are wanted."""
    seed: int = 1
    """Which of the possible sample values are taken; the same seed gives the same bytes."""


@record(frozen=True, slots=True)
class OwnTests:
    """What the user's own tests work with, found by looking at them; empty means ours.

    In Python clients are fixtures, in Java expressions that begin a request (`given(spec)`).
    """

    client: str = ""
    anonymous_client: str = ""
    wrong_client: str = ""
    prefix: str = ""
    """What stands before every documented path (`/api/v1`), where the client does not add it."""
    base_class: str = ""
    """Java: the qualified name of the class to extend."""
    imports: tuple[str, ...] = ()
    sections: bool = True
    """Whether tests are divided by `Arrange`, `Act`, `Assert` comments."""
    support: bool = True
    """Whether our support files (conftest, base class) are needed."""


@record(frozen=True, slots=True)
class TestStyle:
    """How the code should look; a format reads what it understands."""

    __test__ = False

    client: str = "httpx"
    classes: bool = False
    package: str = "api"
    allure: bool = True
    """Whether tests carry Allure labels; off for files that do not use Allure."""
    markers: bool = True
    """Whether tests carry their kind (`@pytest.mark.negative`); Java's tags are always there."""
    indent: int = 4
    own: OwnTests = OwnTests()


@record(frozen=True, slots=True)
class Body:
    """A request body: a JSON value, or `raw` text sent as it is.

    `unique` holds texts that must be new in every run, by pointer into `value`, with `{unique}`
    where eight hexadecimal digits go; `value` has an instance of them.
    """

    media_type: str
    value: Json = None
    raw: str | None = None
    unique: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    """Multipart: the names of the parts that are files, with their media types."""
    taken: Mapping[str, EarlierValue] = field(default_factory=dict)
    """Values taken from earlier calls, by pointer; `value` has an instance of them."""


UUID = "{uuid}"
"""A header that is a whole new UUID."""

RequestArgument: TypeAlias = "Json | EarlierValue"
"""A literal, or a value taken from an earlier call: of its answer, or one of those in it that are
new in every run."""


@record(frozen=True, slots=True)
class Request:
    """One concrete request. Path, query, header and cookie values by parameter name."""

    method: str
    path: str
    path_parameters: Mapping[str, RequestArgument] = field(default_factory=dict)
    query: Mapping[str, RequestArgument] = field(default_factory=dict)
    headers: Mapping[str, RequestArgument] = field(default_factory=dict)
    cookies: Mapping[str, RequestArgument] = field(default_factory=dict)
    body: Body | None = None
    credentials: Credentials = Credentials.VALID
    unique: Mapping[str, str] = field(default_factory=dict)
    """Path parameters that must be new in every run, by name; see `Body.unique`."""
    fresh_headers: Mapping[str, str] = field(default_factory=dict)
    """Headers that must be new in every request, by name; `{uuid}` stands for a whole UUID, and
    `{unique}` for digits as in `Body.unique`."""


@record(frozen=True, slots=True)
class CleanUp:
    """The call that removes what an earlier call made; its answer does not matter."""

    operation: Operation
    request: Request
    """With path parameters from the call that it cleans up after."""


@record(frozen=True, slots=True)
class Step:
    """A call made before the one under test; `call` is the id others refer to ("POST /books").

    Cases of one run that need the same call hold the same object.
    """

    call: str
    operation: Operation
    request: Request
    status: int
    """The usual success; what is taken from the answer is there with `others` as well."""
    clean_up: CleanUp | None = None
    others: tuple[int, ...] = ()
    """The other successes that the document allows."""

    @property
    def statuses(self) -> tuple[int, ...]:
        """What the call may be answered with, in ascending order."""
        return tuple(sorted((self.status, *self.others))) if self.others else (self.status,)


@record(frozen=True, slots=True)
class FactGroup:
    """What every value of one named schema must have, wherever it stands.

    Renderers may write a group once and use it in many tests. `facts` speak of the value as if
    it were the whole body (call ""), those of nested groups left out. Equal by `key`.
    """

    name: str
    """As the document calls it: `Book`."""
    key: str = field(compare=True)
    """The schema's place and how deep the group looks."""
    facts: tuple[AssertionFact, ...] = field(compare=False)
    groups: tuple[PlacedGroup, ...] = field(default=(), compare=False)
    size: int = field(default=0, compare=False)
    """How many facts the group states, nested groups included."""


@record(frozen=True, slots=True)
class PlacedGroup:
    """A group at a place: each value at `pointer` (with `*`) has what the group states.

    `presence`, `nullable`, `guards` and `conditions` mean what they mean in an AssertionFact.
    """

    pointer: str
    group: FactGroup
    presence: Presence = Presence.REQUIRED
    nullable: bool = False
    guards: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


@record(frozen=True, slots=True)
class TestCase:
    """One test: Arrange (`given`), Act (`request`), Assert (`statuses`, `assertions`).

    `id` is stable across runs and says the operation, the kind, the place and what is done:
    `getBook.negative.path.bookId.rejects-bookId-not-a-uuid`. `name` is unique in its file. `call`
    is "C1"; earlier calls are named by the keys of their operations. `statuses` is never empty:
    one code, several, or (with `any_client_error`) the whole 4xx class.
    """

    __test__ = False

    id: str
    name: str
    kind: CaseKind
    operation: Operation
    title: Message
    call: str
    request: Request
    statuses: tuple[int, ...]
    given: tuple[Step, ...] = ()
    base: Request | None = None
    """The valid request that `changes` were made to, for formats that show the difference."""
    changes: tuple[Change, ...] = ()
    assertions: tuple[AssertionFact, ...] = ()
    """What the test checks beside `groups`."""
    groups: tuple[PlacedGroup, ...] = ()
    """What the test checks of named schemas in the answer of `call`."""
    any_client_error: bool = False
    basis: Basis = Basis.DOCUMENT
    law: str = ""
    labels: Labels = Labels()
    clean_up: CleanUp | None = None
    """Removes what the call under test made."""
    value: int = 0
    """How much the case is worth among those of its operation; the budget keeps the highest."""

    @property
    def subject(self) -> str:
        """The operation's part of `id`: what names made for several of its tests begin with."""
        return self.id.partition(f".{self.kind.value}")[0]


EXISTING_DATA = "existing-data"
"""The law of cases about things that the test cannot make: they hold where somebody made them.

Renderers write such tests so that they are skipped until the user says that there is such data.
"""


@record(frozen=True, slots=True)
class NotProvable:
    """A case that was considered and left out, and why."""

    operation: str
    title: Message
    reason: Message


@record(frozen=True, slots=True)
class TestModel:
    """All cases of one group of operations (one file): `group` is a tag or the API's title."""

    __test__ = False

    group: str
    title: str
    base_url: str
    cases: tuple[TestCase, ...]
    not_provable: tuple[NotProvable, ...] = ()
    over_budget: int = 0
    """How many cases `max_tests_per_endpoint` has left out."""
