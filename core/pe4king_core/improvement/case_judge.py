"""Whether a proposed negative case really is one: its request is proven invalid.

The same proof that our own cases need: the changed value is invalid under the document's schema,
the parameter that is left out is required, the credentials are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.generation.requests import changed_value, tested_parameters, valid_request
from pe4king_core.model.fact import CaseFact, CaseKind, Change, ChangeIn, ChangeKind, Credentials
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation, Parameter, ParameterIn
from pe4king_core.model.verdict import Verdict
from pe4king_core.openapi.values import Direction, Validity, validity

_PARAMETERS = {
    ChangeIn.PATH: ParameterIn.PATH,
    ChangeIn.QUERY: ParameterIn.QUERY,
    ChangeIn.HEADER: ParameterIn.HEADER,
    ChangeIn.COOKIE: ParameterIn.COOKIE,
}
_NOT_PROVEN = Message(
    "the document may allow this request", "документ может допускать такой запрос"
)


def judge_cases(facts: Sequence[CaseFact], operation: Operation) -> Verdict:
    """Accepts negative cases of `operation` whose request the document forbids."""
    accepted: list[int] = []
    rejected: list[tuple[int, Message]] = []
    for index, fact in enumerate(facts):
        problem = _problem(fact, operation)
        if problem is None:
            accepted.append(index)
        else:
            rejected.append((index, problem))
    return Verdict(tuple(accepted), tuple(rejected))


def _problem(fact: CaseFact, operation: Operation) -> Message | None:
    if fact.kind is not CaseKind.NEGATIVE or fact.operation != operation.key:
        return Message(
            "not a negative case of this operation", "не негативный случай этой операции"
        )
    unknown = [code for code in fact.expected if operation.response_for(code) is None]
    if unknown:
        return Message(f"{unknown[0]} is not documented", f"ответ {unknown[0]} не описан")
    if any(not 400 <= code < 500 for code in fact.expected):
        return Message("a negative test expects a 4xx", "негативный тест ожидает ответ 4xx")
    if fact.credentials is not Credentials.VALID:
        return None if operation.requires_credentials else _NOT_PROVEN
    if not any(_proven(change, operation) for change in fact.changes):
        return _NOT_PROVEN
    return None


def _proven(change: Change, operation: Operation) -> bool:
    if change.where is ChangeIn.BODY:
        return _body_proven(change, operation)
    if change.where is ChangeIn.MEDIA_TYPE:
        body = operation.request_body
        return (
            body is not None
            and str(change.value) not in body.content
            and "415" in operation.responses
        )
    location = _PARAMETERS.get(change.where)
    parameter = next(
        (
            p
            for p in tested_parameters(operation)
            if (p.name, p.location) == (change.name, location)
        ),
        None,
    )
    if parameter is None:
        return False
    if change.kind is ChangeKind.REMOVE:
        return parameter.required and location is not ParameterIn.PATH and not _defaulted(parameter)
    return parameter.schema is not None and _invalid_on_wire(change.value, parameter)


def _defaulted(parameter: Parameter) -> bool:
    return parameter.schema is not None and parameter.schema.has_default


def _invalid_on_wire(value: Json, parameter: Parameter) -> bool:
    """Invalid as it is, and as the text that travels."""
    if parameter.schema is None or isinstance(value, list | dict) or value in ("", None):
        return False
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return all(validity(v, parameter.schema) is Validity.INVALID for v in (value, text))


def _body_proven(change: Change, operation: Operation) -> bool:
    request = valid_request(operation)
    media = operation.request_body.json if operation.request_body is not None else None
    if media is None or media.schema is None or request.body is None:
        return False
    if change.kind is ChangeKind.RAW:
        return not _is_json(str(change.value))
    if change.kind is ChangeKind.REMOVE and not change.name:
        return operation.request_body is not None and operation.request_body.required
    whole = request.body.value
    if validity(whole, media.schema, direction=Direction.REQUEST) is not Validity.VALID:
        return False
    changed = changed_value(whole, change)
    return validity(changed, media.schema, direction=Direction.REQUEST) is Validity.INVALID


def _is_json(text: str) -> bool:
    import json

    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
