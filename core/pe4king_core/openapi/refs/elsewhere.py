"""What is said of places in other files: which file, which line."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote, urlsplit

from pe4king_core.model.message import Message
from pe4king_core.openapi.layout.keys import unquoted
from pe4king_core.openapi.layout.positions import Finder, Positions
from pe4king_core.openapi.raw import Place, Source

_REF = re.compile(
    r"""\$ref["']?[ \t]*:[ \t\r\n]*(?:[>|][-+]?[ \t]*\r?\n[ \t]*)?
    ("(?:[^"\\\n]|\\.)*+"?|'(?:[^'\n]|'')*+'?|[^\s"',}\]]+)""",
    re.VERBOSE,
)


class Elsewhere:
    """Names files and lines as seen from the document `root`; each file is searched once."""

    def __init__(self, root: Source) -> None:
        self._root = root
        self._references: dict[Source, dict[str, int]] = {}
        self._finders: dict[Source, Finder] = {}

    def of_place(self, place: Place, message: Message) -> Message:
        """`message` with the file and the line of `place`; as it is for the document itself."""
        if place.source is self._root:
            return message
        return self._named(place.source, self.line_of_place(place), message)

    def of_reference(self, source: Source, reference: str, message: Message) -> Message:
        """`message` with the file and the line of the first `$ref: reference` in `source`."""
        if source is self._root:
            return message
        lines = self._references.get(source)
        if lines is None:
            lines = self._references[source] = _references(source.text)
        return self._named(source, lines.get(reference, 1), message)

    def line_of_place(self, place: Place) -> int:
        """The one-based line of the key of `place` in its file, or of its nearest ancestor."""
        finder = self._finders.get(place.source)
        if finder is None:
            finder = self._finders[place.source] = Finder(Positions(place.source.text))
        key = finder.find(place.pointer.removeprefix(place.source.prefix))
        return place.source.text.count("\n", 0, key.span.start) + 1 if key else 1

    def name_of(self, source: Source) -> str:
        """The path of `source` from the folder of the document, or its address."""
        try:
            here, there = urlsplit(self._root.uri), urlsplit(source.uri)
        except ValueError:
            return source.uri
        if (here.scheme, here.netloc) != (there.scheme, there.netloc) or not there.path:
            return source.uri
        return unquote(posixpath.relpath(there.path, posixpath.dirname(here.path) or "/"))

    def _named(self, source: Source, line: int, message: Message) -> Message:
        name = self.name_of(source)
        return Message(f"{name}, line {line}: {message.en}", f"{name}, строка {line}: {message.ru}")


def _references(text: str) -> dict[str, int]:
    """The line on which each reference stands first."""
    found: dict[str, int] = {}
    line, counted = 1, 0
    for match in _REF.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        found.setdefault(unquoted(match[1]), line)
    return found
