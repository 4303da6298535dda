"""Assertions into an existing test, behind the calls that they speak of, or in a test beside it."""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.source import TestFile, TestFunction
from pe4king_core.model.text import Edit, Span
from pe4king_core.weaving.beside import Beside, said_beside, weave_beside
from pe4king_core.weaving.calls import weave_call
from pe4king_core.weaving.imports import import_edits
from pe4king_core.weaving.woven import Woven, WovenCall


def weave(
    file: TestFile, test: TestFunction, facts: Sequence[AssertionFact], *, siblings: bool = True
) -> Woven:
    """Insertions that make `test` check `facts`, whose calls are ids of `test.calls`.

    Nothing else changes. Facts whose code would not certainly mean what they say are refused
    with a reason. Passing facts that the test checks already adds them again: ask `is_covered`.
    With `siblings`, what is refused because of where the request stands goes into a test beside
    this one that makes the request again, where that is certain to be the same.
    """
    known = said_beside(file, test, facts) if siblings else ()
    told = [fact for fact, _ in known]
    results: list[WovenCall] = []
    by_call: dict[str, list[AssertionFact]] = {}
    for fact in facts:
        if fact not in told:
            by_call.setdefault(fact.call, []).append(fact)
    for name, stated in by_call.items():
        call = next((each for each in test.calls if each.id == name), None)
        results.append(weave_call(file, test, call, stated))
    refused = (*known, *(each for result in results for each in result.refused))
    beside = weave_beside(file, test, refused) if siblings else Beside(refused=refused)
    imports = beside.imports.union(*(result.imports for result in results))
    edits = sorted((edit for result in results for edit in result.edits), key=_order)
    turned_away = [fact for fact, _ in beside.refused]
    added = tuple(fact for fact in facts if fact not in turned_away)
    every = (*import_edits(file, imports), *edits, *beside.edits)
    return Woven(every, added, beside.refused, beside.names)


def _order(edit: Edit) -> tuple[Span, bool, int]:
    """What completes a statement comes before the lines behind it, inner blocks before outer."""
    is_block = edit.text.startswith(("\n", "\r"))
    lines = edit.text.lstrip("\r\n")
    return edit.span, is_block, len(lines.lstrip()) - len(lines) if is_block else 0
