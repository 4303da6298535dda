"""A job for the children of the index that dies of one file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from pe4king_core.testcode.indexed import IndexedFile
from pe4king_server.sources import batches


def read_batch(
    names: str, listing: Iterable[str], opened: Mapping[str, str]
) -> Iterator[IndexedFile]:
    """As the real one, but for the file `test_0.py`."""
    if "test_0.py" in names:
        os._exit(11)
    return batches.read_batch(names, listing, opened)
