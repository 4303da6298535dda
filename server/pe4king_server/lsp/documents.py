"""Documents as the server sees them: the client's open ones, files on disk, frozen snapshots.

Differences from pygls: only `\\n`, `\\r\\n` and `\\r` end a line (`str.splitlines` knows eight
more, and one of them above an edit corrupts our copy), a text is split once and not at every
access, columns past a line's end are clamped to that end, and an unreadable file is None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import unquote

from lsprotocol import types
from pygls.uris import to_fs_path, uri_scheme
from pygls.workspace import TextDocument, Workspace

from pe4king_core.model.text import Encoding
from pe4king_server.lsp.positions import TextPositions

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document at one moment. Only what the client has open has a version and a language id."""

    uri: str
    text: str
    version: int | None = None
    language_id: str | None = None


class LspTextDocument(TextDocument):
    """An open document whose lines are the lines of LSP."""

    _split_text: str | None = None
    _split_lines: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines with their ends, split once per text."""
        text = self.source
        if text is not self._split_text:
            self._split_lines = tuple(_LINE.findall(text))
            self._split_text = text
        return self._split_lines

    def _apply_incremental_change(self, change: types.TextDocumentContentChangePartial) -> None:
        # pygls clamps a column past the end to one before the end, and lets one column past a
        # line reach behind its line feed.
        text = self.source
        encoding = encoding_of(self.position_codec.encoding)
        span = TextPositions(text, encoding).span(change.range)
        self._source = text[: span.start] + change.text + text[span.end :]


class LspWorkspace(Workspace):
    """A workspace of `LspTextDocument`s that answers with snapshots."""

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """The folders and the position encoding of `workspace`, which holds no document yet."""
        return cls(
            workspace.root_uri,
            workspace._sync_kind,
            tuple(workspace.folders.values()),
            workspace.position_encoding,
        )

    @property
    def encoding(self) -> Encoding:
        """The unit of columns that was agreed on with the client."""
        return encoding_of(self.position_encoding)

    def snapshot(self, uri: str) -> Snapshot | None:
        """The document as it is now: the client's text, else the file's, else None."""
        document = self.text_documents.get(unquote(uri))
        if document is not None:
            return Snapshot(uri, document.source, document.version, document.language_id)
        text = read_file(uri)
        return None if text is None else Snapshot(uri, text)

    def is_current(self, snapshot: Snapshot) -> bool:
        """Whether nothing happened to the document since; check it right before sending an edit."""
        now = self.snapshot(snapshot.uri)
        return now is not None and (now.text, now.version) == (snapshot.text, snapshot.version)

    def positions(self, snapshot: Snapshot) -> TextPositions:
        """Conversion of positions in `snapshot`, in the agreed encoding."""
        return TextPositions(snapshot.text, self.encoding)

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> LspTextDocument:
        return LspTextDocument(
            doc_uri,
            source=source,
            version=version,
            language_id=language_id,
            sync_kind=self._sync_kind,
            position_codec=self._position_codec,
        )


def read_file(uri: str) -> str | None:
    """The text of a `file:` URI with its line ends as they are and without a byte order mark.

    None for other schemes, for a file that is absent or unreadable, and for one that is not UTF-8:
    to a feature these are all "no such document".
    """
    try:
        path = to_fs_path(uri) if uri_scheme(uri) == "file" else None
        # A pipe or a device would be read for ever, and nothing else be served meanwhile.
        if path is None or not Path(path).is_file():
            return None
        return Path(path).read_bytes().decode("utf-8-sig")
    except (OSError, ValueError):
        return None


def encoding_of(name: types.PositionEncodingKind | str | None) -> Encoding:
    """Our name of a position encoding; LSP's default is UTF-16."""
    return Encoding.UTF16 if name is None else Encoding(str(getattr(name, "value", name)))
