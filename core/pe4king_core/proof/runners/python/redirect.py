"""Sends the requests of the user's tests to our server, wherever they were meant to go.

Standard library alone, Python 3.7 and newer; a module of the child, in place before anything of
the user's.
Connections are changed, not requests: paths, the Host header, cookies and what an answer says of
its own address stay as the test has them. `https` is spoken without TLS.
"""

from __future__ import annotations

import functools
import importlib.util
import inspect
import socket
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

_LOOPBACK = ("127.0.0.1", "localhost", "::1", "0.0.0.0")  # noqa: S104 - only compared

APPLICATION = "application"
"""The test calls the application in its own process."""
OWN_SERVER = "own server"
"""The test starts a server itself."""
ANSWERS = "answers"
"""A library answers in the server's place."""

_BYPASSES = (
    ("starlette.testclient", "TestClient", "request", APPLICATION),
    ("werkzeug.test", "Client", "open", APPLICATION),
    ("django.test.client", "RequestFactory", "generic", APPLICATION),
    ("webtest.app", "TestApp", "do_request", APPLICATION),
    ("httpx._transports.asgi", "ASGITransport", "handle_async_request", APPLICATION),
    ("httpx._transports.wsgi", "WSGITransport", "handle_request", APPLICATION),
    ("httpx._transports.mock", "MockTransport", "handle_request", ANSWERS),
    ("httpx._transports.mock", "MockTransport", "handle_async_request", ANSWERS),
    ("responses", "RequestsMock", "_on_request", ANSWERS),
    ("requests_mock.adapter", "Adapter", "send", ANSWERS),
    ("respx.router", "Router", "resolver", ANSWERS),
    ("pytest_httpx._httpx_mock", "HTTPXMock", "_handle_request", ANSWERS),
    ("pytest_httpx._httpx_mock", "HTTPXMock", "_handle_async_request", ANSWERS),
    ("vcr.cassette", "Cassette", "play_response", ANSWERS),
)
"""Where requests end that never leave the process: module, class, method, and what that means."""


class Route:
    """Where requests go instead."""

    def __init__(self, job: dict[str, Any], notes: list[str]) -> None:
        self.host: str = job["host"]
        self.port: int = job["port"]
        self._base_path: str = job["base_path"].rstrip("/")
        self._notes = notes
        self._hosts: set[str] = set()
        self._listening: set[int] = set()

    def note(self, what: str) -> None:
        """Remember that the present test did this."""
        self._notes.append(what)

    def hosts(self) -> list[str]:
        """Those that were called since this was asked last."""
        found, self._hosts = sorted(self._hosts), set()
        return found

    def listens(self, port: int) -> None:
        """A server of this very process: what is meant for it stays there."""
        self._listening.add(port)

    def is_elsewhere(self, host: object, port: object) -> bool:
        """Whether a connection has to be sent to our server."""
        name = host.decode() if isinstance(host, bytes) else str(host).strip("[]")
        if name not in _LOOPBACK:
            self._hosts.add(name.lower())
            return True
        if port in self._listening:
            self.note(OWN_SERVER)
            return False
        return port != self.port

    def below(self, target: str) -> str:
        """The path and query of a request, below where our server has the API."""
        base = self._base_path
        if not target.startswith("/") or target.startswith((base + "/", base + "?")):
            return target
        return target if target == base else base + target


class Changes:
    """Changes modules right after they were imported."""

    def __init__(self, changes: dict[str, list[Callable[[Any], None]]]) -> None:
        self._changes = changes
        self._finding: set[str] = set()

    def apply(self) -> None:
        """Change what was imported without asking us: pytest finds its plugins itself."""
        for name in [each for each in self._changes if each in sys.modules]:
            self._change(name, sys.modules[name])

    def _change(self, name: str, module: ModuleType) -> None:
        for change in self._changes.pop(name, ()):
            change(module)

    def find_spec(self, name: str, *_: object) -> Any:
        """The spec that others find, for the modules that are to be changed."""
        if name not in self._changes or name in self._finding:
            return None
        self._finding.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._finding.remove(name)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def executed(module: ModuleType) -> None:
            execute(module)
            self._change(name, module)

        spec.loader.exec_module = executed  # type: ignore[method-assign]
        return spec


