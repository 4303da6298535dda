"""The valid requests of one run, each made once and shared by all that need it."""

from __future__ import annotations

from pe4king_core.generation.proofs.proving import certainly_invalid
from pe4king_core.generation.requests.requests import valid_request
from pe4king_core.generation.resources.accounts import without_identity
from pe4king_core.generation.resources.fresh import with_fresh
from pe4king_core.generation.resources.own_keys import with_confirmations, without_own_id
from pe4king_core.generation.samples.samples import Samples
from pe4king_core.model.case import Request
from pe4king_core.model.operation import Operation


def carries_credentials(operation: Operation) -> bool:
    """Whether the request itself says who somebody is: only some valid values are right, the
    documented ones if any."""
    return "401" in operation.responses and not operation.requires_credentials


class ValidRequests:
    """Valid requests by operation, made when first asked for."""

    __slots__ = ("_documented", "_made", "_others", "_possible", "_samples", "_seed")

    def __init__(self, seed: int = 1) -> None:
        self._samples = Samples(seed)
        self._documented = Samples()
        self._seed = seed
        self._others: list[Samples] = []
        self._made: dict[str, Request] = {}
        self._possible: dict[str, bool] = {}

    def of(self, operation: Operation) -> Request:
        """The valid request of `operation`, or the nearest to one that could be made."""
        made = self._made.get(operation.pointer)
        if made is None:
            samples = self._documented if carries_credentials(operation) else self._samples
            made = self._safe(operation, samples)
            self._made[operation.pointer] = made
        return made

    def other(self, operation: Operation, number: int = 0) -> Request:
        """Another valid request of `operation`, for a change that can be told from what was; each
        `number` gives another one."""
        while len(self._others) <= number:
            self._others.append(Samples(self._seed + 1 + len(self._others)))
        return self._safe(operation, self._others[number])

    def _safe(self, operation: Operation, samples: Samples) -> Request:
        request = valid_request(operation, samples=samples)
        request = with_confirmations(request, operation)
        request = without_own_id(without_identity(request, operation), operation)
        return with_fresh(request, operation)

    def possible(self, operation: Operation) -> bool:
        """Whether the request of `operation` may be valid."""
        found = self._possible.get(operation.pointer)
        if found is None:
            found = not certainly_invalid(self.of(operation), operation)
            self._possible[operation.pointer] = found
        return found
