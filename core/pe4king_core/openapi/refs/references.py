"""`$ref`: pointers, anchors, identifiers, other files; what they lead to, or why nowhere.

A reference is a URI reference whose fragment is a percent-encoded JSON pointer (RFC 3986,
RFC 6901 section 6) or the name of an anchor (JSON Schema 2020-12 section 8.2). What cannot be
resolved is an `Unresolved` with the reason, never an error. `anchors` knows the identifiers,
`sources` the files, `unresolved` the words, `elsewhere` the lines of other files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from threading import RLock
from urllib.parse import unquote

from pe4king_core.model.message import Message
from pe4king_core.openapi.raw import Place, Raw, Source, key_text
from pe4king_core.openapi.refs.anchors import Anchors, Resource, anchors_of, joined
from pe4king_core.openapi.refs.elsewhere import Elsewhere
from pe4king_core.openapi.refs.sources import FileReader, RemoteReader, Sources
from pe4king_core.openapi.refs.unresolved import (
    Remark,
    Unresolved,
    broken,
    cycle,
    nowhere,
    read_as,
    too_many,
)
from pe4king_core.openapi.units.unit import UnitReader

__all__ = [
    "FileReader",
    "References",
    "Remark",
    "RemoteReader",
    "Unresolved",
]

_MAX_NESTING = 30
"""How many references one pointer may lead through, each again through others."""
_NESTING = Message(
    f"it leads through more than {_MAX_NESTING} others, each inside of the next",
    f"она проходит через цепочку из более чем {_MAX_NESTING} вложенных ссылок",
)
_MAX_SEARCHES = 10_000
"""How many references to `$defs` are looked for in the schemas around them."""
_LONG_CHAIN = 8
_BARE_NAME = re.compile(r"[\w.\-]{1,200}")
_FILE_ENDING = re.compile(r"\.(?:ya?ml|json)$", re.IGNORECASE)
_POINTER_ALONE = re.compile(r"/?(?:components|definitions|parameters|responses|paths)/")
_DEFINITIONS = re.compile(r"#/(?:\$defs|definitions)/")

_Key = tuple[str, str]


class References:
    """Resolves the references of one document and keeps the files it had to read. Thread-safe."""

    def __init__(
        self, root: Source, files: FileReader | None, reader: UnitReader | None = None
    ) -> None:
        self.root = root
        self.elsewhere = Elsewhere(root)
        self._sources = Sources(root, files, reader)
        self._anchors: dict[Source, Anchors] = {}
        self._resolved: dict[_Key, Place | Unresolved] = {}
        self._resolving: set[_Key] = set()
        self._too_deep = False
        self._lock = RLock()
        self._enclosing: dict[_Key, Place | None] = {}
        self._ends: dict[str, Place | Unresolved] = {}
        self._remarks: dict[_Key, Remark] = {}

    def follow(self, place: Place) -> Place | Unresolved:
        """`place`, or what its chain of `$ref` ends at."""
        if not isinstance(place.value, dict) or "$ref" not in place.value:
            return place
        ref = place.value["$ref"]
        if isinstance(ref, str):
            target = self.resolve(place, ref)
            if isinstance(target, Place) and not _refers(target.value):
                return target
        seen: dict[str, None] = {}
        end: Place | Unresolved = place
        while isinstance(end, Place) and isinstance(end.value, dict):
            ref = end.value.get("$ref")
            if not isinstance(ref, str):
                break
            if end.pointer in self._ends:
                end = self._ends[end.pointer]
                break
            if end.pointer in seen:
                end = self._told(end.source, ref, cycle(ref))
                break
            seen[end.pointer] = None
            end = self.resolve(end, ref)
        if len(seen) > _LONG_CHAIN:
            # Others will enter the chain at each of its links.
            self._ends.update(dict.fromkeys(seen, end))
        return end

    def resolve(self, at: Place | Source, reference: str) -> Place | Unresolved:
        """The place that `reference` names when it stands at `at` (one step).

        The place of the reference decides where a `$id` stands above it or where it means the
        `$defs` of a schema around it; with a file alone, it is read as if it stood at the top.
        """
        key, resource = self._key(at, reference)
        found = self._resolved.get(key)
        if found is None:
            found = self._attempt(key, resource, reference)
        if isinstance(found, Place) or isinstance(at, Source) or not _DEFINITIONS.match(reference):
            return found
        with self._lock:
            return self._near(at, reference) or found

    def resolve_dynamic(
        self, at: Place | Source, reference: str, scope: Iterable[Place] = ()
    ) -> Place | Unresolved:
        """What `$dynamicRef` names at `at` (JSON Schema 2020-12 section 8.2.3.2).

        It is the initial target, as for `$ref`. Where that is a `$dynamicAnchor`, the resource of
        the outermost place of `scope` (the schemas entered so far) that has the anchor decides.
        """
        initial = self.resolve(at, reference)
        name = unquote(reference.partition("#")[2])
        if isinstance(initial, Unresolved) or not name or name.startswith("/"):
            return initial
        own = self._anchors_of(initial.source).at(initial).dynamic.get(name)
        if own is not None and own.pointer == initial.pointer:
            for place in scope:
                outer = self._anchors_of(place.source).at(place).dynamic.get(name)
                if outer is not None:
                    return outer
        return initial

    def remark(self, at: Place | Source, reference: str) -> Remark | None:
        """What to tell of a reference that only our leniency could resolve."""
        found = self.resolve(at, reference)
        if not self._remarks or isinstance(found, Unresolved):
            return None
        return self._remarks.get(self._key(at, reference)[0])

    def _key(self, at: Place | Source, reference: str) -> tuple[_Key, Resource]:
        """What decides the target: the reference and the schema resource it stands in."""
        if isinstance(at, Source):
            resource = self._anchors_of(at).root
        else:
            resource = self._anchors_of(at.source).at(at)
        return (resource.place.pointer, reference), resource

    def _anchors_of(self, source: Source) -> Anchors:
        found = self._anchors.get(source)
        if found is None:
            found = self._anchors.setdefault(source, anchors_of(source))
        return found

    def _attempt(self, key: _Key, resource: Resource, reference: str) -> Place | Unresolved:
        """Resolves and remembers. What is being resolved leads nowhere, so a cycle ends here."""
        with self._lock:
            known = self._resolved.get(key)
            if known is None:
                known = self._look(key, resource, reference)
            return known

    def _look(self, key: _Key, resource: Resource, reference: str) -> Place | Unresolved:
        if key in self._resolving:
            return nowhere(reference)
        self._too_deep = self._too_deep and bool(self._resolving)
        if len(self._resolving) > _MAX_NESTING:
            self._too_deep = True
            return too_many(reference, _NESTING)
        self._resolving.add(key)
        try:
            found = self._locate(resource, reference)
            if isinstance(found, Unresolved):
                for meant in _other_spellings(reference, found.code):
                    other = self._locate(resource, meant)
                    if not isinstance(other, Unresolved):
                        found = other
                        self._remarks[key] = read_as(reference, meant)
                        break
        finally:
            self._resolving.discard(key)
        if isinstance(found, Place) and found.value is None:
            found = broken(reference)
        if isinstance(found, Unresolved) and self._too_deep:
            found = too_many(reference, _NESTING)
        if isinstance(found, Unresolved):
            found = self._told(resource.place.source, reference, found)
        self._resolved[key] = found
        return found

    def _told(self, source: Source, reference: str, found: Unresolved) -> Unresolved:
        """`found` with the file and the line of the reference where it stands in another file."""
        return Unresolved(found.code, self.elsewhere.of_reference(source, reference, found.message))

    def _locate(self, resource: Resource, reference: str) -> Place | Unresolved:
        file, mark, fragment = reference.partition("#")
        if not file and not mark:
            return nowhere(reference)
        target = self._resource(resource, file) if file else resource
        if isinstance(target, Unresolved):
            return target
        if not fragment:
            return target.place
        if not fragment.startswith("/"):
            return target.anchors.get(unquote(fragment)) or nowhere(reference)
        whole = self._anchors_of(target.place.source).root
        # Within a `$id` a pointer starts there; most people mean the document all the same.
        for start in (target.place, whole.place) if target is not whole else (target.place,):
            found = self._walk(start, unquote(fragment)) or self._walk(start, fragment)
            if found is not None:
                return found
        return nowhere(reference)

    def _resource(self, resource: Resource, file: str) -> Resource | Unresolved:
        """What `file` names: a schema with that `$id`, a document with that `$self`, a file."""
        source = resource.place.source
        uri = joined(resource.uri, file)
        for candidate in (source, self.root):
            found = self._anchors_of(candidate).by_uri.get(uri)
            if found is not None:
                return found
        target = self._sources.find(source, resource.uri, file)
        return target if isinstance(target, Unresolved) else self._anchors_of(target).root

    def _walk(self, start: Place, pointer: str) -> Place | None:
        place = start
        for token in pointer.split("/")[1:]:
            name = token.replace("~1", "/").replace("~0", "~")
            step = _step(place, name)
            if step is None:
                target = self._detour(place)
                step = None if target is None else _step(target, name)
            if step is None:
                return None
            place = step
        return place

    def _detour(self, place: Place) -> Place | None:
        """The target of a reference in the middle of a pointer; many tools write such pointers."""
        for steps in range(_MAX_NESTING):
            ref = place.value.get("$ref") if isinstance(place.value, dict) else None
            if not isinstance(ref, str):
                return place if steps else None
            target = self.resolve(place, ref)
            if isinstance(target, Unresolved):
                return None
            place = target
        return None

    def _near(self, place: Place, reference: str) -> Place | None:
        """`#/$defs/X` of the nearest schema around `place` that has it.

        Strictly the pointer starts at the document. Schemas that were written alone and then
        moved into it keep such references, and they can mean only this.
        """
        key = (place.pointer, reference)
        if key not in self._enclosing:
            if len(self._resolving) > _MAX_NESTING or len(self._enclosing) >= _MAX_SEARCHES:
                return None
            # Nothing until it is known, so a cycle ends here; marked, so that nesting does too.
            self._enclosing[key] = None
            mark = (f"{place.pointer} ", reference)
            self._resolving.add(mark)
            fragment = unquote(reference[1:])
            around = (self._walk(above, fragment) for above in self._around(place))
            self._enclosing[key] = next((found for found in around if found is not None), None)
            self._resolving.discard(mark)
        return self._enclosing[key]

    def _around(self, place: Place) -> Iterator[Place]:
        """The mappings that hold `place`, the nearest first."""
        line = [Place(place.source, place.source.prefix, place.source.data)]
        for token in place.pointer.removeprefix(place.source.prefix).split("/")[1:]:
            step = _step(line[-1], token.replace("~1", "/").replace("~0", "~"))
            if step is None:
                break
            line.append(step)
        return reversed(line[:-1])


def _refers(value: Raw) -> bool:
    return isinstance(value, dict) and "$ref" in value


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


def _other_spellings(reference: str, code: str) -> Iterator[str]:
    """What a reference that leads nowhere may mean: spellings that some tools write and read."""
    if code not in ("doc-ref-unresolved", "doc-ref-file"):
        return
    bare = reference.strip()
    if bare != reference:
        yield bare
    file, mark, fragment = bare.partition("#")
    if "\\" in file:
        yield file.replace("\\", "/") + mark + fragment
    if not file and fragment and not fragment.startswith("/"):
        yield f"#/{fragment}"
    if mark or _FILE_ENDING.search(file):
        return
    if _BARE_NAME.fullmatch(file):
        yield f"#/components/schemas/{file}"
        yield f"#/definitions/{file}"
    elif _POINTER_ALONE.match(file):
        yield f"#/{file.removeprefix('/')}"
