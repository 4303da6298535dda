"""Negative cases: requests that the document forbids, and the errors it documents for them.

A case is made only if its request is proven invalid: the changed value is judged against the
schema by `openapi.values`, and values are chosen so that no usual coercion on the wire (numbers
in query strings, strings from numbers, null as absence, defaults) makes them valid again. What
cannot be proven is listed with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from pe4king_core.generation.breaking import Breach, breaches
from pe4king_core.generation.proving import (
    MALFORMED,
    PLACES,
    media_type_forbidden,
    parameter_forbidden,
    value_forbidden,
)
from pe4king_core.generation.requests import tested_parameters, valid_request
from pe4king_core.model.case import NotProvable, Request, TestPlan
from pe4king_core.model.fact import (
    Basis,
    CaseFact,
    CaseKind,
    Change,
    ChangeIn,
    ChangeKind,
    Credentials,
)
from pe4king_core.model.json import Json, has, join, lookup
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation, Parameter, ParameterIn
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_PLACES = {location: place for place, location in PLACES.items()}
_MAX_BODY_DEPTH = 3
_MAX_BODY_CASES = 400
_MAX_BODY_WORK = 400_000
"""How many members of bodies may be looked at to prove the cases of one operation."""


@dataclass(frozen=True, slots=True)
class Negatives:
    """The cases of one operation, most valuable first, and what could not be proven."""

    cases: tuple[CaseFact, ...]
    not_provable: tuple[NotProvable, ...]


def negative_cases(operation: Operation, plan: TestPlan, valid: Request | None = None) -> Negatives:
    """All negative cases of `operation` that `plan` wants, as changes of its `valid` request."""
    found: list[CaseFact] = [*_credential_cases(operation)]
    doubtful: list[NotProvable] = []
    request = valid or valid_request(operation)
    for item in (*_body_cases(operation, request), *_parameter_cases(operation)):
        if isinstance(item, CaseFact):
            found.append(item)
        else:
            doubtful.append(item)
    if plan.behavioural:
        found += _unknown_id_cases(operation, request)
    found += _media_type_cases(operation, request)
    return Negatives(tuple(found), tuple(doubtful))


def _documented(operation: Operation, *candidates: int) -> tuple[int, ...]:
    return tuple(code for code in candidates if str(code) in operation.responses)


def _case(
    operation: Operation,
    title: Message,
    expected: tuple[int, ...],
    *changes: Change,
    reason: Message,
    source: str = "",
) -> CaseFact:
    return CaseFact(
        operation.key,
        CaseKind.NEGATIVE,
        title,
        changes,
        expected=expected,
        reason=reason,
        source=source,
    )


def _credential_cases(operation: Operation) -> Iterator[CaseFact]:
    if not operation.requires_credentials:
        return
    texts = (
        (
            Credentials.NONE,
            Message(en="rejects missing credentials", ru="отклоняет запрос без учётных данных"),
            _documented(operation, 401) or _documented(operation, 403) or (401, 403),
        ),
        (
            Credentials.WRONG,
            Message(en="rejects wrong credentials", ru="отклоняет неверные учётные данные"),
            _documented(operation, 401, 403) or (401, 403),
        ),
    )
    for credentials, title, expected in texts:
        yield CaseFact(
            operation.key,
            CaseKind.NEGATIVE,
            title,
            credentials=credentials,
            expected=expected,
            reason=Message(
                en="the operation asks for credentials", ru="операция требует учётных данных"
            ),
        )


def _parameter_cases(operation: Operation) -> Iterator[CaseFact | NotProvable]:
    for parameter in tested_parameters(operation):
        place = _PLACES[parameter.location]
        expected = _documented(operation, *MALFORMED[place])
        missing = Change(place, parameter.name, ChangeKind.REMOVE)
        if parameter_forbidden(missing, operation):
            yield _case(
                operation,
                Message(
                    en=f"rejects missing {place} {parameter.name}",
                    ru=f"отклоняет запрос без параметра {parameter.name} ({place})",
                ),
                expected,
                missing,
                reason=Message(en="the parameter is required", ru="параметр обязателен"),
                source=parameter.pointer,
            )
        if parameter.schema is None or parameter.content_type is not None:
            continue
        for breach in breaches(parameter.schema, on_wire=True):
            change = Change(place, parameter.name, ChangeKind.SET, breach.value)
            title = _breach_title(parameter.name, breach)
            if parameter_forbidden(change, operation):
                yield _case(
                    operation,
                    title,
                    expected,
                    change,
                    reason=breach.reason,
                    source=parameter.pointer,
                )
            else:
                yield _doubt(operation, title)


def _doubt(operation: Operation, title: Message) -> NotProvable:
    return NotProvable(
        operation.key,
        title,
        Message(
            en="the schema may allow the value in another way",
            ru="схема может допускать это значение иначе",
        ),
    )


def _body_cases(operation: Operation, request: Request) -> Iterator[CaseFact | NotProvable]:
    request_body = operation.request_body
    media = request_body.json if request_body is not None else None
    if request_body is not None and media is None and request_body.content:
        yield NotProvable(
            operation.key,
            Message("breaks the body", "нарушает тело запроса"),
            Message(
                f"bodies of type {next(iter(request_body.content))} are not broken yet",
                f"тела типа {next(iter(request_body.content))} пока не нарушаются",
            ),
        )
    if request_body is None or media is None or request.body is None:
        return
    schema_codes = _documented(operation, 422, 400)
    if request_body.required:
        yield _case(
            operation,
            Message(en="rejects missing body", ru="отклоняет запрос без тела"),
            _documented(operation, 400, 422, 415),
            Change(ChangeIn.BODY, "", ChangeKind.REMOVE),
            reason=Message(en="the body is required", ru="тело запроса обязательно"),
            source=request_body.pointer,
        )
    yield _case(
        operation,
        Message(en="rejects malformed JSON", ru="отклоняет повреждённый JSON"),
        _documented(operation, 400, 422),
        Change(ChangeIn.BODY, "", ChangeKind.RAW, '{"unfinished": '),
        reason=Message(en="the body is not JSON", ru="тело запроса не является JSON"),
        source=request_body.pointer,
    )
    if media.schema is None:
        return
    whole = request.body.value
    if validity(whole, media.schema, direction=Direction.REQUEST) is Validity.INVALID:
        yield NotProvable(
            operation.key,
            Message(en="breaks the body's schema", ru="нарушает схему тела"),
            Message(
                en="no valid body could be made from the schema",
                ru="по схеме не удалось составить верное тело",
            ),
        )
        return
    most = max(10, min(_MAX_BODY_CASES, _MAX_BODY_WORK // _weight(whole)))
    changes = islice(_body_changes(media.schema, whole, "", ()), most)
    for change, title, reason, source in changes:
        if value_forbidden(whole, [change], media.schema):
            yield _case(operation, title, schema_codes, change, reason=reason, source=source)
        else:
            yield _doubt(operation, title)


def _weight(value: Json) -> int:
    """How many values `value` holds, itself included."""
    members: Iterable[Json] = ()
    if isinstance(value, Mapping):
        members = value.values()
    elif isinstance(value, list | tuple):
        members = value
    return 1 + sum(_weight(member) for member in members)


_BodyChange = tuple[Change, Message, Message, str]


def _body_changes(
    schema: Schema, whole: Json, pointer: str, seen: tuple[Schema, ...]
) -> Iterator[_BodyChange]:
    """Changes below `pointer` of the valid body `whole`, outer fields before inner ones."""
    if schema in seen or len(seen) > _MAX_BODY_DEPTH:
        return
    inside = (*seen, schema)
    value = lookup(whole, pointer)
    for name, child in schema.properties.items():
        at = join(pointer, name)
        if child.read_only:
            continue
        if name in schema.required and has(whole, at) and not child.has_default:
            yield (
                Change(ChangeIn.BODY, at, ChangeKind.REMOVE),
                Message(en=f"rejects missing {name}", ru=f"отклоняет тело без поля {name}"),
                Message(en=f"{name} is required", ru=f"поле {name} обязательно"),
                schema.pointer,
            )
        yield from _value_changes(name, child, at, required=name in schema.required)
    if not schema.additional_allowed and isinstance(value, dict):
        yield (
            Change(ChangeIn.BODY, join(pointer, "unexpectedField"), ChangeKind.ADD, "unexpected"),
            Message(
                en=f"rejects unknown field{_inside(pointer)}",
                ru=f"отклоняет неизвестное поле{_inside(pointer)}",
            ),
            Message(en="no other fields are allowed", ru="другие поля запрещены"),
            schema.pointer,
        )
    for name, child in schema.properties.items():
        at = join(pointer, name)
        if has(whole, at) and not child.read_only:
            yield from _body_changes(child, whole, at, inside)
    if schema.items is not None and has(whole, join(pointer, "0")):
        at = join(pointer, "0")
        yield from _value_changes(f"{_last(pointer)} item", schema.items, at, required=True)
        yield from _body_changes(schema.items, whole, at, inside)


def _value_changes(name: str, schema: Schema, at: str, *, required: bool) -> Iterator[_BodyChange]:
    for breach in breaches(schema, on_wire=False):
        if breach.value is None and (not required or schema.has_default):
            continue
        yield (
            Change(ChangeIn.BODY, at, ChangeKind.SET, breach.value),
            _breach_title(name, breach),
            breach.reason,
            schema.pointer,
        )


def _inside(pointer: str) -> str:
    name = _last(pointer)
    return f" in {name}" if name else ""


def _last(pointer: str) -> str:
    names = [token for token in pointer.split("/") if token and not token.isdecimal()]
    return names[-1] if names else ""


def _breach_title(name: str, breach: Breach) -> Message:
    return Message(en=f"rejects {name} {breach.what.en}", ru=f"отклоняет {name}: {breach.what.ru}")


def _unknown_id_cases(operation: Operation, request: Request) -> Iterator[CaseFact]:
    """An id that nothing has, in the last path parameter, where 404 is documented."""
    path = [item for item in operation.parameters if item.location is ParameterIn.PATH]
    if not path or "404" not in operation.responses:
        return
    last = max(path, key=lambda item: operation.path.find("{" + item.name + "}"))
    value = _unknown_value(last, request)
    if value is None:
        return
    yield CaseFact(
        operation.key,
        CaseKind.NEGATIVE,
        Message(
            en=f"answers 404 for unknown {last.name}",
            ru=f"отвечает 404 на неизвестный {last.name}",
        ),
        (Change(ChangeIn.PATH, last.name, ChangeKind.SET, value),),
        expected=(404,),
        basis=Basis.LAW,
        law="unknown-id",
        source=last.pointer,
        reason=Message(en="nothing has this id", ru="такого идентификатора нет"),
    )


def _unknown_value(parameter: Parameter, request: Request) -> Json:
    """A valid value of the parameter that no resource is likely to have."""
    schema = parameter.schema
    if schema is None:
        return None
    integer = schema.only_type is JsonType.INTEGER
    choices: tuple[Json, ...] = (
        (999_999_999, 987_654)
        if integer
        else ("00000000-0000-4000-8000-00000000dead", "unknown-0f3c9a", "unknown0f3c9a")
    )
    for value in choices:
        if validity(value, schema) is Validity.VALID and value != request.path_parameters.get(
            parameter.name
        ):
            return value
    return None


def _media_type_cases(operation: Operation, request: Request) -> Iterator[CaseFact]:
    body = operation.request_body
    if body is None or request.body is None or not media_type_forbidden("text/plain", operation):
        return
    yield _case(
        operation,
        Message(
            en="rejects unsupported media type", ru="отклоняет неподдерживаемый тип содержимого"
        ),
        (415,),
        Change(ChangeIn.MEDIA_TYPE, "", ChangeKind.SET, "text/plain"),
        reason=Message(en="text/plain is not documented", ru="тип text/plain не описан"),
        source=body.pointer,
    )
