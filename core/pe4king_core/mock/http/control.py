"""The control room `/__pe4king`: status, log, scripts, mutants, options of a running mock."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pe4king_core.mock.http.commands import CommandError, Commands
from pe4king_core.mock.http.guard import refusal
from pe4king_core.mock.http.wire import Application, Receive, Scope, Send

if TYPE_CHECKING:
    from pe4king_core.mock.http.app import MockApp

_BASE = "/__pe4king"
_MAX_BODY = 4 * 1024 * 1024

_Endpoint = Callable[[Request], Awaitable[Response]]
_Command = Callable[[Mapping[str, Any]], object]


def control_room(app: MockApp) -> Application:
    """The ASGI application below `/__pe4king`."""
    commands = Commands(app)
    endpoints = {
        ("", "GET"): _asking(commands.status),
        ("/log", "GET"): _asking(commands.log),
        ("/mutants", "GET"): _asking(commands.mutants),
        ("/reset", "POST"): _telling(commands.reset),
        ("/mutant", "PUT"): _telling(commands.put_mutant),
        ("/mutant", "DELETE"): _telling(commands.delete_mutant),
        ("/scripts", "GET"): _asking(commands.scripts),
        ("/scripts", "POST"): _telling(commands.add_scripts),
        ("/scripts", "DELETE"): _telling(commands.delete_scripts),
        ("/options", "PUT"): _telling(commands.put_options),
    }
    paths = dict.fromkeys(path for path, _ in endpoints)
    routes = [Route(_BASE + path, _by_method(path, endpoints), methods=_methods(path, endpoints))
              for path in paths]  # fmt: skip
    handlers: Mapping[Any, Any] = {HTTPException: _http_problem, CommandError: _bad_request}
    inner = Starlette(routes=routes, exception_handlers=handlers)
    inner.router.redirect_slashes = False
    return _Guarded(inner, app)


class _Guarded:
    """Lets only programs of this machine in."""

    def __init__(self, inner: Starlette, app: MockApp) -> None:
        self._inner = inner
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]}
        why = refusal(headers, self._app.hosts)
        if why:
            await problem(403, why)(scope, receive, send)
            return
        await self._inner(scope, receive, send)


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal with its reason (RFC 9457)."""
    members = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return JSONResponse(
        {**members, "detail": detail}, status, headers, media_type="application/problem+json"
    )


def _by_method(path: str, endpoints: Mapping[tuple[str, str], _Endpoint]) -> _Endpoint:
    async def endpoint(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await endpoints[path, method](request)

    return endpoint


def _methods(path: str, endpoints: Mapping[tuple[str, str], _Endpoint]) -> list[str]:
    return [method for known, method in endpoints if known == path]


def _asking(command: Callable[[Mapping[str, str]], object]) -> _Endpoint:
    async def endpoint(request: Request) -> Response:
        return JSONResponse(command(request.query_params))

    return endpoint


def _telling(command: _Command) -> _Endpoint:
    async def endpoint(request: Request) -> Response:
        found = command(await _members(request))
        return Response(status_code=204) if found is None else JSONResponse(found)

    return endpoint


async def _members(request: Request) -> Mapping[str, Any]:
    """The JSON object that was sent; raises CommandError where it is none."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > _MAX_BODY:
            raise CommandError(f"The body is larger than {_MAX_BODY} bytes.")
    if not content.strip():
        return {}
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CommandError(f"The body is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise CommandError("The body is no JSON object.")
    return found


async def _http_problem(_: Request, error: HTTPException) -> Response:
    return problem(error.status_code, f"{error.detail}.", error.headers)


async def _bad_request(_: Request, error: CommandError) -> Response:
    return problem(400, str(error))
