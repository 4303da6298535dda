"""Values that must be new in every request: keys of idempotency, ids of requests, nonces.

A server answers a repeated key with the first answer, or refuses it with another body, so one
fixed key would spoil every test but the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pe4king_core.generation.requests.requests import tested_parameters
from pe4king_core.generation.resources.unique import (
    fresh_template,
    instance,
    media_of_body,
    put_text,
    templates,
)
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import UUID, Request
from pe4king_core.model.json import Json, join
from pe4king_core.model.operation import Operation, Parameter, ParameterIn
from pe4king_core.model.record import replace
from pe4king_core.openapi.schema.values import Validity, validity

_UUIDS = ("9b1d7c1e-3f52-4c0a-8a54-5d0c7e6f1a2b", "0c6a2f7d-8e14-4b93-a7d5-91b3e2c4d6f8")
_ENDINGS = frozenset(
    {"requestid", "requestuuid", "requesttoken", "correlationid", "nonce", "jti"}
    | {"deduplicationid", "deduplicationkey", "deduplicationtoken"}
)


def is_fresh(name: str) -> bool:
    """Whether a value called `name` marks one request among all others."""
    words = words_of(name)
    return "".join(words[-2:]) in _ENDINGS or words[-1:] == ("nonce",) or "idempotency" in words


def with_fresh(request: Request, operation: Operation) -> Request:
    """`request` with what must be new in every request marked, where the document allows it."""
    headers = dict(_headers(request, operation))
    if headers:
        request = replace(request, fresh_headers=headers)
    return _with_fresh_fields(request, operation)


def _headers(request: Request, operation: Operation) -> Iterator[tuple[str, str]]:
    for parameter in tested_parameters(operation) if request.headers else ():
        sent = request.headers.get(parameter.name)
        if parameter.location is ParameterIn.HEADER and is_fresh(parameter.name):
            template = _template(sent, parameter) if isinstance(sent, str) else None
            if template is not None:
                yield parameter.name, template


def _template(sent: str, parameter: Parameter) -> str | None:
    """A whole UUID if it may be one, else what is sent with new digits."""
    if parameter.content_type is not None:
        return None
    if all(_fits(text, parameter) for text in _UUIDS):
        return UUID
    for template in templates(sent):
        if all(_fits(instance(template, number), parameter) for number in range(2)):
            return template
    return None


def _fits(text: str, parameter: Parameter) -> bool:
    return parameter.schema is None or validity(text, parameter.schema) is Validity.VALID


def _with_fresh_fields(request: Request, operation: Operation) -> Request:
    body, media = request.body, media_of_body(request, operation)
    if body is None or media is None or body.raw is not None:
        return request
    if not isinstance(body.value, Mapping):
        return request
    value: Json = body.value
    unique: dict[str, str] = {}
    for name, text in body.value.items():
        if isinstance(text, str) and is_fresh(name):
            pointer = join("", name)
            template = fresh_template(text, pointer, value, media)
            if template is not None:
                unique[pointer] = template
                value = put_text(value, pointer, instance(template, 0))
    if not unique:
        return request
    return replace(request, body=replace(body, value=value, unique={**body.unique, **unique}))
