"""Whether a call asks for nothing that its operation does not have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from pe4king_core.model.fact import ChangeIn
from pe4king_core.model.json import Json, has, pointer_of
from pe4king_core.model.operation import ApiDocument, Operation, Parameter, ParameterIn
from pe4king_core.model.schema import JsonType
from pe4king_core.model.source import BodyKind
from pe4king_core.openapi.schema.values import Direction
from pe4king_core.proof.gates.contract import wording
from pe4king_core.proof.gates.contract.asked import Asked, Branch, takes
from pe4king_core.proof.gates.contract.finding import Problem
from pe4king_core.proof.gates.contract.places import (
    Place,
    allows,
    enum_of,
    lists,
    names_in,
    root,
    together,
    way,
)

_OF_HTTP = frozenset(
    {"accept", "accept-charset", "accept-encoding", "accept-language", "authorization"}
    | {"cache-control", "connection", "content-encoding", "content-length", "content-type"}
    | {"cookie", "date", "dnt", "expect", "forwarded", "from", "host", "if-match", "keep-alive"}
    | {"if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "origin", "pragma"}
    | {"prefer", "range", "referer", "te", "user-agent", "via"}
    | {"access-control-request-method", "access-control-request-headers"}
)
_OF_TRACES = frozenset(
    {"traceparent", "tracestate", "baggage", "x-request-id", "x-correlation-id", "x-trace-id"}
    | {"x-b3-traceid", "x-b3-spanid", "b3", "request-id", "correlation-id"}
)
_PLACES = (
    (ChangeIn.QUERY, ParameterIn.QUERY),
    (ChangeIn.HEADER, ParameterIn.HEADER),
    (ChangeIn.COOKIE, ParameterIn.COOKIE),
)


def invented(asked: Asked, document: ApiDocument) -> Iterator[Problem]:
    """Everything that the call asks for and the document does not have."""
    yield from _parameters(asked, document)
    yield from _path_values(asked)
    yield from _media(asked)
    yield from _members(asked)


def invalid(asked: Asked, document: ApiDocument) -> bool:
    """Whether the document certainly forbids the request of the call."""
    if any(each.certain for each in invented(asked, document)):
        return True
    if any(True for _ in impossible(asked)) or _lacks_parameter(asked):
        return True
    return asked.body is not None and _lacks_member(asked)


def impossible(asked: Asked) -> Iterator[tuple[str, Json]]:
    """Values that the schemas do not allow."""
    for where, location in _PLACES:
        sent = asked.named(where)
        for parameter in asked.operation.parameters:
            place = root([parameter.schema])
            for value in sent.get(parameter.name, ()) if parameter.location is location else ():
                if not _sent_as(place, value) and not enum_of(place):
                    yield parameter.name, value
    for name, text in asked.in_path():
        place = _parameter_place(asked.operation, name)
        if not _sent_as(place, text) and not enum_of(place):
            yield name, text
    yield from _impossible_members(asked)


def _impossible_members(asked: Asked) -> Iterator[tuple[str, Json]]:
    if asked.body is None or asked.call.parts.body is not BodyKind.JSON:
        return
    whole = root(media.schema for media in asked.media)
    for tokens, branch in asked.body.walk():
        pointer = pointer_of(tokens)
        for value in branch.values:
            place = way(whole, pointer)[-1]
            if not allows(place, value, Direction.REQUEST) and not enum_of(place):
                yield pointer, value


def _sent_as(place: Place, value: Json) -> bool:
    """Whether a value that travels as text may be meant; items of a list are sent one by one."""
    if any(each.allows(JsonType.OBJECT) or each.never for each in together(place.schemas)):
        return True  # however an object is written
    texts: list[Json] = [value, None] if value == "" else [value]
    if isinstance(value, str):
        try:
            texts.append(json.loads(value))
        except (ValueError, RecursionError):
            texts.append(value)
        texts += [value.split(",")]
    else:
        texts.append(str(value))
    texts += [[each] for each in texts]
    return any(allows(place, each, Direction.REQUEST) for each in texts)


def _parameters(asked: Asked, document: ApiDocument) -> Iterator[Problem]:
    operation = asked.operation
    places = _PLACES[1:] if takes(operation, ParameterIn.QUERYSTRING) else _PLACES
    for where, location in places:
        known = [p for p in operation.parameters if p.location is location]
        keys = [
            scheme.parameter
            for scheme in document.security_schemes.values()
            if scheme.location is location
        ]
        for name, values in asked.named(where).items():
            found = _known(name, known, where)
            if found is None and not _is_key(name, keys, where):
                names = [each.name for each in known]
                reason = wording.unknown_parameter(where, name, operation.key, names)
                yield Problem(_is_named(where, name), reason, name)
            elif found is not None:
                yield from _listed(found.name, root([found.schema]), values)


def _is_named(where: ChangeIn, name: str) -> bool:
    """Whether the document would name it: cookies and tracing belong to what is in between."""
    return where is not ChangeIn.COOKIE and name.lower() not in _OF_TRACES


def _is_key(name: str, keys: Sequence[str], where: ChangeIn) -> bool:
    if where is ChangeIn.HEADER:
        lower = name.lower()
        return lower in _OF_HTTP or lower in [key.lower() for key in keys]
    return name in keys or (where is ChangeIn.COOKIE and not name)


def _known(name: str, known: Sequence[Parameter], where: ChangeIn) -> Parameter | None:
    """The parameter that `name` belongs to: its own, a list's, or a member of an object's."""
    for each in known:
        same = each.name == name or (where is ChangeIn.HEADER and each.name.lower() == name.lower())
        stem = name.partition("[")[0]
        if same or (stem != name and each.name.partition("[")[0] == stem):
            return each
    for each in known:
        if each.explode and each.style == "form" and each.schema is not None:
            members = root([each.schema])
            if name in names_in(members) or _is_open_object(members, name):
                return each
    return None


def _is_open_object(place: Place, name: str) -> bool:
    is_object = any(each.types == {JsonType.OBJECT} for each in together(place.schemas))
    return is_object and way(place, f"/{name}")[-1].exists


def _listed(name: str, place: Place, values: Sequence[Json]) -> Iterator[Problem]:
    """Values that an enum does not have."""
    options = enum_of(place) or enum_of(way(place, "/*")[-1])
    if not options:
        return
    texts = [each if isinstance(each, str) else json.dumps(each) for each in options]
    for value in values:
        written = value if isinstance(value, str) else json.dumps(value)
        if isinstance(value, dict | list) or lists(options, value or None) or value in options:
            continue
        if all(part in texts for part in written.split(",")):
            continue
        if allows(place, value, Direction.REQUEST):
            continue
        yield Problem(True, wording.unknown_value(name, written, texts), written, wrong=True)


def _path_values(asked: Asked) -> Iterator[Problem]:
    for name, text in asked.in_path():
        yield from _listed(name, _parameter_place(asked.operation, name), [text])


def _parameter_place(operation: Operation, name: str) -> Place:
    found = [
        each.schema
        for each in operation.parameters
        if each.name == name and each.location is ParameterIn.PATH
    ]
    return root(found or [None])


def _media(asked: Asked) -> Iterator[Problem]:
    """A body where none is taken, or of a kind that is not taken."""
    operation, kind = asked.operation, asked.call.parts.body
    if kind is BodyKind.NONE:
        return
    body = operation.request_body
    if body is None:
        yield Problem(True, wording.no_body("request", operation.key))
        return
    names = list(body.content)
    said = asked.content_type.partition(";")[0].strip().lower()
    if "/" in said and not any(_takes(name, said) for name in names):
        yield Problem(
            True, wording.unknown_media("request", said, operation.key, names), said, wrong=True
        )
    elif "/" not in said and kind is not BodyKind.OTHER and not _takes_kind(asked, names):
        yield Problem(
            True, wording.unknown_media("request", kind, operation.key, names), wrong=True
        )


def _takes_kind(asked: Asked, names: Sequence[str]) -> bool:
    return bool(asked.media) or any("*" in name for name in names)


def _takes(documented: str, said: str) -> bool:
    pattern = documented.partition(";")[0].strip().lower()
    kind, _, rest = pattern.partition("/")
    return pattern in (said, "*/*") or (rest == "*" and said.startswith(f"{kind}/"))


def _members(asked: Asked) -> Iterator[Problem]:
    if asked.body is None or not asked.media:
        return
    whole = root(media.schema for media in asked.media)
    told: set[str] = set()
    for tokens, branch in asked.body.walk():
        pointer = pointer_of(tokens)
        if any(pointer.startswith(f"{above}/") for above in told):
            continue
        if asked.call.parts.body is not BodyKind.JSON and _in_form(whole, tokens):
            continue
        steps = way(whole, pointer)
        if len(steps) <= len(tokens) or not steps[-1].exists:
            told.add(pointer)
            if not steps[-1].open and not _in_examples(asked, pointer):
                near = [f"{pointer_of(tokens[:-1])}/{each}" for each in names_in(steps[-2])]
                reason = wording.unknown_member(pointer, asked.operation.key, near)
                yield Problem(True, reason, tokens[-1])
            continue
        yield from _listed(pointer, steps[-1], branch.values)


def _in_examples(asked: Asked, pointer: str) -> bool:
    """Whether the document shows the member although its schema does not have it."""
    return any(has(each, pointer) for media in asked.media for each in media.examples)


def _in_form(whole: Place, tokens: Sequence[str]) -> bool:
    """Whether a form has the field: forms spread objects over fields of their own."""
    stem = tokens[0].partition("[")[0] if tokens else ""
    names = names_in(whole)
    inner = (name for each in names for name in names_in(way(whole, f"/{each}")[-1]))
    return stem in names or stem in inner


def _lacks_parameter(asked: Asked) -> bool:
    """Whether a parameter that must be there is certainly not; clients may add headers."""
    if not asked.call.parts.complete:
        return False
    sent = asked.named(ChangeIn.QUERY)
    required = [
        each.name
        for each in asked.operation.parameters
        if each.required and each.location is ParameterIn.QUERY
    ]
    return any(name not in sent for name in required)


def _lacks_member(asked: Asked) -> bool:
    whole = root(media.schema for media in asked.media)
    body = asked.body or Branch()
    return any(
        _lacks(way(whole, pointer_of(tokens))[-1], branch)
        for tokens, branch in body.walk()
        if branch.members and branch.complete
    )


def _lacks(place: Place, branch: Branch) -> bool:
    """Whether every form of the object asks for a member that is not there."""
    return bool(place.schemas) and all(
        any(
            name not in branch.members
            for part in (schema, *schema.conjuncts.values())
            for name in part.required
            if not (name in part.properties and part.properties[name].read_only)
        )
        for schema in place.schemas
    )
