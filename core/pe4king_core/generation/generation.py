"""One run over a document: makes the cases of its operations, remembering what they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pe4king_core.generation.answers.groups import AnswerFacts, Checked
from pe4king_core.generation.behaviour import behaviours
from pe4king_core.generation.budget import within_budget, without_repeats
from pe4king_core.generation.flows.destructive import destroys, is_named, left_out
from pe4king_core.generation.flows.existing import READING, needs_existing
from pe4king_core.generation.flows.flow import aimed
from pe4king_core.generation.flows.flows import Flows, is_known
from pe4king_core.generation.names import OperationNames, told_apart, without_collisions
from pe4king_core.generation.positive import behaviour_case, positive_case
from pe4king_core.generation.resources.accounts import (
    NEEDS_CREDENTIALS,
    OWN_ACCOUNT,
    changes_identity,
    has_credentials,
    is_login,
    sets_identity,
)
from pe4king_core.generation.shown import Behaviour
from pe4king_core.generation.tested import Tested
from pe4king_core.generation.variations.edge import edge_cases
from pe4king_core.generation.variations.methods import Methods
from pe4king_core.generation.variations.negative import negative_cases
from pe4king_core.generation.variations.prepared import ValidRequests
from pe4king_core.generation.variations.schema_memo import SchemaMemo
from pe4king_core.generation.varied import (
    Bases,
    makes_up_ids,
    place_of_change,
    repeats_names,
    varied_case,
    with_missing_resource,
)
from pe4king_core.model.case import (
    EXISTING_DATA,
    Labels,
    NotProvable,
    TestCase,
    TestPlan,
)
from pe4king_core.model.fact import Basis, CaseFact, CaseKind
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation, OperationEntry
from pe4king_core.model.record import record, replace

_IMPOSSIBLE = (
    Message("answers a valid request", "отвечает на верный запрос"),
    Message(
        "no valid request could be made from the document; an example would help",
        "по документу не удалось составить верный запрос; поможет пример",
    ),
)

_SWITCHING = Message(
    "the document has no answer in HTTP for it: it goes on in another protocol (1xx)",
    "в документе нет ответа на него в HTTP: разговор продолжается по другому протоколу (1xx)",
)

_MADE_UP = Message(
    "it holds ids of other resources, which would have to exist",
    "в нём есть идентификаторы других ресурсов, которые должны существовать",
)

_NOT_NEW = Message(
    "the value would be new in the first run only, and nothing removes it",
    "значение было бы новым только при первом запуске, а удалить его нечем",
)


@record(frozen=True, slots=True)
class Cases:
    """The cases of one operation in their order, what could not be proven, what was left out."""

    cases: tuple[TestCase, ...]
    not_provable: tuple[NotProvable, ...] = ()
    over_budget: int = 0


class Generation:
    """One run of the generator over `operations`, which are all of their document."""

    def __init__(self, operations: Sequence[Operation], plan: TestPlan) -> None:
        self._plan = plan
        self._requests = ValidRequests(plan.seed)
        self._flows = Flows(operations, self._requests)
        self._names = OperationNames(operations)
        self._answers = AnswerFacts()
        self._memo = SchemaMemo()
        self._methods = Methods(OperationEntry(o.method, o.path, o.pointer) for o in operations)

    def cases(self, operation: Operation, labels: Labels | None = None) -> Cases:
        """The cases of one operation that the plan wants: positive, behaviours, edges, negatives.

        `labels` replace those of the plan.
        """
        return _OperationRun(self, operation, labels or self._plan.labels).cases()

    def from_fact(self, operation: Operation, fact: CaseFact) -> TestCase:
        """The case of a fact that somebody else proposes."""
        [case] = _OperationRun(self, operation, self._plan.labels).varied((fact,))
        return case


class _OperationRun:
    """The cases of one operation, with what they share."""

    def __init__(self, run: Generation, operation: Operation, labels: Labels) -> None:
        self._run = run
        self._plan = run._plan
        self._operation = operation
        self._labels = labels
        self._tested = Tested.of(operation, run._names)
        self._valid = run._flows.sending.request(operation)
        self._flow = run._flows.to(operation) if self._plan.behavioural else None
        self._aimed = aimed(self._valid, self._flow)
        self._clean_up = run._flows.clean_up(operation, self._aimed)
        self._made_up = "404" in operation.responses and not is_known(operation, self._flow)
        self._possible = run._requests.possible(operation)
        self._destroys = destroys(operation)
        stateful = self._plan.behavioural and not self._destroys
        self._refused = self._refusal() if stateful else None
        if self._refused is not None and is_named(operation, self._plan):
            self._refused, needs_data = None, True
        else:
            needs_data = stateful and self._needs_data()
        self._existing = EXISTING_DATA if needs_data else ""
        tried = self._refused is None and (not needs_data or operation.method in READING)
        self._switches = max(self._tested.statuses) < 200
        self._has_edges = self._possible and tried and not self._switches
        self._checked: dict[tuple[int, ...], Checked] = {}

    def _refusal(self) -> Message | None:
        """Why the valid request is not to be sent; None where it may be."""
        operation, valid = self._operation, self._valid
        if changes_identity(operation, valid):
            return OWN_ACCOUNT
        unknown = self._logs_in() and not has_credentials(operation, valid)
        return NEEDS_CREDENTIALS if unknown else None

    def _needs_data(self) -> bool:
        return self._logs_in() or needs_existing(self._operation, self._valid, self._flow)

    def _logs_in(self) -> bool:
        """Whether it is a login of somebody whom no flow registers."""
        return self._flow is None and is_login(self._operation, self._valid)

    def cases(self) -> Cases:
        """All of them, within the budget."""
        if self._destroys and not is_named(self._operation, self._plan):
            return Cases((), (left_out(self._operation),))
        doubts: list[NotProvable] = []
        made = [*self._positive(doubts), *self._variations(doubts)]
        found = list(without_collisions(without_repeats(made)))
        kept = within_budget(found, self._plan.max_tests_per_endpoint)
        return Cases(tuple(kept), tuple(doubts), len(found) - len(kept))

    def _positive(self, doubts: list[NotProvable]) -> Iterator[TestCase]:
        if CaseKind.POSITIVE not in self._plan.kinds:
            return
        if not self._possible:
            doubts.append(NotProvable(self._operation.key, *_IMPOSSIBLE))
            return
        refused = _SWITCHING if self._switches else self._refused
        if refused is not None:
            doubts.append(NotProvable(self._operation.key, _IMPOSSIBLE[0], refused))
            return
        checked = self._check(self._tested.statuses)
        yield positive_case(
            self._tested,
            self._aimed,
            self._flow,
            checked,
            self._clean_up,
            self._labels,
            self._existing,
        )
        if self._plan.behavioural and not self._existing:
            for each in behaviours(self._operation, self._valid, self._run._flows):
                yield self._behaviour(each)

    def _behaviour(self, behaviour: Behaviour) -> TestCase:
        checked, flows = Checked(), self._run._flows
        if behaviour.statuses[0] >= 400:
            checked = self._check(behaviour.statuses)
        clean_up = flows.clean_up(self._operation, behaviour.request)
        return behaviour_case(self._tested, behaviour, checked, clean_up, self._labels)

    def _variations(self, doubts: list[NotProvable]) -> list[TestCase]:
        facts: list[CaseFact] = []
        if CaseKind.EDGE in self._plan.kinds and self._has_edges:
            edges = edge_cases(self._operation, self._plan, self._valid, self._run._memo)
            for fact in edges.cases:
                reason = self._cannot_be_sent(fact)
                if reason is None:
                    facts.append(fact)
                else:
                    doubts.append(NotProvable(self._operation.key, fact.title, reason))
            doubts += edges.not_provable
        if CaseKind.NEGATIVE in self._plan.kinds:
            laws = self._plan.behavioural and self._possible
            plan = self._plan if laws else replace(self._plan, behavioural=False)
            negatives = negative_cases(self._operation, plan, self._valid, self._run._memo)
            facts += (
                map(with_missing_resource, negatives.cases) if self._made_up else negatives.cases
            )
            method = self._run._methods.case(self._operation)
            if method is not None and (laws or method.basis is Basis.DOCUMENT):
                facts.append(method)
            doubts += negatives.not_provable
        return self.varied(facts)

    def _cannot_be_sent(self, edge: CaseFact) -> Message | None:
        """Why a server that obeys the document may refuse a valid request; None where it may not.

        What is removed again may be made with the same name in every run.
        """
        if not self._plan.behavioural:
            return None
        if sets_identity(self._operation, edge.changes):
            return OWN_ACCOUNT
        if makes_up_ids(edge, self._run._flows):
            return _MADE_UP
        steps = self._flow.steps if self._flow is not None else ()
        removed = self._clean_up is not None or any(step.clean_up for step in steps)
        if not removed and repeats_names(edge, self._valid):
            return _NOT_NEW
        return None

    def varied(self, facts: Sequence[CaseFact]) -> list[TestCase]:
        """The cases of `facts`, with titles that tell them apart."""
        titles = told_apart(
            [fact.title for fact in facts], [place_of_change(fact) for fact in facts]
        )
        bases = Bases.of(self._valid, self._flow, self._clean_up, self._existing)
        return [
            varied_case(
                self._tested, fact, title, bases.of_fact(fact), self._facts(fact), self._labels
            )
            for fact, title in zip(facts, titles, strict=True)
        ]

    def _facts(self, fact: CaseFact) -> Checked:
        if fact.assertions:
            return Checked(fact.assertions)
        negative = fact.kind is CaseKind.NEGATIVE
        return self._check(fact.expected if negative else fact.expected or self._tested.statuses)

    def _check(self, statuses: tuple[int, ...]) -> Checked:
        """What holds of answers with `statuses`; equal ones are one object."""
        found = self._checked.get(statuses)
        if found is None:
            found = self._checked[statuses] = self._run._answers.of(
                self._operation,
                statuses,
                call="C1",
                depth=self._plan.depth,
                asked_json="Accept" in self._valid.headers,
            )
        return found
