"""Making the test files of one document and plan, one after the other.

The child processes import this module and those below it, nothing else of the server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pe4king_core.generation import Models
from pe4king_core.generation.names import without_collisions
from pe4king_core.model.case import TestCase, TestModel, TestPlan, TestStyle
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi.parsing.reading import collector_paused
from pe4king_core.rendering.format import Format
from pe4king_core.rendering.formats import formats
from pe4king_core.rendering.written import CaseOutline, WrittenTests
from pe4king_server.generating.clients import is_served
from pe4king_server.generating.names import tests_in
from pe4king_server.generating.syntax import Syntax

Done = Callable[[], None]
"""Called after every operation."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be made. `exact`: tests are told by their names in the format."""

    plan: TestPlan
    format: str
    style: TestStyle
    exact: bool = False


class Making:
    """Makes the files of a document; numbers count its models."""

    def __init__(self, document: ApiDocument, wish: Wish, extra: tuple[TestCase, ...] = ()) -> None:
        self.document = document
        self.wish = wish
        self.extra = extra
        self._models = Models(document, wish.plan)
        self._format: Format = formats()[wish.format]
        self._syntax = Syntax(self._format.language)
        self._latest: tuple[int, TestModel, int] | None = None

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many operations each file is about, by number."""
        return self._models.sizes

    @property
    def head(self) -> TestModel:
        """What support files are made of: a model without cases."""
        return self._models.head

    def cases(self, number: int) -> Sequence[TestCase]:
        """The cases of a file, as they were when it was made."""
        return self._model(number)[0].cases

    def make(self, number: int, done: Done | None = None, *, group: str = "") -> WrittenTests:
        """The file with this number; `group` is what it is called if not by its tag."""
        model, without_client = self._model(number, done)
        made = WrittenTests(
            number,
            group or model.group,
            None,
            not_provable=model.not_provable,
            over_budget=model.over_budget,
            without_client=without_client,
        )
        if not model.cases:
            return made
        with collector_paused():
            shown = replace(model, group=group) if group else model
            file = self._format.render(shown, self.wish.style)
            cases = tuple(self._outlines(model, file.text))
            parses = self._syntax.holds(file.text)
        return replace(made, file=file, cases=cases, parses=parses)

    def all(self, done: Done | None = None) -> Iterator[WrittenTests]:
        """Every file in order."""
        for number in range(len(self.sizes)):
            yield self.make(number, done)

    def _outlines(self, model: TestModel, text: str) -> Iterator[CaseOutline]:
        if not self.wish.exact:
            return map(CaseOutline.of, model.cases)
        names = (name for name, _ in tests_in(text, self._format.language))
        return (CaseOutline.of(*pair) for pair in zip(model.cases, names, strict=True))

    def _model(self, number: int, done: Done | None = None) -> tuple[TestModel, int]:
        """A model with what can be sent, and how many cases cannot; the latest one is kept."""
        if self._latest is None or self._latest[0] != number:
            self._latest = None
            model = _with_extra(self._models.make(number, done), self.extra)
            cases = tuple(case for case in model.cases if is_served(case, self.wish.style.own))
            lost = len(model.cases) - len(cases)
            self._latest = (number, replace(model, cases=cases) if lost else model, lost)
        return self._latest[1:]


def _with_extra(model: TestModel, extra: tuple[TestCase, ...]) -> TestModel:
    """The model with each extra case behind the others of its operation's group."""
    keys = {case.operation.key for case in model.cases} if extra else ()
    more = [case for case in extra if case.operation.key in keys]
    return replace(model, cases=tuple(without_collisions((*model.cases, *more)))) if more else model
