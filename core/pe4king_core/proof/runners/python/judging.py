"""How one run of a test ended, by what pytest says of its parts.

A module of the child inside the user's Python: standard library alone, Python 3.7 and newer.
"""

from __future__ import annotations

import functools
import linecache
import os
import re
from collections.abc import Iterator
from types import TracebackType
from typing import Any

_SET_UP = ("setUp", "asyncSetUp", "tearDown", "asyncTearDown")
MOST_TEXT = 2000
EXPECTED = "expected to fail"
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_CHECKS = {
    "aiohttp": "ContentTypeError",  # by the head of an answer: it is no JSON
    "builtins": "Failed",  # what pytest.fail raises says so of itself
    "cerberus": "DocumentError",
    "fastjsonschema": "JsonSchemaException",
    "jsonschema": "ValidationError",
    "jsonschema_rs": "ValidationError",
    "marshmallow": "ValidationError",
    "msgspec": "ValidationError",
    "openapi_core": "OpenAPIError",
    "pydantic": "ValidationError",
    "pydantic_core": "ValidationError",
    "schema": "SchemaError",
    "typeguard": "TypeCheckError",
    "voluptuous": "Invalid",
}
"""Errors by which libraries say that a value is not what was expected: package and class."""


class TimeOver(BaseException):
    """Raised in the middle of a test that takes too long; no `except Exception` stops it."""


class Phase:
    """What pytest says of one part of a run: `when` is setup, call or teardown."""

    def __init__(self, report: Any, error: Any) -> None:
        self.when: str = report.when
        self.outcome: str = EXPECTED if hasattr(report, "wasxfail") else report.outcome
        self.error: BaseException | None = error.value if error is not None else None
        text = error.exconly(tryshort=True) if error is not None else str(report.longrepr or "")
        if isinstance(report.longrepr, tuple):
            text = str(report.longrepr[2])
        if text.startswith("[XPASS"):
            self.outcome = EXPECTED
        if isinstance(self.error, TimeOver):
            text = str(self.error)
        if text == "AssertionError":
            # pytest explains the assertions of tests only, not those of their helpers.
            text = "".join(linecache.getline(file, line) for file, _, line in list(self.trace)[-1:])
        self.text = _ADDRESS.sub("", text).strip()[:MOST_TEXT]

    @property
    def trace(self) -> Iterator[tuple[str, str, int]]:
        """File, function and line of the calls that led to the error, outermost first."""
        step: TracebackType | None = getattr(self.error, "__traceback__", None)
        while step is not None:
            code = step.tb_frame.f_code
            yield code.co_filename, code.co_name, step.tb_lineno
            step = step.tb_next


def judged(phases: list[Phase], bodies: Any) -> tuple[str, Phase | None]:
    """How the run ended, and the part of it that says so; `bodies` are those of the answers."""
    for phase in phases:
        if isinstance(phase.error, TimeOver):
            return "timeout", phase
    kinds = [(_kind(phase, bodies), phase) for phase in phases if phase.outcome == "failed"]
    for wanted in ("failed", "crashed", "fixture error"):
        for kind, phase in kinds:
            if kind == wanted:
                return kind, phase
    last = {phase.when: phase for phase in phases}
    for when in ("setup", "call"):
        if when in last and last[when].outcome in ("skipped", EXPECTED):
            return last[when].outcome, last[when]
    return "passed", None


def _kind(phase: Phase, bodies: Any) -> str:
    trace = list(phase.trace)
    ours = [step for step in trace if step[0].startswith(os.getcwd())]
    if phase.when != "call" or any(step[1] in _SET_UP for step in ours):
        return "fixture error"
    if phase.error is None or _is_check(phase.error, bodies):
        return "failed"
    asked = trace[-1:] and trace[-1][1] == "raise_for_status" and trace[-2:-1] == ours[-1:]
    return "failed" if asked else "crashed"


def _is_check(error: BaseException, bodies: Any) -> bool:
    """Whether it says that something is not as expected."""
    parts = getattr(error, "exceptions", ())
    if isinstance(parts, (tuple, list)) and any(_is_check(each, bodies) for each in parts):
        return True
    if isinstance(error, AssertionError):
        return True
    for each in type(error).__mro__:
        package = each.__module__.partition(".")[0]
        if _CHECKS.get(package) == each.__name__:
            return True
    return _is_no_json(error, bodies)


def _is_no_json(error: BaseException, bodies: Any) -> bool:
    """Whether a parser says that the body of an answer is no JSON: a check, like a schema's."""
    is_parsers = any(each.__name__ == "JSONDecodeError" for each in type(error).__mro__)
    return is_parsers and bool(bodies.has(getattr(error, "doc", None)))


def line_of(item: Any, phase: Phase) -> int | None:
    """The line of the test's file that the error went through last."""
    file = _real(path_of(item))
    lines = [line for name, _, line in phase.trace if _real(name) == file]
    return lines[-1] if lines else None


@functools.lru_cache(maxsize=None)  # noqa: UP033 - Python 3.7
def _real(path: str) -> str:
    return os.path.realpath(path)


def path_of(item: Any) -> str:
    """The test's file."""
    return str(getattr(item, "path", None) or item.fspath)
