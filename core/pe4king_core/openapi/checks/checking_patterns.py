"""Whether a `pattern` is a regular expression at all: of ECMA-262, or at least of Python.

Only faults that every engine refuses are told: unbalanced brackets, nothing to repeat. What one
engine has and the other lacks (`\\p{L}`, `(?i)`, possessive quantifiers) is no fault.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

from pe4king_core.model.finding import Severity
from pe4king_core.openapi.findings.faults import Faults, shown
from pe4king_core.openapi.schema.patterns import python_pattern

_MAX_PATTERN = 20_000
_SLASHES = re.compile(r"/\^.*\$/[dgimsuvy]*|/.*/[dgimsuvy]+", re.DOTALL)
_NO_RANGE = re.compile(r"(\\[wWdDsS])-|-(\\[wWdDsS])")
"""A hyphen beside a class of characters makes no range (ECMA-262 annex B.1.2)."""

_CLASS_ESCAPE = re.compile(r"\\[pPxuckXRhHvVGKQE](?:\{[^{}]*\}|<[^<>]*>)?")
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_GROUP = re.compile(r"\(\?(?:<[A-Za-z_$][\w$]*>|P<\w+>|<[=!]|[=!:>|]|[a-zA-Z]*(?:-[a-zA-Z]+)?[:)])")
_QUANTIFIER = re.compile(r"([*+?}])[+?]")
_CERTAIN = (
    "unterminated",
    "missing )",
    "unbalanced",
    "nothing to repeat",
    "bad character range",
    "bad escape (end",
)


def check_pattern(faults: Faults, pointer: str, pattern: str) -> None:
    """Reports a pattern that nothing can compile, or one that is written between slashes."""
    if _SLASHES.fullmatch(pattern):
        faults.add(
            "doc-schema-pattern",
            pointer,
            (
                f"The pattern `{shown(pattern)}` is written between slashes, which then are part "
                "of what must match. Remove them.",
                f"Шаблон `{shown(pattern)}` записан между косыми чертами, и они становятся "
                "его частью. Уберите их.",
            ),
            Severity.WARNING,
            about="slashes",
            on_value=True,
        )
        return
    problem = problem_of(pattern)
    if problem is not None:
        faults.add(
            "doc-schema-pattern",
            pointer,
            (
                f"The pattern `{shown(pattern)}` is no regular expression ({problem}); "
                "it is not checked.",
                f"Шаблон `{shown(pattern)}` — не регулярное выражение ({problem}); "
                "он не проверяется.",
            ),
            Severity.WARNING,
            about="syntax",
            on_value=True,
        )


@lru_cache(maxsize=2048)
def problem_of(pattern: str) -> str | None:
    """What is wrong with `pattern` in every dialect; None where some engine takes it."""
    if len(pattern) > _MAX_PATTERN or python_pattern(pattern) is not None:
        return None
    if _compiled(pattern) is None:
        return None
    simple = _NO_RANGE.sub(r"\1\2", pattern)
    simple = _CLASS_ESCAPE.sub("x", simple)
    simple = _ESCAPE.sub("x", simple)
    simple = _GROUP.sub("(", simple).replace("[^]", "x").replace("[]", "x")
    simple = _QUANTIFIER.sub(r"\1", simple)
    problem = _compiled(simple)
    if problem is None or not problem.startswith(_CERTAIN):
        return None
    return problem


def _compiled(pattern: str) -> str | None:
    """Python's complaint about `pattern`, or None."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(pattern)
        except re.error as error:
            return str(error)
        except (OverflowError, RecursionError):
            return None
    return None
