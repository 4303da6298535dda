"""The gate: what a proposal asks and asserts is in the document; nothing is invented.

What stood there before is not judged, nor is what the project's own helpers do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import TestFile
from pe4king_core.model.verdict import Level, LevelResult, LevelState
from pe4king_core.proof.gates.contract import judging, loose, wording
from pe4king_core.proof.gates.contract.finding import Finding
from pe4king_core.proof.gates.contract.sight import tests_of
from pe4king_core.proof.proposed import Proposed, Surroundings


class ContractGate:
    """Nothing invented: FAILED for what is not in the document, WARNED for what cannot be told."""

    level = Level.CONTRACT

    def check(self, proposed: Proposed, around: Surroundings) -> LevelResult:
        """The worst of what the proposal adds; the first of several."""
        documents = [each for each in around.documents if each.entries]
        if not documents:
            return LevelResult(self.level, LevelState.NOT_RUN, wording.NO_DOCUMENT)
        try:
            found = added(proposed, around)
        except RecursionError:
            return LevelResult(self.level, LevelState.NOT_RUN, wording.TOO_DEEP)
        for state in (LevelState.FAILED, LevelState.WARNED):
            own = [each for each in found if each.state is state]
            if own:
                reason = wording.several(own[0].reason, len(own) - 1)
                return LevelResult(self.level, state, reason, own[0].span)
        return LevelResult(self.level, LevelState.PASSED)


def added(proposed: Proposed, around: Surroundings) -> list[Finding]:
    """What is wrong after the proposal and was not before, in the order of the text."""
    before, after = tests_of(proposed, around)
    documents = [each for each in around.documents if each.entries]
    known = Counter(each.key for each in _all(before, documents))
    written = "\n".join(span.of(after.text) for span in proposed.written)
    kept: dict[tuple[object, ...], Finding] = {}
    for each in _all(after, documents):
        if known[each.key] > 0:
            known[each.key] -= 1
        elif not each.via or not each.name or each.name in written:
            kept.setdefault((*each.key, each.span), each)
    return sorted(kept.values(), key=lambda each: (each.span.start, each.span.end))


def _all(file: TestFile, documents: Sequence[ApiDocument]) -> list[Finding]:
    """What tests do, then what stands around them and was not told of a test already."""
    found = list(judging.findings(file, documents))
    told = {each.key for each in found}
    return found + [each for each in loose.findings(file, documents) if each.key not in told]
