"""A sandbox: a scratch folder, a network with nothing but our server, commands kept in both."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from pe4king_core.model.message import Message
from pe4king_core.proof.sandbox.child import Child
from pe4king_core.proof.sandbox.confinement import told
from pe4king_core.proof.sandbox.copying import Copying, Most
from pe4king_core.proof.sandbox.errors import SandboxError, not_started
from pe4king_core.proof.sandbox.folders import Folder, usual_base
from pe4king_core.proof.sandbox.inside.plan import Plan, Start
from pe4king_core.proof.sandbox.keepers import Supervising
from pe4king_core.proof.sandbox.limits import Limits
from pe4king_core.proof.sandbox.parts import ENFORCE, Part
from pe4king_core.proof.sandbox.reading import around, system_places
from pe4king_core.proof.sandbox.windows import Jobs


class Sandbox:
    """A place where commands can do no harm: a context manager; entering raises SandboxError.

    `sources` is the user's project: a copy is made, with the texts of `overlay` (paths in the
    project) put in; where it is too large, the folders of `first` come first. `readable` are more
    places that commands may read. `without` leaves parts of the confinement out, as if the machine
    did not have them. `base` is where scratch folders are made.
    """

    problems: tuple[Message, ...] = ()
    """What of the project could not be copied."""
    confinement: tuple[Message, ...] = ()
    """What keeps commands in, in words; known when one has been started."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        sources: Path | None = None,
        overlay: Mapping[Path, str] | None = None,
        first: Collection[Path] = (),
        readable: Collection[Path] = (),
        without: Collection[Part] = (),
        base: Path | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._sources = sources
        self._overlay = overlay or {}
        self._first = first
        self._readable = [str(each) for each in readable]
        self._parts = frozenset(Part) - frozenset(without)
        self._base = base or usual_base()
        self._linked = False

    def __enter__(self) -> Self:
        with ExitStack() as undoing:
            self._holder = _made(self._base)
            undoing.callback(self._holder.removed)
            plan = Plan(str(self._holder.holder), str(self.folder), self._limits, self._parts)
            self._starting = _starting(plan)
            undoing.callback(self._starting.close)
            self.listener: socket.socket = self._starting.listener or _listener()
            undoing.callback(self.listener.close)
            self._fill()
            self._undoing = undoing.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._undoing.close()

    def _fill(self) -> None:
        for folder in (self.folder / "home", self.folder / "tmp", self.project):
            folder.mkdir(mode=0o700, parents=True)
        if self._sources is None:
            return
        safe = Part.FILES in self._starting.held
        copying = Copying(self._sources, self.project, most=_most(self._limits), linked=safe)
        try:
            copied = copying.run(self._overlay, self._first)
        except (OSError, ValueError) as error:
            raise not_started("sandbox", str(error)) from error
        self.problems = tuple(copied.problems)
        self._readable += map(str, copied.links)
        self._linked = bool(copied.links)

    @property
    def folder(self) -> Path:
        """The scratch folder, the only place that commands can write to."""
        return self._holder.work

    @property
    def project(self) -> Path:
        """The copy of the user's project, in a folder of the same name."""
        name = self._sources.absolute().name if self._sources is not None else ""
        return self.folder / "project" / (name or "project")

    def start(
        self, command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str]
    ) -> Child:
        """Start a command, by default in the copy of the project; raises SandboxError.

        `env` is all it sees beside a home, a folder for temporary files and a short PATH.
        """
        program = shutil.which(command[0])
        if program is None:
            raise not_started(command[0], "there is no such program")
        readable = (*system_places(), *around(Path(program)), *self._readable)
        start = Start(
            (program, *command[1:]),
            str(cwd or self.project),
            self._environment(program, env),
            readable,
            self.listener.getsockname()[1],
            self._linked,
        )
        streams, control = self._starting.start(start)
        child = Child(streams, control, tail=self._limits.output, line=self._limits.line)
        self._undoing.callback(child.stop)
        if control.failed:
            raise not_started(command[0], control.failed)
        self.confinement = told(control.held)
        return child

    def _environment(self, program: str, env: Mapping[str, str]) -> dict[str, str]:
        temporary = str(self.folder / "tmp")
        # Windows starts hardly anything without the first of these.
        system = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if sys.platform == "win32" else {}
        return {
            "PATH": os.pathsep.join([str(Path(program).parent), *os.defpath.split(os.pathsep)]),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            **system,
            # What is said to ourselves is said by nobody else.
            **{name: value for name, value in env.items() if name != ENFORCE},
            "HOME": str(self.folder / "home"),
            "TMPDIR": temporary,
            "TEMP": temporary,
            "TMP": temporary,
        }


def _made(base: Path) -> Folder:
    try:
        return Folder.made(base)
    except OSError as error:
        raise not_started("sandbox", str(error)) from error


def _starting(plan: Plan) -> Supervising | Jobs:
    return Jobs(plan) if sys.platform == "win32" else Supervising(plan)


def _listener() -> socket.socket:
    """In the network of everybody, where there is none of our own."""
    from pe4king_core.mock.http.serving import bound

    return bound("127.0.0.1", 0)


def _most(limits: Limits) -> Most:
    """A quarter of the scratch folder: the rest is for the tests."""
    return Most(size=limits.scratch // 4)


__all__ = ["Sandbox", "SandboxError"]
