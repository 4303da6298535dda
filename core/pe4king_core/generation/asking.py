"""What the query of a list certainly means: filters by a member, an order, the length of a page.

Only where names, types and listed values leave no doubt: `genre` of books that have a `genre`,
`-price` beside `price`, `limit`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pe4king_core.generation.wording import words_of
from pe4king_core.model.fact import Check, Equals, InRange, Literal
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation, Parameter, ParameterIn
from pe4king_core.model.schema import Bounds, JsonType, Schema
from pe4king_core.openapi.schema.values import Validity, validity

_LIMITS = frozenset(
    {("limit",), ("per", "page"), ("page", "size"), ("pagesize",), ("perpage",), ("page", "limit")}
)
_PAGES = frozenset(
    {("page",), ("offset",), ("skip",), ("cursor",), ("start",), ("after",), ("before",), ("size",)}
    | {("page", "number"), ("page", "token"), ("starting", "after"), ("ending", "before"), ("top",)}
    | {("next", "token"), ("continuation", "token"), ("continue",), ("marker",), ("count",)}
    | {("take",), ("max", "results"), ("page", "index"), ("max", "items"), ("from",), ("since",)}
    | {("until",), ("first",), ("last",), ("page", "cursor"), ("next", "cursor")}
)
_SORTS = frozenset({("sort",), ("sort", "by"), ("order", "by"), ("ordering",), ("sortby",)})
_DIRECTIONS = frozenset({("direction",), ("order",), ("sort", "order"), ("sort", "direction")})
_ENDS = {"min": True, "minimum": True, "max": False, "maximum": False}
_PARTS = frozenset(
    {"active", "approved", "enabled", "only", "open", "pending", "published", "unread"}
    | {"upcoming", "visible"}
)
"""Words that say of a list that it has not all that there is."""
_TOLD_BY = 16
"""Among so many words of a text it is told what the list is of; the others tell of other things."""
_NUMBERS = frozenset({JsonType.INTEGER, JsonType.NUMBER})


@dataclass(frozen=True, slots=True)
class Asked:
    """One parameter with a value, and what every item then has at `member`."""

    parameter: str
    value: Json
    member: str
    check: Check


@dataclass(frozen=True, slots=True)
class Ordered:
    """One parameter with a value that sorts by `member`."""

    parameter: str
    value: str
    member: str
    descending: bool


def is_paged(operation: Operation) -> bool:
    """Whether a parameter speaks of a part of the list."""
    return any(words_of(each.name) in _LIMITS | _PAGES for each in query_of(operation))


def longest_page(operation: Operation) -> tuple[str, int] | None:
    """The parameter that is the length of a page, with the greatest length that is documented, or
    with the usual one; None where none is."""
    for each in query_of(operation):
        schema = each.schema
        if not is_limit(each) or schema is None:
            continue
        high, usual = schema.bounds.high, schema.default if schema.has_default else None
        for value in (high, usual):
            if isinstance(value, int) and value > 1 and validity(value, schema) is Validity.VALID:
                return each.name, value
    return None


def may_hide(operation: Operation) -> bool:
    """Whether a list may leave something out unless it is asked for: drafts, what is over."""
    told = (operation.operation_id or "", operation.summary, operation.description)
    if any(not _PARTS.isdisjoint(words_of(text)[:_TOLD_BY]) for text in told):
        return True
    for each in query_of(operation):
        words, schema = words_of(each.name), each.schema
        if schema is None or schema.format in ("date", "date-time"):
            return True
        if words in _LIMITS | _PAGES | _SORTS | _DIRECTIONS:
            continue
        said = f"{each.description} {schema.description}".lower()
        if schema.has_default or schema.only_type is JsonType.BOOLEAN or "default" in said:
            return True
    return False


def required_query(operation: Operation) -> frozenset[str]:
    """The query parameters that have to be there."""
    return frozenset(each.name for each in query_of(operation) if each.required)


def is_limit(parameter: Parameter) -> bool:
    """Whether a parameter is the length of a page."""
    schema = parameter.schema
    whole = schema is not None and schema.only_type is JsonType.INTEGER
    return whole and words_of(parameter.name) in _LIMITS


def limit_of(operation: Operation) -> str:
    """The parameter that is the length of a page and may be 1; "" where there is none."""
    for each in query_of(operation):
        if is_limit(each) and each.schema is not None:
            return each.name if validity(1, each.schema) is Validity.VALID else ""
    return ""


def filters(operation: Operation, members: Mapping[str, Schema], sent: Json) -> Iterator[Asked]:
    """The parameters that leave only items of one kind; `sent` is a thing that the test makes."""
    for parameter in query_of(operation):
        values = _values(parameter, sent)
        found = (filter_of(parameter, members, value) for value in values)
        asked = next((each for each in found if each is not None), None)
        if asked is not None:
            yield asked


def _values(parameter: Parameter, sent: Json) -> Iterator[Json]:
    """What a parameter may be set to: the value of what is `sent`, then what the document has."""
    if isinstance(sent, Mapping):
        spelled = {words_of(name): value for name, value in sent.items()}
        yield spelled.get(words_of(parameter.name))
    schema = parameter.schema
    if schema is not None:
        yield from (*(schema.enum or ()), *parameter.examples, *schema.examples)


def filter_of(parameter: Parameter, members: Mapping[str, Schema], value: Json) -> Asked | None:
    """What `value` of a parameter certainly leaves: items whose listed member is the same, or
    numbers from one end on."""
    words, schema = words_of(parameter.name), parameter.schema
    spelled = {words_of(name): name for name in members}
    if schema is None or not words:
        return None
    name = spelled.get(words)
    if name is not None:
        same = _is_choice(schema, members[name], value)
        return Asked(parameter.name, value, name, Equals(Literal(value))) if same else None
    name = spelled.get(words[1:]) if len(words) > 1 and words[0] in _ENDS else None
    if name is None or schema.only_type not in _NUMBERS or members[name].only_type not in _NUMBERS:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    bounds = Bounds(low=value) if _ENDS[words[0]] else Bounds(high=value)
    return Asked(parameter.name, value, name, InRange(bounds))


def _is_choice(asked: Schema, member: Schema, value: Json) -> bool:
    """Whether `value` is one that both list, as all that may be asked for."""
    if asked.only_type is not JsonType.STRING or member.only_type is not JsonType.STRING:
        return False
    if asked.enum is None or member.enum is None or not {*asked.enum} <= {*member.enum}:
        return False
    return isinstance(value, str) and value in asked.enum


def orders(operation: Operation, members: Mapping[str, Schema]) -> Iterator[Ordered]:
    """The listed values of a parameter that sort, see `order_of`."""
    for parameter in query_of(operation):
        listed = parameter.schema.enum if parameter.schema is not None else None
        for value in listed or ():
            found = order_of(parameter, members, value)
            if found is not None:
                yield found


def order_of(parameter: Parameter, members: Mapping[str, Schema], value: Json) -> Ordered | None:
    """How `value` of a parameter sorts by a number or a date.

    Which way is certain only where both ways are listed: a name, and `-` with the name. Texts are
    sorted in many ways.
    """
    schema = parameter.schema
    if schema is None or schema.enum is None or words_of(parameter.name) not in _SORTS:
        return None
    if not isinstance(value, str):
        return None
    name = value.removeprefix("-")
    both = {name, f"-{name}"} <= {*schema.enum}
    if not both or not _is_ranked(members.get(name)):
        return None
    return Ordered(parameter.name, value, name, value != name)


def _is_ranked(member: Schema | None) -> bool:
    if member is None:
        return False
    is_date = member.only_type is JsonType.STRING and member.format == "date"
    return is_date or member.only_type in _NUMBERS


def query_of(operation: Operation) -> Iterator[Parameter]:
    """The parameters of the query."""
    return (each for each in operation.parameters if each.location is ParameterIn.QUERY)
