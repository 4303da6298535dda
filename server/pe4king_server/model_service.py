"""The configured model as the actions see it: composes provider, prompts, parser and judge.

Configuration problems and failures of the provider become the answer's `problem`; only
cancellation goes through.
"""

from __future__ import annotations

import contextlib
import logging
import os
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pe4king_core.errors import UserError
from pe4king_core.model.fact import AssertionFact, CaseFact
from pe4king_core.model.message import Message, language_of
from pe4king_core.model.operation import Operation
from pe4king_core.model.proposal import Explanation
from pe4king_core.model.source import TestFile, TestFunction
from pe4king_core.model.verdict import Verdict
from pe4king_server.files import Files
from pe4king_server.models import Asked, Models, NoModels
from pe4king_server.settings import Settings

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.enhancer import Judge, LlmEnhancer
    from pe4king_adapter.provider import LlmProvider

F = TypeVar("F")

_logger = logging.getLogger(__name__)

_BROKEN = UserError(
    Message(
        "The model's provider failed in an unexpected way; the server's log has details.",
        "Провайдер модели неожиданно завершился с ошибкой; подробности в журнале сервера.",
    ),
    code="provider-broken",
)


@dataclass(slots=True)
class _Kept:
    """A provider, and how many calls are using it."""

    config: LlmProviderConfig
    provider: LlmProvider
    users: int = 0


class ModelHost:
    """Keeps the provider, and with it the connections, between calls with one configuration."""

    def __init__(self) -> None:
        self._kept: _Kept | None = None

    @contextlib.asynccontextmanager
    async def provider(self, config: LlmProviderConfig) -> AsyncIterator[LlmProvider]:
        """The provider for `config`; one for another configuration is closed after its last use."""
        before, kept = self._kept, self._kept
        if kept is None or config != kept.config:
            from pe4king_adapter.registry import create_provider

            kept = self._kept = _Kept(config, create_provider(config))
        kept.users += 1
        try:
            if before is not None and before is not kept and not before.users:
                await before.provider.close()
            yield kept.provider
        finally:
            kept.users -= 1
            if not kept.users and kept is not self._kept:
                await kept.provider.close()

    async def close(self) -> None:
        """Close the connections."""
        kept, self._kept = self._kept, None
        if kept is not None:
            await kept.provider.close()


def model_service(settings: Settings, files: Files, language: str, host: ModelHost) -> Models:
    """The model that settings, environment and `.env` name; offline where they name none."""
    if not settings.ai:
        return NoModels()
    from pe4king_adapter.config import provider_config
    from pe4king_adapter.config_values import Source, settings_of
    from pe4king_adapter.errors import ConfigError

    dotenv = next((t for root in files.roots if (t := files.read(f"{root}/.env"))), None)
    try:
        # An editor does not tell whose setting it hands over, so all count as the workspace's.
        entries = settings_of(settings.llm, Source.WORKSPACE)
        config = provider_config(entries, os.environ, dotenv)
    except ConfigError as error:
        return ConfiguredModels(_with_way_out(error), language, host)
    return NoModels() if config is None else ConfiguredModels(config, language, host)


def _with_way_out(error: UserError) -> UserError:
    if error.code != "config-workspace-route":
        return error
    return UserError(
        error.message,
        next_step=Message(
            "Set LLM_BASE_URL in the environment, beside LLM_API_KEY.",
            "Задайте LLM_BASE_URL в окружении, рядом с LLM_API_KEY.",
        ),
        code=error.code,
    )


class ConfiguredModels:
    """Asks the provider of one configuration; a configuration problem is every answer."""

    def __init__(
        self, config: LlmProviderConfig | UserError, language: str, host: ModelHost
    ) -> None:
        self._config = config
        self._language = language_of(language)
        self._host = host

    async def assertions(
        self,
        file: TestFile,
        test: TestFunction,
        operations: Mapping[str, Operation],
        statuses: Mapping[str, int],
        known: Sequence[AssertionFact],
        settings: Settings,
    ) -> Asked[AssertionFact]:
        """Further checks, each accepted by the contract gate."""
        from pe4king_core.improvement.judge import judge_facts

        async def judge(facts: Sequence[AssertionFact | CaseFact]) -> Verdict:
            chosen = [fact for fact in facts if isinstance(fact, AssertionFact)]
            return judge_facts(chosen, operations, statuses)

        async def ask(enhancer: LlmEnhancer) -> Asked[AssertionFact]:
            from pe4king_adapter.tasks import EnhanceTask

            task = EnhanceTask(
                test=test,
                source=file.text,
                operations=operations,
                depth=settings.depth,
                focus=settings.focus,
                known=tuple(known),
                statuses=statuses,
                language=self._language,
            )
            made = await enhancer.enhance_skeleton(task)
            rejected = tuple(_rejection(item.item, item.reason) for item in made.rejected)
            return Asked(made.accepted, warnings=made.warnings, rejected=rejected)

        return await self._ask(judge, ask)

    async def negative_cases(
        self, operation: Operation, known: Sequence[CaseFact]
    ) -> Asked[CaseFact]:
        """Further negative cases, each proven invalid."""
        from pe4king_core.improvement.case_judge import judge_cases

        async def judge(facts: Sequence[AssertionFact | CaseFact]) -> Verdict:
            return judge_cases([fact for fact in facts if isinstance(fact, CaseFact)], operation)

        async def ask(enhancer: LlmEnhancer) -> Asked[CaseFact]:
            from pe4king_adapter.tasks import NegativeTask

            task = NegativeTask(operation, known=tuple(known), language=self._language)
            made = await enhancer.generate_negative_tests(task)
            rejected = tuple(_rejection(item.item, item.reason) for item in made.rejected)
            return Asked(made.accepted, warnings=made.warnings, rejected=rejected)

        return await self._ask(judge, ask)

    async def explanation(
        self, file: TestFile, test: TestFunction, operations: Mapping[str, Operation]
    ) -> Asked[Explanation]:
        """An explanation in the user's language."""

        async def judge(facts: Sequence[AssertionFact | CaseFact]) -> Verdict:
            return Verdict(tuple(range(len(facts))))

        async def ask(enhancer: LlmEnhancer) -> Asked[Explanation]:
            from pe4king_adapter.tasks import ExplainTask

            task = ExplainTask(test, file.text, operations, language=self._language)
            return Asked(((await enhancer.explain_test(task)).explanation,))

        return await self._ask(judge, ask)

    async def _ask(
        self,
        judge: Judge,
        ask: Callable[[LlmEnhancer], Awaitable[Asked[F]]],
    ) -> Asked[F]:
        if isinstance(self._config, UserError):
            return Asked(problem=self._config)
        from pe4king_adapter.enhancer import LlmEnhancer
        from pe4king_adapter.parser import ResponseParser
        from pe4king_adapter.prompts import PromptBuilder

        try:
            async with self._host.provider(self._config) as provider:
                return await ask(LlmEnhancer(provider, PromptBuilder(), ResponseParser(), judge))
        except UserError as error:
            return Asked(problem=error)
        except Exception as error:  # noqa: BLE001 - a provider may be anybody's plug-in
            # What the rules found is not lost for it; its message may hold the key.
            frames = "".join(traceback.format_tb(error.__traceback__))
            _logger.error("The model's provider failed: %s\n%s", type(error).__name__, frames)
            return Asked(problem=_BROKEN)


def _rejection(item: str, reason: Message) -> Message:
    return Message(
        f"From the model, not used: {item} ({reason.en})",
        f"От модели, не использовано: {item} ({reason.ru})",
    )
