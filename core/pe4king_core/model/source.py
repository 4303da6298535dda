"""Existing test files as read: test functions, their calls and assertions, with places.

Spans count code points in the file's text. What could not be resolved says so and is never
guessed: a call with `unresolved` set has no trustworthy path. What a test does through helpers
(client classes, fixtures, assertion functions) has the place of the test's own line that leads
there, and `via` names the helpers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pe4king_core.model.fact import (
    ChangeIn,
    Check,
    Condition,
    Equals,
    HasType,
    NotNull,
    Presence,
    Subject,
)
from pe4king_core.model.message import Message
from pe4king_core.model.text import Span


class SourceLanguage(StrEnum):
    """Languages of tests that we read."""

    PYTHON = "python"
    JAVA = "java"


class CallStyle(StrEnum):
    """How the answer is reached, which decides how assertions are woven in."""

    RESPONSE = "response"
    """A variable holds the response: `response = client.get(...)`, `Response r = given()...`."""
    CHAIN = "chain"
    """A fluent REST Assured chain with `.then()`."""
    BARE = "bare"
    """The answer is thrown away: nothing can be asserted without changing the statement."""


class BodyKind(StrEnum):
    """In which form a request carries its body."""

    NONE = "none"
    JSON = "json"
    FORM = "form"
    MULTIPART = "multipart"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RequestParts:
    """What a call sends beside its path, as far as the code shows it.

    Names of query parameters, headers, cookies and form fields; `body_names` are the members of
    a JSON object that is written in the test. `complete`: nothing was left out of the names.
    """

    query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    body: BodyKind = BodyKind.NONE
    body_names: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class SentPart:
    """One thing that a call carries: a parameter by its name, a leaf of the body by its pointer.

    `text` is the value as JSON; "" where the code does not show it, or not all of its members.
    The same name several times: one value for each row of the test's table, or item of a list.
    """

    call: str
    where: ChangeIn
    name: str
    text: str = ""


class Strictness(StrEnum):
    """How much an assertion asks of its subject, from least to most."""

    UNKNOWN = "unknown"
    PRESENCE = "presence"
    TYPE = "type"
    SHAPE = "shape"
    """A format, pattern, range, length, size, or one of several values."""
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class ModelVariable:
    """A local name that holds the JSON at `pointer` of a call's answer as an object of a class.

    `members` leads from names in the JSON to how the code reads them (`title` -> `.title`,
    `.getTitle()`, `.title()`), for members that the class declares; `optional` are those of them
    that the class lets be absent or null.
    """

    name: str
    call: str
    pointer: str
    offset: int
    type: str
    members: tuple[tuple[str, str], ...] = ()
    optional: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    """Members that are kept as the text that was sent (Java)."""


@dataclass(frozen=True, slots=True)
class BodyVariable:
    """A local name that holds the JSON at `pointer` of a call's answer, from `offset` on."""

    name: str
    call: str
    pointer: str
    offset: int


@dataclass(frozen=True, slots=True)
class TestCall:
    """One HTTP call in a test.

    `path` is the path as written, with `{}` for every part computed at run time
    (`/books/{}`); a full URL or a base constant in front is already cut off where it could be
    recognised. `anchor` is where new assertions of this call go: the offset after its last
    assertion, or after the statement itself; for chains the offset before the closing `;`.
    """

    __test__ = False

    id: str
    method: str
    path: str
    style: CallStyle
    span: Span
    statement: Span
    anchor: int
    response: str | None = None
    """The variable that holds the response, where there is one."""
    chain_indent: str = ""
    """White space before `.then()` links of a chain that is written over several lines."""
    parameter_names: tuple[str, ...] = ()
    """Named holes of the path where the test names them."""
    parts: RequestParts = RequestParts()
    unresolved: Message | None = None
    """Why its method or path is not known."""
    unsure: Message | None = None
    """Why it is not certain which answer, or how many, its checks speak of (a loop, a retry)."""
    setup: bool = False
    """Made before the body: by a fixture or a set-up method."""
    via: tuple[str, ...] = ()
    """The helpers that the request goes through, from the test inwards."""
    gives: str = ""
    """The declared type of what the helper gives, where that is the answer itself (`Response`)."""

    @property
    def blocked(self) -> Message | None:
        """Why nothing can be concluded from, or written for, its answer."""
        return self.unresolved or self.unsure

    @property
    def sent_json(self) -> bool:
        """Whether its body is JSON."""
        return self.parts.body is BodyKind.JSON


