"""A provider made of a profile, a codec and a transport: one deadline for all attempts, streams.

Parameters that a server refuses with 400 or 422 are left out or renamed and remembered, so that
unknown models work. A stream is asked again only while nothing of it was handed on.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.deadline import Deadline
from pe4king_adapter.errors import LlmError
from pe4king_adapter.exchange import Authenticator, Exchange, Secrets
from pe4king_adapter.problems import Problem, llm_error
from pe4king_adapter.profile import Profile
from pe4king_adapter.provider import (
    AS_CONFIGURED,
    Availability,
    CompletionOptions,
    FinishReason,
    LlmResponse,
    ModelInfo,
    Prompt,
    StreamPart,
)
from pe4king_adapter.tools import Tools
from pe4king_adapter.transport import read_body
from pe4king_adapter.transport.retry import with_retries
from pe4king_adapter.wire import Ask, Codec, StreamReader
from pe4king_adapter.wire.failures import Failure
from pe4king_core.model.json import Json

_PROBE_SECONDS = 3.0
_PROBE_LASTS = 60.0
_LIST_SECONDS = 15.0
_DRAIN_SECONDS = 0.2
_LONGEST_SILENCE = 120.0
_SCHEMA = "response_format"
_REACHABLE = frozenset({404, 405, 429})
_LOG = logging.getLogger(__name__)

_UNUSABLE: Mapping[FinishReason, Problem] = {
    FinishReason.TRUNCATED: Problem.TRUNCATED,
    FinishReason.FILTERED: Problem.FILTERED,
    FinishReason.REFUSED: Problem.DECLINED,
}
Result = TypeVar("Result")


@dataclass(slots=True)
class _Call:
    """One call as it goes: what is asked, until when, and how often it was asked."""

    ask: Ask
    seconds: float
    closings: int
    started: float = field(default_factory=time.monotonic)
    attempts: int = 0
    secrets: Secrets = field(default_factory=dict)
    renewed: bool = False

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return max(self.started + self.seconds - time.monotonic(), 0.01)


@dataclass(slots=True)
class _OpenStream:
    reader: StreamReader
    chunks: AsyncIterator[bytes]
    closing: AsyncExitStack
    text: str = ""
    size: int = 0
    ended: bool = False


class HttpProvider:
    """An `LlmProvider` for one endpoint; to be used on one event loop."""

    def __init__(
        self,
        config: LlmProviderConfig,
        profile: Profile,
        codec: Codec,
        tools: Tools | None = None,
        *,
        authenticator: Authenticator | None = None,
    ) -> None:
        self._config = config
        self._profile = profile
        self._codec = codec
        self._tools = tools or Tools()
        self._learned = self._tools.memory.of(config)
        self._exchange = Exchange(config, profile, codec, self._tools, authenticator)
        self._availability: tuple[float, Availability] | None = None
        self._closings = 0

    async def complete(
        self, prompt: Prompt, options: CompletionOptions = AS_CONFIGURED
    ) -> LlmResponse:
        """The whole answer; a truncated, filtered or empty one is an error."""
        call = self._call(prompt, options, stream=False)
        return self._finished(call, await self._retried(call, lambda: self._whole(call)))

    async def stream(
        self, prompt: Prompt, options: CompletionOptions = AS_CONFIGURED
    ) -> AsyncIterator[StreamPart]:
        """The answer as it arrives; asked again only while nothing was handed on."""
        if not self._codec.streams:
            response = await self.complete(prompt, options)
            yield StreamPart(response.text, response)
            return
        call = self._call(prompt, options, stream=True)
        opened = await self._retried(call, lambda: self._begin(call))
        async with opened.closing:
            deadline = Deadline(call.left)
            opened.closing.callback(deadline.stop)
            if opened.text:
                yield StreamPart(opened.text)
            while not opened.ended:
                if text := await self._advance(call, opened, deadline):
                    yield StreamPart(text)
            last = self._end(opened)
            await self._drain(opened)
            if last.response is not None:
                yield StreamPart(last.text, self._finished(call, last.response))

    async def is_available(self) -> Availability:
        """Whether the endpoint answers and takes the key; no token is spent.

        The answer of the last minute is given again: editors ask often.
        """
        now = self._tools.clock()
        if self._availability is None or now - self._availability[0] >= _PROBE_LASTS:
            self._availability = (now, await self._probe())
        return self._availability[1]

    async def get_model_info(self) -> ModelInfo:
        """What is known about the model without asking it."""
        return ModelInfo(
            self._config.type,
            self._config.model,
            self._exchange.context.where,
            enforces_schema=_SCHEMA not in self._profile.absent | self._learned.refused,
            streams=self._codec.streams,
            local=self._profile.local or self._config.endpoint.is_loopback,
        )

    async def list_models(self) -> tuple[str, ...]:
        """The names of the models that the endpoint lists; empty where the protocol has no list."""
        if not self._codec.models_path:
            return ()
        try:
            async with asyncio.timeout(_LIST_SECONDS):
                return self._names(await self._fetch(self._codec.models_path, _LIST_SECONDS))
        except TimeoutError:
            failure = llm_error(Problem.TIMEOUT, self._exchange.context)
        raise failure

    def estimate_tokens(self, text: str) -> int:
        """About how many tokens `text` has, by what answers of this model have told."""
        return self._learned.ratio.estimate(text)

    async def close(self) -> None:
        """Close the connections; calls that run end with the code `llm-cancelled`."""
        self._closings += 1
        await self._exchange.close()

    # -- a call ------------------------------------------------------------------------------

    def _call(self, prompt: Prompt, options: CompletionOptions, *, stream: bool) -> _Call:
        config = self._config
        wishes = replace(
            options,
            max_tokens=_first(options.max_tokens, config.max_tokens),
            temperature=_first(options.temperature, config.temperature),
            seed=_first(options.seed, config.seed),
        )
        extra = {**self._profile.extra, **_extra_body(config)}
        without = self._profile.absent | self._learned.refused
        ask = Ask(prompt, config.model, wishes, stream, without, extra)
        return _Call(ask, options.timeout or config.timeout, self._closings)

    async def _retried(self, call: _Call, once: Callable[[], Awaitable[Result]]) -> Result:
        try:
            async with asyncio.timeout(call.seconds):
                return await with_retries(
                    self._tools.policy, call.seconds, lambda: self._adapting(call, once)
                )
        except LlmError as error:
            failure = error
        except TimeoutError:
            failure = llm_error(Problem.TIMEOUT, self._exchange.context)
        failure.attempts = call.attempts
        _LOG.info(
            "%s after %d requests to %s",
            failure.code,
            call.attempts,
            self._exchange.context.where,
        )
        raise failure

    async def _adapting(self, call: _Call, once: Callable[[], Awaitable[Result]]) -> Result:
        """Ask again without exactly the parameter that the server refuses, and remember it."""
        while True:
            call.attempts += 1
            try:
                result = await once()
            except LlmError as error:
                failure = self._told(call, error)
            else:
                self._learned.refused |= call.ask.without
                return result
            if not self._adapted(call, failure):
                raise failure

    def _told(self, call: _Call, error: LlmError) -> LlmError:
        closed = self._closings != call.closings
        return llm_error(Problem.CANCELLED, self._exchange.context) if closed else error

    def _adapted(self, call: _Call, error: LlmError) -> bool:
        """Whether asking once more at once may help: with a new token, or one parameter less."""
        if error.status == 401 and not call.renewed:
            call.renewed = True
            return self._exchange.refused(call.secrets)
        if error.code != Problem.BAD_REQUEST or error.status not in (400, 422):
            return False
        failure = Failure(Problem.BAD_REQUEST, parameter=error.parameter)
        dropped = self._codec.droppable(call.ask, failure)
        if dropped is None:
            return False
        call.ask = replace(call.ask, without=call.ask.without | {dropped})
        return True

    async def _admit(self, call: _Call) -> None:
        call.secrets = {}
        call.secrets = await self._exchange.secrets()

    async def _whole(self, call: _Call) -> LlmResponse:
        await self._admit(call)
        async with self._exchange.ask(call.ask, call.left, call.secrets) as stream:
            body = await read_body(stream, self._tools.body_limit)
            if body is None:
                raise self._exchange.error(Failure(Problem.TOO_LARGE), stream.status)
            answer = self._codec.answer(stream.headers, body)
        if isinstance(answer, Failure):
            raise self._exchange.error(answer, stream.status)
        return self._usable(answer)

    # -- a stream ----------------------------------------------------------------------------

    async def _begin(self, call: _Call) -> _OpenStream:
        """Open a stream and read up to its first text, or to its end."""
        await self._admit(call)
        async with AsyncExitStack() as stack:
            read = min(call.left, _LONGEST_SILENCE)
            asked = self._exchange.ask(call.ask, read, call.secrets)
            stream = await stack.enter_async_context(asked)
            if "text/html" in stream.headers.get("content-type", ""):
                raise self._exchange.error(Failure(Problem.WEB_PAGE), stream.status)
            reader = self._codec.reader(stream.headers)
            opened = _OpenStream(reader, stream.chunks(), stack)
            while not opened.text and not opened.ended:
                opened.text = await self._next(opened)
            if opened.ended and not opened.text:
                opened.text = self._end(opened).text
            opened.closing = stack.pop_all()
        return opened

    async def _advance(self, call: _Call, opened: _OpenStream, deadline: Deadline) -> str:
        try:
            return await deadline.within(lambda: self._next(opened))
        except TimeoutError:
            failure = llm_error(Problem.TIMEOUT, self._exchange.context)
        except LlmError as error:
            failure = self._told(call, error)
        failure.attempts = call.attempts
        raise failure

    async def _next(self, opened: _OpenStream) -> str:
        chunk = await anext(opened.chunks, None)
        if chunk is None:
            opened.ended = True
            return ""
        opened.size += len(chunk)
        if opened.size > self._tools.body_limit:
            raise self._exchange.error(Failure(Problem.TOO_LARGE), 200)
        text = opened.reader.feed(chunk)
        self._check(opened.reader)
        opened.ended = opened.reader.done
        return text

    def _end(self, opened: _OpenStream) -> StreamPart:
        last = opened.reader.finish()
        self._check(opened.reader)
        self._usable(last.response or LlmResponse(""))
        return last

    async def _drain(self, opened: _OpenStream) -> None:
        """Read what follows the end sign, so that the connection can be used again."""
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                async for _ in opened.chunks:
                    continue
        except (TimeoutError, LlmError) as error:
            _LOG.debug("connection not reused: %s", type(error).__name__)

    def _check(self, reader: StreamReader) -> None:
        if reader.failure is not None:
            raise self._exchange.error(reader.failure, 200)

    # -- answers -----------------------------------------------------------------------------

    def _usable(self, response: LlmResponse) -> LlmResponse:
        problem = _UNUSABLE.get(response.finish)
        if problem is None and not response.text.strip():
            problem = Problem.NO_ANSWER
        if problem is not None:
            raise self._exchange.error(Failure(problem, request_id=response.request_id), 200)
        return response

    def _finished(self, call: _Call, response: LlmResponse) -> LlmResponse:
        said = "".join(message.text for message in call.ask.prompt.messages)
        self._learned.ratio.observe(said, response.usage.prompt_tokens)
        return replace(
            response,
            request_id=self._exchange.clean(response.request_id),
            model=self._exchange.clean(response.model),
            attempts=call.attempts,
            seconds=time.monotonic() - call.started,
        )

    # -- without a token ---------------------------------------------------------------------

    async def _probe(self) -> Availability:
        try:
            await self._exchange.find_key()
            async with asyncio.timeout(_PROBE_SECONDS):
                await self._reach()
        except LlmError as error:
            return Availability(False, error)
        except TimeoutError:
            return Availability(False, llm_error(Problem.TIMEOUT, self._exchange.context))
        return Availability(True)

    async def _reach(self) -> None:
        probe = self._codec.probe(self._config.model)
        if probe is None:
            await self._exchange.connect()
            return
        async with self._exchange.get(probe.path, _PROBE_SECONDS, probe.body) as stream:
            if stream.status in _REACHABLE:
                return
            await self._exchange.check_status(stream)
            if not self._profile.lists_every_model or probe.path != self._codec.models_path:
                return
            names = self._names(await read_body(stream, self._tools.body_limit))
        model = self._config.model
        if names and model not in names and f"{model}:latest" not in names:
            raise self._exchange.error(Failure(Problem.MODEL_UNKNOWN))

    async def _fetch(self, path: str, seconds: float) -> bytes | None:
        async with self._exchange.get(path, seconds) as stream:
            await self._exchange.check_status(stream)
            return await read_body(stream, self._tools.body_limit)

    def _names(self, body: bytes | None) -> tuple[str, ...]:
        if body is None:
            raise self._exchange.error(Failure(Problem.TOO_LARGE))
        names = self._codec.read_models(body)
        return tuple(name for name in names if self._exchange.clean(name))


def _extra_body(config: LlmProviderConfig) -> Mapping[str, Json]:
    extra = config.options.get("extra_body")
    return extra if isinstance(extra, Mapping) else {}


def _first(wished: Result | None, configured: Result | None) -> Result | None:
    return configured if wished is None else wished
