"""The operation that cases are about: its names and the statuses of its success."""

from __future__ import annotations

from pe4king_core.generation.answers.statuses import expected_statuses
from pe4king_core.generation.names import OperationNames, case_name, human_name
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.record import record


@record(frozen=True, slots=True)
class Tested:
    """An operation with what all of its cases have in common, worked out once."""

    operation: Operation
    id: str
    prefix: str
    """What names of tests begin with."""
    human: str
    """What titles begin with."""
    statuses: tuple[int, ...]

    @classmethod
    def of(cls, operation: Operation, names: OperationNames) -> Tested:
        """`operation` as the document `names` it."""
        return cls(
            operation,
            names.id_of(operation),
            names.of(operation),
            human_name(operation),
            expected_statuses(operation),
        )

    def name(self, title: str) -> str:
        """The name of the case `title`."""
        return case_name(self.prefix, title)

    def title(self, what: Message) -> Message:
        """`Add a book: rejects title too long`."""
        return Message(f"{self.human}: {what.en}", f"{self.human}: {what.ru}")
