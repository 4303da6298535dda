"""What tests of the sandbox have in common: a child that evaluates what it is told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.proof.sandbox.child import Child
from pe4king_core.proof.sandbox.limits import MEBIBYTE, Limits
from pe4king_core.proof.sandbox.parts import Part
from pe4king_core.proof.sandbox.sandbox import Sandbox

LISTENING = """
import ctypes, errno, os, signal, socket, subprocess, sys, time, urllib.request
if os.environ.get("PE4KING_ENFORCE"):
    exec(open(sys.argv[1]).read().replace("from __future__", "#"))
    enforce(os.environ.pop("PE4KING_ENFORCE"))
for line in sys.stdin:
    try:
        print(repr(eval(line)), flush=True)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", flush=True)
"""
SMALL = Limits(memory=256 * MEBIBYTE, processes=100, file_size=8 * MEBIBYTE, cpu_seconds=60)
SECONDS = 20.0


class Room:
    """A sandbox with a Python process in it that does as it is told."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.port = box.listener.getsockname()[1]
        self.child = self.listening()

    def listening(self) -> Child:
        """One more Python process that does as it is told."""
        return self.run(LISTENING, str(ENFORCING))

    def run(self, code: str, *arguments: str) -> Child:
        """Another Python process."""
        command = [sys.executable, "-B", "-I", "-S", "-c", code, *arguments]
        return self.box.start(command, env={"TOLD": "yes"})

    def ask(self, expression: str) -> str:
        """What comes of `expression`, as text; "" where nothing comes any more."""
        self.child.send(expression)
        return self.child.receive(SECONDS) or ""


ENFORCING = Path(sys.modules[Sandbox.__module__].__file__ or "").parent / "enforcing.py"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Callable[..., Room]]:
    """Make a room; keyword arguments are those of `Sandbox`."""
    with ExitStack() as stack:

        def made(*, without: set[Part] | frozenset[Part] = frozenset(), **options: Any) -> Room:
            options = {"limits": SMALL, "base": tmp_path / "scratch", **options}
            limits = options.pop("limits")
            readable = [*options.pop("readable", ()), ENFORCING]
            box = Sandbox(limits, without=without, readable=readable, **options)
            return Room(stack.enter_context(box))

        yield made