def _wrapped(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Put what `make` makes of a method in its place; nothing where there is no such method."""
    plain = getattr(owner, name, None)
    if plain is not None:
        setattr(owner, name, functools.wraps(plain)(make(plain)))


def _standard(route: Route, module: Any) -> None:
    """`http.client`, and with it urllib; the request lines of urllib3 and requests too."""
    connection = module.HTTPConnection

    def connect(plain: Any) -> Any:
        def made(self: Any) -> None:
            if not route.is_elsewhere(self.host, self.port):
                plain(self)
                return
            kept = self.host, self.port
            self.host, self.port = route.host, route.port
            try:
                connection.connect(self)
            finally:
                self.host, self.port = kept

        return made

    def putrequest(plain: Any) -> Any:
        def made(self: Any, method: str, url: str, *rest: Any, **named: Any) -> Any:
            elsewhere = route.is_elsewhere(self.host, self.port)
            return plain(self, method, route.below(url) if elsewhere else url, *rest, **named)

        return made

    _wrapped(connection, "connect", connect)
    _wrapped(getattr(module, "HTTPSConnection", None), "connect", connect)
    _wrapped(connection, "putrequest", putrequest)


def _urllib3(route: Route, module: Any) -> None:
    """urllib3, old and new, and with it requests."""
    connection = module.HTTPConnection

    def new(plain: Any) -> Any:
        def made(self: Any) -> Any:
            if not route.is_elsewhere(self.host, self.port):
                return plain(self)
            kept = self._dns_host, self.port
            self._dns_host, self.port = route.host, route.port
            try:
                return plain(self)
            finally:
                self._dns_host, self.port = kept

        return made

    def connect(plain: Any) -> Any:
        def made(self: Any) -> None:
            if not route.is_elsewhere(self.host, self.port):
                plain(self)
                return
            connection.connect(self)
            self.is_verified = True

        return made

    _wrapped(connection, "_new_conn", new)
    _wrapped(module.HTTPSConnection, "connect", connect)


def _httpcore(route: Route, module: Any) -> None:
    """httpx, by the connections below it: what replaces its transports is let alone."""

    def connect(plain: Any) -> Any:
        def made(self: Any, request: Any) -> Any:
            kept, self._origin = self._origin, _changed_origin(route, self._origin)
            try:
                return plain(self, request)
            finally:
                self._origin = kept

        async def made_async(self: Any, request: Any) -> Any:
            kept, self._origin = self._origin, _changed_origin(route, self._origin)
            try:
                return await plain(self, request)
            finally:
                self._origin = kept

        return made_async if inspect.iscoroutinefunction(plain) else made

    def handle(plain: Any) -> Any:
        def made(self: Any, request: Any) -> Any:
            origin = request.url.origin
            if route.is_elsewhere(origin.host, origin.port):
                target = request.url.target.decode("ascii")
                request.url.target = route.below(target).encode("ascii")
            return plain(self, request)

        return made

    for name in ("HTTPConnection", "AsyncHTTPConnection"):
        connection = getattr(module, name, None)
        _wrapped(connection, "_connect", connect)
        _wrapped(connection, "handle_request", handle)
        _wrapped(connection, "handle_async_request", handle)


def _changed_origin(route: Route, origin: Any) -> Any:
    if not route.is_elsewhere(origin.host, origin.port):
        return origin
    return type(origin)(b"http", route.host.encode("ascii"), route.port)


def _aiohttp_connector(route: Route, module: Any) -> None:
    def resolve(plain: Any) -> Any:
        async def made(self: Any, host: str, port: int, *rest: Any, **named: Any) -> Any:
            if not route.is_elsewhere(host, port):
                return await plain(self, host, port, *rest, **named)
            found = {"hostname": host, "host": route.host, "port": route.port, "proto": 0}
            return [dict(found, family=socket.AF_INET, flags=socket.AI_NUMERICHOST)]

        return made

    _wrapped(module.TCPConnector, "_resolve_host", resolve)


def _aiohttp_request(route: Route, module: Any) -> None:
    def is_ssl(plain: Any) -> Any:
        def made(self: Any) -> Any:
            return plain(self) and not route.is_elsewhere(self.host, self.port)

        return made

    def send(plain: Any) -> Any:
        async def made(self: Any, connection: Any) -> Any:
            kept = self.url
            path = route.below(kept.raw_path)
            if route.is_elsewhere(kept.host, kept.port) and path != kept.raw_path:
                self.url = kept.join(
                    type(kept)(path + kept.raw_path_qs[len(kept.raw_path) :], encoded=True)
                )
            try:
                return await plain(self, connection)
            finally:
                self.url = kept

        return made

    _wrapped(module.ClientRequest, "is_ssl", is_ssl)
    _wrapped(module.ClientRequest, "send", send)


def _noting(route: Route, owner: str, method: str, what: str) -> Callable[[Any], None]:
    """Note what it means that this method is called, as often as it is."""

    def noted(plain: Any) -> Any:
        def made(*given: Any, **named: Any) -> Any:
            route.note(what)
            return plain(*given, **named)

        return made

    return lambda module: _wrapped(getattr(module, owner, None), method, noted)


def _listening(route: Route) -> None:
    def listen(plain: Any) -> Any:
        def made(self: Any, *given: Any) -> None:
            plain(self, *given)
            if self.family in (socket.AF_INET, socket.AF_INET6):
                route.listens(self.getsockname()[1])

        return made

    _wrapped(socket.socket, "listen", listen)


def _watching(route: Route) -> None:
    """Note whom those meant that use no client of ours to be changed; the sandbox holds them."""
    own = socket.gethostname()

    def heard(event: str, given: tuple[Any, ...]) -> None:
        if event == "socket.getaddrinfo":
            if given[0] and given[0] not in (own, own.encode()):
                route.is_elsewhere(given[0], route.port)
        elif event == "socket.connect" and given[0].family in (socket.AF_INET, socket.AF_INET6):
            route.is_elsewhere(given[1][0], route.port)

    if hasattr(sys, "addaudithook"):  # Python 3.7 has none
        sys.addaudithook(heard)


def install(
    job: dict[str, Any], notes: list[str], others: dict[str, list[Callable[[Any], None]]]
) -> tuple[Changes, Callable[[], list[str]]]:
    """From now on requests go to `host` and `port` of the job; `notes` gets what did not.

    `others` are further changes of modules. Also gives who tells which hosts were meant.
    """
    route = Route(job, notes)
    known: dict[str, list[Callable[[Any], None]]] = {
        "http.client": [functools.partial(_standard, route)],
        "urllib3.connection": [functools.partial(_urllib3, route)],
        "httpcore._sync.connection": [functools.partial(_httpcore, route)],
        "httpcore._async.connection": [functools.partial(_httpcore, route)],
        "aiohttp.connector": [functools.partial(_aiohttp_connector, route)],
        "aiohttp.client_reqrep": [functools.partial(_aiohttp_request, route)],
    }
    for module, owner, method, what in _BYPASSES:
        known.setdefault(module, []).append(_noting(route, owner, method, what))
    for module, further in others.items():
        known.setdefault(module, []).extend(further)
    changes = Changes(known)
    changes.apply()
    _listening(route)
    _watching(route)
    sys.meta_path.insert(0, changes)
    return changes, route.hosts
