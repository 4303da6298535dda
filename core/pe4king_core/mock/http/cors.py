"""Cross-origin requests: pages of any origin may use the mocked API (Fetch Standard, 3.2)."""

from __future__ import annotations

from pe4king_core.mock.exchange import Answer, Sent

_SAFELISTED = frozenset(
    {"cache-control", "content-language", "content-length", "content-type", "expires"}
    | {"last-modified", "pragma"}
)

_OURS = frozenset({"access-control-allow-origin", "access-control-allow-credentials"})


def preflight(sent: Sent) -> Answer | None:
    """The answer to a browser that asks before it sends; None where `sent` is no such question."""
    method = sent.header("access-control-request-method")
    if sent.method != "OPTIONS" or method is None or sent.header("origin") is None:
        return None
    headers = [
        ("Access-Control-Allow-Methods", method),
        ("Access-Control-Max-Age", "600"),
    ]
    asked = sent.header("access-control-request-headers")
    if asked:
        headers.append(("Access-Control-Allow-Headers", asked))
    if sent.header("access-control-request-private-network") == "true":
        headers.append(("Access-Control-Allow-Private-Network", "true"))
    return Answer(204, headers)


def with_cors(sent: Sent, answer: Answer) -> Answer:
    """`answer` with headers that let the page which sent the request read it."""
    if sent.header("origin") is None:
        return answer
    own = [each for each in answer.headers if each[0].lower() not in _OURS]
    names = dict.fromkeys(name for name, _ in own if name.lower() not in _SAFELISTED)
    exposed = [("Access-Control-Expose-Headers", ", ".join(names))] if names else []
    return Answer(answer.status, [*own, *_origin(sent), *exposed], answer.body)


def _origin(sent: Sent) -> list[tuple[str, str]]:
    return [
        ("Access-Control-Allow-Origin", sent.header("origin") or "*"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Origin"),
    ]
