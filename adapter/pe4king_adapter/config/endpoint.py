"""The address of a model server, checked once; its origin is what keys are bound to."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pe4king_adapter.config.values import Setting, value_error
from pe4king_core.model.message import Message

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9._:\-]+")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Scheme, host and base path; `url` has no trailing slash, query or credentials."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, setting: Setting, key: str, *, whole: bool = False) -> Endpoint:
        """The endpoint in `setting`; raises ConfigError where it is not a plain http(s) URL.

        `whole`: nothing is put behind its path, so nothing is taken from it.
        """
        value = setting.value if isinstance(setting.value, str) else ""
        found = cls.read(value, whole=whole)
        if found is None:
            shown = "" if "@" in value or "?" in value else value
            raise value_error(
                setting,
                key,
                shown,
                Message(
                    "an http(s) address such as http://localhost:8080/v1, without user, query or "
                    "fragment",
                    "адрес http(s), например http://localhost:8080/v1, без пользователя, "
                    "параметров и якоря",
                ),
            )
        return found

    @classmethod
    def read(cls, value: str, *, whole: bool = False) -> Endpoint | None:
        """The endpoint that `value` is, or None where it is no plain http(s) URL."""
        if re.search(r"[\s\x00-\x1f\\]", value):
            return None
        try:
            parts = urlsplit(value)
            port = parts.port
            host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
        except ValueError:
            return None
        plain = not (parts.query or parts.fragment or "@" in parts.netloc or "?" in value)
        if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or not plain:
            return None
        path = parts.path.rstrip("/")
        if not whole:
            path = path.removesuffix("/chat/completions")
        return cls(parts.scheme, host.lower(), port or _DEFAULT_PORTS[parts.scheme], path)

    @property
    def origin(self) -> str:
        """`https://host` or `https://host:port`, the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == _DEFAULT_PORTS[self.scheme]
        return f"{self.scheme}://{host}" if usual else f"{self.scheme}://{host}:{self.port}"

    @property
    def url(self) -> str:
        """The base of all requests."""
        return self.origin + self.path

    @property
    def is_loopback(self) -> bool:
        """Whether it is this very machine."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def protects_keys(self) -> bool:
        """Whether a key may be sent there: encrypted, or never leaving this machine."""
        return self.scheme == "https" or self.is_loopback

    def is_like(self, other: Endpoint) -> bool:
        """Whether it is `other`, or the same service of the same domain elsewhere."""
        ours, theirs = self.host.split("."), other.host.split(".")
        near = ours == theirs or (self.is_loopback and other.is_loopback)
        if not near and not other.is_loopback:
            near = len(theirs) > 2 and ours[-2:] == theirs[-2:]
        same = (self.scheme, self.port, self.path) == (other.scheme, other.port, other.path)
        return near and same

    def __str__(self) -> str:
        return self.url
