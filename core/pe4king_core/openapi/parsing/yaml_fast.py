"""YAML by fastyaml-rs: exact for YAML 1.2 and many times faster than libyaml, but strict."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from pe4king_core.openapi.parsing.yaml_problem import Kind, YamlProblemError
from pe4king_core.openapi.parsing.yaml_scalars import MAX_DIGITS
from pe4king_core.openapi.raw import Raw

MAX_DEPTH = 256
MAX_ALIAS_BYTES = 64 * 1024 * 1024
"""How much text aliases may expand to."""

_SCAN_AHEAD = 100_000_000
_PLACE = re.compile(r" at line (\d+), column \d+")
_PREFIX = re.compile(r"(?:YAML (?:parse|syntax) error: )+")
_SET = re.compile(r"![^\s!]*(?:set|%)")
_DIGITS = re.compile(rf"[0-9]{{{MAX_DIGITS + 1}}}")
_BASED = re.compile(rf"0[xXoO][0-9a-fA-F]{{{MAX_DIGITS + 1}}}")


def read_fast(text: str) -> Raw:
    """The data of the one YAML document `text`. Raises YamlProblemError.

    Python sets, which only the tag `!!set` makes, come back as sets: see `may_hold_sets`.
    """
    try:
        import fast_yaml
    except ImportError as error:
        raise YamlProblemError(Kind.PARSER, 1, str(error)) from error
    _refuse_long_numbers(text)
    try:
        return fast_yaml.safe_load(
            text,
            max_depth=MAX_DEPTH,
            max_alias_bytes=MAX_ALIAS_BYTES,
            max_scan_ahead=_SCAN_AHEAD,
        )
    except ValueError as error:
        raise _problem(text, str(error)) from error
    except BaseException as error:
        # A panic of the Rust code is no `Exception`; nothing else may be swallowed.
        if type(error).__name__ != "PanicException":
            raise
        raise YamlProblemError(Kind.PARSER, 1, str(error)) from error


def fast_loader() -> Callable[[str], Raw] | None:
    """The parser itself with our limits, for texts in which nothing is unusual; None without it."""
    try:
        import fast_yaml
    except ImportError:
        return None
    return partial(
        fast_yaml.safe_load,
        max_depth=MAX_DEPTH,
        max_alias_bytes=MAX_ALIAS_BYTES,
        max_scan_ahead=_SCAN_AHEAD,
    )


def may_hold_long_numbers(text: str) -> bool:
    """Whether `text` may have hexadecimal or octal numbers that are too long for Python."""
    return _BASED.search(text) is not None


def may_hold_sets(text: str) -> bool:
    """Whether `text` may use the tag `!!set`, in whatever spelling."""
    return "!" in text and _SET.search(text) is not None


def _refuse_long_numbers(text: str) -> None:
    """Hexadecimal and octal numbers have no bound in the parser, but no text in Python."""
    found = _BASED.search(text)
    if found is not None:
        raise YamlProblemError(Kind.NUMBER, line_of(text, found.start()), "long number")


def _problem(text: str, words: str) -> YamlProblemError:
    if words.startswith("Exceeds the limit"):
        found = _DIGITS.search(text)
        return YamlProblemError(Kind.NUMBER, line_of(text, found.start() if found else 0), words)
    place = _PLACE.search(words)
    line = int(place[1]) if place else 1
    kind = Kind.SYNTAX
    if "resource limit" in words or "alias expansion" in words:
        kind = Kind.ALIASES if "alias" in words else Kind.DEPTH if "nesting" in words else Kind.SIZE
    return YamlProblemError(kind, line, _PREFIX.sub("", _PLACE.sub("", words)).strip())


def line_of(text: str, offset: int) -> int:
    """The one-based line of `offset`; lines end at `\\n`, `\\r\\n` and `\\r`."""
    feeds, returns = text.count("\n", 0, offset), text.count("\r", 0, offset)
    return feeds + (returns - text.count("\r\n", 0, offset) if returns else 0) + 1
