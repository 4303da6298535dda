"""Who may call what: security schemes and requirements."""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message
from pe4king_core.model.operation import (
    FlowKind,
    OAuthFlow,
    ParameterIn,
    SchemeKind,
    SecurityRequirement,
    SecurityScheme,
)
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.parts.servers import servers_of
from pe4king_core.openapi.raw import Place, Raw, key_text, text_of

__all__ = ["SecurityReader", "servers_of"]

_KEY_PLACES = {
    "header": ParameterIn.HEADER,
    "query": ParameterIn.QUERY,
    "cookie": ParameterIn.COOKIE,
}
_HTTP = {"basic": SchemeKind.BASIC, "bearer": SchemeKind.BEARER}
_TOKEN_TYPES = ("oauth2", "openIdConnect")
_SWAGGER_FLOWS = {
    "implicit": FlowKind.IMPLICIT,
    "password": FlowKind.PASSWORD,
    "application": FlowKind.CLIENT_CREDENTIALS,
    "accessCode": FlowKind.AUTHORIZATION_CODE,
}
_FLOWS = {str(kind): kind for kind in FlowKind}


class SecurityReader:
    """Reads security requirements against the schemes of the document."""

    def __init__(self, reading: Reading, schemes: Place | None) -> None:
        self._reading = reading
        self._schemes = schemes

    def schemes(self) -> Mapping[str, SecurityScheme]:
        """All schemes that the document defines."""
        members = self._schemes.members() if self._schemes else ()
        return {
            name: self._scheme(name, place) for name, place in members if not name.startswith("x-")
        }

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
            scheme = self._used(name, member)
            schemes.append(scheme)
            listed = member.value if isinstance(member.value, list) else []
            scopes[name] = tuple(key_text(scope) for scope in listed)
            self._report_scopes(scheme, scopes[name], member)
        return SecurityRequirement(tuple(schemes), scopes)

    def _used(self, name: str, used: Place) -> SecurityScheme:
        stated = self._schemes.get(name) if self._schemes else None
        if stated is not None:
            return self._scheme(name, stated)
        if self._reading.version >= (3, 2) and ("/" in name or "#" in name):
            found = self._reading.references.resolve(used, name)
            if isinstance(found, Place):
                return self._scheme(name, found)
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
        return SecurityScheme(name, SchemeKind.OTHER)

    def _scheme(self, name: str, stated: Place) -> SecurityScheme:
        def read() -> SecurityScheme:
            place = self._reading.mapping(stated, f"`{name}`")
            if place is None:
                return SecurityScheme(name, SchemeKind.OTHER)
            return self._reading.described(stated, self._of(name, place))

        return self._reading.shared(("scheme", name, stated.pointer), read)

    def _of(self, name: str, place: Place) -> SecurityScheme:
        raw = place.value if isinstance(place.value, dict) else {}
        kind, location, parameter = self._kind(name, place, raw)
        return SecurityScheme(
            name=name,
            kind=kind,
            location=location,
            parameter=parameter,
            pointer=place.pointer,
            type=text_of(raw.get("type")),
            description=text_of(raw.get("description")),
            http_scheme=text_of(raw.get("scheme")).lower(),
            bearer_format=text_of(raw.get("bearerFormat")),
            flows=self._flows(place),
            openid_url=text_of(raw.get("openIdConnectUrl")),
            metadata_url=text_of(raw.get("oauth2MetadataUrl")),
            deprecated=raw.get("deprecated") is True,
        )

    def _kind(
        self, name: str, place: Place, raw: dict[Raw, Raw]
    ) -> tuple[SchemeKind, ParameterIn | None, str]:
        kind = text_of(raw.get("type"))
        if kind == "apiKey":
            location, parameter = _KEY_PLACES.get(text_of(raw.get("in"))), text_of(raw.get("name"))
            if location is not None and parameter:
                return SchemeKind.API_KEY, location, parameter
            self._incomplete(name, place)
        elif kind == "basic":
            return SchemeKind.BASIC, None, ""
        elif kind == "http":
            scheme = text_of(raw.get("scheme")).lower()
            return _HTTP.get(scheme, SchemeKind.OTHER), None, ""
        elif kind in _TOKEN_TYPES:
            return SchemeKind.BEARER, None, ""
        return SchemeKind.OTHER, None, ""

    def _flows(self, place: Place) -> tuple[OAuthFlow, ...]:
        """The flows of OAuth 2; Swagger 2.0 has one, in the scheme itself."""
        raw = place.value if isinstance(place.value, dict) else {}
        if self._reading.version < (3, 0):
            kind = _SWAGGER_FLOWS.get(text_of(raw.get("flow")))
            return () if kind is None else (_flow(kind, place),)
        stated = self._reading.mapping(place.get("flows"), "`flows`")
        found: list[OAuthFlow] = []
        for name, member in stated.members() if stated else ():
            flow = self._reading.mapping(member, f"`{name}`") if name in _FLOWS else None
            found += [_flow(_FLOWS[name], flow)] if flow is not None else []
        return tuple(found)

    def _report_scopes(self, scheme: SecurityScheme, scopes: tuple[str, ...], used: Place) -> None:
        """Scopes that no flow of an `oauth2` scheme has; other types have none to compare with."""
        if scheme.type != "oauth2" or not scheme.flows:
            return
        known = scheme.scopes
        for scope in scopes:
            if scope not in known:
                self._reading.warn(
                    "doc-security-scope",
                    used,
                    f"The scope `{scope}` is not among the scopes of `{scheme.name}`.",
                    f"Области `{scope}` нет среди областей доступа (scopes) схемы `{scheme.name}`.",
                )

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


def _flow(kind: FlowKind, place: Place) -> OAuthFlow:
    raw = place.value if isinstance(place.value, dict) else {}
    scopes = place.get("scopes")
    return OAuthFlow(
        kind=kind,
        authorization_url=text_of(raw.get("authorizationUrl")),
        token_url=text_of(raw.get("tokenUrl")),
        refresh_url=text_of(raw.get("refreshUrl")),
        scopes={
            name: text_of(member.value)
            for name, member in (scopes.members() if scopes else ())
            if not name.startswith("x-")
        },
        device_authorization_url=text_of(raw.get("deviceAuthorizationUrl")),
        pointer=place.pointer,
    )
