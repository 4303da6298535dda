"""From a document and a plan to test models, one a group of operations (their first tag)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pe4king_core.generation.assertions import asked_as_json, shared_facts
from pe4king_core.generation.names import (
    case_name,
    operation_name,
    with_own_prefix,
    without_collisions,
    words,
)
from pe4king_core.generation.negative import negative_cases
from pe4king_core.generation.positive import (
    Flow,
    find_flows,
    on_created,
    positive_case,
)
from pe4king_core.generation.proving import certainly_invalid
from pe4king_core.generation.requests import changed, valid_request
from pe4king_core.model.case import (
    Depth,
    Labels,
    NotProvable,
    Request,
    Step,
    TestCase,
    TestModel,
    TestPlan,
)
from pe4king_core.model.fact import AssertionFact, CaseFact, CaseKind, Change, ChangeIn
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation


def generate(document: ApiDocument, plan: TestPlan) -> tuple[TestModel, ...]:
    """Test models for the operations that `plan` selects, in the document's order."""
    flows = find_flows(document.operations) if plan.behavioural else {}
    groups: dict[str, list[Operation]] = {}
    labels: dict[str, str] = {}
    for operation in document.operations:
        if not plan.operations or plan.operations & {operation.key, operation.operation_id or ""}:
            label = operation.tags[0] if operation.tags else document.title
            # Tags that differ only in spelling would be one file, so they are one group.
            group = labels.setdefault(words(label), label)
            groups.setdefault(group, []).append(operation)
    base_url = document.servers[0].url if document.servers else ""
    models: list[TestModel] = []
    prefixes: set[str] = set()
    for group, operations in groups.items():
        cases: list[TestCase] = []
        doubts: list[NotProvable] = []
        for operation in operations:
            made, doubtful = generate_cases(operation, plan, flows.get(operation.key))
            cases += with_own_prefix(made, prefixes)
            doubts += doubtful
        named = tuple(without_collisions(cases))
        models.append(TestModel(group, document.title, base_url, named, tuple(doubts)))
    return tuple(models)


def generate_cases(
    operation: Operation, plan: TestPlan, flow: Flow | None = None
) -> tuple[tuple[TestCase, ...], tuple[NotProvable, ...]]:
    """The cases of one operation, most valuable first, cut at `max_tests_per_endpoint`."""
    cases: list[TestCase] = []
    doubts: list[NotProvable] = []
    valid = valid_request(operation)
    impossible = certainly_invalid(valid, operation)
    if CaseKind.POSITIVE in plan.kinds and not impossible:
        cases.append(positive_case(operation, flow, plan.depth, valid))
    elif CaseKind.POSITIVE in plan.kinds:
        doubts.append(_impossible(operation))
    if CaseKind.NEGATIVE in plan.kinds:
        laws = plan.behavioural and not impossible
        negatives = negative_cases(operation, replace(plan, behavioural=laws), valid)
        cases += [
            case_from_fact(operation, fact, plan.depth, flow, valid) for fact in negatives.cases
        ]
        doubts += negatives.not_provable
    unique = tuple(without_collisions({case.id: case for case in cases}.values()))
    return _labelled(unique[: plan.max_tests_per_endpoint], plan.labels), tuple(doubts)


def _impossible(operation: Operation) -> NotProvable:
    return NotProvable(
        operation.key,
        Message(en="answers a valid request", ru="отвечает на верный запрос"),
        Message(
            en="no valid request could be made from the document; an example would help",
            ru="по документу не удалось составить верный запрос; поможет пример",
        ),
    )


def case_from_fact(
    operation: Operation,
    fact: CaseFact,
    depth: Depth,
    flow: Flow | None = None,
    valid: Request | None = None,
) -> TestCase:
    """A concrete negative case: the operation's valid request with the changes of `fact`.

    With `flow` the resource is created first, unless the case is about the path or credentials:
    an error in the body must be found on a resource that exists.
    """
    valid = valid or valid_request(operation)
    request = changed(valid, fact)
    given: tuple[Step, ...] = ()
    call = "C1"
    if flow is not None and fact.changes and not _changes_path(fact.changes):
        given, request = on_created(request, flow)
        call = "C2"
    return TestCase(
        id=f"{operation_name(operation)}.{fact.kind}.{_identity(fact)}",
        name=case_name(operation, fact.title.en),
        kind=fact.kind,
        operation=operation,
        title=fact.title,
        call=call,
        request=request,
        statuses=fact.expected or (400,),
        given=given,
        base=valid,
        changes=fact.changes,
        assertions=fact.assertions or _error_facts(operation, request, fact.expected, call, depth),
        any_client_error=not fact.expected,
        basis=fact.basis,
        law=fact.law,
    )


def _changes_path(changes: Sequence[Change]) -> bool:
    return any(change.where is ChangeIn.PATH for change in changes)


def _identity(fact: CaseFact) -> str:
    """What makes the case this case, stable across runs: its place and its title."""
    place = ".".join(f"{change.where}{change.name.replace('/', '.')}" for change in fact.changes)
    return ".".join(part for part in (place, fact.title.en.replace(" ", "-")) if part)


def _error_facts(
    operation: Operation, request: Request, expected: tuple[int, ...], call: str, depth: Depth
) -> tuple[AssertionFact, ...]:
    """Facts of the documented error that all expected statuses share; its fields, not deeper."""
    stated = asked_as_json(operation) if "Accept" in request.headers else operation
    return shared_facts(stated, expected, call=call, depth=min(depth, Depth.L3_FIELDS))


def _labelled(cases: Sequence[TestCase], labels: Labels) -> tuple[TestCase, ...]:
    return tuple(replace(case, labels=labels) for case in cases)
