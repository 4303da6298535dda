"""What has been seen so far while one test is read: calls, assertions, body variables.

Blocks and statements are entered and left in source order, so that each call knows up to where
its assertions reach in the block in which it was made. What happens inside a helper is recorded
at the place of the test that leads there (its `Site`); the helper's own blocks and names are not
the test's and leave no trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from pe4king_core.model.fact import ChangeIn, Equals, ResponseValue
from pe4king_core.model.message import Message
from pe4king_core.model.source import (
    BodyVariable,
    CallStyle,
    ModelVariable,
    RequestParts,
    SentPart,
    TestAssertion,
    TestCall,
)
from pe4king_core.model.text import Span
from pe4king_core.testcode.claims import Claim, Claims
from pe4king_core.testcode.conditional import Circumstance, assertion, joined
from pe4king_core.testcode.reasons import REASSIGNED
from pe4king_core.testcode.routes import Route


@dataclass(frozen=True, slots=True)
class Site:
    """The place of the test that leads into a helper, and the helpers' names from there."""

    span: Span
    statement: Span
    block: int
    via: tuple[str, ...] = ()
    setup: bool = False


@dataclass(slots=True)
class CallDraft:
    """A call while its test is read; see `TestCall` for the fields of the same name."""

    id: str
    method: str
    route: Route
    span: Span
    statement: Span
    anchor: int
    block: int
    style: CallStyle = CallStyle.BARE
    response: str | None = None
    chain_indent: str = ""
    parts: RequestParts = field(default_factory=RequestParts)
    unresolved: Message | None = None
    unsure: Message | None = None
    setup: bool = False
    via: tuple[str, ...] = ()
    sealed: bool = False
    gives: str = ""
    sent: tuple[SentPart, ...] = ()

    def finished(self) -> TestCall:
        """The call as the rest of the program sees it."""
        return TestCall(
            self.id,
            self.method,
            self.route.path,
            self.style,
            self.span,
            self.statement,
            self.anchor,
            self.response,
            self.chain_indent,
            self.route.names,
            self.parts,
            self.unresolved or self.route.unresolved,
            self.unsure,
            self.setup,
            self.via,
            self.gives,
        )


