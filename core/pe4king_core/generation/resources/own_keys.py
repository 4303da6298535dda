"""Fields of a body that say which resource it is: its id, the key that is in the path as well.

A new resource gets its id from the server, unless the document asks for one. A changed one stays
where it is, or the test and its clean-up would look for it in vain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pe4king_core.generation.resources.accounts import member_removed
from pe4king_core.generation.resources.chosen import is_of_item, names_item
from pe4king_core.generation.resources.identity import IDS, resource_of
from pe4king_core.generation.resources.repetition import confirmed_by
from pe4king_core.generation.resources.unique import media_of_body, put_text
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import Request, RequestArgument
from pe4king_core.model.fact import EarlierValue
from pe4king_core.model.json import Json, join, pointer_of, split
from pe4king_core.model.operation import MediaType, Operation
from pe4king_core.model.record import replace
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TELLING = frozenset({("name",), ("title",), ("label",), ("subject",), ("description",), ("text",)})
"""Last words of names of fields that keep what somebody wrote."""
_SOURCES_OF_SLUGS = frozenset({"title", "name", "slug", "headline", "label"})


def without_own_id(request: Request, operation: Operation) -> Request:
    """What a POST makes without an id of its own, where the id may be left out; a change of what
    the path leads to as well.

    Numbers and UUIDs: two tests would fight for one, and the clean-up remove what was there before.
    """
    at_path = operation.method in ("PUT", "PATCH") and operation.route.rstrip("/").endswith("}")
    if operation.method != "POST" and not at_path:
        return request
    found = [at for at, _ in _own_ids(request, operation)]
    return _without(request, operation, found)


def with_confirmations(request: Request, operation: Operation) -> Request:
    """`request` in which what has to be said twice is the same both times."""
    body, media = request.body, media_of_body(request, operation)
    if body is None or media is None or body.raw is not None or not isinstance(body.value, Mapping):
        return request
    value: Json = body.value
    for pointer, first in _repetitions(body.value, ""):
        same = put_text(value, pointer, first)
        value = same if _may_be(same, media) else value
    return request if value is body.value else replace(request, body=replace(body, value=value))


def _repetitions(value: Json, at: str) -> Iterator[tuple[str, str]]:
    """Where something is said again, with what was said."""
    if not isinstance(value, Mapping):
        return
    named = {" ".join(words_of(name)): name for name in value}
    for name, member in value.items():
        first = value[named.get(confirmed_by(name), name)]
        if isinstance(member, str) and isinstance(first, str) and first != member:
            yield join(at, name), first
        yield from _repetitions(member, join(at, name))


def sends_fixed_id(request: Request, operation: Operation) -> bool:
    """Whether what is made has an id that is the same in every run."""
    body = request.body
    if operation.method != "POST" or body is None:
        return False
    return any(
        at not in body.unique and at not in body.taken for at, _ in _own_ids(request, operation)
    )


def without_key(request: Request, operation: Operation, parameter: str) -> Request:
    """A PUT without the fields that say what the path `parameter` says, where they may go."""
    return _without(request, operation, [at for at, _ in _keys(request, operation, parameter)])


def own_key(
    request: Request, operation: Operation, parameter: str, value: RequestArgument
) -> dict[str, EarlierValue]:
    """The fields that say what the path `parameter` says, with its `value`."""
    if not isinstance(value, EarlierValue):
        return {}
    return {at: value for at, _ in _keys(request, operation, parameter)}


def without_source_of_slug(request: Request, operation: Operation, parameter: str) -> Request:
    """A change without what the slug in the path is usually made of, where that may go."""
    if words_of(parameter)[-1:] != ("slug",):
        return request
    return _without(request, operation, [at for at, _ in _slug_fields(request, operation)])


def moves_itself(request: Request, operation: Operation, parameter: str) -> bool:
    """Whether a change may give what it changes another slug."""
    is_slug = words_of(parameter)[-1:] == ("slug",)
    return is_slug and any(_slug_fields(request, operation))


def repeats(change: Request, made: Request) -> bool:
    """Whether `change` says what `made` says: one of the names and texts, or all there is."""
    mine = {split(at)[-1]: value for at, value in _said(change)}
    theirs = {split(at)[-1]: value for at, value in _said(made)}
    same = [name for name in mine.keys() & theirs.keys() if mine[name] == theirs[name]]
    telling = any(words_of(name)[-1:] in _TELLING for name in same)
    return telling or (bool(same) and len(same) == len(mine.keys() & theirs.keys()))


def _said(request: Request) -> Iterator[tuple[str, Json]]:
    body = request.body
    return _scalars(body.value, ()) if body is not None and body.raw is None else iter(())


def _scalars(value: Json, above: tuple[str, ...]) -> Iterator[tuple[str, Json]]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from _scalars(member, (*above, name))
    elif above and value is not None:
        yield pointer_of(above), value


def _own_ids(request: Request, operation: Operation) -> Iterator[tuple[str, Json]]:
    resource = resource_of(operation.route)
    for at, value in _members(request, resource):
        *whose, kind = words_of(split(at)[-1]) or ("",)
        own = kind in IDS and tuple(whose) in ((), resource, resource[-1:])
        if own and (isinstance(value, int) or _UUID.fullmatch(str(value))):
            yield at, value


def _keys(request: Request, operation: Operation, parameter: str) -> Iterator[tuple[str, Json]]:
    above = operation.route.rstrip("/").rpartition("/")[0]
    resource = resource_of(above)
    stated = next((item.schema for item in operation.parameters if item.name == parameter), None)
    for at, value in _members(request, resource):
        fits = stated is None or validity(value, stated) is not Validity.INVALID
        if fits and names_item(split(at)[-1], parameter, resource):
            yield at, value


def _slug_fields(request: Request, operation: Operation) -> Iterator[tuple[str, Json]]:
    for at, value in _members(request, resource_of(operation.route)):
        if words_of(split(at)[-1])[-1:] and words_of(split(at)[-1])[-1] in _SOURCES_OF_SLUGS:
            yield at, value


def _members(request: Request, resource: tuple[str, ...]) -> Iterator[tuple[str, Json]]:
    """The scalar fields of the resource itself, inside of an envelope as well."""
    body = request.body
    if body is None or body.raw is not None or not isinstance(body.value, Mapping):
        return
    for name, member in body.value.items():
        if isinstance(member, Mapping):
            if is_of_item((name,), resource):
                for inner, value in member.items():
                    if not isinstance(value, Mapping | list | tuple):
                        yield pointer_of((name, inner)), value
        elif not isinstance(member, list | tuple):
            yield pointer_of((name,)), member


def _without(request: Request, operation: Operation, pointers: list[str]) -> Request:
    """`request` without the fields that may be left out, as long as anything is left."""
    body, media = request.body, media_of_body(request, operation)
    if body is None or media is None or not pointers:
        return request
    value = body.value
    for pointer in pointers:
        less = member_removed(value, split(pointer))
        if _may_be(less, media):
            value = less
    unique = {at: text for at, text in body.unique.items() if at not in pointers}
    return replace(request, body=replace(body, value=value, unique=unique))


def _may_be(value: Json, media: MediaType) -> bool:
    if media.schema is None or not value:
        return False
    return validity(value, media.schema, direction=Direction.REQUEST) is Validity.VALID
