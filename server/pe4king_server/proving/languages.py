"""The language of what is run: tests, and the files beside them."""

from __future__ import annotations

from pathlib import PurePosixPath

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode.files import language_of

_BESIDE = {".py": SourceLanguage.PYTHON, ".java": SourceLanguage.JAVA}


def source_language(uri: str) -> SourceLanguage | None:
    """The language of the test file at `uri`, or of a conftest, a helper, a base class."""
    return language_of(uri) or _BESIDE.get(PurePosixPath(uri).suffix)
