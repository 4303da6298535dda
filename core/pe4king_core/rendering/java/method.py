"""The statements of a method that sends requests: payloads, calls, and what undoes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pe4king_core.model.case import Body, CleanUp, OwnTests, Request, Step
from pe4king_core.model.fact import Credentials, RequestValue, ResponseValue
from pe4king_core.model.json import EACH, Json, has, lookup, split
from pe4king_core.model.operation import Operation
from pe4king_core.model.record import replace
from pe4king_core.rendering.chosen import (
    earlier_values,
    name_of,
    new_text,
    with_variables,
)
from pe4king_core.rendering.java import gpath
from pe4king_core.rendering.java.earlier import earlier, key_of, text_at
from pe4king_core.rendering.java.layout import CONTINUATION, assignment, chain, link
from pe4king_core.rendering.java.payloads import (
    UNIQUE,
    Factory,
    changes,
    takes_map,
    unique_places,
    unique_text,
    value_at,
    with_expressions,
)
from pe4king_core.rendering.java.request import Parameters, RequestCode, request_code
from pe4king_core.rendering.java.response import status_matcher
from pe4king_core.rendering.java.text import (
    LONGEST_CONSTANT,
    camel,
    literal_string,
    string,
    text_block,
    unique,
)
from pe4king_core.rendering.java.values import NotAMap

INDENT = 4
"""Indentation of a statement inside a method of a class."""
_WITH_FIELDS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_ANY_OBJECT = {"any": "object"}
"""Stands for the members of a map, which its call does not show."""
_ANYWHERE = "UUID.randomUUID().toString().substring(0, 8)"


@dataclass(frozen=True, slots=True)
class Sent:
    """A body that was sent: in a variable that holds a map or a text."""

    body: Body
    variable: str
    as_map: bool


@dataclass(slots=True)
class Requests:
    """How the requests of one class are written; links that do not change are kept."""

    own: OwnTests
    factories: Mapping[str, Factory] = field(default_factory=dict)
    alone: bool = False
    """The test stands alone: there is nothing of ours to call."""
    _links: dict[tuple[object, ...], RequestCode] = field(default_factory=dict)
    _parameters: Parameters = field(default_factory=Parameters)
    _kept: list[object] = field(default_factory=list)

    def code(
        self, request: Request, operation: Operation, responses: Mapping[str, str], variable: str
    ) -> RequestCode:
        """The call of `request`, in the words of the user's own tests where there are any."""
        own = self.own
        if own.prefix:
            request = replace(request, path=own.prefix.rstrip("/") + request.path)
        fresh = _ANYWHERE if self.alone else "unique()"
        code = request_code(
            request, operation, responses, variable, self._parameters, fresh, alone=self.alone
        )
        client = own.wrong_client
        if request.credentials is Credentials.VALID:
            client = own.client
        elif request.credentials is Credentials.NONE:
            client = own.anonymous_client
        return replace(code, head=client) if client else code

    def with_map(
        self, request: Request, operation: Operation, responses: Mapping[str, str], variable: str
    ) -> RequestCode:
        """The call of `request` with a map for a body; the same for many cases."""
        body = request.body
        parts = (request.path_parameters, request.query, request.headers, request.cookies)
        sent = (request.method, request.path, request.credentials, variable)
        key = (id(operation), *sent, *map(id, parts), body.media_type if body else "")
        if responses:
            return self.code(request, operation, responses, variable)
        found = self._links.get(key)
        if found is None:
            short = Body(body.media_type if body else "", _ANY_OBJECT)
            request = replace(request, body=short, unique={})
            found = self._links[key] = self.code(request, operation, responses, variable)
            self._kept += [operation, *parts]
        return found


