"""Credentials that a server which takes any of the right form is shown."""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.parts import ParameterIn
from pe4king_core.model.security import SchemeKind
from pe4king_server.actions.writing import schemes_of


def credentials(document: ApiDocument) -> Iterator[tuple[str, str]]:
    """Headers with some for every scheme of `document` that travels in a header."""
    for scheme in schemes_of(document):
        if scheme.kind is SchemeKind.BASIC:
            yield "Authorization", "Basic dXNlcjpwYXNzd29yZA=="
        elif scheme.kind is SchemeKind.BEARER:
            yield "Authorization", "Bearer token"
        elif scheme.location is ParameterIn.HEADER:
            yield scheme.parameter, "key"
