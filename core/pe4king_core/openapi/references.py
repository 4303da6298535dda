"""`$ref`: local pointers, files of the workspace, cycles; nothing remote.

A reference is a URI reference whose fragment is a percent-encoded JSON pointer (RFC 3986,
RFC 6901 section 6). What cannot be resolved is an `Unresolved` with the reason, never an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote

from pe4king_core.model.message import Message
from pe4king_core.openapi.raw import Place, Raw, Source, key_text
from pe4king_core.openapi.reading import UnreadableError, read

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:|//")
_MAX_FILES = 5_000
_MAX_STEPS = 100


class FileReader(Protocol):
    """Gives the text of other files of the workspace."""

    def read(self, base_uri: str, reference: str) -> tuple[str, str] | None:
        """URI and text of the file that `reference` (no fragment, no scheme) names in `base_uri`.

        None where there is none or it lies outside of what may be read. The same file always
        gets the same URI; for the document itself it is the URI given to `load`.
        """


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Why a reference leads nowhere; `code` is the finding's."""

    code: str
    message: Message


class References:
    """Resolves the references of one document and keeps the files it had to read."""

    def __init__(self, root: Source, files: FileReader | None) -> None:
        self.root = root
        self._files = files
        self._sources: dict[str, Source | Unresolved] = {root.uri: root}
        self._uris: dict[tuple[str, str], str | None] = {}
        self._resolved: dict[tuple[str, str], Place | Unresolved] = {}

    def follow(self, place: Place) -> Place | Unresolved:
        """`place`, or what its chain of `$ref` ends at."""
        seen: set[str] = set()
        while isinstance(place.value, dict) and isinstance(ref := place.value.get("$ref"), str):
            if place.pointer in seen or len(seen) > _MAX_STEPS:
                return _cycle(ref)
            seen.add(place.pointer)
            target = self.resolve(place.source, ref)
            if isinstance(target, Unresolved):
                return target
            place = target
        return place

    def resolve(self, source: Source, reference: str) -> Place | Unresolved:
        """The place that `reference` names when it stands in `source` (one step)."""
        key = (source.uri, reference)
        found = self._resolved.get(key)
        if found is None:
            found = self._resolved[key] = self._resolve(source, reference)
        return found

    def _resolve(self, source: Source, reference: str) -> Place | Unresolved:
        file, _, fragment = reference.partition("#")
        target = self._source(source, file) if file else source
        if isinstance(target, Unresolved):
            return target
        if fragment and not fragment.startswith("/"):
            return _nowhere(reference)
        found = self._walk(target, unquote(fragment)) or self._walk(target, fragment)
        return found or _nowhere(reference)

    def _walk(self, source: Source, pointer: str) -> Place | None:
        place = Place(source, source.prefix, source.data)
        for token in pointer.split("/")[1:]:
            name = token.replace("~1", "/").replace("~0", "~")
            step = _step(place, name)
            if step is None and isinstance(place.value, dict) and "$ref" in place.value:
                target = self._detour(place)
                step = None if target is None else _step(target, name)
            if step is None:
                return None
            place = step
        return place

    def _detour(self, place: Place) -> Place | None:
        """The target of a reference in the middle of a pointer; many tools write such pointers."""
        ref = place.value.get("$ref") if isinstance(place.value, dict) else None
        if not isinstance(ref, str):
            return None
        key = (place.source.uri, ref)
        # While it is being resolved the reference leads nowhere, so a cycle ends here.
        if key not in self._resolved:
            self._resolved[key] = _nowhere(ref)
            self._resolved[key] = self._resolve(place.source, ref)
        target = self._resolved[key]
        return None if isinstance(target, Unresolved) else target

    def _source(self, base: Source, reference: str) -> Source | Unresolved:
        if _SCHEME.match(reference):
            return _remote(reference)
        if self._files is None:
            return _missing_file(reference)
        key = (base.uri, reference)
        if key not in self._uris:
            self._uris[key] = self._read(base, reference)
        uri = self._uris[key]
        return _missing_file(reference) if uri is None else self._sources[uri]

    def _read(self, base: Source, reference: str) -> str | None:
        if self._files is None or len(self._sources) > _MAX_FILES:
            return None
        answer = self._files.read(base.uri, unquote(reference))
        if answer is None:
            return None
        uri, text = answer
        if uri not in self._sources:
            try:
                self._sources[uri] = Source(uri, read(text), f"{uri}#")
            except UnreadableError as error:
                self._sources[uri] = _unreadable_file(reference, error)
        return uri


def _step(place: Place, name: str) -> Place | None:
    value = place.value
    if isinstance(value, dict):
        if name in value:
            return place.child(name, value[name])
        key: Raw = next((k for k in value if not isinstance(k, str) and key_text(k) == name), None)
        return None if key is None else place.child(name, value[key])
    if isinstance(value, list) and name.isdecimal() and len(name) < 10 and int(name) < len(value):
        return place.child(name, value[int(name)])
    return None


def _nowhere(reference: str) -> Unresolved:
    return Unresolved(
        "doc-ref-unresolved",
        Message(
            f"`$ref: {reference}` leads nowhere. Correct the reference or add what it names.",
            f"`$ref: {reference}` никуда не ведёт. Исправьте ссылку или добавьте её цель.",
        ),
    )


def _cycle(reference: str) -> Unresolved:
    return Unresolved(
        "doc-ref-cycle",
        Message(
            f"`$ref: {reference}` only leads back to itself. Let it name a definition.",
            f"`$ref: {reference}` ведёт только к самой себе. Укажите настоящее определение.",
        ),
    )


def _remote(reference: str) -> Unresolved:
    return Unresolved(
        "doc-ref-remote",
        Message(
            f"`$ref: {reference}` is not inside the workspace and is not read. "
            "Copy the file into the workspace and refer to the copy.",
            f"`$ref: {reference}` ведёт за пределы рабочей области и не читается. "
            "Скопируйте файл в рабочую область и сошлитесь на копию.",
        ),
    )


def _missing_file(reference: str) -> Unresolved:
    return Unresolved(
        "doc-ref-file",
        Message(
            f"The file `{reference}` of this `$ref` was not found in the workspace.",
            f"Файл `{reference}`, на который указывает `$ref`, не найден в рабочей области.",
        ),
    )


def _unreadable_file(reference: str, error: UnreadableError) -> Unresolved:
    return Unresolved(
        "doc-ref-file",
        Message(
            f"The file `{reference}` of this `$ref` cannot be read. {error.message.en}",
            f"Файл `{reference}`, на который указывает `$ref`, не читается. {error.message.ru}",
        ),
    )
