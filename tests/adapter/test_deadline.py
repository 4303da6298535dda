"""A stream's deadline: it ends waits, and nothing else."""

from __future__ import annotations

import asyncio

import pytest

from pe4king_adapter.deadline import Deadline


async def forever() -> None:
    await asyncio.Event().wait()


async def test_a_wait_ends_at_the_deadline_and_later_ones_at_once() -> None:
    deadline = Deadline(0.01)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await deadline.within(forever)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_what_is_done_between_waits_is_left_alone() -> None:
    deadline = Deadline(0.01)
    await asyncio.sleep(0.03)
    with pytest.raises(TimeoutError):
        await deadline.within(forever)


async def test_cancelling_stays_cancelling() -> None:
    deadline = Deadline(60)
    task = asyncio.create_task(deadline.within(forever))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    deadline.stop()


async def test_results_and_errors_pass_through() -> None:
    async def answer() -> int:
        return 7

    async def fail() -> None:
        raise ValueError("mine")

    deadline = Deadline(60)
    assert await deadline.within(answer) == 7
    with pytest.raises(ValueError, match="mine"):
        await deadline.within(fail)
    deadline.stop()
