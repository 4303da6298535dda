"""What a user's own tests assert and the document does not have: our server plays along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pe4king_core.model.message import Message
from pe4king_core.model.verdict import LevelState
from pe4king_core.proof.gates.contract.judging import findings
from pe4king_core.proof.proving import reasons
from pe4king_core.proof.proving.job import Api, TestSource
from pe4king_core.proof.report import Judged, TestProof


def with_notes(
    tests: Sequence[TestProof], sources: Sequence[TestSource], apis: Sequence[Api]
) -> tuple[TestProof, ...]:
    """`tests`, those that pass with what they name and the document has not."""
    notes = {(each.path, name): note for each in sources for name, note in _notes(each, apis)}
    return tuple(_noted(each, notes.get((each.item.file, each.item.name))) for each in tests)


def _noted(test: TestProof, note: Message | None) -> TestProof:
    if note is None or test.judged is not Judged.PASSES or test.reason.en:
        return test
    return replace(test, reason=reasons.not_described(note))


def _notes(source: TestSource, apis: Sequence[Api]) -> list[tuple[str, Message]]:
    """The first of each test that we did not write; a proposal has a gate for that."""
    if source.before is not None:
        return []
    own = [each for each in source.file.tests if each.qualified_name not in source.generated]
    documents = [each.document for each in apis]
    found = [each for each in findings(source.file, documents) if each.state is LevelState.FAILED]
    notes: dict[str, Message] = {}
    for test in own:
        for each in found:
            if test.span.contains(each.span.start):
                notes.setdefault(test.qualified_name, each.reason)
    return list(notes.items())
