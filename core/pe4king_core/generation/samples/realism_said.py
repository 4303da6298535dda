"""Examples that a description gives in words: `the zone's name (e.g. "example.com.")`."""

from __future__ import annotations

import re
from functools import lru_cache

_SAID = re.compile(
    r"(?:\be\.\s?g\.|\bi\.\s?e\.|\bexamples?\b|\bнапример\b|\bпример\b)"
    r"(?:\s+(?:is|for|would be))?[\s:,(]*"
    r"(?:\"([^\"\s]{1,60})\"|“([^”\s]{1,60})”|«([^»\s]{1,60})»|`([^`\s]{1,60})`)",
    re.IGNORECASE,
)
_PLACEHOLDERS = frozenset("<>{}[]*$%")


@lru_cache(maxsize=4096)
def said_examples(description: str) -> tuple[str, ...]:
    """The quoted examples in `description`: single words, no patterns with places to fill."""
    found = ("".join(match.groups(default="")) for match in _SAID.finditer(description))
    bare = (text.strip("\"'") for text in found)
    return tuple(text for text in bare if text and _PLACEHOLDERS.isdisjoint(text))
