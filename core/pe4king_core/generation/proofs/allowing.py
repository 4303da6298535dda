"""Whether changes leave a valid request of an operation certainly valid."""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.generation.proofs.coercion import as_text
from pe4king_core.generation.proofs.proving import (
    PLACES,
    can_travel,
    certainly_invalid,
    is_spread,
    json_media,
)
from pe4king_core.generation.requests.requests import changed_value, tested_parameters
from pe4king_core.model.case import Request
from pe4king_core.model.fact import Change, ChangeIn, ChangeKind
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation, Parameter, ParameterIn
from pe4king_core.openapi.schema.values import Direction, Validity, validity


def allowed(changes: Sequence[Change], operation: Operation, valid: Request) -> bool:
    """Whether the `valid` request of `operation` with all `changes` is certainly valid."""
    body = [change for change in changes if change.where is ChangeIn.BODY]
    others = [change for change in changes if change.where is not ChangeIn.BODY]
    if not changes or any(change.where not in PLACES for change in others):
        return False
    if certainly_invalid(valid, operation):
        return False
    return all(_parameter_allowed(change, operation) for change in others) and (
        not body or _body_allowed(body, operation, valid)
    )


def _parameter_allowed(change: Change, operation: Operation) -> bool:
    location = PLACES[change.where]
    found = next(
        (
            item
            for item in tested_parameters(operation)
            if (item.name, item.location) == (change.name, location)
        ),
        None,
    )
    if found is None:
        return False
    if change.kind is ChangeKind.REMOVE:
        return not found.required and location is not ParameterIn.PATH
    return _value_allowed(change.value, found)


def _value_allowed(value: Json, parameter: Parameter) -> bool:
    schema = parameter.schema
    if schema is None or parameter.content_type is not None or is_spread(parameter):
        return False
    texts = [as_text(item) for item in (value if isinstance(value, list) else [value])]
    if any(not text or not can_travel(text, parameter.location) for text in texts):
        return False
    return bool(texts) and validity(value, schema) is Validity.VALID


def _body_allowed(changes: Sequence[Change], operation: Operation, valid: Request) -> bool:
    body = operation.request_body
    media = json_media(body, valid)
    if body is None or media is None or valid.body is None:
        return False
    if any(change.kind is ChangeKind.RAW for change in changes):
        return False
    if any(change.kind is ChangeKind.REMOVE and not change.name for change in changes):
        return not body.required and len(changes) == 1
    value = valid.body.value
    for change in changes:
        value = changed_value(value, change)
    if media.schema is None:
        return False
    return validity(value, media.schema, direction=Direction.REQUEST) is Validity.VALID
