"""Identifiers inside a file: `$id`, `$anchor`, `$dynamicAnchor`, `$self`, and the base URIs.

JSON Schema 2020-12 section 8.2 (`$id` changes the base URI of its subtree and makes it a schema
resource with anchors of its own), OpenAPI 3.2 section 4.1.2 (`$self`). Draft 4's `id` is left
alone: in real documents it is the name of a property. Nothing here raises.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin

from pe4king_core.openapi.raw import Place, Raw, Source, entries

_LITERAL = frozenset({"example", "examples", "default", "enum", "const"})
_NAMED = frozenset(
    {
        "properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas",
        "parameters", "responses", "requestBodies", "headers", "securitySchemes", "links",
        "callbacks", "pathItems", "mediaTypes", "paths", "webhooks", "content", "encoding",
    }
)  # fmt: skip
"""Keywords whose members are named by the author: a member `default` is no keyword there."""
_MAX_DEPTH = 300
_MAX_NODES = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """A part of a file with a base URI of its own (absolute where the file's is, no fragment)."""

    uri: str
    place: Place
    anchors: dict[str, Place] = field(default_factory=dict, repr=False)
    """Places by `$anchor` or `$dynamicAnchor`."""
    dynamic: dict[str, Place] = field(default_factory=dict, repr=False)
    """Places by `$dynamicAnchor` only."""


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """The resources of one file: itself (`root`) and those that `$id` makes inside of it."""

    root: Resource
    by_pointer: dict[str, Resource] = field(repr=False)
    by_uri: dict[str, Resource] = field(repr=False)

    def at(self, place: Place) -> Resource:
        """The nearest resource that holds `place`."""
        if len(self.by_pointer) == 1:
            return self.root
        pointer, top = place.pointer, self.root.place.pointer
        while len(pointer) > len(top):
            found = self.by_pointer.get(pointer)
            if found is not None:
                return found
            pointer = pointer.rpartition("/")[0]
        return self.root


def anchors_of(source: Source) -> Anchors:
    """The identifiers of `source`; its data is looked through only where it may have some."""
    data = source.data
    base = source.uri
    for keyword in ("$self", "$id"):
        stated = data.get(keyword) if isinstance(data, dict) else None
        if isinstance(stated, str) and not stated.startswith("#"):
            base = joined(source.uri, stated)
            break
    root = Resource(base, Place(source, source.prefix, data))
    found = Anchors(root, {source.prefix: root}, {source.uri: root, base: root})
    if source.has_anchors:
        _collect(found, root)
    return found


def joined(base: str, reference: str) -> str:
    """The URI that `reference` means at `base`, without a fragment; `base` where it is none."""
    try:
        return urldefrag(urljoin(base, reference)).url
    except ValueError:
        return base


def _collect(found: Anchors, root: Resource) -> None:
    """Looks through the data breadth first; of equal identifiers the outermost first one counts."""
    waiting: deque[tuple[Place, Resource, bool, int]] = deque([(root.place, root, False, 0)])
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        place, resource, named, depth = waiting.popleft()
        if not named and isinstance(place.value, dict):
            resource = _identified(found, place, place.value, resource)
        if depth < _MAX_DEPTH:
            for child, holds_names in _below(place, named=named):
                waiting.append((child, resource, holds_names, depth + 1))


def _identified(found: Anchors, place: Place, raw: dict[Raw, Raw], resource: Resource) -> Resource:
    """Notes what `raw` states of itself; the resource that it belongs to."""
    stated = raw.get("$id")
    if isinstance(stated, str) and place is not found.root.place:
        # Up to draft 7 an `$id` of only a fragment was an anchor.
        if stated.startswith("#"):
            resource.anchors.setdefault(stated[1:], place)
        else:
            resource = Resource(joined(resource.uri, stated), place)
            found.by_pointer[place.pointer] = resource
            found.by_uri.setdefault(resource.uri, resource)
    for keyword in ("$anchor", "$dynamicAnchor"):
        name = raw.get(keyword)
        if isinstance(name, str):
            resource.anchors.setdefault(name, place)
            if keyword == "$dynamicAnchor":
                resource.dynamic.setdefault(name, place)
    return resource


def _below(place: Place, *, named: bool) -> Iterator[tuple[Place, bool]]:
    """The containers in `place` that may hold schemas, and whether their keys are names."""
    if isinstance(place.value, list):
        for child in place.elements():
            if isinstance(child.value, dict | list):
                yield child, False
    for key, value in entries(place.value):
        if not isinstance(value, dict | list):
            continue
        if named:
            yield place.child(key, value), False
        elif key not in _LITERAL and not key.startswith("x-"):
            yield place.child(key, value), key in _NAMED and isinstance(value, dict)
