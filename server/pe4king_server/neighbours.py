"""Other files that a document's `$ref`s name: of the workspace, and of hosts the user listed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import quote, urljoin

from pe4king_core.model.message import Message
from pe4king_server.files import Files, is_below, path_of
from pe4king_server.remote import RemoteTexts


def digest(text: str) -> bytes:
    """A short stand-in for `text`, to see whether it changed."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass")).digest()


class Neighbours:
    """The files around one document; remembers what was asked for."""

    def __init__(self, files: Files, remote: RemoteTexts | None = None) -> None:
        self._files = files
        self._remote = remote
        self._seen: dict[str, bytes | None] = {}
        self._fetched: set[str] = set()
        self._spellings: dict[Path, str] = {}
        self._roots: list[tuple[str, Path]] | None = None

    def read(self, base_uri: str, reference: str) -> tuple[str, str] | None:
        """URI and text of the file at the path `reference`, seen from `base_uri`.

        Only inside the workspace. A file that was named before keeps the URI it had then.
        """
        try:
            place = self._real(base_uri)
            if place is not None:
                self._spellings.setdefault(place, base_uri)
            uri = urljoin(base_uri, quote(reference))
            place = self._real(uri)
        except (ValueError, OSError, RuntimeError):
            # Lone surrogates, names no system can have, links that lead in a circle.
            return None
        if place is None:
            return None
        uri = self._spellings.get(place, uri)
        text = self._files.read(uri)
        self._seen[uri] = None if text is None else digest(text)
        if text is None:
            return None
        self._spellings[place] = uri
        return uri, text

    def fetch(self, url: str) -> tuple[str, str] | Message | None:
        """Final address and text of `url`; why it cannot be had; None: not a listed host."""
        if self._remote is None:
            return None
        self._fetched.add(url)
        return self._remote.fetch(url)

    def renew(self, files: Files) -> None:
        """Read from `files` from now on."""
        self._files = files

    def unchanged(self, files: Files) -> bool:
        """Whether every file that was asked for is as it was then."""
        for uri, seen in tuple(self._seen.items()):
            text = files.read(uri)
            if (None if text is None else digest(text)) != seen:
                return False
        remote = self._remote
        return remote is None or not any(remote.is_stale(url) for url in tuple(self._fetched))

    def _real(self, uri: str) -> Path | None:
        """What `uri` leads to; None outside of the workspace.

        Escapes and links count as what they lead to: the document may be somebody else's.
        """
        path = path_of(uri)
        # The name decides first: on some systems even looking at a path calls another host.
        roots = [real for root, real in self._folders() if is_below(uri, root)]
        if path is None or not roots:
            return None
        real = path.resolve()
        return real if any(real.is_relative_to(root) for root in roots) else None

    def _folders(self) -> list[tuple[str, Path]]:
        if self._roots is None:
            named = ((root, path_of(root)) for root in self._files.roots)
            self._roots = [(root, path.resolve()) for root, path in named if path is not None]
        return self._roots
