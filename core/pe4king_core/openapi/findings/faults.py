"""Faults found by the checks of a document, before they become findings.

A part of a document (an operation, a component) keeps its own faults, so that an operation can
tell those of everything that it uses. What repeats without end is kept a bounded number of times
and counted beyond that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message

MAX_ALIKE = 20
"""How many faults of one code about one name are kept in a part."""

MAX_PER_CODE = 100
"""How many faults of one code are kept in a part."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at `pointer`, a pointer of `Place` (with the prefix of another file).

    `about` is the name that makes faults alike (the unknown keyword, say); `on_value` shows the
    value rather than its key.
    """

    code: str
    pointer: str
    message: Message
    severity: Severity
    about: str = ""
    on_value: bool = False


@dataclass(slots=True)
class Faults:
    """The faults of one part, in the order in which they were found."""

    kept: list[Fault] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    _alike: Counter[tuple[str, str]] = field(default_factory=Counter)
    _per_code: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        code: str,
        pointer: str,
        message: tuple[str, str],
        severity: Severity = Severity.INFORMATION,
        *,
        about: str = "",
        on_value: bool = False,
    ) -> None:
        """Keeps a fault, or counts it where there are too many like it. `message`: en, ru."""
        self._alike[code, about] += 1
        self._per_code[code] += 1
        if self._alike[code, about] > MAX_ALIKE or self._per_code[code] > MAX_PER_CODE:
            self.left_out[code] += 1
            return
        text = Message(*message)
        self.kept.append(Fault(code, pointer, text, severity, about, on_value))


def shown(value: object, limit: int = 40) -> str:
    """`value` as it can stand in a message: on one line and short."""
    text = " ".join(str(value).split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def literal(value: object) -> object:
    """`value` as JSON writes it where Python writes it otherwise."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return value
