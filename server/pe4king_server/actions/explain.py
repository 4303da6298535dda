"""Explain: what a test checks and leaves out, or what an operation does and deserves."""

from __future__ import annotations

from dataclasses import replace

from pe4king_core.errors import DocumentError, RefusedError
from pe4king_core.improvement.explanation import explain_test
from pe4king_core.improvement.operation_explanation import explain_operation
from pe4king_core.improvement.scenarios import Understood
from pe4king_core.model.message import Message
from pe4king_core.model.proposal import Explanation, FileEdit, Proposal
from pe4king_core.weaving import insert_documentation
from pe4king_server.actions.base import (
    Action,
    ActionContext,
    OperationTarget,
    Target,
    TestInContext,
    TestTarget,
    operation_of,
    read_target,
    understand,
)
from pe4king_server.actions.evidence import edit_evidence
from pe4king_server.document_choice import Understood as Matched
from pe4king_server.document_choice import understand_file
from pe4king_server.models import Asked


async def run(target: Target, context: ActionContext) -> Proposal:
    """An explanation; for a test also the edit that puts it into the source as a comment."""
    if isinstance(target, OperationTarget):
        _, operation = await context.worker(operation_of, target, context)
        explanation = await context.worker(explain_operation, operation)
        return Proposal(explanation.title, explanation.title, explanation=explanation)
    found = await context.worker(_understand, target, context)
    explanation = await context.worker(_explain, target, found)
    context.report(Message("Asking the model", "Запрос к модели"))
    asked = await context.models.explanation(found.file, found.test, found.operations)
    if asked.facts:
        explanation = with_model(explanation, asked.facts[0])
    made = await context.worker(_proposal, target, found, explanation, context)
    return replace(made, message=_message(made, asked))


def _understand(target: TestTarget, context: ActionContext) -> TestInContext:
    """The test; a workspace with no document is no reason not to explain what can be read."""
    try:
        return understand(target, context)
    except DocumentError as error:
        file, test = read_target(target, context)
        return TestInContext(
            file, test, Matched(problems={call.id: error.message for call in test.calls})
        )


def _explain(target: TestTarget, found: TestInContext) -> Explanation:
    """What the rules say of the test, its notes included, beside the other tests of its file."""
    others: list[Understood] = []
    if found.document is not None:
        known = understand_file(found.file, (found.document,), target.uri)
        others = [
            (test, known[test.qualified_name].operations)
            for test in found.file.tests
            if test.qualified_name != found.test.qualified_name and not test.damaged
        ]
    meant = found.understood
    return explain_test(
        found.test, meant.operations, found.file.text, others, meant.problems, meant.notes
    )


def _message(made: Proposal, asked: Asked[Explanation]) -> Message:
    """Silence is enough for an explanation, unless the model failed."""
    return asked.explained(made).message if asked.problem is not None else made.message


def with_model(rules: Explanation, model: Explanation) -> Explanation:
    """The model's text first, then what the rules know."""
    return Explanation(
        rules.title,
        Message(
            f"{model.markdown.en.strip()}\n\n---\n\n{rules.markdown.en}",
            f"{model.markdown.ru.strip()}\n\n---\n\n{rules.markdown.ru}",
        ),
        model.comment if model.comment.en.strip() else rules.comment,
    )


def _proposal(
    target: TestTarget, found: TestInContext, explanation: Explanation, context: ActionContext
) -> Proposal:
    title = explanation.title
    documents = () if found.document is None else (found.document,)
    try:
        edits = insert_documentation(
            found.file, found.test, explanation.comment.text(context.language)
        )
    except RefusedError as refusal:
        return Proposal(title, title, notes=(refusal.message,), explanation=explanation)
    return Proposal(
        title,
        title,
        (FileEdit(target.uri, edits, target.text, relies_on=(found.test.span,)),),
        evidence=edit_evidence(
            target.uri, found.file, edits, context.around(target.uri, documents)
        ),
        explanation=explanation,
    )


ACTION = Action(
    id="explain",
    title=Message("Explain", "Объяснить тест"),
    order=4,
    run=run,
    kind="source",
)
