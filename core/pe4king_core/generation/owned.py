"""What surely is, and no longer is, in a list: who made it, and what the document says of it.

A list below another thing (`/shops/{shopId}/orders`) is known only in a thing that the test has
made itself, and only where the document says that its items are what the POST beside it makes:
a membership may well be listed as the person it is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pe4king_core.generation.flows.flow import Creation
from pe4king_core.generation.resources.identity import json_answer, properties_of
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import Request, Step
from pe4king_core.model.fact import EarlierValue, ResponseValue
from pe4king_core.model.json import split
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import JsonType, Schema

_MAKING = ("POST", "PUT")
_GONE = frozenset({"deleted", "removed", "trashed"})
_ENDED = ("archiv", "cancel", "clos", "deactivat", "disabl", "revok", "suspend")
"""How words begin that say of a DELETE that it ends something and keeps what is known of it."""
_VERB_BY = 3
"""Among so many words of a text stands its verb; the others say what else is done."""


def is_in_new_thing(request: Request, given: Iterable[Step]) -> bool:
    """Whether `request` goes to something inside of what one of the steps `given` has made."""
    path = list(request.path_parameters.values())
    owner = path[-1] if path else None
    if not isinstance(owner, EarlierValue):
        return False
    return any(step.call == owner.call and step.operation.method in _MAKING for step in given)


def makes_one_of(made: Creation, items: Schema) -> bool:
    """Whether the answer that tells the id of what is `made` speaks of the same as `items`."""
    maker, value = made.steps[-1], made.value
    told = json_answer(maker.operation, maker.status)
    above = split(value.pointer)[:-1] if isinstance(value, ResponseValue) else ()
    for token in above:
        told = properties_of(told).get(token) if told is not None else None
    return told is not None and _are_alike(told, items)


def may_stay(items: Schema, delete: Operation) -> bool:
    """Whether what `delete` removes may still be told of: items have a `deletedAt` or the status
    `deleted`, or the call only cancels, archives or revokes."""
    told = (delete.operation_id or "", delete.summary, delete.description)
    verbs = (word for text in told for word in words_of(text)[:_VERB_BY])
    if any(word.startswith(_ENDED) for word in verbs):
        return True
    members = ((name, *_values(each)) for name, each in properties_of(items).items())
    return any(not _GONE.isdisjoint(words_of(text)) for texts in members for text in texts)


def _values(member: Schema) -> list[str]:
    return [value for value in member.enum or () if isinstance(value, str)]


def _are_alike(told: Schema, items: Schema) -> bool:
    """Whether both are one schema of the document, or have the very same members."""
    if (told.wraps or told.pointer) == (items.wraps or items.pointer):
        return True
    members = _members(items)
    return len(members) > 1 and members == _members(told)


def _members(schema: Schema) -> Mapping[str, tuple[JsonType | None, str | None]]:
    return {name: (each.only_type, each.format) for name, each in properties_of(schema).items()}
