"""Positive cases: the valid request of an operation and all that the document promises of it."""

from __future__ import annotations

from pe4king_core.generation.answers.groups import Checked
from pe4king_core.generation.flows.flow import UNDER_TEST, Flow
from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.generation.shown import Behaviour
from pe4king_core.generation.tested import Tested
from pe4king_core.model.case import CleanUp, Labels, Request, TestCase
from pe4king_core.model.fact import Basis, CaseKind
from pe4king_core.model.message import Message


def positive_case(
    tested: Tested,
    request: Request,
    flow: Flow | None,
    checked: Checked,
    clean_up: CleanUp | None,
    labels: Labels,
    law: str = "",
) -> TestCase:
    """The positive case of an operation; with `flow`, on resources that are made first.

    It rests on `law` where the document alone does not promise the success.
    """
    what = Message(f"returns {_shown(tested, 'or')}", f"ответ {_shown(tested, 'или')}")
    return TestCase(
        id=f"{tested.id}.positive",
        name=tested.name(what.en),
        kind=CaseKind.POSITIVE,
        operation=tested.operation,
        title=tested.title(what),
        call=UNDER_TEST,
        request=request,
        statuses=tested.statuses,
        given=flow.steps if flow is not None else (),
        base=request,
        assertions=checked.assertions,
        groups=checked.groups,
        basis=Basis.LAW if law else flow.basis if flow is not None else Basis.DOCUMENT,
        law=law or (flow.law if flow is not None else ""),
        labels=labels,
        clean_up=clean_up,
        value=Worth.POSITIVE.value,
    )


def behaviour_case(
    tested: Tested,
    behaviour: Behaviour,
    checked: Checked,
    clean_up: CleanUp | None,
    labels: Labels,
) -> TestCase:
    """The case that shows a behaviour."""
    parts = (tested.id, "positive", behaviour.law, behaviour.detail)
    return TestCase(
        id=".".join(part for part in parts if part),
        name=tested.name(behaviour.title.en),
        kind=CaseKind.POSITIVE,
        operation=tested.operation,
        title=tested.title(behaviour.title),
        call=UNDER_TEST,
        request=behaviour.request,
        statuses=behaviour.statuses,
        given=behaviour.given,
        base=behaviour.request,
        assertions=(*checked.assertions, *behaviour.facts),
        groups=checked.groups,
        basis=Basis.LAW,
        law=behaviour.law,
        labels=labels,
        clean_up=clean_up,
        value=behaviour.worth.value,
    )


def _shown(tested: Tested, between: str) -> str:
    if len(tested.statuses) < 3:
        return f" {between} ".join(str(status) for status in tested.statuses)
    return "success" if between == "or" else "успешный"
