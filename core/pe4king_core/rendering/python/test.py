"""One test case as a pytest function: Arrange, Act, Assert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pe4king_core.model.case import CleanUp, Request, Step, TestCase, TestStyle
from pe4king_core.model.fact import (
    AssertionFact,
    EarlierValue,
    HasType,
    Presence,
    RequestValue,
    ResponseValue,
    SubjectKind,
    body,
)
from pe4king_core.model.json import EACH, lookup, pointer_of, split
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import JsonType
from pe4king_core.rendering.chosen import (
    chosen_in,
    earlier_values,
    name_of,
    new_text,
    with_variables,
)
from pe4king_core.rendering.format import RenderedTest, excludes_refusal
from pe4king_core.rendering.python.assertions import render_python
from pe4king_core.rendering.python.calls import Caller, Sent, is_status
from pe4king_core.rendering.python.fixtures import Fixture
from pe4king_core.rendering.python.imports import used_imports
from pe4king_core.rendering.python.labels import Labels, imports_of
from pe4king_core.rendering.python.payloads import (
    changes,
    needs_payload,
    payload_lines,
    wire_query,
)
from pe4king_core.rendering.python.shared import (
    LOCALS,
    PARSED,
    AnswerFunctions,
    Shared,
)
from pe4king_core.rendering.python.text import WIDTH, definition, identifier, literal
from pe4king_core.rendering.python.values import (
    Answer,
    fresh,
    member,
    operands_of,
    sent_in,
)

_VARIABLES = {"POST": "created", "PUT": "updated", "PATCH": "updated", "DELETE": "deleted"}


@dataclass(slots=True)
class _Test:
    """One test under construction; lines stand without the indentation of the function."""

    case: TestCase
    shared: Shared
    caller: Caller
    answers: dict[str, Answer] = field(default_factory=dict)
    arguments: dict[str, None] = field(default_factory=dict)
    arrange: list[str] = field(default_factory=list)
    act: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    sent: dict[str, str] = field(default_factory=dict)
    """The variables that hold what calls sent, by call."""
    taken: set[str] = field(default_factory=set)
    chosen: list[RequestValue] = field(default_factory=list)
    """What calls take from what others send."""


def written_test(case: TestCase, shared: Shared, answers: AnswerFunctions) -> str:
    """The function of `case` in a file that has what is `shared`."""
    test = _started(case, shared)
    if case.given:
        _earlier_calls(test)
    _act(test)
    _status(test)
    block = shared.block(case)
    lines = answers.lines(block)
    test.checks += lines
    if lines is block.lines:
        shared.imports |= block.imports
        shared.formats |= block.formats
    if block.comparing:
        _comparisons(test, block.comparing)
    return _text(test)


def test_alone(case: TestCase, style: TestStyle) -> RenderedTest:
    """The function of `case` with everything it needs, for a file that somebody else wrote."""
    width = WIDTH - 4 if style.classes else WIDTH
    shared = Shared(style, Labels(style, (), width, alone=True), alone=True, taken=set(LOCALS))
    code = written_test(case, shared, AnswerFunctions())
    imports = shared.imports | imports_of(style, [case]) | set(style.own.imports)
    imports |= set(used_imports([code]).values())
    return RenderedTest(f"test_{case.name}", code, frozenset(imports))


test_alone.__test__ = False  # type: ignore[attr-defined]  # not a test itself


def _started(case: TestCase, shared: Shared) -> _Test:
    answers: dict[str, Answer] = {}
    test = _Test(case, shared, Caller(shared.style, shared.width, answers, shared.paths), answers)
    if case.given or case.clean_up is not None:
        test.chosen = chosen_in(case)
    test.arguments[test.caller.client(case.request.credentials)] = None
    return test


def _earlier_calls(test: _Test) -> None:
    """Fixtures for what the file creates in one, and statements for the other calls."""
    case, fixtures = test.case, test.shared.fixtures
    made = fixtures.of(case) if fixtures is not None else {}
    rest = [step for step in case.given if step.call not in made]
    test.answers.update({call: fixture.answer for call, fixture in made.items()})
    test.taken = {*test.shared.taken, *LOCALS} - {*_VARIABLES.values(), "found"}
    for name in _fixtures_for(_taken(case, rest), made):
        test.arguments[name] = None
    for step in rest:
        _earlier_call(step, test)


def _fixtures_for(values: Iterable[EarlierValue], made: Mapping[str, Fixture]) -> list[str]:
    """The fixtures that a test with `values` asks for: answers it looks at, and ids.

    What it does not look at is left to the fixture that needs it, where there is one.
    """
    known = [value for value in values if value.call in made]
    answered = {value.call for value in known if isinstance(value, ResponseValue)}
    implied: set[str] = set()
    names: list[str] = []
    for call, fixture in reversed([*made.items()]):
        if call in answered or fixture.name not in implied:
            names.insert(0, fixture.name)
        implied |= {*fixture.needs}
    ids = [v for v in known if isinstance(v, RequestValue)]
    return [*names, *(made[value.call].answer.value(value) for value in ids)]


def _taken(case: TestCase, rest: Iterable[Step]) -> list[EarlierValue]:
    """The values that the code of the test takes from calls; `rest` are the steps in it."""
    cleaned = [*(step.clean_up for step in rest), case.clean_up]
    requests = [*(step.request for step in rest), case.request]
    requests += [each.request for each in cleaned if each is not None]
    operands = operands_of(case.assertions)
    found = [value for request in requests for value in earlier_values(request)]
    return found + [each for each in operands if isinstance(each, ResponseValue)]


def _choosing(test: _Test, call: str, operation: Operation, request: Request) -> Request:
    """`request` with variables for the ids in it that calls of the test need again."""
    values = [value for value in test.chosen if value.call == call]
    if not values:
        return request
    names: dict[tuple[str, str], str] = {}
    test.taken |= {*test.shared.taken, *LOCALS} if not test.taken else set()
    for value in values:
        taken = test.taken | test.arguments.keys()
        name = identifier(name_of(value, operation))
        name = identifier(f"new_{name}", taken) if name in taken else name
        test.taken.add(name)
        test.arrange.append(f"{name} = {fresh(new_text(request, value))}")
        names[value.parameter, value.pointer] = name
    test.answers[call] = Answer("response", alone=test.shared.alone, sent=names)
    return with_variables(request, values)


def _earlier_call(step: Step, test: _Test) -> None:
    caller = test.caller
    request = _choosing(test, step.call, step.operation, step.request)
    carried = request.body
    sent = Sent()
    if carried is not None and needs_payload(carried):
        factory = test.shared.payloads.get(step.operation.key)
        variable = _payload_name(test)
        lines = payload_lines(carried, factory, test.answers, caller.width, variable)
        looked_at = any(value.call == step.call for value in sent_in(test.case))
        if factory is not None and not looked_at and lines == [f"{variable} = {factory.name}()"]:
            sent = Sent(payload=f"{factory.name}()")
        else:
            test.sent[step.call] = variable
            test.taken.add(variable)
            test.arrange += lines
            sent = Sent(payload=variable)
    wanted = "created" if step.request.unique else _VARIABLES.get(step.request.method, "found")
    name = identifier(wanted, test.taken)
    test.taken.add(name)
    test.arguments[caller.client(step.request.credentials)] = None
    test.arrange.append(caller.statement(f"{name} = ", step.operation, request, sent))
    test.answers[step.call] = _answer(name, step.call, test)
    if step.clean_up is not None:
        _clean_up(step.clean_up, test, test.arrange)
    test.arrange.append(f"assert {name}.status_code {is_status(step.statuses)}")


def _answer(variable: str, call: str, test: _Test) -> Answer:
    """What is known of `call` once it was made."""
    known = test.answers.get(call)
    if known is None or not known.sent:
        return _plain_answer(variable, test.shared.alone)
    return Answer(variable, alone=test.shared.alone, sent=known.sent)


@lru_cache(256)
def _plain_answer(variable: str, alone: bool) -> Answer:
    return Answer(variable, alone=alone)


def _payload_name(test: _Test) -> str:
    """`payload` for the only body that the test sends, else another name."""
    only = not needs_payload(test.case.request.body) and "payload" not in test.sent.values()
    return "payload" if only else identifier("sent", test.taken)


def _clean_up(clean_up: CleanUp, test: _Test, lines: list[str]) -> None:
    """Removes what a call of the test made: after the test, also when it fails.

    A file that is not ours has no fixture for that, so there the call is the last statement.
    """
    caller, request = test.caller, clean_up.request
    test.arguments[caller.client(request.credentials)] = None
    if not test.shared.alone:
        test.arguments["afterwards"] = None
        lines.append(caller.later(clean_up.operation, request))
    elif test.shared.style.own.support:
        test.ending.insert(0, caller.statement("", clean_up.operation, request, Sent()))


def _act(test: _Test) -> None:
    case, caller = test.case, test.caller
    request = _choosing(test, case.call, case.operation, case.request)
    key, payload, params = case.operation.key, "", ""
    if request.body is not None and needs_payload(request.body):
        payload = "payload"
        factory = test.shared.payloads.get(key)
        test.arrange += payload_lines(request.body, factory, test.answers, caller.width)
        test.sent[""] = test.sent[case.call] = payload
    factory = test.shared.queries.get(key)
    if factory is not None and request.query:
        made = wire_query(case.operation, request.query, caller.style.client)
        lines = changes(factory.value, made, "params", {}, caller.width)
        if lines:
            test.arrange += [f"params = {factory.name}()", *lines]
        if lines is not None:
            params = "params" if lines else f"{factory.name}()"
    sent = Sent(params, payload)
    test.act.append(_statement(test, request, sent))
    test.answers[case.call] = _answer("response", case.call, test)
    if case.clean_up is not None:
        _clean_up(case.clean_up, test, test.act)


def _statement(test: _Test, request: Request, sent: Sent) -> str:
    """The call under test; nearly all tests of an operation send the same but for the payload."""
    case = test.case
    if test.answers or (request.body is not None and not sent.payload):
        return test.caller.statement("response = ", case.operation, request, sent)
    parts = (request.path_parameters, request.headers, request.cookies, request.unique)
    query = sent.params or id(request.query)
    media_type = request.body.media_type if request.body is not None else None
    key = (
        request.method,
        request.path,
        request.credentials,
        media_type,
        query,
        *map(id, (case.operation, *parts)),
    )
    made = test.shared.calls.get(key)
    if made is None:
        made = test.caller.statement("response = ", case.operation, request, sent)
        test.shared.calls[key] = made
    return made


def _status(test: _Test) -> None:
    case = test.case
    if case.any_client_error:
        test.checks.append("assert 400 <= response.status_code < 500")
        if excludes_refusal(case):
            test.checks.append("assert response.status_code not in (401, 403)")
    else:
        test.checks.append(f"assert response.status_code {is_status(case.statuses)}")


def _comparisons(test: _Test, facts: tuple[AssertionFact, ...]) -> None:
    """Assertions that compare the answer with what other calls sent or were answered."""
    values = {each: shown for each in operands_of(facts) if (shown := _expression(each, test))}
    names = test.shared.names(WIDTH - test.shared.width)
    taken = {*names.taken, *test.arguments, *test.taken, *test.sent.values()}
    stated = [*_containers(facts), *facts]
    code = render_python(stated, replace(names, taken=taken, values=values))
    parsed = [] if PARSED in test.checks else [PARSED]
    test.checks += [*(parsed if code.needs_body else []), *code.lines]
    test.shared.imports |= code.imports
    test.shared.formats |= code.formats


def _containers(facts: Iterable[AssertionFact]) -> list[AssertionFact]:
    """That what the facts look into is an object or array: anything else is a failed assertion."""
    found: dict[str, AssertionFact] = {}
    for fact in facts:
        tokens = split(fact.subject.name)
        if fact.subject.kind is not SubjectKind.BODY or fact.conditions:
            continue
        for depth, token in enumerate(tokens):
            at = pointer_of(tokens[:depth])
            kind = JsonType.ARRAY if token == EACH else JsonType.OBJECT
            optional = at in fact.guards
            presence = Presence.IF_PRESENT if optional else Presence.REQUIRED
            above = tuple(guard for guard in fact.guards if at.startswith(f"{guard}/"))
            check = HasType(frozenset({kind}))
            if not token.isdecimal():
                found.setdefault(
                    at, AssertionFact(fact.call, body(at), check, presence, optional, above)
                )
    return list(found.values())


def _expression(operand: EarlierValue, test: _Test) -> str:
    """What stands in the test for `operand`; "" where nothing does."""
    answer = test.answers.get(operand.call)
    if isinstance(operand, ResponseValue):
        return "" if answer is None else answer.value(operand)
    if answer is not None and (operand.parameter, operand.pointer) in answer.sent:
        return answer.value(operand)
    if operand.parameter:
        return ""
    case = test.case
    step = next((step for step in case.given if step.call == operand.call), None)
    sent = (step or case).request.body
    variable = test.sent.get(operand.call)
    if sent is None or sent.raw is not None:
        return ""
    if variable is None:
        return literal(lookup(sent.value, operand.pointer))
    return member(variable, operand.pointer, sent.value)


def _text(test: _Test) -> str:
    case, shared = test.case, test.shared
    ours = shared.style.own.sections
    lines: list[str] = []
    for title, part in (
        ("# Arrange", test.arrange),
        ("# Act", test.act),
        ("# Assert", test.checks),
        ("# Clean up", test.ending),
    ):
        if part:
            lines += [""] if lines else []
            lines += [title] if ours else []
            lines += part
    arguments = [*(["self"] if shared.style.classes else []), *test.arguments]
    width = WIDTH - 4 if shared.style.classes else WIDTH
    header = definition(f"test_{case.name}", arguments, width)
    code = "\n".join(lines).replace("\n", "\n    ").replace("\n    \n", "\n\n")
    return "\n".join([*shared.labels.of(case), header, f"    {code}"])
