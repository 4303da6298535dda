"""A document that ends the child process ends nothing else, and no child outlives its parent."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pe4king_core.errors import DocumentError, UserError
from pe4king_core.openapi.parsing.reading import UnreadableError, read
from pe4king_server.reading.process import (
    JOBS,
    JobError,
    Limits,
    OutdatedError,
    ReaderProcess,
    ReaderUnavailableError,
)

TEST_JOBS = {
    **JOBS,
    "length": "builtins:len",
    "run": "builtins:exec",
    "reserve": "builtins:bytearray",
    "fraction": "fractions:Fraction",
    "process": "os:getpid",
    "missing": "no_such_module:x",
    "append": "collections:deque.append",
    "count": "collections:deque.count",
}
KILL = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
STOP = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"
LIMIT = 20.0

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="signals, and waits for others")

Make = Callable[..., ReaderProcess]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[ReaderProcess] = []

    def build(**limits: float) -> ReaderProcess:
        made.append(ReaderProcess(Limits(**limits), TEST_JOBS))  # type: ignore[arg-type]
        return made[-1]

    yield build
    for process in made:
        process.close()


def failure(process: ReaderProcess, job: str, *arguments: object) -> str:
    """The code of the error, which is a finding like those of core."""
    with pytest.raises(UnreadableError) as caught:
        process.call(job, *arguments)
    error = caught.value
    assert error.message.ru != error.message.en
    assert error.next_step is not None
    assert error.span.start == 0
    return error.code


def wait_for_end(pid: int) -> None:
    """Wait until a process that is not our child has ended."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([descriptor], [], [], LIMIT)[0], f"{pid} still runs"
    finally:
        os.close(descriptor)


def test_documents_are_read_as_here(make: Make) -> None:
    process = make()
    for text in ("openapi: 3.0.3\npaths: {я: [1, 2.5, null]}", '{"a": ["😀"]}', '{"a": "\ud800"}'):
        assert process.call("read", text) == read(text)


@pytest.mark.parametrize("text", ["a: [\n", '{"a": ]', "[\ud800", "[" * 5000])
def test_errors_come_with_all_they_hold(make: Make, text: str) -> None:
    with pytest.raises(UnreadableError) as here:
        read(text)
    with pytest.raises(UnreadableError) as there:
        make().call("read", text)
    assert type(there.value) is type(here.value)
    assert there.value.args == here.value.args
    assert vars(there.value) == vars(here.value)
    assert isinstance(there.value, DocumentError | UserError)


@linux_only
@pytest.mark.parametrize(
    "job",
    [("run", KILL), ("run", "import os; os.abort()"), ("run", "import os; os._exit(0)")],
    ids=["killed", "aborted", "left"],
)
def test_a_child_that_dies_costs_its_text_only(make: Make, job: tuple[str, str]) -> None:
    process = make()
    assert failure(process, *job) == "document-parser-died"
    assert process.call("length", "abc") == 3


@linux_only
def test_what_a_job_leaves_on_its_object_is_there_as_long_as_the_child(make: Make) -> None:
    process = make()
    for _ in range(2):
        process.call("append", "x")
    assert process.call("count", "x") == 2
    assert failure(process, "run", KILL) == "document-parser-died"
    assert process.call("count", "x") == 0


@linux_only
def test_a_child_that_hangs_is_ended(make: Make) -> None:
    process = make(seconds=0.3)
    assert failure(process, "run", STOP) == "document-too-slow"
    assert failure(process, "run", "import time; time.sleep(60)") == "document-too-slow"
    assert process.call("length", "abc") == 3


@linux_only
def test_memory_is_limited(make: Make) -> None:
    process = make()
    before = process.call("process")
    with pytest.raises(UnreadableError) as caught:
        process.call("reserve", 16 << 30)
    assert caught.value.code == "document-too-large"
    assert process.call("process") != before


def test_a_text_is_tried_twice_at_most(make: Make, tmp_path: Path) -> None:
    process = make()
    count = tmp_path / "count"
    deadly = f"open({str(count)!r}, 'a').write('x'); import os; os.abort()"
    for _ in range(4):
        assert failure(process, "run", deadly) == "document-parser-died"
    assert count.read_text() == "xx"
    assert process.call("run", "1") is None


@pytest.mark.parametrize(
    "job",
    [
        (
            "run",
            "import os\nfor each in range(3, 20):\n"
            "    try: os.write(each, b'garbage' * 99)\n    except OSError: pass",
        ),
        ("fraction", 1),
    ],
    ids=["bytes", "a foreign class"],
)
def test_what_is_no_answer_is_not_taken_for_one(make: Make, job: tuple[str, object]) -> None:
    process = make()
    with pytest.raises(UnreadableError) as caught:
        process.call(*job)
    assert caught.value.code == "document-parser-died"
    assert process.call("length", "abc") == 3


