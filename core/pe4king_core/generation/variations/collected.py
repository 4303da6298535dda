"""The cases of one operation as they are found: each request once, each with its value."""

from __future__ import annotations

from collections.abc import Hashable

from pe4king_core.generation.proofs.ranking import Ranks, Worth
from pe4king_core.model.case import NotProvable
from pe4king_core.model.fact import Basis, CaseFact, CaseKind, Change, Credentials
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.openapi.schema.equality import identity

NO_REASON = Message("", "")


class Collected:
    """Collects cases of one kind; of two with the same request the more valuable one stays."""

    __slots__ = ("_by_request", "_kind", "_ranks", "doubts", "operation")

    def __init__(self, operation: Operation, kind: CaseKind) -> None:
        self.operation = operation
        self.doubts: list[NotProvable] = []
        self._kind = kind
        self._ranks = Ranks()
        self._by_request: dict[Hashable, CaseFact] = {}

    def add(
        self,
        worth: Worth,
        title: Message,
        changes: tuple[Change, ...],
        *,
        expected: tuple[int, ...] = (),
        reason: Message = NO_REASON,
        source: str = "",
        level: int = 0,
        credentials: Credentials = Credentials.VALID,
        law: str = "",
    ) -> None:
        """A case that is proven."""
        key = (credentials, *[(c.where, c.name, c.kind, _identity(c.value)) for c in changes])
        value = self._ranks.value(worth, level)
        known = self._by_request.get(key)
        if known is not None and known.value >= value:
            return
        self._by_request[key] = CaseFact(
            self.operation.key,
            self._kind,
            title,
            changes,
            credentials,
            expected,
            (),
            Basis.LAW if law else Basis.DOCUMENT,
            source,
            reason,
            law,
            value,
        )

    def doubt(self, title: Message, reason: Message) -> None:
        """A case that was considered and cannot be proven."""
        self.doubts.append(NotProvable(self.operation.key, title, reason))

    @property
    def cases(self) -> tuple[CaseFact, ...]:
        """What was found, in the order in which it was."""
        return tuple(self._by_request.values())


def _identity(value: Json) -> Hashable:
    return value if value is None or isinstance(value, str) else identity(value)
