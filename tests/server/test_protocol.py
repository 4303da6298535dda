"""Each repair of pygls' protocol, on our class and, as an expected failure, on pygls' own.

When one of the `plain` cases passes, pygls was repaired: drop the override and its test.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lsp_kit import tiny_server
from tests.lsp_kit.wire import LIMIT, Message, NoAnswer, Wire

FAILS_IN_PYGLS = pytest.mark.xfail(strict=True, raises=AssertionError, reason="not in pygls")
both = pytest.mark.parametrize(
    "kind", ["ours", pytest.param("plain", marks=FAILS_IN_PYGLS)], indirect=True
)


def start(kind: str) -> Wire:
    return Wire([sys.executable, tiny_server.__file__, kind])


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def soon(kind: str) -> float:
    """Seconds to wait for an answer that pygls never gives."""
    return LIMIT if kind == "ours" else 0.1


@pytest.fixture(scope="module")
def _servers() -> Iterator[dict[str, Wire]]:
    servers: dict[str, Wire] = {}
    yield servers
    for server in servers.values():
        with server:
            pass


@pytest.fixture
def server(kind: str, _servers: dict[str, Wire]) -> Wire:
    """An initialized server, shared by the tests that leave it in order."""
    if kind not in _servers:
        _servers[kind] = start(kind)
        _servers[kind].initialize()
    _servers[kind].received.clear()
    return _servers[kind]


@pytest.fixture
def own_server(kind: str) -> Iterator[Wire]:
    """A server that the test may ruin."""
    with start(kind) as server:
        yield server


def execute(command: str, *arguments: object) -> Message:
    return {"command": command, "arguments": list(arguments)}


def code(answer: Message) -> int | None:
    return answer.get("error", {}).get("code")


@both
def test_row_1_cancelling_a_command_cancels_it(server: Wire) -> None:
    request = server.start_request("workspace/executeCommand", execute("tiny.sleep"))
    server.wait_for_method("tiny/started")
    server.notify("$/cancelRequest", {"id": request})
    assert code(server.answer(request)) == -32800
    seen = server.request("tiny/seen")["result"]
    assert seen["cancelled"] == seen["started"] == 1


@both
def test_row_1_shutdown_with_a_running_command(own_server: Wire) -> None:
    own_server.initialize()
    own_server.start_request("workspace/executeCommand", execute("tiny.sleep"))
    own_server.wait_for_method("tiny/started")
    answer = own_server.request("shutdown")
    assert "error" not in answer
    own_server.notify("exit")
    assert own_server.exit_code() == 0


@both
def test_row_1_absent_arguments_are_invalid_params(server: Wire) -> None:
    answer = server.request("workspace/executeCommand", {"command": "tiny.repeat"})
    assert code(answer) == -32602


@pytest.mark.parametrize("kind", ["ours", "plain"], indirect=True)
@pytest.mark.parametrize(
    ("params", "result"),
    [
        (execute("tiny.repeat", {"text": "ab", "unknown": 1}), "abab"),
        (execute("tiny.repeat", {"text": "ab", "times": 1}), "ab"),
        (execute("tiny.sync"), "sync"),
        ({"command": "tiny.sync"}, "sync"),
    ],
)
def test_commands_run_as_in_pygls(server: Wire, params: Message, result: str) -> None:
    assert server.request("workspace/executeCommand", params)["result"] == result


@pytest.mark.parametrize("kind", ["ours", "plain"], indirect=True)
def test_thread_commands_run_in_a_thread(server: Wire) -> None:
    answer = server.request("workspace/executeCommand", execute("tiny.thread"))
    assert answer["result"].startswith("ThreadPoolExecutor")


@pytest.mark.parametrize("kind", ["ours", "plain"], indirect=True)
@pytest.mark.parametrize(
    "params", [execute("tiny.unknown"), execute("tiny.repeat", {}), execute("tiny.sync", 1)]
)
def test_wrong_commands_are_invalid_params(server: Wire, params: Message) -> None:
    assert code(server.request("workspace/executeCommand", params)) == -32602


def change(version: int) -> Message:
    return {
        "textDocument": {"uri": "file:///a.py", "version": version},
        "contentChanges": [{"text": f"{version}"}],
    }


@both
def test_row_2_nothing_is_left_of_notifications(server: Wire) -> None:
    opened = {"uri": "file:///a.py", "languageId": "python", "version": 0, "text": ""}
    server.notify("textDocument/didOpen", {"textDocument": opened})
    for version in range(1, 3001):
        server.notify("textDocument/didChange", change(version))
    seen = server.request("tiny/seen")["result"]
    assert server.request("tiny/text", {"uri": "file:///a.py"})["result"] == "3000"
    assert (seen["futures"], seen["resultTypes"]) == (0, 0)


@both
def test_row_3_a_late_answer_is_ignored(server: Wire) -> None:
    command = server.start_request("workspace/executeCommand", execute("tiny.dialog", 0.05))
    dialog = server.wait_for_method("window/showMessageRequest")
    assert server.answer(command)["result"] == "timeout"
    server.respond(dialog, {"title": "late"})
    seen = server.request("tiny/seen")["result"]
    assert seen["resultTypes"] == 0
    assert not [each for each in server.received if each.get("method") == "window/showMessage"]


@both
def test_row_4_the_client_is_told_of_a_dead_request(server: Wire, soon: float) -> None:
    server.start_request("workspace/executeCommand", execute("tiny.dialog", 0.05))
    dialog = server.wait_for_method("window/showMessageRequest")
    cancel = server.wait_for_method("$/cancelRequest", soon)
    assert cancel["params"] == {"id": dialog["id"]}


def test_row_4_cancelling_a_command_closes_its_dialog(shared_ours: Wire) -> None:
    server = shared_ours
    command = server.start_request("workspace/executeCommand", execute("tiny.dialog", 30))
    dialog = server.wait_for_method("window/showMessageRequest")
    server.notify("$/cancelRequest", {"id": command})
    assert server.wait_for_method("$/cancelRequest")["params"] == {"id": dialog["id"]}
    assert code(server.answer(command)) == -32800


@pytest.fixture
def shared_ours(_servers: dict[str, Wire]) -> Wire:
    if "ours" not in _servers:
        _servers["ours"] = start("ours")
        _servers["ours"].initialize()
    return _servers["ours"]


@both
@pytest.mark.parametrize("params", [{"textDocument": 5}, {}, None, [], "x"])
def test_row_5_malformed_params_are_answered(server: Wire, params: object, soon: float) -> None:
    assert code(server.request("textDocument/hover", params, soon)) == -32602


@both
def test_row_5_a_nested_jsonrpc_key_is_only_a_key(server: Wire, soon: float) -> None:
    nested = {"jsonrpc": "2.0", "id": 1, "method": "sum", "params": [1, 2]}
    answer = server.request("tiny/echo", {"body": nested}, soon)
    assert answer["result"] == {"body": nested}


@both
def test_row_5_a_malformed_answer_ends_the_request(server: Wire) -> None:
    command = server.start_request("workspace/executeCommand", execute("tiny.dialog", 0.5))
    dialog = server.wait_for_method("window/showMessageRequest")
    server.respond(dialog, {"no": "title"})
    assert server.answer(command)["result"] == "error -32600"


@pytest.mark.parametrize("message", [[], 5, {"id": 7, "method": "tiny/seen"}, {"jsonrpc": "1.0"}])
def test_row_5_what_is_no_message_is_answered(shared_ours: Wire, message: object) -> None:
    shared_ours.send(message)
    answer = shared_ours.wait_for(lambda each: code(each) == -32600)
    assert answer.get("id") is None


@both
def test_row_6_requests_at_the_wrong_time(own_server: Wire, soon: float) -> None:
    answers = {"before initialize": own_server.request("tiny/seen")}
    own_server.notify("tiny/failingNotification", {})
    own_server.initialize()
    answers["initialize again"] = own_server.initialize()
    assert own_server.request("shutdown")["result"] is None
    answers["after shutdown"] = own_server.request("tiny/seen", {}, soon)
    codes = {when: code(answer) for when, answer in answers.items()}
    assert codes == {
        "before initialize": -32002,
        "initialize again": -32600,
        "after shutdown": -32600,
    }


@both
@pytest.mark.parametrize("result", ["set", "bytes", "object", "nan"])
def test_row_7_a_result_that_is_no_json(server: Wire, result: str, soon: float) -> None:
    answer = server.request("tiny/result", {"kind": result}, soon)
    assert code(answer) == -32603


@both
def test_row_7_a_request_that_is_no_json_is_an_error_of_ours(server: Wire) -> None:
    answer = server.request("workspace/executeCommand", execute("tiny.unserialisable"))
    assert answer.get("result") == "set is not JSON"
    assert server.request("tiny/seen")["result"]["resultTypes"] == 0


@both
def test_row_8_exit_without_shutdown(own_server: Wire) -> None:
    own_server.initialize()
    own_server.notify("exit")
    assert own_server.exit_code() == 1


@both
@pytest.mark.parametrize("method", ["tiny/fail", "tiny/result"])
def test_row_9_no_details_of_ours_reach_the_client(server: Wire, method: str) -> None:
    answer = server.request(method, {"kind": "no such kind"})
    assert answer["error"] == {
        "code": -32603,
        "message": "Pe4King ran into an internal error. The server's log has the details.",
    }
    server.request("tiny/seen")
    assert "Traceback" in server.stderr


def test_what_the_client_says_and_hears_in_initialize() -> None:
    with start("ours") as server:
        answer = server.initialize(locale="ru-RU")
        message = server.request("tiny/fail", {})["error"]["message"]
    assert message == "В Pe4King произошла внутренняя ошибка. Подробности в журнале сервера."
    workspace = answer["result"]["capabilities"]["workspace"]
    assert workspace["textDocumentContent"] == {"schemes": ["tiny"]}


@pytest.mark.parametrize("kind", ["ours", "plain"], indirect=True)
def test_errors_that_were_meant_reach_the_client(server: Wire) -> None:
    answer = server.request("tiny/refuse", {})
    assert answer["error"] == {"code": -32803, "message": "No such thing", "data": {"why": "test"}}


@both
def test_failing_notifications_show_no_popup(server: Wire) -> None:
    server.notify("tiny/failingNotification", {})
    server.send_bytes(b"Content-Length: 1\r\n\r\n{")
    server.request("tiny/seen")
    assert not [each for each in server.received if each.get("method") == "window/showMessage"]


@both
def test_custom_messages_stay_dicts(server: Wire) -> None:
    payload = {"class": 1, "my-key": [{"type_name": "Q"}], "type_name": "Q"}
    assert server.request("tiny/echo", payload)["result"] == payload


@both
def test_custom_requests_without_params(server: Wire, soon: float) -> None:
    server.send({"jsonrpc": "2.0", "id": "bare", "method": "tiny/seen"})
    assert "result" in server.wait_for(lambda message: message.get("id") == "bare", soon)


@pytest.mark.parametrize("kind", ["ours", "plain"], indirect=True)
def test_unknown_methods(server: Wire) -> None:
    assert code(server.request("tiny/nothing", {})) == -32601
    server.notify("tiny/nothing", {})
    assert "result" in server.request("tiny/seen")


@pytest.mark.parametrize("kind", ["ours", "plain"], indirect=True)
def test_cancelling_a_plain_request(server: Wire) -> None:
    params = {
        "textDocument": {"uri": "file:///a.py"},
        "position": {"line": 0, "character": 0},
    }
    request = server.start_request("textDocument/hover", params)
    server.wait_for_method("tiny/started")
    server.notify("$/cancelRequest", {"id": request})
    assert code(server.answer(request)) == -32800


SEPARATORS = "a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i\n"


@both
@pytest.mark.parametrize(
    ("before", "place", "after"),
    [
        (f"{SEPARATORS}last", ((1, 0), (1, 4)), f"{SEPARATORS}X"),
        ("abc", ((0, 99), (0, 99)), "abcX"),
        ("a\nb", ((0, 2), (0, 2)), "aX\nb"),
    ],
    ids=["below separators", "behind the text", "behind a line"],
)
def test_changes_are_made_where_the_client_made_them(
    server: Wire, before: str, place: tuple[tuple[int, int], tuple[int, int]], after: str
) -> None:
    uri = "file:///change.txt"
    opened = {"uri": uri, "languageId": "plaintext", "version": 1, "text": before}
    server.notify("textDocument/didOpen", {"textDocument": opened})
    (start_line, start_column), (end_line, end_column) = place
    change = {
        "range": {
            "start": {"line": start_line, "character": start_column},
            "end": {"line": end_line, "character": end_column},
        },
        "text": "X",
    }
    server.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]},
    )
    assert server.request("tiny/text", {"uri": uri})["result"] == after


def test_snapshots(shared_ours: Wire, tmp_path: Path) -> None:
    def snapshot(uri: str) -> object:
        params = execute("tiny.snapshot", uri)
        return shared_ours.request("workspace/executeCommand", params)["result"]

    file, binary = tmp_path / "файл.py", tmp_path / "binary"
    file.write_bytes(b"\xef\xbb\xbfa\r\nb")
    binary.write_bytes(b"\xff\xfe\x00")
    on_disk = {"text": "a\r\nb", "version": None, "languageId": None, "current": True}
    assert snapshot(file.as_uri()) == on_disk
    for missing in (binary.as_uri(), tmp_path.as_uri(), "file:///no/such", "untitled:Untitled-1"):
        assert snapshot(missing) is None
    opened = {"uri": file.as_uri(), "languageId": "python", "version": 4, "text": "open"}
    shared_ours.notify("textDocument/didOpen", {"textDocument": opened})
    in_editor = {"text": "open", "version": 4, "languageId": "python", "current": True}
    assert snapshot(file.as_uri()) == in_editor


def test_the_wire_notices_silence(shared_ours: Wire) -> None:
    with pytest.raises(NoAnswer):
        shared_ours.wait_for_method("tiny/never", 0.01)
