"""Facts that hold for every answer a document allows, each written out for itself."""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.generation.answers.groups import AnswerFacts
from pe4king_core.generation.answers.shared import common_facts
from pe4king_core.model.case import Depth
from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.operation import Operation
from pe4king_core.model.record import replace


def response_facts(
    operation: Operation,
    status: int,
    *,
    call: str = "C1",
    depth: Depth = Depth.L5_TYPES,
    asked_json: bool = False,
) -> tuple[AssertionFact, ...]:
    """What `operation` promises of its answer with `status`, the status itself left out.

    Ordered as a reader expects: content type, headers, then the body from the top down.
    `asked_json`: the request asks for JSON, so that is the form of the answer.
    """
    return AnswerFacts().flat(operation, status, call=call, depth=depth, asked_json=asked_json)


def shared_facts(
    operation: Operation,
    statuses: Sequence[int],
    *,
    call: str = "C1",
    depth: Depth = Depth.L5_TYPES,
    asked_json: bool = False,
) -> tuple[AssertionFact, ...]:
    """What `operation` promises whichever of `statuses` it answers with."""
    facts = AnswerFacts()
    answers = [
        facts.flat(operation, status, call=call, depth=depth, asked_json=asked_json)
        for status in statuses
    ]
    if len(answers) < 2:
        return answers[0] if answers else ()
    return tuple(replace(fact, when=None) for fact in common_facts(answers))
