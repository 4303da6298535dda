"""Hostile processes: what they reach for and do not get, in every tier of confinement."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from pe4king_core.proof.sandbox.parts import Part

NAMESPACES = frozenset({Part.USER, Part.NETWORK, Part.PROCESSES, Part.IPC, Part.MOUNTS})
FILES = frozenset({Part.FILES})
TIERS = {
    "all": frozenset[Part](),
    "mounts": FILES,
    "landlock": NAMESPACES,
    "calls": NAMESPACES | {Part.PORTS},
    "process": NAMESPACES | FILES | {Part.CALLS, Part.PRIVILEGES},
}
"""What is left out in each; there is something that holds in all of them."""

REFUSED = ("PermissionError", "OSError", "ConnectionRefusedError", "URLError", "gaierror")


def tiers(*names: str) -> list[ParameterSet]:
    """Each is a process of its own: the quick loop has the full confinement only."""
    marks = {name: () if name == "all" else (pytest.mark.slow,) for name in names}
    return [pytest.param(name, marks=mark) for name, mark in marks.items()]


@pytest.fixture(params=tiers(*sorted(TIERS)))
def tier(request: pytest.FixtureRequest) -> frozenset[Part]:
    return TIERS[request.param]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text("the key", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def other_server() -> Iterator[int]:
    """A server of this machine that is none of the tests' business."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer, args=(server,), daemon=True)
        thread.start()
        yield server.getsockname()[1]


def _answer(server: socket.socket) -> None:
    while True:
        try:
            server.accept()[0].close()
        except OSError:
            return


def test_our_own_server_is_there(room: Callable[..., Any], tier: frozenset[Part]) -> None:
    made = room(without=tier)
    assert made.ask(f"socket.create_connection(('127.0.0.1', {made.port}), 5).close()") == "None"


def test_no_other_server(
    room: Callable[..., Any], tier: frozenset[Part], other_server: int
) -> None:
    made = room(without=tier)
    for address in (("127.0.0.1", other_server), ("192.0.2.1", 80), ("1.1.1.1", 53)):
        answer = made.ask(f"socket.create_connection({address!r}, 5)")
        assert answer.startswith(REFUSED), answer


def test_no_datagram_leaves(room: Callable[..., Any], tier: frozenset[Part]) -> None:
    made = room(without=tier)
    sending = "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))"
    assert made.ask(sending).startswith(REFUSED)
    assert made.ask("socket.getaddrinfo('example.com', 80)").startswith(REFUSED)


