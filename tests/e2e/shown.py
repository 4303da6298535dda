"""Credentials that a server which takes any of the right form is shown."""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.mock.exchange import Sent
from pe4king_core.model.operation import Operation
from pe4king_core.model.parts import ParameterIn
from pe4king_core.model.security import SchemeKind


def with_credentials(sent: Sent, operation: Operation) -> Sent:
    """`sent` with headers for the first documented alternative, where it has none of its own."""
    own = {name.lower() for name, _ in sent.headers}
    more = [each for each in _shown(operation) if each[0].lower() not in own]
    return Sent(sent.method, sent.target, [*sent.headers, *more], sent.body)


def _shown(operation: Operation) -> Iterator[tuple[str, str]]:
    for alternative in operation.security[:1]:
        for scheme in alternative.schemes:
            if scheme.kind is SchemeKind.BASIC:
                yield "Authorization", "Basic dXNlcjpwYXNzd29yZA=="
            elif scheme.kind is SchemeKind.BEARER:
                yield "Authorization", "Bearer token"
            elif scheme.location is ParameterIn.HEADER:
                yield scheme.parameter, "key"
