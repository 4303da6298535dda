"""One test case as a JUnit method: Arrange, Act, Assert."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pe4king_core.model.case import Request, TestCase, TestStyle
from pe4king_core.model.fact import (
    AssertionFact,
    Contains,
    Equals,
    Literal,
    RequestValue,
    SubjectKind,
)
from pe4king_core.model.json import has, lookup
from pe4king_core.model.operation import Operation, Response
from pe4king_core.rendering.format import RenderedTest, excludes_refusal
from pe4king_core.rendering.java_assertions import imports_of, render_java
from pe4king_core.rendering.java_layout import CONTINUATION, WIDTH, assignment, chain, link
from pe4king_core.rendering.java_request import request_code
from pe4king_core.rendering.java_response import status_matcher
from pe4king_core.rendering.java_text import (
    LONGEST_CONSTANT,
    camel,
    comment,
    literal_string,
    one_line,
    string,
    text_block,
    unique,
)

MEMBER = 2
"""Indentation of a method inside its class."""
_BODY = 4
_INHERITED = frozenset(
    {"api", "anonymousApi", "wrongCredentialsApi", "given", "clone", "equals", "finalize"}
    | {"getClass", "hashCode", "notify", "notifyAll", "toString", "wait"}
)
_SEVERITIES = frozenset({"BLOCKER", "CRITICAL", "NORMAL", "MINOR", "TRIVIAL"})
_VARIABLES = {"POST": "created", "PUT": "updated", "PATCH": "updated", "DELETE": "deleted"}


@dataclass(slots=True)
class _Method:
    """A method body under construction."""

    lines: list[str] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    responses: dict[str, str] = field(default_factory=dict)
    """The variables of earlier answers, by call id."""

    def add(self, statement: str) -> None:
        self.lines.append(" " * _BODY + statement if statement else "")


def method_name(case: TestCase, taken: Sequence[str] = ()) -> str:
    """The method of `case`: lowerCamelCase, no keyword, none of the inherited names."""
    name = camel(case.name, "test")
    return unique(f"{name}Test" if name in _INHERITED else name, taken)


def rendered_method(
    case: TestCase, style: TestStyle, *, name: str, feature: str = ""
) -> RenderedTest:
    """The method of `case` without base indentation; `feature` is what its class states."""
    method = _Method()
    _arrange(case, method)
    if method.lines:
        method.lines[:0] = [" " * _BODY + "// Arrange"]
        method.add("")
    method.add("// Act")
    call = request_code(case.request, case.operation, method.responses, "body")
    _statement(method, "Response response", call.head, call.links)
    method.add("")
    method.add("// Assert")
    _assert(case, method)
    annotations = _annotations(case, style, feature, method)
    header = [" " * MEMBER + line for line in (*annotations, f"void {name}() {{")]
    lines = [*header, *method.lines, " " * MEMBER + "}"]
    code = "\n".join(line.removeprefix(" " * MEMBER) for line in "\n".join(lines).split("\n"))
    return RenderedTest(name, code, frozenset(method.imports))


def _annotations(case: TestCase, style: TestStyle, feature: str, method: _Method) -> list[str]:
    method.imports |= {f"org.junit.jupiter.api.{name}" for name in ("DisplayName", "Tag", "Test")}
    lines = ["@Test", _annotation("DisplayName", one_line(case.title.en) or case.id)]
    lines.append(_annotation("Tag", case.kind.value))
    if not style.allure:
        return lines
    labels = case.labels
    if labels.feature and labels.feature != feature:
        lines.append(_annotation("Feature", labels.feature))
        method.imports.add("io.qameta.allure.Feature")
    lines.append(_annotation("Story", case.operation.key))
    method.imports.add("io.qameta.allure.Story")
    if labels.severity.upper() in _SEVERITIES:
        lines.append(f"@Severity(SeverityLevel.{labels.severity.upper()})")
        method.imports |= {"io.qameta.allure.Severity", "io.qameta.allure.SeverityLevel"}
    if labels.owner:
        lines.append(_annotation("Owner", labels.owner))
        method.imports.add("io.qameta.allure.Owner")
    return lines


def _annotation(name: str, value: str) -> str:
    return link(f"@{name}({literal_string(value)})", MEMBER)


def _arrange(case: TestCase, method: _Method) -> None:
    """Earlier calls with their statuses, then the body of the call under test."""
    for step in case.given:
        wanted = _VARIABLES.get(step.request.method, "found")
        name = unique(wanted, ["response", "body", *method.responses.values()])
        _call(method, step.request, step.operation, name)
        method.responses[step.call] = name
        method.add(f"{name}.then().statusCode({step.status});")
    text = request_code(case.request, case.operation, method.responses, "body").text
    if text is not None:
        _declare(method, "body", text)


def _call(method: _Method, request: Request, operation: Operation, name: str) -> None:
    code = request_code(request, operation, method.responses, f"{name}Body")
    if code.text is not None:
        _declare(method, f"{name}Body", code.text)
    _statement(method, f"Response {name}", code.head, code.links)


def _declare(method: _Method, name: str, text: str) -> None:
    """`String name = ...;` as a text block where the text has lines worth showing."""
    indent = _BODY + CONTINUATION
    block = text_block(text, indent) if _has_plain_lines(text) else ""
    if block and len(block.encode()) < LONGEST_CONSTANT:
        method.add(f"String {name} =\n{' ' * indent}{block};")
    else:
        method.add(assignment(f"String {name}", string(text), [], _BODY))


def _has_plain_lines(text: str) -> bool:
    """Whether a text block shows `text` as it is: JSON over several lines, all visible."""
    lines = text.split("\n")
    visible = all(line.isprintable() and line == line.rstrip() and line for line in lines)
    return visible and len(lines) > 1 and lines[0] in {"{", "["}


def _statement(method: _Method, left: str, head: str, links: Sequence[str]) -> None:
    statement = assignment(left, head, links, _BODY)
    method.imports.add("io.restassured.response.Response")
    method.imports |= imports_of(links)
    method.add(statement)


def _assert(case: TestCase, method: _Method) -> None:
    """The status, what holds for every expected status, then what holds for one of them."""
    expected = status_matcher(
        case.statuses,
        any_client_error=case.any_client_error,
        not_refused=excludes_refusal(case),
    )
    facts = [_with_sent_values(fact, case.request) for fact in case.assertions]
    everywhere: list[AssertionFact] = []
    limited: dict[int, list[AssertionFact]] = {}
    for fact in facts:
        if fact.subject.kind is SubjectKind.STATUS:
            continue
        if fact.when is None or _holds_for_all(fact, fact.when, case):
            everywhere.append(replace(fact, when=None))
        else:
            limited.setdefault(fact.when, []).append(fact)
    _chain(method, [f".statusCode({expected})"], everywhere, _BODY)
    for status, stated in limited.items():
        method.add(f"if (response.statusCode() == {status}) {{")
        _chain(method, [], stated, _BODY + MEMBER)
        method.add("}")


def _holds_for_all(fact: AssertionFact, when: int, case: TestCase) -> bool:
    """Whether the document says the same of every status that `case` expects."""
    if case.any_client_error:
        return False
    stated = case.operation.response_for(when)
    others = [case.operation.response_for(status) for status in case.statuses if status != when]
    return all(_same(fact, stated, other) for other in others)


def _same(fact: AssertionFact, stated: Response | None, other: Response | None) -> bool:
    if stated is None or other is None:
        return False
    if stated.pointer == other.pointer:
        return True
    first, second = stated.json, other.json
    if fact.subject.kind is SubjectKind.HEADER or first is None or second is None:
        return False
    return first.name == second.name and first.schema == second.schema is not None


def _chain(
    method: _Method, links: Sequence[str], facts: Sequence[AssertionFact], indent: int
) -> None:
    code = render_java(facts, method.responses)
    links = [*links, *code.links]
    method.imports |= imports_of(links)
    pad = " " * indent
    for fact, message in code.skipped:
        method.lines += [pad + line for line in _remark(f"{fact.subject}: {message.en}", indent)]
    if links:
        method.lines.append(f"{pad}{chain('response', ['.then()', *links], indent)};")


def _remark(text: str, indent: int) -> list[str]:
    width = WIDTH - indent - len("// ")
    wrapped = textwrap.wrap(comment(f"Not checked: {text}"), width, break_on_hyphens=False)
    return [f"// {line}" for line in wrapped]


def _with_sent_values(fact: AssertionFact, request: Request) -> AssertionFact:
    """`fact` with what was sent written out: the request is known when the test is written."""
    match fact.check:
        case Equals(RequestValue(pointer)) | Contains(RequestValue(pointer)):
            body = request.body
            if body is not None and body.raw is None and has(body.value, pointer):
                sent = Literal(lookup(body.value, pointer))
                return replace(fact, check=replace(fact.check, operand=sent))
    return fact


def import_block(imports: Sequence[str] | frozenset[str]) -> str:
    """Import declarations in google-java-format's order: static ones first."""
    static = sorted(name for name in imports if name.startswith("static "))
    plain = sorted(name for name in imports if not name.startswith("static "))
    blocks = ["\n".join(f"import {name};" for name in group) for group in (static, plain) if group]
    return "\n\n".join(blocks)
