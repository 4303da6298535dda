"""What the query of a list asks for: filters, an order, a page; only where that is clear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pe4king_core.generation.wording import words_of
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.state.shapes import stated
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation, Parameter, ParameterIn
from pe4king_core.model.schema import JsonType, Schema

Members = Mapping[str, tuple[Schema, ...]]
"""What the items of a list may have."""

CALLED = ("name", "username", "login", "slug", "code", "key", "id")
"""Members by which a filter means an object."""
_LOW = frozenset({"min", "minimum", "gte", "gt", "from", "since", "after"})
_HIGH = frozenset({"max", "maximum", "lte", "lt", "until", "before", "to"})
_STRICT = frozenset({"gt", "lt", "after", "before"})
_WHEN = frozenset({"at", "on", "date", "time"})
_LIMIT = (
    *(("limit",), ("per", "page"), ("page", "size"), ("size",), ("pagesize",), ("perpage",)),
    *(("max", "results"), ("page", "limit"), ("top",), ("count",), ("take",)),
)
_OFFSET = (("offset",), ("skip",), ("start",), ("page", "offset"), ("start", "index"), ("from",))
_PAGE = (("page",), ("page", "number"), ("page", "no"), ("page", "index"), ("current", "page"))
_CURSOR = (
    *(("cursor",), ("page", "token"), ("next", "token"), ("after",), ("starting", "after")),
    *(("continuation", "token"), ("next", "cursor"), ("continue",), ("marker",)),
)
_SORT = (
    *(("sort",), ("sort", "by"), ("order", "by"), ("ordering",), ("sort", "field"), ("sortby",)),
    *(("orderby",), ("order",), ("sort", "key"), ("sort", "on")),
)
_DIRECTION = (
    *(("direction",), ("order",), ("sort", "order"), ("sort", "direction"), ("sort", "dir")),
    *(("dir",), ("order", "direction"), ("desc",), ("descending",)),
)
_DESCENDING = frozenset({"desc", "descending", "-1", "true"})
_ASCENDING = frozenset({"asc", "ascending", "1", "false"})
_AMBIGUOUS = (("count",), ("size",), ("from",), ("start",), ("top",))
_SORTED_BY = re.compile(r"([-+]?)(.+?)(?:[:, _.|]?(asc|desc|ascending|descending))?", re.IGNORECASE)


class How(StrEnum):
    """How a filter compares."""

    EQUAL = "equal"
    HAS = "has"
    LOW = "low"
    ABOVE = "above"
    HIGH = "high"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter that leaves only items whose `member` matches."""

    parameter: Parameter
    member: str
    how: How

    def keeps(self, item: Mapping[str, Json], wanted: Json) -> bool:
        """Whether `item` stays where `wanted` is asked for."""
        value = item.get(self.member)
        many = isinstance(wanted, list | tuple)
        accepted: Sequence[Json] = wanted if isinstance(wanted, list | tuple) else (wanted,)
        if self.how is How.HAS:
            found = value if isinstance(value, list | tuple) else (value,)
            return any(_is_called(item, each) for each in accepted for item in found)
        if self.how is How.EQUAL:
            return any(_same(value, each) for each in accepted)
        if many or not _comparable(value, wanted):
            return False
        mine, theirs = _rank(value), _rank(wanted)
        if mine == theirs:
            return self.how in (How.LOW, How.HIGH)
        return (mine > theirs) is (self.how in (How.LOW, How.ABOVE))


def _is_called(item: Json, wanted: Json) -> bool:
    """Whether an item of a list, or what an object is about, is what is asked for."""
    if not isinstance(item, Mapping):
        return item is not None and item == wanted
    return any(item.get(name) == wanted for name in CALLED if item.get(name) is not None)


def filters_of(operation: Operation, members: Members) -> Iterator[Filter]:
    """The query parameters of a list that clearly are filters."""
    for parameter in operation.parameters:
        if parameter.location is ParameterIn.QUERY and not _is_paging(parameter, operation):
            found = _filter(parameter, members)
            if found is not None:
                yield found


