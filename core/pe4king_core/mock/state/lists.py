"""Answers with lists: what exists, filtered, sorted, in pages, counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.state.asking import (
    Page,
    filters_of,
    in_order,
    order_parameters,
    orders_of,
    page_of,
    page_parameters,
)
from pe4king_core.mock.state.counting import Counted, Counter, counters
from pe4king_core.mock.state.damage import Operator, is_active
from pe4king_core.mock.state.shapes import ListPlace, put_at, stated
from pe4king_core.model.json import Json, join, lookup, split
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_UNBOUNDED_PAGE = 1_000
"""Items on a page of which nobody says how long it is."""

Items = list[Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as it is asked for: the request, its answer's schema and where the list is in it."""

    request: ReadRequest
    schema: Schema
    place: ListPlace
    id_name: str
    mutant: Mutant | None

    def answer(self, value: Json, items: Items) -> tuple[Json, int | None]:
        """`value` with what of `items` is asked for, and how many there are in all; None where
        that cannot be said."""
        found = self._matching(items)
        page = self._page(found)
        start = max(min(page.start, len(found)), 0)
        end = None if page.limit is None else start + page.limit
        shown = self._sized(found[start:end])
        counted = Counted(replace(page, start=start), len(found), len(shown))
        shown = self._damaged(shown)
        with_items = put_at(value, self.place.pointer, shown)
        if not self._may_be(with_items, value):
            return value, None
        return self._counted(with_items, counted), counted.total

    def _is(self, operator: Operator, subject: str = "") -> bool:
        return is_active(self.mutant, operator, self.request.operation.key, subject)

    def _matching(self, items: Items) -> Items:
        members = stated(self.place.items) if self.place.items is not None else {}
        operation, query = self.request.operation, self.request.query
        for each in filters_of(operation, members):
            name = each.parameter.name
            if name in query and not self._is(Operator.FILTER_IGNORED, f"query {name}"):
                items = [item for item in items if each.keeps(item, query[name])]
        orders = orders_of(self.request, members)
        ignored = any(
            self._is(Operator.SORT_IGNORED, f"query {each.name}")
            for each in order_parameters(operation)
        )
        items = items if ignored else in_order(items, orders)
        return items[::-1] if self._is(Operator.ORDER_REVERSED) else items

    def _page(self, found: Items) -> Page:
        ignored = any(
            self._is(Operator.PAGE_IGNORED, f"query {each.name}")
            for each in page_parameters(self.request.operation)
        )
        page = Page() if ignored else page_of(self.request)
        if page.after is not None and self.id_name:
            at = [str(each.get(self.id_name)) for each in found]
            if page.after in at:
                page = replace(page, start=at.index(page.after) + 1)
        return page

    def _sized(self, shown: Items) -> Items:
        """As many as the schema allows."""
        stated_at = _schema_at(self.schema, self.place.pointer)
        high = stated_at.size.high if stated_at is not None else None
        most = _UNBOUNDED_PAGE if high is None else min(int(high), _UNBOUNDED_PAGE)
        return shown[:most]

    def _damaged(self, shown: Items) -> Items:
        if self._is(Operator.EMPTY_LIST):
            return []
        return shown[:-1] if self._is(Operator.ITEM_MISSING) else shown

    def _counted(self, value: Json, counted: Counted) -> Json:
        for pointer, counter, schema in self._counters():
            said = counted.says(counter)
            if counter is Counter.TOTAL and self._is(Operator.COUNT_OFF_BY_ONE, pointer):
                said = counted.total + 1
            if said is None and not schema.nullable:
                said = "" if counter is Counter.NEXT else None
            if said is None and not schema.nullable:
                continue
            changed = put_at(value, pointer, said)
            if self._may_be(changed, value):
                value = changed
        return value

    def _counters(self) -> Iterator[tuple[str, Counter, Schema]]:
        return counters_of(self.schema, self.place)

    def _may_be(self, value: Json, before: Json) -> bool:
        found = validity(value, self.schema, direction=Direction.RESPONSE)
        if found is Validity.UNKNOWN:
            return validity(before, self.schema, direction=Direction.RESPONSE) is found
        return found is Validity.VALID


def counters_of(schema: Schema, place: ListPlace) -> Iterator[tuple[str, Counter, Schema]]:
    """The members beside the list, and in the `meta` beside it, that count."""
    way = split(place.pointer)
    for depth in range(len(way)):
        at = join("", *way[:depth])
        holder = _schema_at(schema, at)
        members = stated(holder) if holder is not None else {}
        for name, counter in counters(members, way[-1]):
            yield join(at, name), counter, members[name][0]
        for name, (inner, *_) in members.items():
            if name.lower() in ("meta", "pagination", "paging", "page", "page_info", "pageinfo"):
                below = stated(inner)
                for each, counter in counters(below, way[-1]):
                    yield join(at, name, each), counter, below[each][0]


def _schema_at(schema: Schema, pointer: str) -> Schema | None:
    found: Schema | None = schema
    for token in split(pointer):
        found = next(iter(stated(found).get(token, ())), None) if found is not None else None
    return found


def items_in(value: Json, place: ListPlace) -> Items | None:
    """The items that a made-up answer has; None where they are no objects."""
    found = lookup(value, place.pointer)
    if not isinstance(found, list | tuple):
        return None
    items = [each for each in found if isinstance(each, Mapping)]
    return items if len(items) == len(found) else None
