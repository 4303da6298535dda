"""What a report tells beside the talk: what the sandbox says, however the talk has ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.proof.running import RunReport

if TYPE_CHECKING:
    from pe4king_core.proof.sandbox.sandbox import Sandbox


def whole(report: RunReport, sandbox: Sandbox) -> RunReport:
    """The report with what could not be copied, and with what kept the tests in."""
    problems = tuple(dict.fromkeys((*sandbox.problems, *report.problems)))
    return replace(report, problems=problems, confinement=sandbox.confinement)
