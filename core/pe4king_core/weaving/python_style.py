"""How the tests of a file write assertions: whose words, which quotes, how long lines."""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Sequence

from pe4king_core.model.source import TestAssertion, TestFile, TestFunction
from pe4king_core.rendering.python.dialects import (
    Assertpy,
    CheckBlock,
    Dialect,
    Functions,
    Hamcrest,
    Plain,
    pytest_check,
    unittest,
)

_WIDTHS = (88, 100, 120)
_PREFIX = re.compile(r"\s*(?:await\s+)?((?:[^\W\d]\w*\.)*)[^\W\d]\w*\s*\(")
_CASE = re.compile(r"\bclass\s+(\w+)\s*\(([^)]*)\)")
_STRING = re.compile(r"(?<![\w\"'])[rRbBfFuU]{0,2}([\"'])(?!\1\1)[^\"'\n]*\1")


def dialect_of(file: TestFile, test: TestFunction) -> Dialect:
    """The words of the test's own assertions, else of its file's, else those of its class."""
    own = _dialects(file, [test])
    if own:
        return own[0]
    if _is_case(file, test):
        return unittest("self")
    beside = [other for other in file.tests if _scope(other) == _scope(test)]
    found = [each for each in _dialects(file, beside) if _in_scope(file, test, each)]
    found += [each for each in _dialects(file, file.tests) if _is_global(file, each)]
    return found[0] if found else Plain()


def _in_scope(file: TestFile, test: TestFunction, dialect: Dialect) -> bool:
    """Whether `test` could use the words of the tests in its class."""
    return _root(dialect) in ("", "self", *test.parameters) or _is_global(file, dialect)


def _is_global(file: TestFile, dialect: Dialect) -> bool:
    """Whether every test of the file could use these words."""
    imported = {re.split(r"\s+as\s+|\.", each)[-1] for each in file.imports}
    root = _root(dialect)
    if not root and not isinstance(dialect, Plain):
        return bool({"assert_that", "*"} & imported)
    return not root or root in imported


def _root(dialect: Dialect) -> str:
    """The first name of what the words of `dialect` begin with."""
    match dialect:
        case CheckBlock(context):
            return context
        case Functions(prefix) | Hamcrest(prefix) | Assertpy(prefix):
            return prefix.partition(".")[0]
    return ""


def _dialects(file: TestFile, tests: Sequence[TestFunction]) -> list[Dialect]:
    """The dialects that `tests` use, the most used first."""
    counted: Counter[Dialect] = Counter()
    for test in tests:
        for assertion in test.assertions:
            dialect = None if assertion.via else _spoken(assertion)
            if isinstance(dialect, Plain) and _in_check(file, test, assertion):
                dialect = CheckBlock(assertion.soft)
            if dialect is not None:
                counted[dialect] += 1
    return [dialect for dialect, _ in counted.most_common()]


def _spoken(assertion: TestAssertion) -> Dialect | None:
    """The dialect of one assertion; None where it is of no library that we write."""
    called = _PREFIX.match(assertion.text)
    prefix = called[1] if called is not None else ""
    match assertion.library:
        case "unittest" if prefix:
            return unittest(prefix.rstrip("."))
        case "pytest-check" if prefix:
            return pytest_check(prefix)
        case "pyhamcrest":
            return Hamcrest(prefix)
        case "assertpy":
            return Assertpy(_module_of(assertion.text))
        case "assert":
            return Plain()
        case "":
            return _guessed(assertion, prefix)
    return None


def _in_check(file: TestFile, test: TestFunction, assertion: TestAssertion) -> bool:
    """Whether the plain assertion stands in a block of pytest-check, `with check:`."""
    block = rf"\bwith\s+{re.escape(assertion.soft)}\s*(?:\([^\n]*\))?:"
    opened = bool(assertion.soft) and re.search(block, test.span.of(file.text)) is not None
    return opened and assertion.text.startswith("assert")


def _guessed(assertion: TestAssertion, prefix: str) -> Dialect | None:
    """The dialect of an assertion whose library was not told."""
    if re.match(r"\s*assert\b", assertion.text) or not _PREFIX.match(assertion.text):
        return Plain()
    if prefix == "self." and re.match(r"\s*self\.assert[A-Z]", assertion.text):
        return unittest("self")
    return None


def _module_of(text: str) -> str:
    found = re.match(r"\s*((?:\w+\.)*)assert_that\s*\(", text)
    return found[1] if found is not None else ""


def _scope(test: TestFunction) -> str:
    return test.qualified_name.rpartition(".")[0]


def _is_case(file: TestFile, test: TestFunction) -> bool:
    """Whether the test's class is visibly derived from a `TestCase`."""
    own = _scope(test).rpartition(".")[2]
    bases = {match[1]: match[2] for match in _CASE.finditer(file.text)}
    seen: set[str] = set()
    while own and own not in seen:
        seen.add(own)
        listed = bases.get(own, "")
        if re.search(r"\b\w*TestCase\b", listed):
            return True
        own = listed.split(",")[0].strip().rpartition(".")[2]
    return False


def line_width(file: TestFile) -> int:
    """How wide lines may be: the smallest usual limit that the file keeps.

    A line in fifty may be longer (addresses, comments).
    """
    lengths = [len(line) for line in file.text.splitlines()]
    for width in _WIDTHS:
        if 50 * sum(length > width for length in lengths) <= len(lengths):
            return width
    return _WIDTHS[-1]


def single_quotes(file: TestFile, test: TestFunction) -> bool:
    """Whether the test, or where it is undecided its file, writes texts in single quotes."""
    for text in (test.span.of(file.text), file.text):
        used = Counter(match[1] for match in _STRING.finditer(text))
        if used["'"] != used['"']:
            return used["'"] > used['"']
    return False


def requoted(lines: Iterable[str]) -> list[str]:
    """`lines` with their texts in single quotes, where that needs no escapes."""
    text = "\n".join(lines)
    edits = []
    rows = text.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(text + "\n").readline):
        opening = token.string[:-1].find('"') if token.type == tokenize.STRING else -1
        inner = token.string[opening + 1 : -1]
        if opening in (0, 1) and "'" not in token.string and '"' not in inner:
            edits.append((token.start, f"{token.string[:opening]}'{inner}'"))
    for (row, column), new in reversed(edits):
        line = rows[row - 1]
        rows[row - 1] = line[:column] + new + line[column + len(new) :]
    return rows
