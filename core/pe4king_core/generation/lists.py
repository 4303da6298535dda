"""Behaviour of lists: what is made is in them, what is removed is not, and they hold what is asked.

Only what no page can hide is expected: that something is listed only where the list has no pages
or belongs to something that the test itself has made, that it is gone wherever the list is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pe4king_core.generation.asking import (
    Asked,
    Ordered,
    filters,
    is_paged,
    limit_of,
    longest_page,
    may_hide,
    orders,
    required_query,
)
from pe4king_core.generation.flows.api_map import templates_of
from pe4king_core.generation.flows.flow import UNDER_TEST, Creation, aimed, flow_beside
from pe4king_core.generation.flows.flows import Flows
from pe4king_core.generation.owned import is_in_new_thing, makes_one_of, may_stay
from pe4king_core.generation.places import is_object
from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.generation.resources.identity import (
    json_answer,
    lists_of,
    place_of,
    properties_of,
    resource_of,
    surely_there,
)
from pe4king_core.generation.shown import Behaviour
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import Request, Step
from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    Check,
    Contains,
    CountOf,
    EarlierValue,
    Equals,
    HasSize,
    Presence,
    RequestValue,
    ResponseValue,
    Sorted,
    body,
)
from pe4king_core.model.json import EACH, Json, join, split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.record import replace
from pe4king_core.model.schema import Bounds, JsonType, Schema

LISTED = "listed"
UNLISTED = "unlisted-after-delete"
COUNT = "count"
FILTER = "filter"
ORDER = "order"
LIMIT = "limit"
_TOTALS = frozenset({("total",), ("total", "count"), ("count",), ("total", "items")})
_PARTS = frozenset({"next", "cursor", "more", "previous", "prev", "page", "pages", "offset"})
"""Words of members beside a list that has pages."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of objects in an answer."""

    answer: Schema
    pointer: str
    items: Schema

    @property
    def members(self) -> Mapping[str, Schema]:
        """What the items may have."""
        return properties_of(self.items)

    def has(self, member: str) -> bool:
        """Whether every item has `member`."""
        return surely_there(place_of(self.items, join("", member)))

    def presence(self, member: str) -> Presence:
        """What can be said of `member` of an item."""
        return Presence.REQUIRED if self.has(member) else Presence.IF_PRESENT


@dataclass(frozen=True, slots=True)
class _List:
    """A call of a list, and how one of its items is made."""

    operation: Operation
    status: int
    place: Listing
    made: Creation | None
    request: Request
    """Asks for the whole list: no parameters that need not be there."""
    given: tuple[Step, ...]

    @property
    def thing(self) -> str:
        """What is listed, in words."""
        return " ".join(resource_of(self.operation.route)) or "item"


def list_behaviours(
    operation: Operation, request: Request, status: int, flows: Flows
) -> Iterator[Behaviour]:
    """The behaviours that calls of `operation` show if it answers with a list."""
    found = _list_of(operation, request, status, flows)
    if found is None:
        return
    yield from _listed(found)
    yield from _unlisted(found, flows)
    yield from _counted(found)
    sent = _sent(found.made)
    for asked in filters(operation, found.place.members, sent):
        yield _filtered(found, asked)
    for ordered in orders(operation, found.place.members):
        yield _ordered(found, ordered)
    limit = limit_of(operation)
    if limit:
        yield _limited(found, limit)


def list_in(operation: Operation, status: int) -> Listing | None:
    """The one list of objects that the answer of `operation` with `status` surely has."""
    answer = json_answer(operation, status)
    if answer is None or answer.branches or answer.conjuncts:
        return None
    places = list(lists_of(answer, resource_of(operation.route)))
    if len(places) != 1:
        return None
    pointer, items = places[0]
    if not surely_there(place_of(answer, pointer)) or not is_object(items) or items.branches:
        return None
    return Listing(answer, pointer, items)


