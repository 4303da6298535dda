"""Existing test files as read: test functions, their calls and assertions, with places.

Spans count code points in the file's text. What could not be resolved says so and is never
guessed: a call with `unresolved` set has no trustworthy path.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pe4king_core.model.fact import Check, Condition, Presence, Subject
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
    sent_json: bool = False
    unresolved: Message | None = None


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
    documentation: Span | None = None
    """An existing docstring or Javadoc."""
    parameters: tuple[str, ...] = ()
    """Fixtures or method parameters."""
    local_names: frozenset[str] = frozenset()
    damaged: bool = False
    """The text of this function has syntax errors: read, but never written to."""


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
