"""Ids that the client chooses: a path parameter of PUT, or a field that POST sends.

Such an id is known though no answer promises it. It is one of the texts that are new in every
run, so what it names was made by the call that sent it.
"""

from __future__ import annotations

from pe4king_core.generation.resources.identity import ENVELOPES, IDS, NAMES, id_place, resource_of
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import Body, Request
from pe4king_core.model.fact import EarlierValue, RequestValue, ResponseValue
from pe4king_core.model.json import lookup, split
from pe4king_core.model.operation import Operation, Parameter
from pe4king_core.openapi.schema.values import Validity, validity

_NOT_IN_PATHS = "/?#%"


def names_item(field: str, parameter: str, resource: tuple[str, ...]) -> bool:
    """Whether a field of `resource` is what the path `parameter` of its items asks for.

    `name` is `{name}`, `{tenant_name}` and `{tenant}` of a tenant, and `user_id` is its `{id}`.
    """
    words, wanted = words_of(field), words_of(parameter)
    if not words or not wanted:
        return False
    if wanted == resource and len(words) == 1 and words[0] in (*IDS, *NAMES):
        return True
    return wanted in (words, (*resource, *words)) or words == (*resource, *wanted)


def is_of_item(above: tuple[str, ...], resource: tuple[str, ...]) -> bool:
    """Whether fields inside of the objects `above` are those of the resource itself."""
    return all(
        name.lower() in ENVELOPES or words_of(name, singular=True) == resource for name in above
    )


def is_segment(text: str) -> bool:
    """Whether `text` can stand in a path as it is, but for characters that clients encode."""
    return text not in ("", ".", "..") and not any(each in text for each in _NOT_IN_PATHS)


def sent_id(request: Request, parameter: Parameter, resource: tuple[str, ...]) -> str | None:
    """The pointer of the new text in the body of `request` that `parameter` asks for."""
    body = request.body
    if body is None or body.raw is not None:
        return None
    found = [at for at in body.unique if _is_sent_id(at, body, parameter, resource)]
    found.sort(key=lambda at: split(at)[-1] != parameter.name)
    return found[0] if found else None


def _is_sent_id(at: str, body: Body, parameter: Parameter, resource: tuple[str, ...]) -> bool:
    *above, name = split(at)
    if not is_of_item(tuple(above), resource) or not names_item(name, parameter.name, resource):
        return False
    schema, value = parameter.schema, lookup(body.value, at)
    if not is_segment(body.unique[at]):
        return False
    return schema is None or validity(value, schema) is not Validity.INVALID


def known_id(
    source: Operation,
    status: int,
    request: Request,
    parameter: Parameter,
    *,
    keyed_by: str = "",
    in_json: bool = False,
) -> EarlierValue | None:
    """The id that `parameter` asks for of what `request` makes; `source` answers with `status`.

    `keyed_by` is the path parameter that a PUT makes something under; only one that documents 201
    surely does (RFC 9110 section 9.3.4). A promised answer is best;
    a name that was sent is better than one that may come back, an id is not.
    """
    place = id_place(source, status, parameter, in_json=in_json)
    answered = ResponseValue(source.key, place.pointer, place.header, place.sure) if place else None
    if keyed_by:
        named = place is not None and split(place.pointer)[-1:] == (keyed_by,)
        if named and place is not None and place.sure:
            return answered
        made = "201" in source.responses and keyed_by in request.unique and not in_json
        return RequestValue("", source.key, keyed_by) if made else None
    if in_json or (place is not None and place.sure):
        return answered
    at = sent_id(request, parameter, resource_of(source.route))
    if at is None or (answered is not None and words_of(split(at)[-1])[-1] in IDS):
        return answered
    return RequestValue(at, source.key)
