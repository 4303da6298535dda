"""What the gate finds: something invented, or something that could not be looked at."""

from __future__ import annotations

from dataclasses import dataclass

from pe4king_core.model.message import Message
from pe4king_core.model.text import Span
from pe4king_core.model.verdict import LevelState


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one name or value: `certain` where the document rules it out.

    `name` is how it is spelled in the source. `wrong`: not a name that is not there but something
    that is there and may not be so, as negative tests send it.
    """

    certain: bool
    reason: Message
    name: str = ""
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """`name` is how the thing is spelled in the source; `via`: a helper of the test does it."""

    state: LevelState
    reason: Message
    span: Span
    name: str = ""
    via: bool = False

    @property
    def key(self) -> tuple[LevelState, str]:
        """What makes two findings the same one, wherever they stand."""
        return self.state, self.reason.en
