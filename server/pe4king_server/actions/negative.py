"""Generate negative tests: requests that the document forbids, and its documented errors."""

from __future__ import annotations

from dataclasses import replace

from pe4king_core.generation import Generation
from pe4king_core.generation.variations.negative import negative_cases as negative_facts
from pe4king_core.model.case import TestCase, TestPlan
from pe4king_core.model.fact import CaseFact, CaseKind
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.proposal import FileEdit, Item, Origin, Proposal
from pe4king_server.actions.base import (
    Action,
    ActionContext,
    Target,
    TestTarget,
    counted,
    plural,
    read_target,
)
from pe4king_server.actions.evidence import edit_evidence
from pe4king_server.actions.generate import generated, operations_under, plan_of
from pe4king_server.actions.styles import in_language_of, style_of
from pe4king_server.actions.writing import add_cases, fits
from pe4king_server.files import folder_of
from pe4king_server.models import Asked
from pe4king_server.own_tests import recognise
from pe4king_server.own_tests.evidence import is_ours

_NEGATIVE = frozenset({CaseKind.NEGATIVE})


async def run(target: Target, context: ActionContext) -> Proposal:
    """Negative tests beside the test under the cursor where they fit, else in our own file."""
    document, keys = await context.worker(operations_under, target, context)
    operation = document.operation(next(iter(keys)))
    assert operation is not None  # noqa: S101 - the key comes from this document
    asked = await _ask_model(operation, context)
    proposal = await context.worker(_propose, target, context, document, operation, asked)
    return asked.explained(proposal)


async def _ask_model(operation: Operation, context: ActionContext) -> Asked[CaseFact]:
    context.report(Message("Asking the model", "Запрос к модели"))
    known = negative_facts(operation, TestPlan(kinds=_NEGATIVE)).cases
    return await context.models.negative_cases(operation, known)


def _propose(
    target: Target,
    context: ActionContext,
    document: ApiDocument,
    operation: Operation,
    asked: Asked[CaseFact],
) -> Proposal:
    if isinstance(target, TestTarget):
        beside = _beside(target, context, document, operation, asked)
        if beside is not None:
            return beside
        context = in_language_of(target.uri, context)
    extra = negative_cases(document, operation, context, asked)[1]
    plan = plan_of(context, frozenset({operation.key}), kinds=_NEGATIVE)
    return generated(document, plan, context, extra=extra).proposal


def _beside(
    target: TestTarget,
    context: ActionContext,
    document: ApiDocument,
    operation: Operation,
    asked: Asked[CaseFact],
) -> Proposal | None:
    """The tests behind those of the file; None where they would not find what they use."""
    from pe4king_core.rendering.formats import formats

    file, _ = read_target(target, context)
    chosen = next(item for item in formats().values() if item.language is file.language)
    if not file.tests or file.tests[-1].damaged:
        return None
    folder = folder_of(target.uri)
    recognised = recognise(document, [operation], context, file.language, folder)
    recognised = recognised.without_support()
    own, more = negative_cases(document, operation, context, asked)
    cases = tuple(case for case in (*own, *more) if recognised.serves(case))
    style = replace(recognised.style(style_of(context)), markers=is_ours(target.text))
    edits, names = add_cases(file, cases, chosen, style)
    if not fits(file, target.uri, context, edits, names):
        return None
    if not edits:
        done = Message(
            f"The negative tests of {operation.key} are there already.",
            f"Негативные тесты для {operation.key} уже есть.",
        )
        return Proposal(done, done)
    items = tuple(
        Item(case.title, Origin.MODEL if case in more else Origin.RULES)
        for case in cases
        if case.name in names or f"test_{case.name}" in names
    )
    count = len(names)
    shown = plural(count, "негативный тест", "негативных теста", "негативных тестов")
    return Proposal(
        Message(
            f"Pe4King: {counted(count, 'negative test')} for {operation.key}",
            f"Pe4King: {shown} для {operation.key}",
        ),
        Message(
            f"Added {counted(count, 'negative test')} for {operation.key}.",
            f"Добавлено: {shown} для {operation.key}.",
        ),
        (FileEdit(target.uri, edits, target.text, relies_on=(file.tests[-1].span,)),),
        items,
        edit_evidence(target.uri, file, edits, context.around(target.uri, (document,))),
    )


def negative_cases(
    document: ApiDocument, operation: Operation, context: ActionContext, asked: Asked[CaseFact]
) -> tuple[tuple[TestCase, ...], tuple[TestCase, ...]]:
    """The rules' cases, and those of the model that the rules do not have."""
    plan = plan_of(context, kinds=_NEGATIVE)
    group = operation.tags[0] if operation.tags else document.title
    labels = replace(plan.labels, feature=plan.labels.feature or group)
    generation = Generation(document.operations, replace(plan, labels=labels))
    cases = generation.cases(operation).cases
    known = [(case.changes, case.request.credentials) for case in cases]
    more = tuple(
        generation.from_fact(operation, fact)
        for fact in asked.facts
        if (fact.changes, fact.credentials) not in known
    )
    return cases, more


ACTION = Action(
    id="generateNegativeTests",
    title=Message("Generate negative tests", "Сгенерировать негативные тесты"),
    order=3,
    run=run,
)
