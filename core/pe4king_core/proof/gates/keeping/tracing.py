"""What a test checks by its syntax alone, with the helpers, fixtures and set-up code it uses.

A site is one check in the one spelling of `canonical`, with what it is made under: conditions,
loops that may have no round, code that swallows failures, or an earlier way out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Span
from pe4king_core.proof.gates.keeping import statements
from pe4king_core.proof.gates.keeping.arguments import (
    bound,
    called,
    given,
    is_linked,
    pairs,
    parameters,
    told,
)
from pe4king_core.proof.gates.keeping.canonical import Env, Speller, bind, callee
from pe4king_core.proof.gates.keeping.definitions import Definition, Definitions
from pe4king_core.testcode.java.assertions import ASSERTION
from pe4king_core.testcode.python.checks import is_assertion
from pe4king_core.testcode.python.libraries import VERBS
from pe4king_core.testcode.syntax import children

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 6
_MOST_STEPS = 20_000
_THEN_LINKS = frozenset(
    {"statusCode", "body", "content", "contentType", "header", "headers", "cookie", "cookies"}
    | {"time", "statusLine", "spec"}
)
_REQUEST_LINKS = frozenset(
    {"body", "queryParam", "queryParams", "param", "params", "formParam", "formParams", "header"}
    | {"headers", "cookie", "cookies", "pathParam", "pathParams", "multiPart", "contentType"}
    | {"basic", "digest", "oauth2", "formParameter"}
)
_CARRIED = ("json=", "params=", "data=", "headers=", "cookies=", "files=", "auth=")
_HEADS = frozenset({"assertThat", "assert_that", "expect", "then", "assertWithMessage"})
_SAME_SUBJECT = frozenset(
    {"and", "assertThat", "log", "all", "ifValidationFails", "as", "describedAs", "is_"}
    | {"withFailMessage", "overridingErrorMessage", "described_as", "using", "asInstanceOf"}
)
_JUDGING = re.compile(
    r"(?:is|has|have|contains?|does|matches|satisfies|starts|ends|all|any|none|exists|equal"
    r"|to_|not_|to[A-Z])"
)
_RUN_LAMBDAS = frozenset(
    {"assertAll", "step", "assertDoesNotThrow", "untilAsserted", "assertTimeout", "dynamicTest"}
)


@dataclass(frozen=True, slots=True)
class Site:
    """One check: its spelling, its place in the test, and what it is made under."""

    text: str
    span: Span
    under: tuple[str, ...] = ()


@dataclass(slots=True)
class Tracer:
    """Walks through one test."""

    defined: Definitions
    sites: list[Site] = field(default_factory=list)
    under: tuple[str, ...] = ()
    ended: bool = False
    outcome: str = ""
    places: list[Span] = field(default_factory=list)
    """The part of the test that leads to what is walked now; the first one is where it begins."""
    statement: Span = Span(0, 0)
    requests: list[str] = field(default_factory=list)
    """What is sent beside paths, as spelt."""
    stops: list[str] = field(default_factory=list)
    """Calls that end or skip the test, as spelt."""
    _answers: set[str] = field(default_factory=set)
    """Things that helpers of other files give and that are judged like what `then()` gives."""
    _active: list[str] = field(default_factory=list)
    _entered: bool = False
    """The lambda that comes next is run by the function that gets it, or its reason is known."""
    _steps: int = 0
    speller: Speller = field(init=False)

    def __post_init__(self) -> None:
        self.speller = Speller(self.defined.source, self._call, self._closure)

    @property
    def inside(self) -> bool:
        """Whether a helper, a fixture or set-up code is walked, not the test itself."""
        return bool(self._active)

    def here(self, node: Node) -> Span:
        """The place in the test that a check at `node` belongs to."""
        return self.places[0] if self.places else self.defined.source.span(node)

    def note(self, text: str, node: Node) -> None:
        """A check that is spelt `text` is made at `node`."""
        if not self.ended:
            self.sites.append(Site(text, self.here(node), self.under))

    @contextmanager
    def beneath(self, what: str) -> Iterator[None]:
        """While checks are made under `what`; ways out that were found inside stay known."""
        before = self.under
        self.under = (*before, what) if what else before
        start = len(self.under)
        try:
            yield
        finally:
            left = tuple(each for each in self.under[start:] if each.startswith("way out"))
            self.under = (*before, *left)

    def walk(self, block: Node | None, env: Env) -> None:
        """The statements of `block`, or `block` itself."""
        if block is None:
            return
        listed = children(block) if block.type in ("block", "module") else [block]
        for node in listed:
            self._steps += 1
            if self.ended or self._steps > _MOST_STEPS:
                return
            statements.walk_statement(self, node, env)

    def run(self, each: Definition, env: Env, place: Span | None) -> str:
        """What the function `each` gives, after its checks are noted at `place`."""
        if place is not None:
            self.places.append(place)
        ended, outcome, under = self.ended, self.outcome, self.under
        self.ended, self.outcome = False, ""
        self._active.append(each.name)
        try:
            self.walk(each.body, env)
            return self.outcome
        finally:
            self._active.pop()
            self.ended, self.outcome, self.under = ended, outcome, under
            if place is not None:
                self.places.pop()

    def _closure(self, body: Node, env: Env) -> str | None:
        """The body of a lambda; nothing is known of one that is not given to a known function."""
        ended, entered = self.ended, self._entered
        self._entered = False
        with self.beneath("" if entered else "lambda"):
            if body.type == "block":
                self.walk(body, dict(env))
                spelt = "block"
            else:
                spelt = self.speller.spell(body, env)
        self.ended, self._entered = ended, False
        return spelt

    def _call(self, node: Node, env: Env) -> str | None:
        """What a call stands for; the checks that it makes are noted."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            return None
        name, holder = called(self.defined, node)
        arguments = given(node)
        if name in statements.STOPS:
            self.stops.append(f"{name}({len(arguments)})")
        self._sent(name, holder, arguments, env)
        helped = self._helped(name, holder, arguments, env)
        if helped is not None:
            return helped
        linked = self._linked(name, holder, arguments, node, env)
        if linked is not None:
            return linked
        if any("lambda" in each.type for each in arguments):
            return self._with_lambdas(name, arguments, node, env)
        if not self._asserts(name, arguments, node):
            return None
        return self._asserted(name, arguments, node, env)

    def _sent(self, name: str, holder: Node | None, arguments: list[Node], env: Env) -> None:
        """Notes what a request carries, if the call is a part of one."""
        if self.ended:
            return
        if holder is not None and (name in VERBS or name == "request"):
            arguments = arguments[2 if name == "request" else 1 :]
        elif holder is None or name not in _REQUEST_LINKS:
            arguments = [each for each in arguments if self._is_carried(each)]
        elif self._is_answer(self.speller.spell(holder, env)):
            return
        self.requests += [self.speller.spell(each, env) for each in arguments]

    def _is_carried(self, argument: Node) -> bool:
        """Whether an argument is what a request carries, whoever sends it."""
        text = self.defined.source.of(argument)
        return argument.type == "keyword_argument" and text.startswith(_CARRIED)

    def _asserts(self, name: str, arguments: list[Node], node: Node) -> bool:
        """Whether the call of a library or of another file is a check by its name."""
        if name in _HEADS and len(arguments) == 1 and is_linked(node):
            return False
        if self.defined.language is SourceLanguage.PYTHON:
            return is_assertion(name) or name == "raise_for_status"
        return bool(ASSERTION.match(name)) and bool(arguments)

    def _asserted(self, name: str, arguments: list[Node], node: Node, env: Env) -> str:
        spelt = [self.speller.spell(each, env) for each in arguments]
        head = callee(self.speller, node, env)
        text = f"{head}({', '.join(told(name, spelt))})"
        self.note(text, node)
        return text

    def _with_lambdas(self, name: str, arguments: list[Node], node: Node, env: Env) -> str:
        under = "" if name in _RUN_LAMBDAS else f"lambda {name}"
        under = "soft" if name == "assertSoftly" else under
        spelt = []
        for each in arguments:
            self._entered = "lambda" in each.type
            with self.beneath(under if self._entered else ""):
                spelt.append(self.speller.spell(each, env))
            self._entered = False
        text = f"{callee(self.speller, node, env)}({', '.join(spelt)})"
        if name.startswith("assertThrows"):
            self.note(text, node)
        return text

    def _is_answer(self, subject: str) -> bool:
        """Whether what is spelt `subject` is judged by the links behind it."""
        return subject in self._answers or ".then(" in subject

    def _linked(
        self, name: str, holder: Node | None, arguments: list[Node], node: Node, env: Env
    ) -> str | None:
        """A link of a fluent chain that judges, or that changes nothing; else None."""
        if holder is None:
            return None
        subject = self.speller.spell(holder, env)
        if name == "extract" and subject.endswith(".then()"):
            return subject.removesuffix(".then()")
        if name == "response" and not arguments:
            return subject
        if name == "statusCode" and arguments:
            self._answers.add(subject)
        answers = self._is_answer(subject)
        head = re.search(r"\b(?:assertThat|assert_that|expect)\(", subject)
        if answers and name in _THEN_LINKS and arguments:
            spelt = [self.speller.spell(each, env) for each in arguments]
            for pair in pairs(name, spelt):
                self.note(f"{subject}.{name}({', '.join(pair)})", node)
            return subject
        if not answers and head is None:
            return None
        if name in _SAME_SUBJECT:
            return subject
        if head is not None and _JUDGING.match(name):
            spelt = [self.speller.spell(each, env) for each in arguments]
            self.note(f"{subject}.{name}({', '.join(spelt)})", node)
            return subject
        return None

    def _helped(
        self, name: str, holder: Node | None, arguments: list[Node], env: Env
    ) -> str | None:
        """What a helper of this file gives; None where the call is not one, or not followed."""
        each = self.defined.helper(name)
        if each is None or name in self._active or len(self._active) >= _DEEPEST:
            return None
        inner = {key: value for key, value in env.items() if key in self._shared}
        values = [
            (argument.type == "keyword_argument", self.speller.value(argument, env))
            for argument in arguments
        ]
        inner |= bound(self.defined, each, values, of_object=holder is not None)
        count = len(self.sites)
        outcome = self.run(each, inner, None if self.places else self.statement)
        if outcome:
            return outcome
        return "" if len(self.sites) > count else None

    _shared: frozenset[str] = frozenset()
    """Names that mean the same in every function: constants and fields."""

    def share(self, env: Env) -> None:
        """What stands in `env` now is seen by every helper."""
        self._shared = frozenset(env)


