"""Which files are tests, by their names."""

from __future__ import annotations

import re

from pe4king_core.model.source import SourceLanguage

_PYTHON = re.compile(r"(?:test_.*|.*_test)\.py\Z")
_JAVA = re.compile(r".*(?:Test|Tests|IT)\.java\Z")


def language_of(path_or_uri: str) -> SourceLanguage | None:
    """The language of the test file at `path_or_uri`; None for anything that is no test file."""
    name = re.split(r"[/\\]", re.split(r"[?#]", path_or_uri, maxsplit=1)[0])[-1]
    if _PYTHON.match(name):
        return SourceLanguage.PYTHON
    if _JAVA.match(name):
        return SourceLanguage.JAVA
    return None
