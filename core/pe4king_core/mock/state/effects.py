"""What a request makes of a thing: what was sent, put into what was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pe4king_core.generation.resources.chosen import names_item
from pe4king_core.generation.resources.identity import IDS, NAMES
from pe4king_core.generation.wording import words_of
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.state.overlay import told
from pe4king_core.mock.state.places import Kind, Place, Role
from pe4king_core.mock.state.shapes import member_at, put_at, required_in, stated, thing_at
from pe4king_core.mock.state.store import Thing
from pe4king_core.model.json import Json, join, lookup, split
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import JsonType, Schema

_JSON_PATCH = "application/json-patch+json"
_IDS = tuple((each,) for each in IDS)
"""Last words of names of what servers give where nobody sends it."""
_NAMES = tuple((each,) for each in NAMES)

Members = Mapping[str, tuple[Schema, ...]]
"""The members of a thing as answers tell it."""


@dataclass(frozen=True, slots=True)
class SentThing:
    """What a body says of the thing: `members` as they may be told again, `schema` of them."""

    members: Mapping[str, Json]
    raw: Mapping[str, Json]
    schema: Schema | None


def sent_things(request: ReadRequest, kind: Kind) -> list[SentThing]:
    """The things in the body, mostly one; none where it speaks of no members."""
    schema = body_schema(request)
    at = thing_at(schema, kind.resource) if schema is not None else ""
    inner = member_at(schema, at) if schema is not None else None
    found = lookup(request.body, at)
    if isinstance(found, list | tuple) and inner is not None:
        items = inner.items
        return [_sent(each, items) for each in found if isinstance(each, Mapping)]
    return [_sent(found, inner)] if isinstance(found, Mapping) else []


def _sent(value: Mapping[str, Json], schema: Schema | None) -> SentThing:
    members = told(value, schema)
    return SentThing(members if isinstance(members, Mapping) else {}, value, schema)


def body_schema(request: ReadRequest) -> Schema | None:
    """The schema of the body that was sent."""
    body = request.operation.request_body
    if body is None or not request.has_body:
        return None
    named = request.media_type.partition(";")[0].strip().lower()
    for name, media in body.content.items():
        if name.partition(";")[0].strip().lower() == named:
            return media.schema
    return next((media.schema for media in body.content.values()), None)


def sent_schema(operation: Operation) -> Schema | None:
    """The schema of the body that an operation takes, as JSON where it may be that."""
    body = operation.request_body
    if body is None or not body.content:
        return None
    return (body.json or next(iter(body.content.values()))).schema


def chosen_key(sent: SentThing, kind: Kind, own_id: str = "") -> Json:
    """The id that the client itself gives, None where it gives none.

    `own_id` is the member that tells the id that the server gives, "" where there is none: what
    only is called by a name is not found by it then.
    """
    schemas = stated(sent.schema) if sent.schema is not None else {}
    for name, value in sent.raw.items():
        assigned = any(each.read_only for each in schemas.get(name, ()))
        plain = isinstance(value, str | int) and not isinstance(value, bool)
        if own_id and name != own_id and _only_names(name, kind):
            continue
        if plain and not assigned and names_item(name, kind.parameter.name, kind.resource):
            return value
    return None


def _only_names(name: str, kind: Kind) -> bool:
    """Whether a member is a name, and not just what the path asks for."""
    words = words_of(name)
    return words != words_of(kind.parameter.name) and words[-1:] in _NAMES


def of_client(sent: SentThing, told: Members) -> SentThing:
    """What was sent, without what only the server says: read-only in its answers, which have the
    members `told`, and not named in what may be sent."""
    own = stated(sent.schema) if sent.schema is not None else {}
    mine = {
        name: value
        for name, value in sent.members.items()
        if name in own or not any(each.read_only for each in told.get(name, ()))
    }
    return sent if len(mine) == len(sent.members) else replace(sent, members=mine)


def made(sent: SentThing, key: Json) -> Thing:
    """The thing that a POST makes of what was sent."""
    return Thing(key, {**_defaults(sent), **sent.members}, _speaks_of(sent), made=True)


def replaced(before: Thing, sent: SentThing) -> Thing:
    """`before`, with everything that can be sent as it is sent now.

    Where nothing has to be sent, what is left out stays as it was.
    """
    if sent.schema is not None and not required_in(sent.schema):
        return changed(before, sent)
    said = _speaks_of(sent)
    kept = {name: value for name, value in before.members.items() if name not in said}
    members = {**kept, **_defaults(sent), **sent.members}
    return Thing(before.key, members, before.said | said, before.made)


def changed(before: Thing, sent: SentThing) -> Thing:
    """`before` with what was sent merged in (RFC 7396)."""
    merged = _merged(before.members, sent.members)
    members = merged if isinstance(merged, Mapping) else {}
    removed = {name for name, value in sent.raw.items() if value is None}
    nulls = {name: None for name in removed if name in sent.members}
    return Thing(before.key, {**nulls, **members}, before.said | {*sent.raw}, before.made)


def _merged(old: Json, new: Json) -> Json:
    if not isinstance(new, Mapping):
        return new
    found = dict(old) if isinstance(old, Mapping) else {}
    for name, value in new.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = _merged(found.get(name), value)
    return found


def _are_steps(request: ReadRequest, body: Sequence[Json]) -> bool:
    """Whether a body is a JSON Patch, by its media type or by its looks."""
    if request.media_type.startswith(_JSON_PATCH):
        return True
    looks = all(isinstance(each, Mapping) and {"op", "path"} <= each.keys() for each in body)
    return request.sent.method == "PATCH" and bool(body) and looks


def patched(before: Thing, steps: Sequence[Json]) -> Thing:
    """`before` after a JSON Patch (RFC 6902), as far as it works on members of the thing."""
    members = dict(before.members)
    said = set(before.said)
    for step in steps:
        if not isinstance(step, Mapping) or not isinstance(step.get("path"), str):
            continue
        way = split(str(step["path"])) if str(step["path"]).startswith("/") else ()
        if len(way) > 1 and step.get("op") in ("add", "replace"):
            inside = put_at(members.get(way[0]), join("", *way[1:]), step.get("value"))
            members[way[0]] = inside
        if len(way) != 1:
            continue
        said.add(way[0])
        if step.get("op") == "remove":
            members.pop(way[0], None)
        elif step.get("op") in ("add", "replace"):
            members[way[0]] = step.get("value")
    return Thing(before.key, members, frozenset(said), before.made)


def acted(before: Thing, operation: Operation, schema: Schema | None) -> Thing:
    """`before` after an action: a state that is called like it (`cancel`: `cancelled`), a flag
    that tells of it (`follow`: `following`), which DELETE takes back."""
    words = words_of(operation.route.rstrip("/").rpartition("/")[2])
    stem = words[0].rstrip("e") if words else ""
    members = dict(before.members)
    for name, schemas in stated(schema).items() if schema is not None and len(stem) > 2 else ():
        for each in schemas:
            if each.only_type is JsonType.BOOLEAN and words_of(name)[-1:][0].startswith(stem):
                members[name] = operation.method != "DELETE"
            known = [option for option in each.enum or () if isinstance(option, str)]
            like = [option for option in known if option.lower().startswith(stem)]
            done = operation.method != "DELETE" and len(like) == 1
            if each.only_type is JsonType.STRING and done:
                members[name] = like[0]
    return Thing(before.key, members, before.said, before.made)


def with_parts(before: Thing, request: ReadRequest, place: Place, told: Members) -> Thing:
    """`before` with what was sent to a part of it: `PUT /users/{id}/email`."""
    last = words_of(request.operation.route.rstrip("/").rpartition("/")[2])
    whole = request.operation.method in ("PUT", "PATCH")
    sent = {
        name: value
        for each in sent_things(request, place.kind)
        for name, value in of_client(each, told).members.items()
        if name in told and (whole or words_of(name) == last)
    }
    return replace(before, members={**before.members, **sent}) if sent else before


def effect(request: ReadRequest, place: Place, before: Thing, told: Members) -> Thing:
    """What becomes of `before` by a PUT, PATCH or POST to it; answers have the members `told`."""
    body = request.body
    if isinstance(body, list | tuple) and _are_steps(request, body):
        return patched(before, body)
    sent = [of_client(each, told) for each in sent_things(request, place.kind)]
    if not sent and request.sent.method == "POST" and not request.has_body:
        return _set_by_query(request, before, told)
    if not sent:
        plain = request.has_body and body is not None and not isinstance(body, Mapping)
        return (
            Thing(before.key, before.members, before.said, before.made, body) if plain else before
        )
    if place.role is Role.REPLACE:
        return replaced(before, sent[0])
    return changed(before, sent[0])


def _set_by_query(request: ReadRequest, before: Thing, told: Members) -> Thing:
    """`before` with the members that the query of a POST without a body names."""
    known = {*before.members, *told}
    named = {name: value for name, value in request.query.items() if name in known}
    return Thing(before.key, {**before.members, **named}, before.said, before.made)


def _speaks_of(sent: SentThing) -> frozenset[str]:
    """The members that a client may send."""
    if sent.schema is None:
        return frozenset(sent.members)
    found = stated(sent.schema)
    own = {
        name
        for name, each in found.items()
        if not any(s.read_only or s.write_only for s in each) and words_of(name)[-1:] not in _IDS
    }
    return frozenset(own | {*sent.members})


def _defaults(sent: SentThing) -> dict[str, Json]:
    if sent.schema is None:
        return {}
    return {
        name: schema.default
        for name, (schema, *_) in stated(sent.schema).items()
        if schema.has_default and name not in sent.raw and not schema.read_only
    }
