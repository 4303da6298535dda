"""The gate `safe`: what a proposal brings does nothing but call the API and check answers."""

from __future__ import annotations

from typing import Protocol

from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.verdict import Level, LevelResult, LevelState
from pe4king_core.proof.gates.safety.danger import Danger, brought
from pe4king_core.proof.gates.safety.java import reading as java
from pe4king_core.proof.gates.safety.knowing import Known, known
from pe4king_core.proof.gates.safety.python import reading as python
from pe4king_core.proof.gates.safety.shadowing import shadows
from pe4king_core.proof.proposed import Proposed, Surroundings

_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
_NOT_READ = Message(
    "the file cannot be read as code, so nobody knows what it does",
    "файл не читается как код, поэтому неизвестно, что он делает",
)


class _Reading(Protocol):
    """What there is for each language."""

    def dangers(self, text: str, known: Known) -> list[Danger]: ...

    def with_habits(self, known: Known, text: str) -> Known: ...


class SafetyGate:
    """Compares the dangers of the file before and after; existing code is not judged.

    Red: what could do harm. Amber: a library, an attribute or an address that is only unknown.
    """

    level = Level.SAFE

    def check(self, proposed: Proposed, around: Surroundings) -> LevelResult:
        """The worst thing that the proposal brings, with its place."""
        reading: _Reading = python if proposed.language is SourceLanguage.PYTHON else java
        place = known(around, proposed.path)
        try:
            place, before = _existing(reading, place, proposed)
            after = [*shadows(proposed), *reading.dangers(proposed.after, place)]
            found = brought(before, after)
        except _UNREADABLE:
            return LevelResult(self.level, LevelState.NOT_RUN, _NOT_READ)
        if not found:
            return LevelResult(self.level, LevelState.PASSED)
        worst = found[0]
        state = LevelState.FAILED if worst.fatal else LevelState.WARNED
        return LevelResult(self.level, state, worst.reason, worst.span)


def _existing(reading: _Reading, place: Known, proposed: Proposed) -> tuple[Known, list[Danger]]:
    """What the text as it was does and knows; where it cannot be read everything is judged."""
    if proposed.is_new:
        return place, []
    try:
        place = reading.with_habits(place, proposed.before)
        return place, reading.dangers(proposed.before, place)
    except _UNREADABLE:
        return place, []
