"""Asks a model for facts, has them judged, and asks again at most twice when none can be used.

The judge is given by whoever composes the parts; this room knows neither tests' code nor
weaving. Failures of the provider (`LlmError`) go to the caller, who has the rules' result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from pe4king_adapter.errors import InvalidResponseError, LlmError
from pe4king_adapter.fact_forms import assertion_form, case_form
from pe4king_adapter.parser import ParsedFacts, Rejected, ResponseParser
from pe4king_adapter.problems import Problem
from pe4king_adapter.prompt_data import data_json
from pe4king_adapter.prompts import PromptBuilder, targets_of
from pe4king_adapter.provider import (
    AS_CONFIGURED,
    CompletionOptions,
    LlmProvider,
    LlmResponse,
    Prompt,
)
from pe4king_adapter.tasks import EnhanceTask, ExplainTask, NegativeTask
from pe4king_core.model.fact import AssertionFact, CaseFact
from pe4king_core.model.message import Language, Message
from pe4king_core.model.proposal import Explanation
from pe4king_core.model.verdict import Verdict

REPAIR_ROUNDS = 2
_REPAIRABLE = (Problem.UNREADABLE, Problem.TRUNCATED)

Fact = TypeVar("Fact", AssertionFact, CaseFact)
Result = TypeVar("Result")


class Judge(Protocol):
    """Says which facts may be offered; indices refer to `facts`."""

    async def __call__(self, facts: Sequence[AssertionFact | CaseFact]) -> Verdict:
        """The verdict on `facts`."""
        ...


@dataclass(frozen=True, slots=True)
class Enhancement(Generic[Fact]):
    """What came of asking: facts to offer, what was turned away and why, and at what cost."""

    accepted: tuple[Fact, ...]
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[Message, ...] = ()
    rounds: int = 1
    responses: tuple[LlmResponse, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation by a model, with the answers it took."""

    explanation: Explanation
    rounds: int = 1
    responses: tuple[LlmResponse, ...] = ()


class LlmEnhancer:
    """The tasks that a model can help with. All raise LlmError where it does not."""

    def __init__(
        self,
        provider: LlmProvider,
        prompts: PromptBuilder,
        parser: ResponseParser,
        judge: Judge,
        options: CompletionOptions = AS_CONFIGURED,
    ) -> None:
        self._provider = provider
        self._prompts = prompts
        self._parser = parser
        self._judge = judge
        self._options = options

    async def enhance_skeleton(self, task: EnhanceTask) -> Enhancement[AssertionFact]:
        """Assertions that the test lacks, beside those in `task.known`."""
        calls = targets_of(task)
        known = {_fact_key(fact) for fact in task.known}

        def read(text: str) -> ParsedFacts[AssertionFact]:
            parsed = self._parser.assertions(text, calls)
            return replace(parsed, facts=_new(parsed.facts, _fact_key, known))

        prompt = self._prompts.build_enhance_prompt(task, calls)
        return await self._judged(prompt, task.language, read)

    async def generate_negative_tests(self, task: NegativeTask) -> Enhancement[CaseFact]:
        """Negative cases of the operation, beside those in `task.known`."""
        known = {_case_key(case) for case in task.known}

        def read(text: str) -> ParsedFacts[CaseFact]:
            parsed = self._parser.cases(text, task.operation)
            new = _new(parsed.facts, _case_key, known)
            return replace(parsed, facts=new[: task.limit])

        prompt = self._prompts.build_negative_test_prompt(task)
        return await self._judged(prompt, task.language, read)

    async def explain_test(self, task: ExplainTask) -> Explained:
        """What the test checks, in the user's language."""
        prompt = self._prompts.build_explain_prompt(task)
        talk = _Talk(self, prompt, task.language)
        while True:
            explanation = await talk.ask(
                lambda text: self._parser.extract_explanation(text, task.language)
            )
            if explanation is not None:
                return Explained(explanation, talk.rounds, tuple(talk.responses))

    async def _judged(
        self, prompt: Prompt, language: Language, read: Callable[[str], ParsedFacts[Fact]]
    ) -> Enhancement[Fact]:
        talk = _Talk(self, prompt, language)
        result: Enhancement[Fact] = Enhancement(())
        while True:
            parsed = await talk.ask(read)
            if parsed is None:
                continue
            verdict = await self._judge(parsed.facts) if parsed.facts else Verdict(())
            result = _sifted(parsed, verdict)
            if result.accepted or not result.rejected or talk.exhausted:
                break
            talk.correct([f"{r.item}: {r.reason.text(language)}" for r in result.rejected])
        return replace(result, rounds=talk.rounds, responses=tuple(talk.responses))

    async def complete(self, prompt: Prompt) -> LlmResponse:
        """One answer of the provider, with this enhancer's options."""
        return await self._provider.complete(prompt, self._options)

    def correction(self, reasons: Sequence[str], language: Language) -> str:
        """What is said back to the model after an answer that could not be used."""
        return self._prompts.correction(reasons, language)


class _Talk:
    """One conversation: counts its rounds and says back what was wrong."""

    def __init__(self, enhancer: LlmEnhancer, prompt: Prompt, language: Language) -> None:
        self._enhancer = enhancer
        self._first = prompt
        self._prompt = prompt
        self._language = language
        self.rounds = 0
        self.responses: list[LlmResponse] = []

    @property
    def exhausted(self) -> bool:
        """Whether no repair round is left."""
        return self.rounds > REPAIR_ROUNDS

    async def ask(self, read: Callable[[str], Result]) -> Result | None:
        """What `read` makes of the next answer; None where it must be asked for again."""
        self.rounds += 1
        answer = ""
        try:
            response = await self._enhancer.complete(self._prompt)
            self.responses.append(response)
            answer = response.text
            return read(answer)
        except InvalidResponseError as error:
            failure: LlmError = error
        if failure.code not in _REPAIRABLE or self.exhausted:
            raise failure
        self.correct([failure.message.text(self._language)], answer)
        return None

    def correct(self, reasons: Sequence[str], answer: str | None = None) -> None:
        """Continue from the first prompt with what was wrong about the latest answer."""
        if answer is None:
            answer = self.responses[-1].text
        text = self._enhancer.correction(reasons, self._language)
        self._prompt = self._first.continued(answer or "…", text)


def _sifted(parsed: ParsedFacts[Fact], verdict: Verdict) -> Enhancement[Fact]:
    accepted = tuple(parsed.facts[index] for index in verdict.accepted)
    turned_away = tuple(
        Rejected(_form(parsed.facts[index]), reason) for index, reason in verdict.rejected
    )
    return Enhancement(accepted, parsed.rejected + turned_away, verdict.warnings)


def _form(fact: AssertionFact | CaseFact) -> str:
    form = assertion_form(fact) if isinstance(fact, AssertionFact) else case_form(fact)
    return data_json(form)[:300]


def _new(facts: Sequence[Fact], key_of: Callable[[Fact], str], known: set[str]) -> tuple[Fact, ...]:
    """The first fact of each key that is not in `known`."""
    found: dict[str, Fact] = {}
    for fact in facts:
        found.setdefault(key_of(fact), fact)
    return tuple(fact for key, fact in found.items() if key not in known)


def _fact_key(fact: AssertionFact) -> str:
    form = assertion_form(fact)
    if form is None:
        return repr(fact.key)
    return data_json([form["call"], form["pointer"], form["check"], form["args"]])


def _case_key(case: CaseFact) -> str:
    changes = [[c.where, c.name, c.kind, c.value] for c in case.changes]
    return data_json([*changes, case.credentials])
