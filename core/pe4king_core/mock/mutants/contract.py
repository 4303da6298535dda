"""Contract mutants: made from an operation, carried out on actual answers, proven by the judge.

A mutant breaks the document: the judge accepts an answer as it was and rejects it with the
mutant's fault. What no answer proves is no mutant.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from pe4king_core.mock.answers.answers import Answers
from pe4king_core.mock.contract.exchanges import ExchangeJudge
from pe4king_core.mock.contract.fault import Fault, FaultKind
from pe4king_core.mock.contract.pointers import UnjudgedError
from pe4king_core.mock.exchange import Answer, Exchange, Sent
from pe4king_core.mock.handled import Handled
from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.mutants.breaking import breaking_mutants
from pe4king_core.mock.mutants.changing import NotThereError, changed
from pe4king_core.mock.mutants.choosing import named, ordered
from pe4king_core.mock.mutants.ignoring import IGNORING, ignoring_mutants, is_ignored
from pe4king_core.mock.mutants.operators import IN_BODY, Breaks, Ignores
from pe4king_core.mock.mutants.wire import body_of, with_body, without
from pe4king_core.mock.requests.reading import RequestFault
from pe4king_core.model.operation import Operation

__all__ = ["IGNORING", "ContractMutants", "contract_mutants", "is_ignored", "mutated"]

MOST_MUTANTS = 60
_TURNS = 3
"""How many answers of each status a mutant is tried on."""
_NO_HEADERS = ("not-a-value", "-1", "99999999999999999999", "~", "")
_NEEDLESS = b'{"unexpected": true}'


def contract_mutants(
    operation: Operation, seed: int = 1, most: int | None = MOST_MUTANTS
) -> tuple[Mutant, ...]:
    """What could be broken, best first; an answer may still turn out not to prove it."""
    found = named(chain(breaking_mutants(operation), ignoring_mutants(operation)))
    return tuple(ordered(found, seed)[:most])


def mutated(
    mutant: Mutant, exchange: Exchange, status_key: str, judge: ExchangeJudge
) -> Answer | None:
    """The answer with the mutant's fault; None where it does not apply or breaks nothing.

    `status_key` is the documented response that the answer is. An answer to a request whose check
    was left out stays as it is: that it is a success is the fault.
    """
    if mutant.operator in IGNORING:
        return exchange.answer if _is_accepted(mutant, exchange, judge) else None
    answer = exchange.answer
    if mutant.status != status_key or _faults(judge, mutant, answer) != []:
        return None
    try:
        return next(
            (each for each in _broken(mutant, answer) if _faults(judge, mutant, each)), None
        )
    except NotThereError:
        return None


class ContractMutants:
    """The contract mutants of one document, as a service carries them out."""

    def __init__(self, judge: ExchangeJudge, seed: int = 1) -> None:
        self._judge = judge
        self._seed = seed

    def mutated(self, mutant: Mutant, handled: Handled) -> Answer | None:
        """The answer with the mutant's fault; None where it changes nothing."""
        exchange = Exchange(handled.sent, handled.answer)
        return mutated(mutant, exchange, handled.status_key, self._judge)

    def is_ignored(self, mutant: Mutant, fault: RequestFault) -> bool:
        """Whether a server with this mutant does not see `fault`."""
        return is_ignored(mutant, fault)

    def proven(
        self, operation: Operation, answers: Answers, most: int = MOST_MUTANTS
    ) -> tuple[Mutant, ...]:
        """The mutants that at least one of the documented answers proves, best first.

        Those that leave a check of requests out are among them unproven: whoever sends a request
        that is invalid in just that way sees them.
        """
        samples = list(_samples(operation, answers))
        found = (
            mutant
            for mutant in contract_mutants(operation, self._seed, None)
            if mutant.operator in IGNORING or self._is_proven(mutant, samples)
        )
        return tuple(islice(found, most))

    def _is_proven(self, mutant: Mutant, samples: list[tuple[Exchange, str]]) -> bool:
        return any(
            mutated(mutant, exchange, key, self._judge) is not None
            for exchange, key in samples
            if key == mutant.status
        )


def _samples(operation: Operation, answers: Answers) -> Iterator[tuple[Exchange, str]]:
    """Some answers for each documented status, with its key."""
    sent = Sent(operation.method, operation.path, ())
    for status, response in answers.others(operation):
        for turn in range(_TURNS):
            answer = answers.answer(status, response, turn=turn)
            if operation.method == "HEAD":
                answer = Answer(status, answer.headers)
            yield Exchange(sent, answer), response.status


def _faults(judge: ExchangeJudge, mutant: Mutant, answer: Answer) -> list[Fault] | None:
    """What the judge says of an answer; None where it cannot tell."""
    try:
        return judge.answer_faults(mutant.operation, answer)
    except UnjudgedError:
        return None


def _is_accepted(mutant: Mutant, exchange: Exchange, judge: ExchangeJudge) -> bool:
    wanted = FaultKind.ACCEPTED if mutant.operator == Ignores.INVALID else FaultKind.CREDENTIALS
    try:
        found = judge.faults(exchange, mutant.operation)
    except UnjudgedError:
        return False
    return any(each.kind is wanted for each in found)


def _broken(mutant: Mutant, answer: Answer) -> Iterator[Answer]:
    """The answer with the fault, in each way there is. Raises NotThereError."""
    if mutant.operator in IN_BODY:
        yield from _with_value(mutant, answer)
    elif mutant.operator in (Breaks.NO_HEADER, Breaks.HEADER_VALUE):
        yield from _with_headers(mutant, answer)
    elif mutant.operator == Breaks.STATUS and isinstance(mutant.value, int):
        yield Answer(mutant.value, answer.headers, answer.body)
    elif mutant.operator == Breaks.NEEDLESS_BODY:
        if not answer.body and answer.status not in (204, 205, 304):
            headers = without(answer.headers, "content-type")
            typed = Answer(answer.status, (*headers, ("Content-Type", "application/json")))
            yield with_body(typed, _NEEDLESS)
    elif answer.body or answer.header("content-type"):
        yield from _with_content(mutant, answer)


def _with_value(mutant: Mutant, answer: Answer) -> Iterator[Answer]:
    body = body_of(answer)
    if body is None:
        return
    for value in changed(body.value, mutant.subject, mutant.operator, mutant.value):
        content = body.bytes(value)
        if content is not None and content != answer.body:
            yield with_body(answer, content)


def _with_headers(mutant: Mutant, answer: Answer) -> Iterator[Answer]:
    if answer.header(mutant.subject) is None:
        raise NotThereError
    headers = without(answer.headers, mutant.subject.lower())
    if mutant.operator == Breaks.NO_HEADER:
        yield Answer(answer.status, headers, answer.body)
        return
    for value in _NO_HEADERS:
        yield Answer(answer.status, (*headers, (mutant.subject, value)), answer.body)


def _with_content(mutant: Mutant, answer: Answer) -> Iterator[Answer]:
    headers = without(answer.headers, "content-type")
    if mutant.operator == Breaks.NO_CONTENT_TYPE:
        yield Answer(answer.status, headers, answer.body)
    elif mutant.operator == Breaks.CONTENT_TYPE:
        typed = (*headers, ("Content-Type", str(mutant.value)))
        yield Answer(answer.status, typed, answer.body)
    elif mutant.operator == Breaks.EMPTY_BODY:
        yield with_body(answer, b"")
        yield Answer(answer.status, without(headers, "content-length"))
    elif mutant.operator == Breaks.BROKEN_BODY:
        yield with_body(answer, answer.body[: len(answer.body) // 2])
        yield with_body(answer, answer.body + b"}")
