"""REST Assured links as `assertThat(value, matcher)` on a variable of the test."""

from __future__ import annotations

import re
from collections.abc import Callable

from pe4king_core.rendering.java.layout import arguments_of

_OF_OBJECTS = frozenset(
    {
        "equalTo",
        "is",
        "not",
        "notNullValue",
        "nullValue",
        "instanceOf",
        "oneOf",
        "anyOf",
        "allOf",
        "of",
    }
)
"""Matchers that take an `Object`; the others would end in a ClassCastException."""
_STRINGS = re.compile(r'"(?:\\.|[^"\\])*"')
_LINK = re.compile(r"\.(?P<name>\w+)\((?P<inside>.*)\)\Z", re.DOTALL)


def as_matching(
    link: str, response: str, body: Callable[[str, str], str], status: str
) -> str | None:
    """The arguments of `assertThat` for `link`; None where only a chain can say it.

    `response` is empty where only the body is visible, so that there is no chain; `body` gives
    the expression of a GPath from a type witness and the path.
    """
    found = _LINK.match(link)
    parts = list(arguments_of(found["inside"])) if found is not None else []
    name = found["name"] if found is not None else ""
    if name == "body" and len(parts) == 2:
        if re.search(r"[{ ]", parts[0]):
            return None
        called = set(re.findall(r"\b([a-z]\w*)\(", _STRINGS.sub('""', parts[1])))
        if called <= _OF_OBJECTS:
            return f"{body('<Object>', parts[0])}, {parts[1]}"
        return None if response else f"{body('', parts[0])}, {parts[1]}"
    if name == "header" and len(parts) == 2 and response:
        return f"{response}.header({parts[0]}), {parts[1]}"
    if name == "statusCode" and len(parts) == 1 and response:
        matcher = f"equalTo({parts[0]})" if parts[0].isdecimal() else parts[0]
        return f"{response}.{status}(), {matcher}"
    return None
