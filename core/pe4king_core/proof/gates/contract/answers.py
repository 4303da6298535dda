"""Whether an assertion speaks of nothing that the answers of its call do not have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pe4king_core.model.fact import (
    Check,
    Contains,
    CountOf,
    Equals,
    Literal,
    Matches,
    OneOf,
    Presence,
    ResponseValue,
    Sorted,
    SubjectKind,
    SumOf,
)
from pe4king_core.model.json import EACH, Json, has, join, pointer_of, split
from pe4king_core.model.operation import Operation, Response
from pe4king_core.model.source import TestAssertion
from pe4king_core.openapi.schema.values import Direction
from pe4king_core.proof.gates.contract import wording
from pe4king_core.proof.gates.contract.finding import Problem
from pe4king_core.proof.gates.contract.places import (
    Place,
    allows,
    elsewhere,
    enum_of,
    lists,
    names_in,
    root,
    spread,
)

_OF_HTTP = frozenset(
    {"age", "allow", "alt-svc", "cache-control", "connection", "content-disposition"}
    | {"content-encoding", "content-language", "content-length", "content-location", "date"}
    | {"etag", "expires", "keep-alive", "last-modified", "pragma", "retry-after", "server"}
    | {"set-cookie", "strict-transport-security", "trailer", "transfer-encoding", "vary", "via"}
    | {"www-authenticate", "accept-ranges", "x-content-type-options", "x-frame-options"}
    | {"content-security-policy", "referrer-policy", "x-request-id", "x-correlation-id"}
)
_PROMISED_BY_HTTP = {"allow": 405, "www-authenticate": 401, "content-type": 0}
"""Headers that RFC 9110 asks for in answers with a status; 0: in any with a body."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The documented answers of one call that its test may get."""

    operation: Operation
    responses: tuple[Response, ...]
    statuses: tuple[int, ...] = ()

    @property
    def body(self) -> Place:
        """What their JSON may be."""
        return root(each.json.schema for each in self.responses if each.json is not None)

    @property
    def examples(self) -> list[Json]:
        """Their JSON as the document shows it."""
        return [
            one for each in self.responses if each.json is not None for one in each.json.examples
        ]

    @property
    def media(self) -> list[str]:
        """Their media types."""
        return list(dict.fromkeys(name for each in self.responses for name in each.content))


def invented(
    assertion: TestAssertion, own: Answers, others: Mapping[str, Answers]
) -> Iterator[Problem]:
    """What `assertion` names and the document does not have; `others`: all calls of the test."""
    subject = assertion.subject
    if subject is None or not own.responses:
        return
    if subject.kind is SubjectKind.CONTENT_TYPE:
        yield from _media(assertion.check, own)
    elif subject.kind is SubjectKind.HEADER:
        yield from _header(subject.name, assertion, own)
    elif subject.kind is SubjectKind.BODY:
        yield from _body(assertion, subject.name, own)
    yield from _operands(assertion, own, others)


def place(pointer: str, own: Answers) -> Iterator[Problem]:
    """Whether the answers have `pointer`."""
    if not own.responses:
        return
    whole = own.body
    if not whole.exists:
        yield from _without_json(pointer, own)
        return
    steps = spread(whole, pointer)
    last, tokens = steps[-1], split(pointer)
    if len(steps) <= len(tokens) or not last.exists:
        if last.open:
            yield Problem(False, wording.undescribed(pointer, own.operation.key), tokens[-1])
            return
        if any(has(each, pointer) for each in own.examples):
            return
        name = tokens[len(steps) - 2]
        shown = pointer_of(tokens[: len(steps) - 1])
        near = _near(whole, steps[-2], tokens[: len(steps) - 2], name)
        yield Problem(True, wording.unknown_field(shown, own.operation.key, near), name)
    elif last.schemas and all(each.write_only for each in last.schemas):
        yield Problem(False, wording.write_only(pointer, own.operation.key), (tokens or ("",))[-1])


def _near(whole: Place, parent: Place, above: Sequence[str], name: str) -> list[str]:
    siblings = [join(pointer_of(above), each) for each in names_in(parent)]
    there = elsewhere(whole, name)
    return [there] if there is not None else siblings


def _without_json(pointer: str, own: Answers) -> Iterator[Problem]:
    """The answers have no JSON that is described."""
    if own.media or any(each.json is not None for each in own.responses):
        yield Problem(False, wording.undescribed(pointer, own.operation.key))
    elif pointer:
        yield Problem(True, wording.nowhere(pointer, own.operation.key), split(pointer)[-1])


def _body(assertion: TestAssertion, pointer: str, own: Answers) -> Iterator[Problem]:
    if _is_absence(assertion):
        return
    problems = list(place(pointer, own))
    yield from problems
    if problems:
        return
    for condition in assertion.conditions:
        yield from place(condition.pointer, own)
        yield from _values(condition.pointer, condition.values, own)
    for guard in assertion.guards:
        yield from place(guard, own)
    match assertion.check:
        case Equals(Literal(value)):
            yield from _literal(pointer, value, own)
        case OneOf(values):
            yield from _values(pointer, values, own)
        case Contains(Literal(value)):
            if spread(own.body, join(pointer, EACH))[-1].schemas and not isinstance(value, str):
                yield from _literal(join(pointer, EACH), value, own)
            elif enum_of(spread(own.body, join(pointer, EACH))[-1]):
                yield from _values(join(pointer, EACH), (value,), own)


