"""What using the adapter for the first time costs, by importing the libraries that it stands on.

The libraries are httpx, tenacity, jinja2 and keyring. Two first uses are looked at, each in fresh
processes in turn with the libraries: a script's whole first answer from nothing, and all that a
server, which has read a document by then, imports up to its first request.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

from bench.startup import OURS, imports_until_initialize

_TIMED = "import sys, time\n{}\ncpu = time.process_time()\n{}\nprint(time.process_time() - cpu)"
_LIBRARIES = "import httpx, tenacity, jinja2, keyring"
_SERVER = """
import pe4king_server.server, pkgutil, importlib, pe4king_core.model as model
from pe4king_core.openapi import load
load("openapi: 3.0.0\\ninfo: {title: t, version: v}\\npaths: {}", "file:///t.yaml")
for module in pkgutil.iter_modules(model.__path__, "pe4king_core.model."):
    importlib.import_module(module.name)
"""
_FIRST_ANSWER = """
from bench.adapter_client import pe4king_client
whole, _ = pe4king_client(sys.argv[1])
import asyncio
assert asyncio.run(whole())
"""
_ALL_PARTS = """
from bench.adapter_client import pe4king_client
from pe4king_adapter.prompts import PromptBuilder
import pe4king_adapter.enhancer, pe4king_adapter.transport.http, tenacity, keyring
pe4king_client(sys.argv[1])
assert PromptBuilder().correction(["a reason"], "en")
"""
_FIRST_USES = {
    "from nothing to the first answer": ("", _FIRST_ANSWER),
    "in a server, with templates and keychain, up to the request": (_SERVER, _ALL_PARTS),
}
_EARLY = ("httpx", "tenacity", "jinja2", "keyring", "pe4king_adapter")


def early_imports() -> list[str]:
    """What of the adapter is imported when a server has answered `initialize`; nothing should."""
    return sorted(name for name in imports_until_initialize(OURS) if name.split(".")[0] in _EARLY)


def import_ratio(port: int, rounds: int) -> float:
    """CPU of the worse one of the first uses by that of the libraries."""
    return max(_first_use(name, *codes, port, rounds) for name, codes in _FIRST_USES.items())


def _first_use(name: str, before: str, code: str, port: int, rounds: int) -> float:
    took: dict[str, list[float]] = {_LIBRARIES: [], code: []}
    for number in range(rounds + 2):
        for each, times in took.items():
            seconds = _cpu_of(_TIMED.format(before, each), port)
            if number >= 2:  # the first ones compile and warm the disk's cache
                times.append(seconds)
    libraries, first = (statistics.median(times) for times in took.values())
    print(f"first use {name}: {first * 1e3:.0f} ms CPU, the libraries alone {libraries * 1e3:.0f}")
    return first / libraries


def _cpu_of(code: str, port: int) -> float:
    done = subprocess.run(
        [sys.executable, "-c", code, f"http://127.0.0.1:{port}/v1"],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)
