"""Which files are tests, by their names."""

from __future__ import annotations

import re

from pe4king_core.model.source import SourceLanguage

_PYTHON = re.compile(r"(?:test_.*|.*_tests?|tests?)\.py\Z")
_JAVA = re.compile(r"(?:Test[A-Z0-9_].*|.*(?:Tests?|TestCase|IT|ITCase|Spec))\.java\Z")
"""What pytest, unittest and Django, Surefire and Failsafe take for tests by default."""


def language_of(path_or_uri: str) -> SourceLanguage | None:
    """The language of the test file at `path_or_uri`; None for anything that is no test file."""
    name = re.split(r"[/\\]", re.split(r"[?#]", path_or_uri, maxsplit=1)[0])[-1]
    if _PYTHON.match(name):
        return SourceLanguage.PYTHON
    if _JAVA.match(name):
        return SourceLanguage.JAVA
    return None
