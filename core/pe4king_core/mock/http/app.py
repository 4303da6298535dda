"""The mocked API as an ASGI application; what is below `/__pe4king` goes to the control room."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from pe4king_core.mock.answers.answers import Failure
from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.handled import Handled, Why
from pe4king_core.mock.http.cors import preflight, with_cors
from pe4king_core.mock.http.log import RequestLog
from pe4king_core.mock.http.mounts import Mounts
from pe4king_core.mock.http.wire import (
    Application,
    GoneError,
    Receive,
    Scope,
    Send,
    TooLargeError,
    has_body,
    send_answer,
    sent_of,
    whole_body,
)

CONTROL = "/__pe4king"
MAX_BODY = 16 * 1024 * 1024
_CONTROL = CONTROL.encode()

_logger = logging.getLogger(__name__)


class MockApp:
    """One address: the APIs of all mounted documents."""

    def __init__(
        self,
        mounts: Mounts,
        log: RequestLog | None = None,
        *,
        cors: bool = True,
        max_body: int = MAX_BODY,
        hosts: Sequence[str] = (),
        control: bool = True,
    ) -> None:
        """`control`: there is a control room; without one its paths are like all others."""
        self.mounts = mounts
        self.log = log or RequestLog()
        self.hosts = tuple(hosts)
        """Names of this machine under which the control room may be asked."""
        self._cors = cors
        self._max_body = max_body
        self._has_control = control
        self._control: Application | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        path: bytes = scope["raw_path"]
        if self._has_control and _is_control(path):
            await self._control_room()(scope, receive, send)
            return
        try:
            await self._answer(scope, receive, send)
        except Exception:
            _logger.exception("The mock failed at %s %r", scope["method"], path)
            raise

    def note_unread(self) -> None:
        """Note in the log that something was sent that is no HTTP, and was answered with 400."""
        self.log.add(Handled(Sent("-", "-", ()), Answer(400), Why.NO_HTTP), "-", 0.0)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        sent = sent_of(scope)
        handled = await self._handled(sent, receive)
        if handled is None:
            return
        if handled.delay > 0:
            await asyncio.sleep(handled.delay / 1000)
        answer = handled.answer
        if self._cors:
            answer = with_cors(sent, answer)
        await send_answer(send, answer, head=sent.method == "HEAD")
        self.log.add(handled, sent.target, (time.perf_counter() - began) * 1000)

    async def _handled(self, sent: Sent, receive: Receive) -> Handled | None:
        """What becomes of the request; None where the client has gone."""
        if self._cors and sent.method == "OPTIONS":
            answer = preflight(sent)
            if answer is not None:
                return Handled(sent, answer, Why.OPTIONS)
        try:
            if has_body(sent):
                sent = replace(sent, body=await whole_body(sent, receive, self._max_body))
        except TooLargeError:
            told = f"The body is larger than {self._max_body} bytes."
            service, inside, _ = self.mounts.find(sent)
            return service.refused(inside, Failure.TOO_LARGE, Why.TOO_LARGE, told)
        except GoneError:
            return None
        except TimeoutError:
            return Handled(sent, Answer(408, (("Connection", "close"),)), Why.TOO_SLOW)
        service, inside, found = self.mounts.find(sent)
        return service.answer(inside, found)

    def _control_room(self) -> Application:
        if self._control is None:
            from pe4king_core.mock.http.control import control_room

            self._control = control_room(self)
        return self._control


def _is_control(path: bytes) -> bool:
    return path.startswith(_CONTROL) and path[len(_CONTROL) :][:1] in (b"", b"/")
