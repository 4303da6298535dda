"""Assertions behind one call of a test, in the words of its language."""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.source import SourceLanguage, TestCall, TestFile, TestFunction
from pe4king_core.weaving.java import weave_java
from pe4king_core.weaving.python import weave_python
from pe4king_core.weaving.reasons import DAMAGED, NO_CALL
from pe4king_core.weaving.refusals import refusal, status_refusal
from pe4king_core.weaving.woven import WovenCall


def weave_call(
    file: TestFile, test: TestFunction, call: TestCall | None, facts: Sequence[AssertionFact]
) -> WovenCall:
    """`facts` of `call` where that is certain; the others are refused with their reasons."""
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
