"""Cases that change the valid request: negative ones, and edges of what is valid."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from pe4king_core.generation.answers.groups import Checked
from pe4king_core.generation.flows.flow import UNDER_TEST, Flow, aimed
from pe4king_core.generation.flows.flows import Flows
from pe4king_core.generation.requests.requests import changed
from pe4king_core.generation.resources.chosen import is_segment
from pe4king_core.generation.tested import Tested
from pe4king_core.model.case import CleanUp, Labels, Request, RequestArgument, Step, TestCase
from pe4king_core.model.fact import (
    Basis,
    CaseFact,
    CaseKind,
    Change,
    ChangeIn,
    ChangeKind,
    EarlierValue,
    RequestValue,
)
from pe4king_core.model.json import has, lookup, split
from pe4king_core.model.message import Message
from pe4king_core.model.record import record, replace

_Text = TypeVar("_Text")


@record(frozen=True, slots=True)
class Base:
    """What changes are made to: the valid request with the steps that come before it."""

    request: Request
    steps: tuple[Step, ...] = ()
    clean_up: CleanUp | None = None
    law: str = ""
    """The law that success rests on, where the document does not promise it."""
    always: bool = False
    """Whether it rests on the law without the steps as well."""


@record(frozen=True, slots=True)
class Bases:
    """The bases of the cases of one operation."""

    plain: Base
    """With made-up values, for what is looked at before any resource is."""
    edge: Base
    negative: Base

    @classmethod
    def of(
        cls, valid: Request, flow: Flow | None, clean_up: CleanUp | None, existing: str = ""
    ) -> Bases:
        """The bases by the `valid` request and the `flow` to the operation; `existing` is the law
        that its success rests on beside the flow.

        An error in the body must be found on a resource that exists; other resources that the
        body names are looked at after it. A negative case does without what may not be there.
        """
        plain = Base(valid)
        if flow is None:
            return cls(plain, Base(valid, (), clean_up, existing, bool(existing)), plain)
        law = "" if flow.promised else flow.law
        way = aimed(valid, flow)
        edge = Base(way, flow.steps, clean_up, existing or law, bool(existing))
        if not flow.sure:
            return cls(plain, edge, plain)
        to_path = replace(flow, body={})
        return cls(plain, edge, Base(aimed(valid, to_path), flow.steps, law=law))

    def of_fact(self, fact: CaseFact) -> Base:
        """The base of the case of `fact`."""
        if fact.kind is not CaseKind.NEGATIVE:
            return self.edge
        changes = fact.changes
        if not changes or any(change.where is ChangeIn.METHOD for change in changes):
            return self.plain
        return self.negative


def place_of_change(fact: CaseFact) -> tuple[str, ...]:
    """The names that lead to the one change of `fact`, positions of items left out."""
    if len(fact.changes) != 1:
        return ()
    [change] = fact.changes
    if change.where is ChangeIn.BODY:
        return tuple(token for token in split(change.name) if not token.isdecimal())
    return (change.where, change.name) if change.name else ()


def makes_up_ids(fact: CaseFact, flows: Flows) -> bool:
    """Whether the changes of an edge put ids of resources into the body that nobody made."""
    for change in fact.changes:
        if change.where is ChangeIn.BODY and change.kind is not ChangeKind.REMOVE:
            name = next((t for t in reversed(split(change.name)) if not t.isdecimal()), "")
            if flows.sending.names_resources(change.value, name):
                return True
    return False


def repeats_names(fact: CaseFact, valid: Request) -> bool:
    """Whether an edge puts a fixed text where the valid request has one that is always new."""
    unique = valid.body.unique if valid.body is not None else {}
    return any(
        change.where is ChangeIn.BODY
        and change.kind is not ChangeKind.REMOVE
        and isinstance(change.value, str)
        and change.name in unique
        for change in fact.changes
    )


def with_missing_resource(fact: CaseFact) -> CaseFact:
    """The negative `fact` for a path with a made-up id: that nothing is there may be told first."""
    if not fact.expected or 404 in fact.expected or not fact.changes:
        return fact
    if any(change.where in (ChangeIn.PATH, ChangeIn.METHOD) for change in fact.changes):
        return fact
    return replace(fact, expected=(*fact.expected, 404))


def varied_case(
    tested: Tested, fact: CaseFact, title: Message, base: Base, checked: Checked, labels: Labels
) -> TestCase:
    """The request of `base` with the changes of `fact`, and what must follow."""
    edge = fact.kind is not CaseKind.NEGATIVE
    start = base.request
    request = _without_changed(changed(start, fact), start, fact.changes)
    steps = _needed(base.steps, request) if base.steps else ()
    law = base.law if steps or base.always else ""
    return TestCase(
        id=f"{tested.id}.{fact.kind}.{_identity(fact)}",
        name=tested.name(title.en),
        kind=fact.kind,
        operation=tested.operation,
        title=tested.title(title),
        call=UNDER_TEST,
        request=request,
        statuses=fact.expected or (tested.statuses if edge else (400,)),
        given=steps,
        base=start,
        changes=fact.changes,
        assertions=checked.assertions,
        groups=checked.groups,
        any_client_error=not edge and not fact.expected,
        basis=Basis.LAW if law else fact.basis,
        law=fact.law or law,
        labels=labels,
        clean_up=after_change(base.clean_up, request) if base.clean_up is not None else None,
        value=fact.value,
    )


def after_change(clean_up: CleanUp, request: Request) -> CleanUp | None:
    """`clean_up` of what the changed `request` makes; None where it sends no id any more."""
    path: dict[str, RequestArgument] = {}
    for name, value in clean_up.request.path_parameters.items():
        path[name] = value
        if isinstance(value, RequestValue) and value.call == UNDER_TEST:
            sent = _still_sent(value, request)
            if sent is None:
                return None
            path[name] = sent
    if path == clean_up.request.path_parameters:
        return clean_up
    return CleanUp(clean_up.operation, replace(clean_up.request, path_parameters=path))


def _still_sent(value: RequestValue, request: Request) -> RequestArgument:
    """The id at `value`: new in every run, or fixed by a change."""
    body = request.body
    if value.parameter:
        fixed = request.path_parameters.get(value.parameter)
        return value if value.parameter in request.unique else fixed
    if body is None or body.raw is not None or value.pointer in body.unique:
        return value if body is not None and value.pointer in body.unique else None
    fixed = lookup(body.value, value.pointer) if has(body.value, value.pointer) else None
    return fixed if isinstance(fixed, str) and is_segment(fixed) else None


def _needed(steps: tuple[Step, ...], request: Request) -> tuple[Step, ...]:
    """The steps whose answers `request` uses, and those that these use."""
    wanted = _calls(request)
    kept: list[Step] = []
    for step in reversed(steps):
        if step.call in wanted:
            kept.append(step)
            wanted |= _calls(step.request)
    return steps if len(kept) == len(steps) else tuple(reversed(kept))


def _calls(request: Request) -> set[str]:
    """The earlier calls that `request` takes values from."""
    taken = request.body.taken if request.body is not None else {}
    arguments = (
        *request.path_parameters.values(),
        *request.query.values(),
        *request.headers.values(),
        *taken.values(),
    )
    return {value.call for value in arguments if isinstance(value, EarlierValue)}


def _without_changed(request: Request, start: Request, changes: Collection[Change]) -> Request:
    """`request` with nothing said to be new or taken where a change has put something else."""
    if request.unique:
        names = {change.name for change in changes if change.where is ChangeIn.PATH}
        unique = {name: text for name, text in request.unique.items() if name not in names}
        request = replace(request, unique=unique)
    if request.fresh_headers:
        changed_names = {change.name for change in changes if change.where is ChangeIn.HEADER}
        headers = request.fresh_headers.items()
        kept = {name: text for name, text in headers if name not in changed_names}
        request = replace(request, fresh_headers=kept)
    body = request.body
    if body is None or body is start.body or not (body.unique or body.taken):
        return request
    places = [change.name for change in changes if change.where is ChangeIn.BODY]
    if body.raw is not None:
        places = [""]
    unique, taken = _untouched(body.unique, places), _untouched(body.taken, places)
    if len(unique) == len(body.unique) and len(taken) == len(body.taken):
        return request
    return replace(request, body=replace(body, unique=unique, taken=taken))


def _untouched(values: Mapping[str, _Text], places: Collection[str]) -> dict[str, _Text]:
    """The values that no change has replaced, taken away, or put something in the place of."""
    return {
        pointer: value
        for pointer, value in values.items()
        if not any(f"{pointer}/".startswith(f"{place}/") for place in places)
        and not any(place.startswith(f"{pointer}/") for place in places)
    }


def _identity(fact: CaseFact) -> str:
    """What makes the case this case, stable across runs: its place and its title."""
    place: tuple[str, ...] = ()
    if len(fact.changes) == 1:
        [change] = fact.changes
        place = (change.where, *change.name.split("/"))
    return ".".join(filter(None, (*place, fact.title.en.replace(" ", "-"))))
