"""Verdicts, cells and faults in words, for everything that shows a proof."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from types import MappingProxyType

from pe4king_core.improvement.wording import fact_words
from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.mock.mutants.laws import described_law
from pe4king_core.mock.mutants.wording import described
from pe4king_core.model.message import Message
from pe4king_core.proof.report import CellState, Judged, Survivor, TestProof
from pe4king_core.proof.running import TestItem
from pe4king_server.cli.output import shown_path
from pe4king_server.cli.prove_hints import hint
from pe4king_server.cli.prove_tally import Accident, Tally
from pe4king_server.files import uri_of

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


def fault(mutant: Mutant) -> Message:
    """What is wrong with the server, with the operation that it is wrong in."""
    if mutant.kind is MutantKind.CONTRACT:
        return described(mutant)
    what = described_law(mutant)
    return Message(f"{mutant.operation}: {what.en}", f"{mutant.operation}: {what.ru}")


class Names:
    """What the tests of a report are called: with their file where another has the same name."""

    def __init__(self, tests: Iterable[TestProof]) -> None:
        items = [test.item for test in tests]
        amount = Counter(map(test_name, items))
        self._known = {
            each.id: f"{shown_path(uri_of(each.file))}::{name}" if amount[name] > 1 else name
            for each in items
            for name in (test_name(each),)
        }

    def of(self, item: TestItem) -> str:
        """The name of one of them."""
        return self._known.get(item.id) or test_name(item)

    def by_id(self, identity: str) -> str:
        """The name by the runner's id."""
        return self._known.get(identity, identity)


def test_name(item: TestItem) -> str:
    """The test with its row, as people call it."""
    return f"{item.name}[{_ESCAPE.sub(_letter, item.row)}]" if item.row else item.name


def _letter(escape: re.Match[str]) -> str:
    number = int(escape[0][2:], 16)
    shown = chr(number) if number <= sys.maxunicode else ""
    return shown if shown.isprintable() and shown else escape[0]


class Told:
    """What is said of the survivors of one report."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self.names = Names(tally.report.tests)

    def cure(self, survivor: Survivor) -> Message:
        """The check that would kill it; else who notices it by accident, or what a test can do."""
        if survivor.fact is not None:
            return fact_words(survivor.fact)
        accident = self._tally.accident(survivor)
        if accident is not None:
            return accidental(accident, self.names.of(accident.test.item))
        return hint(self._tally.report.mutants[survivor.mutant])


def accidental(accident: Accident, who: str) -> Message:
    """Who noticed a fault by accident, and how."""
    how, what = STATES[accident.cell.state], _said(accident)
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
