"""Verdicts, cells and faults in words, for everything that shows a proof."""

from __future__ import annotations

import re
import sys
from types import MappingProxyType

from pe4king_core.improvement.wording import fact_words
from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.mock.mutants.laws import described_law
from pe4king_core.mock.mutants.wording import described
from pe4king_core.model.message import Message
from pe4king_core.proof.report import CellState, Judged, Survivor, TestProof
from pe4king_core.proof.running import TestItem
from pe4king_server.cli.prove_tally import Accident

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
_LONGEST = 120
_ESCAPE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
"""As pytest writes letters that are not ASCII in the names of rows."""
_UNKNOWN_FACT = Message("no known check would", "такой проверки мы не знаем")


def fault(mutant: Mutant) -> Message:
    """What is wrong with the server, with the operation that it is wrong in."""
    if mutant.kind is MutantKind.CONTRACT:
        return described(mutant)
    what = described_law(mutant)
    return Message(f"{mutant.operation}: {what.en}", f"{mutant.operation}: {what.ru}")


def test_name(item: TestItem) -> str:
    """The test with its row, as people call it."""
    return f"{item.name}[{_ESCAPE.sub(_letter, item.row)}]" if item.row else item.name


def _letter(escape: re.Match[str]) -> str:
    number = int(escape[0][2:], 16)
    shown = chr(number) if number <= sys.maxunicode else ""
    return shown if shown.isprintable() and shown else escape[0]


def cure(survivor: Survivor, accident: Accident | None = None) -> Message:
    """The check that would kill a survivor; else the accident by which it is noticed."""
    if survivor.fact is not None:
        return fact_words(survivor.fact)
    return _UNKNOWN_FACT if accident is None else accidental(accident)


def accidental(accident: Accident) -> Message:
    """Who noticed a fault by accident, and how."""
    how, who, what = STATES[accident.cell.state], test_name(accident.test.item), _said(accident)
    return Message(
        f"noticed by accident, {how.en} in {who}{what}",
        f"замечен случайно, {how.ru} в {who}{what}",
    )


def _said(accident: Accident) -> str:
    text = " ".join(accident.cell.message.split())
    if not text:
        return ""
    return f": {text}" if len(text) <= _LONGEST else f": {text[: _LONGEST - 1]}…"


def remark(test: TestProof) -> Message:
    """What has to be said of one test: why it has its verdict, what was not tried."""
    if not test.unfinished:
        return test.reason
    left = Message(
        f"not tried against {test.unfinished} mutants: its share of the time was used up, "
        "or it hung",
        f"не опробован на мутантах ({test.unfinished}): его доля времени вышла или он завис",
    )
    en = "; ".join(filter(None, (test.reason.en, left.en)))
    ru = "; ".join(filter(None, (test.reason.ru, left.ru)))
    return Message(en, ru)
