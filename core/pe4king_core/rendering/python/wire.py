"""Parameters as Python's clients are given them: `params`, `cookies`, the Cookie header."""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_core.model.case import RequestArgument
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation, ParameterIn
from pe4king_core.rendering.wire import (
    cookie_pairs,
    file_name,
    header_of,
    parameter_of,
    path_of,
    query_members,
    text_of,
)

__all__ = ["cookies_of", "file_name", "header_of", "path_of", "query_of", "text_of"]


def query_of(operation: Operation, values: Mapping[str, RequestArgument]) -> dict[str, Json]:
    """Names with what the client is given: scalars, and lists for names that are repeated."""
    found: dict[str, Json] = {}
    for name, value in values.items():
        found |= query_members(name, value, parameter_of(operation, ParameterIn.QUERY, name))
    return found


def cookies_of(
    operation: Operation, values: Mapping[str, RequestArgument], client: str
) -> dict[str, Json] | str:
    """The cookies by name, or the Cookie header.

    The header takes the place of the cookies that the client has itself. httpx would have no
    cookies given with a request, so they are only where the client surely has its own. A name may
    stand twice in a header only.
    """
    pairs = cookie_pairs(operation, values)
    named: dict[str, Json] = dict(pairs)
    if len(named) == len(pairs) and (client != "httpx" or _carries_cookies(operation)):
        return named
    return "; ".join(f"{name}={text}" for name, text in pairs)


def _carries_cookies(operation: Operation) -> bool:
    """Whether credentials travel in a cookie."""
    asked = (scheme for each in operation.security for scheme in each.schemes)
    return any(scheme.location is ParameterIn.COOKIE for scheme in asked)
