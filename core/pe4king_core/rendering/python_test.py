"""One test case as a pytest function: Arrange, Act, Assert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pe4king_core.model.case import Body, Request, TestCase, TestStyle
from pe4king_core.model.fact import (
    Change,
    ChangeIn,
    ChangeKind,
    Credentials,
    ResponseValue,
    SubjectKind,
)
from pe4king_core.model.json import Json, lookup, pointer_of, split
from pe4king_core.model.operation import Operation
from pe4king_core.rendering.format import RenderedTest, excludes_refusal
from pe4king_core.rendering.python_assertions import PythonNames, render_python
from pe4king_core.rendering.python_text import WIDTH, call, identifier, literal, pretty, string
from pe4king_core.rendering.python_wire import cookies_of, header_of, path_of, query_of, text_of

_FIXTURES = {
    Credentials.VALID: "api",
    Credentials.NONE: "anonymous_api",
    Credentials.WRONG: "wrong_credentials_api",
    Credentials.OTHER: "wrong_credentials_api",
}
_LONG_RUN = 40
_WITHOUT_BODY = frozenset({"GET", "DELETE", "HEAD", "OPTIONS"})
_NAMED_METHODS = _WITHOUT_BODY | {"POST", "PUT", "PATCH"}


@dataclass(frozen=True, slots=True)
class Factory:
    """A function that makes the valid body of one operation; tests change their copy."""

    name: str
    value: Json
    code: str


@dataclass(slots=True)
class _Body:
    """Lines of one test under construction."""

    style: TestStyle
    made: Mapping[str, Factory]
    lines: list[str] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    values: dict[ResponseValue, str] = field(default_factory=dict)
    """The variables that hold what was taken from earlier answers."""

    @property
    def width(self) -> int:
        """Columns that a line may have before it is put into its class."""
        return WIDTH - 4 if self.style.classes else WIDTH

    def add(self, *lines: str) -> None:
        """Lines of code; a line may hold line ends of its own, already indented."""
        self.lines += ["    " + line if line else "" for line in lines]

    def name(self, wanted: str) -> str:
        """A local name that is not used yet."""
        made = identifier(wanted, frozenset(self.taken))
        self.taken.add(made)
        return made


def factories(cases: Iterable[TestCase]) -> dict[str, Factory]:
    """A factory for every operation whose JSON body is used by two tests or more."""
    bodies: dict[str, list[Json]] = {}
    names: dict[str, str] = {}
    for case in cases:
        body = (case.base or case.request).body
        if body is not None and body.raw is None and isinstance(body.value, Mapping):
            bodies.setdefault(case.operation.key, []).append(body.value)
            names[case.operation.key] = case.id.split(".", 1)[0]
    made: dict[str, Factory] = {}
    for key, values in bodies.items():
        if len(values) > 1:
            name = f"{names[key]}_payload"
            value = pretty(values[0], column=11, indent=4)
            made[key] = Factory(name, values[0], f"def {name}():\n    return {value}")
    return made


def test_function(case: TestCase, style: TestStyle, made: Mapping[str, Factory]) -> RenderedTest:
    """The function of `case`; bodies come from `made` where there is a factory for them."""
    taken = {"response", "body", "payload", *(factory.name for factory in made.values())}
    body = _Body(style, made, taken=taken)
    fixture = _FIXTURES[case.request.credentials]
    fixtures = [fixture]
    if case.given and fixture != "api":
        fixtures.append("api")
    _arrange(case, body)
    if body.lines:
        body.lines.insert(0, "    # Arrange")
        body.lines.append("")
    body.add("# Act", f"response = {_call(case.operation, case.request, fixture, body)}", "")
    body.add("# Assert")
    names = PythonNames(
        taken=frozenset(body.taken | set(fixtures)), indent=8 if style.classes else 4
    )
    body.add(*_status(case, "response"))
    _assertions(case, body, names)
    decorators, imports = _labels(case, style)
    arguments = ", ".join((["self"] if style.classes else []) + fixtures)
    header = [*decorators, f"def test_{case.name}({arguments}):"]
    return RenderedTest(
        f"test_{case.name}", "\n".join([*header, *body.lines]), frozenset(body.imports | imports)
    )


test_function.__test__ = False  # type: ignore[attr-defined]  # not a test itself


def _assertions(case: TestCase, body: _Body, names: PythonNames) -> None:
    of_body = [fact for fact in case.assertions if fact.subject.kind is SubjectKind.BODY]
    others = [fact for fact in case.assertions if fact.subject.kind is not SubjectKind.BODY]
    for facts in (others, of_body):
        code = render_python(facts, names)
        body.add(*(["body = response.json()"] if code.needs_body else []), *code.lines)
        body.imports |= code.imports


def _status(case: TestCase, response: str) -> list[str]:
    if case.any_client_error:
        lines = [f"assert 400 <= {response}.status_code < 500"]
        if excludes_refusal(case):
            lines.append(f"assert {response}.status_code not in (401, 403)")
        return lines
    if len(case.statuses) == 1:
        return [f"assert {response}.status_code == {case.statuses[0]}"]
    return [f"assert {response}.status_code in {literal_tuple(case.statuses)}"]


def literal_tuple(values: Iterable[Json]) -> str:
    """Values as a tuple literal of two or more."""
    return f"({', '.join(literal(value) for value in values)})"


def _labels(case: TestCase, style: TestStyle) -> tuple[list[str], set[str]]:
    if not style.allure:
        return [], set()
    labels = case.labels
    lines = [f"@allure.feature({string(labels.feature)})"] if labels.feature else []
    lines.append(f"@allure.story({string(case.operation.key)})")
    lines.append(f"@allure.title({string(case.title.en)})")
    if labels.severity:
        lines.append(f"@allure.severity({string(labels.severity)})")
    if labels.owner:
        lines.append(f'@allure.label("owner", {string(labels.owner)})')
    return lines, {"allure"}


def _arrange(case: TestCase, body: _Body) -> None:
    """Earlier calls, what is taken from their answers, and the payload."""
    parameters = {
        value: name
        for name, value in case.request.path_parameters.items()
        if isinstance(value, ResponseValue)
    }
    for step in case.given:
        variable = body.name("created")
        made = _call(step.operation, step.request, "api", body, step=step.operation.key)
        body.add(f"{variable} = {made}", f"assert {variable}.status_code == {step.status}")
        for value, parameter in parameters.items():
            if value.call == step.call:
                body.values[value] = body.name(parameter)
                access = "".join(f"[{string(token)}]" for token in split(value.pointer))
                body.add(f"{body.values[value]} = {variable}.json(){access}")
    _payload(case, body)


def _payload(case: TestCase, body: _Body) -> None:
    """`payload`, from the factory with the case's changes where there is one."""
    sent = case.request.body
    if sent is None or sent.raw is not None:
        return
    factory = body.made.get(case.operation.key)
    if factory is None or not _only_nested_changes(case.changes):
        body.add(f"payload = {pretty(sent.value, column=14, indent=4, width=body.width)}")
        return
    body.add(f"payload = {factory.name}()")
    for change in case.changes:
        if change.where is ChangeIn.BODY:
            body.add(_change_line(change, factory.value, body.width))


