"""Source files to test functions: calls, assertions and places, Python and Java.

Reading never fails: half-typed code costs only the test it stands in, and what could not be
resolved says so.

    language_of("tests/test_books.py")          which files are tests
    read_tests(text, SourceLanguage.PYTHON)     the tests of a file
    is_covered(test, fact)                      whether a test checks a fact already
"""

from __future__ import annotations

from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.testcode.coverage import is_covered
from pe4king_core.testcode.files import language_of


def read_tests(text: str, language: SourceLanguage) -> TestFile:
    """The tests in `text`, whatever its file is called."""
    if language is SourceLanguage.PYTHON:
        from pe4king_core.testcode.python import read
    else:
        from pe4king_core.testcode.java import read
    return read(text)


__all__ = ["is_covered", "language_of", "read_tests"]
