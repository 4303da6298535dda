"""Requests that no test of the file makes: those of fixtures and helpers for others.

They are told by their look, `x.get("/books/…")`, and only their path is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import CallStyle, TestCall, TestFile
from pe4king_core.model.text import Span
from pe4king_core.model.verdict import LevelState
from pe4king_core.proof.gates.contract.calls import meaning
from pe4king_core.proof.gates.contract.finding import Finding

_REQUEST = re.compile(
    r"\.(get|post|put|patch|delete|head|options)\(\s*f?([\"'])(/(?:(?!\2)\S)*)\2(\s*\+)?"
)
_HOLE = re.compile(r"\{[^{}]*\}")


def findings(file: TestFile, documents: Sequence[ApiDocument]) -> Iterator[Finding]:
    """Paths around the tests that the documents do not have."""
    for found in _REQUEST.finditer(file.text):
        if any(test.span.contains(found.start()) for test in file.tests):
            continue
        span = Span(found.start(3), found.end(3))
        meant = meaning(_call(found, span), documents)
        if meant.operation is None and meant.certain and meant.problem is not None:
            yield Finding(LevelState.FAILED, meant.problem, span, span.of(file.text))


def _call(found: re.Match[str], span: Span) -> TestCall:
    path = _HOLE.sub("{}", found[3].partition("?")[0])
    if found[4]:
        path += "{}"
    return TestCall("", found[1].upper(), path, CallStyle.BARE, span, span, span.end)
