"""Calls before the one under test: those that several tests make become methods of the class.

Response createdBook = createdBook();
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pe4king_core.model.case import Step, TestCase
from pe4king_core.model.fact import Contains, Equals, RequestValue, ResponseValue
from pe4king_core.rendering.java_method import Method, Requests, references
from pe4king_core.rendering.java_text import camel, pascal, unique

_VERBS = {"POST": "created", "PUT": "updated", "PATCH": "updated", "DELETE": "deleted"}
_PLURALS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"))


@dataclass(frozen=True, slots=True)
class Helper:
    """A method that makes `step`, given the answers of the calls `parameters`."""

    name: str
    step: Step
    parameters: tuple[str, ...]


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
            helper = Helper(name, step, _parameters(step, users[0].given))
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


def _code(helper: Helper, requests: Requests, given: Sequence[Step]) -> str:
    method = Method(requests)
    names: list[str] = []
    for call in helper.parameters:
        before = next(each for each in given if each.call == call)
        names.append(method.name(variable_of(before)))
        method.responses[call] = names[-1]
    parameters = ", ".join(f"Response {name}" for name in names)
    method.step(helper.step, "response", "body")
    head = f"  private Response {helper.name}({parameters}) {{"
    return "\n".join([head, *method.lines, "    return response;", "  }"])


def variable_of(step: Step) -> str:
    """What the answer of `step` is called: `createdBook`."""
    parts = [part for part in step.operation.path.split("/") if part]
    names = [part for part in parts if "{" not in part]
    verb = _VERBS.get(step.request.method, "found")
    if verb == "updated" and step.clean_up is not None:
        verb = "created"
    return camel(verb + pascal(_singular(names[-1]) if names else "Answer", "Answer"))


def _singular(word: str) -> str:
    for ending, single in _PLURALS:
        if word.endswith(ending):
            return word.removesuffix(ending) + single
    plural = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word


def arrange(case: TestCase, method: Method, flows: Flows) -> None:
    """The earlier calls of `case`, through the methods of its class where there are some."""
    asked = _asked_for(case)
    for index, step in enumerate(case.given):
        helper = None if step.call in asked else flows.helper(step)
        if helper is None:
            name = method.name(variable_of(step))
            method.step(step, name, f"{name}Body")
            continue
        arguments = ", ".join(method.responses[call] for call in helper.parameters)
        if not _is_used(step.call, case, index):
            method.add(f"{helper.name}({arguments});")
            continue
        name = method.name(variable_of(step))
        method.responses[step.call] = name
        method.add(f"Response {name} = {helper.name}({arguments});")


def _asked_for(case: TestCase) -> set[str]:
    """Calls whose bodies the facts ask for where only the running test knows them."""
    bodies = {step.call: step.request.body for step in case.given}
    found: set[str] = set()
    for fact in case.assertions:
        match fact.check:
            case Equals(RequestValue(pointer, call)) | Contains(RequestValue(pointer, call)):
                body = bodies.get(call)
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
