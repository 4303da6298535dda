"""The model as the actions see it: it adds facts, or says in one sentence why it does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from pe4king_core.errors import UserError
from pe4king_core.model.fact import AssertionFact, CaseFact
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.proposal import Explanation, Proposal
from pe4king_core.model.source import TestFile, TestFunction
from pe4king_server.settings import Settings

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Asked(Generic[F]):
    """What a model gave. `problem`: why it gave nothing, although one is configured."""

    facts: tuple[F, ...] = ()
    problem: UserError | None = None
    offline: bool = False
    """No model is configured, or it is switched off."""
    warnings: tuple[Message, ...] = ()
    rejected: tuple[Message, ...] = ()

    @classmethod
    def combine(cls, answers: Sequence[Asked[F]]) -> Asked[F]:
        """Several answers as one; the first problem stands for all."""
        return cls(
            facts=tuple(fact for answer in answers for fact in answer.facts),
            problem=next((answer.problem for answer in answers if answer.problem), None),
            offline=all(answer.offline for answer in answers),
            warnings=_unique(message for answer in answers for message in answer.warnings),
            rejected=_unique(message for answer in answers for message in answer.rejected),
        )

    def explained(self, proposal: Proposal) -> Proposal:
        """`proposal` with its message saying what the model had to do with it."""
        message = proposal.message
        if self.problem is not None:
            message = _problem_message(self.problem, proposal)
        elif self.offline and proposal.edits:
            message = Message(
                f"{message.en} Everything comes from the document: no model is configured.",
                f"{message.ru} Всё взято из документа: модель не настроена.",
            )
        elif not self.offline and not self.facts:
            message = Message(
                f"{message.en} The model had nothing to add that the document supports.",
                f"{message.ru} Модель не добавила ничего, что подтверждается документом.",
            )
        notes = (*proposal.notes, *self.rejected)
        return replace(proposal, message=message, notes=notes)


def _problem_message(problem: UserError, proposal: Proposal) -> Message:
    """What went wrong and what to do, then what came of it all the same."""
    en, ru = problem.text("en"), problem.text("ru")
    done = proposal.message
    return Message(f"{en} {done.en} (without the model)", f"{ru} {done.ru} (без модели)")


def _unique(messages: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(dict.fromkeys(messages))


class Models(Protocol):
    """Asks the configured model. Never raises but on cancellation: failures are in the answer."""

    async def assertions(
        self,
        file: TestFile,
        test: TestFunction,
        operations: Mapping[str, Operation],
        statuses: Mapping[str, int],
        known: Sequence[AssertionFact],
        settings: Settings,
    ) -> Asked[AssertionFact]:
        """Further checks for `test` beside `known`, each accepted by the contract gate."""
        ...

    async def negative_cases(
        self, operation: Operation, known: Sequence[CaseFact]
    ) -> Asked[CaseFact]:
        """Further negative cases of `operation` beside `known`, each proven invalid."""
        ...

    async def explanation(
        self, file: TestFile, test: TestFunction, operations: Mapping[str, Operation]
    ) -> Asked[Explanation]:
        """An explanation of `test` in the user's language."""
        ...


class NoModels:
    """The built-in default: offline."""

    async def assertions(
        self,
        file: TestFile,
        test: TestFunction,
        operations: Mapping[str, Operation],
        statuses: Mapping[str, int],
        known: Sequence[AssertionFact],
        settings: Settings,
    ) -> Asked[AssertionFact]:
        """Nothing."""
        del file, test, operations, statuses, known, settings
        return Asked(offline=True)

    async def negative_cases(
        self, operation: Operation, known: Sequence[CaseFact]
    ) -> Asked[CaseFact]:
        """Nothing."""
        del operation, known
        return Asked(offline=True)

    async def explanation(
        self, file: TestFile, test: TestFunction, operations: Mapping[str, Operation]
    ) -> Asked[Explanation]:
        """Nothing."""
        del file, test, operations
        return Asked(offline=True)
