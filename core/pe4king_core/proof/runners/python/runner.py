"""Runs Python tests: pytest of the user's environment in a sandbox, told what to run again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pe4king_core.model.message import Message
from pe4king_core.proof.runners.conversation import Conversation
from pe4king_core.proof.runners.lines import Said, Talker
from pe4king_core.proof.runners.python.options import arguments
from pe4king_core.proof.runners.python.places import own_packages, places
from pe4king_core.proof.runners.python.plugin import put
from pe4king_core.proof.runners.whole import whole
from pe4king_core.proof.running import Director, RunReport, RunRequest

if TYPE_CHECKING:
    from pe4king_core.proof.sandbox.sandbox import Sandbox

_FIXED = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "LANG": "C.UTF-8",
    "NO_PROXY": "*",
    "no_proxy": "*",
}


ANOTHER = Message(
    "(pe4king.python in the editor, the variable PE4KING_PYTHON on the command line)",
    "(pe4king.python в редакторе, переменная PE4KING_PYTHON в командной строке)",
)


class PythonRunner:
    """pytest of one interpreter."""

    def __init__(self, interpreter: Path, another: Message = ANOTHER) -> None:
        """`another` says where one names another interpreter."""
        self._interpreter = interpreter
        self._another = another

    @cached_property
    def readable(self) -> tuple[Path, ...]:
        """What a sandbox has to let the tests read: the packages of the interpreter."""
        return tuple(places(self._interpreter))

    def run(self, request: RunRequest, director: Director, sandbox: Sandbox) -> RunReport:
        """Run what is asked for, each test as often as the director wants."""
        host, port = sandbox.listener.getsockname()[:2]
        project, plugin = sandbox.project, put(sandbox.folder / "runner")
        files = [_relative(each, request.root) for each in request.files]
        job = {
            "arguments": arguments(project, files),
            "names": list(request.names),
            "seconds": request.test_seconds,
            "host": host,
            "port": port,
            "base_path": request.base_path,
        }
        environment = _environment(request, f"http://{host}:{port}")

        def start(done: Sequence[str], secret: str) -> Talker:
            command = [str(self._interpreter), "-B", str(plugin)]
            child = sandbox.start(command, cwd=project, env=environment)
            child.send(f"{secret} {json.dumps({'job': {**job, 'done': list(done)}})}")
            return child

        wording = PythonWording(self._interpreter, project, f"{host}:{port}", self._another)
        return whole(Conversation(request, director, start, wording).hold(), sandbox)


def _relative(file: Path, root: Path) -> Path:
    return file.relative_to(root) if file.is_absolute() else file


def _environment(request: RunRequest, url: str) -> dict[str, str]:
    base = url + request.base_path.rstrip("/")
    own = own_packages()
    return {**own, **_FIXED, **request.environment, **dict.fromkeys(request.base_urls, base)}


class PythonWording:
    """What is said of pytest and of the user's environment."""

    def __init__(self, interpreter: Path, project: Path, address: str, another: Message) -> None:
        self._interpreter = interpreter
        self._another = another
        self._project = str(project) + os.sep
        self._address = address

    def text(self, text: str) -> str:
        """Without the folder of the copy and the port of the run."""
        host = self._address.partition(":")[0]
        return text.replace(self._project, "").replace(self._address, host).strip()

    def problem(self, said: Said) -> Message:
        """By its kind."""
        file, text = said["file"], self.text(said["message"])
        if said["kind"] == "no pytest":
            return _without_pytest(self._interpreter, self._another)
        if said["kind"] == "old pytest":
            return _old_pytest(text)
        english, russian = _KINDS[said["kind"]]
        return Message(f"{file}: {english}: {text}", f"{file}: {russian}: {text}")

    def not_collected(self, output: str) -> Message:
        """With what pytest wrote last."""
        lines = [each.strip() for each in self.text(output).splitlines() if each.strip()]
        marked = [each[1:].strip() for each in lines if each.startswith("E ")]
        marked += [each for each in lines if each.startswith("ERROR")]
        text = " ".join((marked or lines[-3:])[:3])
        if not text:
            return _says_nothing(self._interpreter)
        return Message(f"pytest did not start: {text}", f"pytest не запустился: {text}")

    def note(self, note: str, file: str) -> Message:
        """Why requests of a test may never arrive."""
        english, russian = _NOTES[note]
        return Message(f"{file}: {english}", f"{file}: {russian}")


_KINDS: Mapping[str, tuple[str, str]] = {
    "not collected": ("cannot be collected", "тесты не собираются"),
    "skipped": ("skips itself", "пропускает сам себя"),
    "left": ("clean-up after its tests failed", "не удалась очистка после тестов"),
}
_NOTES: Mapping[str, tuple[str, str]] = {
    "application": (
        "the test calls the application itself (a test client), not a server",
        "тест вызывает само приложение (тестовый клиент), а не сервер",
    ),
    "own server": (
        "the test calls a server that it starts itself",
        "тест обращается к серверу, который запускает сам",
    ),
    "answers": (
        "a library answers the test's requests in the server's place",
        "на запросы теста вместо сервера отвечает библиотека",
    ),
}


def _without_pytest(interpreter: Path, another: Message) -> Message:
    return Message(
        f"pytest is not installed for {interpreter}: install it there "
        f"({interpreter} -m pip install pytest), or name another interpreter {another.en}.",
        f"Для {interpreter} не установлен pytest: установите его "
        f"({interpreter} -m pip install pytest) или укажите другой интерпретатор {another.ru}.",
    )


def _says_nothing(interpreter: Path) -> Message:
    return Message(
        f"pytest did not start: {interpreter} ended at once and said nothing; it may be no Python "
        "interpreter.",
        f"pytest не запустился: {interpreter} сразу завершился и ничего не сообщил; возможно, это "
        "не интерпретатор Python.",
    )


def _old_pytest(version: str) -> Message:
    return Message(
        f"pytest {version} is too old to prove tests with: 6.0 or newer is needed.",
        f"pytest {version} слишком стар, чтобы проверять тесты: нужен 6.0 или новее.",
    )
