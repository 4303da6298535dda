"""The other files that references name: each read once, within limits.

Files of the workspace come from a `FileReader`. Files of other hosts come from it as well where
it is a `RemoteReader`, which knows the hosts that the user listed; nothing else is ever opened.
"""

from __future__ import annotations

import re
from typing import Protocol, runtime_checkable
from urllib.parse import unquote

from pe4king_core.model.message import Message
from pe4king_core.openapi.parsing.reading import UnreadableError
from pe4king_core.openapi.raw import Raw, Source
from pe4king_core.openapi.refs.anchors import joined
from pe4king_core.openapi.refs.unresolved import (
    Unresolved,
    foreign_scheme,
    missing_file,
    not_allowed,
    not_fetched,
    too_many,
    unreadable_file,
)
from pe4king_core.openapi.units.document_text import DocumentText
from pe4king_core.openapi.units.identifiers import may_have_anchors
from pe4king_core.openapi.units.unit import UnitReader

MAX_FILES = 5_000
MAX_TRIES = 20_000
"""How many different file names are looked for, found or not."""
MAX_CHARACTERS = 100_000_000
"""In all other files together."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:|//")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_PROSE = (".md", ".markdown", ".txt", ".rst", ".adoc", ".html", ".htm")
_FILES = Message(
    f"there are more than {MAX_FILES:,} other files", f"других файлов больше {MAX_FILES:,}"
)
_TRIES = Message(
    f"there are more than {MAX_TRIES:,} different file names",
    f"разных имён файлов больше {MAX_TRIES:,}",
)
_CHARACTERS = Message(
    f"the other files have more than {MAX_CHARACTERS:,} characters",
    f"в других файлах больше {MAX_CHARACTERS:,} символов",
)
_NO_DATA = Message("It holds no mapping.", "В нём нет объекта с ключами.")


class FileReader(Protocol):
    """Gives the text of other files of the workspace."""

    def read(self, base_uri: str, reference: str) -> tuple[str, str] | None:
        """URI and text of the file that `reference` (no fragment, no scheme) names in `base_uri`.

        `reference` is a path with forward slashes and without percent-escapes. None where there
        is no such file or it lies outside of what may be read. The same file always gets the same
        URI; for the document itself it is the URI given to `load`.
        """


@runtime_checkable
class RemoteReader(Protocol):
    """Gives files of the hosts that the user listed."""

    def fetch(self, url: str) -> tuple[str, str] | Message | None:
        """Final address and text of `url`; why it could not be had; None: not a listed host."""


class Sources:
    """The files of one document: `root` and what references led to."""

    def __init__(
        self, root: Source, files: FileReader | None, reader: UnitReader | None = None
    ) -> None:
        self.root = root
        self._files = files
        self._reader = reader
        self._by_uri: dict[str, Source | Unresolved] = {root.uri: root}
        self._found: dict[tuple[str, str, str], Source | Unresolved] = {}
        self._characters = 0

    def find(self, source: Source, base: str, reference: str) -> Source | Unresolved:
        """The file that `reference` names in `source`; `base`: its base URI at that place.

        A relative reference means a file beside `source`, whatever its identifiers say, because
        that is where people keep it; then what lies at the base URI.
        """
        key = (source.uri, base, reference)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= MAX_TRIES:
                return too_many(reference, _TRIES)
            found = self._found[key] = self._find(source, base, reference)
        return found

    def _find(self, source: Source, base: str, reference: str) -> Source | Unresolved:
        absolute = _SCHEME.match(reference) is not None
        if not absolute and not _WEB.match(source.uri):
            found = self._local(source, reference)
            url = joined(base, reference)
            if not isinstance(found, Unresolved) or base == source.uri or not _WEB.match(url):
                return found
            remote = self._remote(url, reference)
            # A listed host may know better; of one that is not, the missing file is what to tell.
            is_known = not isinstance(remote, Unresolved) or remote.code != "doc-ref-remote"
            return remote if is_known else found
        url = joined(base if absolute else source.uri, reference)
        return self._remote(url, reference) if _WEB.match(url) else foreign_scheme(reference)

    def _local(self, source: Source, reference: str) -> Source | Unresolved:
        if self._files is None:
            return missing_file(reference)
        # A file's own name may hold what looks like an escape.
        for path in dict.fromkeys((unquote(reference), reference)):
            answer = self._files.read(source.uri, path)
            if answer is not None:
                return self._source(*answer, reference)
        return missing_file(reference)

    def _remote(self, url: str, reference: str) -> Source | Unresolved:
        known = self._by_uri.get(url)
        if known is not None:
            return known
        files: object = self._files
        answer = files.fetch(url) if isinstance(files, RemoteReader) else None
        if answer is None:
            return not_allowed(reference, url)
        if isinstance(answer, Message):
            return not_fetched(reference, answer)
        found = self._by_uri[url] = self._source(*answer, reference)
        return found

    def _source(self, uri: str, text: str, reference: str) -> Source | Unresolved:
        known = self._by_uri.get(uri)
        if known is not None:
            return known
        if len(self._by_uri) > MAX_FILES:
            return too_many(reference, _FILES)
        if self._characters + len(text) > MAX_CHARACTERS:
            return too_many(reference, _CHARACTERS)
        self._characters += len(text)
        made: Source | Unresolved
        try:
            data = self._data(uri, text)
        except UnreadableError as error:
            made = unreadable_file(reference, error.message)
        else:
            anchored = may_have_anchors(text)
            made = Source(uri, data, f"{uri}#", text=text, has_anchors=anchored)
            if data is None:
                made = unreadable_file(reference, _NO_DATA)
        self._by_uri[uri] = made
        return made

    def _data(self, uri: str, text: str) -> Raw:
        """What `text` holds. Some tools let a description be a file of prose, which is no YAML."""
        if uri.lower().endswith(_PROSE):
            return text
        return DocumentText.read(text, self._reader).data
