"""One HTTP call in Python: `api.put(f"/books/{created_book['id']}", json=payload)`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pe4king_core.model.case import Body, OwnTests, Request, RequestArgument, TestStyle
from pe4king_core.model.fact import Credentials, EarlierValue, ResponseValue
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation, ParameterIn
from pe4king_core.rendering.chosen import earlier_values
from pe4king_core.rendering.python.payloads import sent_value, wire_query
from pe4king_core.rendering.python.text import Code, Row, call, pretty, string
from pe4king_core.rendering.python.values import (
    UNIQUE,
    Answer,
    codes_of,
    f_string,
    fresh,
    fresh_parts,
    with_code,
)
from pe4king_core.rendering.python.wire import (
    cookies_of,
    file_name,
    header_of,
    path_of,
    text_of,
)
from pe4king_core.rendering.wire import parameter_of

_FIXTURES = {
    Credentials.VALID: "api",
    Credentials.NONE: "anonymous_api",
    Credentials.WRONG: "wrong_credentials_api",
    Credentials.OTHER: "wrong_credentials_api",
}
_WITHOUT_BODY = frozenset({"GET", "DELETE", "HEAD", "OPTIONS"})
_NAMED_METHODS = _WITHOUT_BODY | {"POST", "PUT", "PATCH"}
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_MARK = "0unique0"
"""Stands for the digits while a path parameter is quoted."""


class Sent(NamedTuple):
    """What stands in a call for its query and its body: variables, or "" for written in place."""

    params: str = ""
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """How calls are written inside one function: the library, the width, earlier answers."""

    style: TestStyle
    width: int
    answers: Mapping[str, Answer] = field(default_factory=dict)
    paths: dict[tuple[int, int, str], str] = field(default_factory=dict)
    """The paths of the file whose operations and parameters are known by identity."""

    def client(self, credentials: Credentials) -> str:
        """The fixture that sends with `credentials`."""
        return client_fixture(credentials, self.style.own)

    def statement(self, start: str, operation: Operation, request: Request, sent: Sent) -> str:
        """`start` with the call: `response = api.get("/books")`."""
        function, arguments = self.parts(operation, request, sent)
        return call(f"{start}{function}", arguments, indent=0, width=self.width)

    def later(self, operation: Operation, request: Request) -> str:
        """`afterwards(lambda: api.delete(...))`."""
        function, arguments = self.without_skips(request).parts(operation, request, Sent())
        flat = f"afterwards(lambda: {call(function, arguments, indent=0, width=10**9)})"
        if len(flat) <= self.width:
            return flat
        inner = call(f"lambda: {function}", arguments, indent=0, width=self.width - 4)
        indented = inner.replace("\n", "\n    ")
        return f"afterwards(\n    {indented}\n)"

    def without_skips(self, request: Request) -> Caller:
        """For a call when the test is over: it is too late to skip it."""
        if not is_unsure(request):
            return self
        answers = {call: replace(each, skips=False) for call, each in self.answers.items()}
        return replace(self, answers=answers)

    def parts(self, operation: Operation, request: Request, sent: Sent) -> tuple[str, list[str]]:
        """The function that sends `request`, and its arguments."""
        client = self.client(request.credentials)
        arguments = [self._path(operation, request)]
        if sent.params:
            arguments.append(f"params={sent.params}")
        elif request.query:
            query = self._resolved(request.query)
            shown = wire_query(operation, query, self.style.client)
            arguments.append(f"params={self._pretty(shown, 12)}")
        body, headers = self._body(request.body, sent.payload)
        if request.headers:
            headers = self._headers(operation, request) | headers
        cookies = self._cookies(operation, request)
        if isinstance(cookies, str) and cookies:
            headers["Cookie"] = cookies
        if headers:
            arguments.append(f"headers={self._pretty(headers, 13)}")
        if cookies and not isinstance(cookies, str):
            arguments.append(f"cookies={self._pretty(cookies, 13)}")
        arguments += body
        method = request.method
        if method not in _NAMED_METHODS or (body and method in _WITHOUT_BODY):
            return f"{client}.request", [string(method), *arguments]
        return f"{client}.{method.lower()}", arguments

    def _pretty(self, value: Json, column: int) -> str:
        return pretty(value, column=column, indent=4, reserve=1, width=self.width)

    def _value(self, value: RequestArgument) -> Json:
        """A literal, or the expression for what comes from an earlier call."""
        if not isinstance(value, EarlierValue):
            return value
        answer = self.answers.get(value.call)
        return Code(answer.value(value)) if answer is not None else ""

    def _resolved(self, values: Mapping[str, RequestArgument]) -> dict[str, Json]:
        return {name: self._value(value) for name, value in values.items()}

    def _headers(self, operation: Operation, request: Request) -> dict[str, Json]:
        headers: dict[str, Json] = {}
        for name, value in request.headers.items():
            shown = self._value(value)
            if name in request.fresh_headers:
                headers[name] = fresh(request.fresh_headers[name])
            elif isinstance(shown, Code):
                headers[name] = Code(f_string([shown]))
            else:
                headers[name] = header_of(operation, name, shown)
        return headers

    def _cookies(self, operation: Operation, request: Request) -> dict[str, Json] | str:
        if not request.cookies:
            return ""
        return cookies_of(operation, self._resolved(request.cookies), self.style.client)

    def _known_path(self, operation: Operation, request: Request) -> str:
        """The path where nothing in it comes from the running test; many cases have the same."""
        key = (id(operation), id(request.path_parameters), request.path)
        made = self.paths.get(key)
        if made is None:
            made = self.style.own.prefix + request.path
            for name, value in request.path_parameters.items():
                made = made.replace("{" + name + "}", path_of(operation, name, value))
            made = self.paths[key] = string(made)
        return made

    def _path(self, operation: Operation, request: Request) -> str:
        """The path as a literal, or as an f-string where a part is known only at run time."""
        given = request.path_parameters
        if not request.unique and not self.answers:
            return self._known_path(operation, request)
        parts: list[str] = [self.style.own.prefix, request.path]
        for name, value in given.items():
            shown = self._value(value)
            if name in request.unique:
                template = request.unique[name].replace(UNIQUE, _MARK)
                text = path_of(operation, name, template)
                filling = fresh_parts(text.replace(_MARK, UNIQUE))
            elif isinstance(value, EarlierValue):
                filling = [self._in_path(operation, name, value)]
            else:
                filling = [path_of(operation, name, shown)]
            parts = _filled(parts, "{" + name + "}", filling)
        if any(isinstance(part, Code) for part in parts):
            return f_string(parts)
        return string("".join(parts))

    def _in_path(self, operation: Operation, name: str, value: EarlierValue) -> str:
        """What stands in a path for `value`, which comes from an earlier call."""
        parameter = parameter_of(operation, ParameterIn.PATH, name)
        schema = parameter.schema if parameter is not None else None
        answer = self.answers.get(value.call)
        return Code(answer.in_path(value, schema)) if answer is not None else ""

    def _body(self, body: Body | None, payload: str) -> tuple[list[str], dict[str, Json]]:
        """The arguments that send `body`, and the headers it needs."""
        if body is None:
            return [], {}
        content = "content" if self.style.client == "httpx" else "data"
        if body.raw is not None:
            encoded = string(body.raw) if body.raw.isascii() else f"{string(body.raw)}.encode()"
            headers: dict[str, Json] = {"Content-Type": body.media_type} if body.media_type else {}
            return [f"{content}={encoded}"], headers
        shown = with_code(sent_value(body), codes_of(body, self.answers)) if not payload else None
        value = payload or self._pretty(shown, 9)
        if body.media_type.startswith(_FORM):
            return [f"data={value}"], {}
        if body.media_type.startswith(_MULTIPART):
            return [f"files={self._files(body, shown, payload)}"], {}
        if body.value is None:
            # Clients take json=None for no body at all.
            return [f'{content}="null"'], {"Content-Type": body.media_type}
        is_json = body.media_type == "application/json"
        return [f"json={value}"], {} if is_json else {"Content-Type": body.media_type}

    def _files(self, body: Body, value: Json, payload: str) -> str:
        """The parts of a multipart body; a list stands for parts of one name."""
        if payload:
            made = f"{{name: (None, str(part)) for name, part in {payload}.items()}}"
            if len(made) + 11 <= self.width:
                return made
            return f"{{\n        {made[1:-1]}\n    }}"
        fields = value if isinstance(value, Mapping) else {}
        listed = [
            (name, _part(name, item, body.files.get(name, "")))
            for name, field in fields.items()
            for item in (field if isinstance(field, list | tuple) else [field])
        ]
        if len({name for name, _ in listed}) == len(listed):
            return self._pretty(dict(listed), 11)
        rows: list[Json] = [Row((name, part)) for name, part in listed]
        return self._pretty(rows, 11)


def is_status(statuses: Sequence[int]) -> str:
    """What follows `response.status_code`: `== 201`, or `in (200, 201)`."""
    if len(statuses) == 1:
        return f"== {statuses[0]}"
    return f"in ({', '.join(map(str, statuses))})"


def is_unsure(request: Request) -> bool:
    """Whether `request` takes something from an answer that the document does not promise."""
    taken = earlier_values(request)
    return any(isinstance(value, ResponseValue) and not value.sure for value in taken)


def client_fixture(credentials: Credentials, own: OwnTests) -> str:
    """The fixture that sends with `credentials`: ours, or one of the user's."""
    if credentials is Credentials.VALID:
        return own.client or _FIXTURES[credentials]
    theirs = own.anonymous_client if credentials is Credentials.NONE else own.wrong_client
    return theirs or _FIXTURES[credentials]


def _part(name: str, value: Json, media_type: str) -> Row:
    """One part of a multipart body: a field, or a file where it has a media type."""
    shown = f"str({value})" if isinstance(value, Code) else string(text_of(value))
    if not media_type:
        return Row((Code("None"), Code(shown)))
    plain = not isinstance(value, Code) and shown.isascii() and "\\" not in shown
    content = f"b{shown}" if plain else f"{shown}.encode()"
    return Row((Code(string(file_name(name, media_type))), Code(content), Code(string(media_type))))


def _filled(parts: list[str], name: str, filling: list[str]) -> list[str]:
    """`parts` of a path with `filling` for the placeholder `name`."""
    found: list[str] = []
    for part in parts:
        if isinstance(part, Code) or name not in part:
            found.append(part)
            continue
        before, _, after = part.partition(name)
        found += [before, *filling, after]
    return [part for part in found if part]
