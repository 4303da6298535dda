"""Credentials: in every place, alone, together and as alternatives."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.requests.credentials import credentials_fault
from tests.mock.requests.asking import document, operation

SCHEMES = {
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "Bearer"},
    "digest": {"type": "http", "scheme": "digest"},
    "oauth": {"type": "oauth2", "flows": {}},
    "openid": {"type": "openIdConnect", "openIdConnectUrl": "https://id.test"},
    "tls": {"type": "mutualTLS"},
}


def basic(text: str) -> str:
    return "Basic " + b64encode(text.encode()).decode()


def fault(
    security: Any, target: str = "/x", allowed: tuple[str, ...] = (), **headers: str
) -> str | None:
    """The scheme and the reason; None where the credentials are right."""
    known = document(
        {"/x": {"get": operation(security=security)}}, components={"securitySchemes": SCHEMES}
    )
    sent = Sent("GET", target, [(n.replace("_", "-"), value) for n, value in headers.items()])
    found = credentials_fault(sent, known.operations[0], allowed)
    return None if found is None else f"{found.name} {found.reason}"


@pytest.mark.parametrize(
    ("scheme", "target", "headers"),
    [
        ("header", "/x", {"x_key": "abc"}),
        ("query", "/x?key=a%20b", {}),
        ("cookie", "/x", {"Cookie": "a=b; sid=1"}),
        ("basic", "/x", {"Authorization": basic("user:")}),
        ("bearer", "/x", {"authorization": "bearer t"}),
        ("digest", "/x", {"Authorization": 'Digest username="u"'}),
        ("oauth", "/x", {"Authorization": "Bearer t"}),
        ("openid", "/x", {"Authorization": "Bearer t"}),
    ],
)
def test_right_credentials(scheme: str, target: str, headers: dict[str, str]) -> None:
    assert fault([{scheme: []}], target, **headers) is None
    assert fault([{scheme: []}]) == f"{scheme} missing"


@pytest.mark.parametrize(
    ("scheme", "target", "headers", "reason"),
    [
        ("header", "/x", {"X_Key": " "}, "missing"),
        ("header", "/x", {"X_Key": "wrong-credentials"}, "refused"),
        ("query", "/x?key=", {}, "missing"),
        ("query", "/x?key=wrong-credentials", {}, "refused"),
        ("cookie", "/x", {"Cookie": "sid=INVALID"}, "refused"),
        ("basic", "/x", {"Authorization": basic("wrong:credentials")}, "refused"),
        ("basic", "/x", {"Authorization": "Basic ???"}, "malformed"),
        ("basic", "/x", {"Authorization": basic("nobody")}, "malformed"),
        ("basic", "/x", {"Authorization": "Bearer t"}, "malformed"),
        ("bearer", "/x", {"Authorization": "Bearer"}, "malformed"),
        ("bearer", "/x", {"Authorization": basic("a:b")}, "malformed"),
        ("bearer", "/x", {"Authorization": "Bearer SCHEMATHESIS-INVALID-VALUE"}, "refused"),
    ],
)
def test_credentials_that_are_not_right(
    scheme: str, target: str, headers: dict[str, str], reason: str
) -> None:
    assert fault([{scheme: []}], target, **headers) == f"{scheme} {reason}"


def test_alternatives_and_schemes_together() -> None:
    security = [{"header": [], "query": []}, {"bearer": []}]
    assert fault(security, Authorization="Bearer t") is None
    assert fault(security, "/x?key=k", X_Key="k") is None
    assert fault(security, "/x?key=k") == "header missing"
    assert fault(security, "/x?key=k", X_Key="wrong") == "header refused"
    assert fault(security, X_Key="k", Authorization="Bearer t") is None


def test_nothing_is_asked_for() -> None:
    assert fault([]) is None
    assert fault([{"bearer": []}, {}]) is None
    assert fault([{"bearer": []}, {}], Authorization="Bearer wrong") is None


def test_certificates_are_shown_below_http() -> None:
    assert fault([{"tls": []}]) is None


def test_only_the_credentials_that_are_allowed() -> None:
    allowed = ("secret", "user:password")
    assert fault([{"bearer": []}], allowed=allowed, Authorization="Bearer secret") is None
    assert fault([{"basic": []}], allowed=allowed, Authorization=basic("user:password")) is None
    assert fault([{"header": []}], allowed=allowed, X_Key="other") == "header refused"
    assert fault([{"header": []}], allowed=("invalid",), X_Key="invalid") is None
