"""Fields that say again what another field says: a password and its confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pe4king_core.generation.wording import words_of

_REPEATED = frozenset(
    {"confirm", "confirmation", "confirmed", "repeat", "repeated", "again", "retype", "verify"}
)


@lru_cache(maxsize=4096)
def confirmed_by(name: str) -> str:
    """Of what `name` is the repetition, in words: `newPasswordConfirmation` of `new password`."""
    words = words_of(name)
    rest = [word for word in words if word not in _REPEATED]
    return " ".join(rest) if 0 < len(rest) < len(words) else ""


def is_said_twice(name: str, others: Mapping[str, object]) -> bool:
    """Whether one of the `others` and the field `name` have to say the same."""
    mine, first = " ".join(words_of(name)), confirmed_by(name)
    return any(
        (mine and confirmed_by(other) == mine) or (first and first == " ".join(words_of(other)))
        for other in others
        if other != name
    )
