"""One test case as a JUnit method: Arrange, Act, Assert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pe4king_core.model.case import EXISTING_DATA, OwnTests, Request, TestCase, TestStyle
from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    Contains,
    Equals,
    Literal,
    RequestValue,
    ResponseValue,
)
from pe4king_core.model.json import has, lookup
from pe4king_core.rendering.chosen import chosen_in
from pe4king_core.rendering.format import RenderedTest, excludes_refusal
from pe4king_core.rendering.java.answers import Answers, Segment, remark
from pe4king_core.rendering.java.earlier import key_of
from pe4king_core.rendering.java.flows import Flows, arrange
from pe4king_core.rendering.java.imports import imports_of
from pe4king_core.rendering.java.layout import chain, link
from pe4king_core.rendering.java.matchers import NAMES
from pe4king_core.rendering.java.method import INDENT, Method, Requests
from pe4king_core.rendering.java.response import status_matcher
from pe4king_core.rendering.java.text import camel, literal_string, one_line, unique

MEMBER = 2
"""Indentation of a method inside its class."""
INHERITED = frozenset(
    {"api", "anonymousApi", "wrongCredentialsApi", "given", "clone", "equals", "finalize"}
    | {"getClass", "hashCode", "notify", "notifyAll", "toString", "wait", "expect", "from"}
    | {"afterwards", "cleanUp", "unique", "json", "at"}
    | NAMES
)
_SEVERITIES = frozenset({"BLOCKER", "CRITICAL", "NORMAL", "MINOR", "TRIVIAL"})


@dataclass(frozen=True, slots=True)
class Members:
    """What the tests of one class share."""

    requests: Requests
    flows: Flows = field(default_factory=Flows)
    answers: Answers = field(default_factory=Answers)
    statements: dict[str, None] = field(default_factory=dict)
    """What stands in the tests, every statement once: most have it in common with others."""


def alone(own: OwnTests) -> Members:
    """For a test that stands in a file of somebody else."""
    return Members(Requests(own, alone=True))


def method_name(case: TestCase, taken: set[str] | frozenset[str] = frozenset()) -> str:
    """The method of `case`: lowerCamelCase, no keyword, none of the inherited names."""
    name = camel(case.name, "test")
    return unique(f"{name}Test" if name in INHERITED else name, taken)


def rendered_case(case: TestCase, style: TestStyle) -> RenderedTest:
    """The method of `case` without base indentation, with nothing of a class to rely on."""
    name = method_name(case)
    code = test_method(case, style, alone(style.own), name=name, feature="")
    bare = "\n".join(line.removeprefix(" " * MEMBER) for line in code.split("\n"))
    return RenderedTest(name, bare, imports_of(code))


def test_method(
    case: TestCase, style: TestStyle, members: Members, *, name: str, feature: str
) -> str:
    """The method of `case` as a member of its class; `feature` is what the class states."""
    sections = style.own.sections
    method = Method(members.requests)
    chosen = chosen_in(case) if case.given or case.clean_up is not None else []
    if case.given:
        arrange(case, method, members.flows, chosen)
    own = [value for value in chosen if value.call == case.call]
    request = method.choose(case.request, case.operation, own)
    code = method.prepare(request, case.operation, case.call, "body")
    if method.lines:
        method.lines[:0] = ["    // Arrange"] * sections
        method.add("")
    method.lines += ["    // Act"] * sections
    method.send("response", code)
    method.responses[case.call] = "response"
    if case.clean_up is not None:
        method.undo(case.clean_up)
    method.add("")
    method.lines += ["    // Assert"] * sections
    _assert(case, method, members.answers)
    if method.undone and not style.own.client:
        method.add("")
        for statement in reversed(method.undone):
            method.add(statement)
    head = _annotations(case, style, feature)
    members.statements.update(dict.fromkeys((*head, *method.lines)))
    return "\n".join((*head, f"  void {name}() {{", *method.lines, "  }"))


test_method.__test__ = False  # type: ignore[attr-defined]  # not a test itself


def _annotations(case: TestCase, style: TestStyle, feature: str) -> list[str]:
    lines = ["  @Test", _annotation("DisplayName", one_line(case.title.en) or case.id)]
    lines.append(f'  @Tag("{case.kind.value}")')
    if case.basis is Basis.LAW:
        lines.append('  @Tag("behaviour")')
    if case.law == EXISTING_DATA:
        lines.append('  @EnabledIfEnvironmentVariable(named = "API_EXISTING_DATA", matches = ".+")')
    if not style.allure:
        return lines
    labels = case.labels
    if labels.feature and labels.feature != feature:
        lines.append(_annotation("Feature", labels.feature))
    lines.append(_story(case.operation.key))
    if labels.severity.upper() in _SEVERITIES:
        lines.append(f"  @Severity(SeverityLevel.{labels.severity.upper()})")
    if labels.owner:
        lines.append(_annotation("Owner", labels.owner))
    return lines


@lru_cache(maxsize=256)
def _story(text: str) -> str:
    return _annotation("Story", text)


def _annotation(name: str, value: str) -> str:
    return "  " + link(f"@{name}({literal_string(value)})", MEMBER)


def _assert(case: TestCase, method: Method, answers: Answers) -> None:
    """The status, what holds for every expected status, then what holds for one of them."""
    status = status_matcher(
        case.statuses,
        any_client_error=case.any_client_error,
        not_refused=excludes_refusal(case),
    )
    responses = dict(method.responses)
    expected = answers.of(case, responses, lambda fact: _sent(fact, case, method, responses))
    _chain(method, [f".statusCode({status})"], expected.everywhere, answers, INDENT)
    for code, segment in expected.limited:
        method.add(f"if (response.statusCode() == {code}) {{")
        _chain(method, [], [segment], answers, INDENT + MEMBER)
        method.add("}")


def _chain(
    method: Method,
    links: Sequence[str],
    segments: Sequence[Segment],
    answers: Answers,
    indent: int,
) -> None:
    links, pad = list(links), " " * indent
    for segment in segments:
        name = answers.names.get(segment.links)
        if name is not None:
            links.append(f".spec({name}())")
            continue
        for text in segment.remarks:
            method.lines += [pad + line for line in remark(text, indent)]
        links += segment.links
    if links:
        method.lines.append(_asserted(tuple(links), indent))


@lru_cache(maxsize=1024)
def _asserted(links: tuple[str, ...], indent: int) -> str:
    """The statement that asserts `links`; most tests of a document have it from others."""
    return f"{' ' * indent}{chain('response', ['.then()', *links], indent)};"


def _sent(
    fact: AssertionFact, case: TestCase, method: Method, responses: dict[str, str]
) -> AssertionFact:
    """`fact` with what was sent written out, or as an expression where only the test knows it."""
    match fact.check:
        case Equals(RequestValue() as value) | Contains(RequestValue() as value):
            pointer, call = value.pointer, value.call or fact.call
        case _:
            return fact
    variable = method.responses.get(key_of(value))
    if variable is not None:
        return _compared(fact, call, value.parameter + pointer, variable, responses)
    request = _request_of(case, call)
    body = request.body if request is not None else None
    if body is None or body.raw is not None or not has(body.value, pointer):
        return fact
    changing = (*body.unique, *body.taken)
    if not any(_overlap(pointer, each) for each in changing):
        return replace(
            fact, check=replace(fact.check, operand=Literal(lookup(body.value, pointer)))
        )
    code = method.sent_value(call, pointer)
    if code is None:
        return fact
    return _compared(fact, call, pointer, code, responses)


def _compared(
    fact: AssertionFact, call: str, place: str, code: str, responses: dict[str, str]
) -> AssertionFact:
    """`fact` with the expression `code` for what `call` sent at `place`."""
    if not isinstance(fact.check, Equals | Contains):
        return fact
    responses[f"sent by {call} {place}"] = code
    operand = ResponseValue(f"sent by {call}", place)
    return replace(fact, check=replace(fact.check, operand=operand))


def _overlap(pointer: str, other: str) -> bool:
    """Whether one of two places holds the other."""
    return f"{pointer}/".startswith(f"{other}/") or f"{other}/".startswith(f"{pointer}/")


def _request_of(case: TestCase, call: str) -> Request | None:
    if call == case.call:
        return case.request
    return next((step.request for step in case.given if step.call == call), None)
