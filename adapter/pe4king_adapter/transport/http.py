"""The only module that knows httpx: its types and exceptions never leave it.

Eight connections per endpoint at most, each with a transport of its own, used last in, first out:
httpx searches its pool for every request, so that a pool of 100 is many times slower. Its client is
left out where a model is asked: it follows redirects and keeps cookies, which must not happen, and
that costs a third of a request.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.request import getproxies, proxy_bypass

import httpx

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.problems import Context, Problem, llm_error
from pe4king_adapter.transport import (
    ForwardedRequest,
    ForwardedStream,
    HttpRequest,
    HttpStream,
    Timeouts,
)
from pe4king_adapter.transport.tls import no_tls, tls_context, tls_of, tls_problem

_CONNECTIONS = 8
_HEADERS = {
    "accept": "*/*",
    "accept-encoding": "identity",
    "connection": "keep-alive",
    "user-agent": "pe4king",
}
_FORWARDED = 200
"""Connections to a server whose clients decide how many they need."""


class HttpTransport:
    """Pooled connections to the endpoint of one configuration; to be used on one event loop."""

    def __init__(self, config: LlmProviderConfig, context: Context) -> None:
        self._config = config
        self._context = context
        self._connections: list[_Connection] = []
        self._idle: list[_Connection] = []
        self._slots = asyncio.Semaphore(_CONNECTIONS)

    @asynccontextmanager
    async def open(self, request: HttpRequest) -> AsyncIterator[HttpStream]:
        """Send `request` and hand out the answer; the connection is freed on leaving."""
        async with self._slots:
            connection = self._idle.pop() if self._idle else self._new()
            try:
                response = await self._send(connection, request)
                try:
                    yield _Stream(response, self._context)
                finally:
                    await response.aclose()
            finally:
                if not connection.closed:
                    self._idle.append(connection)

    async def connect(self) -> None:
        """Open and close a connection; behind a proxy nothing can be seen, and nothing is done."""
        endpoint = self._config.endpoint
        if _proxy_of(self._config):
            return
        try:
            _, writer = await asyncio.open_connection(endpoint.host, endpoint.port)
            writer.close()
            await writer.wait_closed()
        except OSError as error:
            problem = _problem(error)
        else:
            return
        raise llm_error(problem, self._context)

    async def close(self) -> None:
        """Close all connections; the next request opens new ones."""
        connections, self._connections, self._idle = self._connections, [], []
        for connection in connections:
            await connection.close()

    def _new(self) -> _Connection:
        connection = _Connection(_transport(self._config, self._context))
        self._connections.append(connection)
        return connection

    async def _send(self, connection: _Connection, request: HttpRequest) -> httpx.Response:
        try:
            return await connection.send(_native(request))
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and not connection.closed:
                raise
            problem = _problem(error)
        if problem in (Problem.REFUSED, Problem.NO_HOST) and _proxy_of(self._config):
            problem = Problem.PROXY
        raise llm_error(problem, self._context)


class _Connection:
    """One connection, opened at its first use and again where it was lost."""

    def __init__(self, transport: httpx.AsyncHTTPTransport) -> None:
        self._transport = transport
        self.closed = False

    async def send(self, request: httpx.Request) -> httpx.Response:
        return await self._transport.handle_async_request(request)

    async def close(self) -> None:
        self.closed = True
        await self._transport.aclose()


@asynccontextmanager
async def open_anonymous(url: str, *, loopback: bool) -> AsyncIterator[HttpStream]:
    """The answer to a GET that carries nothing of the user; redirects are not followed.

    It waits for ever: the caller sets the deadline.
    Raises LlmError, whose code is the `Problem`.
    """
    _quiet()
    context, problem = Context(), Problem.BROKEN
    try:
        client = httpx.AsyncClient(
            verify=no_tls() if url.startswith("http:") else tls_context(None),
            trust_env=not loopback,
            follow_redirects=False,
            timeout=httpx.Timeout(None),
            headers={"accept": "*/*", "accept-encoding": "identity", "user-agent": "pe4king"},
        )
    except (ValueError, ImportError, httpx.InvalidURL):
        # Only the environment's proxy can be wrong here.
        raise llm_error(Problem.PROXY, context) from None
    async with client:
        try:
            request = client.build_request("GET", url)
            response = await client.send(request, stream=True, auth=None)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, ValueError) as error:
            problem = _problem(error)
        else:
            try:
                yield _Stream(response, context)
            finally:
                await response.aclose()
            return
    raise llm_error(problem, context)


class HttpForwarder:
    """Passes requests on to one server as they are; to be used on one event loop.

    Nothing is added but `Host` and the framing, nothing decoded, no redirect followed, no cookie
    kept. Raises LlmError, whose code is the `Problem`.
    """

    def __init__(self, origin: str, *, loopback: bool) -> None:
        _quiet()
        url = httpx.URL(origin)
        proxied = url.scheme in getproxies() and not proxy_bypass(url.host)
        self._by_proxy = proxied and not loopback
        try:
            self._client = httpx.AsyncClient(
                verify=no_tls() if url.scheme == "http" else tls_context(None),
                trust_env=self._by_proxy,
                follow_redirects=False,
                limits=httpx.Limits(max_connections=_FORWARDED, max_keepalive_connections=20),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            )
        except (ValueError, ImportError, httpx.InvalidURL):
            # Only the environment's proxy can be wrong here.
            raise llm_error(Problem.PROXY, Context(where=origin)) from None

    @asynccontextmanager
    async def open(self, request: ForwardedRequest) -> AsyncIterator[ForwardedStream]:
        """Send `request` and hand out the answer; leaving early closes its connection."""
        context = Context(where=request.origin)
        try:
            native = self._native(request)
            response = await self._client.send(native, stream=True, auth=None)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, ValueError) as error:
            problem = _problem(error)
        else:
            try:
                yield _Stream(response, context)
            finally:
                await response.aclose()
            return
        raise llm_error(problem, context)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    def _native(self, request: ForwardedRequest) -> httpx.Request:
        limits = _limits(request.timeouts)
        extensions: dict[str, object] = {"timeout": limits.as_dict()}
        url = request.origin + request.target.decode("latin-1")
        if not self._by_proxy:
            # A proxy is told the whole address; else the target goes out as it came in.
            extensions["target"], url = request.target, request.origin
        return httpx.Request(
            request.method,
            url,
            headers=list(request.headers),
            content=request.body,
            extensions=extensions,
        )


class _Stream:
    def __init__(self, response: httpx.Response, context: Context) -> None:
        self._response = response
        self._context = context

    @property
    def status(self) -> int:
        return self._response.status_code

    @functools.cached_property
    def headers(self) -> Mapping[str, str]:
        return {name.lower(): value for name, value in self._response.headers.items()}

    @property
    def raw_headers(self) -> Sequence[tuple[bytes, bytes]]:
        return self._response.headers.raw

    def chunks(self) -> AsyncIterator[bytes]:
        return self._told(self._response.aiter_bytes())

    def raw_chunks(self) -> AsyncIterator[bytes]:
        return self._told(self._response.aiter_raw())

    async def _told(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        try:
            async for chunk in chunks:
                yield chunk
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            problem = _problem(error)
        else:
            return
        raise llm_error(problem, self._context)


def _native(request: HttpRequest) -> httpx.Request:
    named = {name.lower(): value for name, value in request.headers.items()}
    secrets = {name.lower(): secret.reveal() for name, secret in request.secrets.items()}
    return httpx.Request(
        request.method,
        _url(request.url),
        headers={**_HEADERS, **named, **secrets},
        content=request.body or None,
        extensions={"timeout": asdict(request.timeouts)},
    )


@functools.lru_cache(maxsize=64)
def _url(address: str) -> httpx.URL:
    """Parsing one costs a tenth of a request, and a provider asks very few."""
    return httpx.URL(address)


def _limits(limits: Timeouts) -> httpx.Timeout:
    return httpx.Timeout(
        connect=limits.connect, read=limits.read, write=limits.write, pool=limits.pool
    )


def _proxy_of(config: LlmProviderConfig) -> str | None:
    """The configured proxy, else the environment's; never for loopback."""
    endpoint = config.endpoint
    if endpoint.is_loopback:
        return None
    if config.proxy or proxy_bypass(endpoint.host):
        return config.proxy
    known = getproxies()
    found = known.get(endpoint.scheme) or known.get("all")
    return found if not found or "://" in found else f"http://{found}"


def _transport(config: LlmProviderConfig, context: Context) -> httpx.AsyncHTTPTransport:
    _quiet()
    verify = tls_of(config, context)
    try:
        return httpx.AsyncHTTPTransport(
            verify=verify,
            proxy=_proxy_of(config),
            trust_env=False,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
        )
    except (ValueError, ImportError, httpx.InvalidURL):
        pass  # its own words may hold the proxy's password
    raise llm_error(Problem.PROXY, context, retry=False)


def _quiet() -> None:
    """At DEBUG level these log whole response headers, in which a server may send the key back."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _problem(error: BaseException) -> Problem:
    if isinstance(error, httpx.TimeoutException):
        return Problem.TIMEOUT
    if isinstance(error, httpx.ProxyError):
        return Problem.PROXY
    if isinstance(error, httpx.DecodingError):
        return Problem.NOT_JSON
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            return tls_problem(cause)
        if isinstance(cause, socket.gaierror):
            return Problem.NO_HOST
        if isinstance(cause, ConnectionRefusedError):
            return Problem.REFUSED
    return Problem.BROKEN


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += (current.__cause__, current.__context__)
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
