"""The configured models as the actions see them: composes providers, prompts, parser and judge.

Configuration problems and failures of the provider become the answer's `problem`; only
cancellation goes through.
"""

from __future__ import annotations

import contextlib
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    from pe4king_adapter.config import LlmProviderConfig, LlmSetup
    from pe4king_adapter.enhancer import Judge, LlmEnhancer
    from pe4king_adapter.provider import LlmProvider
    from pe4king_adapter.resting import Resting
    from pe4king_adapter.secret import KeySource
    from pe4king_adapter.tools import Tools

F = TypeVar("F")

_logger = logging.getLogger(__name__)

_BROKEN = UserError(
    Message(
        "The model's provider failed in an unexpected way; the server's log has details.",
        "Провайдер модели неожиданно завершился с ошибкой; подробности в журнале сервера.",
    ),
    code="provider-broken",
)


_MOST_KEPT = 4
"""Tasks may have profiles of their own: so many chains keep their connections."""


@dataclass(slots=True)
class _Kept:
    """A chain of providers, and how many calls are using it."""

    configs: tuple[LlmProviderConfig, ...]
    provider: LlmProvider
    users: int = 0


class ModelHost:
    """Keeps providers, and with them the connections, between calls with one configuration.

    `keys` is the editor's store of keys, `user_settings` what the editor says is the user's own.
    """

    def __init__(
        self, keys: KeySource | None = None, user_settings: Mapping[str, object] | None = None
    ) -> None:
        self.keys = keys
        self.user_settings = user_settings
        self._kept: list[_Kept] = []
        self._tools: Tools | None = None
        self._resting: Resting | None = None

    @contextlib.asynccontextmanager
    async def provider(self, configs: tuple[LlmProviderConfig, ...]) -> AsyncIterator[LlmProvider]:
        """The chain over `configs`; the one unused for longest is closed after its last use."""
        kept = next((kept for kept in self._kept if kept.configs == configs), None)
        if kept is None:
            kept = _Kept(configs, self._made(configs))
        else:
            self._kept.remove(kept)
        self._kept.append(kept)
        kept.users += 1
        try:
            await self._close_surplus()
            yield kept.provider
        finally:
            kept.users -= 1
            if not kept.users and kept not in self._kept:
                await kept.provider.close()

    async def close(self) -> None:
        """Close the connections."""
        kept, self._kept = self._kept, []
        for each in kept:
            await each.provider.close()

    def _made(self, configs: tuple[LlmProviderConfig, ...]) -> LlmProvider:
        from pe4king_adapter.chain import provider_chain

        if self._tools is None or self._resting is None:
            from pe4king_adapter.resting import Resting
            from pe4king_adapter.tools import Tools

            self._tools, self._resting = Tools(), Resting()
        return provider_chain(configs, tools=self._tools, resting=self._resting)

    async def _close_surplus(self) -> None:
        while len(self._kept) > _MOST_KEPT:
            oldest = self._kept.pop(0)
            if not oldest.users:
                await oldest.provider.close()


def model_service(settings: Settings, files: Files, language: str, host: ModelHost) -> Models:
    """The models that settings, files, environment and `.env` name; offline where they name none.

    A configuration that cannot be used costs nobody the result without a model.
    """
    if not settings.ai:
        return NoModels()
    from pe4king_adapter.errors import ConfigError
    from pe4king_server.model_setup import model_setup

    try:
        setup = model_setup(files, settings.llm, host.user_settings, host.keys)
    except ConfigError as error:
        return ConfiguredModels(error, language, host)
    return ConfiguredModels(setup, language, host) if setup.asks else NoModels()


class ConfiguredModels:
    """Asks the profiles of each task in their order; a configuration problem is every answer."""

    def __init__(self, setup: LlmSetup | UserError, language: str, host: ModelHost) -> None:
        self._setup = setup
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

        return await self._ask("enhance", judge, ask)

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

        return await self._ask("negative", judge, ask)

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

        return await self._ask("explain", judge, ask)

    async def _ask(
        self,
        task: str,
        judge: Judge,
        ask: Callable[[LlmEnhancer], Awaitable[Asked[F]]],
    ) -> Asked[F]:
        if isinstance(self._setup, UserError):
            return Asked(problem=_with_way_out(self._setup))
        from pe4king_adapter.enhancer import LlmEnhancer
        from pe4king_adapter.parser import ResponseParser
        from pe4king_adapter.prompts import PromptBuilder

        led: tuple[Message, ...] = ()
        try:
            configs = self._setup.chain(task)
            if not configs:
                return Asked(offline=True)
            led = self._setup.led_by_workspace(configs)
            async with self._host.provider(configs) as provider:
                asked = await ask(LlmEnhancer(provider, PromptBuilder(), ResponseParser(), judge))
        except UserError as error:
            return Asked(problem=_with_way_out(error), rejected=led)
        except Exception as error:  # noqa: BLE001 - a provider may be anybody's plug-in
            # What the rules found is not lost for it; its message may hold the key.
            frames = "".join(traceback.format_tb(error.__traceback__))
            _logger.error("The model's provider failed: %s\n%s", type(error).__name__, frames)
            return Asked(problem=_BROKEN)
        passed_over = tuple(_told(error) for error in self._setup.problems(task))
        warnings = (*passed_over, *asked.warnings)
        return replace(asked, warnings=warnings, rejected=(*led, *asked.rejected))


def _told(error: UserError) -> Message:
    return Message(error.text("en"), error.text("ru"))


def _with_way_out(error: UserError) -> UserError:
    """An editor's settings count as the workspace's: say where the user's own may stand."""
    if error.code != "config-workspace-route":
        return error
    from pe4king_adapter.config.files import shown_user_file

    place = shown_user_file()
    return UserError(
        error.message,
        next_step=Message(
            f"Write it to {place}, or set LLM_BASE_URL in the environment, beside LLM_API_KEY.",
            f"Запишите его в {place} или задайте LLM_BASE_URL в окружении, рядом с LLM_API_KEY.",
        ),
        code=error.code,
    )


def _rejection(item: str, reason: Message) -> Message:
    return Message(
        f"From the model, not used: {item} ({reason.en})",
        f"От модели, не использовано: {item} ({reason.ru})",
    )
