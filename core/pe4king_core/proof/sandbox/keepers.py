"""Our side of the processes that confine (POSIX): start them, hear from them, end them."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

import pe4king_core
from pe4king_core.proof.sandbox import channel
from pe4king_core.proof.sandbox.errors import not_started
from pe4king_core.proof.sandbox.inside.plan import Plan, Start
from pe4king_core.proof.sandbox.parts import Part

_SCRIPT = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from pe4king_core.proof.sandbox.inside.supervisor import main; main(int(sys.argv[2]))"
)
_SECONDS = 20.0
"""For what takes milliseconds on a machine that is not overloaded."""


class Supervising:
    """The supervisor of one sandbox; see `inside.supervisor`."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._log = (Path(plan.holder) / "log").open("w+b")
        self._channel, theirs = socket.socketpair()
        self._channel.settimeout(_SECONDS)
        with theirs:
            self._process = self._started(theirs.fileno())
        self.listener: socket.socket | None = None
        self.held: frozenset[Part] = frozenset()
        self._begin()

    def _started(self, number: int) -> subprocess.Popen[bytes]:
        root = str(Path(pe4king_core.__file__).parents[1])
        return subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-I", "-S", "-B", "-c", _SCRIPT, root, str(number), self._plan.holder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            pass_fds=(number,),
            env={},
            cwd="/",
            start_new_session=True,
        )

    def _begin(self) -> None:
        try:
            channel.send(self._channel, self._plan.told())
            told, files = channel.receive(self._channel)
        except (channel.ClosedError, TimeoutError) as error:
            reason = _last_line(self._log)
            self.close()
            raise not_started("sandbox", reason) from error
        self.held = frozenset(Part(each) for each in told["held"])
        if files:
            self.listener = socket.socket(fileno=files[0])

    def start(self, start: Start) -> tuple[tuple[int, int, int], Keeping]:
        """Start a command: our ends of its standard streams, and its keeper."""
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        ours_err, theirs_err = os.pipe()
        ours, theirs = socket.socketpair()
        files = [theirs_in, theirs_out, theirs_err, theirs.fileno()]
        try:
            channel.send(self._channel, {"start": start.told()}, files)
            keeping = Keeping(ours)
        except (channel.ClosedError, TimeoutError, OSError) as error:
            for each in (ours_in, ours_out, ours_err):
                os.close(each)
            ours.close()
            raise not_started(start.command[0], _last_line(self._log)) from error
        finally:
            theirs.close()
            for each in files[:3]:
                os.close(each)
        return (ours_in, ours_out, ours_err), keeping

    def close(self) -> None:
        """End the supervisor with everything below it."""
        with contextlib.suppress(channel.ClosedError):
            channel.send(self._channel, {"done": True})
        self._channel.close()
        try:
            self._process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self.listener is not None:
            self.listener.close()
        self._log.close()


class Keeping:
    """The keeper of one command; see `inside.keeper`."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._over = False
        self._waiting = select.poll()
        self._waiting.register(control, select.POLLIN)
        self._control.settimeout(_SECONDS)
        self.held: frozenset[Part] = frozenset()
        self.why = ""
        self.failed = "it gave no sign of life"
        """Why it did not become the command; "" if it did."""
        self._await_start()

    def _await_start(self) -> None:
        until = time.monotonic() + _SECONDS
        while self.failed and not self._over and time.monotonic() < until:
            self._hear(until - time.monotonic())

    def poll(self, timeout: float = 0.0) -> bool:
        """Whether the command and all it has started have ended."""
        until = time.monotonic() + timeout
        while not self._over and self._hear(max(0.0, until - time.monotonic())):
            pass
        return self._over

    def stop(self) -> None:
        """End everything; what does not end within seconds is left to the supervisor."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_WR)
        self.poll(_SECONDS)
        self._control.close()
        self._over = True

    def _hear(self, timeout: float) -> bool:
        """Take one message in, if one comes in time."""
        if not self._waiting.poll(max(0.0, timeout) * 1000):
            return False
        try:
            self._take(channel.receive(self._control)[0])
        except (channel.ClosedError, OSError):
            self._over = True
        return True

    def _take(self, message: dict[str, Any]) -> None:
        if "held" in message:
            self.held = frozenset(Part(each) for each in message["held"])
            self.failed = ""
        self.failed = message.get("failed", self.failed)
        if "ended" in message:
            self.why = message["ended"]
            self._over = True


def _last_line(log: IO[bytes]) -> str:
    log.seek(0)
    lines = log.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it ended at once"