@dataclass(slots=True)
class Method:
    """A method under construction."""

    requests: Requests
    lines: list[str] = field(default_factory=list)
    responses: dict[str, str] = field(default_factory=dict)
    """The variables of answers, by call id."""
    sent: dict[str, Sent] = field(default_factory=dict)
    """Bodies in variables, by call id."""
    taken: set[str] = field(default_factory=lambda: {"response", "body"})
    assumed: set[str] = field(default_factory=set)
    """Values of earlier answers that are known to be there."""
    undone: list[str] = field(default_factory=list)
    """Calls that undo others, where there is no `afterwards` to give them to."""

    def add(self, statement: str) -> None:
        """A statement at the method's indentation."""
        self.lines.append(" " * INDENT + statement if statement else "")

    def name(self, wanted: str) -> str:
        """A variable that is not used yet."""
        found = unique(wanted, self.taken)
        self.taken.add(found)
        return found

    def choose(
        self, request: Request, operation: Operation, values: Sequence[RequestValue]
    ) -> Request:
        """`request` with variables for the texts in it that other calls need as well."""
        for value in values:
            if key_of(value) in self.responses:
                continue
            name = self.name(camel(name_of(value, operation)))
            shown = _ANYWHERE if self.requests.alone else "unique()"
            made = unique_text(new_text(request, value), shown)
            self.add(assignment(f"String {name}", made, [], INDENT))
            self.responses[key_of(value)] = name
        return with_variables(request, values) if values else request

    def prepare(self, request: Request, operation: Operation, call: str, body: str) -> RequestCode:
        """Declares what `request` needs (`body` is the variable) and gives its call."""
        for value in _unsure(request) if self.responses else ():
            self._assume(value)
        code = self._with_map(request, operation, call, body)
        if code is None:
            code = self._with_text(request, operation, call, body)
        for name, pattern in request.unique.items():
            code = self._unique_parameter(code, name, pattern)
        return code

    def _assume(self, value: ResponseValue) -> None:
        """Skips the test where the answer lacks `value`, once."""
        found = earlier(value, self.responses)
        if found not in self.assumed:
            self.assumed.add(found)
            place = value.header or _path(value.pointer)
            said = literal_string(f"No {place} to go on with")
            self.add(link(f"assumeTrue({found} != null, {said})", INDENT, 1) + ";")

    def _with_map(
        self, request: Request, operation: Operation, call: str, variable: str
    ) -> RequestCode | None:
        factory = self.requests.factories.get(operation.key)
        if factory is None or request.body is None or not takes_map(request.body):
            return None
        code = self.requests.with_map(request, operation, self.responses, variable)
        if f".body({variable})" not in code.links:
            return None
        try:
            places = self._expressions(request.body)
            value = with_expressions(request.body, places) if places else request.body.value
            changed = changes(variable, factory.value, value, INDENT)
        except NotAMap:
            return None
        if not changed and not places:
            links = tuple(
                f".body({factory.name}())" if each == f".body({variable})" else each
                for each in code.links
            )
            return replace(code, links=links)
        self.add(f"Map<String, Object> {variable} = {factory.name}();")
        self.lines += [" " * INDENT + each for each in changed]
        self.sent[call] = Sent(request.body, variable, True)
        return code

    def _expressions(self, body: Body) -> dict[str, str]:
        found = unique_places(body)
        for pointer, value in body.taken.items():
            found[pointer] = earlier(value, self.responses)
        return found

    def _with_text(
        self, request: Request, operation: Operation, call: str, variable: str
    ) -> RequestCode:
        body, calls = request.body, list[str]()
        if body is not None and (body.unique or body.taken) and not _has_fields(body):
            value, calls = self._placeholders(body)
            request = replace(request, body=replace(body, value=value, unique={}, taken={}))
        code = self.requests.code(request, operation, self.responses, variable)
        if body is not None and code.text is not None:
            self._declare(variable, code.text, calls)
            self.sent[call] = Sent(body, variable, False)
        return code

    def _placeholders(self, body: Body) -> tuple[Json, list[str]]:
        """The value with names for what is not known yet, and calls that put it in."""
        value, calls = body.value, list[str]()
        for pointer, text in body.unique.items():
            if UNIQUE in text and has(value, pointer):
                value = _with(value, split(pointer), text)
                shown = _ANYWHERE if self.requests.alone else "unique()"
                call = f".replace({literal_string(UNIQUE)}, {shown})"
                calls += [call] * (call not in calls)
        for pointer, taken in body.taken.items():
            if not has(value, pointer):
                continue
            name = "{" + camel(split(pointer)[-1]) + "}"
            is_text = isinstance(lookup(body.value, pointer), str)
            value = _with(value, split(pointer), name)
            shown = text_at(taken, self.responses)
            wanted = name if is_text else f'"{name}"'
            calls.append(f".replace({literal_string(wanted)}, {shown})")
        return value, calls

    def _declare(self, name: str, text: str, calls: Sequence[str]) -> None:
        """`String name = ...;` as a text block where the text has lines worth showing."""
        indent = INDENT + CONTINUATION
        block = text_block(text, indent) if _has_plain_lines(text) else ""
        if block and len(block.encode("utf-8", "surrogatepass")) < LONGEST_CONSTANT:
            pad = "\n" + " " * (indent + CONTINUATION)
            shown = "".join(pad + call for call in calls)
            self.add(f"String {name} =\n{' ' * indent}{block}{shown};")
        else:
            self.add(assignment(f"String {name}", string(text), list(calls), INDENT))

    def _unique_parameter(self, code: RequestCode, name: str, pattern: str) -> RequestCode:
        """The call with a variable in place of the path parameter `name`."""
        start = f".pathParam({literal_string(name)}, "
        if not any(each.startswith(start) for each in code.links):
            return code
        variable = self.name(camel(name))
        made = unique_text(pattern, _ANYWHERE if self.requests.alone else "unique()")
        self.add(assignment(f"String {variable}", made, [], INDENT))
        links = (f"{start}{variable})" if x.startswith(start) else x for x in code.links)
        return replace(code, links=tuple(links))

    def send(self, name: str, code: RequestCode) -> None:
        """`Response name = ...;`"""
        self.add(assignment(f"Response {name}", code.head, code.links, INDENT))

    def step(self, step: Step, name: str, body: str, chosen: Sequence[RequestValue] = ()) -> None:
        """An earlier call written out: it is sent, its status seen, its undoing prepared."""
        request = self.choose(step.request, step.operation, chosen)
        code = self.prepare(request, step.operation, step.call, body)
        self.send(name, code)
        self.responses[step.call] = name
        self.add(f"{name}.then().statusCode({status_matcher(step.statuses)});")
        if step.clean_up is not None:
            self.undo(step.clean_up)

    def undo(self, clean_up: CleanUp) -> None:
        """The call that removes what was made, for after the test."""
        code = self.requests.code(clean_up.request, clean_up.operation, self.responses, "body")
        if self.requests.alone and _unsure(clean_up.request):
            return
        if self.requests.alone:
            self.undone.append(chain(code.head, code.links, INDENT) + ";")
        else:
            self.add(_afterwards(code))

    def sent_value(self, call: str, pointer: str) -> str | None:
        """The expression for what `call` sent at `pointer`, where it is in a variable."""
        sent = self.sent.get(call)
        if sent is None or EACH in split(pointer) or not pointer:
            return None
        if not sent.as_map:
            return f"from({sent.variable}).get({literal_string(_path(pointer))})"
        try:
            return value_at(sent.variable, pointer, sent.body.value)
        except NotAMap:
            return None


