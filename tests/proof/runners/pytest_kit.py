"""Projects of Python tests, a server with faults to be switched on, and directors to run them."""

from __future__ import annotations

import http.server
import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pe4king_core.proof.runners.python.runner import PythonRunner
from pe4king_core.proof.running import RunReport, RunRequest, RunResult, TestItem
from pe4king_core.proof.sandbox.sandbox import Sandbox

BOOK = {"id": 7, "title": "Solaris", "price": 12.5}


@dataclass
class Api:
    """Answers every request with one book, or with what `fault` makes of it; remembers all."""

    status: int = 200
    book: Mapping[str, object] = field(default_factory=lambda: dict(BOOK))
    text: str | None = None
    """In place of the book."""
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, target, Host header."""

    def reset(self) -> None:
        self.status, self.book, self.text = 200, dict(BOOK), None


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # the head and the body in one packet
    api: Api

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.api.requests.append((self.command, self.path, self.headers.get("Host", "")))
        text = self.api.text
        body = (json.dumps(self.api.book) if text is None else text).encode()
        self.send_response(self.api.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = answer

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(api: Api, listener: socket.socket) -> Iterator[None]:
    handler = type("Handler", (_Handler,), {"api": api})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


Fault = Callable[[Api], None]


@dataclass
class Plan:
    """A director: every test is run once plain, then once with each fault."""

    api: Api
    faults: Sequence[Fault] = ()
    items: list[TestItem] = field(default_factory=list)
    results: dict[str, list[RunResult]] = field(default_factory=dict)
    starts: int = 0

    def collected(self, items: Sequence[TestItem]) -> None:
        self.items = list(items)
        self.starts += 1

    def again(self, item: TestItem) -> bool:
        number = len(self.results.setdefault(_name(item), []))
        self.api.reset()
        if number:
            for fault in self.faults[number - 1 : number]:
                fault(self.api)
        return number <= len(self.faults)

    def ended(self, item: TestItem, result: RunResult) -> None:
        self.results[_name(item)].append(result)

    def endings(self, name: str) -> list[str]:
        return [str(each.ended) for each in self.results[name]]


def _name(item: TestItem) -> str:
    return f"{item.name}[{item.row}]" if item.row else item.name


@dataclass
class Played:
    """All there is to see after a run."""

    plan: Plan
    report: RunReport
    api: Api

    @property
    def problems(self) -> list[str]:
        return [each.en for each in self.report.problems]


@dataclass
class Project:
    """A user's project of tests."""

    root: Path

    def write(self, **files: str) -> None:
        """`tests__test_a="..."` is tests/test_a.py; dots stay."""
        for name, text in files.items():
            path = self.root / name.replace("__", "/")
            path = path if path.suffix else path.with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def play(
        self,
        *faults: Fault,
        interpreter: Path = Path(sys.executable),
        files: Sequence[str] = (),
        **wanted: Any,
    ) -> Played:
        """Run the tests of these files (all `test_*.py`) plain, then with each fault."""
        found = [self.root / each for each in files] or sorted(self.root.rglob("test_*.py"))
        request = RunRequest(self.root, tuple(found), base_urls=("BASE_URL",), total_seconds=120)
        request = replace(request, **wanted)
        api = Api()
        plan = Plan(api, faults)
        base = self.root.parent / "sandboxes"
        with (
            Sandbox(sources=self.root, overlay=request.overlay, base=base) as sandbox,
            served(api, sandbox.listener),
        ):
            report = PythonRunner(interpreter).run(request, plan, sandbox)
        return Played(plan, report, api)


def other_title(api: Api) -> None:
    api.book = {**BOOK, "title": "Fiasco"}


def no_price(api: Api) -> None:
    api.book = {"id": 7, "title": "Solaris"}


def no_json(api: Api) -> None:
    api.text = "<html>Sólaris"


def no_body(api: Api) -> None:
    api.text = ""


def wrong_status(api: Api) -> None:
    api.status = 500
