"""Texts of a request that servers keep unique, so that a test can be run again.

A create call with a fixed e-mail works once. `with_unique` finds such texts and says where eight
hexadecimal digits go that are new in every run; only where the schema certainly allows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pe4king_core.generation.places import alternatives, child
from pe4king_core.generation.proofs.proving import json_media
from pe4king_core.generation.requests.bodies import resource_of
from pe4king_core.generation.resources.chosen import is_of_item, names_item
from pe4king_core.generation.resources.identity import resource_of as route_resource
from pe4king_core.generation.resources.repetition import is_said_twice
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import Request
from pe4king_core.model.json import Json, join, pointer_of, split
from pe4king_core.model.operation import MediaType, Operation, ParameterIn
from pe4king_core.model.record import replace
from pe4king_core.openapi.schema.values import Direction, Validity, validity

UNIQUE = "{unique}"
_INSTANCES = ("5d4a3b2c", "09e1f7a8")
"""Two of the possible digits; one that starts with a letter, or has only digits, is as good."""
_DEPTH = 3
_ALWAYS = frozenset({"email", "mail", "username", "login", "nickname", "handle", "slug", "почта"})
"""Last words of names of texts that servers keep unique wherever they stand."""
_MAIL = frozenset({"email", "mail", "почта"})
_OF_PEOPLE = frozenset({"", "user", "new", "display", "my"})
_ALONE = frozenset(
    {"key", "code", "id", "uuid", "guid", "sku", "isbn", "identifier", "domain", "subdomain"}
)
"""Names that mean the resource itself when they stand alone or behind its own name."""
_ON_CONFLICT = frozenset({"name", "title", "label", "hostname", "phone"})
_OF_KNOWN = frozenset(
    {"login", "signin", "sign-in", "token", "auth", "authenticate", "logout", "verify", "session"}
)
"""Last segments of paths of calls that speak of somebody who is there already."""
_NOBODYS = ("example.com", "example.org", "example.net", ".test", ".example", ".invalid")
"""Hosts at which invented addresses belong to nobody (RFC 2606)."""
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


_SPACES = re.compile(r"[ ,.'_]+")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|test)\.?")


def with_unique(
    request: Request, operation: Operation, *, keyed_by: str = "", named_by: str = ""
) -> Request:
    """`request`, which creates something, with the texts marked that must be new in every run.

    `keyed_by` is the path parameter of a PUT that names what it creates, `named_by` the one of
    the items that a POST creates.
    """
    request = _with_unique_path(request, operation, keyed_by)
    body, media = request.body, media_of_body(request, operation)
    if body is None or media is None or body.raw is not None or _is_of_known(operation):
        return request
    resource = resource_of(operation).replace(" ", "")
    conflicts = "409" in operation.responses or bool(keyed_by)
    unique: dict[str, str] = {}
    value = body.value
    texts = dict(_texts(body.value, "", resource, conflicts=conflicts))
    naming = _naming(body.value, named_by, route_resource(operation.route)) if named_by else {}
    for pointer, text in (texts | naming).items():
        template = fresh_template(text, pointer, value, media)
        if pointer in naming:
            template = fresh_template(_as_key(text), pointer, value, media) or template
        if template is not None:
            unique[pointer] = template
            value = put_text(value, pointer, instance(template, 0))
    if not unique:
        return request
    return replace(request, body=replace(body, value=value, unique={**body.unique, **unique}))


def _with_unique_path(request: Request, operation: Operation, keyed_by: str) -> Request:
    text = request.path_parameters.get(keyed_by)
    parameter = next(
        (
            item
            for item in operation.parameters
            if item.location is ParameterIn.PATH and item.name == keyed_by
        ),
        None,
    )
    if parameter is None or not isinstance(text, str):
        return request
    for template in templates(text):
        both = [instance(template, number) for number in range(2)]
        schema = parameter.schema
        if schema is None or all(validity(made, schema) is Validity.VALID for made in both):
            path = {**request.path_parameters, keyed_by: both[0]}
            return replace(request, path_parameters=path, unique={keyed_by: template})
    return request


def media_of_body(request: Request, operation: Operation) -> MediaType | None:
    """What the document says of the body of `request`."""
    if request.body is None or operation.request_body is None:
        return None
    named = operation.request_body.content.get(request.body.media_type)
    return named or json_media(operation.request_body, request)


def _is_of_known(operation: Operation) -> bool:
    return operation.route.rstrip("/").rpartition("/")[2].lower() in _OF_KNOWN


def _texts(
    value: Json, pointer: str, resource: str, *, conflicts: bool
) -> Iterator[tuple[str, str]]:
    """The texts that are probably kept unique, by pointer; not those inside of arrays."""
    if not isinstance(value, Mapping) or len(split(pointer)) >= _DEPTH:
        return
    for name, member in value.items():
        at = join(pointer, name)
        if is_said_twice(name, value):
            continue  # two new texts would not be the same
        if isinstance(member, str):
            own = not pointer or "".join(words_of(split(pointer)[-1])) == resource
            known = conflicts or _DOMAIN.fullmatch(member) is not None
            if _is_unique(name, resource, own=own, conflicts=known):
                yield at, member
        else:
            yield from _texts(member, at, resource, conflicts=conflicts)


def _naming(value: Json, parameter: str, resource: tuple[str, ...]) -> dict[str, str]:
    """The texts that what is made is found by, by pointer."""
    if not isinstance(value, Mapping):
        return {}
    objects = {(): value} | {
        (name,): member
        for name, member in value.items()
        if isinstance(member, Mapping) and is_of_item((name,), resource)
    }
    return {
        pointer_of((*above, name)): text
        for above, members in objects.items()
        for name, text in members.items()
        if isinstance(text, str) and names_item(name, parameter, resource)
    }


def _as_key(text: str) -> str:
    """`text` as it looks best in a path: `sample-database`."""
    if not text.isascii() or _DOMAIN.fullmatch(text):
        return text
    return _SPACES.sub("-", text).lower()


def _is_unique(name: str, resource: str, *, own: bool, conflicts: bool) -> bool:
    """`own`: whether the text is a member of the resource itself."""
    words = words_of(name)
    if not words:
        return False
    whose = "".join(words[:-1])
    if words[-1] in _MAIL or "".join(words) in _ALWAYS:
        return True
    if words[-1] in _ALWAYS:
        return whose in _OF_PEOPLE or whose == resource
    known = _ALONE | _ON_CONFLICT if conflicts else _ALONE
    return own and words[-1] in known and whose in ("", resource)


def fresh_template(text: str, pointer: str, whole: Json, media: MediaType) -> str | None:
    """`text` with a place for the digits, where the document certainly allows any digits."""
    for template in templates(text):
        both = [put_text(whole, pointer, instance(template, number)) for number in range(2)]
        if all(_allowed(made, pointer, media) for made in both):
            return template
    return None


def templates(text: str) -> Iterator[str]:
    """Ways to put the digits into `text`, the most natural first."""
    if not text or "{" in text or "}" in text:
        return
    if _UUID.fullmatch(text):
        yield text[:-8] + UNIQUE
        return
    local, at, host = text.partition("@")
    if at:
        host = host if host.endswith(_NOBODYS) else "example.com"
        yield from (f"{local}.{UNIQUE}@{host}", f"{UNIQUE}@{host}")
        return
    name, dot, ending = text.partition(".")
    if dot and ending.rstrip(".").endswith(("com", "org", "net", "test")):
        yield f"{name}-{UNIQUE}.{ending}"
    space = " " if " " in text else "-"
    yield from (f"{text}{space}{UNIQUE}", f"{text}_{UNIQUE}", f"{text}{UNIQUE}", f"a{UNIQUE}")
    yield UNIQUE


def instance(template: str, number: int) -> str:
    """One of two texts that `template` may become."""
    return template.replace(UNIQUE, _INSTANCES[number])


def _allowed(whole: Json, pointer: str, media: MediaType) -> bool:
    """Whether `whole` is valid; if that cannot be told, whether the text is, in every reading."""
    schema = media.schema
    if schema is None:
        return False
    verdict = validity(whole, schema, direction=Direction.REQUEST)
    if verdict is not Validity.UNKNOWN:
        return verdict is Validity.VALID
    place = alternatives(schema)
    text = whole
    for token in split(pointer):
        place = child(place, token)
        text = text[token] if isinstance(text, Mapping) else None
    stated = [stated for found in place for stated in found.schemas]
    return bool(stated) and all(validity(text, found) is Validity.VALID for found in stated)


def put_text(whole: Json, pointer: str, text: str) -> Json:
    """`whole` with `text` at `pointer`."""
    return _put_at(whole, split(pointer), text)


def _put_at(whole: Json, tokens: tuple[str, ...], text: str) -> Json:
    if not tokens or not isinstance(whole, Mapping):
        return text
    return {**whole, tokens[0]: _put_at(whole[tokens[0]], tokens[1:], text)}
