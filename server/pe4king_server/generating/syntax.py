"""Whether files that we have written are free of syntax errors, cheaper than by parsing them.

Tests differ in names and texts, and hardly in anything else. So a file is cut into heads of tests
and statements, the texts in them are left empty, and of all that look alike one is parsed. What
that might give another meaning is parsed as it stands; where a part has an error, the file decides.
"""

from __future__ import annotations

import re
import symtable
import warnings
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import chain

from pe4king_core.model.source import SourceLanguage

_MOST = 20_000
"""Parts that are remembered."""
_LONG = 100_000
"""Characters of Python that are parsed together, at least: a long tree takes much memory."""
_GAP = "\n\n\n"
"""Stands between the functions of a Python file."""
_MEMBER = re.compile(r"\n\n(?=  [^ \n])")
"""Stands between the members of a Java class."""
_PARAGRAPH = "\n\n    "
_LONG_PARAGRAPH = 400
_STATEMENT = re.compile(r"\n    (?=[^\s)\]}])")
"""Where a statement of a function or method begins; a closing bracket belongs to the one before."""
_TEXT = re.compile(r'"""[^"\\\n]*"""|"[^"\\\n]*(?:\\["\\nrt][^"\\\n]*)*"')
_PYTHON_TEXT = re.compile(rf'\bf"[^"\\\n]*"|{_TEXT.pattern}')
_PYTHON_NAME = re.compile(r"^def test_[a-zA-Z0-9_]+", re.MULTILINE)
_JAVA_NAME = re.compile(r"\bvoid [a-z0-9]+[A-Z][a-zA-Z0-9]*\(\)")
"""Names that surely are no keywords."""
_ODD = ("'", "\\", '"""')
"""Where nothing of this is left, each pair of quotes in a line was a plain text."""
_PYTHON_ODD = (*_ODD, *(f'{prefix}"' for prefix in "fFrRbBuU"), "global ", "nonlocal ")
_ODD_COMMENT = re.compile(r'/\*[^\n]*"')
_BETWEEN = f"{_GAP}pass{_GAP}"
"""Whatever is left open before it has an error here: a bracket, a decorator, a block."""
_END = "\n}\n"
"""Ends a Java file."""
_LINK = re.compile(r"\n +(?=\.[a-z][a-zA-Z]*\()")
"""Where a call begins that is chained to what stands above it."""
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("/*", "*/"))
_OUTSIDE = re.compile(r"\n(?!\n|    |\Z)")
"""A line that is not in the function any more."""


@dataclass(slots=True)
class _Parts:
    """What a file was cut into, texts left empty."""

    around: str = ""
    heads: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    """What stays as it is."""
    end: str = ""


class Syntax:
    """Knows the parts that it has seen to be free of errors."""

    def __init__(self, language: SourceLanguage) -> None:
        python = language is SourceLanguage.PYTHON
        self._cut: Callable[[str], _Parts] = _python_parts if python else _java_parts
        self._calls: Callable[[str], Iterable[str]] = _as_it_stands if python else _java_calls
        self._joined: Callable[[_Parts], str] = _joined_python if python else _joined_java
        self._is_sound: Callable[[str], bool] = _is_python if python else _is_java
        self._heads: set[str] = set()
        self._statements: set[str] = set()

    def holds(self, text: str) -> bool:
        """Whether `text` is certainly free of syntax errors."""
        return (_is_plain(text) and self._is_made_of_sound(text)) or self._is_sound(text)

    def _is_made_of_sound(self, text: str) -> bool:
        parts = self._cut(text)
        parts.heads = _new(parts.heads, self._heads)
        statements = _new(parts.statements, self._statements)
        new = (*parts.heads, *statements)
        if not all(map(_is_balanced, new)) or any(map(_OUTSIDE.search, statements)):
            return False
        parts.statements = _new(chain.from_iterable(map(self._calls, statements)), self._statements)
        if not self._is_sound(self._joined(parts)):
            return False
        if len(self._heads) + len(self._statements) > _MOST:
            self._heads, self._statements = set(), set()
        self._heads.update(parts.heads)
        self._statements.update(statements, parts.statements)
        return True


def _new(parts: Iterable[str], known: Set[str]) -> list[str]:
    return [part for part in dict.fromkeys(parts) if part not in known]


