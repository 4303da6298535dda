"""Enhance with AI: the checks that a test lacks, from the document and from a model.

The document's facts are always there; a model adds to them. Where no model is configured, or it
fails, the result is the document's facts and one plain sentence about why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pe4king_core.improvement.expectation import Expectation, expectation
from pe4king_core.improvement.missing import is_judged, missing_facts
from pe4king_core.improvement.ranking import ranked
from pe4king_core.improvement.wording import fact_words
from pe4king_core.model.case import Depth, Focus
from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.proposal import FileEdit, Item, Origin, Proposal
from pe4king_core.model.source import TestFile, TestFunction
from pe4king_core.model.text import Edit, apply_edits, compose_insertions
from pe4king_core.proof.proposed import Surroundings
from pe4king_core.testcode.indexed import IndexedTest
from pe4king_server.actions.base import (
    Action,
    ActionContext,
    OperationTarget,
    Target,
    TestInContext,
    counted,
    operation_of,
    plural,
    require_operations,
    understand,
)
from pe4king_server.actions.evidence import edit_evidence
from pe4king_server.actions.generate import propose
from pe4king_server.actions.refusals import refusal_notes
from pe4king_server.documents import operations_of
from pe4king_server.models import Asked


async def run(target: Target, context: ActionContext) -> Proposal:
    """More checks for the test under the cursor, or for every test of an operation."""
    if isinstance(target, OperationTarget):
        return await _enhance_operation(target, context)
    found = await context.worker(understand, target, context)
    require_operations(found)
    return await enhance_tests(target.uri, found.file, [found], context)


async def _enhance_operation(target: OperationTarget, context: ActionContext) -> Proposal:
    """The operation's tests where the workspace has some, else new ones at full depth."""
    tests = await context.worker(tests_of_operation, target, context)
    if tests is None:
        return await context.worker(propose, target, context)
    uri, file, found = tests
    return await enhance_tests(uri, file, found, context)


def tests_of_operation(
    target: OperationTarget, context: ActionContext
) -> tuple[str, TestFile, list[TestInContext]] | None:
    """The first test file that calls the operation, with those tests; None where none does."""
    document, operation = operation_of(target, context)
    for uri, tests in context.sources.index(context.files).files.items():
        if not any(_calls(test, operation, document) for test in tests):
            continue
        text = context.files.read(uri)
        if text is None:
            continue
        file = context.sources.tests_of(uri, text, context.files)
        found = []
        for test in file.tests:
            understood = operations_of(test, (document,))
            if not test.damaged and operation in understood.operations.values():
                found.append(TestInContext(file, test, understood))
        if found:
            return uri, file, found
    return None


def _calls(test: IndexedTest, operation: Operation, document: ApiDocument) -> bool:
    from pe4king_core.improvement.matching import match_call

    found = (match_call(call, document) for call in test.calls)
    return any(match.operation == operation for match in found)


@dataclass(frozen=True, slots=True)
class _Enhanced:
    """What came of one test."""

    edits: tuple[Edit, ...]
    added: tuple[AssertionFact, ...]
    refused: tuple[tuple[AssertionFact, Message], ...]
    siblings: tuple[str, ...] = ()
    """Tests beside it that hold what has no place in it."""


async def enhance_tests(
    uri: str, file: TestFile, tests: Sequence[TestInContext], context: ActionContext
) -> Proposal:
    """One proposal that adds what `tests`, all of `file`, do not check yet."""
    text = file.text
    edits: tuple[Edit, ...] = ()
    results: list[_Enhanced] = []
    asked: list[Asked[AssertionFact]] = []
    for found in tests:
        rules = await context.worker(rule_facts, found.test, found, context)
        answer = await ask_model(found, rules, context)
        asked.append(answer)
        result = await context.worker(_weave, uri, text, found, rules, answer, context)
        results.append(result)
        edits = compose_insertions(edits, result.edits)
        text = apply_edits(file.text, edits)
    return await context.worker(_proposal, uri, file, edits, tests, results, asked, context)


async def ask_model(
    found: TestInContext, rules: Sequence[AssertionFact], context: ActionContext
) -> Asked[AssertionFact]:
    """What a model adds for this test; nothing, and why, where there is none or it fails."""
    context.report(Message("Asking the model", "Запрос к модели"))
    statuses = {
        call: expected.status
        for call, expected in expectations(found).items()
        if expected.status is not None
    }
    if not statuses:
        return Asked(offline=True)
    answer = await context.models.assertions(
        found.file, found.test, found.operations, statuses, rules, context.settings
    )
    return answer if _wants_rules(context) else without_laws(answer)


def _wants_rules(context: ActionContext) -> bool:
    settings = context.settings
    return settings.depth >= Depth.L6_RULES or Focus.RULES in settings.focus


def without_laws(answer: Asked[AssertionFact]) -> Asked[AssertionFact]:
    """`answer` without what the document does not state: it may fail on a conforming server."""
    laws = [fact for fact in answer.facts if fact.law]
    if not laws:
        return answer
    left_out = tuple(
        Message(
            f"From the model, not used: {words.en} (a business rule; asked for with depth L6)",
            f"От модели, не использовано: {words.ru} (бизнес-правило; включается глубиной L6)",
        )
        for words in map(fact_words, laws)
    )
    kept = tuple(fact for fact in answer.facts if not fact.law)
    return replace(answer, facts=kept, warnings=(), rejected=(*answer.rejected, *left_out))


