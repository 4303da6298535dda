"""Verdicts, cells and faults in words, for everything that shows a proof."""

from __future__ import annotations

from types import MappingProxyType

from pe4king_core.improvement.wording import fact_words
from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.mock.mutants.laws import described_law
from pe4king_core.mock.mutants.wording import described
from pe4king_core.model.message import Message
from pe4king_core.proof.report import CellState, Judged, Survivor
from pe4king_core.proof.running import TestItem

VERDICTS = MappingProxyType(
    {
        Judged.PASSES: Message("passes", "проходит"),
        Judged.FALSE_ALARM: Message("false alarm", "ложная тревога"),
        Judged.FLAKY: Message("flaky", "нестабилен"),
        Judged.UNPROVEN: Message("unproven", "не доказан"),
    }
)
STATES = MappingProxyType(
    {
        CellState.KILLED: Message("killed", "убит"),
        CellState.SURVIVED: Message("survived", "выжил"),
        CellState.CRASHED: Message("crash", "сбой теста"),
        CellState.FIXTURE_ERROR: Message("fixture error", "ошибка фикстуры"),
        CellState.TIMEOUT: Message("timeout", "тайм-аут"),
        CellState.NOT_REACHED: Message("not reached", "не задет"),
    }
)
KINDS = MappingProxyType(
    {
        MutantKind.CONTRACT: Message("contract", "контракт"),
        MutantKind.LAW: Message("law", "закон"),
    }
)
_UNKNOWN_FACT = Message("no known check would", "такой проверки мы не знаем")


def fault(mutant: Mutant) -> Message:
    """What is wrong with the server, with the operation that it is wrong in."""
    if mutant.kind is MutantKind.CONTRACT:
        return described(mutant)
    what = described_law(mutant)
    return Message(f"{mutant.operation}: {what.en}", f"{mutant.operation}: {what.ru}")


def test_name(item: TestItem) -> str:
    """The test with its row, as people call it."""
    return f"{item.name}[{item.row}]" if item.row else item.name


def cure(survivor: Survivor) -> Message:
    """The check that would kill a survivor."""
    return _UNKNOWN_FACT if survivor.fact is None else fact_words(survivor.fact)
