"""Generate tests: for an operation of a document, or the ones that a test's operation lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from pe4king_core.generation import iter_models, selected_operations
from pe4king_core.generation.names import without_collisions
from pe4king_core.model.case import NotProvable, TestCase, TestModel, TestPlan
from pe4king_core.model.fact import CaseKind
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.proposal import Item, Origin, Proposal
from pe4king_server.actions.base import (
    Action,
    ActionContext,
    OperationTarget,
    Target,
    operation_of,
    require_operations,
    understand,
)
from pe4king_server.actions.evidence import file_evidence
from pe4king_server.actions.styles import (
    Place,
    chosen_folder,
    chosen_format,
    in_language_of,
    place_of,
    settled,
    used_folder,
)
from pe4king_server.actions.telling import message_of, note_of, notes_of
from pe4king_server.actions.writing import Writer, Written, schemes_of
from pe4king_server.own_tests.model import Recognised
from pe4king_server.own_tests.recognising import recognise

Done = Callable[[int, int], None]
"""Told how many operations are finished, and how many there are."""


async def run(target: Target, context: ActionContext) -> Proposal:
    """Tests of the target's operations, as a proposal of files."""
    return await context.worker(propose, target, context)


def propose(target: Target, context: ActionContext) -> Proposal:
    """Tests for the operation under the cursor, or for that of the test there."""
    document, keys = operations_under(target, context)
    context = in_language_of(target.uri, context)
    return generated(document, plan_of(context, keys), context).proposal


def operations_under(target: Target, context: ActionContext) -> tuple[ApiDocument, frozenset[str]]:
    """The document and the keys of the operations that `target` is about."""
    if isinstance(target, OperationTarget):
        document, operation = operation_of(target, context)
        return document, frozenset({operation.key})
    found = understand(target, context)
    require_operations(found)
    assert found.document is not None  # noqa: S101 - operations come from a document
    # The last call is the one under test; those before it prepare.
    known = [call for call in found.test.calls if call.id in found.operations]
    last = ([call.id for call in known if not call.setup] or [call.id for call in known])[-1]
    return found.document, frozenset({found.operations[last].key})


def plan_of(
    context: ActionContext,
    keys: frozenset[str] = frozenset(),
    *,
    kinds: frozenset[CaseKind] | None = None,
    tags: frozenset[str] = frozenset(),
    paths: tuple[str, ...] = (),
) -> TestPlan:
    """What the settings ask for, of the operations that are selected."""
    settings = context.settings
    return TestPlan(
        operations=keys,
        tags=tags,
        paths=paths,
        kinds=settings.kinds if kinds is None else kinds,
        max_tests_per_endpoint=settings.max_tests_per_endpoint,
        depth=settings.depth,
        labels=settings.labels,
        behavioural=settings.behavioural,
        seed=settings.seed,
    )


@dataclass(frozen=True, slots=True)
class Generated:
    """What came of a plan: the proposal, and what a summary tells of it."""

    proposal: Proposal
    written: Written
    place: Place
    doubts: tuple[NotProvable, ...] = ()
    over_budget: int = 0
    without_client: int = 0
    """Cases left out because no client of the user's sends what they need."""

    @property
    def told(self) -> tuple[Message, ...]:
        """What was recognised of the user's tests, and what was left out because of them."""
        return notes_of(self.written, self.place.recognised, self.without_client)


@dataclass(slots=True)
class _Counts:
    """What is counted while models come and go."""

    cases: int = 0
    over_budget: int = 0
    without_client: int = 0
    doubts: list[NotProvable] = field(default_factory=list)


def generated(
    document: ApiDocument,
    plan: TestPlan,
    context: ActionContext,
    *,
    extra: tuple[TestCase, ...] = (),
    done: Done | None = None,
    exact: bool = False,
    folder: str = "",
) -> Generated:
    """Tests of `plan` as new files or beside others; nothing is written.

    `extra` are cases from elsewhere (a model); they stand behind the rules' ones. `exact`: new
    tests are known by their names in the format. `folder` is where they go if nobody chose.
    """
    operations = selected_operations(document, plan)
    language = chosen_format(context).language
    chosen = chosen_folder(document, context) or used_folder(document, context, folder)
    recognised = recognise(document, operations, context, language, chosen)
    place = settled(place_of(document, context, recognised, folder), context)
    writer = Writer(place, context, exact)
    counts = _Counts()
    for model in _with_extra(iter_models(document, plan, done=done), extra):
        counts.doubts += model.not_provable
        counts.over_budget += model.over_budget
        usable = _usable(model, place.recognised)
        counts.without_client += len(model.cases) - len(usable.cases)
        counts.cases += len(usable.cases)
        if usable.cases:
            writer.write(usable)
    written = writer.finish(schemes_of(document))
    made = Generated(
        Proposal(Message("", ""), Message("", "")),
        written,
        place,
        tuple(counts.doubts),
        counts.over_budget,
        counts.without_client,
    )
    return replace(made, proposal=_proposal(made, plan, counts.cases))


def _with_extra(models: Iterable[TestModel], extra: tuple[TestCase, ...]) -> Iterator[TestModel]:
    """The models with each extra case behind the others of its operation's group."""
    for model in models:
        keys = {case.operation.key for case in model.cases} if extra else ()
        more = [case for case in extra if case.operation.key in keys]
        if more:
            yield replace(model, cases=tuple(without_collisions((*model.cases, *more))))
        else:
            yield model


def _usable(model: TestModel, recognised: Recognised) -> TestModel:
    """The model without cases that no client at hand can send."""
    cases = tuple(case for case in model.cases if recognised.serves(case))
    return model if len(cases) == len(model.cases) else replace(model, cases=cases)


def _proposal(made: Generated, plan: TestPlan, cases: int) -> Proposal:
    """The proposal of `made`; without edits where every test is there already."""
    what = next(iter(plan.operations)) if len(plan.operations) == 1 else ""
    title, message = message_of(made.written, what, cases, made.doubts, made.over_budget)
    notes = (*made.told, *map(note_of, made.doubts))
    if not made.written.added:
        return Proposal(message, message, notes=notes)
    items = tuple(Item(each.title, Origin.RULES) for each in made.written.added)
    edits = made.written.edits
    return Proposal(title, message, edits, items, file_evidence(edits), notes)


ACTION = Action(
    id="generateTests",
    title=Message("Generate tests", "Сгенерировать тесты"),
    order=1,
    run=run,
    kind="refactor.rewrite",
)
