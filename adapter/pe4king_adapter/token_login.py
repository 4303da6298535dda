"""GigaChat's login: the authorisation key buys a token that lasts half an hour.

The token is renewed a minute before its end, or once after a 401, by one request at a time
however many calls wait for it.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.config.endpoint import Endpoint
from pe4king_adapter.config.values import SECTION, Setting, Source
from pe4king_adapter.exchange import Secrets, context_of
from pe4king_adapter.problems import Problem, llm_error
from pe4king_adapter.profile import Profile
from pe4king_adapter.secret import SecretValue
from pe4king_adapter.transport import (
    FAILURE_LIMIT,
    HttpRequest,
    Timeouts,
    Transport,
    read_start,
)
from pe4king_adapter.wire.failure_tables import GIGACHAT
from pe4king_adapter.wire.failures import failure_of
from pe4king_core.model.json import Json

_EARLY = 60.0
_SECONDS = 30.0
_MILLISECONDS_FROM = 1e11
"""A time stamp above this counts milliseconds: in seconds it would be the year 5138."""


@dataclass(frozen=True, slots=True)
class _Token:
    secret: SecretValue
    expires: float


class TokenLogin:
    """Keeps the token of one configuration; to be used on one event loop."""

    def __init__(
        self,
        config: LlmProviderConfig,
        profile: Profile,
        *,
        endpoint: str,
        scope: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        setting = Setting(endpoint, Source.USER, SECTION, "auth_endpoint")
        self._endpoint = Endpoint.parse(setting, "auth_endpoint", whole=True)
        self._config = replace(config, endpoint=self._endpoint)
        self._context = context_of(self._config, profile)
        self._scope = scope
        self._clock = clock
        self._one = asyncio.Lock()
        self._transport: Transport | None = None
        self._token: _Token | None = None

    async def headers(self, key: SecretValue) -> Secrets:
        """The token as bearer, a new one where it is about to end."""
        async with self._one:
            if self._token is None or self._token.expires - self._clock() <= _EARLY:
                self._token = await self._bought(key)
            return {"authorization": self._token.secret.prefixed("Bearer ")}

    def refused(self, headers: Secrets) -> bool:
        """Forget the token if it is still the refused one; a newer one may be accepted."""
        token = self._token
        if token is not None and headers == {"authorization": token.secret.prefixed("Bearer ")}:
            self._token = None
        return True

    async def close(self) -> None:
        """Close the connections."""
        if self._transport is not None:
            await self._transport.close()

    async def _bought(self, key: SecretValue) -> _Token:
        if not self._endpoint.protects_keys:
            raise llm_error(Problem.NOT_ENCRYPTED, self._context)
        request = HttpRequest(
            "POST",
            self._endpoint.url,
            Timeouts(read=_SECONDS),
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "accept": "application/json",
                "rquid": str(uuid.uuid4()),
            },
            secrets={"authorization": key.prefixed("Basic ")},
            body=urlencode({"scope": self._scope}).encode(),
        )
        async with self._opened().open(request) as stream:
            body = await read_start(stream, FAILURE_LIMIT)
            status, headers = stream.status, stream.headers
        if not 200 <= status < 300:
            failure = failure_of(status, headers, body, GIGACHAT)
            raise llm_error(
                failure.problem,
                self._context,
                status=status,
                retry_after=failure.retry_after,
                retry=failure.retry,
            )
        token = _read(body)
        if token is None:
            raise llm_error(Problem.NOT_JSON, self._context, status=status)
        return token

    def _opened(self) -> Transport:
        if self._transport is None:
            from pe4king_adapter.transport.http import HttpTransport

            self._transport = HttpTransport(self._config, self._context)
        return self._transport


def _read(body: bytes) -> _Token | None:
    """The token in `{"access_token", "expires_at"}`, or in the older `{"tok", "exp"}`."""
    try:
        answer: Json = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, Mapping):
        return None
    text = answer.get("access_token") or answer.get("tok")
    expires = answer.get("expires_at") or answer.get("exp")
    if not isinstance(text, str) or not text.isascii() or not text.isprintable():
        return None
    if isinstance(expires, bool) or not isinstance(expires, int | float):
        return None
    seconds = expires / 1000 if expires > _MILLISECONDS_FROM else float(expires)
    return _Token(SecretValue(text), seconds)
