"""The words that names in documents are made of, in any script and spelling."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+|\d+")
_HUMPS = re.compile(r"(?<=[a-zа-яё0-9])(?=[A-ZА-ЯЁ])|(?<=[A-ZА-ЯЁ])(?=[A-ZА-ЯЁ][a-zа-яё]{2})")
_ENDINGS = (
    ("ies", "y"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("elves", "elf"),
    ("alves", "alf"),
    ("tuses", "tus"),
    ("s", ""),
)
_NO_PLURALS = frozenset({"status", "address", "alias", "gps", "dns", "sms", "https", "news", "bus"})


@lru_cache(maxsize=4096)
def words_of(name: str, *, singular: bool = False) -> tuple[str, ...]:
    """The words of `name`, lower case: `createdAt`, `created_at` and `X-Created-At` say the same.

    Numbers at the end only count (`address2`) and are left out, as is the `x` of headers.
    """
    words = [word.lower() for word in _WORD.findall(_HUMPS.sub(" ", name))]
    while len(words) > 1 and words[-1].isdigit():
        words.pop()
    if len(words) > 1 and words[0] == "x":
        del words[0]
    if singular and words:
        words[-1] = singular_of(words[-1])
    return tuple(words)


def singular_of(word: str) -> str:
    """One of what `word` names: `categories` gives `category`, `status` stays."""
    if word in _NO_PLURALS or word.endswith("ss") or len(word) < 4:
        return word
    for ending, replacement in _ENDINGS:
        if word.endswith(ending):
            return word[: -len(ending)] + replacement
    return word
