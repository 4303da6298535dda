"""The adapter beside raw httpx, the OpenAI SDK and LiteLLM: CPU a call and a chunk, memory.

Everybody asks the same server on loopback, which is a process of its own. Each client is a process,
too; they take turns, and the median of the CPU time of all rounds counts, so that whatever else the
machine does harms little. What is imported when is measured by `adapter_imports.py`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.adapter_imports import early_imports, import_ratio
from bench.environments import interpreter_of

_HERE = Path(__file__).parent
_PEERS = {
    "OpenAI SDK": ("openai", "openai_sdk"),
    "LiteLLM": ("litellm", "litellm"),
    "OpenAI SDK of LiteLLM": ("openai", "litellm"),
}
_RAW, _OWN = "httpx", "Pe4King"
_COUNTS = {"call": 300, "stream": 4, "callers": 400}
_ALONE = (("call", 50), ("stream", 1))
_CROWDED = (("callers", 50),)
"""Many callers come at once from the start: a pool that was asked by one before opens fewer."""


@dataclass(slots=True)
class _Client:
    """A client's process, and what its rounds took, by the name of the job."""

    name: str
    process: subprocess.Popen[str]
    cpu: dict[str, list[float]] = field(default_factory=dict)
    rates: dict[str, list[float]] = field(default_factory=dict)

    def work(self, job: str, count: int) -> Mapping[str, float]:
        """Do a job, and say what it took."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{job} {count}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} has failed at {job}")
        told: Mapping[str, float] = json.loads(line)
        return told

    def round(self, job: str, count: int) -> None:
        """Do a job that counts."""
        told = self.work(job, count)
        self.cpu.setdefault(job, []).append(told["cpu"] / told["done"])
        self.rates.setdefault(job, []).append(told["done"] / told["seconds"])

    def join(self, other: _Client) -> None:
        """Take over the rounds of another process of the same client."""
        if other is not self:
            for mine, others in ((self.cpu, other.cpu), (self.rates, other.rates)):
                for job, figures in others.items():
                    mine.setdefault(job, []).extend(figures)

    def median(self, job: str) -> float:
        """CPU seconds a call or a chunk."""
        return statistics.median(self.cpu[job])

    @property
    def rate(self) -> float:
        """Calls a second of many callers."""
        return statistics.median(self.rates["callers"])


_Clients = Mapping[str, _Client]


def run(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench adapter")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument(
        "--calls", type=int, default=100_000, help="after which memory is looked at"
    )
    parser.add_argument("--quick", action="store_true", help="3 rounds, 5,000 calls, no others")
    options = parser.parse_args(arguments)
    rounds, calls = (3, 5_000) if options.quick else (options.rounds, options.calls)
    early = early_imports()
    with _server() as port, ExitStack() as stack:
        clients = dict(_clients(port, stack, _ALONE, others=not options.quick))
        for job in ("call", "stream"):
            _rounds(job, rounds, list(clients.values()))
        crowded = _crowds(port, rounds)
        imported = import_ratio(port, rounds)
        leaked = _leaked(clients[_OWN], calls)
    _print(clients, crowded)
    print(f"of the adapter imported when the server has started: {', '.join(early) or 'nothing'}")
    print(json.dumps(_figures(clients, crowded, imported, leaked)))
    return 1 if early else 0


def _figures(
    clients: _Clients, crowded: _Clients, imported: float, leaked: int | None
) -> dict[str, float | None]:
    own, raw = clients[_OWN], clients[_RAW]
    return {
        "call_ratio": round(own.median("call") / raw.median("call"), 3),
        "chunk_ratio": round(own.median("stream") / raw.median("stream"), 3),
        "throughput_ratio": round(crowded[_OWN].rate / crowded[_RAW].rate, 2),
        "import_ratio": round(imported, 3),
        "leaked_kib": leaked,
    }


@contextmanager
def _server() -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, str(_HERE / "adapter_server.py")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def _clients(
    port: int, stack: ExitStack, warm_ups: Sequence[tuple[str, int]], *, others: bool
) -> Iterator[tuple[str, _Client]]:
    wanted: list[tuple[str, str, Path | str]] = [
        (_RAW, "httpx", Path(sys.executable)),
        (_OWN, "pe4king", Path(sys.executable)),
    ]
    if others:
        wanted += [(name, kind, interpreter_of(at)) for name, (kind, at) in _PEERS.items()]
    for name, kind, python in wanted:
        if isinstance(python, str):
            print(f"{name} is not measured: {python}")
            continue
        isolated = [] if kind == "pe4king" else ["-I"]
        command = [str(python), *isolated, str(_HERE / "adapter_client.py"), kind, str(port)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        stack.callback(_end, process)
        client = _Client(name, process)
        for job, count in warm_ups:
            client.work(job, count)
        yield name, client


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()


def _rounds(job: str, rounds: int, clients: Sequence[_Client]) -> None:
    for number in range(rounds):
        for client in clients if number % 2 else reversed(clients):
            client.round(job, _COUNTS[job])


def _crowds(port: int, rounds: int) -> _Clients:
    """Many callers who come at once, as after a pause in which the connections were closed."""
    total: dict[str, _Client] = {}
    for number in range(rounds):
        with ExitStack() as stack:
            clients = list(_clients(port, stack, _CROWDED, others=False))
            for name, client in clients if number % 2 else reversed(clients):
                client.round("callers", _COUNTS["callers"])
                total.setdefault(name, client).join(client)
    return total


def _leaked(own: _Client, calls: int) -> int | None:
    """KiB that stay behind after so many calls, one in ten of them a stream; None if not told."""
    before = own.work("mixed", max(calls // 20, 1000))["held"]
    after = [own.work("mixed", calls // 10)["held"] for _ in range(10)]
    if not before:
        print("what a process holds is told by Linux only")
        return None
    steps = [int(each - before) for each in after]
    print(f"KiB more than before, after each tenth of {calls} calls: {steps}")
    return steps[-1]


def _print(clients: _Clients, crowded: _Clients) -> None:
    raw = clients[_RAW]
    print(f"\nCPU in µs, and by that of httpx\n{'':24}{'call':>9}{'':7}{'chunk':>9}")
    for name, client in clients.items():
        pairs = [(client.median(job), raw.median(job)) for job in ("call", "stream")]
        figures = [f"{own * 1e6:9.1f} {own / other:6.2f}" for own, other in pairs]
        print(f"{name:24}{''.join(figures)}")
    for name in (_RAW, _OWN):
        client = crowded[name]
        cpu = client.median("callers") * 1e6
        print(f"50 callers, {name:12}{client.rate:9.0f} calls a second, {cpu:.0f} µs CPU")
