"""How credentials are shown and who asks for them (OpenAPI Security Scheme Object)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pe4king_core.model.parts import ParameterIn


class SchemeKind(StrEnum):
    """How credentials are shown (OpenAPI Security Scheme Object)."""

    API_KEY = "apiKey"
    BASIC = "basic"
    BEARER = "bearer"
    OTHER = "other"


class FlowKind(StrEnum):
    """The flows of OAuth 2 by their names in OpenAPI 3."""

    IMPLICIT = "implicit"
    PASSWORD = "password"  # noqa: S105  # the name of a flow
    CLIENT_CREDENTIALS = "clientCredentials"
    AUTHORIZATION_CODE = "authorizationCode"
    DEVICE_AUTHORIZATION = "deviceAuthorization"


@dataclass(frozen=True, slots=True)
class OAuthFlow:
    """One way to get a token; `scopes` maps each scope to its description."""

    kind: FlowKind
    authorization_url: str = ""
    token_url: str = ""
    refresh_url: str = ""
    scopes: Mapping[str, str] = field(default_factory=dict, hash=False)
    device_authorization_url: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """One scheme; `location` and `parameter` are set for API keys."""

    name: str
    kind: SchemeKind
    location: ParameterIn | None = None
    parameter: str = ""
    pointer: str = ""
    type: str = ""
    """As documented: "apiKey", "http", "oauth2", "openIdConnect", "mutualTLS" or "basic" (2.0)."""
    description: str = ""
    http_scheme: str = ""
    """Of type "http", in lower case: "basic", "bearer", "digest" …"""
    bearer_format: str = ""
    flows: tuple[OAuthFlow, ...] = ()
    openid_url: str = ""
    metadata_url: str = ""
    """`oauth2MetadataUrl` (RFC 8414), since OpenAPI 3.2."""
    deprecated: bool = False

    @property
    def is_in_requests(self) -> bool:
        """Whether its credentials are part of requests, and the document says how.

        Those of `mutualTLS` belong to the connection; of a scheme that is not defined, or has no
        type, nothing is known.
        """
        return self.type not in ("", "mutualTLS")

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes of all flows."""
        return frozenset(name for flow in self.flows for name in flow.scopes)


@dataclass(frozen=True, slots=True)
class SecurityRequirement:
    """All of `schemes` together grant access; an empty one means anonymous access."""

    schemes: tuple[SecurityScheme, ...]
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
