"""Time that quick tests leave over is given to slow ones, and never to one alone."""

from __future__ import annotations

from pe4king_core.proof.proving.shares import Shares


def test_the_first_has_an_equal_share_and_the_last_everything() -> None:
    assert Shares(100).until(0, 4) == 25
    assert Shares(100).until(40, 1) == 100


def test_after_quick_tests_a_slow_one_may_take_half_of_what_they_do_not_need() -> None:
    shares = Shares(100)
    assert shares.until(0, 10) == 10
    assert shares.until(1, 9) == 1 + (99 - 2 * 1 * 8) / 2
    # That one took all of it: the others are likely to be slow as well.
    assert shares.until(42.5, 8) == 42.5 + 57.5 / 8


def test_without_time_there_is_none() -> None:
    shares = Shares(10)
    assert shares.until(11, 3) == 11
    assert shares.until(12, 2) == 12
