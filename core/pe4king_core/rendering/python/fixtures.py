"""Fixtures that create what tests need, and remove it when the test is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pe4king_core.model.case import CleanUp, Request, Step, TestCase, TestStyle
from pe4king_core.model.fact import RequestValue, ResponseValue
from pe4king_core.rendering.chosen import (
    earlier_values,
    made_by,
    name_of,
    new_text,
    with_variables,
)
from pe4king_core.rendering.python.calls import Caller, Sent, client_fixture, is_status, is_unsure
from pe4king_core.rendering.python.payloads import Factory, needs_payload, payload_lines
from pe4king_core.rendering.python.text import (
    WIDTH,
    call,
    definition,
    docstring,
    identifier,
    short_identifier,
)
from pe4king_core.rendering.python.values import Answer, fresh, sent_in, taken_in

_ROOM = WIDTH - 4
_LONGEST = 32


@dataclass(frozen=True, slots=True)
class Fixture:
    """A fixture of the file; `answer` is what tests see of the call it makes."""

    name: str
    answer: Answer
    code: str
    needs: tuple[str, ...] = ()
    """The fixtures that it asks for itself."""


@dataclass(slots=True)
class Fixtures:
    """The fixtures of one file, by the identity of the step that each one makes."""

    style: TestStyle
    payloads: Mapping[str, Factory]
    taken: set[str]
    made: dict[int, Fixture] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    """The code of fixtures that make ids which tests and other fixtures need."""

    def of(self, case: TestCase) -> dict[str, Fixture]:
        """The fixtures for steps of `case`, by the ids of their calls."""
        return {
            step.call: self.made[id(step)] for step in fixture_steps(case) if id(step) in self.made
        }


@dataclass(slots=True)
class _Use:
    """A step with the steps before it, and what tests take from it."""

    step: Step
    earlier: list[Step]
    chosen: dict[RequestValue, None] = field(default_factory=dict)
    answered: set[bool] = field(default_factory=set)
    """Whether from a header, for each value that is taken from the answer."""


def fixture_steps(case: TestCase) -> list[Step]:
    """The steps that a fixture can make: creations that stand first, and whose own body the
    test does not look at."""
    seen = {value.call for value in sent_in(case)}
    found: list[Step] = []
    calls: set[str] = set()
    for step in case.given:
        creates = step.request.method == "POST" or step.clean_up is not None or step.request.unique
        known = all(value.call in calls for value in earlier_values(step.request))
        if not creates or not known or step.call in seen:
            break
        found.append(step)
        calls.add(step.call)
    return found


def step_fixtures(
    cases: Iterable[TestCase],
    style: TestStyle,
    payloads: Mapping[str, Factory],
    taken: set[str],
) -> Fixtures:
    """A fixture for every step that creates something; names join `taken`."""
    fixtures = Fixtures(style, payloads, taken)
    uses: dict[int, _Use] = {}
    for case in cases:
        if case.given:
            _add_uses(case, uses)
    for key, use in uses.items():
        fixtures.made[key] = _fixture(use, fixtures)
    return fixtures


def _add_uses(case: TestCase, uses: dict[int, _Use]) -> None:
    before: list[Step] = []
    by_call: dict[str, _Use] = {}
    for step in fixture_steps(case):
        by_call[step.call] = uses.setdefault(id(step), _Use(step, list(before)))
        before.append(step)
    for value in taken_in(case):
        use = by_call.get(value.call)
        if use is not None and isinstance(value, RequestValue):
            use.chosen[value] = None
        elif use is not None and isinstance(value, ResponseValue):
            use.answered.add(bool(value.header))


def _fixture(use: _Use, fixtures: Fixtures) -> Fixture:
    step, parsed = use.step, use.answered == {False}
    resource = short_identifier(made_by(step), _LONGEST) if made_by(step) else ""
    action = short_identifier(step.operation.operation_id or step.operation.key, _LONGEST)
    name = identifier(f"created_{resource}" if resource else f"{action}_answer", fixtures.taken)
    fixtures.taken.add(name)
    local = identifier(resource or "answer", fixtures.taken | {"response", "payload"})
    above = {each.call: fixtures.made[id(each)] for each in use.earlier}
    answers = {call: fixture.answer for call, fixture in above.items()}
    own = Answer(local if parsed else "response", parsed=parsed, sent=_texts(use, fixtures))
    caller = Caller(fixtures.style, _ROOM, {**answers, step.call: own})
    sending = replace(step, request=with_variables(step.request, use.chosen))
    lines = payload_and_call(sending, "response = ", caller, fixtures.payloads)
    lines.append(f"assert response.status_code {is_status(step.statuses)}")
    if parsed:
        lines.append(f"{local} = response.json()")
    shown = local if parsed else "response"
    if step.clean_up is None:
        lines.append(f"return {shown}")
    else:
        lines += [f"yield {shown}", *_removal(step.clean_up, caller)]
    requests = [sending.request, *([step.clean_up.request] if step.clean_up else [])]
    parameters = [client_fixture(each.credentials, fixtures.style.own) for each in requests]
    parameters += _needed(requests, {**answers, step.call: own}, above)
    ending = ", deleted again afterwards" if step.clean_up is not None else ""
    what = f"A new {resource.replace('_', ' ')}" if resource else "The answer"
    code = _code(name, parameters, f"{what} ({step.operation.key}){ending}.", lines)
    return Fixture(name, Answer(name, parsed=parsed, sent=own.sent), code, tuple(parameters))


def _removal(clean_up: CleanUp, caller: Caller) -> list[str]:
    """What a fixture does when the test is over; an id that nobody promised may be missing."""
    unsure = is_unsure(clean_up.request)
    room = replace(caller, width=_ROOM - 4) if unsure else caller
    room = room.without_skips(clean_up.request)
    function, arguments = room.parts(clean_up.operation, clean_up.request, Sent())
    written = call(function, arguments, indent=0, width=room.width)
    if not unsure:
        return [written]
    indented = written.replace("\n", "\n    ")
    return [f"with suppress(LookupError, TypeError):\n    {indented}"]


def _needed(
    requests: Iterable[Request], answers: Mapping[str, Answer], above: Mapping[str, Fixture]
) -> list[str]:
    """The fixtures that a fixture with `requests` asks for."""
    found: list[str] = []
    for value in (value for request in requests for value in earlier_values(request)):
        if value.call in above:
            found.append(above[value.call].name)
        if isinstance(value, RequestValue):
            found.append(answers[value.call].value(value))
    return found


def _texts(use: _Use, fixtures: Fixtures) -> dict[tuple[str, str], str]:
    """Fixtures of the ids that `use` chooses, by their places."""
    names: dict[tuple[str, str], str] = {}
    for value in use.chosen:
        name = identifier(name_of(value, use.step.operation), fixtures.taken)
        fixtures.taken.add(name)
        names[value.parameter, value.pointer] = name
        made = f"return {fresh(new_text(use.step.request, value))}"
        fixtures.texts.append(_code(name, [], "New in every test.", [made]))
    return names


def _code(name: str, parameters: Iterable[str], says: str, lines: Iterable[str]) -> str:
    body = "\n".join([docstring(says), *lines]).replace("\n", "\n    ")
    header = definition(name, list(dict.fromkeys(parameters)))
    return f"@pytest.fixture\n{header}\n    {body}"


def payload_and_call(
    step: Step, start: str, caller: Caller, payloads: Mapping[str, Factory]
) -> list[str]:
    """The statements that send the request of an earlier step."""
    body, lines, sent = step.request.body, [], Sent()
    if body is not None and needs_payload(body):
        factory = payloads.get(step.operation.key)
        lines = payload_lines(body, factory, caller.answers, caller.width)
        sent = Sent(payload="payload")
        if factory is not None and lines == [f"payload = {factory.name}()"]:
            lines, sent = [], Sent(payload=f"{factory.name}()")
    return [*lines, caller.statement(start, step.operation, step.request, sent)]
