"""A provider made of a codec and a transport: retries, one deadline for all of them, streams.

Parameters that a server refuses with 400 or 422 are left out and remembered, so that unknown
models work. A stream is asked again only while nothing of it was handed on.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.errors import LlmError
from pe4king_adapter.privacy.keychain import Keychain, resolve_key
from pe4king_adapter.problems import Context, Problem, llm_error
from pe4king_adapter.provider import (
    AS_CONFIGURED,
    Availability,
    CompletionOptions,
    FinishReason,
    LlmResponse,
    ModelInfo,
    Prompt,
    StreamPart,
    estimate_tokens,
)
from pe4king_adapter.secret import SecretValue
from pe4king_adapter.transport import (
    BODY_LIMIT,
    FAILURE_LIMIT,
    HttpRequest,
    HttpStream,
    Timeouts,
    Transport,
    read_body,
    read_start,
)
from pe4king_adapter.transport.retry import RetryPolicy, with_retries
from pe4king_adapter.wire import Ask, Codec, StreamReader
from pe4king_adapter.wire.failures import Failure

_PROBE_SECONDS = 3.0
_DRAIN_SECONDS = 0.2
_LONGEST_SILENCE = 120.0
_DEFAULT_POLICY = RetryPolicy()
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
    started: float = field(default_factory=time.monotonic)
    attempts: int = 0

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
    ended: bool = False


class HttpProvider:
    """An `LlmProvider` for one endpoint; to be used on one event loop."""

    def __init__(
        self,
        config: LlmProviderConfig,
        codec: Codec,
        *,
        transport: Transport | None = None,
        policy: RetryPolicy = _DEFAULT_POLICY,
        keychain: Keychain | None = None,
    ) -> None:
        self._config = config
        self._codec = codec
        self._context = Context(config.type, config.endpoint.origin, config.model)
        self._transport = transport
        self._policy = policy
        self._keychain = keychain or Keychain()
        self._key: SecretValue | None = None
        self._refused: frozenset[str] = frozenset()

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
        call = self._call(prompt, options, stream=True)
        opened = await self._retried(call, lambda: self._begin(call))
        async with opened.closing:
            if opened.text:
                yield StreamPart(opened.text)
            while not opened.ended:
                if text := await self._advance(call, opened):
                    yield StreamPart(text)
            last = self._end(opened)
            await self._drain(opened)
            if last.response is not None:
                yield StreamPart(last.text, self._finished(call, last.response))

    async def is_available(self) -> Availability:
        """Whether the endpoint answers and takes the key; no token is spent."""
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                request = await self._request("GET", self._codec.probe_path, _PROBE_SECONDS)
                async with self._open(request) as stream:
                    if stream.status not in (404, 405, 429):
                        await self._check_status(stream)
        except LlmError as error:
            return Availability(False, error)
        except TimeoutError:
            return Availability(False, llm_error(Problem.TIMEOUT, self._context))
        return Availability(True)

    async def get_model_info(self) -> ModelInfo:
        """What is known about the model without asking it."""
        schema = "response_format" not in self._refused
        return ModelInfo(self._config.type, self._config.model, self._context.where, schema)

    def estimate_tokens(self, text: str) -> int:
        """About how many tokens `text` has; rather too many than too few."""
        return estimate_tokens(text)

    async def close(self) -> None:
        """Close the connections."""
        if self._transport is not None:
            await self._transport.close()

    def _call(self, prompt: Prompt, options: CompletionOptions, *, stream: bool) -> _Call:
        config = self._config
        wishes = replace(
            options,
            max_tokens=_first(options.max_tokens, config.max_tokens),
            temperature=_first(options.temperature, config.temperature),
            seed=_first(options.seed, config.seed),
        )
        ask = Ask(prompt, config.model, wishes, stream, self._refused)
        return _Call(ask, options.timeout or config.timeout)

    async def _retried(self, call: _Call, once: Callable[[], Awaitable[Result]]) -> Result:
        try:
            async with asyncio.timeout(call.seconds):
                return await with_retries(
                    self._policy, call.seconds, lambda: self._adapting(call, once)
                )
        except LlmError as error:
            failure = error
        except TimeoutError:
            failure = llm_error(Problem.TIMEOUT, self._context)
        failure.attempts = call.attempts
        _LOG.info("%s after %d requests to %s", failure.code, call.attempts, self._context.where)
        raise failure

    async def _adapting(self, call: _Call, once: Callable[[], Awaitable[Result]]) -> Result:
        """Ask again without exactly the parameter that the server refuses, and remember it."""
        while True:
            call.attempts += 1
            try:
                result = await once()
            except LlmError as error:
                failure = error
            else:
                self._refused |= call.ask.without
                return result
            dropped = self._droppable(call.ask, failure)
            if dropped is None:
                raise failure
            call.ask = replace(call.ask, without=call.ask.without | {dropped})

    def _droppable(self, ask: Ask, error: LlmError) -> str | None:
        if error.code != Problem.BAD_REQUEST or error.status not in (400, 422):
            return None
        return self._codec.droppable(ask, Failure(Problem.BAD_REQUEST, parameter=error.parameter))

    async def _whole(self, call: _Call) -> LlmResponse:
        async with self._open(await self._ask_request(call)) as stream:
            await self._check_status(stream)
            body = await read_body(stream, BODY_LIMIT)
            if body is None:
                raise llm_error(Problem.TOO_LARGE, self._context, status=stream.status)
            answer = self._codec.answer(stream.headers, body)
        if isinstance(answer, Failure):
            raise self._error(answer, stream.status)
        return self._usable(answer)

    async def _begin(self, call: _Call) -> _OpenStream:
        """Open a stream and read up to its first text, or to its end."""
        async with AsyncExitStack() as stack:
            request = await self._ask_request(call)
            stream = await stack.enter_async_context(self._open(request))
            await self._check_status(stream)
            if "text/html" in stream.headers.get("content-type", ""):
                raise llm_error(Problem.WEB_PAGE, self._context, status=stream.status)
            reader = self._codec.reader(stream.headers)
            opened = _OpenStream(reader, stream.chunks(), stack)
            while not opened.text and not opened.ended:
                opened.text = await self._next(opened)
            if opened.ended and not opened.text:
                opened.text = self._end(opened).text
            opened.closing = stack.pop_all()
        return opened

    async def _advance(self, call: _Call, opened: _OpenStream) -> str:
        try:
            async with asyncio.timeout(call.left):
                return await self._next(opened)
        except TimeoutError:
            failure = llm_error(Problem.TIMEOUT, self._context)
        failure.attempts = call.attempts
        raise failure

    async def _next(self, opened: _OpenStream) -> str:
        chunk = await anext(opened.chunks, None)
        text = opened.reader.feed(chunk) if chunk is not None else ""
        self._check(opened.reader)
        opened.ended = chunk is None or opened.reader.done
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

    async def _ask_request(self, call: _Call) -> HttpRequest:
        read = min(call.left, _LONGEST_SILENCE) if call.ask.stream else call.left
        request = await self._request("POST", self._codec.path(call.ask), read)
        return replace(request, body=self._codec.body(call.ask))

    async def _request(self, method: str, path: str, read: float) -> HttpRequest:
        if self._key is None:
            self._key = await resolve_key(self._config, self._keychain)
        if self._key is not None and not self._config.endpoint.protects_keys:
            raise llm_error(Problem.NOT_ENCRYPTED, self._context)
        return HttpRequest(
            method,
            self._config.endpoint.url + path,
            Timeouts(read=read),
            headers={**self._config.custom_headers, "content-type": "application/json"},
            secrets=self._codec.secrets(self._key) if self._key is not None else {},
        )

    def _open(self, request: HttpRequest) -> AbstractAsyncContextManager[HttpStream]:
        if self._transport is None:
            from pe4king_adapter.transport.http import HttpTransport

            self._transport = HttpTransport(self._config, self._context)
        return self._transport.open(request)

    async def _check_status(self, stream: HttpStream) -> None:
        if not 200 <= stream.status < 300:
            body = await read_start(stream, FAILURE_LIMIT)
            failure = self._codec.failure(stream.status, stream.headers, body)
            raise self._error(failure, stream.status)

    def _check(self, reader: StreamReader) -> None:
        if reader.failure is not None:
            raise self._error(reader.failure, 200)

    def _error(self, failure: Failure, status: int) -> LlmError:
        return llm_error(
            failure.problem,
            self._context,
            status=status,
            retry_after=failure.retry_after,
            request_id=self._without_key(failure.request_id),
            parameter=failure.parameter,
            final=failure.final,
        )

    def _usable(self, response: LlmResponse) -> LlmResponse:
        problem = _UNUSABLE.get(response.finish)
        if problem is None and not response.text.strip():
            problem = Problem.NO_ANSWER
        if problem is not None:
            raise self._error(Failure(problem, request_id=response.request_id), 200)
        return response

    def _finished(self, call: _Call, response: LlmResponse) -> LlmResponse:
        return replace(
            response,
            request_id=self._without_key(response.request_id),
            model=self._without_key(response.model),
            attempts=call.attempts,
            seconds=time.monotonic() - call.started,
        )

    def _without_key(self, text: str) -> str:
        """A server may send back what it was given: no word that holds the key is kept."""
        return "" if self._key is not None and self._key.reveal() in text else text


def _first(wished: Result | None, configured: Result | None) -> Result | None:
    return configured if wished is None else wished
