"""The APIs that tests are proven against: documents with their whole data and recorded answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from pe4king_core.model.operation import ApiDocument
from pe4king_core.proof.proving.job import Api, Raw
from pe4king_server.documents import DocumentStore
from pe4king_server.files import Files
from pe4king_server.neighbours import Neighbours

if TYPE_CHECKING:
    from pe4king_core.mock.recording.recorded import Recorded
    from pe4king_core.mock.recording.recording import Recording
    from pe4king_core.openapi.units.document_text import DocumentText


def apis_of(
    documents: Iterable[ApiDocument],
    store: DocumentStore,
    files: Files,
    recorded: Sequence[Recorded] = (),
) -> tuple[Api, ...]:
    """Each document as an API; those whose text is no longer the latest are left out."""
    found: list[Api] = []
    for document in documents:
        text = store.text_of(document)
        if text is None:
            continue
        raw = partial(_raw, text, document.uri, files)
        recording = _recording(document, recorded, raw) if recorded else None
        found.append(Api(_name(document.uri, found), document, raw, recording))
    return tuple(found)


def _recording(document: ApiDocument, recorded: Sequence[Recorded], raw: Raw) -> Recording:
    from pe4king_core.mock.recording.recording import Recording

    return Recording(document, list(recorded), raw)


def _raw(text: DocumentText, uri: str, files: Files) -> Mapping[str, Any]:
    """The document as data, with what its references to other files lead to."""
    from pe4king_core.mock.contract.bundling import bundled

    return bundled(cast("Mapping[str, Any]", text.data), uri, Neighbours(files))


def _name(uri: str, before: Sequence[Api]) -> str:
    """The file's name without its ending, with a number where it is taken."""
    stem = PurePosixPath(unquote(uri)).stem or "api"
    taken = {each.name for each in before}
    names = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
