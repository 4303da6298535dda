"""A raw JSON-RPC client over pipes: sends anything, waits for nothing longer than it is told."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import Any, Self

Message = dict[str, Any]

LIMIT = 10.0


class NoAnswer(AssertionError):
    """The server did not send what was waited for."""


class Wire:
    """One server process and everything it sent. A context manager that ends the process."""

    def __init__(self, command: Sequence[str], environment: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
        )
        self.received: list[Message] = []
        self._arrived: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._stderr: list[bytes] = []
        self._ids = iter(range(1, 1_000_000))
        self._threads = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join(LIMIT)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(BrokenPipeError):
                stream.close()

    # Sending

    def send_bytes(self, data: bytes) -> None:
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: object) -> None:
        body = json.dumps(message).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, params: object = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def start_request(self, method: str, params: object = None, **more: object) -> int:
        """Send a request without waiting; `more` are further keys of the message."""
        msg_id = next(self._ids)
        message = {"jsonrpc": "2.0", "id": msg_id, "method": method, "params": params, **more}
        self.send(message)
        return msg_id

    def respond(self, request: Message, result: object) -> None:
        self.send({"jsonrpc": "2.0", "id": request["id"], "result": result})

    # Receiving

    def request(self, method: str, params: object = None, limit: float = LIMIT) -> Message:
        """The whole answer message to a request."""
        return self.answer(self.start_request(method, params), limit)

    def answer(self, msg_id: int, limit: float = LIMIT) -> Message:
        return self.wait_for(
            lambda message: message.get("id") == msg_id and "method" not in message, limit
        )

    def wait_for_method(self, method: str, limit: float = LIMIT) -> Message:
        return self.wait_for(lambda message: message.get("method") == method, limit)

    def wait_for(self, wanted: Callable[[Message], bool], limit: float = LIMIT) -> Message:
        """The first message that is `wanted`, taken out of `received`; else NoAnswer."""
        for index, message in enumerate(self.received):
            if wanted(message):
                return self.received.pop(index)
        while True:
            try:
                message = self._arrived.get(timeout=limit)
            except queue.Empty:
                raise NoAnswer(f"nothing in {limit} s; stderr: {self.stderr[-2000:]}") from None
            if message is None:
                raise NoAnswer(f"the server closed its output; stderr: {self.stderr[-2000:]}")
            if wanted(message):
                return message
            self.received.append(message)

    def stray_line(self, limit: float = LIMIT) -> str:
        """A line that the server printed between its messages."""
        return self.wait_for(lambda message: "not a message" in message, limit)["not a message"]

    @property
    def stderr(self) -> str:
        return b"".join(self._stderr).decode(errors="replace")

    def exit_code(self, limit: float = LIMIT) -> int:
        """The exit code of a server that ends by itself; else subprocess.TimeoutExpired."""
        return self.process.wait(limit)

    # Life cycle

    def initialize(self, capabilities: Message | None = None, **params: object) -> Message:
        answer = self.request(
            "initialize",
            {"processId": os.getpid(), "rootUri": None, "capabilities": capabilities or {}}
            | params,
        )
        self.notify("initialized", {})
        return answer

    def leave(self) -> int:
        """Shut the server down as a client should; its exit code."""
        self.request("shutdown")
        self.notify("exit")
        return self.exit_code()

    def _read(self) -> None:
        stream = self.process.stdout
        while header := stream.readline():
            if not header.startswith(b"Content-Length:"):
                self._arrived.put({"not a message": header.decode()})
                continue
            length = int(header.removeprefix(b"Content-Length:"))
            while stream.readline().strip():
                pass
            self._arrived.put(json.loads(stream.read(length), parse_constant=_reject))
        self._arrived.put(None)

    def _read_errors(self) -> None:
        while data := self.process.stderr.read1():
            self._stderr.append(data)


def _reject(constant: str) -> object:
    # As a real client does: RFC 8259 has no NaN.
    return {"not JSON": constant}
