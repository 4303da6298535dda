"""Reads documents and their parts in the child process; in this one where there can be none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast

from pe4king_server.reading.process import ReaderProcess, ReaderUnavailableError

if TYPE_CHECKING:
    from pe4king_core.openapi.units.splitting import Notation, Path
    from pe4king_core.openapi.units.unit import Units


class ChildReader:
    """A `UnitReader` of core. `wanted` says whether its results still matter to anybody."""

    def __init__(self, process: ReaderProcess, wanted: Callable[[], bool] | None = None) -> None:
        self._process = process
        self._wanted = wanted

    def read_units(self, text: str) -> Units:
        """The units of a whole document. Raises what `ReaderProcess.call` does."""
        from pe4king_core.openapi.units.unit import Batch, assembled
        from pe4king_core.openapi.units.unit_reading import read_units

        try:
            parts = self._process.stream("stream_units", text, self._wanted)
        except ReaderUnavailableError:
            return read_units(text)
        return assembled(cast("Iterable[Batch | Units]", parts))

    def read_part(self, text: str, section: Path, notation: Notation) -> Units | None:
        """Some members of `section`. Raises what `ReaderProcess.call` does."""
        from pe4king_core.openapi.units.unit_reading import read_part

        arguments = (text, section, notation)
        try:
            found = self._process.call("read_part", *arguments, wanted=self._wanted)
        except ReaderUnavailableError:
            return read_part(*arguments)
        return cast("Units | None", found)
