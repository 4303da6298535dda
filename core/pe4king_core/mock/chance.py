"""Choices that look random and are the same in every run: all of them come from the seed."""

from __future__ import annotations

from zlib import crc32

from pe4king_core.mock.exchange import Sent

VARIANTS = 24
"""How many different answers a seed chooses from."""
_WHOLE = 1 << 32


def turn_of(seed: int, key: str, sent: Sent, *, always: bool = False) -> int:
    """Which variant the request `sent` to the operation `key` gets.

    The same request gets the same one. Seed 1 shows every answer at its fullest, unless it is
    `always` varied.
    """
    if seed == 1 and not always:
        return 0
    return _number(seed, f"{key} {sent.target}", sent.body) % VARIANTS


def fails(rate: float, seed: int, count: int) -> bool:
    """Whether request number `count` is one of those that fail."""
    return rate > 0 and _number(seed, f"fail {count}") < rate * _WHOLE


def delay_of(bounds: tuple[float, float], seed: int, count: int) -> float:
    """How many milliseconds the answer to request number `count` waits."""
    least, most = bounds
    if most <= least:
        return least
    return least + (most - least) * _number(seed, f"delay {count}") / _WHOLE


def _number(seed: int, text: str, more: bytes = b"") -> int:
    # A checksum alone gives neighbours neighbouring numbers; the product spreads them.
    found = crc32(more, crc32(f"{seed} {text}".encode("utf-8", "surrogatepass")))
    found = (found ^ (found >> 15)) * 0x2C1B3C6D % _WHOLE
    found = (found ^ (found >> 12)) * 0x297A2D39 % _WHOLE
    return found ^ (found >> 15)
