"""Reading documents on the command line: in a child process, with the files around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pe4king_server.document_texts import DocumentTexts
from pe4king_server.documents import DocumentStore
from pe4king_server.files import DiskFiles
from pe4king_server.reading.process import ReaderProcess
from pe4king_server.remote import RemoteTexts


@contextmanager
def document_store(hosts: Iterable[str] = ()) -> Iterator[DocumentStore]:
    """A store that reads in a child process, and files of `hosts`. Raises SettingsError."""
    remote = RemoteTexts.allowed(hosts)
    with closing(ReaderProcess()) as process:
        yield DocumentStore(remote, DocumentTexts(process))


def surroundings(path: Path) -> DiskFiles:
    """The files that `$ref`s of the document at `path` may name: its workspace.

    That is the current folder, by the name that `path` gives it, where the document lies below it,
    else the document's own.
    """
    folder, current = path.absolute().parent, Path.cwd().resolve()
    above = (each for each in (folder, *folder.parents) if each.resolve() == current)
    return DiskFiles(next(above, folder))
