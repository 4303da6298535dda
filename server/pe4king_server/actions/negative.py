"""Generate negative tests: requests that the document forbids, and its documented errors."""

from __future__ import annotations

from dataclasses import replace

from pe4king_core.generation.generate import case_from_fact, generate_cases
from pe4king_core.generation.negative import negative_cases as negative_facts
from pe4king_core.generation.positive import find_flows
from pe4king_core.model.case import Labels, TestCase, TestPlan
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
from pe4king_server.actions.generate import operations_under, propose_files
from pe4king_server.actions.writing import add_cases, fits, in_language_of, style_of
from pe4king_server.models import Asked

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
    return propose_files(document, frozenset({operation.key}), context, _NEGATIVE, extra)


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
    own, more = negative_cases(document, operation, context, asked)
    cases = (*own, *more)
    if not file.tests or file.tests[-1].damaged:
        return None
    edits, names = add_cases(file, cases, chosen, style_of(context))
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
        edit_evidence(file, edits),
    )


def negative_cases(
    document: ApiDocument, operation: Operation, context: ActionContext, asked: Asked[CaseFact]
) -> tuple[tuple[TestCase, ...], tuple[TestCase, ...]]:
    """The rules' cases, and those of the model that the rules do not have."""
    plan = TestPlan(
        kinds=_NEGATIVE,
        depth=context.settings.depth,
        max_tests_per_endpoint=context.settings.max_tests_per_endpoint,
        labels=Labels(feature=operation.tags[0] if operation.tags else document.title),
    )
    flow = find_flows(document.operations).get(operation.key)
    cases, _ = generate_cases(operation, plan, flow)
    known = [(case.changes, case.request.credentials) for case in cases]
    more = tuple(
        replace(case_from_fact(operation, fact, plan.depth, flow), labels=plan.labels)
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
