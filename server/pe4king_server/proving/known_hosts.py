"""Which hosts tests of a project may call: its document's, its settings', those its code names.

What is only mentioned (a comment, a docstring, a description in a document) is not named: whoever
proposes a test has read that as well, and it may have been written to be obeyed.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pe4king_core.model.operation import ApiDocument
from pe4king_core.proof.proving.hosts import server_hosts
from pe4king_server.files import walk

_CODE = (".py", ".java")
_SETTINGS = (".properties", ".env", ".ini", ".cfg", ".toml")
_MOST_FILES = 2_000
_MOST_CHARACTERS = 500_000
_JAVA = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(slots=True)
class KnownHosts:
    """Asked for one host after the other; the project is read when the first one is not known.

    `texts` go before what is on disk; `given` are addresses, hosts or other values of settings.
    """

    root: Path
    documents: Sequence[ApiDocument]
    texts: Mapping[Path, str]
    given: frozenset[str] = frozenset()
    _named: tuple[str, ...] | None = field(default=None, init=False)

    def __call__(self, host: str) -> bool:
        """Whether tests may call `host`."""
        if host in {each for text in self.given for each in (text.lower(), _host(text))}:
            return True
        patterns = (each for document in self.documents for each in server_hosts(document))
        return any(each.fullmatch(host) for each in patterns) or self._is_named(host)

    def _is_named(self, host: str) -> bool:
        """Whether the code has the host, or the end that it puts a part before."""
        if self._named is None:
            self._named = tuple(self._literals())
        domain = "." + host.partition(".")[2]
        whole = re.compile(rf"(?<![\w.-]){re.escape(host)}(?![\w-]|\.\w)")
        end = re.compile(rf"\A{re.escape(domain)}(?![\w-]|\.\w)")
        is_part = domain.count(".") > 1
        return any(whole.search(each) or (is_part and end.search(each)) for each in self._named)

    def _literals(self) -> Iterator[str]:
        found = dict.fromkeys(walk(self.root, (*_CODE, *_SETTINGS)))
        for path in [*self.texts, *(each for each in found if each not in self.texts)][
            :_MOST_FILES
        ]:
            text = self.texts.get(path)
            text = _read(path) if text is None else text
            yield from (each.lower() for each in _of(path, text[:_MOST_CHARACTERS]))


def _host(text: str) -> str:
    try:
        return (urlsplit(text).hostname or "").lower()
    except ValueError:
        return ""  # no address


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # it went away, or may not be read: it names nothing


def _of(path: Path, text: str) -> Iterator[str]:
    """The values that a file has, without what it only mentions."""
    if path.suffix == ".py":
        return _of_python(text)
    if path.suffix == ".java":
        return (each[1:-1] for each in _JAVA.findall(text) if each.startswith(chr(34)))
    lines = (each.strip() for each in text.splitlines())
    return (each for each in lines if not each.startswith(("#", ";", "!")))


def _of_python(text: str) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except _UNREADABLE:
        return
    said = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value
