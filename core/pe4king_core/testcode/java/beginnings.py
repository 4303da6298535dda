"""What set-up leaves behind, kept for the next test of the same class.

Set-up is the same code for every test of a class and sees nothing of the test itself, so it is
read for the first of them; the others get a copy of its calls, its assertions and its objects.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, fields, replace
from typing import Any

from pe4king_core.model.source import TestAssertion
from pe4king_core.model.text import Span
from pe4king_core.testcode.java.objects import (
    Asserted,
    Building,
    Entries,
    Entry,
    Expected,
    Extracted,
    Instance,
    Lambda,
    Matching,
    Request,
    Stated,
)
from pe4king_core.testcode.java.outline import TypeDecl
from pe4king_core.testcode.java.scope import Context, Run
from pe4king_core.testcode.java.setup import set_up
from pe4king_core.testcode.recorder import CallDraft, Recorder
from pe4king_core.testcode.values import Items, Rows, Sent, Value

_DEPTH = 100
_CHANGING = (Instance, Entries, Building, Lambda, Matching, Context)
"""What code may change later, or what leads back to the test."""
_HOLDING = (Items, Rows, Sent, Expected, Request, Entry, Asserted, Extracted, Stated)
"""Values that may hold some of those."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The state behind set-up."""

    run: Run
    recorder: Recorder
    this: Value | None


@dataclass(slots=True)
class Beginnings:
    """The states by class and client of the tests of one file."""

    known: dict[tuple[TypeDecl, str], Beginning] = field(default_factory=dict)

    def begin(self, context: Context, start: Span) -> None:
        """Set-up for the test at `start`, read or copied."""
        if context.type is None:
            return
        key = (context.type, context.client)
        found = self.known.get(key)
        if found is None:
            set_up(context, start)
            self._keep(key, context)
            return
        this = _transfer(found.run, found.recorder, found.this, context.run, context.recorder)
        context.this = this if isinstance(this, Instance) else None
        _place(context.recorder, start)

    def _keep(self, key: tuple[TypeDecl, str], context: Context) -> None:
        kept = Recorder("")
        run = Run(context.run.reader, context.run.lookup)
        try:
            this = _transfer(context.run, context.recorder, context.this, run, kept)
        except _TooDeepError:
            return  # Then it is read again for every test.
        self.known[key] = Beginning(run, kept, this)


class _TooDeepError(Exception):
    """Objects lead on to others further than anybody writes."""


def _transfer(
    run: Run, recorder: Recorder, this: Value | None, to_run: Run, to_recorder: Recorder
) -> Value | None:
    """Copies the state; gives the copy of the object that the test is a method of."""
    copies = _Copies({id(run): to_run, id(recorder): to_recorder})
    to_run.budget = run.budget
    to_run.statics = copies.of(run.statics)
    to_run.settings = copies.of(run.settings)
    to_run.sent = copies.of(run.sent)
    to_recorder.drafts = {name: copy(draft) for name, draft in recorder.drafts.items()}
    to_recorder.assertions = list(recorder.assertions)
    made: Value | None = copies.of(this)
    return made


def _place(recorder: Recorder, start: Span) -> None:
    """All that set-up does stands before the test."""
    recorder.drafts = {
        name: _draft(each, recorder, start) for name, each in recorder.drafts.items()
    }
    recorder.assertions = [_assertion(each, start) for each in recorder.assertions]


def _draft(draft: CallDraft, recorder: Recorder, start: Span) -> CallDraft:
    draft.span = draft.statement = start
    draft.anchor, draft.block = start.end, recorder.block
    return draft


def _assertion(assertion: TestAssertion, start: Span) -> TestAssertion:
    return replace(assertion, span=start)


@dataclass(slots=True)
class _Copies:
    """Copies of objects, each made once; what nobody can change is taken as it is."""

    made: dict[int, Any]
    originals: list[object] = field(default_factory=list)
    """Kept alive, so that no identity is given away twice."""
    depth: int = 0

    def of(self, value: Any) -> Any:
        """The copy of `value`."""
        if self.depth > _DEPTH:
            raise _TooDeepError
        self.depth += 1
        found = self.made.get(id(value))
        if found is None:
            found = self._made(value)
        self.depth -= 1
        return found

    def _made(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self._known(value, {key: self.of(each) for key, each in value.items()})
        if isinstance(value, list):
            return self._known(value, [self.of(each) for each in value])
        if isinstance(value, tuple):
            return self._tuple(value)
        if isinstance(value, _CHANGING):
            made = self._known(value, copy(value))
            for each in fields(value):
                setattr(made, each.name, self.of(getattr(value, each.name)))
            return made
        if isinstance(value, _HOLDING):
            inner = {each.name: getattr(value, each.name) for each in fields(value)}
            copies = {name: self.of(each) for name, each in inner.items()}
            same = all(copies[name] is each for name, each in inner.items())
            return self._known(value, value if same else replace(value, **copies))
        return value

    def _tuple(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        copies = tuple(map(self.of, value))
        return value if all(map(_is, copies, value)) else copies

    def _known(self, value: object, made: Any) -> Any:
        self.originals.append(value)
        self.made[id(value)] = made
        return made


def _is(left: object, right: object) -> bool:
    return left is right