def _only_nested_changes(changes: Iterable[Change]) -> bool:
    return all(change.name for change in changes if change.where is ChangeIn.BODY)


def _change_line(change: Change, payload: Json, width: int) -> str:
    place = "payload"
    for token in split(change.name):
        # "5" is a position in an array and a name in an object.
        inside_object = isinstance(payload, Mapping)
        place += f"[{string(token)}]" if inside_object else f"[{token}]"
        payload = lookup(payload, pointer_of([token]))
    if change.kind is ChangeKind.REMOVE:
        return f"del {place}"
    if isinstance(change.value, str) and (repeated := _repetition(change.value)):
        return f"{place} = {repeated}"
    return f"{place} = {pretty(change.value, column=len(place) + 7, indent=4, width=width)}"


def _repetition(value: str) -> str:
    """`"x" * 201` or `"start" + "x" * 201` for a text that ends in a long run; else ""."""
    start = value.rstrip(value[-1:])
    count = len(value) - len(start)
    if count < _LONG_RUN:
        return ""
    run = f"{string(value[-1])} * {count}"
    return f"{string(start)} + {run}" if start else run


def _call(
    operation: Operation, request: Request, client: str, body: _Body, *, step: str = ""
) -> str:
    """The HTTP call. The body is `payload`, or inline for a `step` (its operation's key)."""
    arguments = [_path(operation, request, body.values)]
    if request.query:
        arguments.append(f"params={_query(operation, request, body)}")
    sent, headers = _body_arguments(request.body, body, step)
    headers = {n: header_of(operation, n, v) for n, v in request.headers.items()} | headers
    if request.cookies:
        headers["Cookie"] = cookies_of(operation, request.cookies)
    if headers:
        arguments.append(f"headers={pretty(headers, column=16, indent=8, width=body.width)}")
    arguments += sent
    method = request.method
    if method not in _NAMED_METHODS or (sent and method in _WITHOUT_BODY):
        return call(
            f"{client}.request",
            [string(method), *arguments],
            indent=4,
            reserve=11,
            width=body.width,
        )
    return call(f"{client}.{method.lower()}", arguments, indent=4, reserve=11, width=body.width)


