"""Time from the start of the process to the answer of `initialize`, against an empty pygls server.

The two servers take turns, so that whatever else the machine does meets both; the ratio is taken
pair by pair. A second look lists the heavy libraries that our server had imported by then.
"""

from __future__ import annotations

import argparse
import json
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

OURS = [sys.executable, "-m", "pe4king_server", "serve", "--stdio"]
EMPTY = [sys.executable, str(Path(__file__).with_name("empty_server.py"))]

HEAVY = ("httpx", "jinja2", "keyring", "tenacity", "rich", "tree_sitter", "fastyaml_rs")

_ROOT = Path(__file__).parents[1]
_CAPABILITIES = _ROOT / "tests" / "lsp_kit" / "capabilities" / "vscode_11.json"


def run(arguments: Sequence[str]) -> int:
    """Measure and print."""
    options = _options(arguments)
    rounds = [_pair(options.command, number) for number in range(options.warm_ups + options.rounds)]
    measured = rounds[options.warm_ups :]
    ours, empty = [pair[0] for pair in measured], [pair[1] for pair in measured]
    paired = statistics.median(one / other for one, other in measured)
    medians = statistics.median(ours) / statistics.median(empty)

    print(f"process start to the answer of initialize, {len(measured)} pairs, milliseconds\n")
    print(f"{'':14}{'min':>8}{'median':>8}{'max':>8}")
    for name, times in (("pe4king", ours), ("empty pygls", empty)):
        figures = (min(times), statistics.median(times), max(times))
        print(f"{name:14}" + "".join(f"{figure * 1000:8.0f}" for figure in figures))
    print(f"\nratio of medians {medians:.2f}, median of paired ratios {paired:.2f}")
    heavy = heavy_imports(options.command)
    print(f"heavy libraries imported by then: {', '.join(heavy) or 'none'}")
    print(json.dumps({"initialize_ratio": round(paired, 3)}))
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench startup")
    parser.add_argument("--rounds", type=int, default=15, help="pairs that count")
    parser.add_argument("--warm-ups", type=int, default=2, help="pairs before that")
    parser.add_argument("--command", type=shlex.split, default=OURS, help="of the server")
    return parser.parse_args(arguments)


def _pair(command: Sequence[str], number: int) -> tuple[float, float]:
    """Seconds of ours and of the empty server, run one after the other, in turn first."""
    if number % 2:
        empty = seconds_to_initialize(EMPTY)
        return seconds_to_initialize(command), empty
    return seconds_to_initialize(command), seconds_to_initialize(EMPTY)


def seconds_to_initialize(command: Sequence[str]) -> float:
    """Start a server, let it answer `initialize`, end it."""
    request = _initialize()
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        _ask(server, request)
        answered = time.perf_counter()
        server.kill()
    return answered - started


def heavy_imports(command: Sequence[str]) -> list[str]:
    """Those of `HEAVY` that a Python server has imported when it answered `initialize`."""
    imported = imports_until_initialize(command)
    return [name for name in HEAVY if name in imported]


def imports_until_initialize(command: Sequence[str]) -> set[str]:
    """The modules that a Python server has imported when it answered `initialize`."""
    python, *rest = command
    traced = [python, "-X", "importtime", *rest]
    # A file, because a pipe that nobody reads stops the server when it is full.
    with tempfile.TemporaryFile("w+", errors="replace") as errors:
        with subprocess.Popen(
            traced, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
        ) as server:
            _ask(server, _initialize())
            server.kill()
        errors.seek(0)
        lines = errors.read().splitlines()
    return {line.rsplit("|", 1)[-1].strip() for line in lines if line.startswith("import time")}


def _initialize() -> bytes:
    params = {
        "processId": None,
        "rootUri": None,
        "workspaceFolders": None,
        "capabilities": json.loads(_CAPABILITIES.read_text()),
    }
    request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    body = json.dumps(request).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def _ask(server: subprocess.Popen[bytes], request: bytes) -> None:
    """Send `initialize` and read messages up to its answer."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(request)
    server.stdin.flush()
    while True:
        length = 0
        while (header := server.stdout.readline()) not in (b"\r\n", b""):
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not header:
            raise RuntimeError("the server ended before it answered initialize")
        answer = json.loads(server.stdout.read(length))
        if answer.get("id") == 1:
            if "result" not in answer:
                raise RuntimeError(f"initialize failed: {answer}")
            return
