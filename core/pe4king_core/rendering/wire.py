"""How parameters travel: values as text in their style (OpenAPI, Parameter Object, `style`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote

from pe4king_core.generation.requests.forms import deep_object
from pe4king_core.model.case import RequestArgument
from pe4king_core.model.fact import EarlierValue
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation, Parameter, ParameterIn

_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/svg+xml": "svg",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/html": "html",
    "text/xml": "xml",
    "application/pdf": "pdf",
    "application/json": "json",
    "application/xml": "xml",
    "application/zip": "zip",
    "application/gzip": "gz",
    "application/yaml": "yaml",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "video/mp4": "mp4",
}
_HEADER_SAFE = "".join(map(chr, range(0x20, 0x7F))) + "\t"
_COOKIE_SAFE = "!#$%&'()*+,-./:<=>?@[]^_`{|}~"
"""Octets of a cookie (RFC 6265 section 4.1.1) and the comma, which OpenAPI puts between items."""


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
    if value is None or isinstance(value, EarlierValue):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ",".join(f"{name},{text_of(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ",".join(text_of(item) for item in value)
    return str(value)


def query_members(
    name: str, value: RequestArgument, parameter: Parameter | None
) -> dict[str, Json]:
    """Names with scalars, and lists for names that are repeated; an empty one is not sent."""
    if value is None or isinstance(value, EarlierValue):
        return {name: ""}
    if parameter is not None and parameter.content_type is not None:
        return {name: _content(value, parameter.content_type)}
    style = parameter.style if parameter is not None else "form"
    explode = parameter is None or parameter.explode
    if isinstance(value, Mapping):
        if style == "deepObject":
            return deep_object(name, value)
        if explode:
            return {key: _member(item) for key, item in value.items()}
        return {name: _delimited(value, style)}
    if isinstance(value, list | tuple):
        if style == "deepObject":
            return deep_object(name, value)
        if explode:
            return {name: [_member(item) for item in value]}
        return {name: _delimited(value, style)}
    return {name: value}


def _delimited(value: Json, style: str) -> str:
    delimiter = _DELIMITERS.get(style, ",")
    if isinstance(value, Mapping):
        return delimiter.join(text_of(part) for pair in value.items() for part in pair)
    items = value if isinstance(value, list | tuple) else [value]
    return delimiter.join(text_of(item) for item in items)


def _content(value: Json, media_type: str) -> str:
    if "json" not in media_type and isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _member(value: Json) -> Json:
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, Mapping | list | tuple) else value


def path_of(operation: Operation, name: str, value: RequestArgument) -> str:
    """The text of a path parameter, quoted, with the prefix that its style asks for."""
    parameter = parameter_of(operation, ParameterIn.PATH, name)
    if parameter is not None and parameter.content_type is not None:
        content = "" if isinstance(value, EarlierValue) else value
        return quote(_content(content, parameter.content_type), safe="")
    style = parameter.style if parameter is not None else "simple"
    explode = parameter is not None and parameter.explode
    named = _quoted(name)
    if isinstance(value, Mapping):
        return _path_object(value, named, style, explode=explode)
    if isinstance(value, list | tuple):
        return _path_array([quote(text_of(item), safe="") for item in value], named, style, explode)
    return _prefixed(_quoted(text_of(value)), named, style)


def _quoted(text: str) -> str:
    """`text` percent-encoded; most need not be."""
    plain = text.isascii() and text.replace("-", "").replace("_", "").isalnum()
    return text if plain else quote(text, safe="")


def _prefixed(text: str, named: str, style: str) -> str:
    if style == "matrix":
        return f";{named}={text}" if text else f";{named}"
    return "." + text if style == "label" else text


def _path_array(texts: list[str], named: str, style: str, explode: bool) -> str:
    if explode and style == "matrix":
        return "".join(f";{named}={text}" for text in texts)
    delimiter = quote(_DELIMITERS.get(style, ","), safe=",")
    separator = "." if explode and style == "label" else delimiter
    return _prefixed(separator.join(texts), named, style)


def _path_object(value: Mapping[str, Json], named: str, style: str, *, explode: bool) -> str:
    pairs = [(quote(key, safe=""), quote(text_of(item), safe="")) for key, item in value.items()]
    if explode:
        separator = {"label": ".", "matrix": ";"}.get(style, ",")
        start = separator if style in ("label", "matrix") else ""
        return start + separator.join(f"{key}={text}" for key, text in pairs)
    return _prefixed(",".join(f"{key},{text}" for key, text in pairs), named, style)


def header_of(operation: Operation, name: str, value: RequestArgument) -> str:
    """The text of a header: style `simple`, members of an exploded object with `=`.

    Headers are ASCII; other characters are sent percent-encoded.
    """
    parameter = parameter_of(operation, ParameterIn.HEADER, name)
    text = _header(value, parameter)
    return text if text.isascii() and text.isprintable() else quote(text, safe=_HEADER_SAFE)


def _header(value: RequestArgument, parameter: Parameter | None) -> str:
    if parameter is None or isinstance(value, EarlierValue):
        return text_of(value)
    if parameter.content_type is not None:
        return (
            json.dumps(value)
            if not isinstance(value, str)
            else _content(value, parameter.content_type)
        )
    if isinstance(value, Mapping) and parameter.explode:
        return ",".join(f"{key}={text_of(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return _delimited(value, parameter.style)
    return text_of(value)


def cookie_pairs(
    operation: Operation, values: Mapping[str, RequestArgument]
) -> list[tuple[str, str]]:
    """Names and texts of the Cookie header; what a cookie cannot hold is percent-encoded."""
    pairs: list[tuple[str, str]] = []
    for name, value in values.items():
        parameter = parameter_of(operation, ParameterIn.COOKIE, name)
        for key, member in query_members(name, value, parameter).items():
            members = member if isinstance(member, list) else [member]
            pairs += ((key, quote(text_of(item), safe=_COOKIE_SAFE)) for item in members)
    return pairs


def file_name(part: str, media_type: str) -> str:
    """A name for the file that is sent as `part`: `photo.png`."""
    plain = "".join(character for character in part if character.isalnum() or character in "-_")
    ending = _ENDINGS.get(media_type.split(";", 1)[0].strip().lower(), "bin")
    return f"{plain or 'file'}.{ending}"
