"""Which operation a call of a test means, or why none: invented, or not to be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pe4king_core.improvement.matching import Match, match_call
from pe4king_core.improvement.segments import split_path
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import TestCall


@dataclass(frozen=True, slots=True)
class Meaning:
    """The operation of a call in `document`, or why there is none.

    `certain`: the documents do not have it. `method`: they have its path with other methods.
    """

    operation: Operation | None
    document: ApiDocument
    problem: Message | None = None
    certain: bool = False
    method: bool = False


def chosen(calls: Iterable[TestCall], documents: Sequence[ApiDocument]) -> list[ApiDocument]:
    """`documents`, the one that knows most of `calls` first."""
    every = list(calls)
    known = {
        id(each): sum(match_call(call, each).operation is not None for call in every)
        for each in documents
    }
    return sorted(documents, key=lambda each: -known[id(each)])


def meaning(call: TestCall, documents: Sequence[ApiDocument]) -> Meaning:
    """What `call` means in the first of `documents` that knows it."""
    found = [(match_call(call, each), each) for each in documents]
    for match, document in found:
        if match.operation is not None:
            return Meaning(match.operation, document, match.note)
    match, document = next((each for each in found if each[0].candidates), found[0])
    if call.unresolved is not None or not call.path.startswith("/") or match.candidates:
        return Meaning(None, document, match.reason)
    method = any(_other_method(call, each) for each in documents)
    certain = method or not any(_may_be_below(call, each) for each in documents)
    return Meaning(None, document, _told(match, found), certain, method)


def _told(match: Match, found: Sequence[tuple[Match, ApiDocument]]) -> Message | None:
    reasons = [each.reason for each, _ in found if each.reason is not None]
    return match.reason or next(iter(reasons), None)


def _other_method(call: TestCall, document: ApiDocument) -> bool:
    methods = dict.fromkeys(entry.method for entry in document.entries)
    found = (match_call(replace(call, method=each), document) for each in methods)
    return any(each.operation is not None or each.candidates for each in found)


def _may_be_below(call: TestCall, document: ApiDocument) -> bool:
    """Whether the path ends as a documented one, behind what may be a base path."""
    written = split_path(call.path)
    literals = {part for entry in document.entries for part in split_path(entry.path)}
    for cut in range(1, len(written)):
        if written[cut - 1] in literals or written[cut - 1] == "{}":
            return False
        tail = replace(call, path="/" + "/".join(written[cut:]), parameter_names=())
        if match_call(tail, document).operation is not None:
            return True
    return False
