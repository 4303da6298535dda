"""Memory that is no longer used, given back to the system where it can be told to."""

from __future__ import annotations

import contextlib
import ctypes

_MMAP_THRESHOLD = -3
_LARGE = 256 * 1024


def give_back_large_blocks(least: int = _LARGE) -> None:
    """Have the system take back every block of `least` bytes (a text) as soon as it is free.

    glibc keeps blocks of growing size for itself, and with them what lies between. To get them
    from the system again costs time.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, least)