def test_what_a_job_prints_or_reads_is_not_the_protocol(make: Make) -> None:
    process = make()
    noisy = "import os, sys; print('x' * 99999); os.write(1, b'y'); assert sys.stdin.read() == ''"
    assert process.call("run", noisy) is None
    assert process.call("length", "abc") == 3


@pytest.mark.parametrize(
    "job", [("missing",), ("length", 5), ("run", "raise SystemExit"), ("run", "raise KeyError(1)")]
)
def test_a_bug_in_a_job_is_told_and_the_child_goes_on(make: Make, job: tuple[str, object]) -> None:
    process = make()
    before = process.call("process")
    with pytest.raises(JobError, match=r"Error|SystemExit"):
        process.call(*job)
    assert process.call("process") == before


@pytest.mark.slow
@linux_only
def test_many_threads_get_their_own_answers(make: Make) -> None:
    process = make()

    def ask(number: int) -> object:
        if number % 50 == 0:
            return failure(process, "run", f"{KILL} # {number}")
        return process.call("length", "x" * number)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(500)))
    died = "document-parser-died"
    assert answers == [died if number % 50 == 0 else number for number in range(500)]


def test_outdated_requests_are_not_sent_and_their_answers_dropped(
    make: Make, tmp_path: Path
) -> None:
    process = make()
    made = tmp_path / "made"
    with pytest.raises(OutdatedError):
        process.call("run", f"open({str(made)!r}, 'w')", wanted=lambda: False)
    assert not made.exists()
    answers = iter((True, False))
    with pytest.raises(OutdatedError):
        process.call("length", "abc", wanted=lambda: next(answers))
    assert process.call("length", "abcd") == 4


@linux_only
def test_one_that_was_ended_while_it_waited_is_replaced(make: Make) -> None:
    process = make()
    pid = process.call("process")
    assert isinstance(pid, int)
    os.kill(pid, 9)
    wait_for_end(pid)
    assert process.call("length", "abc") == 3


def test_a_child_that_read_much_is_replaced(make: Make) -> None:
    process = make(characters=10)
    first = process.call("process")
    assert process.call("length", "x" * 20) == 20
    assert process.call("process") != first


@linux_only
def test_closing_ends_a_running_job(make: Make) -> None:
    process = make()
    pid = process.call("process")
    assert isinstance(pid, int)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(process.call, "run", "import time; time.sleep(60)")
        process.close()
        with pytest.raises(ReaderUnavailableError):
            running.result(LIMIT)
    wait_for_end(pid)
    with pytest.raises(ReaderUnavailableError):
        process.call("length", "abc")


@linux_only
def test_starts_that_fail_are_not_repeated_without_end(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    count = tmp_path / "count"
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\necho x >> {count}\nexit 1\n")
    fake.chmod(0o755)
    real = sys.executable
    process = make(starts=2)
    monkeypatch.setattr(sys, "executable", str(fake))
    for _ in range(5):
        with pytest.raises(ReaderUnavailableError):
            process.call("length", "abc")
    assert count.read_text() == "x\n" * 2
    monkeypatch.setattr(sys, "executable", real)
    process._rests_until = 0.0
    assert process.call("length", "abc") == 3


PARENT = """
import sys, threading
from pe4king_server.reading.process import Limits, ReaderProcess
process = ReaderProcess(Limits(seconds=1), {"run": "builtins:exec"})
threading.Thread(target=process.call, args=("run", sys.argv[1]), daemon=True).start()
sys.stdin.read()
"""


@linux_only
@pytest.mark.parametrize(
    "job",
    [
        pytest.param("", id="idle"),
        pytest.param("import time; time.sleep(60)", id="busy"),
        pytest.param(
            "import ctypes; ctypes.PyDLL(None).sleep(60)",
            id="hanging so that no thread runs",
            marks=pytest.mark.slow,
        ),
    ],
)
@pytest.mark.parametrize("leaves", ["killed", "exits"])
def test_no_child_outlives_its_parent(tmp_path: Path, job: str, leaves: str) -> None:
    told = tmp_path / "told"
    os.mkfifo(told)
    job = f"import os\nwith open({str(told)!r}, 'w') as f: f.write(str(os.getpid()))\n{job}"
    command = [sys.executable, "-c", PARENT, job]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as parent:
        assert parent.stdin is not None
        pid = int(told.read_text())
        if leaves == "killed":
            parent.kill()
        else:
            parent.stdin.close()
        wait_for_end(pid)


def test_the_child_starts_light() -> None:
    script = (
        "import sys; import pe4king_server.reading.child;"
        "heavy = ('pygls', 'lsprotocol', 'fast_yaml', 'asyncio', 'pe4king_core.openapi', 'yaml');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_no_thread_is_left(make: Make) -> None:
    before = threading.active_count()
    process = make()
    process.call("length", "abc")
    process.close()
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(LIMIT)
    assert threading.active_count() <= before
