"""The mutants of a document's operations, those of the contract and those of laws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.mutants.laws import law_mutants
from pe4king_core.model.operation import ApiDocument, Operation

ContractMutantsOf = Callable[[Operation], Iterable[Mutant]]


def mutants_of(
    document: ApiDocument, operation: str, contract: ContractMutantsOf, most: int
) -> list[Mutant]:
    """The first `most` mutants of `operation` (a key or an operationId); empty: of all.

    `contract` gives the contract mutants of one operation.
    """
    found = document.operation(operation) if operation else None
    if operation and found is None:
        return []
    operations = document.operations if found is None else (found,)
    return list(islice(_mutants(document, operations, contract), most))


def _mutants(
    document: ApiDocument, operations: Sequence[Operation], contract: ContractMutantsOf
) -> Iterator[Mutant]:
    for operation in operations:
        yield from contract(operation)
        yield from law_mutants(document, operation)
