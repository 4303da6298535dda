"""Negative cases: requests that the document forbids, and the errors it documents for them.

A case is made only if its request is proven invalid: no reading that a lenient server may choose
(`coercion`) makes it valid, under any branch of a composition. What cannot be proven is listed
with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_core.generation.proofs.proving import (
    MALFORMED,
    json_media,
    media_of,
    media_type_forbidden,
    parameter_doubt,
)
from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.generation.requests.requests import tested_parameters, valid_request
from pe4king_core.generation.variations.body_places import checked_body
from pe4king_core.generation.variations.collected import Collected
from pe4king_core.generation.variations.negative_body import BodyBreaker
from pe4king_core.generation.variations.negative_form import FormBreaker
from pe4king_core.generation.variations.schema_memo import WHERE, SchemaMemo
from pe4king_core.generation.variations.unknown import unknown_value
from pe4king_core.model.case import NotProvable, Request, TestPlan
from pe4king_core.model.fact import CaseFact, CaseKind, Change, ChangeIn, ChangeKind, Credentials
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import MediaType, Operation, Parameter, ParameterIn, RequestBody
from pe4king_core.model.parts import MediaKind
from pe4king_core.model.record import record
from pe4king_core.model.security import SecurityRequirement
from pe4king_core.openapi.schema.values import Validity

_FORMS = (MediaKind.FORM, MediaKind.MULTIPART)


@record(frozen=True, slots=True)
class Negatives:
    """The cases of one operation, and what could not be proven."""

    cases: tuple[CaseFact, ...]
    not_provable: tuple[NotProvable, ...]


def negative_cases(
    operation: Operation,
    plan: TestPlan,
    valid: Request | None = None,
    memo: SchemaMemo | None = None,
) -> Negatives:
    """All negative cases of `operation` that `plan` wants, as changes of its `valid` request.

    `memo` is shared by the operations of a document.
    """
    collected = Collected(operation, CaseKind.NEGATIVE)
    request = valid or valid_request(operation)
    memo = memo or SchemaMemo()
    _credentials(collected)
    if operation.request_body is not None and request.body is not None:
        _body(collected, operation.request_body, request, memo)
    for parameter in tested_parameters(operation):
        _parameter(collected, parameter, memo)
    if plan.behavioural:
        _unknown_id(collected, request)
    if operation.request_body is not None and request.body is not None:
        _media_type(collected, operation.request_body)
    return Negatives(collected.cases, tuple(collected.doubts))


def _documented(operation: Operation, *candidates: int) -> tuple[int, ...]:
    return tuple(code for code in candidates if str(code) in operation.responses)


_MISSING_CREDENTIALS = Message(
    en="rejects missing credentials", ru="отклоняет запрос без учётных данных"
)
_WRONG_CREDENTIALS = Message(en="rejects wrong credentials", ru="отклоняет неверные учётные данные")
_NOT_IN_REQUESTS = Message(
    en="the document asks for nothing that a request shows (mutual TLS, or a scheme that is not"
    " defined)",
    ru="документ не требует ничего, что видно в запросе (взаимный TLS или схема, которая не"
    " определена)",
)
_ASKS = Message(en="the operation asks for credentials", ru="операция требует учётных данных")


def _credentials(collected: Collected) -> None:
    operation = collected.operation
    if not operation.requires_credentials:
        return
    if any(not _is_shown(alternative) for alternative in operation.security):
        collected.doubt(_MISSING_CREDENTIALS, _NOT_IN_REQUESTS)
        collected.doubt(_WRONG_CREDENTIALS, _NOT_IN_REQUESTS)
        return
    # Where only 403 is documented it speaks of rights: who does not say who they are gets 401.
    tells = "401" in operation.responses
    collected.add(
        Worth.MISSING_CREDENTIALS,
        _MISSING_CREDENTIALS,
        (),
        credentials=Credentials.NONE,
        expected=(401,) if tells else (401, 403),
        reason=_ASKS,
    )
    collected.add(
        Worth.WRONG_CREDENTIALS,
        _WRONG_CREDENTIALS,
        (),
        credentials=Credentials.WRONG,
        expected=_documented(operation, 401, 403) if tells else (401, 403),
        reason=_ASKS,
    )


def _is_shown(alternative: SecurityRequirement) -> bool:
    return any(scheme.is_in_requests for scheme in alternative.schemes)


_REQUIRED = Message(en="the parameter is required", ru="параметр обязателен")


def _parameter(collected: Collected, parameter: Parameter, memo: SchemaMemo) -> None:
    operation, place = collected.operation, WHERE[parameter.location]
    expected = _documented(operation, *MALFORMED[place])
    if parameter.required and parameter.location is not ParameterIn.PATH:
        name = parameter.name
        title = Message(
            en=f"rejects missing {place} {name}",
            ru=f"отклоняет запрос без параметра {name} ({place})",
        )
        missing = Change(place, name, ChangeKind.REMOVE)
        doubt = parameter_doubt(missing, parameter, operation.parameters)
        if doubt is None:
            collected.add(
                Worth.MISSING_FIELD,
                title,
                (missing,),
                expected=expected,
                reason=_REQUIRED,
                source=parameter.pointer,
            )
        else:
            collected.doubt(title, doubt)
    for found in memo.broken_parameter(parameter):
        if found.doubt is not None:
            collected.doubt(found.title, found.doubt)
            continue
        collected.add(
            found.breach.worth,
            found.title,
            (found.change,),
            expected=expected,
            reason=found.breach.reason,
            source=parameter.pointer,
        )


def _body(collected: Collected, body: RequestBody, request: Request, memo: SchemaMemo) -> None:
    sent = request.body
    media = media_of(body, request)
    if sent is None or media is None:
        return
    if json_media(body, request) is not None:
        _json_body(collected, body, media, sent.value, memo)
    elif media.kind in _FORMS and media.schema is not None and isinstance(sent.value, Mapping):
        codes = _documented(collected.operation, 422, 400)
        breaker = FormBreaker(collected, memo, codes)
        if body.required and breaker.missing_is_provable(media.schema):
            _missing_body(collected, body)
        if memo.is_plain(media.schema):
            breaker.break_all(media.schema, sent.value, media.encoding)
        else:
            collected.doubt(_BREAKS, _NOT_FIELD_BY_FIELD)
    else:
        if body.required:
            _missing_body(collected, body)
        name = media.name
        reason = Message(
            f"the document says little of the content of {name}",
            f"о содержимом {name} документ говорит мало",
        )
        collected.doubt(_BREAKS, reason)


_BREAKS = Message("breaks the body", "нарушает тело запроса")
_NOT_FIELD_BY_FIELD = Message(
    "the fields of the form depend on each other", "поля формы зависят друг от друга"
)


def _missing_body(collected: Collected, body: RequestBody) -> None:
    # Without a body there is no type to refuse: 415 is one of the answers, never the only one.
    told = _documented(collected.operation, 400, 422)
    collected.add(
        Worth.MISSING_BODY,
        Message(en="rejects missing body", ru="отклоняет запрос без тела"),
        (Change(ChangeIn.BODY, "", ChangeKind.REMOVE),),
        expected=(*told, *_documented(collected.operation, 415)) if told else (),
        reason=Message(en="the body is required", ru="тело запроса обязательно"),
        source=body.pointer,
    )


def _json_body(
    collected: Collected, body: RequestBody, media: MediaType, whole: Json, memo: SchemaMemo
) -> None:
    operation = collected.operation
    if body.required:
        _missing_body(collected, body)
    collected.add(
        Worth.MALFORMED_BODY,
        Message(en="rejects malformed JSON", ru="отклоняет повреждённый JSON"),
        (Change(ChangeIn.BODY, "", ChangeKind.RAW, '{"unfinished": '),),
        expected=_documented(operation, 400, 422),
        reason=Message(en="the body is not JSON", ru="тело запроса не является JSON"),
        source=body.pointer,
    )
    if media.schema is None:
        return
    checked = checked_body(media.schema, whole, memo)
    if checked.verdict is Validity.INVALID:
        collected.doubt(
            Message(en="breaks the body's schema", ru="нарушает схему тела"),
            Message(
                en="no valid body could be made from the schema",
                ru="по схеме не удалось составить верное тело",
            ),
        )
        return
    codes = _documented(operation, 422, 400)
    breaker = BodyBreaker(collected, memo, codes, body_required=body.required)
    breaker.break_all(checked)


def _unknown_id(collected: Collected, request: Request) -> None:
    """An id that nothing has, in the last path parameter, where 404 is documented."""
    operation = collected.operation
    path = [item for item in operation.parameters if item.location is ParameterIn.PATH]
    if operation.method == "PUT" and "201" in operation.responses:
        ends = operation.route.rstrip("/")  # where it makes what is not there
        path = [item for item in path if not ends.endswith("{" + item.name + "}")]
    if not path or "404" not in operation.responses:
        return
    last = max(path, key=lambda item: operation.path.find("{" + item.name + "}"))
    value = unknown_value(last, request)
    if value is None:
        return
    collected.add(
        Worth.UNKNOWN_ID,
        Message(
            en=f"answers 404 for unknown {last.name}",
            ru=f"отвечает 404 на неизвестный {last.name}",
        ),
        (Change(ChangeIn.PATH, last.name, ChangeKind.SET, value),),
        expected=(404,),
        law="unknown-id",
        source=last.pointer,
        reason=Message(en="nothing has this id", ru="такого идентификатора нет"),
    )


_UNSUPPORTED = Message(
    en="rejects unsupported media type", ru="отклоняет неподдерживаемый тип содержимого"
)


def _media_type(collected: Collected, body: RequestBody) -> None:
    operation = collected.operation
    if not media_type_forbidden("text/plain", operation):
        if "415" not in operation.responses:
            collected.doubt(_UNSUPPORTED, _MAY_SUPPORT)
        return
    collected.add(
        Worth.MEDIA_TYPE,
        _UNSUPPORTED,
        (Change(ChangeIn.MEDIA_TYPE, "", ChangeKind.SET, "text/plain"),),
        expected=(415,),
        reason=Message(en="text/plain is not documented", ru="тип text/plain не описан"),
        source=body.pointer,
    )


_MAY_SUPPORT = Message(
    "415 is not documented: a server may read other media types as well",
    "ответ 415 не описан: сервер может читать и другие типы содержимого",
)
