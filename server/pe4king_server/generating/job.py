"""What a child process does: it makes the files that it is given, the first ones first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pe4king_core.openapi.loading import load_text
from pe4king_core.openapi.units.packing import unpacked
from pe4king_core.rendering.written import WrittenTests
from pe4king_server.generating.making import Making, Wish
from pe4king_server.memory import give_back_large_blocks


def warm_up() -> None:
    """Nothing: this module and all that it needs is loaded then."""


def make_files(
    units: bytes, uri: str, wish: Wish, numbers: Sequence[int]
) -> Iterator[WrittenTests]:
    """The files with these numbers, as they are ready.

    It ends early where the document asks for another file: only the parent has those.
    """
    give_back_large_blocks()
    others = _OtherFiles()
    making = Making(load_text(unpacked(units), uri, others), wish)
    for number in numbers:
        made = making.make(number)
        if others.asked:
            return
        yield made


class _OtherFiles:
    """Has no file; remembers that one was asked for."""

    def __init__(self) -> None:
        self.asked = False

    def read(self, _base_uri: str, _reference: str) -> tuple[str, str] | None:
        """None."""
        self.asked = True
        return None

    def fetch(self, _url: str) -> tuple[str, str] | None:
        """None."""
        self.asked = True
        return None