def _path(operation: Operation, request: Request, values: Mapping[ResponseValue, str]) -> str:
    """The path as a literal, or as an f-string where a part comes from an earlier answer."""
    path, dynamic = request.path, False
    escaped = path.replace("{", "{{").replace("}", "}}")
    plain = path
    for name, value in request.path_parameters.items():
        if isinstance(value, ResponseValue):
            dynamic = True
            escaped = escaped.replace("{{" + name + "}}", "{" + values[value] + "}")
        else:
            text = path_of(operation, name, value)
            escaped = escaped.replace("{{" + name + "}}", text)
            plain = plain.replace("{" + name + "}", text)
    return "f" + string(escaped) if dynamic else string(plain)


def _query(operation: Operation, request: Request, body: _Body) -> str:
    shown = query_of(operation, request.query)
    if body.style.client == "requests":
        # requests writes True where the wire wants true.
        shown = {name: _spelled(value) for name, value in shown.items()}
    return pretty(shown, column=15, indent=8, width=body.width)


def _spelled(value: Json) -> Json:
    if isinstance(value, list):
        return [_spelled(item) for item in value]
    return text_of(value) if isinstance(value, bool) else value


def _body_arguments(sent: Body | None, body: _Body, step: str) -> tuple[list[str], dict[str, str]]:
    """The arguments that send the body `sent`, and the headers it needs."""
    if sent is None:
        return [], {}
    content = "content" if body.style.client == "httpx" else "data"
    if sent.raw is not None:
        encoded = string(sent.raw) if sent.raw.isascii() else f"{string(sent.raw)}.encode()"
        return [f"{content}={encoded}"], {"Content-Type": sent.media_type}
    value = "payload"
    if step:
        factory = body.made.get(step)
        inline = pretty(sent.value, column=13, indent=8, width=body.width)
        value = f"{factory.name}()" if factory else inline
    if sent.media_type.startswith("application/x-www-form-urlencoded"):
        return [f"data={value}"], {}
    if sent.media_type.startswith("multipart/form-data"):
        return [f"files={_parts(sent.value, value)}"], {}
    if sent.value is None:
        # Clients take json=None for no body at all.
        return [f'{content}="null"'], {"Content-Type": sent.media_type}
    headers = {} if sent.media_type == "application/json" else {"Content-Type": sent.media_type}
    return [f"json={value}"], headers


def _parts(sent: Json, value: str) -> str:
    """The parts of a multipart body; a list stands for parts of one name."""
    fields = sent if isinstance(sent, Mapping) else {}
    if not any(isinstance(field, list | tuple) for field in fields.values()):
        return f"{{name: (None, str(part)) for name, part in {value}.items()}}"
    many = [
        f"({string(name)}, (None, {string(text_of(item))}))"
        for name, field in fields.items()
        for item in (field if isinstance(field, list | tuple) else [field])
    ]
    return f"[{', '.join(many)}]"