def _list_of(operation: Operation, request: Request, status: int, flows: Flows) -> _List | None:
    place = list_in(operation, status)
    if place is None:
        return None
    needed = required_query(operation)
    query = {name: value for name, value in request.query.items() if name in needed}
    asked = replace(request, query=query)
    made, flow = _surely_made(operation, place, flows), flows.to(operation)
    if made is not None:
        flow = flow_beside(made, operation)
    given = flow.steps if flow is not None else ()
    return _List(operation, status, place, made, aimed(asked, flow), given)


def _surely_made(operation: Operation, place: Listing, flows: Flows) -> Creation | None:
    """How one of the things is made that the list surely has; below another thing only where that
    is made as well, and the items are told to be what is made."""
    made = flows.made_in(operation)
    if made is None or not templates_of(operation.route):
        return made
    inside = is_in_new_thing(made.steps[-1].request, made.steps)
    return made if inside and makes_one_of(made, place.items) else None


def _listed(found: _List) -> Iterator[Behaviour]:
    """What was made is in the list, where all of it is shown; else there is something in it."""
    made, thing = found.made, found.thing
    if made is None or required_query(found.operation) or may_hide(found.operation):
        return
    inside = is_in_new_thing(found.request, found.given)
    whole = inside or not (is_paged(found.operation) or _has_parts(found))
    fact = _holds(found, made.value, absent=False) if whole else None
    title = Message(f"lists the created {thing}", f"показывает в списке созданное ({thing})")
    if fact is None:
        reason = Message("something is listed", "в списке что-то есть")
        fact = _fact(found, found.place.pointer, HasSize(Bounds(low=1)), reason, LISTED)
        title = Message(f"is not empty with a created {thing}", f"список не пуст ({thing})")
    yield _shown(found, LISTED, title, fact, found.given)


def _unlisted(found: _List, flows: Flows) -> Iterator[Behaviour]:
    """What was deleted is no longer in the list, whichever part of it is shown."""
    made = found.made
    delete = flows.removing(found.operation) if made is not None else None
    way = flows.to(delete) if delete is not None else None
    if made is None or delete is None or way is None or may_stay(found.place.items, delete):
        return
    if way.item != made.value or way.steps != made.steps:
        return
    step = flows.step(delete, aimed(flows.sending.request(delete), way))
    fact = _holds(found, made.value, absent=True)
    if step is None or fact is None:
        return
    thing = found.thing
    title = Message(
        f"does not list the deleted {thing}", f"не показывает в списке удалённое ({thing})"
    )
    given = (*found.given, step)
    yield _shown(found, UNLISTED, title, fact, given, long=True)


def _holds(found: _List, value: EarlierValue, *, absent: bool) -> AssertionFact | None:
    """That an item of the list has the id `value`, or that none has."""
    name = (split(value.pointer) or ("",))[-1]
    if isinstance(value, ResponseValue) and value.header:
        return None
    if isinstance(value, RequestValue) and value.parameter:
        return None
    if name not in found.place.members or not (absent or found.place.has(name)):
        return None
    reason = (
        Message("what is deleted is not listed", "удалённого нет в списке")
        if absent
        else Message("what is made is listed", "созданное есть в списке")
    )
    law = UNLISTED if absent else LISTED
    return _fact(found, found.place.pointer, Contains(value, name, absent), reason, law)


def _counted(found: _List) -> Iterator[Behaviour]:
    """A total beside a list is the number of its items, as far as a page shows them."""
    name = _total(found.place)
    page = longest_page(found.operation)
    paged = is_paged(found.operation) or _has_parts(found)
    if not name or (paged and page is None):
        return
    most = page[1] if page is not None else None
    reason = Message(f"{name} counts the items", f"{name} считает элементы списка")
    check = Equals(CountOf(found.place.pointer, most))
    fact = _fact(found, join("", name), check, reason, COUNT)
    title = Message("counts what it lists", "считает показанное в списке")
    yield _shown(found, COUNT, title, fact, found.given, long=True)


