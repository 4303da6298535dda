"""Memory that is no longer used, given back to the system where it can be told to."""

from __future__ import annotations

import contextlib
import ctypes

_MMAP_THRESHOLD = -3
_LARGE = 256 * 1024


def give_back_large_blocks() -> None:
    """Have the system take back every large block (a text) as soon as it is free.

    glibc keeps blocks of growing size for itself, and with them what lies between.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)
