"""Work under a progress of the client that the user can cancel.

Editors cannot cancel a command from their menus, but they can cancel a progress that the server
created (intellij.md R6, pygls.md 3.4): so every long command runs in here.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol, TypeVar

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException

from pe4king_server.lsp.base import Pe4KingLanguageServer

T = TypeVar("T")

CREATE_LIMIT = 2.0
"""Seconds a client has for opening a progress; then the work starts without one."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The user cancelled the progress; whatever the work still returned was dropped."""


class Report(Protocol):
    """What the work calls to tell the user how far it is."""

    def __call__(self, message: str, percentage: int | None = None) -> None:
        """Show `message`; only from the thread of the event loop."""


async def run_with_progress(
    server: Pe4KingLanguageServer,
    title: str,
    work: Callable[[Report], Awaitable[T]],
    *,
    percentages: bool = False,
    create_limit: float = CREATE_LIMIT,
) -> T | Cancelled:
    """Await `work(report)` while the client shows a cancellable progress called `title`.

    `percentages` says that the work will report some; else the progress is an endless one.

    Cancelling the progress cancels the work and returns `Cancelled`; cancelling the request
    cancels the work and raises `asyncio.CancelledError`. A client that has no progress, refuses it
    or does not answer in `create_limit` seconds gets the work done without.
    """
    token = await _create(server, create_limit)
    if token is None:
        return await work(_no_report)
    task = asyncio.ensure_future(work(_reporter(server, token)))
    asked = server.work_done_progress.tokens[token]
    asked.add_done_callback(lambda _: task.cancel())
    begin = types.WorkDoneProgressBegin(
        title=title, cancellable=True, percentage=0 if percentages else None
    )
    server.work_done_progress.begin(token, begin)
    try:
        return await _outcome(task, asked)
    finally:
        server.work_done_progress.tokens.pop(token, None)
        server.work_done_progress.end(token, types.WorkDoneProgressEnd())


async def _create(server: Pe4KingLanguageServer, limit: float) -> str | None:
    if not get_capability(server.client_capabilities, "window.work_done_progress"):
        return None
    token = str(uuid.uuid4())
    # Before the client knows of it, so that no cancellation can come too early.
    server.work_done_progress.tokens[token] = Future()
    params = types.WorkDoneProgressCreateParams(token=token)
    try:
        async with asyncio.timeout(limit):
            await server.window_work_done_progress_create_async(params)
    except (TimeoutError, JsonRpcException) as error:
        _logger.info("Working without a progress: %r", error)
        server.work_done_progress.tokens.pop(token, None)
        return None
    except asyncio.CancelledError:
        server.work_done_progress.tokens.pop(token, None)
        raise
    return token


async def _outcome(task: asyncio.Future[T], asked: Future[object]) -> T | Cancelled:
    try:
        result = await task
    except asyncio.CancelledError:
        request_cancelled = (current := asyncio.current_task()) and current.cancelling()
        if request_cancelled or not asked.cancelled():
            raise
        return Cancelled()
    except Exception:
        if not asked.cancelled():
            raise
        # Work that fails while it is being cancelled is of no interest to who cancelled it.
        _logger.info("Cancelled work failed", exc_info=True)
        return Cancelled()
    return Cancelled() if asked.cancelled() else result


def _reporter(server: Pe4KingLanguageServer, token: str) -> Report:
    def report(message: str, percentage: int | None = None) -> None:
        value = types.WorkDoneProgressReport(message=message, percentage=percentage)
        server.work_done_progress.report(token, value)

    return report


def _no_report(message: str, percentage: int | None = None) -> None:
    del message, percentage
