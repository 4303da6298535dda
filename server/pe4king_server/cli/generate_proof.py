"""The evidence of what `pe4king generate` writes: a few new tests are run, many are not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.proposal import Proposal
from pe4king_core.model.verdict import Evidence
from pe4king_server.actions.base import ActionContext, Proven
from pe4king_server.actions.evidence import checked
from pe4king_server.actions.generate import Generated
from pe4king_server.cli.output import Output
from pe4king_server.proving.around import Around
from pe4king_server.proving.prover import ActionProver, not_run

MOST_TESTS = 60
"""More take longer to run than anybody waits for files to be written."""
_SECONDS = 20

_OFF = Message("left out by --no-run", "не запускалось из-за --no-run")
_STARTING = Message(
    f"Running the new tests, for {_SECONDS} s at most (--no-run leaves it out) …",
    f"Запуск новых тестов, не дольше {_SECONDS} с (--no-run отменит) …",
)


def with_evidence(
    made: Generated, document: ApiDocument, context: ActionContext, output: Output, *, run: bool
) -> Generated:
    """`made` with what running it shows. Raises BrokenProposalError where that is red."""
    proposal = made.proposal
    if not proposal.edits:
        return made
    count = len(made.written.added)
    if not run:
        found = not_run(_OFF)
    elif count > MOST_TESTS:
        found = not_run(_many(count))
    else:
        found = asyncio.run(_ran(proposal, document, context, output))
    levels = (*proposal.evidence.levels, found.passes, found.kills)
    evidence = checked(Evidence(levels, found.counts))
    return replace(made, proposal=replace(proposal, evidence=evidence))


async def _ran(
    proposal: Proposal, document: ApiDocument, context: ActionContext, output: Output
) -> Proven:
    settings = context.settings
    proof = replace(settings.proof, seconds=min(settings.proof.seconds, _SECONDS))
    around = Around.here(context.files, replace(settings, proof=proof))
    prover = ActionProver(
        context.files, context.documents, context.sources, around, asyncio.to_thread
    )
    return await prover(proposal.edits, (document,), _once(output))


def _once(output: Output) -> Callable[[Message], None]:
    """Says that tests are being run, where they are."""
    told: list[Message] = []

    def tell(message: Message) -> None:
        if not told:
            output.say(_STARTING, "dim")
        told.append(message)

    return tell


def _many(count: int) -> Message:
    return Message(
        f"{count} tests are too many to run at once: `pe4king prove FILE` runs them",
        f"{count} тестов слишком много для одного раза: их запустит `pe4king prove ФАЙЛ`",
    )
