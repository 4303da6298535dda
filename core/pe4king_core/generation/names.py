"""Names of tests: say what is tested, are valid identifiers in any script, never collide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pe4king_core.model.case import TestCase
from pe4king_core.model.operation import Operation

MAX_NAME = 100


def words(text: str) -> str:
    """`text` as snake_case: `listBooks` is `list_books`, `X-Api-Key` is `x_api_key`."""
    plain = unicodedata.normalize("NFKC", text)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", plain)
    named = "".join(c if f"_{c}".isidentifier() else "_" for c in spaced.lower())
    return re.sub(r"[\W_]+", "_", named).strip("_")


def operation_name(operation: Operation) -> str:
    """The operation in snake_case: its operationId, else method and path."""
    if operation.operation_id and words(operation.operation_id):
        return words(operation.operation_id)
    path = re.sub(r"\{([^{}]*)\}", r"by \1", operation.path)
    return words(f"{operation.method.lower()} {path}") or operation.method.lower()


def case_name(operation: Operation, title: str) -> str:
    """`create_order_rejects_quantity_below_minimum`, shortened at a word where it is too long."""
    name = f"{operation_name(operation)}_{words(title)}"
    if len(name) > MAX_NAME:
        name = name[:MAX_NAME].rsplit("_", 1)[0]
    return name if name.isidentifier() else f"_{name}"


def with_own_prefix(cases: Iterable[TestCase], used: set[str]) -> Iterator[TestCase]:
    """The cases of one operation; a number in their ids tells operations of one name apart.

    `used` holds the prefixes of other operations; the one chosen is added.
    """
    known = list(cases)
    prefix = known[0].id.partition(".")[0] if known else ""
    own, number = prefix, 2
    while own in used:
        own, number = f"{prefix}_{number}", number + 1
    used.add(own)
    for case in known:
        yield case if own == prefix else replace(case, id=own + case.id.removeprefix(prefix))


def without_collisions(cases: Iterable[TestCase]) -> Iterator[TestCase]:
    """The cases with numbers behind names that were used before."""
    used: set[str] = set()
    for case in cases:
        name, number = case.name, 2
        while name in used:
            name, number = f"{case.name}_{number}", number + 1
        used.add(name)
        yield case if name == case.name else replace(case, name=name)
