"""Test plans (what to write) and test models (what will be written, in no language yet)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TypeAlias

from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    CaseKind,
    Change,
    Credentials,
    ResponseValue,
)
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation


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


@dataclass(frozen=True, slots=True)
class Labels:
    """Who owns the tests and how much they matter (Allure's feature, story, severity, owner)."""

    feature: str = ""
    owner: str = ""
    severity: str = ""


@dataclass(frozen=True, slots=True)
class TestPlan:
    """What to write. Empty `operations` means all; names are keys or operationIds."""

    __test__ = False

    operations: frozenset[str] = frozenset()
    kinds: frozenset[CaseKind] = frozenset({CaseKind.POSITIVE, CaseKind.NEGATIVE})
    max_tests_per_endpoint: int | None = None
    depth: Depth = Depth.L5_TYPES
    labels: Labels = Labels()
    behavioural: bool = True
    """Whether cases that rest on a law (unknown id, flows) are wanted."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class TestStyle:
    """How the code should look; a format reads what it understands."""

    __test__ = False

    client: str = "httpx"
    classes: bool = False
    package: str = "api"
    allure: bool = True
    """Whether tests carry Allure labels; off for files that do not use Allure."""
    indent: int = 4


@dataclass(frozen=True, slots=True)
class Body:
    """A request body: a JSON value, or `raw` text sent as it is."""

    media_type: str
    value: Json = None
    raw: str | None = None


RequestArgument: TypeAlias = "Json | ResponseValue"
"""A literal, or a value taken from an earlier call's answer."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Step:
    """A call made before the one under test; `call` is the id others refer to ("C1")."""

    call: str
    operation: Operation
    request: Request
    status: int


@dataclass(frozen=True, slots=True)
class TestCase:
    """One test: Arrange (`given`), Act (`request`), Assert (`statuses`, `assertions`).

    `id` is stable across runs (`getBook.negative.path.bookId.format`). `statuses` is never
    empty: one code, several, or (with `any_client_error`) the whole 4xx class.
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
    any_client_error: bool = False
    basis: Basis = Basis.DOCUMENT
    law: str = ""
    labels: Labels = Labels()


@dataclass(frozen=True, slots=True)
class NotProvable:
    """A case that was considered and left out, and why."""

    operation: str
    title: Message
    reason: Message


@dataclass(frozen=True, slots=True)
class TestModel:
    """All cases of one group of operations (one file): `group` is a tag or the API's title."""

    __test__ = False

    group: str
    title: str
    base_url: str
    cases: tuple[TestCase, ...]
    not_provable: tuple[NotProvable, ...] = ()