def _path(pointer: str) -> str:
    path = ""
    for token in split(pointer):
        path = gpath.member(path, token)
    return path


def _afterwards(code: RequestCode) -> str:
    """`afterwards(() -> ...);` as google-java-format breaks it."""
    flat = f"{code.head}{''.join(code.links)}"
    if INDENT + len(flat) + 20 <= 100 and "\n" not in flat:
        return f"afterwards(() -> {flat});"
    first = " " * (INDENT + CONTINUATION)
    if len(first) + len(flat) + 8 <= 100 and "\n" not in flat:
        return f"afterwards(\n{first}() -> {flat});"
    second = INDENT + 2 * CONTINUATION
    shown = chain(code.head, code.links, second, 2)
    return f"afterwards(\n{first}() ->\n{' ' * second}{shown});"


def _with(value: Json, tokens: Sequence[str], new: Json) -> Json:
    """`value` with `new` at the place `tokens`, which is there."""
    if not tokens:
        return new
    if isinstance(value, Mapping):
        return {
            name: _with(item, tokens[1:], new) if name == tokens[0] else item
            for name, item in value.items()
        }
    index = int(tokens[0])
    items = value if isinstance(value, list | tuple) else ()
    return [
        _with(item, tokens[1:], new) if place == index else item for place, item in enumerate(items)
    ]


def _has_fields(body: Body) -> bool:
    """Whether the body is sent field by field: its call has all values in it."""
    return body.media_type.partition(";")[0].strip().lower() in _WITH_FIELDS


def _has_plain_lines(text: str) -> bool:
    """Whether a text block shows `text` as it is: JSON over several lines, all visible."""
    if not text.startswith(("{\n", "[\n")):
        return False
    return all(line.isprintable() and line == line.rstrip() and line for line in text.split("\n"))


def _unsure(request: Request) -> list[ResponseValue]:
    """Values of earlier answers that `request` takes and the document does not promise."""
    values = earlier_values(request)
    found = [value for value in values if isinstance(value, ResponseValue) and not value.sure]
    return list(dict.fromkeys(found))


def references(value: object) -> set[str]:
    """The calls whose answers a request takes values from."""
    if not isinstance(value, Request):
        return set()
    found: set[str] = set()
    parts = (value.path_parameters, value.query, value.headers, value.cookies)
    for part in parts:
        found |= {each.call for each in part.values() if isinstance(each, ResponseValue)}
    if value.body is not None:
        taken = value.body.taken.values()
        found |= {each.call for each in taken if isinstance(each, ResponseValue)}
    return found
