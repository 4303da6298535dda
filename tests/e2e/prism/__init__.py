"""Prism: a mock server by others that obeys a document and makes its answers up.

`prism()` installs it once into `.cache/prism/` from the lock file beside this module and skips
the test where that is impossible. Its `-d` answers come from the schemas alone, examples unread.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Self

import pytest

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[2]
_START = 60.0
"""Seconds that Prism may take to read a document."""


@dataclass(frozen=True, slots=True)
class Prism:
    """An installed Prism."""

    program: Path

    def serve(self, document: Path, seed: int) -> PrismServer:
        """A server whose answers are the same for the same seed."""
        return PrismServer(self.program, "mock", ["-d", "--seed", str(seed)], [document])

    def proxy(self, document: Path, url: str) -> PrismServer:
        """A proxy to `url` whose answers have what is wrong with them in `sl-violations`."""
        return PrismServer(self.program, "proxy", [], [document, url])


class PrismServer:
    """Prism with one document, on a free port of loopback."""

    def __init__(
        self, program: Path, command: str, options: Sequence[str], served: Sequence[Path | str]
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self._port}"
        self._command = [str(program), command, *options, "-h", "127.0.0.1"]
        self._command += ["-p", str(self._port), "-v", "silent", *map(str, served)]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "SCARF_ANALYTICS": "false"},
        )
        deadline = time.monotonic() + _START
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError("Prism does not start with this document")
            time.sleep(0.05)
        return self

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=_START)
        try:
            connection.request("GET", "/pe4king-is-it-up")
            connection.getresponse().read()
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
        return True

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def prism() -> Prism:
    """Prism, installed; skips the test where Node or the registry cannot be had."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    lock = (_HERE / "package-lock.json").read_bytes()
    home = _ROOT / ".cache" / "prism" / hashlib.sha256(lock).hexdigest()[:12]
    if not (home / "complete").exists():
        _install(home)
    return Prism(home / "node_modules" / ".bin" / "prism")


def _install(home: Path) -> None:
    partial = home.with_name(f"{home.name}.{os.getpid()}")
    partial.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_HERE / name, partial / name)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(
        command, cwd=partial, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode != 0:
        shutil.rmtree(partial)
        pytest.skip(f"Prism cannot be installed: {done.stderr[-300:]}")
    (partial / "complete").touch()
    try:
        partial.rename(home)
    except OSError:
        shutil.rmtree(partial)  # another test run was faster
