"""The process between ours and the untrusted ones: one for each sandbox.

It has the sandbox's namespaces, makes the listening socket in them, and starts keepers. When our
process is gone, however that came, it ends everything and removes the scratch folder.
"""

from __future__ import annotations

import os
import select
import signal
import socket

from pe4king_core.proof.sandbox import channel
from pe4king_core.proof.sandbox.clearing import remove
from pe4king_core.proof.sandbox.inside import kernel, landlock, namespaces, tree
from pe4king_core.proof.sandbox.inside.confining import Becoming
from pe4king_core.proof.sandbox.inside.keeper import keep
from pe4king_core.proof.sandbox.inside.kernel import Kernel
from pe4king_core.proof.sandbox.inside.plan import Plan, Start
from pe4king_core.proof.sandbox.parts import Part

_TICK = 0.5
_NAMESPACES = frozenset({Part.USER, Part.NETWORK, Part.PROCESSES, Part.IPC, Part.MOUNTS})
_OF_ANY_SYSTEM = frozenset({Part.LIMITS, Part.IN_PROCESS})


class Supervisor:
    """What is kept between two commands."""

    def __init__(self, ours: socket.socket) -> None:
        self._ours = ours
        self._parent = os.getppid()
        self._held: frozenset[Part] = frozenset()
        self._plan = Plan.of(channel.receive(ours)[0])
        wanted = kernel.is_linux() and self._plan.parts - _OF_ANY_SYSTEM
        self._system = Kernel() if wanted else None

    def run(self) -> None:
        """Until our process says that it is done, or is gone."""
        self._prepare()
        try:
            while self._wait():
                message, files = channel.receive(self._ours)
                if "start" not in message:
                    return
                self._start(Start.of(message["start"]), files)
        except channel.ClosedError:
            pass  # Our process is gone: what it cannot do any more is done here.
        self._clean_up()

    def _prepare(self) -> None:
        files: list[int] = []
        if self._system is not None:
            self._system.adopt_orphans()
            self._held = frozenset(namespaces.possible(self._plan.parts & _NAMESPACES))
            namespaces.enter(self._system, self._held)
            if Part.NETWORK in self._held:
                made = namespaces.listener()
                files = [made.detach()]
        channel.send(self._ours, {"held": sorted(self._held | self._expected())}, files)
        for each in files:
            os.close(each)

    def _expected(self) -> frozenset[Part]:
        """What each command will have, as far as our process has to know it before."""
        if self._system is None or not landlock.version(self._system):
            return frozenset()
        return self._plan.parts & {Part.FILES}

    def _wait(self) -> bool:
        """Whether there is something to read; False: our process is gone."""
        while not select.select([self._ours], [], [], _TICK)[0]:
            self._reap()
            if os.getppid() != self._parent:
                return False
        self._reap()
        return True

    def _reap(self) -> None:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass  # There is none.

    def _start(self, start: Start, files: list[int]) -> None:
        if os.fork() == 0:
            try:
                self._ours.close()
                control = socket.socket(fileno=files[3])
                streams = (files[0], files[1], files[2])
                keep(self._system, Becoming(self._plan, start, streams, control, self._held))
            finally:
                os._exit(1)
        for each in files:
            os.close(each)

    def _clean_up(self) -> None:
        if self._system is not None:
            tree.kill_below(os.getpid())
        remove(self._plan.holder)


def main(number: int) -> None:
    """Serve on the socket with this `number`."""
    # Ctrl-C in a terminal is for our process, which ends this one in its own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Supervisor(socket.socket(fileno=number)).run()