def _total(place: Listing) -> str:
    """The member beside the list that surely counts it; "" where there is none."""
    listed = split(place.pointer)[-1:]
    own = {(*words_of(name, singular=one), "count") for name in listed for one in (True, False)}
    for name, member in properties_of(place.answer).items() if len(listed) == 1 else ():
        counts = words_of(name) in _TOTALS | own and member.only_type is JsonType.INTEGER
        if counts and surely_there(place_of(place.answer, join("", name))):
            return name
    return ""


def _filtered(found: _List, asked: Asked) -> Behaviour:
    place = join(found.place.pointer, EACH, asked.member)
    reason = Message(
        f"{asked.parameter} leaves only such items", f"{asked.parameter} оставляет только такие"
    )
    fact = replace(
        _fact(found, place, asked.check, reason, FILTER),
        presence=found.place.presence(asked.member),
    )
    title = Message(
        f"lists only what matches {asked.parameter}",
        f"показывает только подходящее под {asked.parameter}",
    )
    return _asking(found, FILTER, title, asked.parameter, asked.value, fact)


def _ordered(found: _List, ordered: Ordered) -> Behaviour:
    reason = Message(
        f"{ordered.value} sorts by {ordered.member}", f"{ordered.value} сортирует: {ordered.member}"
    )
    check = Sorted(join("", ordered.member), ordered.descending)
    fact = _fact(found, found.place.pointer, check, reason, ORDER)
    way = (
        Message("descending", "по убыванию")
        if ordered.descending
        else Message("ascending", "по возрастанию")
    )
    title = Message(
        f"sorts by {ordered.member} {way.en}", f"сортирует по {ordered.member} {way.ru}"
    )
    return _asking(found, ORDER, title, ordered.parameter, ordered.value, fact)


def _limited(found: _List, limit: str) -> Behaviour:
    reason = Message(f"{limit} is the most items", f"{limit} — наибольшее число элементов")
    fact = _fact(found, found.place.pointer, HasSize(Bounds(high=1)), reason, LIMIT)
    title = Message(f"lists no more than {limit}", f"показывает не больше, чем {limit}")
    return _asking(found, LIMIT, title, limit, 1, fact)


def _asking(
    found: _List, law: str, title: Message, name: str, value: Json, fact: AssertionFact
) -> Behaviour:
    """The list with one parameter more."""
    query = {**found.request.query, name: value}
    request = replace(found.request, query=query)
    detail = f"{name}.{value}" if law == ORDER else name
    return Behaviour(
        law, title, request, (found.status,), found.given, (fact,), Worth.ASKED, detail
    )


def _shown(
    found: _List,
    law: str,
    title: Message,
    fact: AssertionFact,
    given: tuple[Step, ...],
    *,
    long: bool = False,
) -> Behaviour:
    """The list, with what must be in it; `long`: as much of it as a page may hold."""
    page = longest_page(found.operation) if long else None
    request = found.request
    if page is not None:
        request = replace(request, query={**request.query, page[0]: page[1]})
    return Behaviour(law, title, request, (found.status,), given, (fact,), Worth.LISTED)


def _fact(found: _List, pointer: str, check: Check, reason: Message, law: str) -> AssertionFact:
    return AssertionFact(
        UNDER_TEST,
        body(pointer),
        check,
        when=found.status,
        basis=Basis.LAW,
        source=found.place.answer.pointer,
        reason=reason,
        law=law,
    )


def _has_parts(found: _List) -> bool:
    """Whether the answer speaks of other parts of the list."""
    return any(not _PARTS.isdisjoint(words_of(name)) for name in properties_of(found.place.answer))


def _sent(made: Creation | None) -> Json:
    """What the request that makes an item says of it."""
    sent = made.steps[-1].request.body if made is not None else None
    return sent.value if sent is not None and sent.raw is None else None
