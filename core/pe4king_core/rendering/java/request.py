"""One request as REST Assured code: `api().queryParam("limit", 10).when().get("/books")`.

REST Assured encodes paths and queries itself. Where it cannot (braces in a path value, a path
that is encoded already) everything is encoded here and its own encoding is switched off.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import quote

from pe4king_core.model.case import UUID, Body, Request, RequestArgument
from pe4king_core.model.fact import Credentials, EarlierValue
from pe4king_core.model.json import Json, join
from pe4king_core.model.operation import Operation, ParameterIn
from pe4king_core.model.record import record
from pe4king_core.rendering.java.earlier import earlier, text_at
from pe4king_core.rendering.java.payloads import unique_text
from pe4king_core.rendering.java.text import json_text, literal_string, number, string
from pe4king_core.rendering.wire import (
    cookie_pairs,
    file_name,
    header_of,
    parameter_of,
    path_of,
    query_members,
    text_of,
)

_CLIENTS = {
    Credentials.VALID: "api()",
    Credentials.NONE: "anonymousApi()",
    Credentials.WRONG: "wrongCredentialsApi()",
    Credentials.OTHER: "wrongCredentialsApi()",
}
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


@record(frozen=True, slots=True)
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

    def value(self, argument: RequestArgument, typed: str = "") -> str:
        """A Java expression; `typed` is the type argument that overloads need."""
        if isinstance(argument, EarlierValue):
            return earlier(argument, self.responses, typed)
        if self.encode:
            return string(quote(text_of(argument), safe=""))
        return _scalar(argument)

    def path(self, name: str, argument: RequestArgument) -> str:
        """The value of a path parameter, with all that its style adds."""
        if self.encode and not isinstance(argument, EarlierValue):
            return string(path_of(self.operation, name, argument))
        return self.value(argument)

    def header(self, name: str, argument: RequestArgument) -> str:
        """The value of a header."""
        if isinstance(argument, EarlierValue):
            return earlier(argument, self.responses)
        if isinstance(argument, int | float):
            return _scalar(argument)
        return string(header_of(self.operation, name, argument))


_Links: TypeAlias = tuple[str, ...]


@dataclass(slots=True)
class Parameters:
    """The links of parameters, made once where tests of an operation send the same ones."""

    _encoding: dict[tuple[int, int, str], bool] = field(default_factory=dict)
    _links: dict[tuple[object, ...], _Links] = field(default_factory=dict)
    _kept: list[object] = field(default_factory=list)
    """What is known by identity, so that no identity is used twice."""

    def needs_encoding(self, request: Request, operation: Operation) -> bool:
        """Whether everything is encoded here."""
        key = (id(operation), id(request.path_parameters), request.path)
        found = self._encoding.get(key)
        if found is None:
            found = self._encoding[key] = _needs_encoding(request, operation)
            self._kept += [operation, request.path_parameters]
        return found

    def links(
        self,
        values: Mapping[str, RequestArgument],
        writer: _Writer,
        make: Callable[[_Writer, Mapping[str, RequestArgument]], _Links],
    ) -> _Links:
        """The links of `values`, which hold parameters of one place."""
        if not values:
            return ()
        if writer.responses:
            return make(writer, values)
        key = (make, id(writer.operation), id(values), writer.encode)
        found = self._links.get(key)
        if found is None:
            found = self._links[key] = make(writer, values)
            self._kept += [writer.operation, values]
        return found


def request_code(
    request: Request,
    operation: Operation,
    responses: Mapping[str, str],
    variable: str,
    parameters: Parameters,
    fresh: str = "unique()",
    *,
    alone: bool = False,
) -> RequestCode:
    """The call of `request`; `responses` names the variables of earlier answers by call id.

    `parameters` keeps what several requests have in common. `fresh` is the expression for digits
    that are new in every run, which fields of forms may have; `alone` tells that there are no
    methods of a class to call.
    """
    encode = parameters.needs_encoding(request, operation)
    writer = _Writer(operation, responses, encode)
    links = [".urlEncodingEnabled(false)"] * encode
    links += parameters.links(request.path_parameters, writer, _path_parameters)
    links += parameters.links(request.query, writer, _queries)
    for name, value in request.headers.items():
        template = request.fresh_headers.get(name)
        made = _fresh(template, fresh) if template else writer.header(name, value)
        links.append(f".header({literal_string(name)}, {made})")
    links += parameters.links(request.cookies, writer, _cookies)
    sent, text = _body_links(request, variable, responses, fresh, alone=alone)
    call = _call(request, encode=encode)
    return RequestCode(_CLIENTS[request.credentials], (*links, *sent, ".when()", call), text)


def _fresh(template: str, digits: str) -> str:
    """The expression for a header that is new in every request."""
    return "UUID.randomUUID().toString()" if template == UUID else unique_text(template, digits)


def _needs_encoding(request: Request, operation: Operation) -> bool:
    rest = request.path
    for name in request.path_parameters:
        rest = rest.replace("{" + name + "}", "")
    if "{" in rest or "}" in rest or "%" in rest:
        return True
    return any(
        _is_written_out(name, value, operation) for name, value in request.path_parameters.items()
    )


def _is_written_out(name: str, value: RequestArgument, operation: Operation) -> bool:
    """Whether REST Assured would not send this path parameter as it has to be sent."""
    if isinstance(value, EarlierValue):
        return False
    parameter = parameter_of(operation, ParameterIn.PATH, name)
    styled = parameter is not None and (
        parameter.style != "simple" or parameter.content_type is not None
    )
    if styled or isinstance(value, Mapping | list | tuple):
        return True
    text = text_of(value)
    return "{" in text or "}" in text


def _path_parameters(writer: _Writer, values: Mapping[str, RequestArgument]) -> _Links:
    return tuple(
        f".pathParam({literal_string(name)}, {writer.path(name, value)})"
        for name, value in values.items()
    )


def _cookies(writer: _Writer, values: Mapping[str, RequestArgument]) -> _Links:
    operation, responses = writer.operation, writer.responses
    links: list[str] = []
    for name, value in values.items():
        if isinstance(value, EarlierValue):
            links.append(f".cookie({literal_string(name)}, {earlier(value, responses)})")
            continue
        links += (
            f".cookie({literal_string(key)}, {string(text)})"
            for key, text in cookie_pairs(operation, {name: value})
        )
    return tuple(links)


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


def _queries(writer: _Writer, values: Mapping[str, RequestArgument]) -> _Links:
    return tuple(link for name, value in values.items() for link in _query(writer, name, value))


def _query(writer: _Writer, name: str, value: RequestArgument) -> list[str]:
    """One query parameter in its style (OpenAPI, Parameter Object, style values)."""
    if isinstance(value, EarlierValue):
        return [f".queryParam({_name(writer, name)}, {writer.value(value, '<Object>')})"]
    parameter = parameter_of(writer.operation, ParameterIn.QUERY, name)
    links: list[str] = []
    for key, member in query_members(name, value, parameter).items():
        several = member if isinstance(member, list) else [member]
        shown = ", ".join(writer.value(item) for item in several)
        links += [f".queryParam({_name(writer, key)}, {shown})"] * bool(several)
    return links


def _name(writer: _Writer, name: str) -> str:
    return literal_string(quote(name, safe="") if writer.encode else name)


def _scalar(value: Json) -> str:
    """A Java literal that travels as the text of `value`."""
    if isinstance(value, bool):
        return text_of(value)
    exact = isinstance(value, int) and -(2**63) <= value < 2**63
    if exact or (isinstance(value, float) and re.fullmatch(r"-?\d{1,7}\.\d+", repr(value))):
        return number(value) if isinstance(value, int | float) else ""
    return string(text_of(value))


def _body_links(
    request: Request, variable: str, responses: Mapping[str, str], fresh: str, *, alone: bool
) -> tuple[list[str], str | None]:
    """Links that send the body, and the text for the variable where it needs one."""
    body = request.body
    typed = any(name.lower() == "content-type" for name in request.headers)
    if body is None:
        silent = request.method in {"POST", "PUT", "PATCH"} and not typed
        return [".noContentType()"] * silent, None
    base = body.media_type.split(";", 1)[0].strip().lower()
    kind = [] if typed else [f".contentType({_media_type(body.media_type)})"]
    if body.raw is None and isinstance(body.value, Mapping) and base in (_FORM, _MULTIPART):
        fields = _fields(body, body.value, responses, fresh)
        if base == _FORM:
            return kind + [_form_link(name, value) for name, value in fields], None
        if fields:
            files = body.files
            return [_part(name, value, files.get(name, ""), alone) for name, value in fields], None
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


@dataclass(frozen=True, slots=True)
class _Code:
    """A field whose text is only known when the test runs."""

    text: str


_Field: TypeAlias = "Json | _Code"


def _fields(
    body: Body, fields: Mapping[str, Json], responses: Mapping[str, str], fresh: str
) -> list[tuple[str, _Field]]:
    """Names with scalars: arrays repeat the name, structures travel as JSON."""
    found: list[tuple[str, _Field]] = []
    changing = bool(body.unique or body.taken)
    for name, value in fields.items():
        at = join("", name) if changing else ""
        if changing and at in body.unique:
            found.append((name, _Code(unique_text(body.unique[at], fresh))))
        elif changing and at in body.taken:
            found.append((name, _Code(text_at(body.taken[at], responses))))
        elif isinstance(value, str | int | float) or value is None:
            found.append((name, value))
        else:
            items = value if isinstance(value, list | tuple) else [value]
            found += ((name, _field(item)) for item in items)
    return found


def _field(value: Json) -> Json:
    structured = isinstance(value, Mapping | list | tuple)
    return json.dumps(value, ensure_ascii=False) if structured else value


def _form_link(name: str, value: _Field) -> str:
    if isinstance(value, str):
        return _form_text(name, value)
    shown = value.text if isinstance(value, _Code) else _scalar(value)
    return f".formParam({literal_string(name)}, {shown})"


@lru_cache(maxsize=1024)
def _form_text(name: str, value: str) -> str:
    return f".formParam({literal_string(name)}, {string(value)})"


def _part(name: str, value: _Field, media_type: str, alone: bool) -> str:
    """A text part or a file; REST Assured writes texts in ASCII unless a charset is stated."""
    known = isinstance(value, _Code)
    text = "" if isinstance(value, _Code) else text_of(value)
    shown = value.text if isinstance(value, _Code) else string(text)
    if media_type:
        content = f"({shown})" if known and " + " in shown else shown
        named = f"{literal_string(name)}, {literal_string(file_name(name, media_type))}"
        bytes_of = f"{content}.getBytes(StandardCharsets.UTF_8)"
        return f".multiPart({named}, {bytes_of}, {string(media_type)})"
    if text.isascii() and shown.isascii():
        return f".multiPart({literal_string(name)}, {shown})"
    if alone:
        named = f".controlName({literal_string(name)}).charset(StandardCharsets.UTF_8)"
        built = f"new MultiPartSpecBuilder({shown}){named}.emptyFileName().build()"
        return f".multiPart({built})"
    return f".multiPart(textPart({literal_string(name)}, {shown}))"