def _filter(parameter: Parameter, members: Members) -> Filter | None:
    words = words_of(parameter.name, singular=True)
    for name, (schema, *_) in members.items():
        spelled = words_of(name, singular=True)
        listed = schema.only_type is JsonType.ARRAY and spelled == (*words, "list")
        if spelled != words and not listed:
            continue
        items = schema.items if schema.only_type is JsonType.ARRAY else None
        if items is None and schema.only_type is JsonType.OBJECT:
            items = schema
        if items is not None:
            known = stated(items)
            named = (items, *(each for called in CALLED for each in known.get(called, ())))
            if any(_of_one_type(parameter, each) for each in named):
                return Filter(parameter, name, How.HAS)
        if schema.only_type in _SCALARS and _of_one_type(parameter, schema):
            return Filter(parameter, name, How.EQUAL)
    return _range(parameter, words_of(parameter.name), members)


def _range(parameter: Parameter, words: tuple[str, ...], members: Members) -> Filter | None:
    if len(words) < 2:
        return None
    for end, rest in ((words[0], words[1:]), (words[-1], words[:-1])):
        if end not in _LOW | _HIGH:
            continue
        for name, (schema, *_) in members.items():
            spelled = words_of(name)
            when = schema.format in ("date", "date-time")
            same = spelled == rest or (when and spelled[:-1] == rest and spelled[-1] in _WHEN)
            if same and (when or schema.only_type in (JsonType.INTEGER, JsonType.NUMBER)):
                return Filter(parameter, name, _how(end))
    return None


def _how(end: str) -> How:
    if end in _LOW:
        return How.ABOVE if end in _STRICT else How.LOW
    return How.BELOW if end in _STRICT else How.HIGH


_SCALARS = frozenset({JsonType.STRING, JsonType.INTEGER, JsonType.NUMBER, JsonType.BOOLEAN})


def _of_one_type(parameter: Parameter, member: Schema) -> bool:
    """Whether the values that are asked for are of the member's type."""
    schema = parameter.schema
    if schema is not None and schema.only_type is JsonType.ARRAY:
        schema = schema.items
    return schema is not None and schema.only_type is member.only_type


def _same(value: Json, wanted: Json) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return value == wanted


def _comparable(value: Json, wanted: Json) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return True
    numbers = isinstance(value, int | float) and isinstance(wanted, int | float)
    return numbers and not isinstance(value, bool) and not isinstance(wanted, bool)


@dataclass(frozen=True, slots=True)
class Order:
    """One key of an order."""

    member: str
    descending: bool = False


def order_parameters(operation: Operation) -> list[Parameter]:
    """The query parameters that say by what a list is sorted."""
    return [each for each in _query(operation) if words_of(each.name) in _SORT]


def orders_of(request: ReadRequest, members: Members) -> list[Order]:
    """The keys by which a list is sorted, the first one first; empty where it has its own order."""
    operation = request.operation
    found: list[Order] = []
    for parameter in order_parameters(operation):
        wanted = _asked(request, parameter)
        texts = wanted if isinstance(wanted, list | tuple) else (wanted,)
        for text in texts if wanted is not None else ():
            found += _keys(str(text), members)
        if found:
            break
    turned = any(
        str(_asked(request, each)).lower() in _DESCENDING
        for each in _query(operation)
        if words_of(each.name) in _DIRECTION
    )
    return [Order(each.member, not each.descending) for each in found] if turned else found


def _keys(text: str, members: Members) -> Iterator[Order]:
    if text.lower() in _DESCENDING | _ASCENDING:
        return
    named = _member(text.lstrip("+-"), members)
    if named:
        yield Order(named, text.startswith("-"))
        return
    parts = re.split(r",\s*(?!asc|desc)", text, flags=re.IGNORECASE)
    for part in parts:
        match = _SORTED_BY.fullmatch(part.strip())
        name = _member(match[2], members) if match is not None else ""
        if match is not None and name:
            down = match[1] == "-" or (match[3] or "").lower().startswith("desc")
            yield Order(name, down)


def _member(name: str, members: Members) -> str:
    if name in members:
        return name
    words = words_of(name)
    for each in members:
        spelled = words_of(each)
        if words and (spelled == words or (spelled[:-1] == words and spelled[-1] in _WHEN)):
            return each
    return ""


