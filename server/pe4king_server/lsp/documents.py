"""Documents as the server sees them: the client's open ones, files on disk, frozen snapshots.

Differences from pygls: only `\\n`, `\\r\\n` and `\\r` end a line (`str.splitlines` knows eight
more, and one of them above an edit corrupts our copy), an edit touches a small part of the text
only, columns past a line's end are clamped to that end, and an unreadable file is None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote

from lsprotocol import types
from pygls.uris import to_fs_path, uri_scheme
from pygls.workspace import TextDocument, Workspace

from pe4king_core.model.text import Edit, Encoding, Span
from pe4king_server.lsp.positions import TextPositions
from pe4king_server.lsp.text_buffer import EditLog, TextBuffer, merged

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A document at one moment. Only what the client has open has a version and a language id.

    Cheap to take: the text of an edited document is joined when it is first asked for.
    """

    uri: str
    content: TextBuffer | str
    version: int | None = None
    language_id: str | None = None
    log: EditLog = field(default_factory=EditLog, repr=False)
    revision: int = 0
    """The place in `log` that this text has."""

    @property
    def text(self) -> str:
        """The whole text."""
        return self.content if isinstance(self.content, str) else self.content.text

    @property
    def length(self) -> int:
        """How many characters the text has."""
        return len(self.content)

    @property
    def is_joined(self) -> bool:
        """Whether the text is there and need not be put together."""
        return isinstance(self.content, str) or self.content.is_joined

    def edit_since(self, earlier: object, /) -> Edit | None:
        """One edit that makes this text of that of `earlier`; an empty one where nothing changed.

        None where that is not known: no snapshot of this document, or too long ago.
        """
        if not isinstance(earlier, Snapshot):
            return None
        if self.content is earlier.content:
            return Edit(Span(0, 0), "")
        edits = None
        if self.log is earlier.log:
            edits = self.log.between(earlier.revision, self.revision)
        if edits is None:
            return None
        return merged(edits, self.text) or Edit(Span(0, 0), "")


class LspTextDocument(TextDocument):
    """An open document whose lines are the lines of LSP."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._log = EditLog()
        self._buffer: TextBuffer | None = None
        self._split: tuple[TextBuffer, tuple[str, ...]] | None = None

    @property
    def buffer(self) -> TextBuffer:
        """The text as it is now; edits leave it as it is."""
        if self._buffer is None:
            self._buffer = TextBuffer(super().source)
            self._source = None
        return self._buffer

    @property
    def source(self) -> str:
        """The whole text; joined when it is asked for."""
        return self.buffer.text

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines with their ends, split once per text."""
        buffer = self.buffer
        if self._split is None or self._split[0] is not buffer:
            self._split = (buffer, tuple(_LINE.findall(buffer.text)))
        return self._split[1]

    def snapshot(self, uri: str) -> Snapshot:
        """The document as it is now, under the name that was asked for."""
        buffer = self.buffer
        return Snapshot(uri, buffer, self.version, self.language_id, self._log, self._log.revision)

    def _apply_incremental_change(self, change: types.TextDocumentContentChangePartial) -> None:
        # pygls clamps a column past the end to one before the end, lets one column past a line
        # reach behind its line feed, and copies the text line by line.
        buffer = self.buffer
        encoding = encoding_of(self.position_codec.encoding)
        edit = Edit(TextPositions(buffer, encoding).span(change.range), change.text)
        self._buffer = buffer.replaced(edit)
        self._log.add(edit)

    def _apply_full_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        self._buffer = TextBuffer(change.text)
        self._log.forget()


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
        if isinstance(document, LspTextDocument):
            return document.snapshot(uri)
        text = read_file(uri)
        return None if text is None else Snapshot(uri, text)

    def version_of(self, uri: str) -> int | None:
        """The version of an open document; None for others. Any thread may ask."""
        document = self.text_documents.get(unquote(uri))
        return None if document is None else document.version

    def is_current(self, snapshot: Snapshot) -> bool:
        """Whether nothing happened to the document since; check it right before sending an edit."""
        now = self.snapshot(snapshot.uri)
        if now is None or now.version != snapshot.version:
            return False
        return now.content is snapshot.content or now.text == snapshot.text

    def positions(self, snapshot: Snapshot) -> TextPositions:
        """Conversion of positions in `snapshot`, in the agreed encoding."""
        return TextPositions(snapshot.content, self.encoding)

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
