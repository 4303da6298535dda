"""Which operation stands where: paths by their shape, links by their targets, resources by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pe4king_core.generation.answers.statuses import created_status
from pe4king_core.generation.flows.linking import LinkFrom, links_of, target_reference
from pe4king_core.generation.resources.identity import VERBS, is_own_name, resource_of
from pe4king_core.model.operation import Operation, Parameter, ParameterIn

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_BY = re.compile(r"by[-_]?[a-z]+", re.IGNORECASE)
"""Segments that say what an item is found by: `/books/by-id/{id}`."""
_WITH_LINKS = frozenset({"GET", "POST", "PUT", "PATCH"})
_ON_COLLECTIONS = ("GET", "POST", "DELETE", "PUT", "PATCH")
_ON_ITEMS = ("GET", "DELETE", "PUT", "PATCH")


@lru_cache(maxsize=4096)
def shape_of(route: str) -> str:
    """The path with the names of its parameters left out, and without a slash at its end."""
    return _TEMPLATE.sub("{}", route).rstrip("/")


@lru_cache(maxsize=4096)
def templates_of(route: str) -> tuple[str, ...]:
    """The names of the path's parameters in their order."""
    return tuple(_TEMPLATE.findall(route))


@lru_cache(maxsize=4096)
def template_of(segment: str) -> str:
    """The parameter that a segment of a path is; "" where it is, or has, a fixed text."""
    found = _TEMPLATE.fullmatch(segment)
    return found.group(1) if found is not None else ""


def last_template(route: str) -> str:
    """The parameter that a path ends with; "" where it ends with a fixed text."""
    return template_of(route.rstrip("/").rpartition("/")[2])


def parameter_of(operation: Operation, name: str) -> Parameter:
    """The path parameter `name`; one that is not declared may have any value."""
    for item in operation.parameters:
        if item.name == name and item.location is ParameterIn.PATH:
            return item
    return Parameter(name, ParameterIn.PATH, required=True, schema=None, pointer="")


class ApiMap:
    """The operations of one document, as flows look for them."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._places: dict[tuple[str, str], Operation] = {}
        self._resources: dict[tuple[str, ...], Operation | None] = {}
        by_name: dict[str, Operation] = {}
        for operation in operations:
            self._places.setdefault((operation.method, shape_of(operation.route)), operation)
            by_name.setdefault(f"#{operation.pointer}", operation)
            if operation.operation_id:
                by_name.setdefault(operation.operation_id, operation)
        self._links: dict[str, list[LinkFrom]] = {}
        self._by_name = by_name
        for operation in operations:
            self._add_links(operation)
            self._add_resource(operation)

    def _add_links(self, operation: Operation) -> None:
        if operation.method not in _WITH_LINKS:
            return
        if not any(response.links for response in operation.responses.values()):
            return
        status = created_status(operation)
        for found, target in self.links_from(operation, status) if status is not None else ():
            self._links.setdefault(target.pointer, []).append(found)

    def _add_resource(self, operation: Operation) -> None:
        """A name that two collections share says nothing."""
        if operation.method != "POST" or "{" in operation.route:
            return
        words = resource_of(operation.route)
        if words and self.item_below(operation) is not None:
            self._resources[words] = None if words in self._resources else operation

    def at(self, method: str, route: str) -> Operation | None:
        """The operation `method` at a path of the shape of `route`."""
        return self._places.get((method, shape_of(route)))

    def item_below(self, collection: Operation) -> Operation | None:
        """An operation at the items of `collection`."""
        place, _, last = shape_of(collection.route).rpartition("/")
        below = f"{place}/{{}}" if last.lower() in VERBS else f"{place}/{last}/{{}}"
        found = (self._places.get((method, below)) for method in _ON_ITEMS)
        return next((operation for operation in found if operation is not None), None)

    def is_removable(self, collection: Operation) -> bool:
        """Whether what `collection` makes can be deleted."""
        item = self.item_below(collection)
        return item is not None and self.at("DELETE", item.route) is not None

    def makers_of(self, item: str) -> Iterator[Operation]:
        """The operations that make what is at the path `item`, the usual one first."""
        collection = item.rstrip("/").rpartition("/")[0]
        above, _, last = collection.rpartition("/")
        outer = (above,) if _BY.fullmatch(last) else ()
        shape = _TEMPLATE.sub("{}", collection)
        usual = (shape.rstrip("/"), *(f"{shape}/{verb}" for verb in VERBS), *map(shape_of, outer))
        for place in usual:
            made = self._places.get(("POST", place))
            if made is not None:
                yield made
                break
        put = self.at("PUT", item)
        if put is not None and self.key_of_put(put):
            yield put
        yield from self._made_elsewhere(item)

    def _made_elsewhere(self, item: str) -> Iterator[Operation]:
        """The one POST of the document that makes what `item` is called, at another path.

        A place with a collection of its own has other things of that name.
        """
        templates, resource = templates_of(item), resource_of(item)
        collection = item.rstrip("/").rpartition("/")[0]
        place = shape_of(collection)
        if any((method, place) in self._places for method in _ON_COLLECTIONS):
            return
        made = self._resources.get(resource)
        if made is not None and len(templates) == 1 and is_own_name(templates[0], resource):
            yield made

    def key_of_put(self, operation: Operation) -> str:
        """The path parameter that names what a PUT makes, where it does: it documents 201, or
        there is no POST that does it and no 404 for what is not there. Else ""."""
        if operation.method != "PUT":
            return ""
        collection, _, last = operation.route.rstrip("/").rpartition("/")
        name = template_of(last)
        if not is_own_name(name, resource_of(collection)):
            return ""
        only = self.at("POST", collection) is None and "404" not in operation.responses
        return name if only or "201" in operation.responses else ""

    def maker_of_resource(self, words: tuple[str, ...]) -> Operation | None:
        """The operation that makes what is called `words`."""
        return self._resources.get(words)

    def links_to(self, operation: Operation) -> Sequence[LinkFrom]:
        """The links that lead to `operation`."""
        return self._links.get(operation.pointer, ())

    def links_from(self, operation: Operation, status: int) -> Iterator[tuple[LinkFrom, Operation]]:
        """The links of the answer with `status`, and where they lead."""
        for found in links_of(operation, status):
            target = self._by_name.get(target_reference(found.link))
            if target is not None:
                yield found, target
