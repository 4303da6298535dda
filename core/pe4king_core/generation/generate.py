"""From a document and a plan to test models, one a group of operations (their first tag)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from pe4king_core.generation.generation import Cases, Generation
from pe4king_core.generation.names import without_collisions, words
from pe4king_core.generation.selection import selected_operations
from pe4king_core.model.case import NotProvable, TestCase, TestModel, TestPlan
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.openapi.parsing.reading import collector_paused

Progress = Callable[[int, int], None]
"""Told how many operations are done, of how many."""


def generate(document: ApiDocument, plan: TestPlan) -> tuple[TestModel, ...]:
    """Test models for the operations that `plan` selects, in the document's order."""
    return tuple(iter_models(document, plan))


def iter_models(
    document: ApiDocument, plan: TestPlan, *, done: Progress | None = None
) -> Iterator[TestModel]:
    """The models one by one, each made when it is asked for, so that no more than one need be
    kept; `done` is called after every operation."""
    run = Generation(document.operations, plan)
    groups = _groups(document, selected_operations(document, plan))
    total = sum(len(operations) for operations in groups.values())
    count = 0
    for group, operations in groups.items():
        labels = replace(plan.labels, feature=plan.labels.feature or group)
        made: list[Cases] = []
        with collector_paused():
            for operation in operations:
                made.append(run.cases(operation, labels))
                count += 1
                if done is not None:
                    done(count, total)
        yield _model(document, group, made)


def _groups(document: ApiDocument, operations: Sequence[Operation]) -> dict[str, list[Operation]]:
    """The operations by their first tag; tags that differ only in spelling would be one file."""
    groups: dict[str, list[Operation]] = {}
    labels: dict[str, str] = {}
    for operation in operations:
        label = operation.tags[0] if operation.tags else document.title
        groups.setdefault(labels.setdefault(words(label), label), []).append(operation)
    return groups


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
