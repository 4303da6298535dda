"""Calls before the one under test: those that several tests make become methods of the class.

Response createdBook = createdBook();
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pe4king_core.model.case import Step, TestCase
from pe4king_core.model.fact import Contains, Equals, RequestValue, ResponseValue
from pe4king_core.rendering.chosen import chosen_in, earlier_values, made_by, name_of
from pe4king_core.rendering.java.earlier import key_of
from pe4king_core.rendering.java.method import Method, Requests, references
from pe4king_core.rendering.java.text import camel, pascal, unique

_VERBS = {"POST": "created", "PUT": "updated", "PATCH": "updated", "DELETE": "deleted"}


@dataclass(frozen=True, slots=True)
class Helper:
    """A method that makes `step`, given the answers of the calls `parameters`."""

    name: str
    step: Step
    parameters: tuple[str, ...]
    texts: tuple[RequestValue, ...] = ()
    """Texts that calls send and others need, which it is given as well."""


@dataclass(slots=True)
class Flows:
    """The helpers of one class."""

    helpers: dict[str, list[Helper]] = field(default_factory=dict)

    def share(self, cases: Sequence[TestCase], requests: Requests, taken: set[str]) -> list[str]:
        """Makes a method of each step that two or more of `cases` make; returns their code."""
        steps: dict[int, tuple[Step, list[TestCase]]] = {}
        for case in cases:
            for step in case.given:
                steps.setdefault(id(step), (step, []))[1].append(case)
        methods: list[str] = []
        for step, users in steps.values():
            if len(users) < 2 or self.helper(step) is not None:
                continue
            name = unique(variable_of(step), taken)
            taken.add(name)
            texts = _texts(step, users)
            helper = Helper(name, step, _parameters(step, users[0].given), texts)
            self.helpers.setdefault(step.call, []).append(helper)
            methods.append(_code(helper, requests, users[0].given))
        return methods

    def helper(self, step: Step) -> Helper | None:
        """The method that makes `step`."""
        for helper in self.helpers.get(step.call, ()):
            if helper.step is step or helper.step == step:
                return helper
        return None


def _parameters(step: Step, given: Sequence[Step]) -> tuple[str, ...]:
    used = references(step.request)
    if step.clean_up is not None:
        used |= references(step.clean_up.request)
    return tuple(each.call for each in given if each.call in used and each is not step)


def _texts(step: Step, users: Sequence[TestCase]) -> tuple[RequestValue, ...]:
    """What `step` sends and `users` need again, and what earlier steps have sent and it needs."""
    requests = [step.request, *([step.clean_up.request] if step.clean_up is not None else [])]
    needed = [value for request in requests for value in earlier_values(request)]
    found = [value for value in needed if isinstance(value, RequestValue)]
    found += [value for case in users for value in chosen_in(case) if value.call == step.call]
    return tuple(dict.fromkeys(found))


def _code(helper: Helper, requests: Requests, given: Sequence[Step]) -> str:
    method = Method(requests)
    names: list[str] = []
    for call in helper.parameters:
        before = next(each for each in given if each.call == call)
        names.append(method.name(variable_of(before)))
        method.responses[call] = names[-1]
    parameters = [f"Response {name}" for name in names]
    operations = {each.call: each.operation for each in (*given, helper.step)}
    for value in helper.texts:
        name = method.name(camel(name_of(value, operations[value.call])))
        method.responses[key_of(value)] = name
        parameters.append(f"String {name}")
    method.step(helper.step, "response", "body", _own(helper.texts, helper.step))
    head = signature(helper.name, parameters)
    return "\n".join([head, *method.lines, "    return response;", "  }"])


def signature(name: str, parameters: Sequence[str]) -> str:
    """The head of a method, as google-java-format breaks it."""
    flat = f"  private Response {name}({', '.join(parameters)}) {{"
    return (
        flat
        if len(flat) <= 100
        else f"  private Response {name}(\n      {', '.join(parameters)}) {{"
    )


def _own(values: Sequence[RequestValue], step: Step) -> list[RequestValue]:
    return [value for value in values if value.call == step.call]


def variable_of(step: Step) -> str:
    """What the answer of `step` is called: `createdBook`, `publishBookAnswer`."""
    verb = _VERBS.get(step.request.method, "found")
    if verb == "updated" and (step.clean_up is not None or step.request.unique):
        verb = "created"
    thing = made_by(step)
    if not thing and verb == "created" and "{" in step.operation.route:
        return camel(f"{step.operation.operation_id or step.operation.key} answer")
    return camel(verb + pascal(thing or "Answer", "Answer"))


def arrange(
    case: TestCase, method: Method, flows: Flows, chosen: Sequence[RequestValue] = ()
) -> None:
    """The earlier calls of `case`, through the methods of its class where there are some.

    `chosen` are the texts that calls send and others need again.
    """
    asked = _asked_for(case, chosen)
    for index, step in enumerate(case.given):
        helper = None if step.call in asked else flows.helper(step)
        if helper is None:
            name = method.name(variable_of(step))
            method.step(step, name, f"{name}Body", _own(chosen, step))
            continue
        method.choose(step.request, step.operation, _own(helper.texts, step))
        given = [method.responses[call] for call in helper.parameters]
        arguments = ", ".join([*given, *(method.responses[key_of(v)] for v in helper.texts)])
        if not _is_used(step.call, case, index):
            method.add(f"{helper.name}({arguments});")
            continue
        name = method.name(variable_of(step))
        method.responses[step.call] = name
        method.add(f"Response {name} = {helper.name}({arguments});")


def _asked_for(case: TestCase, chosen: Sequence[RequestValue]) -> set[str]:
    """Calls whose bodies the facts ask for where only the running test knows them."""
    bodies = {step.call: step.request.body for step in case.given}
    found: set[str] = set()
    for fact in case.assertions:
        match fact.check:
            case Equals(RequestValue() as value) | Contains(RequestValue() as value):
                pointer, call = value.pointer, value.call
                body = bodies.get(call) if value not in chosen else None
                if body is not None and (pointer in body.unique or pointer in body.taken):
                    found.add(call)
    return found


def _is_used(call: str, case: TestCase, index: int) -> bool:
    """Whether something behind the step `index` looks at the answer of `call`."""
    used = references(case.request)
    for step in case.given[index + 1 :]:
        used |= references(step.request)
        used |= references(step.clean_up.request) if step.clean_up is not None else set()
    if case.clean_up is not None:
        used |= references(case.clean_up.request)
    for fact in case.assertions:
        match fact.check:
            case Equals(ResponseValue() as value) | Contains(ResponseValue() as value):
                used.add(value.call)
    return call in used
