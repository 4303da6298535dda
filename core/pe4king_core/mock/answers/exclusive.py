"""Values of exactly one branch, where what is usual fits several of `oneOf`.

Documents state branches that differ in optional members only, so every usual value fits all of
them. A member of another branch, of a type that it does not allow there, rules that one out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from pe4king_core.mock.answers.sampled import AnswerSamples
from pe4king_core.model.json import Json
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_MOST = 8
_OTHERS: tuple[Json, ...] = ("sample", 0, False)


def of_one_branch(schema: Schema, owner: str) -> Iterator[Json]:
    """For each branch a value that others do not allow; none where branches are no choice."""
    for branch in islice(schema.branches.values() if schema.exclusive_branches else (), _MOST):
        value = AnswerSamples().of(branch, owner=owner)
        if not isinstance(value, Mapping):
            continue
        made = dict(value)
        for other in islice(schema.branches.values(), _MOST):
            if other is not branch and _is_possible(made, other):
                made |= _excluding(branch, other)
        yield made


def _excluding(branch: Schema, other: Schema) -> dict[str, Json]:
    """A member of which `branch` says nothing, and which is wrong in `other`."""
    for name, stated in other.properties.items():
        if name in branch.properties:
            continue
        wrong = next((value for value in _OTHERS if not _is_possible(value, stated)), None)
        if wrong is not None:
            return {name: wrong}
    return {}


def _is_possible(value: Json, schema: Schema) -> bool:
    return validity(value, schema, direction=Direction.RESPONSE) is not Validity.INVALID
