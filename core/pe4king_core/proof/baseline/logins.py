"""Logins that the document does not have: they get a generic answer, so that tests go on."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from pe4king_core.mock.exchange import Answer
from pe4king_core.mock.handled import Handled, Why

_LOGIN = re.compile(
    r"/(?:log-?in|sign-?in|log_in|sign_in|auth(?:enticate|entication|orize)?|oauth2?|tokens?"
    r"|sessions?|jwt|connect/token)(?:/|$)",
    re.IGNORECASE,
)
_TOKEN = "proof-token"  # noqa: S105 - nothing secret: our server takes any
_NAMES = (
    *("access_token", "accessToken", "token", "id_token", "idToken", "jwt"),
    *("refresh_token", "refreshToken"),
)
_ANSWER = {
    **dict.fromkeys(_NAMES, _TOKEN),
    **dict.fromkeys(("token_type", "tokenType"), "Bearer"),
    **dict.fromkeys(("expires_in", "expiresIn"), 3600),
}
"""The names that services have for it (RFC 6749 section 5.1, and what is common beside)."""


def logged_in(handled: Handled) -> Handled | None:
    """The answer to an undocumented request that asks for a token; None where it asks for else."""
    sent = handled.sent
    if handled.operation is not None or sent.method != "POST" or not _LOGIN.search(sent.path):
        return None
    body = json.dumps(_ANSWER).encode()
    answer = Answer(200, (("Content-Type", "application/json"),), body)
    return replace(handled, answer=answer, why=Why.SCRIPTED)
