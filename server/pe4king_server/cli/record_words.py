"""What `pe4king record` says: where it listens, what it recorded, what the document lacks."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pe4king_core.model.message import Message
from pe4king_server.cli.mock_log import colored_status
from pe4king_server.cli.output import one_line

_MOST_KNOWN = 10_000
_SHOWN = 20


@dataclass(slots=True)
class Counts:
    """What was recorded so far, by operation; `undocumented` by method and path."""

    exchanges: int = 0
    failures: int = 0
    unwritten: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    undocumented: Counter[str] = field(default_factory=Counter)

    def add(self, operation: str, method: str, target: str) -> None:
        """Count one exchange; `target` is masked."""
        self.exchanges += 1
        if operation:
            self.operations[operation] += 1
            return
        name = f"{method} {target.partition('?')[0]}"
        if name in self.undocumented or len(self.undocumented) < _MOST_KNOWN:
            self.undocumented[name] += 1


def greeting(url: str, upstream: str, path: Path) -> Iterator[Message]:
    """The lines to begin with."""
    yield Message(f"{url} records {upstream}", f"{url} записывает {upstream}")
    yield Message(
        f"To {path}, secrets masked. Send your requests to {url}; Ctrl-C ends it.",
        f"В {path}, секреты скрыты. Отправляйте запросы на {url}; остановка: Ctrl-C.",
    )


def line(method: str, target: str, status: int, operation: str, *, color: bool) -> str:
    """One request for the log."""
    clock = time.strftime("%H:%M:%S")
    shown = colored_status(status, color) if status else "---"
    told = f"{clock}  {one_line(method):<6} {one_line(target)}  {shown}"
    return f"{told}  {one_line(operation)}" if operation else told


def summary(counts: Counts, path: Path, *, has_document: bool) -> Iterator[Message]:
    """What to end with."""
    yield Message(
        f"Recorded in {path}: {counts.exchanges} exchanges.",
        f"Записано в {path}, обменов: {counts.exchanges}.",
    )
    if counts.failures:
        yield Message(
            f"Without an answer: {counts.failures}.", f"Осталось без ответа: {counts.failures}."
        )
    if counts.unwritten:
        yield Message(
            f"Could not be recorded: {counts.unwritten}.",
            f"Не удалось записать: {counts.unwritten}.",
        )
    for name, count in counts.operations.most_common():
        yield _same(f"{count:>6}  {one_line(name)}")
    if has_document and counts.undocumented:
        total = counts.undocumented.total()
        yield Message(f"Not in the document: {total}.", f"Нет в документе: {total}.")
        for name, count in counts.undocumented.most_common(_SHOWN):
            yield _same(f"{count:>6}  {one_line(name)}")
        more = len(counts.undocumented) - _SHOWN
        if more > 0:
            yield Message(f"        and {more} more", f"        и ещё: {more}")


def _same(text: str) -> Message:
    return Message(text, text)
