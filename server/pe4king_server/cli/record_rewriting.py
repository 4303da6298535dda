"""What names an address in requests and answers, so that clients stay at the proxy."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message

Header = tuple[bytes, bytes]

_HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer"}
    | {b"transfer-encoding", b"upgrade"}
)
"""Of one connection, not of the message (RFC 9110 section 7.6.1)."""
_LINK = re.compile(r"<([^<>]*)>")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Upstream:
    """The recorded server: its origin, and the path before all of its targets."""

    origin: str
    prefix: str

    @classmethod
    def parse(cls, url: str) -> Upstream:
        """The server at `url`. Raises UserError where that is no plain http(s) address."""
        parts = _parts(url)
        usable = parts is not None and parts.scheme in _PORTS and parts.hostname
        if parts is None or not usable or "@" in parts.netloc or parts.query or parts.fragment:
            raise UserError(
                Message(
                    "The address has to be http://… or https://…, without user, query or fragment.",
                    "Нужен адрес http://… или https://… без пользователя, параметров и якоря.",
                ),
                next_step=Message(
                    "Credentials come from the client: they are passed on, and masked in the file.",
                    "Учётные данные передаёт клиент: они идут дальше, а в файле скрыты.",
                ),
                code="record-url",
            )
        return cls(f"{parts.scheme}://{parts.netloc.lower()}", parts.path.rstrip("/"))

    @property
    def url(self) -> str:
        """Origin and prefix."""
        return self.origin + self.prefix

    @property
    def is_loopback(self) -> bool:
        """Whether it is this very machine, which no proxy of the environment leads to."""
        host = urlsplit(self.origin).hostname or ""
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    def target(self, target: bytes) -> bytes:
        """The target at the server of what was asked of the proxy."""
        return self.prefix.encode("latin-1", "replace") + target if target != b"*" else target

    def below(self, url: str, base: str) -> str:
        """A reference of the server as one of the proxy at `base` ("": its paths)."""
        parts = _parts(url)
        if parts is None or (parts.netloc and not self._is_own(parts)):
            return url
        if not parts.netloc and not parts.path.startswith("/"):
            return url
        start = url.index(parts.netloc, url.index("//")) + len(parts.netloc) if parts.netloc else 0
        path = url[start:]
        if self.prefix and re.match(re.escape(self.prefix) + r"(?:[/?#]|\Z)", path):
            path = path[len(self.prefix) :]
            path = path if path.startswith("/") else f"/{path}"
        return (base if parts.netloc else "") + (path or "/")

    def _is_own(self, parts: SplitResult) -> bool:
        own = urlsplit(self.origin)
        scheme = parts.scheme or own.scheme
        return (scheme, parts.hostname, _port(parts, scheme)) == (
            own.scheme,
            own.hostname,
            _port(own, own.scheme),
        )


def forwarded(headers: Iterable[Header], upstream: Upstream, base: str) -> Iterator[Header]:
    """The headers of a request as the server gets them."""
    from pe4king_core.mock.recording.encodings import readable_encodings

    for name, value in _own_headers(headers):
        lower, text = name.lower(), value.decode("latin-1")
        if lower in (b"host", b"expect"):
            continue
        if lower == b"accept-encoding":
            text = readable_encodings(text)
        elif lower in (b"origin", b"referer") and _starts(text, base):
            rest = text[len(base) :]
            text = upstream.origin + (upstream.prefix + rest if rest else "")
        yield name, text.encode("latin-1")


def returned(headers: Iterable[Header], upstream: Upstream, base: str) -> Iterator[Header]:
    """The headers of an answer as the client gets them; `base` is the proxy's address."""
    for name, value in _own_headers(headers):
        lower, text = name.lower(), value.decode("latin-1")
        if lower in (b"location", b"content-location"):
            text = upstream.below(text, base)
        elif lower == b"link":
            text = _LINK.sub(lambda each: f"<{upstream.below(each[1], base)}>", text)
        elif lower == b"set-cookie":
            text = _cookie(text, upstream)
        yield name, text.encode("latin-1", "replace")


def _own_headers(headers: Iterable[Header]) -> Iterator[Header]:
    listed = list(headers)
    named = {
        each.strip().lower()
        for name, value in listed
        if name.lower() == b"connection"
        for each in value.split(b",")
    }
    dropped = _HOP_BY_HOP | named - {b"content-length", b"content-type"}
    return (each for each in listed if each[0].lower() not in dropped)


def _cookie(text: str, upstream: Upstream) -> str:
    """A cookie that clients send to the proxy: of its host, path, and without encryption."""
    pair, *attributes = text.split(";")
    prefixed = pair.strip().startswith(("__Secure-", "__Host-"))
    kept = [pair]
    for attribute in attributes:
        name, equals, value = attribute.strip().partition("=")
        lower = name.lower()
        needless = lower == "secure" or (lower, value.lower()) == ("samesite", "none")
        if lower == "domain" or (needless and not prefixed):
            continue
        if lower == "path" and upstream.prefix:
            value = upstream.below(value, "") if value.startswith("/") else value
        kept.append(f" {name}{equals}{value}")
    return ";".join(kept)


def _starts(text: str, base: str) -> bool:
    return text == base or text.startswith((f"{base}/", f"{base}?"))


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _port(parts: SplitResult, scheme: str) -> int | None:
    return parts.port or _PORTS.get(scheme)
