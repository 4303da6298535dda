"""Parameters as Python's clients are given them: `params`, the Cookie header."""

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


def cookies_of(operation: Operation, values: Mapping[str, RequestArgument]) -> str:
    """The Cookie header."""
    return "; ".join(f"{name}={text}" for name, text in cookie_pairs(operation, values))
