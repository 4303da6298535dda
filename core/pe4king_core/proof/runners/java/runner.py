"""The runner of Java tests: one virtual machine for all runs of all tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pe4king_core.model.message import Message
from pe4king_core.proof.runners.conversation import Conversation
from pe4king_core.proof.runners.java.child_classes import child_classes
from pe4king_core.proof.runners.java.command import Place, prepared, write_job
from pe4king_core.proof.runners.java.problems import JavaRunnerError
from pe4king_core.proof.runners.java.wording import JavaWording
from pe4king_core.proof.runners.lines import Talker
from pe4king_core.proof.runners.whole import whole
from pe4king_core.proof.running import Director, RunReport, RunRequest

if TYPE_CHECKING:
    from pe4king_core.proof.sandbox.sandbox import Sandbox


class JavaRunner:
    """Runs tests with the JDK at `jdk` and the jars of `class_path`; `cache` is ours to write to.

    What is on the class path decides what can be run: JUnit 5 and 6 need the engine of Jupiter,
    JUnit 4 that of Vintage, TestNG one for the JUnit Platform.
    """

    def __init__(self, jdk: Path, class_path: Sequence[Path], cache: Path) -> None:
        self._jdk = jdk
        self._class_path = tuple(class_path)
        self._cache = cache

    @property
    def readable(self) -> tuple[Path, ...]:
        """What a sandbox has to let the tests read."""
        return (self._jdk, self._jdk.resolve(), *self._class_path)

    def run(self, request: RunRequest, director: Director, sandbox: Sandbox) -> RunReport:
        """Run what is asked for, each test as often as the director wants."""
        try:
            child = child_classes(self._jdk, self._class_path, self._cache)
        except JavaRunnerError as error:
            told = Message(error.text("en"), error.text("ru"))
            return whole(RunReport(problems=(told,)), sandbox)
        host, port = sandbox.listener.getsockname()[:2]
        place = Place(sandbox.folder / "java", sandbox.project, port, host)
        command = prepared(place, request, self._jdk, child, self._class_path)

        def start(done: Sequence[str], secret: str) -> Talker:
            write_job(place, request, done)
            started = sandbox.start(command.words, cwd=command.folder, env=command.environment)
            started.send(secret)
            return started

        talk = Conversation(request, director, start, JavaWording(place))
        return whole(talk.hold(), sandbox)
