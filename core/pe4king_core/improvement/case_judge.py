"""Whether a proposed case is what it says: a negative one invalid, an edge one valid, provably.

The same proofs that our own cases need (`generation.proving`, `generation.allowing`), and a
status that speaks of the error, or of the success.
"""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.generation.proofs.allowing import allowed
from pe4king_core.generation.proofs.proving import MALFORMED, forbidden
from pe4king_core.generation.requests.requests import valid_request
from pe4king_core.model.case import Request
from pe4king_core.model.fact import CaseFact, CaseKind, Credentials
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.verdict import Verdict

_NOT_PROVEN = Message(
    "the document may allow this request", "документ может допускать такой запрос"
)
_NOT_VALID = Message(
    "it cannot be proven that the document allows this request",
    "нельзя доказать, что документ допускает этот запрос",
)
_REFUSED = (401, 403)


def judge_cases(facts: Sequence[CaseFact], operation: Operation) -> Verdict:
    """Accepts negative cases of `operation` whose request the document forbids, and edge cases
    whose request it allows.

    Warns where the document knows more errors for such a request than the case expects.
    """
    accepted: list[int] = []
    rejected: list[tuple[int, Message]] = []
    warnings: list[Message] = []
    valid = valid_request(operation)
    for index, fact in enumerate(facts):
        problem = _problem(fact, operation, valid)
        if problem is not None:
            rejected.append((index, problem))
            continue
        accepted.append(index)
        others = _possible(fact, operation) - set(fact.expected)
        if fact.kind is CaseKind.NEGATIVE and fact.expected and others:
            warnings.append(_also(sorted(others)))
    return Verdict(tuple(accepted), tuple(rejected), tuple(dict.fromkeys(warnings)))


def _problem(fact: CaseFact, operation: Operation, valid: Request) -> Message | None:
    if fact.kind is CaseKind.POSITIVE or fact.operation != operation.key:
        return Message(
            "not a negative or edge case of this operation",
            "не негативный и не граничный случай этой операции",
        )
    if fact.kind is CaseKind.EDGE:
        return _edge_problem(fact, operation, valid)
    usual = _REFUSED if fact.credentials is not Credentials.VALID else ()
    unknown = [
        code for code in fact.expected if operation.response_for(code) is None and code not in usual
    ]
    if unknown:
        return Message(f"{unknown[0]} is not documented", f"ответ {unknown[0]} не описан")
    if any(not 400 <= code < 500 for code in fact.expected):
        return Message("a negative test expects a 4xx", "негативный тест ожидает ответ 4xx")
    if not _proven(fact, operation, valid):
        return _NOT_PROVEN
    if fact.expected and not set(fact.expected) & _meant(fact):
        return Message(
            f"{fact.expected[0]} means another error", f"ответ {fact.expected[0]} о другой ошибке"
        )
    return None


def _edge_problem(fact: CaseFact, operation: Operation, valid: Request) -> Message | None:
    unknown = [code for code in fact.expected if operation.response_for(code) is None]
    if unknown:
        return Message(f"{unknown[0]} is not documented", f"ответ {unknown[0]} не описан")
    if any(code >= 400 for code in fact.expected):
        return Message("an edge test expects a success", "граничный тест ожидает успешный ответ")
    usual = fact.credentials is Credentials.VALID
    return None if usual and allowed(fact.changes, operation, valid) else _NOT_VALID


def _proven(fact: CaseFact, operation: Operation, valid: Request) -> bool:
    """Other users' rights are not in the document: only missing and wrong credentials are."""
    if fact.credentials in (Credentials.NONE, Credentials.WRONG):
        return operation.requires_credentials
    return fact.credentials is Credentials.VALID and forbidden(fact.changes, operation, valid)


def _meant(fact: CaseFact) -> set[int]:
    """The statuses that speak of what is wrong with the request of `fact`."""
    if fact.credentials is not Credentials.VALID:
        return set(_REFUSED)
    codes = {code for change in fact.changes for code in MALFORMED.get(change.where, ())}
    return codes | {400, 413, 414, 415, 422, 431}


def _possible(fact: CaseFact, operation: Operation) -> set[int]:
    """The documented statuses for such a request."""
    if fact.credentials is not Credentials.VALID:
        return {code for code in _REFUSED if str(code) in operation.responses}
    codes = {code for change in fact.changes for code in MALFORMED.get(change.where, ())}
    return {code for code in codes if str(code) in operation.responses}


def _also(codes: Sequence[int]) -> Message:
    shown = ", ".join(str(code) for code in codes)
    return Message(
        en=f"the document knows {shown} for such a request as well",
        ru=f"для такого запроса документ знает и ответ {shown}",
    )
