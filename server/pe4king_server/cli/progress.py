"""A progress bar on a terminal, for what takes long enough to wonder."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SOON = 0.5
"""Seconds of work before anything is shown."""
_STEP = 0.1


class ProgressBar:
    """Shown on `console` from half a second on where it is a terminal; gone when it is done."""

    def __init__(
        self, console: Console, title: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console
        self._title = title
        self._clock = clock
        self._started = self._told = clock()
        self._shown: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown is not None:
            self._shown[0].stop()

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` parts are finished."""
        now = self._clock()
        if not self._console.is_terminal or now - self._started < SOON or now - self._told < _STEP:
            return
        self._told = now
        progress, task = self._shown or self._show(total)
        progress.update(task, completed=done, total=total)

    def _show(self, total: int) -> tuple[Progress, TaskID]:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=self._console,
            transient=True,
        )
        self._shown = progress, progress.add_task(self._title, total=total)
        progress.start()
        return self._shown
