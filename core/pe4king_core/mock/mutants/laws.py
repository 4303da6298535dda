"""Law mutants: servers whose every answer is valid, and that still do not do what they say.

They are found from what an operation does to what (`state.layout`), and carried out by `State`.
Only those are made that some request can tell from the sound server.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pe4king_core.generation.resources.chosen import names_item
from pe4king_core.mock.mutant import Law, Mutant, MutantKind
from pe4king_core.mock.state.asking import filters_of, order_parameters, page_parameters
from pe4king_core.mock.state.counting import Counter, total_header
from pe4king_core.mock.state.damage import Operator
from pe4king_core.mock.state.effects import sent_schema
from pe4king_core.mock.state.layout import Layout
from pe4king_core.mock.state.lists import counters_of
from pe4king_core.mock.state.overlay import is_secret
from pe4king_core.mock.state.places import Place, Role, json_success
from pe4king_core.mock.state.shapes import ListPlace, list_at, member_at, stated, thing_at
from pe4king_core.model.json import join, split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.schema import Schema

_MOST_MEMBERS = 8
"""Members of one operation that each get mutants of their own."""

LAWS = {
    Operator.ECHO_CHANGED: Law.ECHO,
    Operator.NOT_KEPT: Law.CREATED_THEN_READ,
    Operator.KEPT_CHANGED: Law.CREATED_THEN_READ,
    Operator.NOT_UPDATED: Law.UPDATED_THEN_READ,
    Operator.MEMBER_NOT_UPDATED: Law.UPDATED_THEN_READ,
    Operator.NOT_REMOVED: Law.GONE_AFTER_DELETE,
    Operator.REMOVED_IS_LISTED: Law.GONE_AFTER_DELETE,
    Operator.COUNT_OFF_BY_ONE: Law.COUNT,
    Operator.PAGE_IGNORED: Law.COUNT,
    Operator.ORDER_REVERSED: Law.ORDER,
    Operator.SORT_IGNORED: Law.ORDER,
    Operator.FILTER_IGNORED: Law.FILTER,
    Operator.EMPTY_LIST: Law.LISTED,
    Operator.NOT_LISTED: Law.LISTED,
    Operator.ITEM_MISSING: Law.LISTED,
}

_TEXTS = {
    Operator.ECHO_CHANGED: Message("is not what was sent", "не то, что было отправлено"),
    Operator.NOT_KEPT: Message("what is made is not kept", "созданное не сохраняется"),
    Operator.KEPT_CHANGED: Message("is kept changed", "сохраняется изменённым"),
    Operator.NOT_UPDATED: Message("the change is not kept", "изменение не сохраняется"),
    Operator.MEMBER_NOT_UPDATED: Message("keeps its old value", "сохраняет старое значение"),
    Operator.NOT_REMOVED: Message("nothing is removed", "ничего не удаляется"),
    Operator.REMOVED_IS_LISTED: Message(
        "what is removed is still listed", "удалённое остаётся в списке"
    ),
    Operator.COUNT_OFF_BY_ONE: Message("counts one too many", "больше на единицу"),
    Operator.PAGE_IGNORED: Message("is ignored", "не учитывается"),
    Operator.ORDER_REVERSED: Message("the order is reversed", "порядок обратный"),
    Operator.SORT_IGNORED: Message("is ignored", "не учитывается"),
    Operator.FILTER_IGNORED: Message("is ignored", "не учитывается"),
    Operator.EMPTY_LIST: Message("the list is empty", "список пуст"),
    Operator.NOT_LISTED: Message("what is made is not listed", "созданного нет в списке"),
    Operator.ITEM_MISSING: Message("the last item is missing", "нет последнего элемента"),
}


def law_mutants(document: ApiDocument, operation: Operation) -> tuple[Mutant, ...]:
    """The law mutants of `operation`, in a fixed order; names are unique within the document."""
    layout = document.derived.get(Layout, document)
    place = layout.of(operation)
    if place.role is Role.LIST:
        return tuple(_of_list(layout, place, operation))
    if place.role in (Role.CREATE, Role.REPLACE, Role.CHANGE):
        return tuple(_of_change(place, operation))
    if place.role in (Role.REMOVE, Role.CLEAR) and _is_seen(place):
        return (_mutant(operation, Operator.NOT_REMOVED),)
    return ()


def described_law(mutant: Mutant) -> Message:
    """What the broken server does, in words."""
    text = _TEXTS[Operator(mutant.operator)]
    where = f"{mutant.subject} " if mutant.subject else ""
    return Message(f"{where}{text.en}", f"{where}{text.ru}")


def _mutant(operation: Operation, operator: Operator, subject: str = "") -> Mutant:
    statuses = operation.success_statuses
    status = str(statuses[0]) if statuses else "default"
    where = f" {subject}" if subject else ""
    return Mutant(
        f"{operation.key} {status}{where}: {_TEXTS[operator].en}",
        MutantKind.LAW,
        operator.value,
        operation.key,
        operation.pointer,
        status,
        subject,
        LAWS[operator],
    )


def _is_seen(place: Place) -> bool:
    return place.kind.reader is not None or place.kind.lister is not None


def _of_change(place: Place, operation: Operation) -> Iterator[Mutant]:
    answered = json_success(operation)
    if answered is not None and answered.schema is not None:
        for pointer in _shared(operation, place, answered.schema):
            yield _mutant(operation, Operator.ECHO_CHANGED, pointer)
    reader = json_success(place.kind.reader) if place.kind.reader is not None else None
    made = place.role is Role.CREATE
    if reader is None or reader.schema is None or not operation.request_body:
        return
    yield _mutant(operation, Operator.NOT_KEPT if made else Operator.NOT_UPDATED)
    one = Operator.KEPT_CHANGED if made else Operator.MEMBER_NOT_UPDATED
    kind = place.kind
    for pointer in _shared(operation, place, reader.schema):
        if not names_item(split(pointer)[-1], kind.parameter.name, kind.resource):
            yield _mutant(operation, one, pointer)


def _shared(operation: Operation, place: Place, answered: Schema) -> Iterator[str]:
    """The pointers in an answer of the members that are sent as well, the required ones first."""
    body = sent_schema(operation)
    sent = member_at(body, thing_at(body, place.kind.resource)) if body is not None else None
    at = thing_at(answered, place.kind.resource)
    inner = member_at(answered, at)
    if sent is None or inner is None:
        return
    theirs = stated(inner)
    mine = {name: each[0] for name, each in stated(sent).items() if name in theirs}
    open_ = [
        name
        for name, schema in mine.items()
        if not is_secret(name)
        and not any(s.write_only or s.read_only for s in (schema, *theirs[name]))
    ]
    open_.sort(key=lambda name: name not in sent.required)
    yield from islice((join(at, name) for name in open_), _MOST_MEMBERS)


def _of_list(layout: Layout, place: Place, operation: Operation) -> Iterator[Mutant]:
    media = json_success(operation)
    found = (
        list_at(media.schema, place.kind.resource) if media is not None and media.schema else None
    )
    if media is None or media.schema is None or found is None or found.items is None:
        return
    yield from _of_counts(operation, media.schema, found)
    members = stated(found.items)
    if not members:
        return
    yield _mutant(operation, Operator.ORDER_REVERSED)
    for sort in order_parameters(operation):
        yield _mutant(operation, Operator.SORT_IGNORED, f"query {sort.name}")
    for each in filters_of(operation, members):
        yield _mutant(operation, Operator.FILTER_IGNORED, f"query {each.parameter.name}")
    for paging in page_parameters(operation):
        yield _mutant(operation, Operator.PAGE_IGNORED, f"query {paging.name}")
    if not _least(media.schema, found):
        yield _mutant(operation, Operator.EMPTY_LIST)
    yield _mutant(operation, Operator.ITEM_MISSING)
    if layout.makes(place.kind):
        yield _mutant(operation, Operator.NOT_LISTED)
    if layout.at("DELETE", f"{place.kind.shelf}/{{}}") is not None:
        yield _mutant(operation, Operator.REMOVED_IS_LISTED)


def _of_counts(operation: Operation, schema: Schema, place: ListPlace) -> Iterator[Mutant]:
    for pointer, counter, _ in counters_of(schema, place):
        if counter is Counter.TOTAL:
            yield _mutant(operation, Operator.COUNT_OFF_BY_ONE, pointer)
    statuses = operation.success_statuses
    response = operation.response_for(statuses[0]) if statuses else None
    for name in response.headers if response is not None else ():
        if total_header(name):
            yield _mutant(operation, Operator.COUNT_OFF_BY_ONE, name)


def _least(schema: Schema, place: ListPlace) -> int:
    """How many items the list has at least."""
    found = member_at(schema, place.pointer) if split(place.pointer) else schema
    return int(found.size.low or 0) if found is not None else 0
