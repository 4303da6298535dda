"""How parameters travel: values as text in their style (OpenAPI, Parameter Object, `style`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote

from pe4king_core.model.case import RequestArgument
from pe4king_core.model.fact import ResponseValue
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation, Parameter, ParameterIn

_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}


def parameter_of(operation: Operation, location: ParameterIn, name: str) -> Parameter | None:
    """The parameter of `operation` with this name, header names in any case."""
    for item in operation.parameters:
        same = item.name == name or (
            location is ParameterIn.HEADER and item.name.lower() == name.lower()
        )
        if item.location is location and same:
            return item
    return None


def text_of(value: RequestArgument) -> str:
    """A value as it travels in style `simple`, not exploded."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, ResponseValue):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ",".join(f"{name},{text_of(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ",".join(text_of(item) for item in value)
    return str(value)


def query_of(operation: Operation, values: Mapping[str, RequestArgument]) -> dict[str, Json]:
    """Names with what the client is given: scalars, and lists for names that are repeated."""
    found: dict[str, Json] = {}
    for name, value in values.items():
        parameter = parameter_of(operation, ParameterIn.QUERY, name)
        found |= _query(name, value, parameter)
    return found


def _query(name: str, value: RequestArgument, parameter: Parameter | None) -> dict[str, Json]:
    if isinstance(value, ResponseValue):
        return {name: ""}
    if parameter is not None and parameter.content_type is not None:
        return {name: json.dumps(value, ensure_ascii=False)}
    style = parameter.style if parameter is not None else "form"
    explode = parameter is None or parameter.explode
    if isinstance(value, Mapping):
        if style == "deepObject":
            return {f"{name}[{key}]": _member(item) for key, item in value.items()}
        if explode:
            return {key: _member(item) for key, item in value.items()}
        return {name: text_of(value)}
    if isinstance(value, list | tuple):
        if explode and style in ("form", "cookie"):
            return {name: [_member(item) for item in value]}
        return {name: _DELIMITERS.get(style, ",").join(text_of(item) for item in value)}
    return {name: value}


def _member(value: Json) -> Json:
    return json.dumps(value) if isinstance(value, Mapping | list | tuple) else value


def path_of(operation: Operation, name: str, value: RequestArgument) -> str:
    """The text of a path parameter, quoted, with the prefix that its style asks for."""
    parameter = parameter_of(operation, ParameterIn.PATH, name)
    if parameter is not None and parameter.content_type is not None:
        return quote(json.dumps(value, ensure_ascii=False), safe="")
    style = parameter.style if parameter is not None else "simple"
    explode = parameter is not None and parameter.explode
    named = quote(name, safe="")
    prefix = {"label": ".", "matrix": f";{named}="}.get(style, "")
    if isinstance(value, Mapping):
        return _path_object(value, named, style, explode=explode)
    if isinstance(value, list | tuple):
        texts = [quote(text_of(item), safe="") for item in value]
        delimiter = quote(_DELIMITERS.get(style, ","), safe=",")
        separator = {"label": ".", "matrix": prefix}.get(style, delimiter) if explode else delimiter
        return prefix + separator.join(texts)
    return prefix + quote(text_of(value), safe="")


def _path_object(value: Mapping[str, Json], named: str, style: str, *, explode: bool) -> str:
    pairs = [(quote(key, safe=""), quote(text_of(item), safe="")) for key, item in value.items()]
    if explode:
        separator = {"label": ".", "matrix": ";"}.get(style, ",")
        start = separator if style in ("label", "matrix") else ""
        return start + separator.join(f"{key}={text}" for key, text in pairs)
    prefix = {"label": ".", "matrix": f";{named}="}.get(style, "")
    return prefix + ",".join(f"{key},{text}" for key, text in pairs)


def header_of(operation: Operation, name: str, value: RequestArgument) -> str:
    """The text of a header: style `simple`, members of an exploded object with `=`."""
    parameter = parameter_of(operation, ParameterIn.HEADER, name)
    if parameter is not None and parameter.content_type is not None:
        return json.dumps(value)
    if isinstance(value, Mapping) and parameter is not None and parameter.explode:
        return ",".join(f"{key}={text_of(item)}" for key, item in value.items())
    if isinstance(value, list | tuple) and parameter is not None:
        return _DELIMITERS.get(parameter.style, ",").join(text_of(item) for item in value)
    return text_of(value)


def cookies_of(operation: Operation, values: Mapping[str, RequestArgument]) -> str:
    """The Cookie header."""
    pairs: list[tuple[str, str]] = []
    for name, value in values.items():
        parameter = parameter_of(operation, ParameterIn.COOKIE, name)
        for key, member in _query(name, value, parameter).items():
            members = member if isinstance(member, list) else [member]
            pairs += ((key, text_of(item)) for item in members)
    return "; ".join(f"{key}={text}" for key, text in pairs)
