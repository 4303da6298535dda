"""Edge cases: requests at the edges of what the document allows, each provably valid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pe4king_core.generation.proofs.boundaries import Boundary
from pe4king_core.generation.proofs.coercion import as_text
from pe4king_core.generation.proofs.doubts import UNTOLD
from pe4king_core.generation.proofs.proving import can_travel, is_spread, json_media, media_of
from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.generation.requests.requests import (
    changed_value,
    is_precondition,
    tested_parameters,
)
from pe4king_core.generation.resources.fresh import is_fresh
from pe4king_core.generation.resources.identity import resource_of
from pe4king_core.generation.resources.ranges import makes_sense
from pe4king_core.generation.variations.body_places import checked_body
from pe4king_core.generation.variations.collected import Collected
from pe4king_core.generation.variations.edge_body import (
    BodyEdges,
    FormEdges,
    accepts,
    says_something,
)
from pe4king_core.generation.variations.edge_limits import EdgeLimits, is_free, is_reference
from pe4king_core.generation.variations.prepared import carries_credentials
from pe4king_core.generation.variations.schema_memo import WHERE, SchemaMemo
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import NotProvable, Request, RequestArgument, TestPlan
from pe4king_core.model.fact import CaseFact, CaseKind, Change, ChangeKind, EarlierValue
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation, Parameter, ParameterIn
from pe4king_core.model.parts import MediaKind
from pe4king_core.openapi.schema.values import Validity

_FORMS = (MediaKind.FORM, MediaKind.MULTIPART)
_BODY = Message("accepts the edges of the body", "принимает граничные значения тела")
_SEPARATORS = frozenset(",| \t;")


@dataclass(frozen=True, slots=True)
class Edges:
    """The edge cases of one operation, and what could not be proven to be valid."""

    cases: tuple[CaseFact, ...]
    not_provable: tuple[NotProvable, ...] = ()


def edge_cases(
    operation: Operation, plan: TestPlan, valid: Request, memo: SchemaMemo | None = None
) -> Edges:
    """All edge cases of `operation` that `plan` wants, as changes of its `valid` request.

    They expect what the valid request expects; so there are none where `valid` is not valid.
    """
    if CaseKind.EDGE not in plan.kinds or _is_login(operation):
        return Edges(())
    memo = memo or SchemaMemo()
    collected = Collected(operation, CaseKind.EDGE)
    limits = EdgeLimits(_things(operation.route))
    body = _body(collected, limits, valid, memo)
    if body is not None:
        body.add_all()
    for parameter in tested_parameters(operation):
        _parameter(collected, limits, parameter, valid, memo)
    _together(collected, body, valid, memo)
    return Edges(collected.cases, tuple(collected.doubts))


def _things(route: str) -> frozenset[str]:
    """What the path is about: `domain` and `claim` of `/domains/claim`."""
    behind = route.rpartition("}")[2] if not route.rstrip("/").endswith("}") else ""
    things = (resource_of(part)[-1:] for part in (route, *behind.split("/")))
    return frozenset(word for thing in things for word in thing)


_SECRETS = frozenset({"password", "passwd", "secret", "token", "code", "otp", "pin", "assertion"})


def _is_login(operation: Operation) -> bool:
    """Whether the request itself says who somebody is, by something that only they know."""
    if not carries_credentials(operation):
        return False
    content = operation.request_body.content.values() if operation.request_body else ()
    fields = [name for media in content if media.schema for name in media.schema.properties]
    names = [*fields, *(item.name for item in operation.parameters)]
    return any(not _SECRETS.isdisjoint(words_of(name)) for name in names)


def _body(
    collected: Collected, limits: EdgeLimits, valid: Request, memo: SchemaMemo
) -> BodyEdges | FormEdges | None:
    documented, sent = collected.operation.request_body, valid.body
    media = media_of(documented, valid) if documented is not None else None
    if media is None or media.schema is None or sent is None or sent.raw is not None:
        return None
    schema = media.schema
    if json_media(documented, valid) is not None:
        checked = checked_body(schema, sent.value, memo)
        if checked.verdict is Validity.VALID:
            return BodyEdges(collected, limits, memo, checked)
        if checked.verdict is Validity.UNKNOWN:
            collected.doubt(_BODY, UNTOLD)
    elif media.kind in _FORMS and isinstance(sent.value, Mapping) and memo.is_plain(schema):
        return FormEdges(collected, limits, memo, schema, sent.value)
    return None


def _parameter(
    collected: Collected,
    limits: EdgeLimits,
    parameter: Parameter,
    valid: Request,
    memo: SchemaMemo,
) -> None:
    schema, location = parameter.schema, parameter.location
    if schema is None or parameter.content_type is not None or is_spread(parameter):
        return
    if location is ParameterIn.PATH and schema.enum is None:
        return
    own = sent_values(valid, location).get(parameter.name)
    if isinstance(own, EarlierValue) or parameter.deprecated:
        return
    for boundary in memo.allowed(schema, on_wire=True):
        if _text(boundary.value) == _text(own) or not _arrives(boundary, location):
            continue
        others = sent_values(valid, location)
        if not makes_sense(parameter.name, schema, boundary, others, written=False):
            continue
        if limits.wants(parameter.name, boundary, parameter.pointer):
            collected.add(
                boundary.worth,
                accepts(parameter.name, boundary),
                (Change(WHERE[location], parameter.name, ChangeKind.SET, boundary.value),),
                source=parameter.pointer,
            )


def sent_values(request: Request, location: ParameterIn) -> Mapping[str, RequestArgument]:
    """The parameters of `request` that travel in `location`."""
    return {
        ParameterIn.PATH: request.path_parameters,
        ParameterIn.QUERY: request.query,
        ParameterIn.HEADER: request.headers,
        ParameterIn.COOKIE: request.cookies,
    }[location]


def _text(value: RequestArgument) -> str | None:
    if isinstance(value, EarlierValue):
        return None
    if isinstance(value, list | tuple):
        return ",".join(as_text(item) or "" for item in value)
    return as_text(value)


def _arrives(boundary: Boundary, location: ParameterIn) -> bool:
    value = boundary.value
    texts = [as_text(item) for item in (value if isinstance(value, list) else [value])]
    if any(not text or not text.strip() or not can_travel(text, location) for text in texts):
        return False
    return not isinstance(value, list) or not any(set(text or "") & _SEPARATORS for text in texts)


def _together(
    collected: Collected, body: BodyEdges | FormEdges | None, valid: Request, memo: SchemaMemo
) -> None:
    """Only what is required in one case, everything that is allowed in another."""
    operation = collected.operation
    fewest = body.only_required() if body is not None else ()
    if body is not None and fewest and _leaves_nothing(body, fewest):
        collected.doubt(_ONLY[0], _NOTHING_REQUIRED)
        fewest = ()
    optional = [
        item
        for item in tested_parameters(operation)
        if not item.required and not is_precondition(item)
    ]
    left_out = tuple(
        Change(WHERE[item.location], item.name, ChangeKind.REMOVE)
        for item in optional
        if item.name in sent_values(valid, item.location)
    )
    _whole(collected, Worth.ONLY_REQUIRED, fewest, left_out, _ONLY)
    most = body.every_optional() if body is not None else ()
    added = tuple(change for item in optional if (change := _added(item, valid, memo)) is not None)
    _whole(collected, Worth.EVERY_OPTIONAL, most, added, _EVERY)


_NOTHING_REQUIRED = Message(
    "the document requires nothing, so an empty body would be sent",
    "документ ничего не требует, и тело было бы пустым",
)
_Titles = tuple[Message, Message]
_ONLY: _Titles = (
    Message("accepts only required fields", "принимает только обязательные поля"),
    Message("accepts only required parameters", "принимает только обязательные параметры"),
)
_EVERY: _Titles = (
    Message("accepts every optional field", "принимает все необязательные поля"),
    Message("accepts every optional parameter", "принимает все необязательные параметры"),
)


def _whole(
    collected: Collected,
    worth: Worth,
    body: tuple[Change, ...],
    parameters: tuple[Change, ...],
    titles: _Titles,
) -> None:
    if body or parameters:
        title = titles[0] if body else titles[1]
        pointer = collected.operation.pointer
        collected.add(worth, title, (*body, *parameters), source=pointer)


def _leaves_nothing(body: BodyEdges | FormEdges, changes: tuple[Change, ...]) -> bool:
    """Whether nothing is said any more: no server can do anything with that."""
    value = body.body.value if isinstance(body, BodyEdges) else dict(body.fields)
    for change in changes:
        value = changed_value(value, change)
    return not says_something(value)


def _added(parameter: Parameter, valid: Request, memo: SchemaMemo) -> Change | None:
    if parameter.name in sent_values(valid, parameter.location) or parameter.deprecated:
        return None
    if is_fresh(parameter.name):
        return None
    schema = parameter.schema
    if schema is None or parameter.content_type is not None or is_spread(parameter):
        return None
    made = memo.parameter_sample(parameter)
    if made is not None and is_free(schema) and is_reference(parameter.name, made.value):
        return None
    if made is None or not _text(made.value) or not _fits(made.value, parameter.location):
        return None
    return Change(WHERE[parameter.location], parameter.name, ChangeKind.SET, made.value)


def _fits(value: Json, location: ParameterIn) -> bool:
    texts = [as_text(item) for item in (value if isinstance(value, list) else [value])]
    return all(text is not None and can_travel(text, location) for text in texts)
