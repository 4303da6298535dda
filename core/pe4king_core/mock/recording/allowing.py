"""Whether a document allows a recorded answer, as its independent judge sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pe4king_core.mock.recording.recorded import Recorded

if TYPE_CHECKING:
    from pe4king_core.mock.contract.exchanges import ExchangeJudge


class AnswersAllowed:
    """Asks the judge of the document that `raw` gives, which is read at the first question."""

    def __init__(self, raw: Callable[[], Mapping[str, Any]]) -> None:
        self._raw = raw
        self._judge: ExchangeJudge | None = None

    def __call__(self, key: str, recorded: Recorded) -> str:
        """Why the operation `key` may not answer like this; "": it may, or nobody can tell."""
        # Imported late: a mock without a recording starts without the validator.
        from pe4king_core.mock.contract.exchanges import ExchangeJudge
        from pe4king_core.mock.contract.pointers import UnjudgedError

        judge = self._judge = self._judge or ExchangeJudge(self._raw())
        if recorded.sent.method == "HEAD":
            key = f"HEAD {key.partition(' ')[2]}"
        try:
            faults = judge.answer_faults(key, recorded.answer)
        except UnjudgedError:
            return ""
        return "; ".join(f"{each.kind}: {each.words}" for each in faults)
