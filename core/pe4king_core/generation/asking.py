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
_ENDS = {"min": True, "minimum": True, "max": False, "maximum": False}
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
    return any(words_of(each.name) in _LIMITS | _PAGES for each in _query(operation))


def required_query(operation: Operation) -> frozenset[str]:
    """The query parameters that have to be there."""
    return frozenset(each.name for each in _query(operation) if each.required)


def limit_of(operation: Operation) -> str:
    """The parameter that is the length of a page and may be 1; "" where there is none."""
    for each in _query(operation):
        schema = each.schema
        whole = schema is not None and schema.only_type is JsonType.INTEGER
        if words_of(each.name) in _LIMITS and schema is not None and whole:
            return each.name if validity(1, schema) is Validity.VALID else ""
    return ""


def filters(operation: Operation, members: Mapping[str, Schema], sent: Json) -> Iterator[Asked]:
    """The parameters that leave only items of one kind; `sent` is a thing that the test makes."""
    spelled = {words_of(name): name for name in members}
    for parameter in _query(operation):
        words, schema = words_of(parameter.name), parameter.schema
        if schema is None:
            continue
        member = spelled.get(words)
        if member is not None:
            value = _choice(schema, members[member], _member(sent, member))
            if value is not None:
                yield Asked(parameter.name, value, member, Equals(Literal(value)))
        elif len(words) > 1 and words[0] in _ENDS and words[1:] in spelled:
            yield from _end(parameter, schema, spelled[words[1:]], members)


def _choice(asked: Schema, member: Schema, sent: Json) -> Json:
    """A value that both list, the one that is `sent` where it is one of them."""
    if asked.only_type is not JsonType.STRING or member.only_type is not JsonType.STRING:
        return None
    if asked.enum is None or member.enum is None or not {*asked.enum} <= {*member.enum}:
        return None
    return sent if sent in asked.enum else asked.enum[0]


def _end(
    parameter: Parameter, schema: Schema, name: str, members: Mapping[str, Schema]
) -> Iterator[Asked]:
    value = next(iter((*parameter.examples, *schema.examples)), None)
    if schema.only_type not in _NUMBERS or members[name].only_type not in _NUMBERS:
        return
    if isinstance(value, int | float) and not isinstance(value, bool):
        low = _ENDS[words_of(parameter.name)[0]]
        bounds = Bounds(low=value) if low else Bounds(high=value)
        yield Asked(parameter.name, value, name, InRange(bounds))


def orders(operation: Operation, members: Mapping[str, Schema]) -> Iterator[Ordered]:
    """The listed values of a parameter that sort by a number or a date.

    Which way is certain only where the other way is `-` and the same name. Texts are sorted in
    many ways.
    """
    for parameter in _query(operation):
        schema = parameter.schema
        if schema is None or schema.enum is None or words_of(parameter.name) not in _SORTS:
            continue
        for value in schema.enum:
            down = f"-{value}"
            if isinstance(value, str) and down in schema.enum and _is_ranked(members.get(value)):
                yield Ordered(parameter.name, value, value, descending=False)
                yield Ordered(parameter.name, down, value, descending=True)


def _is_ranked(member: Schema | None) -> bool:
    if member is None:
        return False
    is_date = member.only_type is JsonType.STRING and member.format == "date"
    return is_date or member.only_type in _NUMBERS


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, Mapping) else None


def _query(operation: Operation) -> Iterator[Parameter]:
    return (each for each in operation.parameters if each.location is ParameterIn.QUERY)
