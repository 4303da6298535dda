"""The recorded answers that `pe4king mock` is given: which of them are used, and which are not."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pe4king_core.mock.recording.reading import RecordedFile, read_recording
from pe4king_core.mock.recording.recording import Recording, Unused
from pe4king_core.model.message import Message
from pe4king_server.cli.output import one_line

if TYPE_CHECKING:
    from pe4king_server.cli.mock_documents import ServedFile

_SHOWN = 5


class Recordings:
    """The files of `--recorded`, for every document. Raises UserError where one is no recording."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._as_recorded = options.as_recorded
        self._files: Sequence[tuple[Path, RecordedFile]] = [
            (Path(name), read_recording(Path(name))) for name in options.recorded
        ]
        self._made: list[Recording] = []

    def of(self, file: ServedFile) -> Recording | None:
        """The answers for one document; None where no recording is given."""
        if not self._files:
            return None
        exchanges = [each for _, read in self._files for each in read.exchanges]
        raw = None if self._as_recorded else file.bundle
        self._made.append(Recording(file.document, exchanges, raw))
        return self._made[-1]

    def messages(self) -> Iterator[Message]:
        """What to tell of them."""
        for path, read in self._files:
            for damaged in read.damaged:
                place = f"{one_line(str(path))}:{damaged.line}: "
                yield Message(place + damaged.reason.en, place + damaged.reason.ru)
        if not self._files:
            return
        total = sum(len(read.exchanges) for _, read in self._files)
        unused = list(self._unused())
        used = total - len(unused)
        yield Message(
            f"Recorded answers: {used} of {total} are used.",
            f"Записанные ответы: используется {used} из {total}.",
        )
        yield from self._reasons(unused)

    def _unused(self) -> Iterator[Unused]:
        """What no document uses."""
        every = [{id(each.recorded): each for each in made.unused} for made in self._made]
        for key, one in every[0].items():
            if all(key in other for other in every[1:]):
                # A document that knows the operation says more about it.
                yield next((found[key] for found in every if found[key].operation), one)

    def _reasons(self, unused: Sequence[Unused]) -> Iterator[Message]:
        for each in unused[:_SHOWN]:
            sent = each.recorded.sent
            place = each.operation or f"{sent.method} {sent.path}"
            told = one_line(f"{place} {each.recorded.answer.status}: {each.reason}")
            line = each.recorded.line
            yield Message(f"  line {line}: {told}", f"  строка {line}: {told}")
        more = len(unused) - _SHOWN
        if more > 0:
            yield Message(f"  and {more} more", f"  и ещё: {more}")
        if unused and not self._as_recorded:
            yield Message(
                "  `--as-recorded` uses these as well.", "  `--as-recorded` включит и их."
            )