def trace(defined: Definitions, test: Definition, names: Env | None = None) -> Tracer:
    """The checks of `test`; `names` say what its parameters stand for, if not for fixtures."""
    tracer = Tracer(defined)
    env: Env = dict(names or {})
    for owner, target, value in defined.assigned:
        if owner != test.owner[: len(owner)]:
            continue
        spelt = tracer.speller.value(value, env)
        bind(tracer.speller, target, spelt, env)
        name = defined.source.of(target)
        for holder in ("self", "cls", *owner[-1:]) if owner else ():
            env[f"{holder}.{name}"] = spelt
    tracer.share(env)
    start = defined.source.span(test.node)
    for each in defined.set_ups(test.owner):
        tracer.run(each, env, Span(start.start, start.start))
    fixtures = [name for name in parameters(defined, test) if name not in ("self", "cls")]
    for name in fixtures:
        _fixture(tracer, name, env, Span(start.start, start.start))
    tracer.share(env)
    tracer.walk(test.body, env)
    return tracer


def _fixture(tracer: Tracer, name: str, env: Env, place: Span, depth: int = 0) -> None:
    """Let the parameter `name` stand for what the fixture of this file gives."""
    each = tracer.defined.helper(name)
    if each is None or not tracer.defined.is_fixture(each) or name in env or depth > _DEEPEST:
        return
    for inner in parameters(tracer.defined, each):
        if inner not in ("self", "cls", "request", name):
            _fixture(tracer, inner, env, place, depth + 1)
    outcome = tracer.run(each, dict(env), place)
    if outcome:
        env[name] = outcome
        tracer.speller.forget(env)
