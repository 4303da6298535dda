"""Fixtures that create what tests need, and remove it when the test is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pe4king_core.model.case import Step, TestCase, TestStyle
from pe4king_core.rendering.python_calls import Caller, Sent, client_fixture
from pe4king_core.rendering.python_payloads import Factory, needs_payload, payload_lines
from pe4king_core.rendering.python_text import (
    WIDTH,
    call,
    definition,
    docstring,
    identifier,
    singular,
)
from pe4king_core.rendering.python_values import (
    Answer,
    sent_in,
    taken_by,
    taken_in,
)

_ROOM = WIDTH - 4
_LONGEST = 32


@dataclass(frozen=True, slots=True)
class Fixture:
    """A fixture of the file; `answer` is what tests see of the call it makes."""

    name: str
    answer: Answer
    code: str
    imports: frozenset[str] = frozenset()


@dataclass(slots=True)
class Fixtures:
    """The fixtures of one file, by the identity of the step that each one makes."""

    style: TestStyle
    payloads: Mapping[str, Factory]
    taken: set[str]
    made: dict[int, Fixture] = field(default_factory=dict)

    def of(self, case: TestCase) -> dict[str, Fixture]:
        """The fixtures for steps of `case`, by the ids of their calls."""
        return {
            step.call: self.made[id(step)] for step in fixture_steps(case) if id(step) in self.made
        }


def fixture_steps(case: TestCase) -> list[Step]:
    """The steps that a fixture can make: creations that stand first, and whose own body the
    test does not look at."""
    seen = {value.call for value in sent_in(case)}
    found: list[Step] = []
    calls: set[str] = set()
    for step in case.given:
        creates = step.request.method == "POST" or step.clean_up is not None
        known = all(value.call in calls for value in taken_by(step.request))
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
    steps: dict[int, tuple[Step, list[Step]]] = {}
    used: dict[int, set[bool]] = {}
    for case in cases:
        if not case.given:
            continue
        before: list[Step] = []
        for step in fixture_steps(case):
            steps.setdefault(id(step), (step, list(before)))
            before.append(step)
        by_call = {step.call: step for step in case.given}
        for value in taken_in(case):
            if value.call in by_call:
                used.setdefault(id(by_call[value.call]), set()).add(bool(value.header))
    for key, (step, earlier) in steps.items():
        parsed = used.get(key) == {False}
        fixtures.made[key] = _fixture(step, earlier, fixtures, parsed=parsed)
    return fixtures


def _fixture(step: Step, earlier: list[Step], fixtures: Fixtures, *, parsed: bool) -> Fixture:
    resource = resource_name(step.operation.route or step.operation.path)
    name = identifier(f"created_{resource}", fixtures.taken)
    fixtures.taken.add(name)
    local = identifier(resource, fixtures.taken | {"response", "payload"})
    above = {each.call: fixtures.made[id(each)] for each in earlier}
    answers = {call: fixture.answer for call, fixture in above.items()}
    own = Answer(local if parsed else "response", parsed=parsed)
    caller = Caller(fixtures.style, _ROOM, {**answers, step.call: own})
    lines = payload_and_call(step, "response = ", caller, fixtures.payloads)
    lines.append(f"assert response.status_code == {step.status}")
    if parsed:
        lines.append(f"{local} = response.json()")
    shown = local if parsed else "response"
    if step.clean_up is None:
        lines.append(f"return {shown}")
    else:
        function, arguments = caller.parts(step.clean_up.operation, step.clean_up.request, Sent())
        lines += [f"yield {shown}", call(function, arguments, indent=0, width=_ROOM)]
    requests = [step.request, *([step.clean_up.request] if step.clean_up else [])]
    needed = {value.call for request in requests for value in taken_by(request)}
    parameters = [client_fixture(each.credentials, fixtures.style.own) for each in requests]
    parameters += [fixture.name for call, fixture in above.items() if call in needed]
    ending = ", deleted again afterwards" if step.clean_up is not None else ""
    says = docstring(f"A new {resource.replace('_', ' ')} ({step.operation.key}){ending}.")
    body = "\n".join([says, *lines]).replace("\n", "\n    ")
    header = definition(name, list(dict.fromkeys(parameters)))
    return Fixture(
        name, Answer(name, parsed=parsed), f"@pytest.fixture\n{header}\n    {body}", _PYTEST
    )


_PYTEST = frozenset({"pytest"})


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


def resource_name(path: str) -> str:
    """What a path is about, as a name: `/v1/books` is `book`."""
    literal = [part for part in path.split("/") if part and "{" not in part]
    return identifier(singular(identifier(literal[-1][:_LONGEST]))) if literal else "resource"
