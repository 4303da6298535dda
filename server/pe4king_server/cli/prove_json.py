"""What `pe4king prove --json` prints; `docs/prove.md` describes its fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pe4king_core.improvement.wording import fact_words
from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.proof.report import CellState, Count, ProofReport, Survivor, TestProof
from pe4king_server.cli.output import shown_path
from pe4king_server.cli.prove_hints import hint
from pe4king_server.cli.prove_tally import Accident, Tally, of_test
from pe4king_server.cli.prove_words import fault
from pe4king_server.files import uri_of


def proof_json(report: ProofReport, language: str) -> dict[str, Any]:
    """The whole report; mutants are named by their place in `mutants`."""
    tally = Tally(report)
    return {
        "runner": report.runner,
        "verdicts": {str(judged): amount for judged, amount in tally.verdicts().items()},
        "kills": {
            str(kind): {**_count(tally.of_kind(kind)), "untried": tally.untried(kind)}
            for kind in MutantKind
        },
        "operations": [
            {
                "operation": operation,
                **{str(kind): _count(tally.group(operation, kind)) for kind in MutantKind},
            }
            for operation in tally.operations
        ],
        "tests": [_test(test, report.mutants, language) for test in report.tests],
        "mutants": [_mutant(mutant, language) for mutant in report.mutants],
        "survivors": [
            _survivor(each, report.mutants[each.mutant], tally.accident(each), language)
            for each in (*tally.unnoticed, *tally.by_accident)
        ],
        "idle": [test.item.id for test in tally.idle],
        "leftOut": report.left_out,
        "problems": [each.text(language) for each in report.problems],
        "confinement": [each.text(language) for each in report.confinement],
    }


def _count(count: Count) -> dict[str, Any]:
    rate = round(count.rate, 4) if count.reached else None
    return {"killed": count.killed, "reached": count.reached, "rate": rate}


def _test(test: TestProof, mutants: Sequence[Mutant], language: str) -> dict[str, Any]:
    return {
        "id": test.item.id,
        "file": shown_path(uri_of(test.item.file)),
        "name": test.item.name,
        "row": test.item.row or None,
        "verdict": str(test.judged),
        "reason": test.reason.text(language) or None,
        "operations": list(test.operations),
        "seeds": test.seeds,
        "seconds": round(test.seconds, 4),
        "kills": _count(of_test(test, mutants)),
        "unfinished": test.unfinished,
        "prepared": list(test.prepared),
        "cells": {
            str(state): [cell.mutant for cell in test.cells if cell.state is state]
            for state in CellState
        },
        "messages": {str(cell.mutant): cell.message for cell in test.cells if cell.message},
    }


def _mutant(mutant: Mutant, language: str) -> dict[str, Any]:
    return {
        "name": mutant.name,
        "kind": str(mutant.kind),
        "law": None if mutant.law is None else str(mutant.law),
        "operator": mutant.operator,
        "operation": mutant.operation,
        "status": mutant.status,
        "subject": mutant.subject,
        "fault": fault(mutant).text(language),
    }


def _survivor(
    survivor: Survivor, mutant: Mutant, accident: Accident | None, language: str
) -> dict[str, Any]:
    return {
        "mutant": survivor.mutant,
        "check": fact_words(survivor.fact).text(language) if survivor.fact else None,
        "hint": hint(mutant).text(language),
        "test": survivor.test or None,
        "noticed": None if accident is None else str(accident.cell.state),
        "noticedBy": None if accident is None else accident.test.item.id,
    }
