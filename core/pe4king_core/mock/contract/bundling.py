"""A document of several files as one: what references lead to is copied in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import unquote

from pe4king_core.mock.contract.pointers import UnjudgedError
from pe4king_core.openapi.parsing.reading import UnreadableError, read
from pe4king_core.openapi.raw import entries, escape

_SECTION = "x-other-files"
_MOST_FILES = 2_000
_ELSEWHERE = re.compile(r"""["']?\$ref["']?\s*:\s*["']?[^\s"'#]""")


class Files(Protocol):
    """Gives the text of other files."""

    def read(self, base_uri: str, reference: str) -> tuple[str, str] | None:
        """URI and text of the file that `reference` names in `base_uri`; None: there is none."""


def may_lead_elsewhere(text: str) -> bool:
    """Whether a document's text may refer to other files."""
    return _ELSEWHERE.search(text) is not None


def bundled(document: Mapping[str, Any], uri: str, files: Files) -> dict[str, Any]:
    """The document with all its files; a reference that leads nowhere stays as it is."""
    bundle = _Bundle(uri, files)
    made: dict[str, Any] = bundle.copy(document, uri, "")
    # Files name files: each is copied when it is its turn.
    while bundle.waiting:
        number, base, data = bundle.waiting.pop()
        made.setdefault(_SECTION, {})[number] = bundle.copy(data, base, f"/{_SECTION}/{number}")
    return made


class _Bundle:
    def __init__(self, uri: str, files: Files) -> None:
        self._files = files
        self._numbers: dict[str, str | None] = {uri: ""}
        self.waiting: list[tuple[str, str, Any]] = []

    def copy(self, node: Any, base: str, prefix: str) -> Any:
        """`node` of the file `base`, which stands at `prefix`, with its references moved."""
        if isinstance(node, list):
            return [self.copy(each, base, prefix) for each in node]
        if not isinstance(node, dict):
            return node
        made = {name: self.copy(value, base, prefix) for name, value in entries(node)}
        if isinstance(made.get("$ref"), str):
            made["$ref"] = self._moved(made["$ref"], base, prefix)
        return made

    def _moved(self, reference: str, base: str, prefix: str) -> str:
        path, _, fragment = reference.partition("#")
        if not path:
            return f"#{prefix}{fragment}"
        for written in dict.fromkeys((unquote(path), path)):
            found = None if "://" in written else self._files.read(base, written)
            number = self._number(*found) if found else None
            if number is not None:
                return f"#{_place(number)}{fragment}"
        return reference

    def _number(self, uri: str, text: str) -> str | None:
        if uri not in self._numbers:
            if len(self._numbers) > _MOST_FILES:
                raise UnjudgedError("too many files")
            try:
                data = read(text)
            except UnreadableError:
                self._numbers[uri] = None
            else:
                number = self._numbers[uri] = str(len(self._numbers))
                self.waiting.append((number, uri, data))
        return self._numbers[uri]


def _place(number: str) -> str:
    return f"/{_SECTION}/{escape(number)}" if number else ""
