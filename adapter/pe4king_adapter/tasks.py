"""What a model can be asked to do, with everything the prompt needs, as plain core data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pe4king_core.model.case import Depth, Focus
from pe4king_core.model.fact import STATUS, AssertionFact, CaseFact, Equals, Literal
from pe4king_core.model.message import Language
from pe4king_core.model.operation import Operation
from pe4king_core.model.source import SourceLanguage, TestFunction


@dataclass(frozen=True, slots=True)
class EnhanceTask:
    """Add assertions to `test`, a part of the file `source`.

    `operations` holds the operation of each call that could be resolved, by call id; `statuses`
    the status that the test expects of it (what its assertions say, where not given); `known`
    the facts that the rules found already.
    """

    test: TestFunction
    source: str
    operations: Mapping[str, Operation]
    framework: str = ""
    depth: Depth = Depth.L5_TYPES
    focus: frozenset[Focus] = frozenset()
    known: tuple[AssertionFact, ...] = ()
    statuses: Mapping[str, int] = field(default_factory=dict)
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class NegativeTask:
    """Find negative cases of `operation` beside those in `known`; at most `limit`."""

    operation: Operation
    code_language: SourceLanguage = SourceLanguage.PYTHON
    framework: str = ""
    known: tuple[CaseFact, ...] = ()
    limit: int = 10
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class ExplainTask:
    """Explain `test`, a part of the file `source`, to somebody who did not write it."""

    test: TestFunction
    source: str
    operations: Mapping[str, Operation]
    framework: str = ""
    language: Language = "en"


def expected_status(test: TestFunction, call: str, operation: Operation) -> int:
    """The status that `test` asserts for `call`, else the first success that is documented."""
    for assertion in test.assertions:
        if assertion.call != call or assertion.subject != STATUS:
            continue
        check = assertion.check
        if isinstance(check, Equals) and isinstance(check.operand, Literal):
            value = check.operand.value
            if isinstance(value, int) and not isinstance(value, bool):
                return value
    return next(iter(operation.success_statuses), 200)
