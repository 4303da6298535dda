"""How existing tests call the API: who sends a request, to which operation, with which answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pe4king_core.improvement.matching import match_call
from pe4king_core.model.fact import Equals, InRange, Literal, OneOf, SubjectKind
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import TestCall, TestFile, TestFunction
from pe4king_server.actions.base import ActionContext
from pe4king_server.files import is_below

MARK = "written by Pe4King"
"""What the first lines of every generated test file say."""

_HEAD = 8000
"""Characters in which they say it; imports of Java stand before that."""

MOST_FILES = 16
"""No more test files than this are read."""

_CREDENTIALS = frozenset({"authorization", "cookie"})


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of an existing test; `code` is its text, `path` what is sent with base paths."""

    uri: str
    test: TestFunction
    code: str
    path: str
    operation: Operation
    status: int | None
    """The status that the test asks for: 200 for any success; None where it asks for none."""
    alone: bool
    """Whether the request carries no credentials beside those of its client."""
    direct: bool = True
    """Whether it stands in the test itself, not in a helper or a fixture."""
    overridden: bool = False
    """Whether it stands in the test, and its client sends it by a `request` method of its own."""


def requests_of(
    uris: Sequence[str], document: ApiDocument, context: ActionContext
) -> Iterator[Sent]:
    """The requests of the test files `uris` that `document` knows; no more than MOST_FILES."""
    for uri in uris[:MOST_FILES]:
        text = context.files.read(uri)
        if text is None or is_ours(text):
            continue
        file = context.sources.tests_of(uri, text, context.files)
        for test in file.tests:
            yield from _sent(uri, file, test, document)


def _sent(uri: str, file: TestFile, test: TestFunction, document: ApiDocument) -> Iterator[Sent]:
    if test.damaged:
        return
    for call in test.calls:
        if call.unresolved is not None:
            continue
        operation = match_call(call, document).operation
        if operation is None:
            continue
        code = file.text[call.span.start : call.span.end]
        alone = _is_alone(call, operation)
        direct = not call.setup and not call.via
        own = not call.setup and call.via == ("request",)
        yield Sent(uri, test, code, call.path, operation, _status(test, call), alone, direct, own)


def _is_alone(call: TestCall, operation: Operation) -> bool:
    """Whether no argument of the call can be a credential."""
    names = _CREDENTIALS | {
        scheme.parameter.lower()
        for requirement in operation.security
        for scheme in requirement.schemes
    }
    parts = call.parts
    sent = {name.lower() for name in (*parts.headers, *parts.query, *parts.cookies)}
    return parts.complete and not sent & names


def _status(test: TestFunction, call: TestCall) -> int | None:
    for each in test.assertions:
        if each.call != call.id or each.subject is None or each.conditional:
            continue
        if each.subject.kind is SubjectKind.STATUS:
            match each.check:
                case Equals(Literal(int() as status)):
                    return status
                case OneOf((int() as status, *_)):
                    return status
                case InRange(bounds) if bounds.low is not None and 200 <= bounds.low < 300:
                    return 200
    return None


def is_ours(text: str) -> bool:
    """Whether the test file was generated."""
    return MARK in text[:_HEAD]


def prefix_of(sent: Sent) -> str | None:
    """What stands in front of the documented path in the path that is sent."""
    template = re.sub(r"\\\{[^{}]*\\\}", "[^/]+", re.escape(sent.operation.route))
    found = re.fullmatch(rf"(?P<prefix>.*?){template}/?", sent.path.partition("?")[0])
    return None if found is None else found["prefix"]


def nearest(uris: Sequence[str], folder: str) -> list[str]:
    """`uris`, those below `folder` first; otherwise in their order."""
    return sorted(uris, key=lambda uri: not is_below(uri, folder))


def secured_alike(operation: Operation) -> frozenset[frozenset[str]]:
    """Which schemes open `operation`: alternatives of scheme names."""
    return frozenset(
        frozenset(scheme.name for scheme in requirement.schemes)
        for requirement in operation.security
    )
