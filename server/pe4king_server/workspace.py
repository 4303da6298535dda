"""The editor's workspace as `Files`: open documents first, then the disk."""

from __future__ import annotations

from urllib.parse import unquote

from pe4king_server.files import folder_of, is_there, path_of, read_text, uri_of, walk
from pe4king_server.lsp.base import Pe4KingLanguageServer
from pe4king_server.lsp.documents import LspTextDocument, Snapshot


class EditorFiles:
    """A frozen view of what is open, over the disk. Safe to use away from the event loop."""

    def __init__(self, server: Pe4KingLanguageServer) -> None:
        workspace = server.workspace
        self._open: dict[str, Snapshot] = {
            unquote(document.uri): document.snapshot(document.uri)
            for document in workspace.text_documents.values()
            if isinstance(document, LspTextDocument)
        }
        roots = [folder.uri for folder in workspace.folders.values()]
        if not roots and workspace.root_uri:
            roots = [workspace.root_uri]
        self._roots = tuple(root.rstrip("/") for root in roots)

    @property
    def roots(self) -> tuple[str, ...]:
        """The workspace's folders; the open documents' folders where there are none."""
        if self._roots:
            return self._roots
        saved = (each.uri for each in self._open.values() if path_of(each.uri) is not None)
        return tuple(dict.fromkeys(map(folder_of, saved)))

    @property
    def opened(self) -> tuple[str, ...]:
        """The open documents."""
        return tuple(each.uri for each in self._open.values())

    def read(self, uri: str) -> str | None:
        """The editor's text, else the file's."""
        found = self._open.get(unquote(uri))
        if found is not None:
            return found.text
        path = path_of(uri)
        return None if path is None else read_text(path)

    def exists(self, uri: str) -> bool:
        """Whether the editor or the disk has it."""
        path = path_of(uri)
        return unquote(uri) in self._open or (path is not None and is_there(path))

    def list(self, endings: tuple[str, ...]) -> tuple[str, ...]:
        """Open documents first, then files below the roots."""
        found = [each.uri for key, each in self._open.items() if key.endswith(endings)]
        for root in self._roots:
            path = path_of(root)
            if path is not None:
                found += [uri_of(item) for item in walk(path, endings)]
        known: dict[str, str] = {}
        for uri in found:
            known.setdefault(unquote(uri), uri)
        return tuple(known.values())
