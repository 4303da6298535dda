"""One request as REST Assured code: `api().queryParam("limit", 10).when().get("/books")`.

REST Assured encodes paths and queries itself. Where it cannot (braces in a path value, a path
that is encoded already) everything is encoded here and its own encoding is switched off.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pe4king_core.model.case import Body, Request, RequestArgument
from pe4king_core.model.fact import Credentials, ResponseValue
from pe4king_core.model.json import Json, split
from pe4king_core.model.operation import Operation, Parameter, ParameterIn
from pe4king_core.rendering import java_gpath as gpath
from pe4king_core.rendering.java_text import json_text, literal_string, number, string

_CLIENTS = {
    Credentials.VALID: "api()",
    Credentials.NONE: "anonymousApi()",
    Credentials.WRONG: "wrongCredentialsApi()",
    Credentials.OTHER: "wrongCredentialsApi()",
}
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class RequestCode:
    """`head` and `links` make the call; `text` is what the variable `body` must hold."""

    head: str
    links: tuple[str, ...]
    text: str | None = None
    """The body, where it is too long to stand in the call."""


@dataclass(frozen=True, slots=True)
class _Writer:
    """How values are written in one request."""

    operation: Operation
    responses: Mapping[str, str]
    encode: bool

    def parameter(self, location: ParameterIn, name: str) -> Parameter | None:
        for found in self.operation.parameters:
            if (found.location, found.name) == (location, name):
                return found
        return None

    def value(self, argument: RequestArgument, typed: str = "") -> str:
        """A Java expression; `typed` is the type argument that overloads need."""
        if isinstance(argument, ResponseValue):
            return _earlier(argument, self.responses, typed)
        if self.encode:
            return string(quote(text_of(argument), safe=""))
        return _scalar(argument)


def request_code(
    request: Request, operation: Operation, responses: Mapping[str, str], variable: str
) -> RequestCode:
    """The call of `request`; `responses` names the variables of earlier answers by call id."""
    encode = _needs_encoding(request)
    writer = _Writer(operation, responses, encode)
    links = [".urlEncodingEnabled(false)"] * encode
    links += [
        f".pathParam({literal_string(name)}, {writer.value(value)})"
        for name, value in request.path_parameters.items()
    ]
    for name, value in request.query.items():
        links += _query(writer, name, value)
    plain = _Writer(operation, responses, encode=False)
    links += [
        f".header({literal_string(name)}, {plain.value(_flat(value))})"
        for name, value in request.headers.items()
    ]
    links += [
        f".cookie({literal_string(name)}, {plain.value(_flat(value))})"
        for name, value in request.cookies.items()
    ]
    sent, text = _body_links(request, variable)
    call = _call(request, encode=encode)
    return RequestCode(_CLIENTS[request.credentials], (*links, *sent, ".when()", call), text)


def _needs_encoding(request: Request) -> bool:
    rest = request.path
    for name in request.path_parameters:
        rest = rest.replace("{" + name + "}", "")
    literals = [text_of(v) for v in request.path_parameters.values() if not _is_earlier(v)]
    return bool(re.search(r"[{}%]", rest)) or any(re.search(r"[{}]", text) for text in literals)


def _is_earlier(value: RequestArgument) -> bool:
    return isinstance(value, ResponseValue)


def _flat(value: RequestArgument) -> RequestArgument:
    structured = isinstance(value, Mapping | Sequence) and not isinstance(value, str)
    return text_of(value) if structured else value


def _call(request: Request, *, encode: bool) -> str:
    path = literal_string(_encoded_path(request) if encode else request.path)
    if request.method in _METHODS:
        return f".{request.method.lower()}({path})"
    return f".request({literal_string(request.method)}, {path})"


def _encoded_path(request: Request) -> str:
    """The path with everything encoded but the places of its parameters."""
    parts = re.split(r"(\{[^{}/]*\})", request.path)
    return "".join(
        part if part[1:-1] in request.path_parameters else quote(part, safe="/%~!$&'()*+,;=:@?")
        for part in parts
    )


def _earlier(value: ResponseValue, responses: Mapping[str, str], typed: str) -> str:
    path = ""
    for token in split(value.pointer):
        path = gpath.member(path, token)
    return f"{responses[value.call]}.{typed}path({literal_string(path or gpath.ROOT)})"


def _query(writer: _Writer, name: str, value: RequestArgument) -> list[str]:
    """One query parameter in its style (OpenAPI, Parameter Object, style values)."""
    if isinstance(value, ResponseValue):
        return [f".queryParam({_name(writer, name)}, {writer.value(value, '<Object>')})"]
    parameter = writer.parameter(ParameterIn.QUERY, name)
    if parameter is not None and parameter.content_type is not None:
        value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, Mapping):
        return _query_object(writer, name, value, parameter)
    if isinstance(value, list | tuple):
        joined = parameter is not None and not parameter.explode and parameter.style != "simple"
        if joined and parameter is not None:
            items = _DELIMITERS.get(parameter.style, ",").join(text_of(item) for item in value)
            return [f".queryParam({_name(writer, name)}, {writer.value(items)})"]
        shown = ", ".join(writer.value(_flat(item)) for item in value)
        return [f".queryParam({_name(writer, name)}, {shown})"] if value else []
    return [f".queryParam({_name(writer, name)}, {writer.value(value)})"]


def _query_object(
    writer: _Writer, name: str, value: Mapping[str, Json], parameter: Parameter | None
) -> list[str]:
    if parameter is not None and parameter.style == "deepObject":
        named = {f"{name}[{key}]": item for key, item in value.items()}
    elif parameter is not None and parameter.explode:
        named = dict(value)
    else:
        named = {name: text_of(value)}
    return [
        f".queryParam({_name(writer, key)}, {writer.value(_flat(item))})"
        for key, item in named.items()
    ]


def _name(writer: _Writer, name: str) -> str:
    return literal_string(quote(name, safe="") if writer.encode else name)


def text_of(value: RequestArgument) -> str:
    """A value as it travels in style `simple`."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, ResponseValue):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ",".join(f"{name},{text_of(item)}" for name, item in value.items())
    if isinstance(value, Sequence):
        return ",".join(text_of(item) for item in value)
    return str(value)