@dataclass(slots=True)
class Recorder:
    """Collects calls, assertions and body variables of one test."""

    text: str
    drafts: dict[str, CallDraft] = field(default_factory=dict)
    assertions: list[TestAssertion] = field(default_factory=list)
    body_variables: list[BodyVariable] = field(default_factory=list)
    model_variables: list[ModelVariable] = field(default_factory=list)
    circumstances: list[Circumstance] = field(default_factory=list)
    troubles: list[Message] = field(default_factory=list)
    """Why calls that are made here are not certain (loops, lambdas), innermost last."""
    _blocks: list[tuple[int, Span]] = field(default_factory=list)
    _sites: list[Site] = field(default_factory=list)

    @property
    def statement(self) -> Span:
        """The statement of the test that is being read."""
        if self._sites:
            return self._sites[-1].statement
        return self._blocks[-1][1] if self._blocks else Span(0, 0)

    @property
    def block(self) -> int:
        """The identity of the block that is being read."""
        if self._sites:
            return self._sites[-1].block
        return self._blocks[-1][0] if self._blocks else 0

    @property
    def site(self) -> Site | None:
        """Where the test leads into the helper that is being read; None in the test itself."""
        return self._sites[-1] if self._sites else None

    def here(self) -> Span:
        """The place of the test that what is recorded now belongs to."""
        return self._sites[-1].span if self._sites else self.statement

    @property
    def level(self) -> int:
        """How many helpers deep reading is; 0 in the test itself."""
        return len(self._sites)

    @contextmanager
    def inside(self, block: int, statement: Span) -> Iterator[None]:
        """While `statement` of `block` is read; blocks of helpers are not the test's."""
        if self._sites:
            yield
            return
        self._blocks.append((block, statement))
        try:
            yield
        finally:
            self._blocks.pop()

    @contextmanager
    def within(self, helper: str, span: Span, *, setup: bool = False) -> Iterator[None]:
        """While the body of `helper`, called by the code at `span`, is read.

        `setup`: it runs before the test's body (a fixture, a set-up method).
        """
        outer = self.site
        if outer is None:
            site = Site(span, self.statement, self.block, (helper,), setup)
        else:
            site = replace(outer, via=(*outer.via, helper))
        self._sites.append(site)
        try:
            yield
        finally:
            self._sites.pop()

    @contextmanager
    def under(self, circumstance: Circumstance) -> Iterator[None]:
        """While what depends on `circumstance` is read."""
        self.circumstances.append(circumstance)
        try:
            yield
        finally:
            self.circumstances.pop()

    @contextmanager
    def troubled(self, reason: Message) -> Iterator[None]:
        """While calls are not certain because of `reason`."""
        self.troubles.append(reason)
        try:
            yield
        finally:
            self.troubles.pop()

    def mark(self) -> tuple[int, int]:
        """How much was recorded, for `forget`."""
        return len(self.drafts), len(self.assertions)

    def forget(self, mark: tuple[int, int]) -> None:
        """Take back the calls and assertions that were recorded since `mark`."""
        calls, assertions = mark
        for each in list(self.drafts)[calls:]:
            del self.drafts[each]
        del self.assertions[assertions:]

    def open_call(
        self, method: str, route: Route, span: Span, *, unresolved: Message | None = None
    ) -> CallDraft:
        """A call made in the current statement; its answer is not held by anything yet."""
        draft = CallDraft(
            f"C{len(self.drafts) + 1}",
            method.upper(),
            route,
            self.site.span if self.site is not None else span,
            self.statement,
            self.statement.end,
            self.block,
        )
        draft.unresolved = unresolved
        draft.unsure = self.troubles[-1] if self.troubles else None
        if self.site is not None:
            draft.setup, draft.via = self.site.setup, self.site.via
        self.drafts[draft.id] = draft
        return draft

    def carry(self, call: str, parts: Iterable[tuple[ChangeIn, str, str]]) -> None:
        """The request of `call` carries `parts`: where, the name, the value as JSON text."""
        self.drafts[call].sent = tuple(SentPart(call, *each) for each in dict.fromkeys(parts))

    def move_block(self, call: str, block: int, anchor: int) -> None:
        """The answer of `call` lives in `block` only (a `with` statement's body)."""
        if self._sites:
            return
        draft = self.drafts[call]
        draft.block, draft.anchor = block, anchor

    def bind_response(self, call: str, name: str) -> None:
        """The variable `name` now holds the answer of `call`."""
        draft = self.drafts[call]
        if self._sites:
            return
        if draft.style is CallStyle.BARE:
            draft.style = CallStyle.RESPONSE
        if draft.response is None:
            draft.response = name

    def gave(self, call: str, declared: str) -> None:
        """A helper that the test calls gives the answer of `call` as an object of `declared`."""
        draft = self.drafts.get(call)
        if draft is not None and not self._sites:
            draft.gives = declared

    def release_response(self, call: str, name: str, successor: str | None) -> None:
        """The variable `name`, which held the answer of `call`, is assigned again.

        `successor` is the call whose answer it holds now. Under a condition neither is certain.
        """
        draft = self.drafts.get(call)
        if draft is None or self._sites or draft.response != name or call == successor:
            return
        draft.sealed = True
        if draft.block != self.block:
            for each in (call, successor):
                if each is not None:
                    self.doubt(each, REASSIGNED)

    def release_field(self, call: str, name: str, successor: str | None) -> None:
        """The same for a field, which a helper may assign, too."""
        draft = self.drafts.get(call)
        if not self._sites:
            self.release_response(call, name, successor)
        elif draft is not None and draft.response == name and call != successor:
            draft.sealed = True

    def doubt(self, call: str, reason: Message) -> None:
        """What is known of `call` is not certain because of `reason`."""
        draft = self.drafts[call]
        draft.unsure = draft.unsure or reason

    def bind_body(self, name: str, call: str, pointer: str) -> None:
        """The variable `name` holds the body's value at `pointer` behind this statement."""
        if self._keeps(call):
            self.body_variables.append(BodyVariable(name, call, pointer, self.statement.end))

    def bind_model(self, variable: ModelVariable) -> None:
        """A variable holds an object of a class, made from an answer, behind this statement.

        Its `offset` is set here.
        """
        if self._keeps(variable.call):
            self.model_variables.append(replace(variable, offset=self.statement.end))

    def _keeps(self, call: str) -> bool:
        """Whether a variable that is bound here keeps the answer of `call` for the test."""
        draft = self.drafts.get(call)
        inside = draft is not None and draft.block in (block for block, _ in self._blocks)
        if draft is None or self._sites or not inside:
            return False
        if draft.style is CallStyle.BARE:
            draft.style = CallStyle.RESPONSE
        if draft.block != self.block:
            return False
        self._reach(draft)
        return True

    def forget_body(self, name: str) -> None:
        """The variable `name` no longer holds what the server sent (it was changed)."""
        if self._sites:
            return
        self.body_variables = [held for held in self.body_variables if held.name != name]
        self.model_variables = [held for held in self.model_variables if held.name != name]

    def claim(
        self,
        span: Span,
        claims: Claims,
        call: str | None = None,
        *,
        library: str = "",
        soft: str = "",
    ) -> None:
        """An assertion at `span`; one without claims is listed as not understood."""
        via: tuple[str, ...] = ()
        if self.site is not None:
            span, via = self.site.span, self.site.via
        text = span.of(self.text)
        around = joined(self.circumstances)
        number = len(self.assertions) + 1
        self.assertions += [
            assertion(number + index, span, text, each, around, library, soft, via)
            for index, each in enumerate(claims)
        ] or [TestAssertion(f"A{number}", span, text, call, library=library, soft=soft, via=via)]
        for name in _calls(claims, call):
            draft = self.drafts.get(name)
            if draft is not None:
                self._reach(draft)

    def _reach(self, draft: CallDraft) -> None:
        """The current statement, seen from the call's own block, belongs to the call."""
        if draft.sealed or draft.style is CallStyle.CHAIN:
            return
        for block, statement in self._blocks:
            if block == draft.block:
                draft.anchor = max(draft.anchor, statement.end)

    def latest(self, calls: Iterable[str | None]) -> str | None:
        """The one of `calls` that is made last: what is asserted is asserted of it."""
        named = set(calls)
        return next((each for each in reversed(self.drafts) if each in named), None)

    @property
    def sent(self) -> tuple[SentPart, ...]:
        """What all calls carry, in the order of the calls."""
        return tuple(part for draft in self.drafts.values() for part in draft.sent)

    def calls(self) -> tuple[TestCall, ...]:
        """All calls in the order in which they are made."""
        return tuple(draft.finished() for draft in self.drafts.values())


def _calls(claims: tuple[Claim, ...], call: str | None) -> set[str]:
    """The calls that an assertion speaks of, also those whose answers it compares with."""
    found = {claim.call for claim in claims} | ({call} if call else set())
    checks = (claim.check for claim in claims)
    operands = [check.operand for check in checks if isinstance(check, Equals)]
    return found | {each.call for each in operands if isinstance(each, ResponseValue)}
