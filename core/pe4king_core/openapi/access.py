"""Who may call what, and where: security requirements and servers."""

from __future__ import annotations

import re

from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message
from pe4king_core.model.operation import (
    ParameterIn,
    SchemeKind,
    SecurityRequirement,
    SecurityScheme,
    Server,
)
from pe4king_core.openapi.content import Reading
from pe4king_core.openapi.raw import Place, key_text, text_of

_VARIABLE = re.compile(r"\{([^{}]+)\}")
_KEY_PLACES = {
    "header": ParameterIn.HEADER,
    "query": ParameterIn.QUERY,
    "cookie": ParameterIn.COOKIE,
}
_HTTP = {"basic": SchemeKind.BASIC, "bearer": SchemeKind.BEARER}
_TOKEN_TYPES = ("oauth2", "openIdConnect")


class SecurityReader:
    """Reads security requirements against the schemes of the document."""

    def __init__(self, reading: Reading, schemes: Place | None) -> None:
        self._reading = reading
        self._schemes = schemes
        self._read: dict[str, SecurityScheme] = {}

    def requirements(self, holder: Place) -> tuple[SecurityRequirement, ...] | None:
        """`security` of `holder`; None where it has none, so that an outer one holds."""
        stated = holder.get("security")
        if stated is None:
            return None
        if not isinstance(stated.value, list):
            self._broken(stated)
            return None
        found: list[SecurityRequirement] = []
        for place in stated.elements():
            if isinstance(place.value, dict):
                found.append(self._requirement(place))
            else:
                self._broken(place)
        return tuple(found)

    def _requirement(self, place: Place) -> SecurityRequirement:
        schemes: list[SecurityScheme] = []
        scopes: dict[str, tuple[str, ...]] = {}
        for name, member in place.members():
            schemes.append(self._scheme(name, member))
            listed = member.value if isinstance(member.value, list) else []
            scopes[name] = tuple(key_text(scope) for scope in listed)
        return SecurityRequirement(tuple(schemes), scopes)

    def _scheme(self, name: str, used: Place) -> SecurityScheme:
        if name not in self._read:
            stated = self._schemes.get(name) if self._schemes else None
            place = self._reading.mapping(stated, f"`{name}`")
            if place is not None:
                self._read[name] = self._of(name, place)
            else:
                self._read[name] = SecurityScheme(name, SchemeKind.OTHER)
        if self._schemes is None or self._schemes.get(name) is None:
            self._reading.report.add(
                "doc-security-unknown-scheme",
                used,
                Message(
                    f"The security scheme `{name}` is not defined; "
                    "tests will expect its credentials in the environment.",
                    f"Схема безопасности `{name}` не определена; "
                    "тесты будут ждать её данные в переменной окружения.",
                ),
            )
        return self._read[name]

    def _of(self, name: str, place: Place) -> SecurityScheme:
        raw = place.value if isinstance(place.value, dict) else {}
        kind = text_of(raw.get("type"))
        if kind == "apiKey":
            location, parameter = _KEY_PLACES.get(text_of(raw.get("in"))), text_of(raw.get("name"))
            if location is not None and parameter:
                return SecurityScheme(name, SchemeKind.API_KEY, location, parameter, place.pointer)
            self._incomplete(name, place)
        elif kind == "basic":
            return SecurityScheme(name, SchemeKind.BASIC, pointer=place.pointer)
        elif kind == "http":
            http = _HTTP.get(text_of(raw.get("scheme")).lower(), SchemeKind.OTHER)
            return SecurityScheme(name, http, pointer=place.pointer)
        elif kind in _TOKEN_TYPES:
            return SecurityScheme(name, SchemeKind.BEARER, pointer=place.pointer)
        return SecurityScheme(name, SchemeKind.OTHER, pointer=place.pointer)

    def _incomplete(self, name: str, place: Place) -> None:
        self._reading.report.add(
            "doc-security-incomplete",
            place,
            Message(
                f"The API key `{name}` needs `name` and `in` (header, query or cookie).",
                f"Для ключа API `{name}` нужны `name` и `in` (header, query или cookie).",
            ),
        )

    def _broken(self, place: Place) -> None:
        self._reading.report.add(
            "doc-security-not-a-list",
            place,
            Message(
                "`security` must be a list of mappings; this part is left out.",
                "`security` — здесь нужен список объектов; эта часть пропущена.",
            ),
            Severity.ERROR,
        )


def servers_of(reading: Reading, holder: Place) -> tuple[Server, ...]:
    """`servers` of `holder`, variables replaced; relative URLs are kept."""
    stated = holder.get("servers")
    found: list[Server] = []
    for place in stated.elements() if stated else ():
        server = reading.mapping(place, "A server")
        if server is None or not isinstance(server.value, dict):
            continue
        url = text_of(server.value.get("url"))
        if url:
            found.append(Server(_filled(reading, server, url), _description(server)))
        else:
            reading.report.add(
                "doc-server-url",
                place,
                Message(
                    "This server has no `url` and is left out.",
                    "У сервера нет `url`, он пропущен.",
                ),
            )
    return tuple(found)


def _description(server: Place) -> str:
    return text_of(server.value.get("description")) if isinstance(server.value, dict) else ""


def _filled(reading: Reading, server: Place, url: str) -> str:
    variables = server.get("variables")

    def value(match: re.Match[str]) -> str:
        variable = variables.get(match[1]) if variables else None
        default = variable.get("default") if variable else None
        if default is not None and not isinstance(default.value, dict | list):
            return key_text(default.value)
        reading.report.add(
            "doc-server-variable",
            server,
            Message(
                f"The server variable `{match[1]}` has no default value.",
                f"У переменной сервера `{match[1]}` нет значения по умолчанию.",
            ),
        )
        allowed = variable.get("enum") if variable else None
        first = next((place.value for place in allowed.elements()), None) if allowed else None
        return match[0] if first is None else key_text(first)

    return _VARIABLE.sub(value, url)
