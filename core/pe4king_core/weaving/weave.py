"""Assertions into an existing test, behind the calls that they speak of."""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.source import SourceLanguage, TestCall, TestFile, TestFunction
from pe4king_core.model.text import Edit, Span
from pe4king_core.weaving.imports import import_edits
from pe4king_core.weaving.java import weave_java
from pe4king_core.weaving.python import weave_python
from pe4king_core.weaving.reasons import DAMAGED, NO_CALL
from pe4king_core.weaving.refusals import refusal, status_refusal
from pe4king_core.weaving.woven import Woven, WovenCall


def weave(file: TestFile, test: TestFunction, facts: Sequence[AssertionFact]) -> Woven:
    """Insertions that make `test` check `facts`, whose calls are ids of `test.calls`.

    Nothing else changes. Facts whose code would not certainly mean what they say are refused
    with a reason. Passing facts that the test checks already adds them again: ask `is_covered`.
    """
    results: list[WovenCall] = []
    by_call: dict[str, list[AssertionFact]] = {}
    for fact in facts:
        by_call.setdefault(fact.call, []).append(fact)
    for name, stated in by_call.items():
        call = next((each for each in test.calls if each.id == name), None)
        results.append(_weave_call(file, test, call, stated))
    imports = frozenset().union(*(result.imports for result in results))
    edits = sorted((edit for result in results for edit in result.edits), key=_order)
    refused = tuple(each for result in results for each in result.refused)
    turned_away = [fact for fact, _ in refused]
    added = tuple(fact for fact in facts if fact not in turned_away)
    return Woven((*import_edits(file, imports), *edits), added, refused)


def _order(edit: Edit) -> tuple[Span, bool, int]:
    """What completes a statement comes before the lines behind it, inner blocks before outer."""
    is_block = edit.text.startswith(("\n", "\r"))
    lines = edit.text.lstrip("\r\n")
    return edit.span, is_block, len(lines.lstrip()) - len(lines) if is_block else 0


def _weave_call(
    file: TestFile, test: TestFunction, call: TestCall | None, facts: Sequence[AssertionFact]
) -> WovenCall:
    if call is None or test.damaged:
        reason = DAMAGED if test.damaged else NO_CALL
        return WovenCall(refused=tuple((fact, reason) for fact in facts))
    reason_for_all = refusal(test, call)
    if reason_for_all is not None:
        return WovenCall(refused=tuple((fact, reason_for_all) for fact in facts))
    judged = [(fact, status_refusal(test, call, fact, facts)) for fact in facts]
    refused = [(fact, reason) for fact, reason in judged if reason is not None]
    turned_away = [fact for fact, _ in refused]
    left = [fact for fact in facts if fact not in turned_away]
    writer = weave_python if test.language is SourceLanguage.PYTHON else weave_java
    woven = writer(file, test, call, left) if left else WovenCall()
    return WovenCall(woven.edits, woven.imports, (*refused, *woven.refused))
