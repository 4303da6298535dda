"""From a document and a plan to test models, one a group of operations (their first tag)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pe4king_core.generation.generation import Cases, Generation
from pe4king_core.generation.names import without_collisions, words
from pe4king_core.generation.selection import selected_operations
from pe4king_core.model.case import NotProvable, TestCase, TestModel, TestPlan
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.record import replace
from pe4king_core.openapi.parsing.reading import collector_paused

Progress = Callable[[int, int], None]
"""Told how many operations are done, of how many."""

_MANY_UNTAGGED = 100
"""Operations without a tag that may share one file."""
_VERSION = re.compile(r"(?i:api|rest|v?\d[\d._-]*([a-z]+\d*)?)")
"""Segments such as `v1`, `v1beta1`, `2024-10`, `api`."""


def generate(document: ApiDocument, plan: TestPlan) -> tuple[TestModel, ...]:
    """Test models for the operations that `plan` selects, in the document's order."""
    with collector_paused():
        return tuple(iter_models(document, plan))


def iter_models(
    document: ApiDocument, plan: TestPlan, *, done: Progress | None = None
) -> Iterator[TestModel]:
    """The models one by one, each made when it is asked for, so that no more than one need be
    kept; `done` is called after every operation."""
    models = Models(document, plan)
    total, finished = sum(models.sizes), 0

    def told() -> None:
        nonlocal finished
        finished += 1
        if done is not None:
            done(finished, total)

    for number in range(len(models.sizes)):
        yield models.make(number, told)


class Models:
    """The models of a plan, each made when it is asked for, in any order and in any process."""

    def __init__(self, document: ApiDocument, plan: TestPlan) -> None:
        self._document = document
        self._plan = plan
        with collector_paused():
            self._run = Generation(document.operations, plan)
        self._groups = tuple(_groups(document, selected_operations(document, plan)).items())

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many operations each model is about, in the order of the models."""
        return tuple(len(operations) for _, operations in self._groups)

    @property
    def head(self) -> TestModel:
        """The document as a model without cases."""
        return _model(self._document, self._document.title, ())

    def make(self, number: int, done: Callable[[], None] | None = None) -> TestModel:
        """The model with this number; `done` is called after every operation."""
        group, operations = self._groups[number]
        labels = replace(self._plan.labels, feature=self._plan.labels.feature or group)
        made: list[Cases] = []
        with collector_paused():
            for operation in operations:
                made.append(self._run.cases(operation, labels))
                if done is not None:
                    done()
        return _model(self._document, group, made)


def _groups(document: ApiDocument, operations: Sequence[Operation]) -> dict[str, list[Operation]]:
    """The operations by their first tag; tags that differ only in spelling would be one file.

    Those without tags are one group, or many groups by their resource where one file of them
    would be too long to read.
    """
    groups: dict[str, list[Operation]] = {}
    labels: dict[str, str] = {}
    by_resource = sum(not operation.tags for operation in document.operations) > _MANY_UNTAGGED
    for operation in operations:
        resource = _resource(operation) if by_resource else ""
        label = operation.tags[0] if operation.tags else resource or document.title
        groups.setdefault(labels.setdefault(words(label), label), []).append(operation)
    return groups


def _resource(operation: Operation) -> str:
    """What the path names first: `accounts` of `/v1/accounts/{id}`; "" where it names nothing."""
    names = (name for name in operation.route.split("/") if name and "{" not in name)
    return next((name for name in names if not _VERSION.fullmatch(name)), "")


def _model(document: ApiDocument, group: str, made: Sequence[Cases]) -> TestModel:
    base_url = document.servers[0].url if document.servers else ""
    cases = without_collisions(case for each in made for case in each.cases)
    return TestModel(
        group,
        document.title,
        base_url,
        tuple(cases),
        tuple(doubt for each in made for doubt in each.not_provable),
        sum(each.over_budget for each in made),
    )


def generate_cases(
    operation: Operation, plan: TestPlan
) -> tuple[tuple[TestCase, ...], tuple[NotProvable, ...]]:
    """The cases of one operation alone, as if its document had no other."""
    found = Generation((operation,), plan).cases(operation)
    return found.cases, found.not_provable