def _scalar(value: Json) -> str:
    """A Java literal that travels as the text of `value`."""
    if isinstance(value, bool):
        return text_of(value)
    exact = isinstance(value, int) and -(2**63) <= value < 2**63
    if exact or (isinstance(value, float) and re.fullmatch(r"-?\d{1,7}\.\d+", repr(value))):
        return number(value) if isinstance(value, int | float) else ""
    return string(text_of(value))


def _body_links(request: Request, variable: str) -> tuple[list[str], str | None]:
    """Links that send the body, and the text for the variable where it needs one."""
    body = request.body
    typed = any(name.lower() == "content-type" for name in request.headers)
    if body is None:
        silent = request.method in {"POST", "PUT", "PATCH"} and not typed
        return [".noContentType()"] * silent, None
    base = body.media_type.split(";", 1)[0].strip().lower()
    kind = [] if typed else [f".contentType({_media_type(body.media_type)})"]
    if body.raw is None and isinstance(body.value, Mapping):
        if base == _FORM:
            fields = _flat_fields(body.value)
            named = [f".formParam({literal_string(n)}, {_scalar(value)})" for n, value in fields]
            return kind + named, None
        if base == _MULTIPART and body.value:
            return _parts(body.value), None
    text = _text(body, base)
    shown = text if "\n" in text or len(text) > 60 else None
    value = variable if shown is not None else string(text)
    if not _takes_text(base):
        value += ".getBytes(StandardCharsets.UTF_8)"
    return [*kind, f".body({value})"], shown


def _text(body: Body, base: str) -> str:
    if body.raw is not None:
        return body.raw
    is_json = base.endswith(("/json", "+json"))
    return body.value if isinstance(body.value, str) and not is_json else json_text(body.value)


def _takes_text(base: str) -> bool:
    """Whether REST Assured encodes strings for this media type; others are sent as bytes."""
    known = {"application/json", "application/xml", "text/plain", "text/xml", "text/html", _FORM}
    return base in known or (base.startswith("application/") and base.endswith("+json"))


def _media_type(name: str) -> str:
    constants = {"application/json": "JSON", _FORM: "URLENC"}
    return f"ContentType.{constants[name]}" if name in constants else literal_string(name)


def _parts(fields: Mapping[str, Json]) -> list[str]:
    """Text parts; REST Assured writes parts in ASCII unless a charset is stated."""
    found: list[str] = []
    for name, value in _flat_fields(fields):
        text = text_of(value)
        part = f"{literal_string(name)}, {string(text)}"
        if not text.isascii():
            named = f".controlName({literal_string(name)}).charset(StandardCharsets.UTF_8)"
            part = f"new MultiPartSpecBuilder({string(text)}){named}.emptyFileName().build()"
        found.append(f".multiPart({part})")
    return found


def _flat_fields(fields: Mapping[str, Json]) -> list[tuple[str, Json]]:
    """Names with scalars: arrays repeat the name, structures travel as JSON."""
    found: list[tuple[str, Json]] = []
    for name, value in fields.items():
        for item in value if isinstance(value, list | tuple) else [value]:
            structured = isinstance(item, Mapping | list | tuple)
            found.append((name, json.dumps(item, ensure_ascii=False) if structured else item))
    return found