def test_no_unix_socket(room: Callable[..., Any], tier: frozenset[Part], tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        made = room(without=tier)
        answer = made.ask(f"socket.socket(socket.AF_UNIX).connect({str(path)!r})")
        assert answer.startswith(REFUSED), answer


def test_nothing_is_written_outside(
    room: Callable[..., Any], tier: frozenset[Part], secret: Path
) -> None:
    made = room(without=tier)
    beside = secret.parent / "new"
    for harm in (
        f"open({str(secret)!r}, 'w')",
        f"open({str(secret)!r}, 'a')",
        f"open({str(beside)!r}, 'x')",
        f"os.truncate({str(secret)!r}, 0)",
        f"os.remove({str(secret)!r})",
        f"os.rename({str(secret)!r}, 'mine')",
        f"os.link({str(secret)!r}, 'mine')",
        f"os.mkdir({str(beside)!r})",
        f"os.symlink('/', {str(beside)!r})",
        "open('/dev/shm/../../tmp/pe4king-was-here', 'w')",
    ):
        assert made.ask(harm).startswith(REFUSED), harm
    assert secret.read_text(encoding="utf-8") == "the key"
    assert not beside.exists()


def test_its_own_folder_can_be_written(room: Callable[..., Any], tier: frozenset[Part]) -> None:
    made = room(without=tier)
    assert made.ask("open('note', 'w').write('mine')") == "4"
    assert made.ask("[os.mkdir('f'), os.rename('note', 'f/note')]") == "[None, None]"
    assert (made.box.project / "f" / "note").read_text(encoding="utf-8") == "mine"
    assert made.ask("__import__('tempfile').mkdtemp()").startswith(f"'{made.box.folder}")
    assert made.ask("open('/dev/null', 'w').write('x')") == "1"


def test_a_link_is_no_way_out(
    room: Callable[..., Any], tier: frozenset[Part], secret: Path
) -> None:
    made = room(without=tier)
    assert made.ask(f"os.symlink({str(secret)!r}, 'way')") == "None"
    assert made.ask("open('way', 'w')").startswith(REFUSED)
    assert secret.read_text(encoding="utf-8") == "the key"


@pytest.mark.parametrize("name", tiers("all", "landlock", "calls", "process"))
def test_secrets_are_not_read(room: Callable[..., Any], name: str, secret: Path) -> None:
    made = room(without=TIERS[name])
    assert made.ask(f"open({str(secret)!r}).read()").startswith(REFUSED)
    assert made.ask("open('/etc/shadow').read()").startswith(("PermissionError", "FileNotFound"))


@pytest.mark.parametrize("name", tiers("all", "mounts", "landlock"))
def test_our_environment_is_not_read(room: Callable[..., Any], name: str) -> None:
    """Not by /proc either, where every process of a user can usually be looked into."""
    made = room(without=TIERS[name])
    answer = made.ask(f"open('/proc/{os.getpid()}/environ').read()")
    assert answer.startswith(("PermissionError", "FileNotFoundError")), answer


@pytest.mark.parametrize("name", tiers("all", "mounts"))
def test_rights_and_times_of_files_stay(room: Callable[..., Any], name: str, secret: Path) -> None:
    made = room(without=TIERS[name])
    before = secret.stat()
    assert made.ask(f"os.chmod({str(secret)!r}, 0o777)").startswith(REFUSED)
    assert made.ask(f"os.utime({str(secret)!r}, (0, 0))").startswith(REFUSED)
    assert (secret.stat().st_mode, secret.stat().st_mtime) == (before.st_mode, before.st_mtime)


@pytest.mark.parametrize("name", tiers("all", "mounts", "landlock"))
def test_our_processes_get_no_signal(room: Callable[..., Any], name: str) -> None:
    made = room(without=TIERS[name])
    answer = made.ask(f"os.kill({os.getpid()}, 0)")
    assert answer.startswith(("PermissionError", "ProcessLookupError")), answer
    made.ask("os.kill(os.getppid(), signal.SIGKILL)")
    made.ask("os.kill(1, signal.SIGKILL)" if name != "landlock" else "1")
    assert made.ask("'still here'") == "'still here'"


@pytest.mark.parametrize("name", tiers("all", "mounts", "landlock"))
def test_root_is_nobody(room: Callable[..., Any], name: str) -> None:
    made = room(without=TIERS[name])
    status = made.ask("open('/proc/self/status').read()")
    assert "CapEff:\\t0000000000000000" in status
    assert "CapBnd:\\t0000000000000000" in status
    assert "NoNewPrivs:\\t1" in status
    for harm in (
        "os.mknod('disk', 0o60600, os.makedev(8, 0))",
        "os.chroot('.')",
        "socket.sethostname('mine')",
        "os.open('/proc/sys/kernel/core_pattern', os.O_WRONLY)",
    ):
        assert made.ask(harm).startswith(REFUSED), harm


@pytest.mark.parametrize("name", tiers("all", "landlock"))
def test_calls_of_the_kernel_that_break_out(room: Callable[..., Any], name: str) -> None:
    made = room(without=TIERS[name])
    calling = "(ctypes.CDLL(None, use_errno=True).syscall({}), errno.errorcode[ctypes.get_errno()])"
    numbers = {"x86_64": (101, 165, 250, 272, 308, 319, 321), "aarch64": (117, 40, 219, 97, 268)}
    for number in (425, 428, *numbers.get(os.uname().machine, ())):
        assert made.ask(calling.format(f"{number}, 0, 0, 0, 0, 0")) == "(-1, 'EPERM')", number
    user_namespace = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
    assert made.ask(calling.format(f"{user_namespace}, 0x10000011, 0, 0, 0, 0")) == "(-1, 'EPERM')"


def test_programs_run_where_the_kernel_holds_them(room: Callable[..., Any]) -> None:
    made = room()
    ran = made.ask("subprocess.run(['sh', '-c', 'echo $HOME'], capture_output=True).stdout")
    assert str(made.box.folder / "home") in ran


def test_programs_do_not_where_only_the_process_checks(room: Callable[..., Any]) -> None:
    made = room(without=TIERS["process"])
    for harm in ("subprocess.run(['true'])", "os.system('true')", "ctypes.CDLL('libc.so.6')"):
        assert made.ask(harm).startswith("PermissionError: not allowed in the sandbox"), harm


def test_what_holds_is_told(room: Callable[..., Any]) -> None:
    told = {name: room(without=without).box.confinement for name, without in TIERS.items()}
    english = {name: " ".join(each.en for each in messages) for name, messages in told.items()}
    assert "one of their own" in english["all"]
    assert "cannot be read" in english["all"]
    assert "can be read" in english["mounts"]
    assert "our server's port only" in english["landlock"]
    assert "inside the process only" in english["calls"]
    assert "inside the process only" in english["process"]
    assert all("Limits: memory, processes" in text for text in english.values())
    assert all(each.ru != each.en for messages in told.values() for each in messages)


def test_nothing_at_all_is_told_too(room: Callable[..., Any]) -> None:
    made = room(without=frozenset(Part))
    assert made.ask("1") == "1"
    english = [each.en for each in made.box.confinement]
    assert "Network: not confined on this machine." in english
    assert "Files: not confined on this machine." in english
    assert "Limits: time only." in english
