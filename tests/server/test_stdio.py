"""A server over the standard streams: what may go wrong around the protocol, and how it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.lsp_kit import tiny_server
from tests.lsp_kit.wire import LIMIT, Message, Wire

COMMAND = [sys.executable, tiny_server.__file__, "ours"]

INITIALIZE = {"processId": None, "rootUri": None, "capabilities": {}}
WITH_PROGRESS = {"window": {"workDoneProgress": True}}


@pytest.fixture(scope="module")
def _server() -> Iterator[Wire]:
    with Wire(COMMAND) as server:
        server.initialize(WITH_PROGRESS)
        yield server


@pytest.fixture
def server(_server: Wire) -> Iterator[Wire]:
    """A shared server; no test leaves anything behind in it."""
    _server.received.clear()
    yield _server
    seen = _server.request("tiny/seen")["result"]
    assert (seen["futures"], seen["resultTypes"], seen["tokens"]) == (0, 0, 0)


@pytest.fixture
def own_server() -> Iterator[Wire]:
    with Wire(COMMAND) as server:
        server.initialize()
        yield server


def start(server: Wire, command: str, *arguments: object) -> int:
    params = {"command": command, "arguments": list(arguments)}
    return server.start_request("workspace/executeCommand", params)


def test_what_a_handler_or_its_children_print_does_no_harm(server: Wire) -> None:
    answer = server.request("tiny/print")
    assert answer["result"] == "EOFError: EOF when reading a line"
    assert "a stray print" in server.stderr
    assert "a stray child" in server.stderr


def test_a_plain_conversation(own_server: Wire) -> None:
    """No progress for a client without, nothing of the conversation in the log, exit code 0."""
    request = start(own_server, "tiny.progress", "short")
    assert own_server.answer(request)["result"] == "done"
    asked = [each["method"] for each in own_server.received if "method" in each]
    assert asked == ["tiny/started"]
    own_server.request("tiny/echo", {"prompt": "a secret of the user"})
    own_server.request("tiny/nothing", {"prompt": "a secret of the user"})
    own_server.notify("$/cancelRequest", {"id": "unknown"})
    assert own_server.leave() == 0
    assert own_server.stderr == ""


def test_the_end_of_the_input_ends_the_server(own_server: Wire) -> None:
    start(own_server, "tiny.sleep")
    own_server.wait_for_method("tiny/started")
    own_server.process.stdin.close()
    assert own_server.exit_code() == 0
    assert "cleaned up" in own_server.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_the_server_after_handlers_cleaned_up(
    own_server: Wire, number: signal.Signals
) -> None:
    start(own_server, "tiny.sleep")
    own_server.wait_for_method("tiny/started")
    own_server.process.send_signal(number)
    assert own_server.exit_code() == 128 + number
    assert own_server.stderr == "cleaned up\n"


def test_sys_exit_in_a_handler_ends_the_server(own_server: Wire) -> None:
    own_server.notify("tiny/exit", {})
    assert own_server.exit_code() == 3


def test_a_client_that_stops_reading_is_no_error() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        process.stdout.close()
        process.stdin.write(framed({"id": 1, "method": "initialize", "params": INITIALIZE}))
        _, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, errors) == (0, b"")


def framed(message: Message) -> bytes:
    body = json.dumps({"jsonrpc": "2.0"} | message).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def test_over_a_socket() -> None:
    with Wire([*COMMAND, "tcp"]) as server:
        port = int(server.stray_line())
        with socket.create_connection(("127.0.0.1", port)) as client:
            stream = client.makefile("rwb")
            messages: list[Message] = [
                {"id": 1, "method": "initialize", "params": INITIALIZE},
                {"id": 2, "method": "shutdown"},
                {"method": "exit"},
            ]
            stream.write(b"".join(map(framed, messages)))
            stream.flush()
            answers = stream.read().decode()
        assert '"capabilities"' in answers
        assert '"result": null' in answers
        assert server.exit_code() == 0


# Progress


def create(server: Wire) -> str:
    """Let the server have its progress; the token."""
    request = server.wait_for_method("window/workDoneProgress/create")
    server.respond(request, None)
    return request["params"]["token"]


def progress(server: Wire) -> list[Message]:
    """What the client was shown until the end of the progress."""
    values = []
    while not values or values[-1]["kind"] != "end":
        values.append(server.wait_for_method("$/progress")["params"]["value"])
    return values


BEGIN = {"kind": "begin", "title": "Tiny", "cancellable": True}
HALF = {"kind": "report", "message": "half", "percentage": 50}
END = {"kind": "end"}


def test_work_under_a_progress(server: Wire) -> None:
    request = start(server, "tiny.progress", "short")
    create(server)
    assert server.answer(request)["result"] == "done"
    assert progress(server) == [BEGIN, HALF, END]


def test_cancelling_the_progress_gives_a_normal_result(server: Wire) -> None:
    request = start(server, "tiny.progress", "long")
    token = create(server)
    server.wait_for_method("tiny/started")
    server.notify("window/workDoneProgress/cancel", {"token": token})
    assert server.answer(request)["result"] == "cancelled"
    assert progress(server) == [BEGIN, HALF, END]


def test_cancelling_the_progress_hides_what_fails_meanwhile(server: Wire) -> None:
    request = start(server, "tiny.progress", "stubborn")
    token = create(server)
    server.wait_for_method("tiny/started")
    server.notify("window/workDoneProgress/cancel", {"token": token})
    assert server.answer(request)["result"] == "cancelled"


def test_cancelling_the_request_ends_the_progress(server: Wire) -> None:
    request = start(server, "tiny.progress", "long")
    create(server)
    server.wait_for_method("tiny/started")
    server.notify("$/cancelRequest", {"id": request})
    assert server.answer(request)["error"]["code"] == -32800
    assert progress(server) == [BEGIN, HALF, END]


def test_cancelling_the_request_before_the_progress_is_created(server: Wire) -> None:
    request = start(server, "tiny.progress", "long")
    created = server.wait_for_method("window/workDoneProgress/create")
    server.notify("$/cancelRequest", {"id": request})
    assert server.wait_for_method("$/cancelRequest")["params"] == {"id": created["id"]}
    assert server.answer(request)["error"]["code"] == -32800


def test_failing_work_ends_the_progress(server: Wire) -> None:
    request = start(server, "tiny.progress", "fail")
    create(server)
    assert server.answer(request)["error"]["code"] == -32603
    assert progress(server) == [BEGIN, HALF, END]


def test_a_client_that_does_not_answer_gets_the_work_done(server: Wire) -> None:
    request = start(server, "tiny.progress", "short")
    created = server.wait_for_method("window/workDoneProgress/create")
    assert server.answer(request)["result"] == "done"
    assert server.wait_for_method("$/cancelRequest")["params"] == {"id": created["id"]}
    assert not [each for each in server.received if each.get("method") == "$/progress"]


def test_a_client_that_refuses_gets_the_work_done(server: Wire) -> None:
    request = start(server, "tiny.progress", "short")
    created = server.wait_for_method("window/workDoneProgress/create")
    error = {"code": -32603, "message": "no"}
    server.send({"jsonrpc": "2.0", "id": created["id"], "error": error})
    assert server.answer(request)["result"] == "done"
    assert not [each for each in server.received if each.get("method") == "$/progress"]
