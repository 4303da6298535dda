"""Documents of other hosts: only of listed ones, encrypted, bounded in time and size.

A request carries nothing of the user: no credentials, no cookies. `http:` is for loopback only.
Redirects are followed to listed hosts.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import threading
from collections.abc import Collection
from concurrent.futures import Future
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from pe4king_adapter.errors import FetchError, LlmError
from pe4king_adapter.problems import Problem
from pe4king_adapter.transport import read_body
from pe4king_core.model.message import Message

TIMEOUT = 10.0
"""Seconds for everything: names, connections, redirects, the whole text."""
MAX_BYTES = 16 * 1024 * 1024

_REDIRECTS = 5
_REDIRECT_STATUS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._\-]*[a-z0-9_])?|[0-9a-f:.]+")
_KEPT = "/%:@!$&'()*+,;=~"

_FAILURES = {
    Problem.TIMEOUT: Message(
        "The host did not answer in time.", "Узел не ответил за отведённое время."
    ),
    Problem.NO_HOST: Message("There is no such host.", "Такого узла нет."),
    Problem.REFUSED: Message("The host refuses the connection.", "Узел не принимает подключение."),
    Problem.TLS: Message(
        "The host's certificate is not trusted.", "Сертификат узла не вызывает доверия."
    ),
    Problem.TLS_STALE: Message(
        "The host's certificate has expired, or it is for another host.",
        "Сертификат узла просрочен или выдан другому узлу.",
    ),
    Problem.NO_TLS: Message("The host does not speak TLS.", "Узел не поддерживает TLS."),
    Problem.PROXY: Message("The proxy does not work.", "Прокси-сервер не работает."),
    Problem.BROKEN: Message("The connection broke off.", "Соединение прервалось."),
}


@dataclass(frozen=True, slots=True)
class FetchedText:
    """A text and the address that it came from, redirects followed."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class _Address:
    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def name(self) -> str:
        """Host, and port where it is not the usual one; what the user lists."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.name}{self.target}"


def is_host(entry: str) -> bool:
    """Whether `entry` can stand in a list of hosts: `host` or `host:port`."""
    return _address(f"https://{entry}") is not None and not re.search(r"[/?#@\s]", entry)


def is_listed(url: str, allowed_hosts: Collection[str]) -> bool:
    """Whether `url` leads to one of `allowed_hosts`; an entry without port means the usual one."""
    address = _address(url)
    return address is not None and address.name in _names(allowed_hosts)


def fetch_text(
    url: str,
    allowed_hosts: Collection[str],
    *,
    timeout: float = TIMEOUT,
    max_bytes: int = MAX_BYTES,
) -> FetchedText:
    """The UTF-8 text at `url`; blocks for `timeout` seconds at most. Raises FetchError."""
    outcome: Future[FetchedText] = Future()

    def run() -> None:
        try:
            found = asyncio.run(_within(timeout, url, _names(allowed_hosts), max_bytes))
        except BaseException as error:  # noqa: BLE001 - handed to who waits
            outcome.set_exception(error)
        else:
            outcome.set_result(found)

    # A thread of its own: the caller may be on an event loop, and looking up a name cannot be
    # cancelled, only left behind.
    threading.Thread(target=run, name="pe4king-fetch", daemon=True).start()
    try:
        return outcome.result(timeout + 1)
    except TimeoutError:
        raise _failed(Problem.TIMEOUT) from None


async def _within(seconds: float, url: str, allowed: frozenset[str], max_bytes: int) -> FetchedText:
    try:
        async with asyncio.timeout(seconds):
            return await _fetch(url, allowed, max_bytes)
    except TimeoutError:
        raise _failed(Problem.TIMEOUT) from None
    except LlmError as error:
        raise _failed(Problem(error.code)) from None


async def _fetch(url: str, allowed: frozenset[str], max_bytes: int) -> FetchedText:
    from pe4king_adapter.transport.http import open_anonymous

    address = _permitted(url, allowed)
    for _ in range(_REDIRECTS + 1):
        async with open_anonymous(address.url, loopback=address.is_loopback) as stream:
            if stream.status in _REDIRECT_STATUS:
                location = _joined(address.url, stream.headers.get("location", ""))
            elif stream.status != 200:
                raise _status(stream.status)
            else:
                body = await read_body(stream, max_bytes)
                return FetchedText(address.url, _decoded(body, max_bytes))
        address = _permitted(location, allowed)
    raise FetchError(
        Message("The host redirects without end.", "Узел бесконечно перенаправляет запрос."),
        code="fetch-redirects",
    )


def _names(allowed_hosts: Collection[str]) -> frozenset[str]:
    found = (_address(f"https://{entry}") for entry in allowed_hosts)
    secure = {address.name for address in found if address is not None}
    plain = (_address(f"http://{entry}") for entry in allowed_hosts)
    return frozenset(
        secure | {address.name for address in plain if address is not None and address.is_loopback}
    )


def _address(url: str) -> _Address | None:
    """The parts of `url`, written in one way only, so that everybody reads the same host."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode().lower().rstrip(".")
        port = parts.port
        target = quote(parts.path or "/", safe=_KEPT)
        query = f"?{quote(parts.query, safe=_KEPT + '?')}" if parts.query else ""
    except ValueError:
        return None
    if parts.scheme not in _PORTS or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    return _Address(parts.scheme, host, port or _PORTS[parts.scheme], target + query)


def _permitted(url: str, allowed: frozenset[str]) -> _Address:
    address = _address(url)
    if address is None:
        raise FetchError(
            Message(
                "The address is not one of https:// without user and password.",
                "Нужен адрес https:// без имени пользователя и пароля.",
            ),
            code="fetch-address",
        )
    if address.name not in allowed:
        raise FetchError(
            Message(
                f"The host {address.name} is not among the allowed ones.",
                f"Узла {address.name} нет среди разрешённых.",
            ),
            code="fetch-not-listed",
        )
    if address.scheme != "https" and not address.is_loopback:
        raise FetchError(
            Message(
                "The connection would not be encrypted. Use https://.",
                "Соединение не будет зашифровано. Используйте https://.",
            ),
            code="fetch-not-encrypted",
        )
    return address


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def _decoded(body: bytes | None, max_bytes: int) -> str:
    if body is None:
        raise FetchError(
            Message(
                f"It has more than {max_bytes // 1024:,} KiB.",
                f"Его размер больше {max_bytes // 1024:,} КиБ.",
            ),
            code="fetch-too-large",
        )
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FetchError(
            Message("It is not UTF-8 text.", "Это не текст в кодировке UTF-8."),
            code="fetch-not-text",
        ) from None


def _status(status: int) -> FetchError:
    return FetchError(
        Message(f"The host answered with status {status}.", f"Узел ответил статусом {status}."),
        code="fetch-status",
    )


def _failed(problem: Problem) -> FetchError:
    known = problem if problem in _FAILURES else Problem.BROKEN
    code = {Problem.TIMEOUT: "fetch-timeout"}.get(known, "fetch-failed")
    return FetchError(_FAILURES[known], code=code)
