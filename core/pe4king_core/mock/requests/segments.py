"""One segment of a path template: what it says, and what a sent segment holds of its parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote

_PARAMETER = re.compile(r"\{([^{}/]+)\}")

LITERAL = 1 << 20
"""The weight of a segment that is written out; more than any with a parameter has."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Literal `pieces` with one parameter between each two of them."""

    pieces: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def is_literal(self) -> bool:
        """Whether it has no parameter."""
        return not self.names

    @property
    def is_parameter(self) -> bool:
        """Whether it is nothing but one parameter."""
        return self.pieces == ("", "")

    @property
    def weight(self) -> int:
        """How much it states: everything, some characters, or nothing."""
        return sum(map(len, self.pieces)) if self.names else LITERAL

    def values(self, raw: str) -> tuple[str, ...] | None:
        """The values of the parameters in a sent segment, percent-encoded; None: it does not fit.

        What is encoded without need is looked at only where the text as sent does not fit.
        """
        found = self._cut(raw)
        if found is None and "%" in raw:
            decoded = self._cut(unquote(raw))
            found = None if decoded is None else tuple(quote(text, safe="") for text in decoded)
        return found

    def _cut(self, text: str) -> tuple[str, ...] | None:
        """From the end, so that of `{name}.{ending}` the ending is what follows the last dot."""
        first, last = self.pieces[0], self.pieces[-1]
        if not (text.startswith(first) and text.endswith(last)):
            return None
        end, values = len(text) - len(last), list[str]()
        for number in range(len(self.names) - 1, 0, -1):
            piece, least = self.pieces[number], len(first) + number
            start = text.rfind(piece, least, end - 1) if piece else end - 1
            if start < least:
                return None
            values.append(text[start + len(piece) : end])
            end = start
        values.append(text[len(first) : end])
        return tuple(reversed(values)) if end > len(first) else None


@lru_cache(maxsize=4_096)
def segment_of(text: str) -> Segment:
    """The segment that `text` of a template stands for; the same few stand in many templates."""
    parts = _PARAMETER.split(text)
    return Segment(tuple(unquote(piece) for piece in parts[::2]), tuple(parts[1::2]))


def segments_of(route: str) -> list[str]:
    """The segments of a path as written; an empty one at the end stands for a slash there."""
    return route.removeprefix("/").split("/")
