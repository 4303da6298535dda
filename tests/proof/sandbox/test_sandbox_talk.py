"""Commands in a sandbox: what is said, what is seen, what is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.mock.http.serving import Running
from pe4king_core.proof.sandbox.limits import Limits
from pe4king_core.proof.sandbox.sandbox import Sandbox, SandboxError


async def application(scope: Any, receive: Any, send: Any) -> None:
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"books"})


def test_lines_go_both_ways(room: Callable[..., Any]) -> None:
    made = room()
    assert made.ask("'книга'") == "'книга'"
    assert made.ask("6 * 7") == "42"


def test_our_server_is_reached_and_outlives_the_process(room: Callable[..., Any]) -> None:
    made = room()
    with Running(application, listener=made.box.listener) as running:
        asking = f"urllib.request.urlopen({running.base_url!r}).read()"
        assert made.ask(asking) == "b'books'"
        made.child.stop()
        made.child = made.listening()
        assert made.ask(asking) == "b'books'"


def test_a_listener_stays_open_for_its_owner(room: Callable[..., Any]) -> None:
    made = room()
    for _ in range(2):
        with Running(application, listener=made.box.listener) as running:
            assert made.ask(f"urllib.request.urlopen({running.base_url!r}).status") == "200"


def test_the_environment_is_what_was_given(
    room: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_TOKEN", "of-the-user")
    made = room()
    names = set(eval(made.ask("sorted(os.environ)")))
    assert {"TOLD", "HOME", "TMPDIR", "PATH"} <= names
    assert names <= {"TOLD", "HOME", "TMPDIR", "TEMP", "TMP", "PATH", "LANG", "TZ", "LC_CTYPE"}
    assert made.ask("os.environ['HOME']") == repr(str(made.box.folder / "home"))


def test_the_end_is_told(room: Callable[..., Any]) -> None:
    made = room()
    child = made.run("print('one'); print('two')")
    assert [child.receive(20), child.receive(20), child.receive(20)] == ["one", "two", None]
    assert child.ended
    assert (child.why, child.reason) == ("", None)
    child.send("too late")
    assert child.receive(20) is None


def test_nothing_in_time_is_not_the_end(room: Callable[..., Any]) -> None:
    made = room()
    assert made.child.receive(0.01) is None
    assert not made.child.ended
    assert made.ask("1") == "1"


def test_of_error_output_the_end_is_kept(room: Callable[..., Any]) -> None:
    made = room(limits=Limits(output=1000))
    flood = "import sys; sys.stderr.write('a' * 30_000_000 + 'the last words'); print('done')"
    child = made.run(flood)
    assert child.receive(60) == "done"
    child.stop()
    assert child.output.endswith("the last words")
    assert len(child.output) == 1000


def test_lines_that_nobody_takes_make_it_wait(room: Callable[..., Any]) -> None:
    made = room()
    child = made.run("import itertools\nfor n in itertools.count(): print(n)")
    assert [child.receive(20) for _ in range(3)] == ["0", "1", "2"]
    # It has been stopped by its full pipe long before it could have told a million numbers.
    child.stop()
    assert child.ended


def test_one_line_without_end_comes_in_pieces(room: Callable[..., Any]) -> None:
    made = room(limits=Limits(line=1000))
    child = made.run("import sys\nwhile True: sys.stdout.write('x' * 100_000)")
    assert child.receive(20) == "x" * 1000
    child.stop()


def test_a_child_that_never_reads_does_not_hold_us(room: Callable[..., Any]) -> None:
    made = room()
    child = made.run("import time; time.sleep(1000)")
    child.send("x" * 60_000)
    child.stop()
    child.send("y")
    assert child.receive(1) is None


def test_a_program_that_is_not_there(room: Callable[..., Any]) -> None:
    made = room()
    with pytest.raises(SandboxError) as raised:
        made.box.start(["no-such-program-here"], env={})
    assert "no-such-program-here could not be started" in raised.value.text("en")
    assert "Не удалось запустить" in raised.value.text("ru")


def test_a_program_that_cannot_run(room: Callable[..., Any], tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/no/such/interpreter\n", encoding="utf-8")
    broken.chmod(0o755)
    made = room()
    child = made.box.start([str(broken)], env={})
    assert child.receive(20) is None
    assert child.ended


def test_what_was_said_before_the_end_is_received(room: Callable[..., Any]) -> None:
    made = room()
    child = made.run("import os; print('last', flush=True); os._exit(3)")
    assert child.receive(20) == "last"


def test_the_scratch_folder_goes_with_the_sandbox(tmp_path: Path) -> None:
    with Sandbox(base=tmp_path) as box:
        folder = box.folder
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_two_sandboxes_side_by_side(room: Callable[..., Any]) -> None:
    one, other = room(), room()
    assert one.box.folder != other.box.folder
    with Running(application, listener=one.box.listener) as running:
        asking = f"urllib.request.urlopen({running.base_url!r}, timeout=5).status"
        assert one.ask(asking) == "200"
        # The same address, another network: there nobody answers yet.
        assert "timed out" in other.ask(asking.replace("timeout=5", "timeout=0.2"))
    assert other.ask("socket.gethostname() != ''") == "True"
