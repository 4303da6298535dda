"""Values that come from earlier answers, as Java expressions."""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_core.model.fact import ResponseValue
from pe4king_core.model.json import split
from pe4king_core.rendering import java_gpath as gpath
from pe4king_core.rendering.java_text import literal_string

_LAST_SEGMENT = '.replaceAll("/*([?#].*)?$", "").replaceAll("^.*/", "")'


def earlier(value: ResponseValue, responses: Mapping[str, str], typed: str = "") -> str:
    """The expression for `value`; `responses` names the variables of answers by call id.

    `typed` is the type argument that overloads need (`<Object>`).
    """
    variable = responses[value.call]
    if value.header:
        header = f"{variable}.header({literal_string(value.header)})"
        return header + (_LAST_SEGMENT if value.header.lower() == "location" else "")
    path = ""
    for token in split(value.pointer):
        path = gpath.member(path, token)
    return f"{variable}.{typed}path({literal_string(path or gpath.ROOT)})"
