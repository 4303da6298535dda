"""A proof as one page: a heat map of tests and mutants, survivors, figures; nothing is loaded.

Everything is in the file: styles, the script that draws the map, the data. Without scripts the
figures and the lists are there all the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from pe4king_core.mock.mutant import MutantKind
from pe4king_core.model.message import Message
from pe4king_core.proof.report import (
    CellState,
    Count,
    Judged,
    ProofReport,
    Survivor,
    TestProof,
)
from pe4king_server.cli.output import one_line, shown_path
from pe4king_server.cli.prove_page_words import STATE_NOTES, TITLES, WORDS
from pe4king_server.cli.prove_tally import OTHER_ENDS, Tally, of_test, percent
from pe4king_server.cli.prove_words import (
    KINDS,
    STATES,
    VERDICTS,
    Told,
    fault,
    remark,
)
from pe4king_server.files import uri_of

_LETTERS = {
    CellState.KILLED: "k",
    CellState.SURVIVED: "s",
    CellState.CRASHED: "c",
    CellState.FIXTURE_ERROR: "f",
    CellState.TIMEOUT: "t",
    CellState.NOT_REACHED: "n",
}
_UNTRIED = "."
_LONGEST_MESSAGE = 300


def proof_page(report: ProofReport, title: str, language: str) -> str:
    """The page in `language`; the same report gives the same bytes."""
    page = _Page(report, language)
    rendered: str = _template().render(page.values(title))
    return rendered


def _template() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pe4king_templates", "proof"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja")


class _Page:
    """The values of the template."""

    def __init__(self, report: ProofReport, language: str) -> None:
        self._report = report
        self._language = language
        self._tally = Tally(report)
        self._order = [index for group in self._tally.groups for index in group.mutants]
        self._column = {index: column for column, index in enumerate(self._order)}
        self._told = Told(self._tally)
        self._names = self._told.names
        cures = {each.mutant: self._told.cure(each) for each in report.survivors if each.fact}
        self._cures = cures

    def values(self, title: str) -> dict[str, Any]:
        """All of them."""
        report = self._report
        remarks = (*report.problems, *report.confinement)
        return {
            "language": self._language,
            "title": one_line(title),
            "subtitle": self._subtitle(),
            "say": {name: self._say(message) for name, message in WORDS.items()},
            "kinds": list(self._kinds()),
            "verdicts": list(self._verdicts()),
            "verdict_line": ", ".join(f"{v['name']} {v['amount']}" for v in self._verdicts()),
            "states": list(self._states()),
            "other_states": [self._say(STATES[state]) for state in OTHER_ENDS],
            "operations": list(self._operations()),
            "survivors": list(self._survivors(self._tally.unnoticed)),
            "accidents": list(self._survivors(self._tally.by_accident)),
            "survivor_count": len(report.survivors),
            "accident_count": len(self._tally.by_accident),
            "curable": len(self._cures),
            "idle": [self._names.of(test.item) for test in self._tally.idle],
            "tests": [self._test_row(test) for test in report.tests],
            "remarks": [self._say(each) for each in remarks],
            "has_map": bool(report.mutants and report.tests),
            "data": self._data(),
        }

    def _say(self, message: Message) -> str:
        return message.text(self._language)

    def _subtitle(self) -> str:
        count = self._tally.all
        seeds = max((test.seeds for test in self._report.tests), default=0)
        told = Message(
            f"{count.reached} mutants reached, {seeds} varied servers",
            f"задето мутантов: {count.reached}, разных серверов: {seeds}",
        )
        runner = one_line(self._report.runner)
        return f"{runner} · {self._say(told)}" if runner else self._say(told)

    def _kinds(self) -> Iterator[dict[str, Any]]:
        for kind in MutantKind:
            count = self._tally.of_kind(kind)
            yield {
                "title": self._say(TITLES[kind]),
                "percent": percent(count),
                "killed": count.killed,
                "reached": count.reached,
                "unreached": self._tally.unreached(kind),
                "untried": self._tally.untried(kind),
            }

    def _verdicts(self) -> Iterator[dict[str, Any]]:
        for judged, amount in self._tally.verdicts().items():
            yield {"id": _class(judged), "name": self._say(VERDICTS[judged]), "amount": amount}

    def _states(self) -> Iterator[dict[str, str]]:
        for state, name in STATES.items():
            note = self._say(STATE_NOTES[state])
            yield {"id": _class(state), "name": self._say(name), "note": note}

    def _operations(self) -> Iterator[dict[str, Any]]:
        for key in self._tally.operations:
            counts = [self._tally.group(key, kind) for kind in MutantKind]
            tests = sum(key in test.operations for test in self._report.tests)
            shown = [{"killed": each.killed, "reached": each.reached} for each in counts]
            yield {"name": key, "tests": tests, "counts": shown}

    def _survivors(self, survivors: Sequence[Survivor]) -> Iterator[dict[str, Any]]:
        mutants = self._report.mutants
        ordered = sorted(survivors, key=lambda each: self._column[each.mutant])
        for operation, group in itertools.groupby(ordered, lambda o: mutants[o.mutant].operation):
            rows = [
                {
                    "kind": str(mutants[each.mutant].kind),
                    "kind_name": self._say(KINDS[mutants[each.mutant].kind]),
                    "fault": self._say(fault(mutants[each.mutant])),
                    "cure": self._say(self._told.cure(each)),
                    "known": each.fact is not None,
                    "test": self._names.by_id(each.test),
                }
                for each in group
            ]
            yield {"operation": operation, "rows": rows}

    def _test_row(self, test: TestProof) -> dict[str, Any]:
        count = of_test(test, self._report.mutants)
        return {
            "name": self._names.of(test.item),
            "judged": _class(test.judged),
            "verdict": self._say(VERDICTS[test.judged]),
            "reason": self._say(remark(test)),
            "kills": _shown(count) if test.cells else "",
            "other": [sum(cell.state is state for cell in test.cells) for state in OTHER_ENDS],
            "milliseconds": round(test.seconds * 1000),
        }

    def _data(self) -> dict[str, Any]:
        """What the script draws."""
        messages: dict[str, int] = {}
        start = itertools.accumulate((len(g.mutants) for g in self._tally.groups), initial=0)
        mutants = self._report.mutants
        return {
            "say": {
                **{name: self._say(message) for name, message in WORDS.items()},
                **{str(kind): self._say(name) for kind, name in KINDS.items()},
                "states": {_LETTERS[state]: self._say(name) for state, name in STATES.items()},
            },
            "tests": [self._test_data(test, messages) for test in self._report.tests],
            "groups": [
                {
                    "operation": group.operation,
                    "kind": str(group.kind),
                    "from": first,
                    "to": first + len(group.mutants),
                }
                for group, first in zip(self._tally.groups, start, strict=False)
            ],
            "mutants": [
                {
                    "fault": self._say(fault(mutants[index])),
                    "law": str(mutants[index].law or ""),
                    "cure": self._say(self._cures[index]) if index in self._cures else "",
                }
                for index in self._order
            ],
            "messages": list(messages),
        }

    def _test_data(self, test: TestProof, messages: dict[str, int]) -> dict[str, Any]:
        letters = [_UNTRIED] * len(self._order)
        told: list[tuple[int, int]] = []
        for cell in test.cells:
            column = self._column[cell.mutant]
            letters[column] = _LETTERS[cell.state]
            if cell.message:
                message = _short(cell.message)
                told.append((column, messages.setdefault(message, len(messages))))
        return {
            "name": self._names.of(test.item),
            "file": shown_path(uri_of(test.item.file)),
            "judged": _class(test.judged),
            "verdict": self._say(VERDICTS[test.judged]),
            "reason": self._say(remark(test)),
            "cells": _packed(letters),
            "told": sorted(told),
        }


def _packed(letters: list[str]) -> str:
    """`kkks` as `3k1s`."""
    return "".join(f"{len(list(run))}{letter}" for letter, run in itertools.groupby(letters))


def _short(message: str) -> str:
    text = one_line(message).strip()
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[: _LONGEST_MESSAGE - 1]}…"


def _shown(count: Count) -> str:
    return f"{count.killed}/{count.reached}"


def _class(name: Judged | CellState) -> str:
    """The name as a class of the style sheet."""
    return str(name).replace(" ", "-")
