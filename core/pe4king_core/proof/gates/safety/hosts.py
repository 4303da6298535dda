"""Whether an address leads to the API under test: only what is spelled plainly does."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

HOLE = "\x00"
"""Stands for a part of a text that only running the code would tell."""

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):[/\\]+", re.ASCII)
_AUTHORITY = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?|\[::1\](?::\d{1,5})?", re.ASCII)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})
"""`testserver` is no host: test clients of applications are called so."""
_SERVICES = frozenset({22, 25, 2375, 2376, 3306, 5432, 5672, 6379, 9200, 10250, 11211, 27017})
"""Ports of what else may run on the user's machine."""
_LOOKS_LIKE_HOST = re.compile(
    r"(?:[a-z0-9-]+\.)+(?:[a-z]{2,}|\d{1,3})(?::\d+)?(?:/.*)?", re.IGNORECASE | re.ASCII
)
_FILE_ENDING = re.compile(r"\.(?:json|ya?ml|png|jpe?g|txt|csv|pdf|xml|html?)$", re.IGNORECASE)

_ADDRESSES = re.compile(
    r"(?:\w*_)?(?:base_?ur[il]|api_?ur[il]|root_?ur[il]|service_?ur[il]|host|hostname|endpoint"
    r"|origin|prox(?:y|ies)|server|server_?ur[il]|webhook)s?",
    re.IGNORECASE,
)


def is_address_name(name: str) -> bool:
    """Whether something called `name` tells where an API is: existing code may use it."""
    return _ADDRESSES.fullmatch(name) is not None


def is_absolute(text: str) -> bool:
    """Whether `text` names a host by itself (`https://…`, `//…`), however it is spelled."""
    text = _plain(text)
    return _SCHEME.match(text) is not None or text.lstrip().startswith(("//", "\\\\", "/\\"))


def looks_like_host(text: str) -> bool:
    """Whether `text` could be the host that is put into an address elsewhere."""
    return _LOOKS_LIKE_HOST.fullmatch(text) is not None and not _FILE_ENDING.search(text)


def is_foreign(text: str, allowed: frozenset[str]) -> bool:
    """Whether the address `text` is absolute and leads to no host of `allowed` or this machine."""
    text = _plain(text)
    scheme = _SCHEME.match(text)
    if scheme is None:
        return is_absolute(text)
    if scheme[1].lower() not in ("http", "https", "ws", "wss"):
        return True
    authority = re.split(r"[/?#]", text[scheme.end() :], maxsplit=1)[0]
    if authority.startswith(HOLE):
        return "@" in authority  # a host that is computed: judged by what it is made of
    plain = authority.replace(":" + HOLE, "").rstrip(HOLE)  # a path may follow a host at once
    if _AUTHORITY.fullmatch(plain) is None:
        return True
    host, port = _parts(plain)
    if host in _LOOPBACK:
        return port in _SERVICES and host not in allowed
    return host not in allowed


def host_of(text: str) -> str:
    """The host of an absolute address; empty where it names none."""
    try:
        return (urlsplit(text).hostname or "").lower()
    except ValueError:
        return ""


def _plain(text: str) -> str:
    """Without the line ends and tabs that clients take out of addresses."""
    return text.translate({9: None, 10: None, 13: None})


def addresses_in(text: str) -> list[str]:
    """The absolute addresses that stand anywhere in `text`."""
    return re.findall(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\x00]+", text)


def _parts(authority: str) -> tuple[str, int | None]:
    host, mark, port = authority.rpartition(":")
    if mark and port.isdigit():
        return host.lower(), int(port)
    return authority.lower(), None
