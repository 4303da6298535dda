"""Between ASGI messages and our requests and answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import quote

from pe4king_core.mock.exchange import Answer, Sent

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_SECONDS = 30.0
"""How long a body may take to arrive."""
_DRAINED = 4
"""So many times the limit is read of a body before its sender is cut off."""
_NO_BODY = frozenset({204, 205, 304})
_OURS = frozenset({"content-length", "transfer-encoding"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ORIGIN = re.compile(rb"(?i)https?://[^/]*")
"""What stands before the path in requests to a proxy (RFC 9112 section 3.2.2)."""
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class TooLargeError(Exception):
    """The body is larger than is read."""


class GoneError(Exception):
    """The client has left."""


def sent_of(scope: Scope) -> Sent:
    """The request without its body."""
    raw = scope.get("raw_path") or quote(scope["path"]).encode()
    query: bytes = scope["query_string"]
    if not raw.startswith(b"/"):
        raw = _ORIGIN.sub(b"", raw) or b"/"
    target = raw + b"?" + query if query else raw
    headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in scope["headers"]]
    return Sent(scope["method"], target.decode("latin-1"), headers)


def has_body(sent: Sent) -> bool:
    """Whether a body follows."""
    return any(name in _OURS for name, _ in sent.headers)


async def whole_body(sent: Sent, receive: Receive, most: int) -> bytes:
    """The body; raises TooLargeError, GoneError, or TimeoutError."""
    async with asyncio.timeout(BODY_SECONDS):
        return await _body(sent, receive, most)


async def _body(sent: Sent, receive: Receive, most: int) -> bytes:
    length = sent.header("content-length") or ""
    refused = length.isdecimal() and (len(length) > 15 or int(length) > most)
    if refused and (sent.header("expect") or int(length) > most * _DRAINED):
        raise TooLargeError
    body, size, more = bytearray(), 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > most * _DRAINED:
            raise TooLargeError
        if size <= most:
            body += part
        # What will be refused is still read, so that its sender gets to see the answer.
        more = message.get("more_body", False)
    if refused or size > most:
        raise TooLargeError
    return bytes(body)


async def send_answer(send: Send, answer: Answer, *, head: bool = False) -> None:
    """Send `answer`; what HTTP cannot carry is left out of its headers."""
    status = answer.status if 200 <= answer.status <= 599 else 500
    body = b"" if status in _NO_BODY or head else answer.body
    headers = list(_headers(answer))
    if status not in _NO_BODY:
        length = answer.header("content-length") if head else None
        headers.append((b"content-length", (length or str(len(body))).encode("latin-1")))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _headers(answer: Answer) -> Iterator[tuple[bytes, bytes]]:
    for name, value in answer.headers:
        lower = name.lower()
        if lower in _OURS or _TOKEN.fullmatch(lower) is None:
            continue
        clean = _CONTROLS.sub(" ", value).strip() if not value.isprintable() else value.strip()
        try:
            yield lower.encode("ascii"), clean.encode("latin-1")
        except UnicodeEncodeError:
            yield lower.encode("ascii"), clean.encode("utf-8", "replace")
