"""What the tests of one Python file share, and the assertions of answers that several make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from http import HTTPStatus

from pe4king_core.model.case import TestCase, TestStyle
from pe4king_core.model.fact import AssertionFact, SubjectKind
from pe4king_core.model.json import split
from pe4king_core.rendering.python.assertions import PythonCode, PythonNames, render_python
from pe4king_core.rendering.python.fixtures import Fixtures, step_fixtures
from pe4king_core.rendering.python.groups import (
    Function,
    GroupFunctions,
    group_functions,
    render_groups,
)
from pe4king_core.rendering.python.labels import NEEDS_DATA, Labels, shared_labels
from pe4king_core.rendering.python.payloads import (
    Factory,
    payload_factories,
    query_factories,
)
from pe4king_core.rendering.python.text import WIDTH, identifier, short_identifier
from pe4king_core.rendering.python.values import LAST_SEGMENT, NEEDED, QUOTED, relates

LOCALS = frozenset({"response", "body", "payload", "params", "created", "updated", "deleted"})
_FIXTURES = frozenset({"api", "anonymous_api", "wrong_credentials_api", "afterwards"})
PARSED = "body = response.json()"
_LONGEST_ANSWER = 48
"""Characters of what a shared block is called after: its call fits on a line of a method."""
_WORTH = 4
"""A function is worth it where its lines and its users are more than this."""


@dataclass(frozen=True, slots=True)
class Block:
    """The assertions of an answer that depend on nothing else in the test."""

    lines: tuple[str, ...]
    imports: frozenset[str]
    formats: frozenset[str]
    comparing: tuple[AssertionFact, ...] = ()
    """The facts that compare the answer with what other calls sent or were answered."""


@dataclass(slots=True)
class Shared:
    """What tests have beside themselves. A test that is `alone` has nothing."""

    style: TestStyle
    labels: Labels
    alone: bool = False
    taken: set[str] = field(default_factory=set)
    payloads: dict[str, Factory] = field(default_factory=dict)
    queries: dict[str, Factory] = field(default_factory=dict)
    fixtures: Fixtures | None = None
    groups: GroupFunctions = field(default_factory=GroupFunctions)
    imports: set[str] = field(default_factory=set)
    formats: set[str] = field(default_factory=set)
    calls: dict[tuple[object, ...], str] = field(default_factory=dict)
    """The statements that send requests, by what they depend on."""
    paths: dict[tuple[int, int, str], str] = field(default_factory=dict)
    """The paths of requests; see `Caller`."""
    _blocks: dict[tuple[int, int], Block] = field(default_factory=dict)
    _said: dict[tuple[object, ...], Block] = field(default_factory=dict)
    """The blocks by what they say: operations that answer alike have facts of their own."""
    _responses: dict[tuple[object, ...], PythonCode] = field(default_factory=dict)
    """The assertions of status and headers, by what they say and where they stand."""

    @property
    def width(self) -> int:
        """Columns that a statement of a test may have."""
        return WIDTH - 8 if self.style.classes else WIDTH - 4

    def block(self, case: TestCase) -> Block:
        """The assertions of the answer to `case`, without those that compare it with others."""
        key = (id(case.assertions), id(case.groups))
        made = self._blocks.get(key)
        if made is None:
            said = _said_by(case)
            made = self._said.get(said)
            if made is None or made.comparing:
                made = self._said[said] = self.block_at(case, WIDTH - self.width)
            self._blocks[key] = made
        return made

    def block_at(self, case: TestCase, indent: int) -> Block:
        """The same where lines stand at `indent`."""
        plain = [fact for fact in case.assertions if not relates(fact)]
        others = [fact for fact in plain if fact.subject.kind is not SubjectKind.BODY]
        of_body = [fact for fact in plain if fact.subject.kind is SubjectKind.BODY]
        names = self.names(indent)
        first = self._of_response(others, names)
        second = render_groups(case.groups, names, self.groups.name_of, facts=of_body)
        lines = (*first.lines, *_with_body(second))
        return Block(
            lines,
            first.imports | second.imports,
            first.formats | second.formats,
            tuple(fact for fact in case.assertions if relates(fact)),
        )

    def _of_response(self, facts: Sequence[AssertionFact], names: PythonNames) -> PythonCode:
        key = (names.indent, *map(_said, facts))
        made = self._responses.get(key)
        if made is None:
            made = self._responses[key] = render_python(facts, names)
        return made

    def names(self, indent: int) -> PythonNames:
        """The names that assertions must not reuse."""
        return PythonNames(
            taken=self.taken, indent=indent, own_file=not self.alone, types_first=True
        )


def _said_by(case: TestCase) -> tuple[object, ...]:
    """What the assertions of `case` say, for comparison: the same in another place of a document
    gives the same code."""
    groups = (
        (
            id(placed.group),
            placed.pointer,
            placed.presence,
            placed.nullable,
            placed.guards,
            repr(placed.conditions) if placed.conditions else "",
        )
        for placed in case.groups
    )
    return (*map(_said, case.assertions), None, *groups)


def _said(fact: AssertionFact) -> tuple[object, ...]:
    """What `fact` says; by `repr`, as 1, 1.0 and True are equal."""
    return (
        fact.subject.kind,
        fact.subject.name,
        repr(fact.check),
        fact.presence,
        fact.nullable,
        fact.guards,
        repr(fact.conditions) if fact.conditions else "",
    )


def _with_body(code: PythonCode) -> tuple[str, ...]:
    """Lines that speak of `body`, with the line that makes it; one call needs no variable."""
    if not code.needs_body or not code.lines:
        return code.lines
    [first, *rest] = code.lines
    if not rest and first.startswith("assert_") and first.endswith("(body)"):
        return (first.removesuffix("body)") + "response.json())",)
    return (PARSED, *code.lines)


def shared_by(cases: Sequence[TestCase], style: TestStyle) -> Shared:
    """What the tests of a file with `cases` share."""
    own = style.own
    clients = {own.client, own.anonymous_client, own.wrong_client} - {""}
    taken = {
        *LOCALS,
        *_FIXTURES,
        NEEDS_DATA,
        *clients,
        LAST_SEGMENT,
        NEEDED,
        QUOTED,
        "quote",
        "suppress",
        "uuid4",
        "urlsplit",
        "Decimal",
    }
    payloads = payload_factories(cases, taken)
    queries = query_factories(cases, style.client, taken)
    width = WIDTH - 4 if style.classes else WIDTH
    return Shared(
        style,
        Labels(style, shared_labels(cases) if style.allure else (), width),
        taken=taken,
        payloads=payloads,
        queries=queries,
        fixtures=step_fixtures(cases, style, payloads, taken),
        groups=group_functions(cases, taken),
    )


@dataclass(slots=True)
class AnswerFunctions:
    """Functions for assertions of answers that several tests make."""

    names: dict[tuple[str, ...], str] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)

    def lines(self, block: Block) -> tuple[str, ...]:
        """The assertions of `block`, or the call of the function that makes them."""
        name = self.names.get(block.lines)
        return block.lines if name is None else (f"{name}(response)",)


def answer_functions(cases: Iterable[TestCase], shared: Shared) -> AnswerFunctions:
    """A function for every block of assertions that is long and made by two tests or more."""
    users: dict[tuple[str, ...], list[TestCase]] = {}
    blocks: dict[tuple[str, ...], Block] = {}
    for case in cases:
        block = shared.block(case)
        if len(block.lines) > 1:
            users.setdefault(block.lines, []).append(case)
            blocks[block.lines] = block
    made = AnswerFunctions()
    for lines, several in users.items():
        if len(several) > 1 and len(lines) + len(several) > _WORTH:
            made.names[lines] = name = _free_name(several, shared.taken)
            shared.taken.add(name)
            shared.imports |= blocks[lines].imports
            shared.formats |= blocks[lines].formats
            block = shared.block_at(several[0], 4) if shared.style.classes else blocks[lines]
            made.functions.append(Function(name, _function(name, block.lines)))
    return made


def _function(name: str, lines: Iterable[str]) -> str:
    says = '"""What the document promises of this answer."""'
    body = "\n".join(f"    {line}" if line else "" for line in (says, *lines))
    return f"def {name}(response):\n{body}"


def _free_name(users: Sequence[TestCase], taken: Set[str]) -> str:
    """The name of a block, by schema or operation where another block has the usual one."""
    wanted = _wanted(users)
    for what in (_whole(users), users[0].subject):
        if wanted in taken and what:
            wanted = _after(what)
    return identifier(wanted, taken)


def _whole(users: Sequence[TestCase]) -> str:
    """What the schema of the whole answer is called, if anything."""
    return next((each.group.name for each in users[0].groups if not each.pointer), "")


def _after(what: str) -> str:
    named = short_identifier(what, _LONGEST_ANSWER).removesuffix("_response")
    return f"assert_{named}_response"


def _wanted(users: Sequence[TestCase]) -> str:
    """What a shared block of assertions is called: after its operation, schema or error."""
    statuses = {status for case in users for status in case.statuses}
    operations = {case.operation.key for case in users}
    if all(status >= 400 for status in statuses):
        return f"assert_{_error(statuses)}_response"
    documented = "" if len(operations) == 1 else _component(users)
    whole = "" if documented or len(operations) == 1 else _whole(users)
    return _after(documented or whole or users[0].subject)


def _component(users: Sequence[TestCase]) -> str:
    """What the document calls the response that all `users` are answered with, if anything."""
    found = {
        response.pointer
        for case in users
        for status in case.statuses
        if (response := case.operation.response_for(status)) is not None
    }
    if len(found) != 1:
        return ""
    match split(found.pop()):
        case ("components", "responses", name) | ("responses", name):
            return name
    return ""


def _error(statuses: set[int]) -> str:
    """`not_found` where that is the only status, else `error`."""
    try:
        [status] = statuses
        return identifier(HTTPStatus(status).phrase)
    except ValueError:
        return "error"
