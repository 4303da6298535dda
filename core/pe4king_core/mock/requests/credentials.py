"""Whether a request shows the credentials that its operation asks for.

Which credentials are right no document says. Any that have the form of their scheme are, but for
those that say of themselves that they are not: whose text has "wrong" or "invalid" in it, in any
case. Our generated tests send such ("wrong-credentials"), and so do other tools. Where `allowed`
lists credentials, those alone are right: keys, tokens, `user:password`.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.requests.decoding import cookies_of, decoded, pairs_of
from pe4king_core.mock.requests.reading import FaultIn, RequestFault
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.parts import ParameterIn
from pe4king_core.model.security import SchemeKind, SecurityScheme

_WRONG = ("wrong", "invalid")
MISSING, MALFORMED, REFUSED = "missing", "malformed", "refused"
_REASONS = (REFUSED, MALFORMED, MISSING)
"""What tells most, first."""


def credentials_fault(
    sent: Sent, operation: Operation, allowed: Sequence[str] = ()
) -> RequestFault | None:
    """Why none of the documented alternatives is satisfied; None where one is, or none is asked."""
    if not operation.requires_credentials:
        return None
    faults: list[RequestFault] = []
    for alternative in operation.security:
        found = [_fault(sent, scheme, allowed) for scheme in alternative.schemes]
        wrong = [fault for fault in found if fault is not None]
        if not wrong:
            return None
        faults += wrong
    worst = min(faults, key=lambda fault: _REASONS.index(fault.reason))
    return replace(worst, said=_said(worst, operation))


def _said(fault: RequestFault, operation: Operation) -> Message:
    """What is wrong with the credentials and where right ones would go."""
    if fault.reason == REFUSED:
        places = [
            place_of(scheme)
            for alternative in operation.security
            for scheme in alternative.schemes
            if scheme.name == fault.name
        ]
        return Message(
            f"credentials are wrong: {places[0]}", f"неверные учётные данные: {places[0]}"
        )
    alternatives = dict.fromkeys(
        " + ".join(place_of(scheme) for scheme in alternative.schemes if scheme.is_in_requests)
        for alternative in operation.security
    )
    known = list(filter(None, alternatives))
    return Message(
        f"credentials are {fault.reason}: {', or '.join(known)}",
        f"нет верных учётных данных: {' или '.join(known)}",
    )


def place_of(scheme: SecurityScheme) -> str:
    """Where credentials of a scheme go, as one would write it."""
    if scheme.kind is SchemeKind.API_KEY:
        return f"{scheme.location or 'header'} {scheme.parameter}"
    return f"header Authorization: {_word_of(scheme).capitalize()} …".replace(":  …", "")


def challenges(operation: Operation, realm: str) -> Iterator[tuple[str, str]]:
    """`WWW-Authenticate` headers, as a 401 has them (RFC 9110 section 11.6.1)."""
    words: dict[str, None] = {}
    for alternative in operation.security:
        for scheme in alternative.schemes:
            if scheme.is_in_requests:
                is_key = scheme.kind is SchemeKind.API_KEY
                word = "ApiKey" if is_key else _word_of(scheme).capitalize()
                words[word or "Bearer"] = None
    name = "".join(c for c in realm if c.isascii() and c.isprintable() and c not in '"\\')
    for word in words:
        yield "WWW-Authenticate", f'{word} realm="{name.strip() or "API"}"'


def shown_credentials(sent: Sent, scheme: SecurityScheme) -> Iterator[str]:
    """The texts that a request shows for `scheme`, encoded as they travel."""
    if scheme.kind is not SchemeKind.API_KEY:
        yield from _headers(sent, "authorization")
    elif scheme.location is ParameterIn.QUERY:
        pairs = pairs_of(sent.query)
        yield from (decoded(t, plus=True, lenient=True) for n, t in pairs if n == scheme.parameter)
    elif scheme.location is ParameterIn.COOKIE:
        pairs = cookies_of(_headers(sent, "cookie"))
        yield from (decoded(t, lenient=True) for n, t in pairs if n == scheme.parameter)
    else:
        yield from _headers(sent, scheme.parameter.lower())


def _headers(sent: Sent, name: str) -> Iterator[str]:
    return (value for known, value in sent.headers if known.lower() == name)


def _fault(sent: Sent, scheme: SecurityScheme, allowed: Sequence[str]) -> RequestFault | None:
    if not scheme.is_in_requests:
        return None  # nothing that a request could lack
    texts = [text for text in shown_credentials(sent, scheme) if text.strip()]
    if not texts:
        return _made(scheme, MISSING)
    secrets = [secret for text in texts if (secret := _secret(text.strip(), scheme)) is not None]
    if not secrets:
        return _made(scheme, MALFORMED)
    if any(_is_right(secret, allowed) for secret in secrets):
        return None
    return _made(scheme, REFUSED)


def _made(scheme: SecurityScheme, reason: str) -> RequestFault:
    return RequestFault(FaultIn.CREDENTIALS, scheme.name, reason, scheme.pointer)


def _secret(text: str, scheme: SecurityScheme) -> str | None:
    """What is secret in a header or parameter; None where it has not the scheme's form."""
    if scheme.kind is SchemeKind.API_KEY:
        return text
    word, _, rest = text.partition(" ")
    wanted = _word_of(scheme)
    if wanted and (word.lower() != wanted or not rest.strip()):
        return None
    return _basic(rest.strip()) if scheme.kind is SchemeKind.BASIC else rest.strip() or text


def _word_of(scheme: SecurityScheme) -> str:
    """The scheme's name in the header (RFC 9110 section 11.6.2); "" where any will do."""
    if scheme.kind is SchemeKind.BASIC:
        return "basic"
    return "bearer" if scheme.kind is SchemeKind.BEARER else scheme.http_scheme.lower()


def _basic(text: str) -> str | None:
    """`user:password` (RFC 7617); None where it cannot be decoded."""
    try:
        pair = b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return pair if ":" in pair and pair != ":" else None


def _is_right(secret: str, allowed: Sequence[str]) -> bool:
    if allowed:
        return secret in allowed
    lower = secret.lower()
    return not any(word in lower for word in _WRONG)
