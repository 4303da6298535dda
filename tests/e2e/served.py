"""`pe4king mock` as a user starts it, on a free port of loopback."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self


class Served:
    """A running mock server; `lines` is its log so far, `process` the program itself."""

    def __init__(self, *documents: Path, options: Sequence[str] = (), log: bool = True) -> None:
        self._command = [sys.executable, "-m", "pe4king_server", "mock", *map(str, documents)]
        self._command += ["--port", "0", "--log-format", "json", *options]
        self._command += [] if log else ["--quiet"]
        self._folder = documents[0].parents[1]
        self.lines: list[str] = []
        self.base_url = ""

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            self._command,
            # Files that the document refers to are read below the folder that it is started in.
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        try:
            self.base_url = json.loads(first)["url"]
        except (ValueError, KeyError):
            self.process.kill()
            raise RuntimeError(first + self.process.communicate()[0]) from None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    @property
    def port(self) -> int:
        return int(self.base_url.rpartition(":")[2])

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The requests that the log tells of."""
        told = [json.loads(line) for line in list(self.lines) if line.startswith("{")]
        return [each for each in told if each.get("event") == "request"]

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in iter(self.process.stdout.readline, ""):
            self.lines.append(line)  # one by one: others look on

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()