def expectations(found: TestInContext) -> dict[str, Expectation]:
    """What the test expects of each of its calls that is in the document."""
    return {
        call.id: expectation(found.test, call, found.operations[call.id], found.file.text)
        for call in found.test.calls
        if call.id in found.operations and is_judged(found.test, call)
    }


def _weave(
    uri: str,
    text: str,
    found: TestInContext,
    rules: Sequence[AssertionFact],
    answer: Asked[AssertionFact],
    context: ActionContext,
) -> _Enhanced:
    """The facts woven into the test as it stands in `text`, which holds what came before."""
    from pe4king_core.testcode.coverage import is_covered
    from pe4king_core.weaving import weave

    same = text == found.file.text
    file = found.file if same else context.sources.tests_of(uri, text, context.files)
    test = file.test_named(found.test.qualified_name)
    if test is None or test.damaged:
        return _Enhanced((), (), ())
    known = {fact.key for fact in rules}
    more = [fact for fact in answer.facts if fact.key not in known and not is_covered(test, fact)]
    facts = (*rules, *more)
    woven = weave(file, test, facts)
    return _Enhanced(woven.edits, woven.added, woven.refused, woven.siblings)


def rule_facts(
    test: TestFunction, found: TestInContext, context: ActionContext
) -> list[AssertionFact]:
    """What the document promises for the calls of `test` and the test does not check."""
    settings = context.settings
    return [
        fact
        for call in test.calls
        if call.id in found.operations
        for fact in missing_facts(
            test,
            call,
            found.operations[call.id],
            found.file.text,
            depth=settings.depth,
            focus=settings.focus,
        )
    ]


def _proposal(
    uri: str,
    file: TestFile,
    edits: tuple[Edit, ...],
    tests: Sequence[TestInContext],
    results: Sequence[_Enhanced],
    asked: Sequence[Asked[AssertionFact]],
    context: ActionContext,
) -> Proposal:
    added = ranked(fact for result in results for fact in result.added)
    where = tests[0].test.name if len(tests) == 1 else f"{len(tests)} tests"
    where_ru = (
        tests[0].test.name if len(tests) == 1 else plural(len(tests), "тест", "теста", "тестов")
    )
    untold = [
        problem
        if len(tests) == 1
        else Message(f"{found.test.name}: {problem.en}", f"{found.test.name}: {problem.ru}")
        for found in tests
        for expected in expectations(found).values()
        if (problem := expected.problem) is not None
    ]
    refused = refusal_notes(each for result in results for each in result.refused)
    matched = [note for found in tests for note in found.understood.notes]
    reasons = tuple(dict.fromkeys((*untold, *refused)))
    beside = [_beside(name) for result in results for name in result.siblings]
    notes = tuple(dict.fromkeys((*beside, *reasons, *matched)))
    combined = Asked.combine(asked)
    if not edits:
        nothing = _nothing_to_add(where, where_ru, reasons, context.settings.depth)
        return combined.explained(replace(nothing, notes=notes))
    by_model = {id(fact) for answer in asked for fact in answer.facts}
    items = tuple(
        Item(fact_words(fact), Origin.MODEL if id(fact) in by_model else Origin.RULES, fact)
        for fact in added
    )
    count = len(added)
    shown = plural(count, "проверка", "проверки", "проверок")
    proposal = Proposal(
        Message(
            f"Pe4King: {counted(count, 'check')} for {where}", f"Pe4King: {shown} для {where_ru}"
        ),
        Message(f"Added {counted(count, 'check')} to {where}.", f"Добавлено: {shown}, {where_ru}."),
        (FileEdit(uri, edits, file.text, relies_on=tuple(found.test.span for found in tests)),),
        items,
        edit_evidence(uri, file, edits, _around(uri, tests, context), combined.warnings),
        notes,
    )
    return combined.explained(proposal)


def _around(uri: str, tests: Sequence[TestInContext], context: ActionContext) -> Surroundings:
    documents = {found.document.uri: found.document for found in tests if found.document}
    return context.around(uri, tuple(documents.values()))


def _beside(name: str) -> Message:
    """That checks went into the test `name` beside the one they were asked for."""
    return Message(
        f"Checks that have no place in the test itself went into {name} beside it, which makes "
        "the same request once more.",
        f"Проверки, которым нет места в самом тесте, записаны рядом в {name}: там тот же запрос "
        "выполняется ещё раз.",
    )


def _nothing_to_add(
    where: str, where_ru: str, notes: tuple[Message, ...], depth: Depth
) -> Proposal:
    if notes:
        message = Message(
            f"Nothing was added to {where}: {notes[0].en}",
            f"В {where_ru} ничего не добавлено: {notes[0].ru}",
        )
    else:
        shallow = depth < Depth.L5_TYPES
        limit, limit_ru = (f" at depth L{depth}", f" на глубине L{depth}") if shallow else ("", "")
        message = Message(
            f"{where} checks everything that the document promises{limit}.",
            f"{where_ru}: проверено всё, что обещает документ{limit_ru}.",
        )
    return Proposal(message, message, notes=notes)


ACTION = Action(
    id="enhance",
    title=Message("Enhance with AI", "Улучшить с помощью AI"),
    order=2,
    run=run,
)
