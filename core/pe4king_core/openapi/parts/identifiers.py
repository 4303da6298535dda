"""operationIds: which operations of a document have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import RLock

from pe4king_core.model.message import Message
from pe4king_core.openapi.findings.report import Report
from pe4king_core.openapi.parts.context import KnownOperation, Reading
from pe4king_core.openapi.parts.items import members_of, methods_of, parts_of
from pe4king_core.openapi.raw import Place, text_of

_MAX_OPERATIONS = 200_000


class OperationIds:
    """All operationIds of a document; the document is searched when one is first asked for."""

    def __init__(self, reading: Reading, root: Place) -> None:
        self._reading = reading
        self._root = root
        self._known: dict[str, list[KnownOperation]] | None = None
        self._lock = RLock()

    def named(self, operation_id: str) -> Sequence[KnownOperation]:
        """The operations with this id in the order of the document; one if all is well."""
        with self._lock:
            if self._known is None:
                known: dict[str, list[KnownOperation]] = {}
                for operation in self._all():
                    raw = operation.place.value
                    name = text_of(raw.get("operationId")) if isinstance(raw, dict) else ""
                    if name:
                        known.setdefault(name, []).append(operation)
                self._known = known
        return self._known.get(operation_id, ())

    def report_repeated(self, report: Report, path: str, method: str, place: Place) -> None:
        """Reports an operationId that an earlier operation has already."""
        raw = place.value if isinstance(place.value, dict) else {}
        name = text_of(raw.get("operationId"))
        known = self.named(name) if name else ()
        if not known or (known[0].path, known[0].method) == (path, method):
            return
        report.add(
            "doc-operation-id-duplicate",
            place,
            Message(
                f"The operationId `{name}` is used more than once. Give each its own.",
                f"operationId `{name}` встречается несколько раз. Он должен быть уникальным.",
            ),
        )

    def _all(self) -> Iterator[KnownOperation]:
        """Operations of paths, webhooks and callbacks; a shared callback counts once."""
        waiting: list[KnownOperation] = []
        for section in ("paths", "webhooks") if self._reading.version >= (3, 1) else ("paths",):
            for name, member in members_of(self._reading, self._root.get(section)):
                for operation in self._of_item(name, member):
                    waiting.append(operation)
                    yield operation
        seen: set[str] = set()
        for operation in waiting:
            for name, member in callback_items(self._reading, operation.place):
                for found in self._of_item(name, member):
                    if found.place.pointer not in seen and len(waiting) < _MAX_OPERATIONS:
                        seen.add(found.place.pointer)
                        waiting.append(found)
                        yield found

    def _of_item(self, name: str, member: Place) -> Iterator[KnownOperation]:
        parts = parts_of(self._reading, member)
        for method, place in methods_of(self._reading, member):
            target = self._reading.quiet_mapping(place)
            if target is not None:
                yield KnownOperation(name, method, parts, target)


def callback_items(reading: Reading, operation: Place) -> Iterator[tuple[str, Place]]:
    """Expressions and path items of all callbacks of the operation at `operation`."""
    if reading.version < (3, 0):
        return
    stated = reading.quiet_mapping(operation.get("callbacks"))
    for name, member in stated.members() if stated is not None else ():
        if not name.startswith("x-"):
            yield from members_of(reading, member)