def in_order(items: list[Mapping[str, Json]], orders: list[Order]) -> list[Mapping[str, Json]]:
    """`items` sorted; what has no value comes last."""
    for order in reversed(orders):
        there = [each for each in items if each.get(order.member) is not None]
        rest = [each for each in items if each.get(order.member) is None]
        there.sort(key=lambda each: _rank(each[order.member]), reverse=order.descending)
        items = there + rest
    return items


def _rank(value: Json) -> tuple[int, float, str]:
    if isinstance(value, int | float):
        return (0, float(value) if abs(value) < 1e300 else 0.0, "")
    return (1, 0.0, str(value))


@dataclass(frozen=True, slots=True)
class Page:
    """The part of a list that is asked for. `limit` None: no end."""

    start: int = 0
    limit: int | None = None
    number: int | None = None
    """The number of the page where the client counts pages."""
    after: str | None = None
    """The id of the item before the page, or a cursor of ours."""


def page_of(request: ReadRequest) -> Page:
    """The page that a request asks for."""
    operation = request.operation
    limit = _number(request, operation, _LIMIT)
    limit = limit if limit is None or limit >= 0 else None
    number = _number(request, operation, _PAGE)
    start = max(_number(request, operation, _OFFSET) or 0, 0)
    if number is not None:
        start += max(number - _first_page(operation), 0) * (limit if limit is not None else 0)
    after = next((v for p in _query(operation) if (v := _cursor(request, p)) is not None), None)
    if after is not None and re.fullmatch(r"c\d{1,9}", after):
        return Page(int(after[1:]), limit, number)
    return Page(start, limit, number, after)


def page_parameters(operation: Operation) -> Iterator[Parameter]:
    """The query parameters that say which page is meant, the length of it first."""
    for spellings in (_LIMIT, _OFFSET, _PAGE):
        for each in _query(operation):
            known = words_of(each.name) in spellings
            if known and _is_whole(each) and _is_paging(each, operation):
                yield each


def _cursor(request: ReadRequest, parameter: Parameter) -> str | None:
    if words_of(parameter.name) not in _CURSOR:
        return None
    value = request.query.get(parameter.name)
    return str(value) if isinstance(value, str | int) and value != "" else None


def _first_page(operation: Operation) -> int:
    """0 where the document counts pages from there."""
    for each in _query(operation):
        if words_of(each.name) in _PAGE and each.schema is not None:
            low, default = each.schema.bounds.low, each.schema.default
            if default in (0, 1) and each.schema.has_default and not isinstance(default, bool):
                return int(default)
            return 0 if low == 0 else 1
    return 1


def _number(
    request: ReadRequest, operation: Operation, spellings: tuple[tuple[str, ...], ...]
) -> int | None:
    for each in _query(operation):
        if words_of(each.name) in spellings and _is_whole(each) and _is_paging(each, operation):
            value = _asked(request, each)
            if isinstance(value, int) and not isinstance(value, bool):
                return value
    return None


def _is_whole(parameter: Parameter) -> bool:
    return parameter.schema is not None and parameter.schema.only_type is JsonType.INTEGER


def _asked(request: ReadRequest, parameter: Parameter) -> Json:
    """What was sent, else the documented default."""
    if parameter.name in request.query:
        return request.query[parameter.name]
    schema = parameter.schema
    return schema.default if schema is not None and schema.has_default else None


def _query(operation: Operation) -> Iterator[Parameter]:
    return (each for each in operation.parameters if each.location is ParameterIn.QUERY)


def _is_paging(parameter: Parameter, operation: Operation) -> bool:
    """Whether a parameter says which part of a list is meant, and in which order. Words that may
    as well be those of a thing do so beside a page only."""
    words = words_of(parameter.name)
    if words in _AMBIGUOUS:
        others = (words_of(each.name) for each in _query(operation))
        return any(each in (*_PAGE, *_OFFSET, *_CURSOR) and each != words for each in others)
    return words in (*_LIMIT, *_OFFSET, *_PAGE, *_CURSOR, *_SORT, *_DIRECTION)
