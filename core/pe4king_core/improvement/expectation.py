"""Which answer a test expects of a call: what it asserts, else what follows without doubt.

A wrong guess turns a good test red, so there is none: where the test says anything about the
answer that we cannot read, the expectation is unknown, with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pe4king_core.model.fact import (
    STATUS,
    Check,
    Equals,
    InRange,
    Literal,
    OneOf,
    SubjectKind,
)
from pe4king_core.model.json import EACH, split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import Schema
from pe4king_core.model.source import CallStyle, TestAssertion, TestCall, TestFunction
from pe4king_core.openapi.schema.patterns import matches

UNTOLD = Message(
    "the test does not say in a way we can read which status it expects; assert the status first",
    "из теста не видно, какой статус он ожидает; сначала проверьте статус",
)
SEVERAL = Message(
    "the document allows several successful answers; assert the status first",
    "документ допускает несколько успешных ответов; сначала проверьте статус",
)
ALLOWS_SEVERAL = Message(
    "the test allows several of the documented answers; assert the one status that is meant",
    "тест допускает несколько описанных ответов; проверьте один, нужный статус",
)
ROWS = Message(
    "the expected status differs from row to row of the test's table",
    "ожидаемый статус в строках таблицы теста разный",
)
UNDOCUMENTED = Message(
    "the document does not have the answer that the test expects",
    "в документе нет ответа, которого ожидает тест",
)

_READING = re.compile(
    r"\s*(?:=(?!=)|\.\s*(?:json|jsonPath|path|then|as|getBody|asString|body|text|content|extract)\b)"
)
_LINKS = frozenset(
    {
        "then", "and", "assertThat", "statusCode", "body", "contentType", "header", "headers",
        "cookie", "extract", "response", "path", "jsonPath", "asString", "as", "log", "all",
        "ifValidationFails", "time", "using",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expectation:
    """The one expected status, or why there is none; `asserted` where the test checks it."""

    status: int | None = None
    asserted: bool = False
    problem: Message | None = None
    several: tuple[int, ...] = ()
    """The documented statuses that the test allows, where there are several and no others."""


def expectation(
    test: TestFunction, call: TestCall, operation: Operation, source: str
) -> Expectation:
    """What `test`, a part of `source`, expects of `call`."""
    about = [item for item in test.assertions if item.call in (call.id, None)]
    statuses = [item for item in about if item.call == call.id and item.subject == STATUS]
    if statuses:
        return _asserted(test, statuses, operation)
    if _says_more(test, call, about, source):
        return Expectation(problem=UNTOLD)
    if len(operation.success_statuses) != 1:
        return Expectation(problem=SEVERAL)
    status = operation.success_statuses[0]
    read = [item.subject.name for item in about if _on_body(item, call) and item.subject]
    if not all(_documented(operation, status, pointer) for pointer in read):
        return Expectation(problem=UNTOLD)
    return Expectation(status)


def _asserted(
    test: TestFunction, statuses: Sequence[TestAssertion], operation: Operation
) -> Expectation:
    checks = [item.check for item in statuses if not item.opaque]
    for check in checks:
        match check:
            case Equals(Literal(int() as status)) | OneOf((int() as status,)):
                return Expectation(status, asserted=True)
    documented = [int(code) for code in operation.responses if code.isdecimal()]
    if not checks or len(checks) < len(statuses) or any(check is None for check in checks):
        return Expectation(problem=UNTOLD)
    left = [status for status in documented if all(_holds(check, status) for check in checks)]
    if len(left) == 1:
        return Expectation(left[0], asserted=True)
    if not left:
        return Expectation(problem=UNDOCUMENTED)
    in_rows = test.parametrized and any(isinstance(check, OneOf) for check in checks)
    if in_rows:
        return Expectation(problem=ROWS)
    return Expectation(problem=ALLOWS_SEVERAL, several=_allowed(checks, left, operation))


def _allowed(
    checks: Sequence[Check | None], documented: Sequence[int], operation: Operation
) -> tuple[int, ...]:
    """Statuses whose documented answers are all that `checks` let pass; none if not certain."""
    listed = [check.values for check in checks if isinstance(check, OneOf)]
    if not listed:
        # Any status of a range may come where the document has an answer for all of them.
        is_open = any(not code.isdecimal() for code in operation.responses)
        return () if is_open else tuple(documented)
    codes = [each for each in listed[0] if isinstance(each, int)]
    passing = tuple(each for each in codes if all(_holds(check, each) for check in checks))
    known = all(operation.response_for(each) is not None for each in passing)
    return passing if known and len(codes) == len(listed[0]) else ()


def _holds(check: Check | None, status: int) -> bool:
    match check:
        case OneOf(values):
            return status in values
        case InRange(bounds):
            return bounds.contains(status)
    return False


def _on_body(item: TestAssertion, call: TestCall) -> bool:
    return (
        item.call == call.id and item.subject is not None and item.subject.kind is SubjectKind.BODY
    )


def _documented(operation: Operation, status: int, pointer: str) -> bool:
    """Whether the answer with `status` has the place that a check reads."""
    response = operation.response_for(status)
    media = response.json if response is not None else None
    if media is None or media.schema is None:
        return False
    return _has_place(media.schema, split(pointer))


def _has_place(schema: Schema, tokens: Sequence[str]) -> bool:
    """Whether some answer that `schema` allows can have the place, in any of its branches."""
    places = [schema]
    for token in tokens:
        inner: dict[Schema, None] = {}
        for stated in _all_in_place(places):
            inner.update(dict.fromkeys(_named(stated, token)))
        if not inner:
            return False
        places = list(inner)
    return True


def _all_in_place(schemas: Iterable[Schema]) -> Iterator[Schema]:
    """`schemas` and what may hold together with them."""
    waiting = list(schemas)
    seen = set(waiting)
    while waiting:
        schema = waiting.pop()
        yield schema
        conditional = [schema.others[name] for name in ("then", "else") if name in schema.others]
        for members in (schema.conjuncts, schema.branches, schema.dependent_schemas):
            conditional += members.values()
        new = [part for part in conditional if part not in seen]
        seen.update(new)
        waiting += new


def _named(schema: Schema, token: str) -> Iterator[Schema]:
    """What `schema` says of the property or item `token`."""
    if token in schema.properties:
        yield schema.properties[token]
    for pattern, stated in schema.pattern_properties.items():
        if matches(pattern, token):
            yield stated
    if token == EACH or token.isdecimal():
        if token in schema.prefix_items:
            yield schema.prefix_items[token]
        elif "items" in schema.others:
            yield schema.others["items"]


def _says_more(
    test: TestFunction, call: TestCall, about: Sequence[TestAssertion], source: str
) -> bool:
    """Whether the test says something of the answer that we do not understand."""
    if any(item.subject is None or item.opaque for item in about):
        return True
    if call.style is CallStyle.CHAIN:
        answer = call.statement.of(source).partition(".then(")[2]
        return any(name not in _LINKS for name in _links(f".then({answer}"))
    if call.response is None:
        return True
    understood = [item.span for item in about if item.subject is not None]
    for mention in re.finditer(rf"\b{re.escape(call.response)}\b", source):
        place = mention.start()
        if not test.body_span.contains(place) or call.span.contains(place):
            continue
        if any(span.contains(place) for span in understood):
            continue
        before = source[max(place - 12, 0) : place]
        if not _READING.match(source, mention.end()) and not re.search(r"\bas\s+$", before):
            return True
    return False


def _links(chain: str) -> Iterator[str]:
    """The names of the links of a fluent chain, outside of arguments and strings."""
    depth = 0
    for token in re.finditer(r'"(?:\\.|[^"\\])*"|\.\s*(\w+)\s*(?=\()|[()]', chain):
        if token[0] == "(":
            depth += 1
        elif token[0] == ")":
            depth -= 1
        elif token[1] is not None and depth == 0:
            yield token[1]
