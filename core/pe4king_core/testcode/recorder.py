"""What has been seen so far while one test is read: calls, assertions, body variables.

Blocks and statements are entered and left in source order, so that each call knows up to where
its assertions reach in the block in which it was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pe4king_core.model.message import Message
from pe4king_core.model.source import BodyVariable, CallStyle, TestAssertion, TestCall
from pe4king_core.model.text import Span
from pe4king_core.testcode.claims import Claim, Claims
from pe4king_core.testcode.conditional import Circumstance, assertion, joined
from pe4king_core.testcode.reasons import REASSIGNED
from pe4king_core.testcode.routes import Route


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
    sent_json: bool = False
    unresolved: Message | None = None
    sealed: bool = False

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
            self.sent_json,
            self.unresolved or self.route.unresolved,
        )


@dataclass(slots=True)
class Recorder:
    """Collects calls, assertions and body variables of one test."""

    text: str
    drafts: dict[str, CallDraft] = field(default_factory=dict)
    assertions: list[TestAssertion] = field(default_factory=list)
    body_variables: list[BodyVariable] = field(default_factory=list)
    circumstances: list[Circumstance] = field(default_factory=list)
    troubles: list[Message] = field(default_factory=list)
    """Why calls that are made here are not certain (loops, lambdas), innermost last."""
    _blocks: list[tuple[int, Span]] = field(default_factory=list)

    @property
    def statement(self) -> Span:
        """The statement that is being read."""
        return self._blocks[-1][1] if self._blocks else Span(0, 0)

    @property
    def block(self) -> int:
        """The identity of the block that is being read."""
        return self._blocks[-1][0] if self._blocks else 0

    @contextmanager
    def inside(self, block: int, statement: Span) -> Iterator[None]:
        """While `statement` of `block` is read."""
        self._blocks.append((block, statement))
        try:
            yield
        finally:
            self._blocks.pop()

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

    def open_call(
        self, method: str, route: Route, span: Span, *, unresolved: Message | None = None
    ) -> CallDraft:
        """A call made in the current statement; its answer is not held by anything yet."""
        draft = CallDraft(
            f"C{len(self.drafts) + 1}",
            method.upper(),
            route,
            span,
            self.statement,
            self.statement.end,
            self.block,
        )
        draft.unresolved = unresolved or (self.troubles[-1] if self.troubles else None)
        self.drafts[draft.id] = draft
        return draft

    def move_block(self, call: str, block: int, anchor: int) -> None:
        """The answer of `call` lives in `block` only (a `with` statement's body)."""
        draft = self.drafts[call]
        draft.block, draft.anchor = block, anchor

    def bind_response(self, call: str, name: str) -> None:
        """The variable `name` now holds the answer of `call`."""
        draft = self.drafts[call]
        if draft.style is CallStyle.BARE:
            draft.style = CallStyle.RESPONSE
        if draft.response is None:
            draft.response = name

    def release_response(self, call: str, name: str, successor: str | None) -> None:
        """The variable `name`, which held the answer of `call`, is assigned again.

        `successor` is the call whose answer it holds now. Under a condition neither is certain.
        """
        draft = self.drafts.get(call)
        if draft is None or draft.response != name or call == successor:
            return
        draft.sealed = True
        if draft.block != self.block:
            for each in (call, successor):
                if each is not None:
                    self.doubt(each, REASSIGNED)

    def doubt(self, call: str, reason: Message) -> None:
        """What is known of `call` is not certain because of `reason`."""
        draft = self.drafts[call]
        draft.unresolved = draft.unresolved or reason

    def bind_body(self, name: str, call: str, pointer: str) -> None:
        """The variable `name` holds the body's value at `pointer` behind this statement."""
        draft = self.drafts.get(call)
        if draft is None or draft.block not in (block for block, _ in self._blocks):
            return
        if draft.style is CallStyle.BARE:
            draft.style = CallStyle.RESPONSE
        if draft.block == self.block:
            self.body_variables.append(BodyVariable(name, call, pointer, self.statement.end))
            self._reach(draft)

    def forget_body(self, name: str) -> None:
        """The variable `name` no longer holds what the server sent (it was changed)."""
        self.body_variables = [held for held in self.body_variables if held.name != name]

    def claim(self, span: Span, claims: Claims, call: str | None = None) -> None:
        """An assertion at `span`; one without claims is listed as not understood."""
        text = span.of(self.text)
        around = joined(self.circumstances)
        for each in claims:
            self.assertions.append(assertion(len(self.assertions) + 1, span, text, each, around))
        if not claims:
            number = len(self.assertions) + 1
            self.assertions.append(TestAssertion(f"A{number}", span, text, call))
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

    def calls(self) -> tuple[TestCall, ...]:
        """All calls in the order in which they are made."""
        return tuple(draft.finished() for draft in self.drafts.values())


def _calls(claims: tuple[Claim, ...], call: str | None) -> set[str]:
    return {claim.call for claim in claims} | ({call} if call else set())
