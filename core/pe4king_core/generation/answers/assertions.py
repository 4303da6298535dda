"""Facts that hold for every answer a document allows, each written out for itself."""

from __future__ import annotations

from pe4king_core.generation.answers.groups import AnswerFacts
from pe4king_core.model.case import Depth
from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.operation import Operation


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
