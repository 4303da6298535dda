"""Source files to test functions: calls, assertions and places, Python and Java.

Reading never fails: half-typed code costs only the test it stands in, and what could not be
resolved says so.

    language_of("tests/test_books.py")                which files are tests
    read_tests(text, SourceLanguage.PYTHON)           the tests of a file
    read_tests(text, language, CodeView(base, uri))   the same, with the helpers of other files
    TestReader(language).read(text, view)             while it is typed (`incremental`)
    is_covered(test, fact)                            whether a test checks a fact already
"""

from __future__ import annotations

from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.testcode.codebase import CodeBase, CodeView
from pe4king_core.testcode.coverage import is_covered
from pe4king_core.testcode.files import language_of


def read_tests(text: str, language: SourceLanguage, view: CodeView | None = None) -> TestFile:
    """The tests in `text`, whatever its file is called.

    Helpers of other files are looked up through `view`; without one, only those of `text`.
    """
    from pe4king_core.testcode.incremental import TestReader

    return TestReader(language).read(text, view)


__all__ = ["CodeBase", "CodeView", "is_covered", "language_of", "read_tests"]
