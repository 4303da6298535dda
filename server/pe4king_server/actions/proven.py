"""A proposal with what running it showed: `passes`, and the kills before and after."""

from __future__ import annotations

from dataclasses import replace

from pe4king_core.errors import UserError
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.proposal import Proposal
from pe4king_core.model.verdict import Evidence, Level, LevelResult, LevelState
from pe4king_server.actions.base import ActionContext, OperationTarget, Target
from pe4king_server.actions.evidence import checked


async def with_proof(proposal: Proposal, target: Target, context: ActionContext) -> Proposal:
    """`proposal` with what running it showed. Raises BrokenProposalError where it is red."""
    if not proposal.edits or proposal.explanation is not None or context.prover is None:
        return proposal
    try:
        documents = await context.worker(_documents, target, context)
    except UserError as problem:  # it went away meanwhile
        levels = tuple(
            LevelResult(level, LevelState.NOT_RUN, problem.message)
            for level in (Level.PASSES, Level.KILLS)
        )
        return replace(proposal, evidence=Evidence((*proposal.evidence.levels, *levels)))
    found = await context.prover(proposal.edits, documents, context.report)
    levels = (*proposal.evidence.levels, found.passes, found.kills)
    return replace(proposal, evidence=checked(Evidence(levels, found.counts)))


def _documents(target: Target, context: ActionContext) -> tuple[ApiDocument, ...]:
    """The document of the operation, or those that the workspace has for the test."""
    if isinstance(target, OperationTarget):
        return (context.documents.load(target.uri, target.text, context.files),)
    return context.documents.find(context.files, context.settings.document, target.uri)
