"""Work away from the event loop, and turns at editing files: whatever happens, nobody hangs."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest

from pe4king_server.editing import Editing
from pe4king_server.worker import ThreadWorker


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (ValueError("x"), ValueError),
        (StopIteration("x"), RuntimeError),
        (SystemExit(3), RuntimeError),
        (KeyboardInterrupt(), RuntimeError),
        (asyncio.CancelledError(), RuntimeError),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
async def test_every_failure_reaches_who_waits(
    error: BaseException, raised: type[Exception]
) -> None:
    def fail() -> None:
        raise error

    worker = ThreadWorker()
    async with asyncio.timeout(5):
        with pytest.raises(raised):
            await worker(fail)
        assert await worker(lambda: 1) == 1


async def test_cancelled_work_that_waits_is_never_begun() -> None:
    worker, begun = ThreadWorker(), []
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()
    release = threading.Event()

    def hold() -> None:
        loop.call_soon_threadsafe(gate.set)
        release.wait(5)

    holding = asyncio.ensure_future(worker(hold))
    await gate.wait()
    waiting = asyncio.ensure_future(worker(begun.append, 1))
    await asyncio.sleep(0)
    waiting.cancel()
    release.set()
    await holding
    await worker(int)
    assert begun == []


async def test_two_that_edit_the_same_files_take_turns() -> None:
    editing, order = Editing(), []

    async def edit(name: str, *uris: str) -> None:
        async with editing.files(uris):
            order.append(f"{name} begins")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            order.append(f"{name} ends")

    async with asyncio.timeout(5):
        await asyncio.gather(
            edit("1", "file:///a%20b", "file:///c"),
            edit("2", "file:///c", "file:///a b"),
            edit("3", "file:///c"),
        )
    assert len(order) == 6
    for begin, end in zip(order[::2], order[1::2], strict=True):
        assert (begin[0], end) == (end[0], f"{begin[0]} ends")


async def test_others_do_not_wait_and_a_cancelled_one_lets_go() -> None:
    editing = Editing()
    async with editing.files(["file:///a"]):
        async with asyncio.timeout(5), editing.files(["file:///b"]):
            pass
        waiting = asyncio.ensure_future(_hold(editing, ["file:///a"]))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        del waiting
    async with asyncio.timeout(5), editing.files(["file:///a"]):
        pass
    gc.collect()
    assert not editing._locks, "locks that nobody holds are forgotten"


async def _hold(editing: Editing, uris: list[str]) -> None:
    async with editing.files(uris):
        await asyncio.sleep(60)
