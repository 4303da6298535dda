"""The source files around a test, by the names that code has for them.

A `CodeBase` knows the workspace's files by name and reads one when it is asked for: finding
`api.clients` or `com.acme.BooksClient` needs the list of files only. What was made of a file (its
outline) is kept while its text stays, the least recently used ones are forgotten.

A `CodeView` is what one file sees of it. It remembers which files it was led to, so that whoever
keeps what was read can tell whether it is still true.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import unquote

T = TypeVar("T")

MAX_CHARACTERS = 16_000_000
"""Outlines of no more source text than this are kept."""


class CodeBase:
    """The files of a workspace. For one thread at a time."""

    def __init__(
        self,
        read: Callable[[str], str | None],
        uris: Iterable[str] = (),
        characters: int = MAX_CHARACTERS,
    ) -> None:
        self._read = read
        self._characters = characters
        self._uris: dict[str, tuple[str, ...]] = {}
        self._by_name: dict[str, list[str]] = {}
        self._revisions: dict[str, int] = {}
        self._outlines: OrderedDict[str, tuple[str, object]] = OrderedDict()
        self._kept = 0
        self.listing = 0
        """Grows whenever files come or go: names may lead elsewhere."""
        self.list(uris)

    def list(self, uris: Iterable[str]) -> None:
        """From now on the files are `uris`."""
        found = {uri: tuple(unquote(uri).split("/")) for uri in uris}
        if found.keys() == self._uris.keys() and self.listing:
            return
        for uri in self._uris.keys() - found.keys():
            self.changed(uri)
        self._uris = found
        self._by_name = {}
        for uri, parts in found.items():
            self._by_name.setdefault(parts[-1], []).append(uri)
        self.listing += 1

    def changed(self, uri: str) -> None:
        """The text of `uri` may be another one now."""
        self._revisions[uri] = self._revisions.get(uri, 0) + 1
        kept = self._outlines.pop(uri, None)
        if kept is not None:
            self._kept -= len(kept[0])

    def revision(self, uri: str) -> int:
        """A number that changes with the text of `uri`."""
        return self._revisions.get(uri, 0)

    def outline(self, uri: str, build: Callable[[str], T]) -> T | None:
        """`build(text)` of the file, made once for each text; None where it cannot be read."""
        kept = self._outlines.get(uri)
        if kept is not None:
            self._outlines.move_to_end(uri)
            return kept[1]  # type: ignore[return-value]  # one builder for each language
        text = self._read(uri)
        if text is None:
            return None
        made = build(text)
        self._outlines[uri] = (text, made)
        self._kept += len(text)
        while self._kept > self._characters and len(self._outlines) > 1:
            _, (oldest, _) = self._outlines.popitem(last=False)
            self._kept -= len(oldest)
        return made

    def named(self, path: tuple[str, ...], near: str) -> str | None:
        """The file whose path ends in `path`, the one nearest to `near` of several.

        None where there is none, or where several are equally near.
        """
        ending = len(path)
        found = [
            uri for uri in self._by_name.get(path[-1], ()) if self._uris[uri][-ending:] == path
        ]
        if len(found) < 2:
            return found[0] if found else None
        here = tuple(unquote(near).split("/"))
        ranked = sorted(((_shared(here, self._uris[uri]), uri) for uri in found), reverse=True)
        return ranked[0][1] if ranked[0][0] > ranked[1][0] else None

    def above(self, uri: str, name: str) -> tuple[str, ...]:
        """Files called `name` in the folder of `uri` and in those around it, nearest first."""
        here = tuple(unquote(uri).split("/"))[:-1]
        found = [
            (len(self._uris[each]), each)
            for each in self._by_name.get(name, ())
            if here[: len(self._uris[each]) - 1] == self._uris[each][:-1]
        ]
        return tuple(each for _, each in sorted(found, reverse=True))

    def beside(self, uri: str, relative: tuple[str, ...]) -> str | None:
        """The file at `relative`, seen from the folder of `uri`; `..` leads one folder up."""
        parts = list(unquote(uri).split("/"))[:-1]
        for each in relative:
            if each != "..":
                parts.append(each)
            elif parts:
                parts.pop()
        wanted = tuple(parts)
        return next(
            (each for each in self._by_name.get(wanted[-1], ()) if self._uris[each] == wanted),
            None,
        )


def _shared(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    """How many folders two files have in common."""
    count = 0
    for mine, theirs in zip(left[:-1], right[:-1], strict=False):
        if mine != theirs:
            break
        count += 1
    return count


@dataclass(slots=True)
class CodeView:
    """What the file `uri` sees of a code base."""

    base: CodeBase
    uri: str
    consulted: dict[str, int] = field(default_factory=dict)
    """The files that it was led to, with their revisions then."""
    listing: int | None = None
    """The code base's listing when a name was looked for; None where none was."""
    own: str | None = None
    """The text of `uri` itself as its tests see it: without the tests."""
    looked_for: dict[tuple[str, str, str], object] = field(default_factory=dict)
    """The names that were looked for (how, what, by which file), with what they led to."""
    _own_outline: object = None

    def outline(self, uri: str, build: Callable[[str], T]) -> T | None:
        """What `build` makes of the text of `uri`; None where it cannot be read."""
        if uri == self.uri and self.own is not None:
            if self._own_outline is None:
                self._own_outline = build(self.own)
            return self._own_outline  # type: ignore[return-value]  # one builder each
        self.consulted[uri] = self.base.revision(uri)
        return self.base.outline(uri, build)

    def python_module(self, name: str, importer: str) -> str | None:
        """The file of the module `name` as `importer` imports it; leading dots are relative."""
        return self._looked("python_module", _python_module, name, importer)

    def conftests(self, importer: str) -> tuple[str, ...]:
        """The `conftest.py` files that `importer` takes fixtures from, nearest first."""
        return self._looked("conftests", _conftests, "conftest.py", importer)

    def java_file(self, qualified: str, importer: str) -> str | None:
        """The file of the top-level type `com.acme.BooksClient`."""
        return self._looked("java_file", _java_file, qualified, importer)

    def include(self, other: CodeView) -> None:
        """Add what `other`, a view of the same file, was led to."""
        self.consulted |= other.consulted
        self.looked_for |= other.looked_for
        if other.listing is not None:
            self.listing = other.listing

    def _looked(
        self, kind: str, find: Callable[[CodeBase, str, str], T], name: str, importer: str
    ) -> T:
        self.listing = self.base.listing
        found = self.looked_for[kind, name, importer] = find(self.base, name, importer)
        return found

    def is_current(self) -> bool:
        """Whether everything that it was led to is as it was then."""
        if any(self.base.revision(uri) != then for uri, then in self.consulted.items()):
            return False
        if self.listing not in (None, self.base.listing):
            # Files came or went: that matters if a name leads elsewhere now.
            for (kind, name, importer), found in self.looked_for.items():
                if _FINDERS[kind](self.base, name, importer) != found:
                    return False
            self.listing = self.base.listing
        return True

    def serves(self, other: CodeView) -> bool:
        """Whether what was read with it holds for `other`."""
        return self.base is other.base and self.uri == other.uri and self.is_current()


def _python_module(base: CodeBase, name: str, importer: str) -> str | None:
    dots = len(name) - len(name.lstrip("."))
    tail = tuple(part for part in name.lstrip(".").split(".") if part)
    for path in ((*tail[:-1], f"{tail[-1]}.py") if tail else (), (*tail, "__init__.py")):
        if not path:
            continue
        if dots:
            found = base.beside(importer, (*[".."] * (dots - 1), *path))
        else:
            found = base.named(path, importer)
        if found is not None:
            return found
    return None


def _conftests(base: CodeBase, name: str, importer: str) -> tuple[str, ...]:
    return base.above(importer, name)


def _java_file(base: CodeBase, qualified: str, importer: str) -> str | None:
    parts = tuple(qualified.split("."))
    return base.named((*parts[:-1], f"{parts[-1]}.java"), importer)


_FINDERS: Mapping[str, Callable[[CodeBase, str, str], object]] = {
    "python_module": _python_module,
    "conftests": _conftests,
    "java_file": _java_file,
}


def alone() -> CodeView:
    """The view of a file of which nothing around is known."""
    return CodeView(CodeBase(lambda _: None), "")
