"""The bookstore of `examples/bookstore` as a child process, for the demo."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Self

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message

_READY = "listening on "


def bookstore_folder() -> Path:
    """The example's folder: inside an installed package, else in the checkout."""
    here = Path(__file__).resolve().parents[1]
    candidates = (here / "bookstore", here.parents[1] / "examples" / "bookstore")
    for folder in candidates:
        if (folder / "service.py").exists():
            return folder
    raise UserError(
        Message("The bookstore example is not installed.", "Пример bookstore не установлен.")
    )


class Bookstore:
    """Starts the service on a free port of loopback, and ends it whatever happens."""

    def __init__(self) -> None:
        self.base_url = ""
        self._process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the generated tests read: where the API is, and credentials that it knows."""
        return {
            "API_BASE_URL": self.base_url,
            "API_KEY": "demo-key",
            "API_BEARER_AUTH": "demo-token",
        }

    def __enter__(self) -> Self:
        service = bookstore_folder() / "service.py"
        self._process = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, str(service), "--port", "0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "BOOKSTORE_API_KEY": "demo-key", "BOOKSTORE_TOKEN": "demo-token"},
        )
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if _READY not in line:
            self.__exit__()
            raise UserError(
                Message("The bookstore did not start.", "Книжный магазин не запустился.")
            )
        self.base_url = line.split(_READY, 1)[1].strip()
        return self

    def __exit__(self, *_: object) -> None:
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
