"""Values that come from earlier answers, as Java expressions."""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_core.model.fact import EarlierValue, RequestValue
from pe4king_core.model.json import split
from pe4king_core.rendering.java import gpath
from pe4king_core.rendering.java.text import literal_string

_LAST_SEGMENT = '.replaceAll("/*([?#].*)?$", "").replaceAll("^.*/", "")'


def key_of(value: RequestValue) -> str:
    """Under what the variable of a text that was sent is found beside those of answers."""
    return f"{value.call} sends {value.parameter}{value.pointer}"


def earlier(value: EarlierValue, responses: Mapping[str, str], typed: str = "") -> str:
    """The expression for `value`; `responses` names the variables of answers by call id, and of
    texts that were sent by `key_of`.

    `typed` is the type argument that overloads need (`<Object>`).
    """
    if isinstance(value, RequestValue):
        return responses[key_of(value)]
    variable = responses[value.call]
    if value.header:
        header = f"{variable}.header({literal_string(value.header)})"
        return header + (_LAST_SEGMENT if value.header.lower() == "location" else "")
    path = ""
    for token in split(value.pointer):
        path = gpath.member(path, token)
    return f"{variable}.{typed}path({literal_string(path or gpath.ROOT)})"


def text_at(value: EarlierValue, responses: Mapping[str, str]) -> str:
    """The expression for `value` as a text."""
    if isinstance(value, RequestValue):
        return earlier(value, responses)
    return f"String.valueOf({earlier(value, responses, '<Object>')})"
