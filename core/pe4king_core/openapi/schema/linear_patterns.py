"""Patterns for which Python might try too many ways: an engine that needs linear time.

It has no look-around and no references back. Where it reads a text otherwise than ECMA-262 it is
not asked.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

_LONGEST_PATTERN = 10_000
_LARGEST = 4 * 1024 * 1024
"""Bytes that a compiled pattern may take."""
_ENDS_OF_LINES = re.compile("[\\r\\u2028\\u2029]")
"""What `.` does not stand for in ECMA-262, but does there."""


def linearly_matches(pattern: str, value: str) -> bool | None:
    """Whether `pattern` is found in `value`; None where this engine cannot tell."""
    if _ENDS_OF_LINES.search(value) or (not value.isascii() and "\\b" in pattern.lower()):
        return None
    matcher = _matcher(pattern)
    try:
        return None if matcher is None else bool(matcher.is_valid(value))
    except ValueError:  # half of a surrogate pair
        return None


@lru_cache(maxsize=256)
def _matcher(pattern: str) -> Draft202012Validator | None:
    # Few documents need it, and it takes a while to import.
    import jsonschema_rs

    if len(pattern) > _LONGEST_PATTERN:
        return None
    options = jsonschema_rs.RegexOptions(size_limit=_LARGEST, dfa_size_limit=_LARGEST)
    try:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options)
    except (ValueError, jsonschema_rs.ValidationError):
        return None
