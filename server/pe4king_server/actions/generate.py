"""Generate tests: for an operation of a document, or the ones that a test's operation lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pe4king_core.generation import generate
from pe4king_core.generation.names import without_collisions
from pe4king_core.model.case import TestCase, TestModel, TestPlan
from pe4king_core.model.fact import CaseKind
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.proposal import Item, Origin, Proposal
from pe4king_server.actions.base import (
    Action,
    ActionContext,
    OperationTarget,
    Target,
    counted,
    operation_of,
    plural,
    require_operations,
    understand,
)
from pe4king_server.actions.evidence import file_evidence
from pe4king_server.actions.writing import Written, in_language_of, write_models
from pe4king_server.files import folder_of, is_below, join_uri


async def run(target: Target, context: ActionContext) -> Proposal:
    """Positive and negative tests of the target's operations, as a proposal of files."""
    return await context.worker(propose, target, context, frozenset(TestPlan().kinds))


def propose(target: Target, context: ActionContext, kinds: frozenset[CaseKind]) -> Proposal:
    """Tests of `kinds` for the operation under the cursor, or for those of the test there."""
    document, keys = operations_under(target, context)
    return propose_files(document, keys, in_language_of(target.uri, context), kinds)


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


def propose_files(
    document: ApiDocument,
    keys: frozenset[str],
    context: ActionContext,
    kinds: frozenset[CaseKind],
    extra: tuple[TestCase, ...] = (),
) -> Proposal:
    """Tests for the operations `keys` (empty: all) of `document`, as new files or beside others.

    `extra` are cases from elsewhere (a model); they stand behind the rules' ones.
    """
    settings = context.settings
    plan = TestPlan(
        operations=keys,
        kinds=kinds,
        depth=settings.depth,
        max_tests_per_endpoint=settings.max_tests_per_endpoint,
    )
    models = labelled(_with_extra(generate(document, plan), extra))
    written = write_models(models, document, context, output_folder(document, context))
    return proposal_of(models, written, keys)


def _with_extra(
    models: tuple[TestModel, ...], extra: tuple[TestCase, ...]
) -> tuple[TestModel, ...]:
    """The models with each extra case behind the others of its operation's group."""
    if not extra:
        return models
    made = []
    for model in models:
        keys = {case.operation.key for case in model.cases}
        more = [case for case in extra if case.operation.key in keys]
        made.append(replace(model, cases=tuple(without_collisions((*model.cases, *more)))))
    return tuple(made)


def labelled(models: Iterable[TestModel]) -> tuple[TestModel, ...]:
    """The models with the group as Allure feature where no other was asked for."""
    return tuple(
        replace(
            model,
            cases=tuple(
                case
                if case.labels.feature
                else replace(case, labels=replace(case.labels, feature=model.group))
                for case in model.cases
            ),
        )
        for model in models
    )


def output_folder(document: ApiDocument, context: ActionContext) -> str:
    """The folder of generated tests: below the workspace, else beside the document."""
    if context.settings.output.startswith("file:"):
        return context.settings.output.rstrip("/")
    roots = [root for root in context.files.roots if is_below(document.uri, root)]
    base = roots[0] if roots else next(iter(context.files.roots), folder_of(document.uri))
    return join_uri(base, context.settings.output.strip("/"))


_NO_RULE = Message(
    "The document states no operation, or no rule that a request could break.",
    "В документе нет ни операций, ни правил, которые запрос мог бы нарушить.",
)


def proposal_of(models: Sequence[TestModel], written: Written, keys: frozenset[str]) -> Proposal:
    """The proposal of `written`; without edits where every test is there already."""
    what = next(iter(keys)) if len(keys) == 1 else ""
    doubts = [doubt for model in models for doubt in model.not_provable]
    notes = tuple(
        Message(
            f"Left out: {doubt.operation} {doubt.title.en}: {doubt.reason.en}.",
            f"Пропущено: {doubt.operation} {doubt.title.ru}: {doubt.reason.ru}.",
        )
        for doubt in doubts
    )
    names = set(written.added)
    items = tuple(
        Item(case.title, Origin.RULES)
        for model in models
        for case in model.cases
        if case.name in names or f"test_{case.name}" in names
    )
    count = len(written.added)
    if not any(model.cases for model in models):
        why = notes[0] if notes else _NO_RULE
        none = Message(
            f"There is nothing to write for {what or 'the document'} with these settings. {why.en}",
            f"Для {what or 'документа'} при этих настройках писать нечего. {why.ru}",
        )
        return Proposal(none, none, notes=notes)
    if not count:
        done = Message(
            f"All tests of {what or 'the document'} are there already.",
            f"Все тесты для {what or 'документа'} уже есть.",
        )
        return Proposal(done, done, notes=notes)
    title = Message(
        f"Pe4King: {counted(count, 'test')} for {what or 'the document'}",
        f"Pe4King: {plural(count, 'тест', 'теста', 'тестов')} для {what or 'документа'}",
    )
    message = Message(
        f"Wrote {counted(count, 'test')} for {what or 'the document'}.",
        f"Написано: {plural(count, 'тест', 'теста', 'тестов')} для {what or 'документа'}.",
    )
    if written.lacking:
        fixtures = ", ".join(written.lacking)
        message = Message(
            f"{message.en} The conftest.py that is there has no fixture {fixtures}: add it, "
            "or choose another folder (pe4king.output).",
            f"{message.ru} В имеющемся conftest.py нет фикстуры {fixtures}: добавьте её "
            "или выберите другую папку (pe4king.output).",
        )
    return Proposal(title, message, written.edits, items, file_evidence(written.edits), notes)


ACTION = Action(
    id="generateTests",
    title=Message("Generate tests", "Сгенерировать тесты"),
    order=1,
    run=run,
    kind="refactor.rewrite",
)
