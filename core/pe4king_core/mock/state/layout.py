"""Which operation does what to which things; each worked out once, when it is asked for.

Only methods and paths of the whole document are looked at, and the operations at hand are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from threading import RLock

from pe4king_core.generation.flows.api_map import (
    last_template,
    parameter_of,
    shape_of,
    template_of,
    templates_of,
)
from pe4king_core.generation.resources.identity import IDS, VERBS, is_own_name, resource_of
from pe4king_core.generation.wording import words_of
from pe4king_core.mock.state.places import Kind, Place, Role, json_success
from pe4king_core.mock.state.shapes import id_like, list_at, member_at, stated, thing_at
from pe4king_core.model.operation import (
    ApiDocument,
    Operation,
    OperationEntry,
    Parameter,
    ParameterIn,
)
from pe4king_core.model.schema import JsonType, Schema

_BY = re.compile(r"by[-_]?[a-z]+", re.IGNORECASE)
_MOST_SPEAKING = 24
"""Operations that are looked at for what they say of one id."""
_ITEM_METHODS = ("GET", "DELETE", "PUT", "PATCH")
_NAMELESS = Parameter("id", ParameterIn.PATH, required=True, schema=None, pointer="")
"""Stands for what no path names: its id is called as ids are."""
_AT_ITEMS = {
    "GET": Role.READ,
    "HEAD": Role.READ,
    "PUT": Role.REPLACE,
    "PATCH": Role.CHANGE,
    "POST": Role.CHANGE,
    "DELETE": Role.REMOVE,
}


class Layout:
    """The places of one document."""

    def __init__(self, document: ApiDocument) -> None:
        self._document = document
        self._entries: dict[tuple[str, str], OperationEntry] = {}
        self._makers: dict[tuple[str, ...], str | None] = {}
        self._places: dict[str, Place] = {}
        self._kinds: dict[str, Kind] = {}
        self._lock = RLock()
        for entry in document.entries:
            self._entries.setdefault((entry.method, shape_of(_route(entry.path))), entry)
        for (method, _), entry in self._entries.items():
            route = _route(entry.path)
            if method == "POST" and "{" not in route and self._has_items(route):
                words = resource_of(route)
                self._makers[words] = None if words in self._makers else route

    def of(self, operation: Operation) -> Place:
        """What `operation` does to what."""
        with self._lock:
            found = self._places.get(operation.key)
            if found is None:
                found = self._places[operation.key] = self._place(operation)
            return found

    def at(self, method: str, route: str) -> Operation | None:
        """The operation `method` at a path of the shape of `route`."""
        entry = self._entries.get((method, shape_of(route)))
        return self._document.operation(entry.key) if entry is not None else None

    def _place(self, operation: Operation) -> Place:
        route = operation.route.rstrip("/")
        name = last_template(route)
        found = self._of_item(operation, route, name) if name else None
        found = found or (self._of_literal(operation, route) if not name else None)
        found = found or Place(Role.OTHER, self.kind(route))
        return replace(found, above=tuple(self._above(found, route)))

    def _of_item(self, operation: Operation, route: str, name: str) -> Place | None:
        if operation.method == "GET" and _lists(operation):
            return Place(Role.LIST, replace(self.kind(route), lister=operation))
        role = _AT_ITEMS.get(operation.method)
        if role is None:
            return None
        kind = self.kind(self._collection(route))
        return Place(role, kind, name, upsert=self._upserts(operation, route, name))

    def _of_literal(self, operation: Operation, route: str) -> Place | None:
        method = operation.method
        above, _, last = route.rpartition("/")
        reader = self.at("GET", route)
        listed = reader is not None and _lists(reader)
        if method == "POST":
            return self._posted(operation, route, reader, listed=listed)
        if method == "GET" and self._is_other_list(operation, route, above):
            return Place(Role.LIST, self.kind(above))
        if self._has_items(route) or listed:
            return self._of_collection(operation, route)
        role = _AT_ITEMS.get(method)
        if role is None:
            return None
        if template_of(above.rpartition("/")[2]) and reader is None:
            return self._act(above)
        return Place(role, self._single_kind(above, last, reader), single=last, upsert=True)

    def _of_collection(self, operation: Operation, route: str) -> Place | None:
        if operation.method == "GET":
            if _lists(operation):
                return Place(Role.LIST, self.kind(route))
            return Place(Role.READ, self._single_kind(route, "", operation), single="about")
        if operation.method == "DELETE":
            return Place(Role.CLEAR, self.kind(route))
        if operation.method in ("PUT", "PATCH"):
            role = Role.REPLACE if operation.method == "PUT" else Role.CHANGE
            return Place(role, self.kind(route), in_body=True)
        return None

    def _posted(
        self, operation: Operation, route: str, reader: Operation | None, *, listed: bool
    ) -> Place | None:
        above, _, last = route.rpartition("/")
        if self._has_items(route) or listed:
            return Place(Role.CREATE, self.kind(route))
        if last.lower() in VERBS and (self._has_items(above) or self._is_list(above)):
            return Place(Role.CREATE, self.kind(above))
        if reader is not None:
            return Place(Role.CHANGE, self._single_kind(above, last, reader), single=last)
        if template_of(above.rpartition("/")[2]):
            made = self._makes_more(operation, route, above)
            return Place(Role.CREATE, self.kind(route)) if made else self._act(above)
        if self._has_items(above) and _takes_list(operation):
            return Place(Role.CREATE, self.kind(above))
        linked = self._linked(operation)
        if linked:
            return Place(Role.CREATE, self.kind(linked))
        made = self._makes_more(operation, route, above)
        return Place(Role.CREATE, self.kind(route)) if made else None

    def _makes_more(self, operation: Operation, route: str, above: str) -> bool:
        """Whether a POST makes something that no other operation speaks of: with an id of its
        own, and not the thing that its path names."""
        media = json_success(operation)
        if "201" not in operation.responses or media is None or media.schema is None:
            return False
        item = self.at("GET", above)
        theirs = json_success(item) if item is not None else None
        if theirs is not None and theirs.schema == media.schema:
            return False
        resource = resource_of(route)
        inner = member_at(media.schema, thing_at(media.schema, resource))
        named = id_like(stated(inner), resource) if inner is not None else ""
        return words_of(named)[-1:] in tuple((each,) for each in IDS)

    def _linked(self, operation: Operation) -> str:
        """The collection of what `operation` makes, where a link of its answer leads to it."""
        for response in operation.responses.values():
            for link in response.links:
                named = link.operation_id
                target = self._document.operation(named) if named else None
                if target is not None and target.method == "GET" and last_template(target.route):
                    return self._collection(target.route.rstrip("/"))
        return ""

    def _act(self, item: str) -> Place:
        return Place(Role.ACT, self.kind(self._collection(item)), last_template(item))

    def _above(self, place: Place, route: str) -> Iterator[tuple[str, str]]:
        """The items that `route` leads through, but not what it names itself."""
        segments = route.split("/")
        own = bool(place.key) and place.role is not Role.ACT
        for index in range(2, len(segments) - (1 if own else 0) + 1):
            name = template_of(segments[index - 1])
            item = "/".join(segments[:index])
            if place.role is Role.ACT and name == place.key:
                continue
            if name:
                yield self._collection(item), name

    def makes(self, kind: Kind) -> bool:
        """Whether some operation makes things of `kind`."""
        if ("POST", shape_of(kind.shelf)) in self._entries:
            return True
        put = self.at("PUT", f"{kind.shelf}/{{}}")
        return put is not None and self.of(put).upsert

    def is_item(self, shelf: str) -> bool:
        """Whether the document speaks of single things of `shelf`, or makes or lists them."""
        return self._has_items(shelf) or any(
            (method, shape_of(shelf)) in self._entries for method in ("GET", "POST")
        )

    def _has_items(self, collection: str) -> bool:
        below = f"{shape_of(collection)}/{{}}"
        return any((method, below) in self._entries for method in _ITEM_METHODS)

    def _is_list(self, route: str) -> bool:
        reader = self.at("GET", route)
        return reader is not None and _lists(reader)

    def _is_other_list(self, operation: Operation, route: str, above: str) -> bool:
        """Whether `route` is no collection of its own, but another way to list that `above` it."""
        own = self._has_items(route) or ("POST", shape_of(route)) in self._entries
        return not own and self._has_items(above) and self._is_view(operation, above)

    def _is_view(self, operation: Operation, collection: str) -> bool:
        """Whether a GET beside the items of `collection` lists those: `/pet/findByStatus`."""
        item = self.at("GET", f"{collection}/{{}}")
        mine, theirs = json_success(operation), json_success(item) if item is not None else None
        if mine is None or theirs is None or mine.schema is None:
            return False
        found = list_at(mine.schema, resource_of(collection))
        return found is not None and found.items is not None and found.items == theirs.schema

    def _collection(self, item: str) -> str:
        """The collection that the items at the path `item` are kept in."""
        route = item.rpartition("/")[0]
        above, _, last = route.rpartition("/")
        if any((method, shape_of(route)) in self._entries for method in ("GET", "POST")):
            return route
        if _BY.fullmatch(last) and (self._has_items(above) or self.at("POST", above)):
            return above
        names = templates_of(item)
        made = self._makers.get(resource_of(item))
        if made and len(names) == 1 and is_own_name(names[0], resource_of(item)):
            return made
        return route

    def _upserts(self, operation: Operation, route: str, name: str) -> bool:
        """Whether a PUT makes what is not there (as `ApiMap.key_of_put` tells it)."""
        collection = route.rpartition("/")[0]
        if operation.method != "PUT" or not is_own_name(name, resource_of(collection)):
            return False
        lone = ("POST", shape_of(collection)) not in self._entries
        only = lone and "404" not in operation.responses
        return only or "201" in operation.responses

    def kind(self, shelf: str) -> Kind:
        """The things that are kept at the path `shelf`."""
        found = self._kinds.get(shelf)
        if found is None:
            reader = self.at("GET", f"{shelf}/{{}}")
            if reader is not None and _lists(reader):
                reader = None
            listed = self.at("GET", shelf)
            lister = listed if listed is not None and _lists(listed) else self._view(shelf)
            parameter = self._parameter(shelf, reader)
            paths = self._in_paths(shelf)
            found = Kind(shelf, resource_of(shelf), parameter, reader, lister, paths)
            self._kinds[shelf] = found
        return found

    def _view(self, shelf: str) -> Operation | None:
        """The first operation that lists the items of a collection which has no list itself."""
        above = f"{shape_of(shelf)}/"
        for (method, shape), entry in self._entries.items():
            last = shape.removeprefix(above)
            if method != "GET" or last == shape or "/" in last or "{" in last:
                continue
            operation = self._document.operation(entry.key)
            if operation is not None and self._is_view(operation, shelf):
                return operation
        return None

    def _single_kind(self, above: str, name: str, reader: Operation | None) -> Kind:
        return Kind(above, resource_of(f"{above}/{name}"), _NAMELESS, reader)

    def _in_paths(self, shelf: str) -> tuple[Schema, ...]:
        """What the first operations at and below the items of `shelf` say of the id."""
        below, at = f"{shape_of(shelf)}/{{}}", len(templates_of(shelf))
        found: list[Schema] = []
        entries = (e for (_, shape), e in self._entries.items() if _is_below(shape, below))
        for entry in islice(entries, _MOST_SPEAKING):
            operation = self._document.operation(entry.key)
            if operation is not None:
                schema = parameter_of(operation, templates_of(operation.route)[at]).schema
                found += [schema] if schema is not None and schema not in found else []
        return tuple(found)

    def _parameter(self, shelf: str, reader: Operation | None) -> Parameter:
        item = reader or next(
            (op for m in _ITEM_METHODS[1:] if (op := self.at(m, f"{shelf}/{{}}")) is not None), None
        )
        if item is None:
            return _NAMELESS
        return parameter_of(item, last_template(item.route))


def _is_below(shape: str, place: str) -> bool:
    return shape == place or shape.startswith(f"{place}/")


def _lists(operation: Operation) -> bool:
    media = json_success(operation)
    if media is None or media.schema is None:
        return False
    if last_template(operation.route):  # one thing may well hold a list
        return media.schema.only_type is JsonType.ARRAY
    return list_at(media.schema, resource_of(operation.route)) is not None


def _takes_list(operation: Operation) -> bool:
    media = operation.request_body.json if operation.request_body is not None else None
    return media is not None and media.schema is not None and media.schema.items is not None


def _route(path: str) -> str:
    return path.partition("#")[0].partition("?")[0].rstrip("/")
