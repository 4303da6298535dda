"""Whether a request carries what the document's security asks for."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

from pe4king_core.mock.contract.operations import Operation
from pe4king_core.mock.contract.pointers import resolved
from pe4king_core.mock.exchange import Sent


class Credentials:
    """The security schemes of one raw document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        components = document.get("components")
        written = components.get("securitySchemes") if isinstance(components, dict) else None
        written = document.get("securityDefinitions", written)
        self._schemes = written if isinstance(written, dict) else {}

    def lacking(self, sent: Sent, operation: Operation) -> bool:
        """Whether no documented alternative is there; whether they are right is not looked at."""
        alternatives = [each for each in operation.security if isinstance(each, dict)]
        return bool(alternatives) and not any(
            all(self._is_there(str(name), sent) for name in each) for each in alternatives
        )

    def _is_there(self, name: str, sent: Sent) -> bool:
        scheme = resolved(self._document, self._schemes.get(name))
        if not isinstance(scheme, dict):
            return True  # not documented, so nothing can be lacking
        kind = scheme.get("type")
        if kind == "apiKey":
            return _key_is_there(str(scheme.get("in")), str(scheme.get("name")), sent)
        if kind == "mutualTLS":
            return True  # travels below HTTP
        given = (sent.header("authorization") or "").partition(" ")
        if kind in ("http", "basic"):
            wanted = "basic" if kind == "basic" else str(scheme.get("scheme", ""))
            return given[0].lower() == wanted.lower() and bool(given[2].strip())
        return bool(given[0])


def _key_is_there(place: str, name: str, sent: Sent) -> bool:
    if place == "query":
        return any(key == name and value for key, value in parse_qsl(sent.query))
    if place == "cookie":
        try:
            return name in SimpleCookie(sent.header("cookie") or "")
        except CookieError:
            return False
    return bool(sent.header(name))