def _is_plain(text: str) -> bool:
    """Whether there are no characters that are forbidden or end a line within texts."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\r" not in text and "\0" not in text


def _is_balanced(part: str) -> bool:
    """Whether all brackets and comments are closed, as those of another part might close them."""
    return all(part.count(opening) == part.count(closing) for opening, closing in _PAIRS)


def _is_odd(bare: str, marks: Iterable[str]) -> bool:
    return any(map(bare.__contains__, marks))


def _statements(body: str) -> Iterator[str]:
    """The paragraphs of the body of a function; long ones, which are seldom alike, in pieces."""
    for paragraph in body.split(_PARAGRAPH):
        if len(paragraph) < _LONG_PARAGRAPH:
            yield paragraph
        else:
            yield from _STATEMENT.split(paragraph)


def _python_parts(text: str) -> _Parts:
    parts = _Parts()
    bare_text = _TEXT.sub('""', text)
    for piece, shape in zip(text.split(_GAP), bare_text.split(_GAP), strict=True):
        bare = _without_expressions(piece, parts) if 'f"' in shape else shape
        head, opens, body = bare.partition("):\n    ")
        if not opens or not head.startswith(("@", "def ")) or _is_odd(bare, _PYTHON_ODD):
            parts.odd.append(piece)
            continue
        parts.heads.append(_PYTHON_NAME.sub("def part", f"{head}):\n    pass"))
        parts.statements += _statements(body)
    return parts


def _without_expressions(piece: str, parts: _Parts) -> str:
    """`piece` with all texts left empty; those with expressions in them become parts as well."""

    def left_empty(found: re.Match[str]) -> str:
        if found[0].startswith("f"):
            parts.statements.append(found[0])
        return '""'

    return _PYTHON_TEXT.sub(left_empty, piece)


def _joined_python(parts: _Parts) -> str:
    body = "\n    pass\n    ".join(("pass", *parts.statements, "pass"))
    return _BETWEEN.join((*parts.heads, f"def part():\n    {body}", *parts.odd))


def _is_python(text: str) -> bool:
    """Whether `text` is Python, looked at in pieces."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            for piece in _pieces(text):
                symtable.symtable(piece, "tests", "exec")
        except (SyntaxError, ValueError):
            return False
    return True


def _pieces(text: str) -> Iterator[str]:
    """`text` cut between statements; where the cut is within a string, a piece is no Python."""
    start = 0
    while start < len(text):
        end = text.find(_GAP, start + _LONG)
        end = len(text) if end < 0 else end + len(_GAP)
        yield text[start:end]
        start = end


def _java_parts(text: str) -> _Parts:
    """The members of the class that `text` ends with, and what stands around them."""
    end = _END if text.endswith(_END) else ""
    text = text.removesuffix(_END)
    pieces = zip(_MEMBER.split(text), _MEMBER.split(_TEXT.sub('""', text)), strict=True)
    (around, _), *members = pieces
    parts = _Parts(around, end=end)
    for member, bare in members:
        head, opens, body = bare.partition(" {\n    ")
        plain = opens and body.endswith("\n  }") and not _is_odd(bare, _ODD)
        plain = plain and "//" not in head
        if not plain or ("/*" in bare and _ODD_COMMENT.search(bare)):
            parts.odd.append(member)
            continue
        parts.heads.append(_JAVA_NAME.sub("void part()", f"{head} {{}}"))
        parts.statements += _statements(body[:-4])
    return parts


def _as_it_stands(statement: str) -> tuple[str]:
    return (statement,)


def _java_calls(statement: str) -> Iterable[str]:
    """A chain of calls, which hardly any other is like, as one statement for every call.

    Where one ends with its bracket, any other may follow it.
    """
    head, *links = _LINK.split(statement.removesuffix(";"))
    if len(links) < 2 or not statement.endswith(";") or not all(map(_is_link, links)):
        return _as_it_stands(statement)
    return (f"{head}\n{links[0]};", *(f"part(){link};" for link in links[1:]))


def _is_link(text: str) -> bool:
    whole = text.endswith(")") and ";" not in text and "//" not in text
    return whole and _is_balanced(text)


def _joined_java(parts: _Parts) -> str:
    methods = (f"  void part() {{\n    {each}\n  }}" for each in parts.statements)
    return "\n\n".join((parts.around, *parts.heads, *methods, *parts.odd)) + parts.end


def _is_java(text: str) -> bool:
    from pe4king_core.testcode.syntax import parse

    return not parse(text, SourceLanguage.JAVA).root.has_error