def _is_absence(assertion: TestAssertion) -> bool:
    """Whether the place is not there, or null, where the assertion holds."""
    is_null = assertion.check == Equals(Literal(None))
    return assertion.presence is Presence.ABSENT or (
        is_null and assertion.presence is Presence.IF_PRESENT
    )


def _literal(pointer: str, value: Json, own: Answers) -> Iterator[Problem]:
    """A value that is written out: each member of it stands somewhere."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            there = join(pointer, name)
            problems = list(place(there, own))
            yield from problems or _literal(there, inner, own)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _literal(join(pointer, EACH), inner, own)
    else:
        yield from _values(pointer, (value,), own)


def _values(pointer: str, values: Sequence[Json], own: Answers) -> Iterator[Problem]:
    """Values that an enum does not have, or that no schema allows."""
    found = spread(own.body, pointer)[-1]
    options = enum_of(found)
    texts = [each if isinstance(each, str) else json.dumps(each) for each in options]
    for value in values:
        if value is None or isinstance(value, Mapping | list | tuple):
            continue
        written = value if isinstance(value, str) else json.dumps(value)
        if options and not lists(options, value) and written not in texts:
            yield Problem(True, wording.unknown_value(pointer, written, texts), written)
        elif not options and not _allows(found, value):
            yield Problem(False, wording.impossible_value(pointer or "the body", written), written)


def _allows(found: Place, value: Json) -> bool:
    """Java has texts for numbers, Python has numbers for texts of headers: both are meant."""
    other: Json = value
    if isinstance(value, str):
        try:
            other = json.loads(value)
        except (ValueError, RecursionError):
            other = value
    return any(allows(found, each, Direction.RESPONSE) for each in (value, other))


def _header(name: str, assertion: TestAssertion, own: Answers) -> Iterator[Problem]:
    if assertion.presence is Presence.ABSENT:
        return
    lower = name.lower()
    known = {each.lower(): h for r in own.responses for each, h in r.headers.items()}
    if lower in known:
        schema = known[lower].schema
        options = [str(each) for each in enum_of(root([schema]))] if schema is not None else []
        for value in _texts(assertion.check):
            if options and value not in options:
                yield Problem(True, wording.unknown_value(name, value, options), value)
        return
    if lower in _PROMISED_BY_HTTP and _PROMISED_BY_HTTP[lower] in (0, *own.statuses):
        return
    if lower in _OF_HTTP:
        yield Problem(False, wording.transport_header(name), name)
        return
    names = [each for r in own.responses for each in r.headers]
    yield Problem(True, wording.unknown_header(name, own.operation.key, names), name)


def _texts(check: Check | None) -> list[str]:
    match check:
        case Equals(Literal(str() as value)):
            return [value]
        case OneOf(values):
            return [each for each in values if isinstance(each, str)]
    return []


def _media(check: Check | None, own: Answers) -> Iterator[Problem]:
    documented = [each.partition(";")[0].strip().lower() for each in own.media]
    if not documented:
        if check is not None:
            yield Problem(True, wording.no_body("answer", own.operation.key))
        return
    if any("*" in each for each in documented):
        return
    key = own.operation.key
    for value in _texts(check):
        said = value.partition(";")[0].strip().lower()
        if said and not any(said in (each, each.partition("/")[2]) for each in documented):
            if isinstance(check, OneOf) and any(t in documented for t in _texts(check)):
                yield Problem(False, wording.unknown_media("answer", said, key, documented), value)
            else:
                yield Problem(True, wording.unknown_media("answer", said, key, documented), value)
    match check:
        case Contains(Literal(str() as part)):
            if not any(part.lower() in each for each in own.media):
                yield Problem(True, wording.unknown_media("answer", part, key, documented), part)
        case Matches(pattern):
            if not any(_matches(pattern, each) for each in (*documented, *own.media)):
                yield Problem(True, wording.unknown_media("answer", pattern, key, documented))


def _matches(pattern: str, name: str) -> bool:
    try:
        return any(re.search(pattern, f"{name}{end}") for end in ("", ";charset=utf-8"))
    except re.error:
        return True


def _operands(
    assertion: TestAssertion, own: Answers, others: Mapping[str, Answers]
) -> Iterator[Problem]:
    """The places that the check compares with."""
    match assertion.check:
        case Sorted(pointer) if pointer and assertion.subject is not None:
            yield from place(f"{assertion.subject.name}/{EACH}{pointer}", own)
        case Equals(operand) | Contains(operand):
            match operand:
                case SumOf(pointer) | CountOf(pointer):
                    yield from place(pointer, own)
                case ResponseValue(call, pointer, "") if call in others:
                    yield from place(pointer, others[call])
