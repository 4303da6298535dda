"""Generate tests: for an operation of a document, or the ones that a test's operation lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pe4king_core.generation import selected_operations
from pe4king_core.model.case import NotProvable, TestCase, TestPlan
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
from pe4king_server.generating.making import Making, Wish
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
    chosen = chosen_folder(document, context) or used_folder(document, context, folder)
    language = chosen_format(context, chosen).language
    recognised = recognise(document, operations, context, language, chosen)
    place = settled(place_of(document, context, recognised, folder), context)
    making = Making(document, Wish(plan, place.format.name, place.style, exact), extra)
    writer = Writer(place, context, making)
    doubts: list[NotProvable] = []
    cases = over_budget = without_client = 0
    for made in context.helpers.files(making, context.documents.text_of(document), done):
        doubts += made.not_provable
        over_budget += made.over_budget
        without_client += made.without_client
        cases += len(made.cases)
        writer.write(made)
    written = writer.finish(schemes_of(document))
    nothing = Proposal(Message("", ""), Message("", ""))
    told = Generated(nothing, written, place, tuple(doubts), over_budget, without_client)
    return replace(told, proposal=_proposal(told, plan, cases, document, context))


def _proposal(
    made: Generated, plan: TestPlan, cases: int, document: ApiDocument, context: ActionContext
) -> Proposal:
    """The proposal of `made`; without edits where every test is there already."""
    what = next(iter(plan.operations)) if len(plan.operations) == 1 else ""
    written = made.written
    title, message = message_of(written, what, cases, made.doubts, made.over_budget)
    notes = (*made.told, *map(note_of, made.doubts))
    if not written.added:
        return Proposal(message, message, notes=notes)
    items = tuple(Item(each.case.title, Origin.RULES) for each in written.added)
    parsed = {file.uri for file in written.files if file.parses}
    around = context.around(written.edits[0].uri, (document,))
    variables = made.place.recognised.variables
    if variables is not None:
        around = replace(around, names=around.names.union(variables.names))
    support = {edit.uri for edit in written.support}
    evidence = file_evidence(written.edits, around, parsed=parsed, support=support)
    return Proposal(title, message, written.edits, items, evidence, notes)


ACTION = Action(
    id="generateTests",
    title=Message("Generate tests", "Сгенерировать тесты"),
    order=1,
    run=run,
    kind="refactor.rewrite",
)