@dataclass(frozen=True, slots=True)
class TestAssertion:
    """One assertion; `subject` and `check` are None where we do not understand it.

    It is made only where `guards` (pointers) are there and not null, `conditions` hold and the
    status is `when`. `nullable`: null passes as well. `opaque`: it stands under a condition that
    we do not understand, so nothing may be concluded from it.
    """

    __test__ = False

    id: str
    span: Span
    text: str
    call: str | None = None
    subject: Subject | None = None
    check: Check | None = None
    presence: Presence = Presence.REQUIRED
    guards: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    when: int | None = None
    nullable: bool = False
    opaque: bool = False
    library: str = ""
    """Who makes it: `assert`, `unittest`, `pytest-check`, `assertpy`, `pyhamcrest`, `pydantic`,
    `jsonschema`, `rest-assured`, `hamcrest`, `junit4`, `junit5`, `testng`, `assertj`; else ""."""
    soft: str = ""
    """The variable that collects failures (`softly`), where it does not end the test at once."""
    via: tuple[str, ...] = ()
    """The helpers that make it, from the test inwards."""

    @property
    def strictness(self) -> Strictness:
        """How much it asks of its subject."""
        match self.check:
            case None:
                return Strictness.UNKNOWN if self.subject is None else Strictness.PRESENCE
            case NotNull():
                return Strictness.PRESENCE
            case HasType():
                return Strictness.TYPE
            case Equals():
                return Strictness.VALUE
        return Strictness.SHAPE

    @property
    def conditional(self) -> bool:
        """Whether it is not made for every answer, or takes null too."""
        limited = self.guards or self.conditions or self.when is not None
        return bool(limited or self.nullable or self.opaque)


@dataclass(frozen=True, slots=True)
class TestFunction:
    """One test function or method."""

    __test__ = False

    name: str
    qualified_name: str
    """With its class: `TestBooks.test_list` or `BooksTest.listBooks`."""
    language: SourceLanguage
    span: Span
    """The whole function with decorators, annotations and documentation comment."""
    name_span: Span
    body_span: Span
    indent: str
    """White space at the start of the body's statements."""
    calls: tuple[TestCall, ...] = ()
    assertions: tuple[TestAssertion, ...] = ()
    body_variables: tuple[BodyVariable, ...] = ()
    model_variables: tuple[ModelVariable, ...] = ()
    documentation: Span | None = None
    """An existing docstring or Javadoc."""
    parameters: tuple[str, ...] = ()
    """Fixtures or method parameters."""
    local_names: frozenset[str] = frozenset()
    parametrized: bool = False
    """It runs once for each row of a table."""
    damaged: bool = False
    """The text of this function has syntax errors: read, but never written to."""
    sent: tuple[SentPart, ...] = ()
    """What its calls carry."""


@dataclass(frozen=True, slots=True)
class TestFile:
    """One test file. `imports` are the imported names as the language spells them
    (`re`, `uuid.UUID`, `org.hamcrest.Matchers.*` with `static ` in front for static imports)."""

    __test__ = False

    language: SourceLanguage
    text: str
    tests: tuple[TestFunction, ...]
    imports: frozenset[str] = frozenset()
    import_anchor: int = 0
    """The offset at which a new import line goes."""
    newline: str = "\n"
    client: str = ""
    """The HTTP client in use: `httpx`, `requests`, `rest-assured`, or "" where unknown."""
    fixtures: frozenset[str] = frozenset()

    def test_at(self, offset: int) -> TestFunction | None:
        """The innermost test whose text contains `offset`."""
        found = [test for test in self.tests if test.span.contains(offset)]
        return min(found, key=lambda test: test.span.end - test.span.start, default=None)

    def test_named(self, name: str) -> TestFunction | None:
        """The test with this name or qualified name."""
        return next((test for test in self.tests if name in (test.name, test.qualified_name)), None)
