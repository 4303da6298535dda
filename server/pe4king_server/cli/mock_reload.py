"""What `pe4king mock` says when a document was read again: what is different for its clients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pe4king_core.mock.http.mounts import Mount
from pe4king_core.model.message import Message
from pe4king_server.cli.output import one_line

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Reload:
    """A document before and after; both are mounted under the same name."""

    before: Mount
    after: Mount

    @property
    def added(self) -> tuple[str, ...]:
        """Operations that are new."""
        known = {entry.key for entry in self.before.service.document.entries}
        entries = self.after.service.document.entries
        return tuple(entry.key for entry in entries if entry.key not in known)

    @property
    def removed(self) -> tuple[str, ...]:
        """Operations that are no more."""
        return Reload(self.after, self.before).added

    @property
    def idle(self) -> tuple[str, ...]:
        """What scripts are for and the document no longer has."""
        document = self.after.service.document
        names = (listed.script.operation for listed in self.after.service.scripts.all)
        # `GET /books/1` with a path as it is sent is no name of an operation.
        return tuple(
            dict.fromkeys(
                name
                for name in names
                if document.operation(name) is None
                and self.before.service.document.operation(name) is not None
            )
        )

    def messages(self, clock: str, url: str) -> Iterator[Message]:
        """Lines for people; `clock` is the time of day, `url` where the server is."""
        name, count = one_line(self.after.name), len(self.after.service.document.entries)
        yield Message(
            f"{clock}  {name}: read again, {count} operations; what requests made is forgotten.",
            f"{clock}  {name}: прочитан заново, операций: {count}; созданное запросами забыто.",
        )
        if self.after.base_path != self.before.base_path:
            place = url + self.after.base_path
            yield Message(f"  It is at {place} now.", f"  Теперь он по адресу {place}.")
        if self.added:
            yield _listed("  New", "  Новые", self.added)
        if self.removed:
            yield _listed("  Gone", "  Убраны", self.removed)
        if self.idle:
            yield _listed(
                "  Scripts for what is not there any more",
                "  Сценарии для того, чего больше нет",
                self.idle,
            )


def _listed(en: str, ru: str, names: Sequence[str]) -> Message:
    more = len(names) - _SHOWN
    text = ", ".join(one_line(each) for each in names[:_SHOWN])
    text += f" … (+{more})" if more > 0 else ""
    return Message(f"{en}: {text}", f"{ru}: {text}")
